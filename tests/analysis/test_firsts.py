"""What stands first, on invented songs with each trap planted: who looks at them by eye would fall into each."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from dashboard.queries.words import collocation_pairs, lines_of_couplets
from pipeline.analysis.findings import striking_findings
from pipeline.analysis.firsts import (
    best_rhymed_couplet,
    blank_final_fillers,
    couplets_fit_for_display,
    drop_line_variants,
    first_artist_named_by_source,
    is_meaningful_line,
    meaningful_phrase_mask,
    meaningful_word_mask,
    shuffle_across_artists,
)
from pipeline.analysis.portrait import artist_portrait, favourite_rhymes
from pipeline.analysis.sound.phonetic_table import phonetic_table
from pipeline.analysis.words.tone import lines_by_tone
from pipeline.corpus.song import UNKNOWN_ARTIST, Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.phones import transcribe_tokens
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS
from tests.corpora import make_corpus, save_corpus

GOOD = (
    "Le soir descend sur la ville et le béton", "La pluie ruisselle le long de la maison",
    "Mon frère écrit dans un vieux cahier rouge", "Devant la porte une ombre noire bouge",
    "La lune éclaire un navire sur le port", "Un marin chante et la tempête dort",
    "Ma mère prépare le repas du dimanche", "Le jardin brille et la neige est blanche",
)  # fmt: skip
LOOSE = tuple(f"{line.rsplit(' ', 1)[0]} {end}" for line, end in zip(
    GOOD, ("table", "rideau", "cuisine", "boulot", "camion", "fenêtre", "copain", "bus"), strict=True
))  # fmt: skip
ENGLISH = (
    "When the sun goes down on the block where I'm from", "We was living in the city with the dust on the drum",
    "I been walking with my brothers through the night", "They was talking to the people but they never did right",
    "You can see it in the water when the moon is on the lake", "All the money that they gave us they would take",
    "And the children in the window they was waiting for the day", "But the morning never found them on the way",
)  # fmt: skip


def couplet(lines: Sequence[str], performers: tuple[str, ...] = (), **about: object) -> Section:
    return Section("couplet", tuple(map(Line, lines)), performers=performers, **about)  # type: ignore[arg-type]


def song(title: str, *sections: Section, artist: str = "Aube", **about: object) -> Song:
    return Song(title, artist, sections, **about)  # type: ignore[arg-type]


def saved(name: str, songs: Sequence[Song]) -> Corpus:
    corpus = make_corpus(name, songs)
    words = corpus.vocabulary.index2word
    save_corpus(corpus, pronunciations=transcribe_tokens(["" if word in SPECIALS else word for word in words]))
    return corpus


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path))


TRAPS = {
    "a line said four times": couplet((GOOD[0], GOOD[1]) * 4),
    "another voice": couplet(GOOD, performers=("Crue",)),
    "English that passes as French": couplet(ENGLISH),
    "another language": couplet(ENGLISH, language="en"),
    "too short": couplet(GOOD[:4]),
    "cries": couplet([f"Aah ooh woo brrr lalala aah {end}" for end in "abcdefgh"]),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_couplet_in_front_is_none_of_the_traps(trap: str) -> None:
    """The artist is named as a performer somewhere, so that other names are other voices."""
    own = couplet(LOOSE, performers=("Aube",))
    corpus = saved("traps", [song("Piège", TRAPS[trap], featuring="Crue"), song("Sienne", own)])
    assert best_rhymed_couplet(corpus, phonetic_table(corpus))["text"].tolist() == list(LOOSE)


def test_a_couplet_of_nobody_named_and_a_guessed_kind_come_last() -> None:
    nobody = song("De personne", couplet(GOOD), artist=UNKNOWN_ARTIST)
    guessed = song("Devinée", couplet(GOOD, inferred=True, certainty=0.7))
    stretch = song("Morceau d'un fichier", couplet(GOOD), extent="pseudo")
    corpus = make_corpus("named", [nobody, guessed, stretch, song("Sienne", couplet(LOOSE))])
    assert corpus.songs.loc[couplets_fit_for_display(corpus)["song"], "title"].tolist() == ["Sienne"]
    alone = make_corpus("guessed", [guessed])
    assert len(couplets_fit_for_display(alone)) == 1, "where there is no other it may stand"


def test_the_couplet_whose_ends_rhyme_comes_before_others_and_tags_are_no_rhyme() -> None:
    tagged = couplet([f"{line} {'ouais' if at % 2 else 'hein'}" for at, line in enumerate(LOOSE)])
    own_tag = couplet([f"{line} zbeul" if at % 4 else line for at, line in enumerate(LOOSE)])
    corpus = saved("rhymes", [song("Tags", tagged), song("Manie", own_tag), song("Rimes", couplet(GOOD))])
    assert best_rhymed_couplet(corpus, phonetic_table(corpus))["title"].unique().tolist() == ["Rimes"]


def test_words_that_say_something() -> None:
    corpus = make_corpus("words", [song("x", couplet(GOOD), artist=name) for name in ("Kobalt", "La Rue")])
    words = ["nuit", "dans", "kobalt", "rue", "lalala", "brrr", "aah", "ouais", "trois", "maman"]
    assert [word for word, tells in zip(words, meaningful_word_mask(words, corpus), strict=True) if tells] == [
        "nuit", "rue", "maman",
    ]  # fmt: skip
    own = corpus.where(artists=["La Rue"])
    assert not meaningful_word_mask(["rue"], own).any(), "a name is no word of its own artist"
    assert not meaningful_word_mask(["rue"], corpus, ["La Rue"]).any(), "nor where the artist is compared"


def test_tags_behind_a_rhyme_are_blanked_and_a_line_of_tags_stays() -> None:
    lines = ["J'suis avec les dockers, ouais", "Ouais ouais", "Sur le port (hein)", "Avec les rockers, hein pute"]
    blanked = blank_final_fillers(lines)
    assert [line.rstrip() for line in blanked] == ["J'suis avec les dockers,", *lines[1:3], "Avec les rockers,"]
    assert list(map(len, blanked)) == list(map(len, lines))
    own = [f"{line} zbeul" for line in GOOD[:4]] + list(GOOD[4:])
    assert [line.rstrip() for line in blank_final_fillers(own)] == list(GOOD), "half of the lines end on it"
    assert blank_final_fillers(GOOD[:2] * 2) == list(GOOD[:2] * 2), "two lines that end alike are a refrain"


def test_phrases_that_say_something() -> None:
    corpus = make_corpus("phrases", [song("x", couplet(GOOD), artist=name) for name in ("Kobalt", "Aube")])
    phrases = ["c' est l'", "dans la rue", "ouais ouais ouais", "kobalt est là", "l' air d'", "au bout du"]
    assert meaningful_phrase_mask(phrases, corpus).tolist() == [False, True, *[False] * 4]


def test_words_that_are_mostly_repeated_are_no_phrase() -> None:
    lines = ["Dum da dum da dum da", "Dum da dum da, la rue", "Face à face dans la rue", "De face, à l'angle"] * 2
    corpus = make_corpus("cris", [song("x", couplet(lines))])
    assert meaningful_phrase_mask(["da dum da", "dum da dum", "face à face"], corpus).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        (GOOD[0], True), ("ça fait bang bang bang", False), ("c'est l'", False), (ENGLISH[0], False),
        ("Kobalt, Kobalt, Kobalt", False),
    ],
)  # fmt: skip
def test_lines_that_say_something(line: str, tells: bool) -> None:
    corpus = make_corpus("lines", [song("x", couplet(GOOD), artist=name) for name in ("Kobalt", "Aube")])
    assert is_meaningful_line(line, corpus) == tells


def test_a_list_is_drawn_over_artists_each_line_once_first() -> None:
    """Aube has five lines, of which one thrice; Brume two, one of them Aube's; Crue two."""
    lines = {"Aube": [GOOD[0], GOOD[1], GOOD[0], GOOD[0], GOOD[2]], "Brume": [GOOD[3], GOOD[0]], "Crue": GOOD[4:6]}
    corpus = make_corpus("list", [song(name, couplet(own), artist=name) for name, own in lines.items()])
    rows = shuffle_across_artists(np.arange(9), corpus)
    assert sorted(rows) == list(range(9))
    texts = corpus.texts.to_numpy()[rows].tolist()
    artists = corpus.songs["artist"].loc[corpus.lines["song"].iloc[rows]].tolist()
    assert set(artists[:3]) == set(lines)
    assert texts[-3:] == [GOOD[0]] * 3
    assert shuffle_across_artists(np.arange(9), corpus).tolist() == rows.tolist()


def test_couplets_of_a_length_come_whole_and_those_of_all_artists_in_turn() -> None:
    songs = [
        song(f"{name} {i}", couplet(GOOD[:4]), couplet(GOOD), artist=name) for name in ("Aube", "Brume") for i in "12"
    ]
    corpus = make_corpus("couplets", songs)
    ids = lines_of_couplets(corpus, 3, 5)
    assert sorted(corpus.texts_of(ids[:4])) == sorted(GOOD[:4])
    assert np.diff(ids.reshape(4, 4)).tolist() == [[1, 1, 1]] * 4
    artists = corpus.songs["artist"].loc[corpus.lines.loc[ids[::4], "song"]].tolist()
    assert set(artists[:2]) == set(artists[2:]) == {"Aube", "Brume"}
    assert len(lines_of_couplets(corpus, 5, 7)) == 0
    assert len(lines_of_couplets(corpus, 4, 4, "adlibs")) == 0, "a line without a word of the layer is none"


def test_an_artist_whom_a_source_names_comes_first() -> None:
    corpus = make_corpus(
        "artists", [song("x", couplet(GOOD), artist="UNTEL", artist_origin="inferred"), song("y", couplet(GOOD))]
    )
    assert first_artist_named_by_source(corpus, ["UNTEL", "Aube"]) == "Aube"
    assert first_artist_named_by_source(corpus, ["UNTEL"]) == "UNTEL"


def six_songs() -> list[Song]:
    return [song(f"Titre {at}", couplet(GOOD if at % 2 else LOOSE)) for at in range(6)]


def four_hundred_artists() -> list[Song]:
    return [song(f"Titre {at}", couplet(GOOD), artist=f"Voix {at}", year=1990 + at % 30) for at in range(400)]


def tenth_in_english() -> list[Song]:
    return [
        song(f"Titre {at}", couplet(GOOD if at % 10 else ENGLISH), artist=f"Voix {at % 3}", year=2000 + at % 9)
        for at in range(60)
    ]


SHAPES = {"six-songs": six_songs, "artists": four_hundred_artists, "english": tenth_in_english}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_something_in_front(shape: str) -> None:
    corpus = saved(shape, SHAPES[shape]())
    table = phonetic_table(corpus)
    assert set(best_rhymed_couplet(corpus, table)["text"]) == set(GOOD)
    found = striking_findings(corpus, table)
    assert found, "a small corpus has findings too"
    said = pd.Series([str(value) for each in found for value in each.values.values()])
    assert not said.isin(ENGLISH).any()
    artist = corpus.songs["artist"].iloc[0]
    assert artist_portrait(corpus, table, artist).artist == artist


TRAP_LINES = ("Belle papa belle papa belle papa belle", "Bang bang bang bang", "Aah lalala aah lalala aah lalala")
TRAP_ENDS = ("Je chante le soir oh", "Je chante la nuit wo", "Mon frère danse ho", "Ma mère attend wow")


def first_by_tone(corpus: Corpus) -> str:
    return lines_by_tone(corpus)["text"].iloc[0]


def first_pair(corpus: Corpus) -> str:
    return collocation_pairs(corpus, "lyrics", 2)["phrase"].iloc[0]


def first_rhyme(corpus: Corpus) -> str:
    return " ".join(favourite_rhymes(corpus, phonetic_table(corpus), 1)["examples"].iloc[0])


@pytest.mark.parametrize("first", [first_by_tone, first_pair, first_rhyme])
def test_lists_open_on_no_cry_and_no_repeated_word(first: Callable[[Corpus], str]) -> None:
    lines = (*GOOD, *TRAP_LINES, *TRAP_ENDS, "La lune est belle sur le jardin")
    corpus = saved("lists", [song(f"Titre {at}", couplet(lines), year=2000 + at) for at in range(6)])
    words = tokenise(first(corpus))
    assert len(set(words)) > 1
    assert not {"bang", "aah", "lalala", "papa", "oh", "wo", "ho", "wow"} & set(words)


def test_of_the_variants_of_a_line_the_first_is_listed() -> None:
    texts = [
        "Un récure chez nous, ouvert passes, « et que c'était beau, nom de nom »",
        "Un arrive chez nous, quinze passes, « et que c'était beau, nom de nom »",
        "Ta mère est belle et ton père est fier",
        "C'est pas moi",
        "C'est pas toi",
    ]
    assert drop_line_variants(pd.DataFrame({"text": texts}))["text"].tolist() == [texts[0], *texts[2:4]]
    assert drop_line_variants(pd.DataFrame({"text": texts[:0]})).empty
