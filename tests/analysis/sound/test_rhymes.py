"""The measures of sound, by hand on a few lines."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.sound import rhymes
from pipeline.analysis.sound.phonetic_table import (
    PHONETIC_COLUMNS,
    transcribe_lines,
    vowel_counts,
    vowel_frequencies,
)
from pipeline.analysis.sound.rhymes import (
    rhyme_density_of_lines,
    rhyme_density_sentence,
    scheme_frequencies,
    share_of_sections_below_density,
)
from pipeline.corpus.layers import corpus_pronunciations
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import quatrain_patterns
from tests.corpora import make_corpus


def song(title: str, artist: str, year: int | None, *sections: tuple[str, list[str]]) -> Song:
    """A song of (kind, lines)."""
    parts = tuple(Section(kind, tuple(map(Line, lines))) for kind, lines in sections)  # type: ignore[arg-type]
    return Song(title, artist, parts, year=year)


QUATRAIN = ["J'ai pas le temps", "Mais va devant", "Hier la rue", "Encore perdu"]


@pytest.fixture(scope="module")
def sung() -> Corpus:
    """Two artists; the first sings one quatrain twice."""
    return make_corpus(
        "sung",
        [
            song("Un", "Aube", 2001, ("couplet", QUATRAIN), ("refrain", ["La nuit", "La nuit"])),
            song("Deux", "Aube", 2002, ("couplet", QUATRAIN)),
            song("Trois", "Brume", None, ("couplet", ["La porte", "Le soleil"])),
        ],
    )


@pytest.fixture(scope="module")
def pronunciations(sung: Corpus) -> Pronunciations:
    return corpus_pronunciations(sung)


@pytest.fixture(scope="module")
def sounds(sung: Corpus, pronunciations: Pronunciations) -> pd.DataFrame:
    return transcribe_lines(sung, pronunciations)


def test_lines(sung: Corpus, sounds: pd.DataFrame) -> None:
    assert tuple(sounds.columns) == PHONETIC_COLUMNS
    assert sounds.index.equals(sung.lines.index)
    assert sounds["spoken"].tolist()[:4] == [4, 4, 3, 4]  # j'ai pas le temps · mais va devant: 4 · hier la rue
    assert sounds["key"].tolist()[:4] == ["ɑ̃", "ɑ̃", "y", "y"]
    assert sounds["group"].tolist()[:6] == [0, 0, 1, 1, -1, -1]  # the refrain repeats its word
    assert sounds["rhymed_syllables"].tolist()[:4] == [4, 4, 1, 1]  # e-a-ə-ɑ̃ twice; a-y against e-y: rue, perdu
    assert sounds["longest"].tolist()[:4] == [4, 4, 1, 1]


def test_rhyme_by_artist(sung: Corpus, sounds: pd.DataFrame) -> None:
    table = rhymes.rhyme_table(sung, sounds).set_index("artist")
    assert table.loc["Aube", "lines"] == 10
    assert table.loc["Aube", "rhymed_lines"] == pytest.approx(8 / 10)
    assert table.loc["Aube", "density"] == pytest.approx(20 / (15 + 4 + 15))  # 10 a quatrain of 15; 4 in the refrain
    assert table.loc["Aube", "longest"] == 4
    assert math.isnan(table.loc["Aube", "density_low"])  # two songs give no interval
    assert table.loc["Brume", "density"] == 0


def test_assonance_by_artist() -> None:
    corpus = make_corpus(
        "hollow", [song("Un", "Aube", 2001, ("couplet", ["dans l'ombre", "le monde", "la nuit", "là"]))]
    )
    table = transcribe_lines(corpus, corpus_pronunciations(corpus))
    assert table["group"].tolist() == [-1] * 4
    assert table["assonance"].tolist() == [0, 0, -1, -1]
    row = rhymes.rhyme_table(corpus, table).iloc[0]
    assert (row["rhymed_lines"], row["assonant_lines"]) == (0, 0.5)
    assert (row["density"], row["assonant_density"]) == (0, pytest.approx(2 / 7))  # dans l'ombre, le monde, la nuit, là
    assert scheme_frequencies(corpus, table)["scheme"].tolist() == ["XXXX"]
    assert scheme_frequencies(corpus, table, assonance=True)["scheme"].tolist() == ["AAXX"]


def test_unknown_years_are_left_out(sung: Corpus, sounds: pd.DataFrame) -> None:
    assert rhymes.rhyme_table(sung, sounds, "year")["year"].tolist() == [2001, 2002]
    assert rhymes.rhyme_table(sung, sounds, "kind")["kind"].tolist() == ["couplet", "refrain"]
    assert len(rhymes.rhyme_table(sung, sounds, "song")) == 3


def test_a_part_uses_the_same_table(sung: Corpus, sounds: pd.DataFrame) -> None:
    part = sung.where(artists=["Brume"])
    assert rhymes.syllable_table(part, sounds)["lines"].tolist() == [2]


def test_kinds_of_one_song_are_groups(sung: Corpus, sounds: pd.DataFrame) -> None:
    table = rhymes.rhyme_table(sung.where(songs=[0]), sounds, "kind").set_index("kind")
    assert table["songs"].to_dict() == {"couplet": 1, "refrain": 1}
    assert table["lines"].to_dict() == {"couplet": 4, "refrain": 2}


def test_syllables(sung: Corpus, sounds: pd.DataFrame) -> None:
    row = rhymes.syllable_table(sung.where(songs=[1]), sounds).iloc[0]
    assert (row["lines"], row["syllables"], row["mean"]) == (4, 15, 3.75)
    spread = rhymes.syllable_distribution(sung.where(songs=[1]), sounds)
    assert spread["lines"].tolist() == [0, 0, 1, 3]


def test_schemes(sung: Corpus, sounds: pd.DataFrame) -> None:
    table = scheme_frequencies(sung, sounds)
    assert table.to_dict("records") == [{"scheme": "AABB", "quatrains": 2, "share": 1.0}]
    assert rhymes.lines_with_longest_rhymes(sung, sounds, 1)["text"].tolist() == ["J'ai pas le temps"]


def scheme_frequencies_read_line_by_line(corpus: Corpus, sounds: pd.DataFrame) -> Counter[str]:
    """`scheme_frequencies` as it is defined: section after section, block after block."""
    patterns = Counter[str]()
    for _, lines in corpus.lines.groupby("section"):
        ends = [(sounds.loc[line, "group"], sounds.loc[line, "spoken"]) for line in lines.index]
        patterns.update(quatrain_patterns([None if group < 0 else group for group, spoken in ends if spoken > 0]))
    return patterns


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2)), min_size=10, max_size=10))
def test_schemes_are_those_read_line_by_line(sung: Corpus, lines: list[tuple[int, int]]) -> None:
    ends = pd.DataFrame([*lines, *lines], columns=["group", "spoken"]).loc[: len(sung.lines) - 1]
    table = scheme_frequencies(sung, ends.set_axis(sung.lines.index))
    expected = scheme_frequencies_read_line_by_line(sung, ends.set_axis(sung.lines.index))
    assert dict(zip(table["scheme"], table["quatrains"], strict=True)) == expected


def test_vowels(sung: Corpus, pronunciations: Pronunciations) -> None:
    table = vowel_frequencies(sung.where(artists=["Brume"]), vowel_counts(sung, pronunciations)).set_index("vowel")
    assert table["count"].sum() == 5  # a ɔ ə ɔ ɛ
    assert table.loc["ɔ", "share"] == pytest.approx(2 / 5)
    assert table["share"].is_monotonic_decreasing
    assert table["share"].sum() == pytest.approx(1)


def test_sections_of_four_lines_or_more_are_compared() -> None:
    """Densities 0, 1/2 and 1; one of two lines does not count."""
    sections = tuple(Section("couplet", tuple(Line(f"mot {n}") for n in range(size))) for size in (4, 4, 5, 2))
    corpus = make_corpus("mine", [Song("Une", "Aube", sections)])
    rhymed = [0] * 4 + [1] * 4 + [2] * 5 + [2] * 2
    table = pd.DataFrame({"rhymed_syllables": rhymed, "vowels": 2}, index=corpus.lines.index)
    assert [share_of_sections_below_density(corpus, table, density) for density in (0, 0.5, 0.6, 1.1)] == [
        0,
        1 / 3,
        2 / 3,
        1,
    ]
    assert np.isnan(share_of_sections_below_density(corpus.where(songs=[]), table, 0.5))


def test_the_measure_of_lines_that_rhyme() -> None:
    assert rhyme_density_of_lines(["Dans la maison", "T'as pas raison"], Pronunciations()) > 0
    assert rhyme_density_of_lines(["Rien"], Pronunciations()) == 0
    assert rhyme_density_sentence(0.5, float("nan")) == ""
