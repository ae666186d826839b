"""Which column holds which field: by its name in any spelling, else by the shape of its cells."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.facets import LONGEST_CELL
from pipeline.corpus.readers.columns import (
    SPELLINGS,
    cell_text,
    guess_columns,
    guess_likely_columns,
    is_shaped_like_lyrics,
    is_unnamed,
    map_fields_by_name,
    read_facets,
    strip_part_number,
    unique_names,
)

VERSE, PROSE = "La mer\nElle attend\nLa nuit\nLe vent", "Un album sombre, sans un mot de trop."


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "b", None, ""])))
def test_names_that_come_again_get_the_next_free_number(cells: list[str | None]) -> None:
    names = unique_names(cells)
    assert len(set(names)) == len(names) == len(cells)
    for at, (name, cell) in enumerate(zip(names, cells, strict=True)):
        spellings = [cell or "", *(f"{cell or ''} ({number})" for number in range(2, len(cells) + 2))]
        assert name == next(spelling for spelling in spellings if spelling not in names[:at])


@pytest.mark.parametrize("field", SPELLINGS)
def test_a_field_is_found_in_each_spelling_and_the_likeliest_and_first_is_taken(field: str) -> None:
    spellings = SPELLINGS[field]
    for name in spellings:
        words = name.split("_")
        camel = words[0] + "".join(map(str.capitalize, words[1:]))
        for written in (name, name.upper(), " ".join(words).title(), f" {'-'.join(words)} ", camel):
            assert map_fields_by_name(["id", written, written.swapcase()]) == {field: written}
    assert map_fields_by_name(spellings[::-1]) == {field: spellings[0]}


def test_columns_of_parts_and_columns_without_a_name() -> None:
    parts = ("1", "_2", " (12)", "_suite", " cont", "bis", "_reste")
    assert {strip_part_number(f"Lyrics{part}") for part in parts} == {"lyrics"}
    assert strip_part_number("lyrics_100") == "lyrics_1"
    assert all(map(is_unnamed, ("", " ", "Unnamed: 0", "index", "level_12", "Unnamed: 3 (2)")))
    assert not any(map(is_unnamed, ("indexes", "level", "unnamed song")))


@given(st.lists(st.sampled_from(["l" * 90, "l" * 91, "l" * 89 + ".", "", "  "]), max_size=12))
def test_lyrics_are_four_lines_most_of_them_short_and_few_closed(lines: list[str]) -> None:
    """At least 80 % of at most 90 characters, at most half with a full stop; blank lines do not count."""
    written = [line for line in lines if line.strip()]
    short, closed = sum(len(line) <= 90 for line in written), sum("." in line for line in written)
    shaped = len(written) >= 4 and short * 5 >= len(written) * 4 and closed * 2 <= len(written)
    for cell in (lines, *(end.join(lines) for end in ("\n", "\r\n", "<br/>", "*BREAK*", "\\n"))):
        assert is_shaped_like_lyrics(cell) == shaped
    assert not is_shaped_like_lyrics(None)


@pytest.mark.parametrize(
    ("given_columns", "names", "cells", "text"),
    [
        ({}, "abc", {"a": [VERSE, PROSE], "b": [VERSE * 3, ""]}, "b"),  # half of the cells, empty ones aside
        ({}, "abc", {"a": [VERSE, PROSE, PROSE], "b": []}, None),
        ({}, ["text", "b"], {"text": [PROSE], "b": [VERSE]}, "b"),  # a name of prose, too
        ({}, ["text", "b"], {"text": [VERSE], "b": [f"{VERSE} ici"]}, "text"),
        ({}, ["paroles", "b"], {"paroles": [PROSE], "b": [VERSE]}, "paroles"),
        ({"lyrics": "text"}, ["text", "b"], {"text": [PROSE], "b": [VERSE]}, "text"),
        ({"lyrics": ""}, ["text", "b"], {"text": [PROSE], "b": [VERSE]}, None),
        ({"title": "paroles"}, ["paroles", "b"], {"paroles": [PROSE], "b": [VERSE]}, "paroles"),
        ({}, ["title", "b"], {"title": [VERSE], "b": [PROSE]}, "title"),
    ],
)
def test_lyrics_are_told_by_name_then_by_shape(
    given_columns: Mapping[str, str], names: list[str], cells: Mapping[str, list[str]], text: str | None
) -> None:
    rows = [{name: own[at] for name, own in cells.items() if at < len(own)} for at in range(3)]
    mapping = guess_likely_columns(names, given_columns, rows)
    assert mapping.get("text") == text
    assert "title" not in mapping or mapping["title"] != text or given_columns


@pytest.mark.parametrize(("length", "said"), [(120, "'b' has the longest"), (119, "No column looks like lyrics (")])
def test_prose_of_120_characters_on_average_is_asked_about(length: int, said: str) -> None:
    rows = [{"a": "x", "b": "m" * (length + 1)}, {"a": "x", "b": "m" * (length - 1)}]
    names = ["a", "b", "c" * 41, *(f"n{at}" for at in range(10))]
    with pytest.raises(SourceError) as error:
        guess_columns(names, {}, rows)
    shown = str(error.value)
    assert said in shown
    assert f"'{'c' * 40}', 'n0'" in shown
    assert "'n8', …" in shown
    with pytest.raises(SourceError, match=r"'n8'[).]"):
        guess_columns(names[:12], {}, rows)


def test_cells_as_text_and_long_ones_cut() -> None:
    cells = [None, float("nan"), 0, "", [], [1, None], {"id": 1}, {"name": "", "title": "Un"}]
    assert [cell_text(cell) for cell in cells] == ["", "", "0", "", "", "['1', '']", "", "Un"]
    whole, long = "m" * LONGEST_CELL, "m" * (LONGEST_CELL + 1)
    facets = read_facets({"a": f" {whole} ", "b": long, "c": " ", "index": "7", "d\ud800": "é\ud800"})
    assert facets == {"a": whole, "b": whole[:-1] + "…", "d?": "é?"}
