"""The names of columns and the text of cells, by their laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.readers.columns import (
    LONGEST_CELL,
    cell_text,
    guess_likely_columns,
    is_shaped_like_lyrics,
    map_fields_by_name,
    read_facets,
    unique_names,
)
from pipeline.corpus.song import FIELDS


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b", "", None])))
def test_names_of_columns_all_differ_and_change_no_more_than_they_must(cells: list[str | None]) -> None:
    names = unique_names(cells)
    assert len({*names}) == len(cells)
    assert unique_names(names) == names
    for at, (cell, name) in enumerate(zip(cells, names, strict=True)):
        assert name == (cell or "") or name.startswith(f"{cell or ''} (")
        assert (name == (cell or "")) == ((cell or "") not in names[:at])


@given(st.permutations(["Paroles", "Titre du morceau", "artistName", "Nom de l'album", "Date de sortie", "genre"]))
def test_the_order_of_columns_changes_no_field(names: list[str]) -> None:
    assert map_fields_by_name(names) == {
        "text": "Paroles",
        "title": "Titre du morceau",
        "artist": "artistName",
        "album": "Nom de l'album",
        "date": "Date de sortie",
    }
    assert map_fields_by_name([*names, "titre", "TITRE"])["title"] in ("Titre du morceau", "titre")
    assert {*map_fields_by_name(names)} < {*FIELDS}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_what_is_nested_in_a_cell_is_read_by_its_name(values: list[int]) -> None:
    assert cell_text([{"name": str(value), "id": 9} for value in values]) == repr([str(value) for value in values])
    assert cell_text({"id": 7, "title": {"name": values[0]}}) == (str(values[0]) if values[0] else "")
    assert [cell_text(empty) for empty in (None, float("nan"), [], {}, {"id": 1})] == [""] * 5


@pytest.mark.parametrize("length", [1, LONGEST_CELL - 1, LONGEST_CELL, LONGEST_CELL + 1, 3 * LONGEST_CELL])
def test_a_facet_is_its_cell_cut_to_the_longest(length: int) -> None:
    facets = read_facets({"mood": " " + "é" * length + " ", "empty": " ", "Unnamed: 0": "3"})
    assert {*facets} == {"mood"}
    assert len(facets["mood"]) == min(length, LONGEST_CELL)
    assert facets["mood"] == "é" * length or (length > LONGEST_CELL and facets["mood"].endswith("é…"))


@given(
    st.lists(st.sampled_from(["la mer", "la fin.", "très " * 30]), max_size=12), st.sampled_from(["\n", "\r\n", "<br>"])
)
def test_lyrics_are_at_least_four_lines_mostly_short_and_mostly_open(lines: list[str], between: str) -> None:
    short, closed = sum(len(line) < 90 for line in lines), sum(line == "la fin." for line in lines)
    expected = len(lines) >= 4 and 5 * short >= 4 * len(lines) and 2 * closed <= len(lines)
    assert is_shaped_like_lyrics(between.join(lines)) == is_shaped_like_lyrics(lines) == expected
    assert is_shaped_like_lyrics(f"{between} {between}".join(lines)) == expected, "blank lines change nothing"


def test_of_columns_of_lyrics_the_longest_is_taken_and_none_from_a_given_one() -> None:
    verse = "la mer\nla rue\nla nuit\nle jour"
    rows = [{"a": verse, "b": f"{verse}\n{verse}", "c": "un mot"}, {"a": None, "b": "", "c": "x"}]
    assert guess_likely_columns(["a", "b", "c"], {}, rows) == {"text": "b"}
    assert guess_likely_columns(["a", "b", "c"], {"lyrics": "c"}, rows) == {"text": "c"}
    assert guess_likely_columns(["a", "b", "c"], {"lyrics": ""}, rows) == {}
