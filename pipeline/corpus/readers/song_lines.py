"""A text file with one song a line, line breaks written as a mark: `… la mer *BREAK* la rue …`. It has no header, and
often calls itself .csv although no cell is quoted."""

import re

from pipeline.corpus.account import FileAccount, size_of
from pipeline.corpus.readers.text import decode, decode_text, is_binary
from pipeline.corpus.song import Items, RawSong

_MARK = re.compile(r"\*BREAK\*|<br ?/?>|\\n", re.I)
_LEAST_MARKS = 3  # a line that is a song
HEAD = 1 << 18  # bytes or characters that are looked at
_LINES = 20


def is_song_lines(text: str) -> bool:
    """Whether each line of a text looks like a song. A header line says that it is a table.

    >>> is_song_lines("la mer *BREAK* la rue *BREAK* le bar *BREAK* la nuit\\n" * 2)
    True
    >>> is_song_lines("artist,lyrics\\nUntel,la mer *BREAK* la rue *BREAK* le bar *BREAK* la nuit")
    False
    """
    lines = [line for line in text[:HEAD].splitlines() if line.strip()][:_LINES]
    marked = [len(_MARK.findall(line)) >= _LEAST_MARKS for line in lines]
    return bool(lines) and marked[0] and sum(marked) > 0.6 * len(marked)


def holds_song_lines(data: bytes, name: str) -> bool:
    """Whether the bytes of a file are such a text."""
    return not is_binary(data) and is_song_lines(decode(data[:HEAD], name).text)


def read(data: bytes, name: str) -> Items:
    """The songs of one file, one a line. Raises SourceError when it is empty or binary."""
    text = decode_text(data, name)
    songs = 0
    for line in text.text.splitlines():
        if line.strip():
            songs += 1
            yield RawSong(_strip_quotes(line), f"{name}#{songs}", encoding=text.encoding)
    yield FileAccount(name, size_of(text.text))


def _strip_quotes(line: str) -> str:
    line = line.strip()
    return line[1:-1].replace('""', '"') if len(line) > 1 and line[0] == line[-1] == '"' else line
