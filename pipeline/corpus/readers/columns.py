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
    """Names of columns that are all different: a second `lyrics` becomes `lyrics (2)`, so that neither hides another.

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
    """`likely_columns`, which must hold the lyrics. Raises SourceError like it, or when no column can hold lyrics.

    >>> guess_columns(["Unnamed: 0", "Artiste", "Titre", "Paroles"])
    {'text': 'Paroles', 'title': 'Titre', 'artist': 'Artiste'}
    """
    mapping = likely_columns(names, given_columns, rows)
    if "text" not in mapping:
        if wordy := _wordiest(names, rows):
            raise SourceError(
                "No column looks like lyrics: {column!r} has the longest texts, but as prose, without lines. Name the "
                "column of lyrics: lyrics=COLUMN (the columns are {columns}).",
                column=wordy, columns=_list_names(names),
            )  # fmt: skip
        raise SourceError(
            "No column looks like lyrics (the columns are {columns}). Name the one: lyrics=COLUMN.",
            columns=_list_names(names),
        )
    return mapping


def likely_columns(
    names: Sequence[str], given_columns: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, object]] = ()
) -> dict[str, str]:
    """Field -> column. `given_columns` wins over the names, the names over the shape of the first `rows`: lyrics stand
    in short lines. A name that reviews go by too wins only where no other column is shaped so.

    An empty column in `given_columns` means that none holds the field. Raises SourceError when it names what is not
    there.
    """
    mapping = map_fields_by_name(names)
    for field, column in (given_columns or {}).items():
        field = FIELD_ALIASES.get(field, field)
        check_field(field, FIELDS)
        if not column:
            mapping.pop(field, None)
            continue
        check_column(column, names)
        mapping[field] = column
    if "text" not in mapping and (
        part := next((name for name in names if stem_of(name) in _FOLDED_SPELLINGS["text"]), None)
    ):
        mapping["text"] = part
    named = mapping.get("text")
    sure = named is not None and (
        named in (given_columns or {}).values() or folded_name(named) not in _PROSE_COLUMN_NAMES
    )
    if not sure and "text" not in {FIELD_ALIASES.get(field, field) for field in given_columns or {}}:
        shaped = _verse_column([name for name in names if name != named], rows)
        if shaped and not (named and _verse_share(named, rows) >= _MIN_VERSE_SHARE):
            mapping = {field: column for field, column in mapping.items() if column != shaped} | {"text": shaped}
    return mapping


def map_fields_by_name(names: Sequence[str]) -> dict[str, str]:
    """Field -> column, for the names that give it away, however they are spelled.

    >>> map_fields_by_name(["geniusName", "Song Title", "releaseDate"])
    {'title': 'Song Title', 'artist': 'geniusName', 'date': 'releaseDate'}
    """
    folded = {folded_name(name): name for name in reversed(names)}
    return {
        field: next(folded[spelling] for spelling in spellings if spelling in folded)
        for field, spellings in _FOLDED_SPELLINGS.items()
        if any(spelling in folded for spelling in spellings)
    }


def folded_name(name: str) -> str:
    """The name of a column in small letters, its words joined by underscores, what it is of left out.

    >>> folded_name("releaseDate"), folded_name("Titre du morceau"), folded_name("Nom de l'artiste")
    ('release_date', 'titre', 'artiste')
    >>> folded_name("Titre de l'album"), folded_name("Date de sortie"), folded_name("Date de naissance")
    ('album', 'date', 'date_de_naissance')
    """
    name = _NO_WORD.sub("_", accentless(_CAMEL.sub("_", name.strip()))).strip("_")
    match = _OF_WHAT.fullmatch(name)
    if match is None:
        return name
    names_another = match["name"] == "nom" or (match["name"] == "titre" and match["of"] in ("album", "disque"))
    return match["of"] if names_another else match["name"]


def is_unnamed(name: str) -> bool:
    """Whether a column has no name, or one that programs give to the numbers of rows."""
    return bool(_UNNAMED.match(name))


def stem_of(name: str) -> str:
    """The name of a column without what makes it a part: "Lyrics (2)" -> "lyrics"."""
    return _PART_SUFFIX_PATTERN.sub("", folded_name(name))


def check_field(field: str, fields: Sequence[str]) -> None:
    """Raise SourceError when there is no such field."""
    if field not in fields:
        names = ", ".join("lyrics" if name == "text" else name for name in fields)
        raise UnknownFieldError("There is no field {field!r}: choose one of {known}.", field=field, known=names)


def check_column(column: str, names: Sequence[str]) -> None:
    """Raise SourceError when there is no such column."""
    if column not in names:
        raise MissingColumnError(
            "There is no column {column!r}: the columns are {columns}.", column=column,
            columns=_list_names(names)
        )  # fmt: skip


def from_cells(cells: Mapping[str, object], source: str, others: Mapping[str, object] | None = None) -> RawSong:
    """A song from field -> cell, with the cells of other columns as its facets; None and nested values become text."""
    fields = {field: as_text(value) for field, value in cells.items()}
    return RawSong(fields.pop("text", ""), source).with_metadata(fields, read_facets(others or {}))


def read_facets(cells: Mapping[str, object]) -> dict[str, str]:
    """Name -> text of the cells that have a name and something in them; of long texts only the beginning."""
    texts = {
        _replace_surrogates(name): _replace_surrogates(as_text(value).strip())
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


def as_text(value: object) -> str:
    """A cell as text: names out of nested objects, lists as lists of names.

    >>> as_text({"name": "Untel", "id": 7}), as_text([{"name": "A"}, {"name": "B"}]), as_text({"year": 2004})
    ('Untel', "['A', 'B']", '2004')
    """
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, dict):
        return next((as_text(value[key]) for key in ("name", "title", "full_title", "year") if value.get(key)), "")
    if isinstance(value, list | tuple):
        return repr([as_text(item) for item in value]) if value else ""
    return str(value)


def _verse_column(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str | None:
    shaped = [name for name in names if _verse_share(name, rows) >= _MIN_VERSE_SHARE]
    return max(shaped, key=lambda name: _mean_length(name, rows), default=None)


def _verse_share(name: str, rows: Sequence[Mapping[str, object]]) -> float:
    cells = [cell for row in rows if (cell := row.get(name))]
    return sum(map(is_verse, cells)) / max(len(cells), 1)


def is_verse(cell: object) -> bool:
    """Whether a cell is shaped like lyrics: several lines, most of them short, and few that end in a full stop.

    >>> is_verse("La mer est là\\nElle attend\\nLa nuit\\nEt le vent"), is_verse("Un album sombre. Il dure.")
    (True, False)
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


def _wordiest(names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str | None:
    lengths = {name: _mean_length(name, rows) for name in names}
    best = max(lengths, key=lengths.__getitem__, default=None)
    return best if best is not None and lengths[best] >= MIN_LYRICS_CHARACTERS else None


def _list_names(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:12])
    return shown + (", …" if len(names) > 12 else "") if names else Sentence("none")
