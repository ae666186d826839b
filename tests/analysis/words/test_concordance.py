import contextlib
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.variants import lemmatise
from pipeline.analysis.words.concordance import concordance
from pipeline.analysis.words.lexicon import frequency_table
from pipeline.analysis.words.query import find_matches
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.publish.tables import escape_formulas, to_csv, to_parquet
from tests.corpora import make_corpus


@pytest.fixture(scope="module")
def rap():
    lines = (
        Line("J’suis dans la tess (ouais) j'suis calme", ((20, 27),)),
        Line("La meuf, le cœur, la mère"),
        Line("Les meufs du quartier"),
        Line("J'sais pas, dis-le-moi"),
        Line("=cmd la fin"),
    )
    return make_corpus("rap", [Song("T", "A", (Section("couplet", lines),), year=2010)])


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
def test_counts_equal_the_frequency_table(rap, layer):
    for word, count in frequency_table(rap, layer)[["word", "count"]].itertuples(index=False):
        found = concordance(rap, word, layer)
        assert found.total == count
        assert [text.lower().replace("’", "'") for text in found.rows()["match"]] == [word] * count


def test_artists_take_turns():
    lines = (Line("la nuit"), Line("la nuit"), Line("une nuit"))
    songs = [Song(f"t{k}", artist, (Section("couplet", lines),)) for k, artist in enumerate("AB")]
    found = concordance(make_corpus("deux", songs), "nuit", sort="artists").rows()
    assert set(found["artist"][:2]) == set(found["artist"][2:4]) == {"A", "B"}
    assert found["left"][4:].tolist() == ["la ", "la "]  # repeated lines come last


def test_a_lemma_counts_as_the_frequency_table_of_lemmas(rap):
    for word, count in frequency_table(lemmatise(rap))[["word", "count"]].itertuples(index=False):
        assert concordance(rap, f"lemma:{word}").total == count


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("J'suis", ["J’suis", "j'suis"]),
        ("j' su*", ["J’suis", "j'suis"]),
        ("j'su*", ["J’suis", "j'suis"]),
        ("j'*", ["J’suis", "j'suis", "J'sais"]),
        ("meuf?", ["meufs"]),
        ("meuf*", ["meuf", "meufs"]),
        ("meuf|cœur", ["meuf", "cœur"]),
        ("la *", ["la tess", "La meuf", "la mère", "la fin"]),
        ("/[mc].*u.*/", ["meuf", "cœur", "meufs"]),
        ("/./", []),  # one letter
        ("tess j'suis", ["tess (ouais) j'suis"]),  # the ad-lib is another layer: the phrase reads over it
        ("lemma:meuf", ["meuf", "meufs"]),
        ("Lemma:ÊTRE", ["suis", "suis"]),
        ("lemma:sais", ["sais"]),  # no lemma itself, so the forms of its lemma
        ("lemma:je lemma:être", ["J’suis", "j'suis"]),
        ("lemma:j'suis calme", ["j'suis calme"]),
        ("calme la", []),  # not across lines
        ("coeur", []),
        ("<unk>", []),
        ("inconnu", []),
    ],
)  # fmt: skip
def test_queries(rap, query, found):
    assert concordance(rap, query).rows()["match"].tolist() == found


def test_without_accents(rap):
    assert concordance(rap, "coeur", accents=False).total == 1
    assert concordance(rap, "mere", accents=False).total == 1
    assert concordance(rap, "MÈRE", accents=False).total == 1
    assert concordance(rap, "/m.re/", accents=False).total == 1


def test_a_row_reads_as_the_line(rap):
    table = concordance(rap, "cœur").rows()
    row = table.iloc[0]
    assert (row["left"], row["match"], row["right"]) == ("La meuf, le ", "cœur", ", la mère")
    assert row["text"][row["first"] : row["after"]] == "cœur"
    assert (row["title"], row["artist"], row["year"], row["kind"]) == ("T", "A", 2010, "couplet")


def test_sorting_by_words_beside(rap):
    by_right = concordance(rap, "la", sort=[("right", 1)]).rows()
    assert by_right["right"].str.strip().tolist() == [
        "fin", "mère", "meuf, le cœur, la mère", "tess (ouais) j'suis calme",
    ]  # fmt: skip
    by_left = concordance(rap, "la", sort=[("left", 1), ("right", 1)]).rows()
    assert by_left["line"].tolist() == [1, 4, 1, 0]  # nothing before, cmd, cœur, dans
    assert concordance(rap, "la").songs == 1


def test_pages_and_parts(rap):
    found = concordance(rap, "la")
    assert found.rows(1, 3)["line"].tolist() == [1, 1]
    assert found.rows(99).empty
    nothing = rap.where(years=(1900, 1901))
    assert concordance(nothing, "la").rows().empty
    assert len(find_matches(nothing, "la nuit")) == 0


@pytest.mark.parametrize("query", ["", "  ", "!?,", "/", "//", "/[/", "/" + "a" * 400 + "/"])
def test_what_cannot_be_searched_is_said(rap, query):
    if query == "!?,":
        assert concordance(rap, query).total == 0  # ? is one letter
    else:
        with pytest.raises(SettingError):
            concordance(rap, query)


QUERIED = make_corpus("q", [Song("T", "A", (Section("couplet", (Line("j'suis là"),)),))])


@given(st.text(max_size=30))
@pytest.mark.slow
def test_no_query_raises_anything_else(query):
    with contextlib.suppress(SettingError):
        find_matches(QUERIED, query, accents=len(query) % 2 == 0)


def test_a_pattern_that_explodes_is_given_up():
    corpus = make_corpus("q", [Song("T", "A", (Section("couplet", (Line("a" * 40),)),))])
    with pytest.raises(SettingError, match="too long to match"):
        find_matches(corpus, "/(a|aa)+b/")


@pytest.mark.parametrize(
    "unseen",
    ["", " ", "\t", "\r", "\n", "\0", "\x1b", "\u200b", "\ufeff", "\u202e", "\xa0", "\u3000", "\u2060", "\u200b\0 "],
)
@pytest.mark.parametrize("sign", "=+-@＝＋－＠﹦")
def test_a_formula_is_seen_behind_what_nobody_sees(unseen, sign):
    table = pd.DataFrame({f"{unseen}{sign}a": [f"{unseen}{sign}1+1"]})
    safe = escape_formulas(table)
    assert safe.columns[0] == f"'{unseen}{sign}a"
    assert safe.iloc[0, 0] == f"'{unseen}{sign}1+1"
    assert (
        not escape_formulas(pd.DataFrame({"a": [f"{unseen}1{sign}1"]})).iloc[0, 0].startswith("'")
        or unseen[:1] in "\t\r"
    )


def test_export_disarms_formulas():
    table = pd.DataFrame({"word": ["=1+1", "-le", "@x", "+33", " =2", "là"], "score": [-1.5, 2, 3, 4, 5, 6]})
    assert escape_formulas(table)["word"].tolist() == ["'=1+1", "'-le", "'@x", "'+33", "' =2", "là"]
    assert pd.read_csv(io.BytesIO(to_csv(table)))["score"].tolist() == table["score"].tolist()
    assert to_csv(table).startswith(b"\xef\xbb\xbfword,score")
    assert pd.read_parquet(io.BytesIO(to_parquet(table))).equals(table)
    assert table["word"].iloc[0] == "=1+1"


def test_bad_use_in_a_notebook_is_one_sentence(rap) -> None:
    for wrong, says in (
        ({"artists": "Kobalt"}, r"give a list, artists=\['Kobalt'\]"),
        ({"kinds": "refrain"}, "give a list"),
        ({"years": 2010}, "the first and the last"),
        ({"years": (None, 2010)}, "the first and the last"),
        ({"years": ("2000", "2010")}, "the first and the last"),
        ({"songs": 3}, r"give a list, songs=\[3\]"),
        ({"lines": 3}, r"give a list, lines=\[3\]"),
    ):
        with pytest.raises(SettingError, match=says):
            rap.where(**wrong)
    with pytest.raises(SettingError, match="no layer 'lyric'"):
        concordance(rap, "la", layer="lyric")
    assert len(rap) == len(rap.songs)
    assert len(rap.where(songs=rap.songs.index, years=tuple(rap.songs["year"].agg(["min", "max"])))) == len(rap)
    own = rap.lines.index[:1]
    assert rap.where(lines=own).lines.index.tolist() == own.tolist()
    assert len(rap.where(lines=own)) == 1
    assert len(rap.where(lines=[])) == 0
    matches = concordance(rap, "la")
    assert matches.head(1).equals(matches.rows(0, 1))
