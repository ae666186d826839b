from collections import Counter

import pytest

from pipeline.analysis.words.structure import (
    couplet_length_distribution,
    mean_sections_of_forms,
    repetition_by_group,
    section_kind_shares,
    section_table,
    song_forms,
    song_repetition,
    song_self_similarity,
    songs_of_form,
    songs_with_single_line_sections,
)
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def test_songs_whose_stanzas_are_unknown():
    def song(*lengths: int) -> Song:
        return Song("t", "a", tuple(Section("couplet", tuple(Line(f"mot {n}") for n in range(k))) for k in lengths))

    songs = [song(1, 1, 1, 8), song(1, 1, 8, 8), song(1, 1, 1), song(4, 4, 4, 4), song(1, 1, 1, 1, 1)]
    corpus = make_corpus("one", songs)
    assert songs_with_single_line_sections(corpus).tolist() == [0, 4]
    assert songs_with_single_line_sections(corpus.where(songs=[])).tolist() == []


def test_sections_as_bars(corpus):
    table = section_table(corpus)
    assert table["kind"].tolist() == ["couplet", "refrain", "couplet", "outro"]
    assert table["lines"].tolist() == [2, 1, 1, 1]
    assert section_table(corpus, layer="all")["lines"].sum() == len(corpus.lines), "sections partition the lines"
    assert table["words"].tolist() == [8, 4, 4, 1]
    assert table["first_line"].tolist() == [0, 2, 0, 0]
    assert table["title"].tolist() == ["Une", "Une", "Deux", "Trois"]


def test_lengths_of_couplets(corpus):
    assert couplet_length_distribution(corpus)["sections"].tolist() == [1, 1]


def test_refrain_share(corpus):
    table = section_kind_shares(corpus).set_index("kind")
    assert table.loc["refrain", "line_share"] == pytest.approx(1 / 5)
    assert table.loc["refrain", "word_share"] == pytest.approx(4 / 17)
    assert table["words"].sum() == 17
    aube = section_kind_shares(corpus, "artist").set_index(["artist", "kind"]).loc[("Aube", "refrain")]
    assert aube[["songs", "lines", "line_share"]].tolist() == [1, 1, pytest.approx(1 / 3)]


def test_forms(corpus):
    table = song_forms(corpus)
    assert table["form"].tolist() == ["couplet", "couplet – refrain", "outro"]
    assert table["share"].sum() == pytest.approx(1)
    assert table["example"].tolist() == ["Deux", "Une", "Trois"]


def test_songs_of_a_form_are_listed_with_artists_in_turn():
    verse, hook = Section("couplet", (Line("la nuit"),)), Section("refrain", (Line("encore"),))
    built = [("A", (verse, hook)), ("A", (verse,)), ("A", (verse,)), ("B", (verse,))]
    corpus = make_corpus("forms", [Song(str(n), artist, sections) for n, (artist, sections) in enumerate(built)])
    assert corpus.songs["title"].loc[songs_of_form(corpus, "couplet")].tolist() == ["1", "3", "2"]
    assert corpus.songs["title"].loc[songs_of_form(corpus, "couplet – refrain")].tolist() == ["0"]


def test_a_form_has_the_mean_lines_of_its_sections():
    verses = [Section("couplet", (Line("la nuit"),) * lines) for lines in (2, 4)]
    hook = Section("refrain", (Line("encore"),))
    corpus = make_corpus("means", [Song(str(n), "A", (verse, hook)) for n, verse in enumerate(verses)])
    table = mean_sections_of_forms(corpus, ["couplet – refrain"])
    assert table[["place", "kind", "lines", "first_line"]].to_numpy().tolist() == [
        [0, "couplet", 3, 0],
        [1, "refrain", 1, 3],
    ]
    assert mean_sections_of_forms(corpus, ["outro"]).empty


@pytest.fixture(scope="module")
def refrains():
    hook = (Line("encore une nuit"), Line("encore une vie"))
    sections = (Section("refrain", hook), Section("couplet", (Line("rien à dire"),)), Section("refrain", hook))
    return make_corpus("r", [Song(str(k), "A", sections, year=2000) for k in range(3)])


def test_repeated_words(refrains):
    table = song_repetition(refrains)
    # 15 words, the second refrain's 6 stood before
    assert table["repetition"].tolist() == [pytest.approx(6 / 15)] * 3
    assert table["repeated_lines"].tolist() == [2, 2, 2]
    assert repetition_by_group(refrains)[["songs", "words", "repetition", "low", "high"]].values.tolist() == [
        [3, 45, pytest.approx(0.4), pytest.approx(0.4), pytest.approx(0.4)]
    ]
    assert repetition_by_group(refrains, "year")["year"].tolist() == [2000]


def test_pictures_of_a_song(refrains):
    alike, lines = song_self_similarity(refrains, 1)
    assert lines == 1
    assert alike[0].tolist() == [1, pytest.approx(4 / 6), 0, 1, pytest.approx(4 / 6)]
    lines = (Line("na na na"), Line("na na"))
    alike, _ = song_self_similarity(make_corpus("na", [Song("Na", "A", (Section("refrain", lines),))]), 0)
    assert alike.tolist() == [
        [1, pytest.approx(4 / 5)],
        [pytest.approx(4 / 5), 1],
    ]  # a word has as many in common as the fewer hold
    with pytest.raises(SettingError):
        song_self_similarity(refrains, 9)


def test_a_picture_of_stretches_is_of_the_lines_that_they_share(refrains):
    """Bags of whole lines, 2 x lines in common / lines of both, counted here one by one."""
    texts = refrains.texts[refrains.lines["song"] == 1].str.lower().tolist()
    found, lines = song_self_similarity(refrains, 1, cells=3)
    assert lines == 2
    bags = [Counter(texts[at : at + 2]) for at in range(0, len(texts), 2)]
    assert found.tolist() == [
        [pytest.approx(2 * (a & b).total() / (a.total() + b.total())) for b in bags] for a in bags
    ]


def test_nothing(corpus):
    nothing = corpus.where(years=(1900, 1901))
    assert section_table(nothing).empty
    assert section_kind_shares(nothing).empty
    assert song_forms(nothing).empty
    assert song_repetition(nothing).empty
    word = make_corpus("word", [Song("t", "a", (Section("couplet", (Line("Nuit"),)),))])
    assert song_repetition(word)["repetition"].tolist() == [0]
    assert repetition_by_group(nothing).empty
    assert couplet_length_distribution(nothing)["sections"].sum() == 0
