"""What the names of folders and files tell of songs: title, artist, album, year; decade and genre as facets.

A name is read among its neighbours: leading numbers are track numbers where those of a folder run 1, 2, 3, else they
belong to the title (93 mesures); files UNTEL1.txt, UNTEL2.txt, … are those of an artist.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

_NUMBER = re.compile(r"^(?P<number>\d{1,3})(?:\s*[-_.]+\s*|\s+)(?=\S)")
_TRACK = re.compile(r"^(?:0\d\d?\s*[-_.]+\s*|\d{1,3}\s+[-–.]\s+|0\d\s+(?=\D))")  # sure without neighbours: 03-x, 3 - x
_DASHES = re.compile(r"-+")
_ENUMERATED = re.compile(r"^(?P<artist>.*[^\W\d_][\W\d_]*?)[\s_-]?(?P<number>\d{1,4})$")
_COPY = re.compile(r"(?<=\S)[ _]?\(\d{1,2}\)$")  # what browsers put behind a name that there is already
_ARTIST_TABLE_PATTERN = re.compile(  # a table of one artist's songs: lyrics_Untel, Untel-paroles
    r"(?:lyrics|paroles|songs|chansons|textes|rap)[ _-]+(?:de[ _-]|d')?(?P<after>\S.*)"
    r"|(?P<before>.*\S)[ _-]+(?:lyrics|paroles|songs|chansons|textes)",
    re.I,
)
_YEAR = re.compile(r"[(\[]((?:19|20)\d\d)[)\]]|^((?:19|20)\d\d)\s*[-–]\s*")
_DASHED_ALBUM = re.compile(
    r"(?=.+$)(?P<album>.+)-artist-(?P<artist>.+)", re.I
)  # the folder of one album: Titre-artist-Untel
_DECADE = re.compile(r"(?:ann[ée]es?[ _-]?|the[ _-])?(?:19|20)?\d0(?:'?s|[ _]?[-–à_][ _]?(?:19|20)?\d\d)?", re.I)
_GENRE = re.compile(
    r"rap|rap.?fran[cç]ais|hip.?hop|rnb|r&b|trap|drill|cloud.?rap|boom.?bap|slam|pop|reggae|raï|rai", re.I
)
_CONTAINER = re.compile(  # folders that hold songs, and are nobody
    r"""(?:(?:all|my|raw|new|old|clean(?:ed)?|french|fr|rap)[\s_-]*)*
        (?:lyrics?|paroles|songs?|chansons?|artistes?|artists?|albums?|data(?:sets?)?|files?|fichiers?|txts?|textes?|texts?
        |corpus|corpora|train|test|valid(?:ation)?|dev|in|out|input|output|scraped?|downloads?|documents?|misc|divers|tmp
        |new\ folder|nouveau\ dossier|archives?|export|results?|rappeurs?|rappers?|source|src)
        (?:[\s_-]*(?:\d+|fr|clean|raw|txt))?""",
    re.X | re.I,
)
_NON_ARTIST_WORDS = frozenset(
    ("clean", "cleaned", "raw", "final", "all", "fr", "french", "merged", "full", "new", "sample")
)
_MIN_PATTERN_SHARE = 0.8  # of the files of a folder that have to follow a pattern for it to be one
_MIN_FILES = 3  # files that show one


class FileMetadata(NamedTuple):
    """Metadata read from the name of a file: field -> text and facet -> text."""

    fields: dict[str, str]
    facets: dict[str, str]


def file_metadata_by_path(names: Sequence[str]) -> dict[str, FileMetadata]:
    """Return path -> metadata from folder and file names. Files of one folder are compared to see how they are named.

    >>> file_metadata_by_path(["Files/UNTEL1.txt", "Files/UNTEL2.txt", "Files/X1.txt"])["Files/UNTEL2.txt"].fields
    {'title': 'UNTEL 2', 'artist': 'UNTEL'}
    """
    folders = defaultdict(list)
    for name in names:
        folders[PurePosixPath(name).parent].append(name)
    described: dict[str, FileMetadata] = {}
    for inside in folders.values():
        stems = [_file_stem(name) for name in inside]
        numbered, enumerated = have_track_numbers(stems), _are_named_by_artist_and_number(inside, stems)
        for name, stem in zip(inside, stems, strict=True):
            described[name] = (
                _read_artist_and_number(name, stem) if enumerated else file_metadata_from_path(name, numbered)
            )
    return described


def file_metadata_from_path(name: str, numbered: bool | None = None) -> FileMetadata:
    """Return the metadata in a path. `numbered`: whether a leading number is a track number (None: guess it).

    >>> fields, facets = file_metadata_from_path("1990s/rap/Le quai-artist-Untel/La mer.txt")
    >>> fields, facets
    ({'title': 'La mer', 'artist': 'Untel', 'album': 'Le quai'}, {'decade': '1990s', 'genre': 'rap'})
    >>> file_metadata_from_path("Untel/(2004) Le quai/03 - La mer.txt").fields
    {'title': 'La mer', 'artist': 'Untel', 'album': 'Le quai', 'date': '2004'}
    >>> file_metadata_from_path("Untel - 93 mesures.txt").fields
    {'title': '93 mesures', 'artist': 'Untel'}
    """
    path = PurePosixPath(name)
    stem = (_NUMBER if numbered else _TRACK).sub("", _file_stem(name)) if numbered is not False else _file_stem(name)
    parts = path.parts[:-1]
    dashed = _DASHED_ALBUM.match(parts[-1]) if parts else None
    folders = [part for part in parts if not _is_grouping_folder(part)]
    fields = {"title": "" if path.name == ".txt" else title_from_file_name(stem)}
    if dashed:
        fields |= {"artist": title_from_file_name(dashed["artist"]), "album": title_from_file_name(dashed["album"])}
    elif len(folders) >= 2:
        fields |= {"artist": title_from_file_name(folders[-2])} | _album_fields(folders[-1])
    elif folders:
        fields["artist"] = title_from_file_name(folders[-1])
    elif " - " in stem:
        artist, title = stem.split(" - ", 1)
        fields = {"title": title_from_file_name(title.strip()), "artist": title_from_file_name(artist.strip())}
    return FileMetadata(fields, _grouping_facets(parts[:-1] if dashed else parts, bool(dashed)))


def have_track_numbers(stems: Sequence[str]) -> bool | None:
    """Return whether the leading numbers of file names run 1, 2, 3. Return None if there are too few files."""
    numbers = [int(match["number"]) for stem in stems if (match := _NUMBER.match(stem))]
    if len(stems) < _MIN_FILES and len(numbers) == len(stems):
        return None
    if len(numbers) < _MIN_PATTERN_SHARE * len(stems):
        return False if len(stems) >= _MIN_FILES else None
    return len(set(numbers)) >= _MIN_PATTERN_SHARE * max(numbers) and len(numbers) <= 2 * len(set(numbers))


def title_from_file_name(name: str) -> str:
    """Return a file name as a title, with spaces for underscores: "03-le-port" -> "03 le port"."""
    words = name.replace("_", " ")
    words = words if " " in words.strip() else _DASHES.sub(" ", words)
    words = " ".join(words.split())
    return words[:1].upper() + words[1:]


def _file_stem(name: str) -> str:
    return PurePosixPath(name).stem.removeprefix(".")


def _is_grouping_folder(part: str) -> bool:
    """Return whether a folder's name is that of a decade, genre or container ("lyrics"), and not of an artist."""
    return any(pattern.fullmatch(part.strip()) for pattern in (_DECADE, _GENRE, _CONTAINER))


def _grouping_facets(parts: Sequence[str], all_group: bool) -> dict[str, str]:
    facets: dict[str, str] = {}
    for part in parts:
        if _DECADE.fullmatch(part):
            facets["decade"] = part
        elif _GENRE.fullmatch(part) or (all_group and not _CONTAINER.fullmatch(part)):
            facets["genre"] = part
    return facets


def _are_named_by_artist_and_number(names: Sequence[str], stems: Sequence[str]) -> bool:
    """Return whether the files of a folder are named by artist and number: UNTEL1, UNTEL2, X1."""
    if not all(_is_grouping_folder(part) for part in PurePosixPath(names[0]).parts[:-1]) or len(names) < _MIN_FILES:
        return False
    matches = [match for stem in stems if (match := _ENUMERATED.match(stem))]
    artists = Counter(match["artist"] for match in matches)
    return len(matches) >= _MIN_PATTERN_SHARE * len(stems) and len(artists) >= 2 and max(artists.values()) >= 2


def _read_artist_and_number(name: str, stem: str) -> FileMetadata:
    match = _ENUMERATED.match(stem)
    if match is None:
        return file_metadata_from_path(name)
    artist = title_from_file_name(match["artist"])
    fields = {"title": f"{artist} {match['number']}", "artist": artist}
    return FileMetadata(fields, _grouping_facets(PurePosixPath(name).parts[:-1], False))


def is_artist_guessed(name: str, artist: str) -> bool:
    """Return whether an artist is the name of a file without the number at its end.

    >>> is_artist_guessed("Files/UNTEL2.txt", "UNTEL"), is_artist_guessed("Untel/Le port.txt", "Untel")
    (True, False)
    """
    match = _ENUMERATED.match(_file_stem(name))
    return match is not None and title_from_file_name(match["artist"]) == artist


def artist_of_table(name: str) -> str:
    """Return the artist in the file name of a table of songs (lyrics_Untel.csv), or "" without one.

    >>> artist_of_table("csv/lyrics_Untel.csv"), artist_of_table("songs_clean.csv"), artist_of_table("corpus.csv")
    ('Untel', '', '')
    >>> artist_of_table("Paroles de Untel.csv"), artist_of_table("Paroles de rap par année.csv")
    ('Untel', '')
    """
    match = _ARTIST_TABLE_PATTERN.fullmatch(strip_copy_number(PurePosixPath(name).stem))
    artist = title_from_file_name(match["after"] or match["before"]) if match else ""
    nobody = (
        " par " in artist
        or artist.lower() in _NON_ARTIST_WORDS
        or _is_grouping_folder(artist)
        or artist.upper() == artist.lower()
    )
    return "" if nobody else artist


def strip_copy_number(stem: str) -> str:
    """Return the name of a file without the number that browsers add to a copy: "Untel(1)" -> "Untel".

    >>> strip_copy_number("Untel(1)"), strip_copy_number("(1)")
    ('Untel', '(1)')
    """
    return _COPY.sub("", stem)


def _album_fields(folder: str) -> dict[str, str]:
    year = _YEAR.search(folder)
    album = _YEAR.sub("", folder).strip(" -–")
    return {"album": title_from_file_name(album)} | ({"date": year[1] or year[2]} if year else {})
