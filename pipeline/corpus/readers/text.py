"""Bytes -> text -> one song, with or without front matter; what that leaves out comes from the path.

The text may be UTF-8 with or without its mark, UTF-16 or UTF-32 with theirs, cp1252, or a mixture of them.

---
title: Moins six heures
artist: Cendre & Miel
---
[Couplet 1]
...
"""

import codecs
import re
from typing import NamedTuple

import ftfy.bad_codecs  # noqa: F401 (registers sloppy-windows-1252)

from pipeline.core.errors import SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import Account, text_size
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.columns import FIELD_BY_SPELLING, read_facets
from pipeline.corpus.readers.names import FileMetadata, file_metadata_from_path
from pipeline.corpus.song import RawSong, ReaderItems

_BINARY_SHARE = 0.02  # of control characters; lyrics have none, compressed data has about 10 %
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 0x1A, 0x1B})
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_DOCUMENTS = {b"%PDF-": "PDF", b"{\\rtf": "RTF", b"%!PS": "PostScript"}  # what is partly text and no song

FRONT_MATTER_RULE = "front-matter", mark("Front matter and titles: read as metadata")
LONGEST_LINE = 4 << 20  # characters: whole songs without line breaks have some thousands, the whole of an artist 1 MB
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(?P<block>.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_KEY = re.compile(r"\s*[^\W\d][\w -]{0,40}")
_COMMENT_LINES = re.compile(r"^[#%][^\n]*\n?", re.M)
_WORD_COUNT = re.compile(r"\d{1,9}:\d{1,9}")
_BAG_HEAD, _MIN_COUNT_SHARE = (
    20_000,
    0.3,
)  # characters in which counts of words are looked for, and their share of cells
MARKDOWN_SUFFIXES = (".md", ".markdown")
_HEADING = re.compile(r"\A\s*# +(?P<title>\S[^\n]{0,150}?)[ #]*(?:\n|\Z)")  # of Markdown
_QUOTED = re.compile(r"^([\"'])(.*)\1$")


class Decoded(NamedTuple):
    """A decoded text and its encoding: utf-8, utf-8-sig, utf-16, utf-32, cp1252 or mixed."""

    text: str
    encoding: str


def decode(data: bytes, where: str) -> Decoded:
    """Decode a text file; return its text and its encoding. Raise SourceError for binary data, a PDF or an RTF."""
    if kind := _document_kind(data):
        raise SourceError(
            "{file} is a document ({kind}), which Seize does not read. Save its text as .txt.", file=where, kind=kind
        )
    if encoding := _wide_encoding(data):
        return Decoded(data.decode(encoding, "replace").lstrip("\ufeff"), encoding)
    if is_binary(data):
        raise SourceError(
            "{where} is not text: it contains binary data. Give text files, or tables of songs.", where=where
        )
    if data.startswith(codecs.BOM_UTF8):
        return Decoded(data.decode("utf-8-sig", "replace"), "utf-8-sig")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lines = [_decode_line(line) for line in data.split(b"\n")]
    encodings = {encoding for text, encoding in lines if not text.isascii()}
    return Decoded("\n".join(text for text, _ in lines), "mixed" if len(encodings) > 1 else "cp1252")


def _document_kind(data: bytes) -> str:
    head = data[:1024].lstrip()
    return next((kind for magic, kind in _DOCUMENTS.items() if head.startswith(magic)), "")


def _wide_encoding(data: bytes) -> str:
    if data.startswith(_UTF32_BOMS):
        return "utf-32"
    return "utf-16" if data.startswith(_UTF16_BOMS) else ""


def is_binary(data: bytes) -> bool:
    """Return whether these bytes cannot be text in a supported encoding."""
    if _document_kind(data):
        return True
    if _wide_encoding(data):
        return False
    sample = data[:65536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _BINARY_SHARE * len(sample)


def _decode_line(line: bytes) -> Decoded:
    try:
        return Decoded(line.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:  # the five bytes that cp1252 leaves undefined become controls, which cleaning counts
        return Decoded(line.decode("sloppy-windows-1252"), "cp1252")


def read_text(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the song of a text file. Raises SourceError as `decode_lyrics` does."""
    text = decode_lyrics(data, name)
    yield song_from_text(text, name, hints.names)
    account = Account(text_size(text.text))
    rest = without_front_matter(text.text)
    if heading := _HEADING.match(rest):
        rest = rest[heading.end() :]
    account.add_dropped(*FRONT_MATTER_RULE, account.read - text_size(rest), count=0)
    yield account


def find_front_matter(text: str) -> re.Match[str] | None:
    """Return the match of the front matter of a text, half of whose lines are `key: value`; None without one.

    >>> find_front_matter("---\\ntitle: Le port\\n---\\nLa mer")["block"]
    'title: Le port\\n'
    >>> find_front_matter("---\\nLa mer\\nLa rue\\n---\\nLe bar") is None
    True
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return None
    lines = [line for line in match["block"].splitlines() if line.strip() and line[0] not in " \t-#"]
    keys = sum(":" in line and _KEY.fullmatch(line.partition(":")[0]) is not None for line in lines)
    return match if 2 * keys >= len(lines) else None


def without_front_matter(text: str) -> str:
    match = find_front_matter(text)
    return text[match.end() :] if match else text


def has_overlong_line(text: str) -> bool:
    """Return whether a line is far longer than lyrics ever are: its line breaks were lost."""
    return len(text) > LONGEST_LINE and max(map(len, text.splitlines())) > LONGEST_LINE


def decode_lyrics(data: bytes, name: str) -> Decoded:
    """Decode a file of lyrics. Raise SourceError if it holds no text, only word counts, or an overlong line."""
    text = decode_text(data, name)
    if _is_bag_of_words(text.text):
        raise SourceError(
            "{name} contains bags of words, as from musiXmatch: word counts per song, without lines or word order. "
            "Give the lyrics themselves.",
            name=name,
        )
    if has_overlong_line(text.text):
        raise SourceError(
            "{name} has a line of more than {most:,} characters: its line breaks were lost. Give "
            "it with a line break after each line of lyrics.",
            name=name,
            most=LONGEST_LINE,
        )
    return text


def _is_bag_of_words(text: str) -> bool:
    """Return whether a text lists word counts such as 12:3, as the data of musiXmatch do."""
    cells = re.split(r"[\s,;]+", _COMMENT_LINES.sub("", text[:1_000_000])[:_BAG_HEAD])
    return sum(map(bool, map(_WORD_COUNT.fullmatch, cells))) >= _MIN_COUNT_SHARE * len(cells) > 1


def decode_text(data: bytes, name: str) -> Decoded:
    """Return the text of a file and its encoding. Raises SourceError when it is empty."""
    text = decode(data, name)
    if not text.text.strip("\ufeff \t\r\n"):
        raise SourceError("{name} is empty.", name=name)
    return text


def song_from_text(decoded: Decoded, name: str, names: FileMetadata | None = None) -> RawSong:
    """Return the song in the text of a file, with metadata from its front matter, its heading and its name.

    >>> song_from_text(Decoded("[Intro]\\nAllô", "utf-8"), "mireille-sol/03-le-port.txt").title
    'Le port'
    """
    text, matter = decoded.text, FileMetadata({}, {})
    if match := find_front_matter(text):
        matter, text = parse_front_matter(match["block"]), text[match.end() :]
    if heading := _HEADING.match(text):
        matter, text = FileMetadata({"title": heading["title"], **matter.fields}, matter.facets), text[heading.end() :]
    named = names or file_metadata_from_path(name)
    return RawSong(text, name, encoding=decoded.encoding).with_metadata(*named).with_metadata(*matter)


def parse_front_matter(block: str) -> FileMetadata:
    """Return the metadata in front matter (lines `key: value`). Unknown keys become facets.

    >>> parse_front_matter('title: "Le port"\\nannée: 2004\\nlabel: Quai')
    FileMetadata(fields={'title': 'Le port', 'date': '2004'}, facets={'label': 'Quai'})
    """
    fields, others = dict[str, str](), dict[str, str]()
    for line in block.splitlines():
        key, colon, value = line.partition(":")
        field = FIELD_BY_SPELLING.get(key.strip().lower())
        if colon and (field or _KEY.fullmatch(key)):
            (fields if field else others)[field or key.strip()] = _QUOTED.sub(r"\2", value.strip())
    return FileMetadata(fields, read_facets(others))


TEXT_READER = Reader("text", read_text, (".txt", *MARKDOWN_SUFFIXES, ""), certainty=0.0, one_song=True)
