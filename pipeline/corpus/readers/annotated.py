"""The formats of corpus linguistics, as Seize and others write them: lines and words come back, annotations do not.

IRaMuTeQ's text (`**** *song_1 *artist_x`), CoNLL-U, TEI (a song a file; `lg`, `l`, `w`), and tables of a token a row.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.errors import DAMAGED_FILE_ERRORS, SourceError
from pipeline.corpus.account import Account, text_size
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.arrow import open_parquet
from pipeline.corpus.readers.columns import FIELD_BY_SPELLING, read_facets
from pipeline.corpus.readers.text import decode, decode_text, is_binary
from pipeline.corpus.song import SECTION_KINDS, RawSong, ReaderItems, SkippedItem
from pipeline.language.tokens import detokenise

_VARIABLE, _BLANK_LINES = re.compile(r"\*(\S+)"), re.compile(r"\n(?:[^\S\n]*+\n)+")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_STARRED = re.compile(r"^\*{4}[ \t]+(?=\*)(?P<marks>.*)$", re.M)
_TOKEN_COLUMNS = {"doc_id", "section", "line", "token", "adlib"}
_PARQUET = b"PAR1"
_HEAD_BYTES = 1 << 16  # bytes in which a format is recognised


def _song_from_metadata(text: str, source: str, about: Mapping[str, Any]) -> RawSong:
    """Return a song with this text. Keys of `about` that name known columns become metadata, the others facets."""
    fields = {
        FIELD_BY_SPELLING[key.lower()]: str(value)
        for key, value in about.items()
        if key.lower() in FIELD_BY_SPELLING and value
    }
    facets = {key: value for key, value in about.items() if key.lower() not in FIELD_BY_SPELLING and value}
    return RawSong(text.strip("\n") + "\n", source).with_metadata(fields, read_facets(facets))


def _songs_with_account(songs: Iterable[RawSong], name: str) -> ReaderItems:
    """Yield songs, then an `Account` of the lines and words read from their file."""
    account = Account()
    for song in songs:
        account.read += text_size(song.text)
        yield song
    yield account


def is_iramuteq(data: bytes, name: str) -> bool:
    """Return whether a file is an IRaMuTeQ text, whose first line has **** and variables."""
    return (
        not is_binary(data) and _STARRED.match(decode(data[:_HEAD_BYTES], name).text.lstrip("\ufeff\r\n ")) is not None
    )


def read_iramuteq(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of an IRaMuTeQ text. A line that starts with **** begins a song and holds its metadata."""
    text = decode_text(data, name).text.replace("\r\n", "\n")
    marks = list(_STARRED.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]

    def songs() -> Iterator[RawSong]:
        for at, (mark, end) in enumerate(zip(marks, ends, strict=True), 1):
            pairs = (variable.partition("_")[::2] for variable in _VARIABLE.findall(mark["marks"]))
            metadata = dict(pairs)
            number = metadata.pop("song", "")
            yield _song_from_metadata(
                text[mark.end() : end], f"{name}#{at}", {"title": f"song {number or at}", **metadata}
            )

    yield from _songs_with_account(songs(), name)


def read_conllu(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a CoNLL-U file. Each document is a song, each sentence a line; comments hold the metadata."""
    text = decode_text(data, name).text

    def songs() -> Iterator[RawSong]:
        metadata, lines, number = dict[str, str](), list[str](), 0
        for block in _BLANK_LINES.split(text.replace("\r\n", "\n").strip()):
            rows = block.splitlines()
            comments = dict(_parse_conllu_comment(row) for row in rows if row.startswith("#"))
            if "newdoc" in comments and lines:
                number += 1
                yield _song_from_metadata("\n".join(lines), f"{name}#{number}", metadata)
                lines = []
            if not lines:
                inner = ("newdoc", "newpar", "sent_id", "text", "section", "repeat", "heads")
                metadata = {
                    "title": comments.get("newdoc", ""),
                    **{k: v for k, v in comments.items() if k not in inner},
                }
                metadata = {key: value for key, value in metadata.items() if value}
            if "newpar" in comments and lines:
                lines.append("")
            lines += [f"[{comments['section']}]"] if "section" in comments else []
            written = comments.get("text") or _join_word_forms(rows)
            lines.append(f"{written} (x{comments['repeat']})" if "repeat" in comments else written)
        if lines:
            yield _song_from_metadata("\n".join(lines), f"{name}#{number + 1}", metadata)

    yield from _songs_with_account(songs(), name)


def _parse_conllu_comment(row: str) -> tuple[str, str]:
    key, _, value = row.lstrip("# ").partition("=")
    key, value = key.strip(), value.strip()
    return (key.split()[0] if key.startswith(("newdoc", "newpar")) else key), value


def _join_word_forms(rows: Iterable[str]) -> str:
    """Return the words of a CoNLL-U sentence as text. A multiword token replaces its words."""
    text, until = "", 0
    for cells in (row.split("\t") for row in rows if not row.startswith("#")):
        number, dash, last = cells[0].partition("-")
        if len(cells) < 2 or not number.isdigit() or (not dash and int(number) <= until):
            continue
        until = int(last) if dash and last.isdigit() else until
        text += cells[1] + ("" if "SpaceAfter=No" in cells[-1] else " ")
    return text.strip()


def read_tei(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the song of a TEI file. Raises SourceError if it is not XML, declares entities, or has no line."""
    if _DECLARATION.search(data):
        raise SourceError("{name} declares a document type or entities, which are not read.", name=name)
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise SourceError("{name} is not complete XML ({reason}).", name=name, reason=str(error)) from error
    parents = {child: parent for parent in tree.iter() for child in parent}
    parts = []
    for group, own in groupby((each for each in tree.iter() if _name_without_namespace(each) == "l"), key=parents.get):
        lines = [" ".join("".join(line.itertext()).split()) for line in own]
        about = group.attrib if group is not None and _name_without_namespace(group) == "lg" else {}
        kind = about.get("type", "").lower()
        heading = [f"[{' '.join([kind.capitalize(), about.get('n', '')]).strip()}]"] if kind in SECTION_KINDS else []
        parts.append("\n".join(filter(None, [*heading, *lines])))
    if not any(parts):
        raise SourceError("{name} contains no line of verse (<l>). Give TEI with lines, or text.", name=name)
    names = {"title": "titleStmt", "artist": "author", "album": "bibl", "date": "date"}
    fields = {field: text for field, within in names.items() if (text := _text_of_first_element(tree, within))}
    song = RawSong("\n\n".join(parts) + "\n", name).with_metadata(hints.names.fields | fields)
    yield from _songs_with_account([song], name)


def _name_without_namespace(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text_of_first_element(tree: ElementTree.Element, name: str) -> str:
    """Return the text of the first XML element with this name. For titleStmt and bibl, return their title."""
    for element in tree.iter():
        if _name_without_namespace(element) == name:
            if name in ("titleStmt", "bibl"):
                return _text_of_first_element(element, "title")
            return " ".join("".join(element.itertext()).split())
    return ""


def is_token_table(data: bytes, name: str) -> bool:
    """Return whether a file, CSV or Parquet, is a table with one token per row."""
    if data.startswith(_PARQUET):
        try:
            return set(pq.read_schema(pa.BufferReader(data)).names) >= _TOKEN_COLUMNS
        except (pa.ArrowException, *DAMAGED_FILE_ERRORS):
            return False
    header = "" if is_binary(data) else decode(data[:_HEAD_BYTES], name).text.lstrip("\ufeff").partition("\n")[0]
    return set(header.strip().split(",")) >= _TOKEN_COLUMNS


def read_tokens(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs of a table with one token per row; ad-libs are put in parentheses."""
    rows: Iterable[dict[str, str]]
    if data.startswith(_PARQUET):
        cells = (row[1] for row in open_parquet(data, name).rows if not isinstance(row, SkippedItem))
        rows = ({key: "" if cell is None else str(cell) for key, cell in row.items()} for row in cells)
    else:
        rows = csv.DictReader(io.StringIO(decode_text(data, name).text.lstrip("\ufeff"), newline=""))

    def songs() -> Iterator[RawSong]:
        for at, (_, song) in enumerate(groupby(rows, key=lambda row: row["doc_id"]), 1):
            sections, metadata = [], dict[str, str]()
            for _, section in groupby(song, key=lambda row: row["section"]):
                lines = [list(line) for _, line in groupby(section, key=lambda row: row["line"])]
                metadata = {
                    key: lines[0][0].get(key) or "" for key in ("artist", "title", "album", "year", "featuring")
                }
                sections.append("\n".join([f"[{lines[0][0]['kind'].capitalize()}]", *map(_join_token_line, lines)]))
            yield _song_from_metadata("\n\n".join(sections), f"{name}#{at}", metadata)

    yield from _songs_with_account(songs(), name)


def _join_token_line(rows: list[dict[str, str]]) -> str:
    """Return the text of a line from its token rows, ad-libs in parentheses."""
    parts = []
    for aside, own in groupby(rows, key=lambda row: row["adlib"] == "True"):
        text = detokenise(row["token"] for row in own)
        parts.append(f"({text})" if aside else text)
    return " ".join(parts)


IRAMUTEQ_READER = Reader("iramuteq", read_iramuteq, recognise=is_iramuteq, certainty=0.9, poses_as=("text",))
CONLLU_READER = Reader("conllu", read_conllu, (".conllu", ".conll"))
TEI_READER = Reader("tei", read_tei, (".xml", ".tei"), one_song=True)
TOKEN_TABLE_READER = Reader("tokens", read_tokens, recognise=is_token_table, certainty=0.9, poses_as=("csv", "parquet"))
