"""CSV as others write it, and one song a line: round trips, and what is said of rows that do not fit."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.account import Account, text_size
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.delimited import has_song_per_line, holds_song_lines, open_delimited, read_song_lines
from pipeline.corpus.song import RawSong, SkippedItem

CELL = st.text("ab,;|\t\"'\n é", max_size=9)
NAMES = ["artist", "title", "lyrics"]


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), st.sampled_from("\t;,|"), st.booleans())
def test_what_a_program_writes_is_read_with_any_delimiter(
    rows: list[tuple[str, str, str]], delimiter: str, said: bool
) -> None:
    file = io.StringIO(f"\ufeffsep={delimiter}\r\n" if said else "", newline="")
    file.seek(0, io.SEEK_END)
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    table = open_delimited(file.getvalue().encode(), "x.csv")
    assert table.columns == NAMES
    assert list(table.rows) == [(f"x.csv#{at}", dict(zip(NAMES, row, strict=True))) for at, row in enumerate(rows, 1)]


def test_of_delimiters_that_name_no_field_the_most_frequent_counts() -> None:
    assert open_delimited(b"x;y|z|w\n1;2|3|4\n", "x.csv").columns == ["x;y", "z", "w"]


@pytest.mark.parametrize(("rows", "surplus", "is_read"), [(10, 1, True), (19, 2, False), (20, 2, True)])
def test_a_tenth_of_the_rows_may_have_cells_too_many(rows: int, surplus: int, is_read: bool) -> None:
    text = "lyrics,artist\n" + "la mer,Untel,trop de mots\n" * surplus + "\n" + "la mer,Untel\n" * (rows - surplus)
    found = open_delimited(text.encode(), "x.csv").rows
    if is_read:
        items = list(found)
        skips = [item for item in items if isinstance(item, SkippedItem)]
        assert [(skip.source, skip.size.words) for skip in skips] == [(f"x.csv#{at + 1}", 6) for at in range(surplus)]
        assert len(items) == rows, "a blank line is no row"
    else:
        with pytest.raises(SourceError, match=f"{surplus} of {rows} rows have more cells than the 2 columns"):
            list(found)


def test_commas_of_lyrics_at_the_end_of_a_row_are_of_the_lyrics() -> None:
    text = "artist,lyrics\nUntel,la mer,la rue,le bar\n\ufeffartist,lyrics\nUntel\nUntel,x,,\n"
    rows = open_delimited(text.encode(), "x.csv").rows
    assert [item.size.words if isinstance(item, SkippedItem) else item[1] for item in rows] == [
        {"artist": "Untel", "lyrics": "la mer,la rue,le bar"}, 2, {"artist": "Untel"},
        {"artist": "Untel", "lyrics": "x,,"},
    ]  # fmt: skip


@pytest.mark.parametrize("cell", [r"il dit \"non\"", 'il dit ""non""', 'il dit ""\\""'])
def test_quotes_in_cells(cell: str) -> None:
    text = f'artist,lyrics,note\nUntel,"{cell}, oui",x\n' * 2
    items = [item for item in open_delimited(text.encode(), "x.csv").rows if not isinstance(item, SkippedItem)]
    shown = 'il dit "\\"' if "\\" in cell and '""' in cell else 'il dit "non"'
    assert [row["lyrics"] for _, row in items] == [f"{shown}, oui"] * 2
    assert [type(item) for item in open_delimited(b'artist,lyrics\nUntel,"la mer\n', "x").rows][1:] == [SkippedItem]


MARKED, BARE = "la mer *BREAK* la rue <br> le bar \\n la nuit", "la mer *BREAK* la rue *BREAK* la nuit"


@pytest.mark.parametrize(
    ("lines", "songs"),
    [
        ([MARKED], True),
        ([BARE], False),  # two marks
        ([MARKED] * 4 + [BARE], True),
        ([MARKED] * 3 + [BARE] * 2, False),  # 60 % of the lines
        ([BARE] + [MARKED] * 9, False),  # the first is a header
        ([], False),
        (["mot " * 60, "mot " * 150, "mot " * 150], True),
        (["mot " * 59, "mot " * 150, "mot " * 150], False),
        (["mot " * 60, "mot " * 149, "mot " * 150], False),
        (["mot " * 150, "mot " * 150], False),
        ([MARKED] * 12 + [BARE] * 8 + [MARKED] * 90, False),  # twenty lines tell
    ],
)
def test_each_line_is_a_song_by_its_marks_or_its_length(lines: list[str], songs: bool) -> None:
    assert has_song_per_line("\n\n".join(lines)) == songs
    assert holds_song_lines("\n\n".join(lines).encode(), "x") == songs
    assert not holds_song_lines(b"\0" + "\n".join(lines).encode(), "x")


def test_songs_of_lines_are_numbered_and_all_their_text_was_read() -> None:
    data = '"la ""mer"""\n\n la rue"\r\n"\n'.encode("utf-16")
    *songs, account = read_song_lines(data, "lyrics_Untel.csv", ReadingHints())
    assert all(isinstance(song, RawSong) for song in songs)
    assert [(s.text, s.source, s.artist, s.artist_origin) for s in songs] == [  # type: ignore[union-attr]
        (text, f"lyrics_Untel.csv#{at}", "Untel", "inferred") for at, text in enumerate(['la "mer"', 'la rue"', '"'], 1)
    ]
    assert isinstance(account, Account)
    assert account.read == text_size(data.decode("utf-16"))
    (song, _) = read_song_lines(b"la mer", "x.csv", ReadingHints())
    assert isinstance(song, RawSong)
    assert (song.artist, song.artist_origin) == ("", RawSong("", "").artist_origin)
