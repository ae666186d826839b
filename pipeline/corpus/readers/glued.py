"""A text file with all songs of an artist, one after the other. The artist is in the file's name.

What parts the songs differs from scrape to scrape: `_SONG_START_PATTERNS` are tried in order, and the first that finds
two songs is used for the file. Where none does, the borders are inferred (`song_borders`). The artist is the file's
name, unless a header names another for certain: a sung "Dubai by night" is no header.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.core.translation import mark
from pipeline.corpus.account import Account, sum_sizes, text_size
from pipeline.corpus.artist_names import strip_trailing_number
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.names import strip_copy_number, title_from_file_name
from pipeline.corpus.readers.song_borders import (
    RULER,
    find_songs,
    link_songs_sharing_lines,
    looks_like_several_songs,
)
from pipeline.corpus.readers.text import (
    decode,
    decode_lyrics,
    find_front_matter,
    has_overlong_line,
    is_binary,
    parse_front_matter,
    without_front_matter,
)
from pipeline.corpus.song import ArtistOrigin, BoundaryOrigin, RawSong, ReaderItems
from pipeline.corpus.tags import fold_accents, read_tag

LONGEST_TITLE = 100

_FEATURING = r"(?:\s{0,3}\(?(?:ft|feat|featuring)\.?\s{1,3}(?P<featuring>[^)\]\n]{1,100}?)\)?)?"
# A match starts a song. Pages first: they say the title.
_SONG_START_PATTERNS = (
    re.compile(r"^---[ \t]*+\n(?P<block>(?:[^\n:]*+:[^\n]*+\n)++)---[ \t]*+$\n?", re.M),
    re.compile(
        rf"^(?:\d{{1,4}} Contributors?)(?:Translations?[^\n]{{0,60}})??(?P<title>[^\n]{{0,100}}?)\s?(?:Lyrics|Paroles)"
        r"(?:(?:(?!\d Contributor|\n\[)[^\0]){0,2000}?\bRead More\b[ \t\u00a0]*+\n?)?"  # what the page says of it
        rf"|^\[(?:Paroles|Lyrics)\s{{1,3}}(?:de|du|of|d')\s{{0,3}}[\"«“'](?P<quoted>[^\n\]]{{1,100}}?)[\"»”']{_FEATURING}\s{{0,3}}\]",
        re.M | re.I,
    ),
    re.compile(
        r"^[#* \t]*+(?:title|titre|song|chanson|morceau)\s{0,3}:\s{0,3}"
        rf"(?P<title>[^\n]{{1,100}}?){_FEATURING}[ \t]*+$",
        re.M | re.I,
    ),
    re.compile(  # # Titre   === Titre ===   ===== Artiste - Titre =====
        r"^[ \t]*+(?:#{1,3}[ \t]+|(?P<rule>={3,}+|[-*_~#]{5,}+)[ \t]*+)(?P<heading>[^\s#=][^\n]{0,150}?)[ \t]*+"
        r"(?(rule)[-=*_~#]{3,200}+|#*+)[ \t]*+$",
        re.M,
    ),
    re.compile(
        rf"^(?P<title>\S[^\n]{{0,100}}?) by[ \u00a0](?P<artist>[^\n(]{{1,60}}?){_FEATURING}[ \t]*+$", re.M | re.I
    ),
)
_TAG = re.compile(r"^\s*\[", re.M)
_LINE_END = re.compile(r"\r\n?|[\x85\u2028]")
_PAGE_WORDS = re.compile(r"^lyrics[_ -]{1,3}|[_ -]{1,3}(?:lyrics|paroles|songs)$", re.I)
_PAGE_END_PATTERN = re.compile(r"Embed[ \t]*+(?:\n|\Z)")
_BEGINNING = re.compile(r"(?<=[^\s\d])(?=\d{1,4} Contributor)")


class FilePiece(NamedTuple):
    """A part of a file with several songs: the metadata and lyrics of a song, and the marks and titles around them."""

    fields: dict[str, str]
    lyrics: str
    marks: str = ""
    extent: BoundaryOrigin = "given"


def read_songs_of_artist(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the songs in a text file of one artist's songs. Raises SourceError as `decode_lyrics` does."""
    text = decode_lyrics(data, name)
    artist = _artist_from_file_name(name)
    described = hints.names.fields.get("artist", "")
    if described and fold_accents(described) == fold_accents(strip_trailing_number(artist)):
        artist = described  # and not UNTEL10, where files beside it are UNTEL1, UNTEL2
    pieces = split_into_songs(text.text, artist)
    songs = [piece for piece in pieces if piece.lyrics]
    for at, (piece, block) in enumerate(zip(songs, _song_block_names(songs, name), strict=True), 1):
        fields = {"title": f"{artist} {at}", "artist": artist}
        fields |= {key: value for key, value in piece.fields.items() if value}
        song = RawSong(piece.lyrics, f"{name}#{at}", encoding=text.encoding, extent=piece.extent, block=block)
        origin: ArtistOrigin = "source" if piece.fields.get("artist") else "path"
        yield replace(song, artist_origin=origin).with_metadata(fields)
    yield _account_for_split_file(text.text, pieces, name)


def _song_block_names(songs: list[FilePiece], name: str) -> list[str]:
    """Return a block name for each song. Songs with inferred borders that share lines have one name, the others ""."""
    if all(song.extent == "given" for song in songs):
        return [""] * len(songs)
    leaders = link_songs_sharing_lines([song.lyrics for song in songs])
    sizes = Counter(leaders)
    return [f"{name}#{leader + 1}" if sizes[leader] > 1 else "" for leader in leaders]


def _account_for_split_file(text: str, pieces: list[FilePiece], name: str) -> Account:
    """Return the account (lines and words read, dropped) of a file of several songs."""
    account = Account(text_size(text))
    marks = sum_sizes(text_size(piece.marks) for piece in pieces)
    if marks:
        account.add_dropped(
            "song-marks", mark("Titles, descriptions and separators between the songs of a file"), marks, len(pieces)
        )
    cuts = account.read - marks - sum_sizes(text_size(piece.lyrics) for piece in pieces)
    whole = sum(len(piece.lyrics) + len(piece.marks) for piece in pieces) == len(_normalise_lines(text))
    if cuts and whole:
        account.add_dropped("song-borders", mark("Songs that run together: split"), cuts, len(pieces) - 1)
    return account


def text_has_several_songs(text: str, name: str = "") -> bool:
    """Return whether a text contains several songs: by its marks or, in a long text, by inferred borders."""
    if has_overlong_line(text):
        return False
    text, artist = _normalise_lines(text), _artist_from_file_name(name)
    body = without_front_matter(text)  # a single one is of a single song, and its rules part nothing
    explicit = _separates_songs(_SONG_START_PATTERNS[0], text, artist) or any(
        _separates_songs(each, body, artist) for each in _SONG_START_PATTERNS[1:]
    )
    return explicit or looks_like_several_songs(body)


def split_into_songs(text: str, artist: str = "") -> list[FilePiece]:
    """Split a text into songs and the parts between them. `artist` is the artist in the file's name.

    >>> [song.fields["title"] for song in split_into_songs("Le port by Untel\\nLa mer\\n\\nLa rue by Untel\\nLa pluie")]
    ['Le port', 'La rue']
    """
    text = _normalise_lines(text)
    pieces: list[FilePiece] = []
    if not _separates_songs(_SONG_START_PATTERNS[0], text, artist) and (match := find_front_matter(text)):
        pieces.append(FilePiece({}, "", match[0]))
        text = text[match.end() :]
    pattern = next((start for start in _SONG_START_PATTERNS if _separates_songs(start, text, artist)), None)
    if pattern:
        return pieces + list(_cut_at_song_starts(pattern, text, artist))
    for start, stop, extent in find_songs(text):
        piece = _split_off_marks({}, text[start:stop])._replace(extent=extent)
        is_ruled = RULER.search(pieces[-1].marks if pieces else text)  # above it, or it is the first of such songs
        pieces.append(_move_title_to_fields(piece) if is_ruled else piece)
    return pieces


def _normalise_lines(text: str) -> str:
    """Return a text with plain line ends, and a line break before a page header that follows the previous page."""
    if "\r" in text or "\x85" in text or "\u2028" in text:
        text = _LINE_END.sub("\n", text)
    text = _PAGE_END_PATTERN.sub(lambda match: match[0].rstrip("\n") + "\n", text)
    return _BEGINNING.sub("\n", text) if " Contributor" in text else text


def _separates_songs(start: re.Pattern[str], text: str, artist: str) -> bool:
    """Return whether a pattern of song starts matches at least twice, and so divides the text into songs."""
    matches = _song_starts(start, text, artist)
    if "artist" in start.groupindex:  # "… by …" is an English line too: headers differ, and their names come again
        names, titles = ({match[group].lower() for match in matches} for group in ("artist", "title"))
        return len(matches) >= 2 and len(names) <= max(1, len(matches) // 2) and len(titles) > len(matches) // 2
    return len(matches) >= 2


@lru_cache(2 * len(_SONG_START_PATTERNS))
def _song_starts(start: re.Pattern[str], text: str, artist: str) -> Sequence[re.Match[str]]:
    """Return the matches of a pattern at which songs start. They are cached for the next call with the same file."""
    return [match for match in start.finditer(text) if _is_song_heading(match, artist)]


def _is_song_heading(match: re.Match[str], artist: str) -> bool:
    """Return whether a match is a song heading, and not a section tag or a line of English lyrics with "by"."""
    if "heading" in match.re.groupindex:
        tag = read_tag(match["heading"])
        return tag is None or tag.kind is None
    if "artist" not in match.re.groupindex:
        return True
    if match["title"].rstrip().endswith((",", ";", ":")):
        return False
    named = fold_accents(match["artist"].strip()) == fold_accents(artist)
    before = match.string[max(match.start() - 2, 0) : match.start()]
    apart = before in ("", "\n\n") and (match["artist"][:1].isupper() or match["artist"][:1].isdigit())
    return named or "by\u00a0" in match[0] or apart


def _cut_at_song_starts(start: re.Pattern[str], text: str, artist: str) -> Iterator[FilePiece]:
    """Yield the pieces of a text cut where a pattern of song starts matches."""
    matches = _song_starts(start, text, artist)
    ends = [match.start() for match in matches[1:]] + [len(text)]
    before = _split_off_marks({}, text[: matches[0].start()])
    if before.lyrics or before.marks:
        yield before
    for match, end in zip(matches, ends, strict=True):
        yield _move_title_to_fields(_split_off_marks(_metadata_fields(match), text[match.end() : end], match[0]))


def _split_off_marks(fields: dict[str, str], text: str, marks: str = "") -> FilePiece:
    """Return a part of a file. Outer blank lines and a final ruler are moved from its lyrics to its `marks`."""
    lyrics = text.strip("\n") if text.strip() else ""
    above, _, last = lyrics.rpartition("\n")
    if not RULER.fullmatch(f"{last}\n"):
        return FilePiece(fields, lyrics, marks + "\n" * (len(text) - len(lyrics)))
    lyrics = above.strip("\n")
    return FilePiece(fields, lyrics, f"{marks}{last}" + "\n" * (len(text) - len(lyrics) - len(last)))


def _metadata_fields(match: re.Match[str]) -> dict[str, str]:
    groups = {key: value.strip() for key, value in match.groupdict().items() if value}
    if "block" in groups:
        return parse_front_matter(groups["block"]).fields
    groups["title"] = groups.pop("quoted", groups.get("title", ""))
    groups.pop("rule", None)
    if heading := groups.pop("heading", ""):
        performer, dash, title = heading.partition(" - ")
        groups |= {"artist": performer, "title": title} if dash else {"title": heading}
    return {key: value for key, value in groups.items() if value}


def _move_title_to_fields(piece: FilePiece) -> FilePiece:
    """Return a song with its first line as title, if it has none, and a blank line or a tag follows that line."""
    first, _, rest = piece.lyrics.partition("\n")
    apart = rest.startswith("\n") or _TAG.match(rest)
    if piece.fields.get("title") or not apart or len(first) > LONGEST_TITLE or _TAG.match(first) or not rest.strip():
        return piece
    fields = {**piece.fields, "title": first.strip(" #*-–\t")}
    lyrics = rest.strip("\n")
    return FilePiece(fields, lyrics, f"{piece.marks}\n{first}" + "\n" * (len(rest) - len(lyrics)))


def _artist_from_file_name(name: str) -> str:
    """Return the artist named by a file name, without copy number and words such as "lyrics"."""
    return title_from_file_name(_PAGE_WORDS.sub("", strip_copy_number(PurePosixPath(name).stem)))


def holds_several_songs(data: bytes, name: str) -> bool:
    """Return whether a file is a text that contains several songs."""
    return not is_binary(data) and text_has_several_songs(decode(data, name).text, name)


ARTIST_FILE_READER = Reader(
    "artists", read_songs_of_artist, recognise=holds_several_songs, certainty=0.5, poses_as=("text",)
)
