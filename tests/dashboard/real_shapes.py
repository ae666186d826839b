"""Corpora of the shapes that real collections have, at any size: built in memory and saved under their names."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from pipeline.corpus.song import UNKNOWN_ARTIST, Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.phones import transcribe_tokens
from pipeline.language.vocabulary import SPECIALS
from tests.corpora import make_corpus, save_corpus

VERSE = (
    "Le soir descend sur la ville et le béton",
    "Je marche et le temps défile à reculons",
    "On reste debout la nuit pour la maison",
    "Tous mes frères sont ici dans la chanson",
    "La rue m'a vu grandir sans un sou vaillant",
    "J'écris des lignes pour ceux qui sont partants",
    "Encore un été sans soleil sur le quai",
    "Les murs de la cité racontent qui j'étais",
)
REFRAIN = tuple(map(Line, ("On tient la nuit", "On tient la vie", "On tient le fil", "Jusqu'à midi")))


def long_song(lines: int = 30_000) -> Iterator[Song]:
    """One song of so many lines: couplets of sixteen with a refrain after each, then one couplet of 2,000."""
    random = Random(1)
    sections, size = list[Section](), 0
    while size < lines - 2_000:
        sections += [couplet(16, random), Section("refrain", REFRAIN)]
        size += 20
    yield Song(
        "Sans fin", "Une voix", (*sections, couplet(lines - size, random)), year=2001, original="la nuit\n" * lines
    )


def many_artists(artists: int = 400, songs: int = 2) -> Iterator[Song]:
    """So many artists, the first of the alphabet the shortest, and songs of nobody; facets; half the kinds inferred."""
    random = Random(2)
    for at in range(artists):
        name = f"Artiste {at:03}" if at % 20 else UNKNOWN_ARTIST
        for number in range(songs):
            sections = (couplet(8 + at // 16, random), Section("refrain", REFRAIN))
            if at % 2:
                sections = tuple(replace(section, inferred=True, certainty=0.7) for section in sections)
            facets = {
                "Songid": str(100_000 + at * 2 + number),
                "topic": ("amour", "argent", "rue")[at % 3],
                "views": str(at * 37 + number),
                "born_in_france": str(at % 5 > 0),
                "released": f"{1990 + at % 30}-06-0{1 + number}",
            }
            yield Song(
                f"Titre {at}-{number}", name, sections, year=1990 + at % 30, facets=facets,
                extent="pseudo" if at % 40 == 1 else "given",
            )  # fmt: skip


def many_songs(songs: int = 14_000) -> Iterator[Song]:
    """So many songs of four lines, of sixty artists."""
    random = Random(3)
    for at in range(songs):
        yield Song(f"Titre {at}", f"Voix {at % 60:02}", (couplet(4, random),), year=1990 + at % 30)


def couplet(lines: int, random: Random) -> Section:
    """A couplet whose lines are all a little different."""
    words = [f"mot{random.randrange(2_000)}" for _ in range(lines)]
    return Section("couplet", tuple(Line(f"{random.choice(VERSE)} {word}") for word in words))


SHAPES: dict[str, Callable[[], Iterator[Song]]] = {
    "long-song": long_song,
    "many-artists": many_artists,
    "many-songs": many_songs,
}


def save_shape(name: str) -> Corpus:
    """Prepare a corpus of a shape under its name, in the folder of the moment."""
    songs = list(SHAPES[name]())
    corpus = make_corpus(name, songs)
    save_corpus(
        corpus,
        originals=[song.original for song in songs],
        pronunciations=transcribe_tokens(corpus.vocabulary.index2word[len(SPECIALS) :]),
    )
    return corpus
