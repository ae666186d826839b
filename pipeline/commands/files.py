"""The commands that write a corpus, or part of it, as a file: data, or a card to share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pipeline.commands.arguments import Choices, command, options, read_text
from pipeline.commands.subcorpus import PictureStyle, Subcorpus, check_picture, write_picture
from pipeline.core.errors import SettingError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t, t_count
from pipeline.corpus.song import display_name
from pipeline.publish import FORMATS, export_corpus

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.corpus.table import Corpus
    from pipeline.publish.cards import VerseCard


@options()
class WholeLayers(Subcorpus):
    layer: Literal["lyrics", "adlibs", "all"] = "all"


@command()
def export(
    part: WholeLayers, *, format: Annotated[str, Choices("pipeline.publish", "FORMATS")], out: Path | None = None
) -> None:
    """Write a corpus, or part of it, as files for other tools: R, IRaMuTeQ, TXM, spreadsheets, scripts.

    Lyrics and ad-libs, unless --layer says which; only tokens have layers.

    --format: what to write
    --out FILE: output (default: NAME-FORMAT with its extension, in this folder)
    """
    corpus = part.read()
    path = out or Path(f"{part.name}-{format}{FORMATS[format].suffix}")
    export_corpus(corpus, format, path, part.layer)
    songs = t_count("{n} song", "{n} songs", len(corpus.songs))
    print(t("{file} contains {songs} of {corpus}.", file=path, songs=songs, corpus=part.name))


@options("song", "portrait", "text", required=True)
class CardArguments:
    """What a card shows, and how.

    --song TITLE: a song of the corpus, by its title
    --portrait NAME: an artist of the corpus
    --text FILE: a UTF-8 text of your own
    --corpus NAME: a prepared corpus (default demo)
    --artist NAME: artist of the song, when two songs have the same title
    --from-line N: first line of the song (default 1)
    --title: with --text: the title above the lines
    --by: with --text: the author
    --measure: a caption below (default: the rhyme density)
    --address: the text at the foot
    --out FILE: ending in .png or .svg
    """

    song: str | None = None
    portrait: str | None = None
    text: Path | None = None
    corpus: str = DEMO_NAME
    artist: str = ""
    from_line: int = 1
    title: str = ""
    by: str = ""
    measure: str = ""
    address: str = ""
    style: PictureStyle
    out: Path


@command()
def card(args: CardArguments) -> None:
    """Draw a card to share: PNG or SVG, square, story (9:16) or wide.

    A verse: lines of a song of a corpus (--song, at most eight of them) or of a text file of your own (--text). The
    whole song, with its sections and figures (--song --whole). The portrait of an artist (--portrait).
    """
    check_picture(args.out)
    write_picture(_draw_card(args), args.out)


def _draw_card(args: CardArguments) -> str:
    from pipeline.analysis.portrait import portrait
    from pipeline.corpus.prepare import open_corpus
    from pipeline.corpus.table import DEFAULT_LANGUAGES
    from pipeline.publish.cards import draw_portrait

    whole = open_corpus(args.corpus)
    if args.portrait:
        own = portrait(whole.where(languages=DEFAULT_LANGUAGES), _phonetic_table(whole), args.portrait)
        return draw_portrait(own, args.corpus, args.address, args.style.shape, args.style.mode)
    return _draw_verse(args, whole)


def _draw_verse(args: CardArguments, corpus: "Corpus") -> str:
    from dataclasses import replace

    from pipeline.analysis.sound.phonetic_table import pronunciations
    from pipeline.analysis.sound.rhymes import density_text, less_dense_section_share, rhyme_density_of_lines
    from pipeline.publish.cards import VerseCard, draw_verse

    if args.text:
        lines = tuple(read_text(args.text).splitlines())
        if not any(map(str.strip, lines)):
            raise SettingError("{file} contains no lines: give a text of at least one line.", file=args.text)
        card = VerseCard(lines, args.title, args.by, args.measure, "", args.address)
    else:
        card = _verse_card_of_song(corpus, args)
    sounds = pronunciations(corpus)
    if not card.measure:
        density = rhyme_density_of_lines(card.lines, sounds)
        card = replace(
            card, measure=density_text(density, less_dense_section_share(corpus, _phonetic_table(corpus), density))
        )
    return draw_verse(card, sounds, args.style.shape, args.style.mode)


def _phonetic_table(whole: "Corpus") -> "pd.DataFrame":
    """Return how every line of a whole corpus sounds: as it was stored, else transcribed and stored now."""
    from pipeline.analysis.precomputed import precomputed_result_of
    from pipeline.analysis.sound.phonetic_table import pronunciations, transcribe_lines

    stored = precomputed_result_of(transcribe_lines).load(whole)
    return precomputed_result_of(transcribe_lines).store(whole, pronunciations(whole)) if stored is None else stored


def _find_song(corpus: "Corpus", args: CardArguments) -> int:
    songs = corpus.songs[corpus.songs["title"].str.casefold() == (args.song or "").casefold()]
    if args.artist:
        songs = songs[songs["artist"].str.casefold() == args.artist.casefold()]
    if songs.empty:
        raise SettingError("There is no song {title!r} in the corpus {corpus!r}.", title=args.song, corpus=args.corpus)
    return int(songs.index[0])


def _verse_card_of_song(corpus: "Corpus", args: CardArguments) -> "VerseCard":
    import pandas as pd

    from pipeline.publish.cards import MAX_QUOTED_LINES, VerseCard

    song = corpus.songs.loc[_find_song(corpus, args)]
    texts = [text for _, text in corpus.song_lines(int(song.name))]
    start = args.from_line - 1
    if not 0 <= start < len(texts):
        raise SettingError(
            "The song has lines 1 to {last}: there is no line {line}.", last=len(texts), line=args.from_line
        )
    year = "" if pd.isna(song["year"]) else f", {song['year']}"
    title, by = display_name(song["title"]), f"{display_name(song['artist'])}{year}"
    source = f"{title} · {args.corpus}"
    return VerseCard(tuple(texts[start : start + MAX_QUOTED_LINES]), title, by, args.measure, source, args.address)
