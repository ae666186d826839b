"""Tables written with any delimiter come back as they were written."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.corpus.account import EMPTY_SIZE, Account, text_size
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.delimited import is_song_lines, open_delimited, read_delimited
from pipeline.corpus.song import RawSong, SkippedItem

CELLS = st.text("ab é,;\t|\n\"'", max_size=12).filter(lambda cell: "\\" not in cell)


@settings(max_examples=40)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_cells_come_back_as_they_were_written(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows([["artist", "title", "lyrics"], *rows])
    table = open_delimited(written.getvalue().encode(), "x.csv")
    assert table.columns == ["artist", "title", "lyrics"]
    assert [list(row[1].values()) for row in table.rows if not isinstance(row, SkippedItem)] == rows
    songs = read_delimited(written.getvalue().encode(), "x.csv", ReadingHints())
    assert [song.text for song in songs if isinstance(song, RawSong)] == [
        lyrics if lyrics.strip() else "" for *_, lyrics in rows
    ]


@pytest.mark.parametrize("songs", [1, 2, 5, 25])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_song_a_line_is_read_as_it_was_written(songs: int, quoted: bool) -> None:
    lines = [" *BREAK* ".join(f'la "mer" {song} {line}' for line in range(4)) for song in range(songs)]
    text = "\n\n".join('"' + line.replace('"', '""') + '"' if quoted else line for line in lines)
    *read, account = read_delimited(text.encode(), "lyrics_Untel.csv", ReadingHints())
    assert [(song.text, song.artist) for song in read if isinstance(song, RawSong)] == [
        (line, "Untel") for line in lines
    ]
    assert isinstance(account, Account)
    assert account.read == text_size(text) != EMPTY_SIZE


@pytest.mark.parametrize(("songs", "words", "are"), [(3, 150, True), (2, 150, False), (3, 149, False), (9, 151, True)])
def test_long_lines_are_songs_if_there_are_three(songs: int, words: int, are: bool) -> None:
    assert is_song_lines("mot " * words + "\n" + ("mot " * words + "\n\n") * (songs - 1)) is are
