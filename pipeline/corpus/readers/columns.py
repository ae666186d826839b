"""Which column of a table, or key of an object, holds which field. Knows nothing of files."""

import re
from collections.abc import Mapping, Sequence

from pipeline.core.errors import MissingColumnError, Sentence, SourceError, UnknownFieldError
from pipeline.corpus.facets import LONGEST_CELL
from pipeline.corpus.song import FIELDS, RawSong
from pipeline.corpus.tags import fold_accents as accentless

MIN_LYRICS_CHARACTERS = 120  # characters that a cell of lyrics has on average, when no name gives the column away

SYNCED_COLUMN = "synced_lyrics"  # LRC, which LRCLIB gives beside plain lyrics
# The spellings that scrapes use, the likeliest first; letters small, blanks as underscores.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "text": ("lyrics", "lyric", "paroles", "text", "texte", "lyrics_text", "song_lyrics", "plain_lyrics", "content",
             "body", "letra", SYNCED_COLUMN),
    "title": ("title", "titre", "song", "song_title", "song_name", "track", "track_name", "track_title", "name",
              "morceau", "chanson", "full_title", "sname"),
    "artist": ("artist", "artiste", "artist_name", "artist_names", "primary_artist", "primary_artist_names",
               "genius_name", "song_artist", "singer", "author", "rappeur", "rappeuse", "chanteur", "groupe",
               "interprète", "interpreter", "performer", "artists", "alink"),
    "album": ("album", "album_name", "album_title", "release", "disque"),
    "date": ("year", "année", "annee", "date", "release_date", "album_year", "song_date", "song_year", "released",
             "release_year", "release_date_for_display", "release_date_components"),
    "featuring": ("featuring", "features", "featured", "featured_artists", "featured_artist", "feat", "ft", "invités"),
}  # fmt: skip
FIELD_BY_SPELLING = {spelling: field for field, all in SPELLINGS.items() for spelling in all if field != "text"}
_UNNAMED = re.compile(  # a row's number, or nothing
    r"\s*+(?:unnamed: ?\d++|index|level_\d++|__index_level_\d++__)?(?: ?\(\d++\))?\s*+\Z", re.I
)
_PART_SUFFIX_PATTERN = re.compile(r"_?(?:\d{1,2}|suite|cont|continued|bis|rest|reste)$")  # lyrics_2, paroles (suite)
FIELD_ALIASES = {"lyrics": "text", "year": "date", "features": "featuring", "featured": "featuring"}
_PROSE_COLUMN_NAMES = frozenset(("text", "texte", "content", "body"))  # names that reviews go by too
_LINE_END = re.compile(r"\r\n?|\n|<br ?/?>|\*BREAK\*|\\n", re.I)
_FEWEST_LINES = 4  # of a cell that is shaped like lyrics
_LONGEST_LINE = 90  # characters of a line of lyrics, mostly
_MIN_VERSE_SHARE = 0.5  # of the cells that have to be shaped like lyrics
_NO_WORD = re.compile(r"[^\w]+|_+")
_OF_WHAT = re.compile(
    r"(?P<name>titre|nom|paroles|texte|annee|date)_(?:de_la|de_l|du|de|d)_"
    r"(?P<of>morceau|chanson|titre|album|disque|artiste|rappeur|rappeuse|chanteur|groupe|interprete|sortie|parution)"
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])")


_FOLDED_SPELLINGS = {field: tuple(map(accentless, spellings)) for field, spellings in SPELLINGS.items()}


def unique_names(cells: Sequence[object]) -> list[str]:
    """Return column names that all differ. A second `lyrics` becomes `lyrics (2)`.

    >>> unique_names(["lyrics", "lyrics", None])
    ['lyrics', 'lyrics (2)', '']
    """
    names: dict[str, None] = {}
    for cell in cells:
        name = plain = "" if cell is None else str(cell)
        at = 1
        while name in names:
            at += 1
            name = f"{plain} ({at})"
        names[name] = None
    return list(names)


def guess_columns(
    names: Sequence[str], given_columns: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, object]] = ()
) -> dict[str, str]:
    """Return field -> column as `guess_likely_columns` does. Raises SourceError if no column can contain lyrics.

    >>> guess_columns(["Unnamed: 0", "Artiste", "Titre", "Paroles"])
    {'text': 'Paroles', 'title': 'Titre', 'artist': 'Artiste'}
    """
    mapping = guess_likely_columns(names, given_columns, rows)
    if "text" not in mapping:
        if wordy := _longest_text_column(names, rows):
            raise SourceError(
                "No column looks like lyrics: {column!r} has the longest texts, but as prose, without lines. Name the "
                "column of lyrics: lyrics=COLUMN (the columns are {columns}).",
                column=wordy, columns=_join_names(names),
            )  # fmt: skip
        raise SourceError(
            "No column looks like lyrics (the columns are {columns}). Name the right one: lyrics=COLUMN.",
            columns=_join_names(names),
        )
    return mapping


def guess_likely_columns(
    names: Sequence[str], given_columns: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, object]] = ()
) -> dict[str, str]:
    """Return field -> column. A column that is not given is found by its name, or by its cells: lyrics are short lines.

    An empty column in `given_columns` means that none holds the field. Raises SourceError for an unknown one."""
    mapping = map_fields_by_name(names)
    given = {FIELD_ALIASES.get(field, field): column for field, column in (given_columns or {}).items()}
    for field, column in given.items():
        check_field(field, FIELDS)
        if not column:
            mapping.pop(field, None)
            continue
        check_column(column, names)
        mapping[field] = column
    if "text" not in mapping.keys() | given and (
        part := next((name for name in names if strip_part_number(name) in _FOLDED_SPELLINGS["text"]), None)
    ):
        mapping["text"] = part
    named = mapping.get("text")
    sure = named is not None and (named in given.values() or fold_column_name(named) not in _PROSE_COLUMN_NAMES)
    if not sure and "text" not in given:
        shaped = _lyrics_shaped_column([name for name in names if name != named], rows)
        if shaped and not (named and _lyrics_shaped_share(named, rows) >= _MIN_VERSE_SHARE):
            mapping = {field: column for field, column in mapping.items() if column != shaped} | {"text": shaped}
    return mapping


def map_fields_by_name(names: Sequence[str]) -> dict[str, str]:
    """Return field -> column for the columns whose names denote a field, in any spelling.

    >>> map_fields_by_name(["geniusName", "Song Title", "releaseDate"])
    {'title': 'Song Title', 'artist': 'geniusName', 'date': 'releaseDate'}
    """
    folded = {fold_column_name(name): name for name in reversed(names)}
    return {
        field: next(folded[spelling] for spelling in spellings if spelling in folded)
        for field, spellings in _FOLDED_SPELLINGS.items()
        if any(spelling in folded for spelling in spellings)
    }


def fold_column_name(name: str) -> str:
    """Return a column name in lower case, with underscores and without "of the song": "Titre du morceau" is "titre".

    >>> fold_column_name("releaseDate"), fold_column_name("Titre du morceau"), fold_column_name("Nom de l'artiste")
    ('release_date', 'titre', 'artiste')
    >>> fold_column_name("Titre de l'album"), fold_column_name("Date de sortie"), fold_column_name("Date de naissance")
    ('album', 'date', 'date_de_naissance')
    """
    name = _NO_WORD.sub("_", accentless(_CAMEL.sub("_", name.strip()))).strip("_")
    match = _OF_WHAT.fullmatch(name)
    if match is None:
        return name
    names_another = match["name"] == "nom" or (match["name"] == "titre" and match["of"] in ("album", "disque"))
    return match["of"] if names_another else match["name"]


def is_unnamed(name: str) -> bool:
    """Return whether a column has no name, or the name that programs give to row numbers."""
    return bool(_UNNAMED.match(name))


def strip_part_number(name: str) -> str:
    """Return a folded column name without the number of a part: "Lyrics (2)" -> "lyrics"."""
    return _PART_SUFFIX_PATTERN.sub("", fold_column_name(name))


def check_field(field: str, fields: Sequence[str]) -> None:
    """Raise SourceError when there is no field with this name."""
    if field not in fields:
        names = ", ".join("lyrics" if name == "text" else name for name in fields)
        raise UnknownFieldError("There is no field {field!r}: choose one of {known}.", field=field, known=names)


def check_column(column: str, names: Sequence[str]) -> None:
    """Raise SourceError when there is no column with this name."""
    if column not in names:
        raise MissingColumnError(
            "There is no column {column!r}: the columns are {columns}.", column=column,
            columns=_join_names(names)
        )  # fmt: skip


def song_from_cells(cells: Mapping[str, object], source: str, others: Mapping[str, object] | None = None) -> RawSong:
    """Return a song from a mapping field -> cell. The cells of `others` (further columns) become its facets."""
    fields = {field: cell_text(value) for field, value in cells.items()}
    return RawSong(fields.pop("text", ""), source).with_metadata(fields, read_facets(others or {}))


def read_facets(cells: Mapping[str, object]) -> dict[str, str]:
    """Return column name -> text of the cells that are not empty. Long texts are cut."""
    texts = {
        _replace_surrogates(name): _replace_surrogates(cell_text(value).strip())
        for name, value in cells.items()
        if not is_unnamed(name)
    }
    return {
        name: text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
        for name, text in texts.items()
        if text
    }


def _replace_surrogates(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def cell_text(value: object) -> str:
    """Return a cell as text. A nested object gives its name, a list a printed list of names.

    >>> cell_text({"name": "Untel", "id": 7}), cell_text([{"name": "A"}, {"name": "B"}]), cell_text({"year": 2004})
    ('Untel', "['A', 'B']", '2004')
    """
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, dict):
        return next((cell_text(value[key]) for key in ("name", "title", "full_title", "year") if value.get(key)), "")
    if isinstance(value, list | tuple):
        return repr([cell_text(item) for item in value]) if value else ""
    return str(value)


def _lyrics_shaped_column(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str | None:
    shaped = [name for name in names if _lyrics_shaped_share(name, rows) >= _MIN_VERSE_SHARE]
    return max(shaped, key=lambda name: _mean_length(name, rows), default=None)


def _lyrics_shaped_share(name: str, rows: Sequence[Mapping[str, object]]) -> float:
    cells = [cell for row in rows if (cell := row.get(name))]
    return sum(map(is_shaped_like_lyrics, cells)) / max(len(cells), 1)


def is_shaped_like_lyrics(cell: object) -> bool:
    """Return whether a cell has several lines, most of them short, few ending in a full stop.

    >>> [is_shaped_like_lyrics(cell) for cell in ("La mer\\nElle attend\\nLa nuit\\nLe vent", "Un album sombre.")]
    [True, False]
    """
    if not isinstance(cell, str | list):
        return False
    written = map(str, cell) if isinstance(cell, list) else _LINE_END.split(cell)
    lines = [line.strip() for line in written if line.strip()]
    if len(lines) < _FEWEST_LINES:
        return False
    short, closed = sum(len(line) <= _LONGEST_LINE for line in lines), sum(line.endswith(".") for line in lines)
    return short >= 0.8 * len(lines) and closed <= 0.5 * len(lines)


def _mean_length(name: str, rows: Sequence[Mapping[str, object]]) -> float:
    return sum(len(str(row.get(name) or "")) for row in rows) / max(len(rows), 1)


def _longest_text_column(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str | None:
    lengths = {name: _mean_length(name, rows) for name in names}
    best = max(lengths, key=lengths.__getitem__, default=None)
    return best if best is not None and lengths[best] >= MIN_LYRICS_CHARACTERS else None


def _join_names(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:12])
    return shown + (", …" if len(names) > 12 else "") if names else Sentence("none")
