"""Facets: typed by content, kept with the songs, filtered and grouped by. All lyrics are invented."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.counting import line_group_codes, word_counts
from pipeline.analysis.words.structure import repetition_by_group, section_kind_shares
from pipeline.core.errors import SettingError
from pipeline.corpus.facets import BIN_COUNT, FacetKind, facet_groups, facet_value_counts, read_facet
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["True", "False", ""], "boolean", [True, False, None]),
        (["oui", "non", "Oui"], "boolean", [True, False, True]),
        (["0", "1.0", "1"], "boolean", [False, True, True]),
        (["0", "2", "1"], "number", [0, 2, 1]),
        (["1998.0", "", "2004.0"], "number", [1998, None, 2004]),
        (["0,5", "1 500", "-3"], "number", [0.5, 1500, -3]),
        (["1e3", "inf", "2"], "text", ["1e3", "inf", "2"]),
        (["2004-05-01", "2010-12-24", "nan"], "date", ["2004-05-01", "2010-12-24", None]),
        (["01/05/2004", "24/12/2010"], "date", ["2004-05-01", "2010-12-24"]),
        (["amour", "rue", "None"], "text", ["amour", "rue", None]),
        (["12 rue Nord", "13"], "text", ["12 rue Nord", "13"]),
    ],
)
def test_the_kind_of_a_facet_is_read_off_its_cells(cells: list[str], kind: FacetKind, values: list[object]) -> None:
    facet, column = read_facet("x", cells)
    assert facet.kind == kind
    known = [value for value in values if value is not None]
    expected = [pd.Timestamp(str(value)) for value in known] if kind == "date" else known
    assert column.dropna().tolist() == expected
    assert column.isna().tolist() == [value is None for value in values]
    assert (facet.known, facet.unreadable) == (len(known), 0)


def test_one_odd_cell_in_fifty_does_not_make_numbers_text() -> None:
    facet, column = read_facet("views", [*map(str, range(99)), "beaucoup"])
    assert (facet.kind, facet.known, facet.unreadable) == ("number", 99, 1)
    assert column.isna().sum() == 1


@pytest.mark.parametrize("odd", ["0000-01-01", "99999-01-01", "-0044-03-15"])
def test_a_date_of_no_year_that_calendars_know_is_unreadable(odd: str) -> None:
    """Filters by date ask the calendar of Python for the first and the last day."""
    facet, column = read_facet("day", [*["2004-05-01"] * 60, "9999-12-31", odd])
    assert (facet.kind, facet.known, facet.unreadable) == ("date", 61, 1)
    assert column.max().date().year == 9999


@pytest.mark.parametrize(
    ("name", "cells", "key"),
    [
        ("url", ["a", "b"], True),
        ("api_path", ["/songs/1", "/songs/1"], True),
        ("Artistid", ["7", "7", "8"], True),
        ("song_art_image_url", ["x", "x"], True),
        ("songId", ["7", "8"], True),
        ("id", ["1", "1"], True),
        ("summary", [f"le titre {n} d'un album" for n in range(40)], True),  # another for each song
        ("summary", ["le premier", "le second"], False),  # two songs: that may be chance
        ("views", [str(n) for n in range(40)], False),
        ("paid", ["1", "2", "3"], False),
        ("hybrid", ["a", "b", "a"], False),
        ("madrid", ["a", "b", "a"], False),
    ],
)
def test_what_numbers_or_addresses_songs_is_a_key(name: str, cells: list[str], key: bool) -> None:
    assert read_facet(name, cells)[0].is_identifier is key


def test_lists_of_genres_are_filtered_by_each(prepared: Path, tmp_path: Path) -> None:
    lists = ["['rap', 'drill']", "['rap']", '["trap", "rap"]', "['drill']"]
    rows = [{"lyrics": f"La mer {at} est là", "title": f"T{at}", "genres": cell} for at, cell in enumerate(lists)]
    pd.DataFrame(rows).to_csv(tmp_path / "x.csv")
    corpus, _ = prepare(tmp_path / "x.csv", "mine")
    assert [(facet.kind, facet.values) for facet in corpus.facets] == [("list", 3)]
    assert facet_value_counts(corpus.songs["genres"], "list").to_dict() == {"rap": 3, "drill": 2, "trap": 1}
    assert corpus.where(facets={"genres": "drill"}).songs["title"].tolist() == ["T0", "T3"]
    assert corpus.where(facets={"genres": ["drill", "trap"]}).songs["title"].tolist() == ["T0", "T2", "T3"]
    assert line_group_codes(corpus, "genres")[1].tolist() == ["drill", "rap", "trap"]


@pytest.mark.parametrize(
    ("name", "cells", "groups"),
    [
        ("url", [f"https://example.org/{n}" for n in range(40)], False),
        ("views", [str(n) for n in range(40)], True),  # binned
        ("released", [f"2004-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(40)], True),  # by year
        ("topic", [f"thème {n % 20}" for n in range(40)], True),
        ("topic", ["rue", "amour", "argent"], True),  # three songs: few are enough
        ("label", ["le même"] * 40, False),
    ],
)
def test_what_is_another_for_each_song_groups_none(name: str, cells: list[str], groups: bool) -> None:
    assert read_facet(name, cells)[0].is_groupable is groups


def test_numbers_as_large_as_numbers_are_have_short_labels() -> None:
    facet, column = read_facet("views", [*map(str, range(20)), "1e308", "-1e308", "1.7e308"])
    assert facet.kind == "number"
    assert max(map(len, facet_groups(column, facet)[1])) < 30


@pytest.fixture
def corpus_of_a_table(prepared: Path, tmp_path: Path) -> None:
    rows = [
        {"lyrics": f"La mer numéro {at} est là", "title": f"T{at}", "artist": "A",
         "topic": ["rue", "amour", ""][at % 3], "pageviews": at * 10,
         "born_in_france": at % 2 == 0, "out": f"20{at:02}-05-01", "language": "français"}
        for at in range(30)
    ]  # fmt: skip
    path = tmp_path / "songs.csv"
    pd.DataFrame(rows).to_csv(path)
    prepare(path, "mine")


@pytest.mark.usefixtures("corpus_of_a_table")
def test_the_other_columns_of_a_table_are_facets_that_are_saved() -> None:
    corpus = load_corpus("mine")
    assert [(facet.name, facet.kind) for facet in corpus.facets] == [
        ("topic", "text"), ("pageviews", "number"), ("born_in_france", "boolean"), ("out", "date"),
        ("language_2", "text"),
    ]  # fmt: skip
    assert corpus.songs["pageviews"].tolist() == [at * 10 for at in range(30)]


@pytest.mark.usefixtures("corpus_of_a_table")
@pytest.mark.parametrize(
    ("wanted", "songs"),
    [
        ({"topic": "rue"}, 10),
        ({"topic": ["rue", "amour"]}, 20),
        ({"pageviews": (100, 150)}, 6),
        ({"pageviews": (None, 90)}, 10),
        ({"pageviews": "40"}, 1),
        ({"born_in_france": True}, 15),
        ({"born_in_france": "non"}, 15),
        ({"out": ("2010-01-01", "2012-12-31")}, 3),
        ({"topic": "rue", "born_in_france": True}, 5),
    ],
)
def test_songs_are_filtered_by_facets(wanted: dict[str, object], songs: int) -> None:
    part = load_corpus("mine").where(facets=wanted)
    assert len(part.songs) == part.lines["song"].nunique() == songs


@pytest.mark.usefixtures("corpus_of_a_table")
def test_what_is_no_facet_or_no_value_of_it_is_said() -> None:
    corpus = load_corpus("mine")
    with pytest.raises(SettingError, match=r"no facet 'label' .*topic, pageviews"):
        corpus.where(facets={"label": "x"})
    with pytest.raises(SettingError, match="'pageviews' is of type number, and 'much' is not"):
        corpus.where(facets={"pageviews": "much"})
    with pytest.raises(SettingError, match=r"has topic 'rues' \(did you mean 'rue'\?\)"):
        corpus.where(facets={"topic": "rues"})
    with pytest.raises(SettingError, match="grouped by 'label'"):
        line_group_codes(corpus, "label")


@pytest.mark.usefixtures("corpus_of_a_table")
def test_lines_are_grouped_by_facets_numbers_binned() -> None:
    corpus = load_corpus("mine")
    codes, labels = line_group_codes(corpus, "topic")
    assert labels.tolist() == ["amour", "rue"]
    assert [int((codes == at).sum()) for at in (-1, 0, 1)] == [10, 10, 10]
    codes, labels = line_group_codes(corpus, "pageviews")
    assert labels.tolist() == ["0–50", "60–110", "120–170", "180–230", "240–290"]
    assert [int((codes == at).sum()) for at in range(5)] == [6] * 5
    assert line_group_codes(corpus, "born_in_france")[1].tolist() == [False, True]
    assert line_group_codes(corpus, "out")[1].tolist() == list(range(2000, 2030))


def test_other_keys_of_front_matter_are_facets(prepared: Path, tmp_path: Path) -> None:
    for at, city in enumerate(("Lille", "Marseille")):
        (tmp_path / f"{at}.txt").write_text(
            f"---\ntitle: T{at}\nartist: A\ncity: {city}\n---\nLa mer {city}\n", "utf-8"
        )
    corpus, _ = prepare(tmp_path, "mine")
    assert [facet.name for facet in corpus.facets] == ["city"]
    assert corpus.where(facets={"city": "Lille"}).songs["title"].tolist() == ["T0"]


def test_keys_of_json_objects_are_facets(prepared: Path, tmp_path: Path) -> None:
    songs = [{"title": f"T{at}", "lyrics": f"La mer {at}", "views": at, "nested": {"x": 1}} for at in (1, 2)]
    (tmp_path / "songs.json").write_text(json.dumps({"Untel": songs}), "utf-8")
    corpus, _ = prepare(tmp_path, "mine")
    assert [(facet.name, facet.kind) for facet in corpus.facets] == [("views", "number")]


@pytest.mark.usefixtures("corpus_of_a_table")
def test_analyses_group_by_facets() -> None:
    corpus = load_corpus("mine")
    assert repetition_by_group(corpus, "topic")[["topic", "songs"]].values.tolist() == [["amour", 10], ["rue", 10]]
    assert word_counts(corpus, "pageviews")[0].shape[0] == 5
    assert set(section_kind_shares(corpus, "born_in_france")["born_in_france"]) == {False, True}


@given(st.lists(st.one_of(st.none(), st.integers(-999, 999)), min_size=13, max_size=60))
def test_bins_part_numbers_in_order(numbers: list[int | None]) -> None:
    cells = ["" if number is None else f"{number}.5" for number in numbers]
    facet, column = read_facet("views", cells)
    if facet.kind != "number":
        return
    codes, labels = facet_groups(column, facet)
    assert [code < 0 for code in codes] == [number is None for number in numbers]
    values = column.to_numpy(float)
    used = sorted({int(code) for code in codes if code >= 0})
    assert used == list(range(len(labels)))
    assert len(used) <= BIN_COUNT
    bins = [np.unique(values[codes == code]) for code in used]
    assert [f"{own[0]:g}–{own[-1]:g}" for own in bins] == list(labels)
    assert all(below[-1] < above[0] for below, above in pairwise(bins)), "equal numbers share one"
    if len(np.unique(values[codes >= 0])) == (codes >= 0).sum() and used:
        sizes = [(codes == code).sum() for code in used]
        assert max(sizes) - min(sizes) <= 2, "about as many in each"
