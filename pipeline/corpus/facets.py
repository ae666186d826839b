"""Facets: what a source says of its songs besides title, artist, album, year and guests, typed by content.

A facet is a column of `Corpus.songs`. Its kind is read off its cells: boolean (true and false, oui and non, 0 and 1),
number, date, list (of genres, say, as Python or JSON prints it), or text. What numbers or addresses songs is none.
Knows nothing of files.
"""

import ast
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark

FacetKind = Literal["text", "list", "number", "date", "boolean"]
FacetCondition = object  # a value, a collection of values, or (first, last) of numbers and dates

MOST_FACETS = 200  # columns; a table of more is a matrix of features, no metadata
DATE_YEAR_RANGE = (MINYEAR, MAXYEAR)  # of dates; others are of no calendar that pages know
LONGEST_NAME = 100  # characters of a facet's name
LONGEST_CELL = 1000  # characters of a facet's cell; what is longer is another text of the song
BIN_COUNT = 5  # of about as many songs each, that a facet of numbers is grouped by
MAX_UNBINNED_VALUES = 12  # different whole numbers that are grouped each for itself

_KIND_NAMES = (mark("number"), mark("date"), mark("boolean"))  # of kinds, as errors say them
# Names of columns that number or address songs and artists: Songid, track_id, api_path, cover_url.
_KEY_NAME_PATTERN = re.compile(
    r"(?:^|[_\W]|(?<=[a-zA-Z])(?=[A-Z][a-z])|(?i:song|artist|track|album))"
    r"(?i:ids?|identifiants?|identifiers?|keys?|index|liens?|urls?|uris?|href|links?|slug|path|isrc|uuid)$"
)
_DIFFERENT, _ENOUGH_SONGS = 0.98, 20  # share of its songs that a text is another for, of so many: it names each
_ITEM_END = "; "
_OPENS, _CLOSES = (tuple(f"{a}{b}" for a, b in product(*ends)) for ends in (("[({", "'\""), ("'\"", "])}")))
_MIN_PARSED_SHARE = 0.98  # of the known cells that have to be of a kind for the column to be
_EMPTY = frozenset(("", "nan", "none", "null", "na", "n/a", "nat", "<na>", "[]", "{}"))
_BOOLEANS = dict.fromkeys(("true", "yes", "oui", "vrai"), True) | dict.fromkeys(("false", "no", "non", "faux"), False)
_BOOLEAN_DIGITS = {"0": False, "1": True, "0.0": False, "1.0": True}
_DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:[T ].*)?|\d\d?[/.]\d\d?[/.]\d{4}|\d\d?[- ]\w{3,9}[- ]\d{2,4}|\w{3,9}\.? \d\d?, \d{4}"
)


@dataclass(frozen=True)
class Facet:
    """A facet: a column of a source about its songs, besides title, artist, album, year and guests."""

    name: str
    kind: FacetKind
    known: int
    values: int
    unreadable: int = 0

    @property
    def is_groupable(self) -> bool:
        """Whether songs can be grouped by this facet: few or shared values, or numbers or dates, which are binned.

        >>> [Facet(name, "text", 647, values).is_groupable for name, values in (("url", 647), ("topic", 49), ("x", 1))]
        [False, True, False]
        """
        if self.values <= MAX_UNBINNED_VALUES:
            return self.values > 1
        if self.kind in ("text", "list"):
            return 2 * self.values <= self.known
        return True

    @property
    def is_identifier(self) -> bool:
        """Whether the facet identifies each song or artist and does not describe it, as an address or id.

        >>> Facet("api_path", "text", 3, 3).is_identifier, Facet("pageviews", "number", 647, 640).is_identifier
        (True, False)
        """
        different = self.known >= _ENOUGH_SONGS and self.values >= _DIFFERENT * self.known
        return bool(_KEY_NAME_PATTERN.search(self.name)) or (self.kind == "text" and different)


def read_facet(name: str, cells: Sequence[str]) -> "tuple[Facet, pd.Series[Any]]":
    """Return the description of a facet and its column with a type, from text cells. Empty cells are unknown.

    >>> read_facet("views", ["12", "1 500", ""])[0]
    Facet(name='views', kind='number', known=2, values=2, unreadable=0)
    >>> read_facet("born_in_france", ["True", "False", "nan"])[1].tolist()
    [True, False, <NA>]
    """
    text = pd.Series([None if cell.strip().lower() in _EMPTY else cell.strip() for cell in cells], dtype="str")
    filled = text.dropna()
    column, kind = _infer_type(text, filled)
    typed = int(column.notna().sum())
    values = len(facet_value_counts(column, kind)) if kind == "list" else int(column.nunique())
    return Facet(name, kind, typed, values, len(filled) - typed), column


def _infer_type(text: "pd.Series[str]", filled: "pd.Series[str]") -> "tuple[pd.Series[Any], FacetKind]":
    distinct = {value.lower() for value in filled.unique()}
    if distinct and distinct <= _BOOLEANS.keys():
        return text.str.lower().map(_BOOLEANS).astype("boolean"), "boolean"
    if len(distinct) > 1 and distinct <= _BOOLEAN_DIGITS.keys():
        return text.map(_BOOLEAN_DIGITS).astype("boolean"), "boolean"
    plain = text.str.replace(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", regex=True)
    plain = plain.str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce").replace([np.inf, -np.inf], np.nan)
    if _is_mostly_parsed(numbers, filled):
        return numbers.astype("float64"), "number"
    if filled.head(200).str.fullmatch(_DATE).mean() >= _MIN_PARSED_SHARE:
        dates = _read_dates(text)
        if _is_mostly_parsed(dates, filled):
            return dates, "date"
    if (filled.head(200).str.startswith(_OPENS) & filled.head(200).str.endswith(_CLOSES)).mean() >= _MIN_PARSED_SHARE:
        return text.map(_join_items, na_action="ignore"), "list"
    return text, "text"


def _join_items(cell: str) -> str:
    """Return the items of a list printed by Python or JSON, joined by "; ".

    >>> _join_items("['rap', 'drill']")
    'rap; drill'
    """
    items: object = None
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        items = ast.literal_eval(cell)
    if isinstance(items, set):
        items = sorted(map(str, items))
    return _ITEM_END.join(str(item).strip() for item in items) if isinstance(items, list | tuple) else cell


def facet_value_counts(column: "pd.Series[Any]", kind: FacetKind) -> "pd.Series[int]":
    """Return the number of songs with each value of a facet, the most frequent first. List items count singly."""
    values = column.dropna()
    return (values.str.split(_ITEM_END).explode() if kind == "list" else values).value_counts()


def _read_dates(text: "pd.Series[str]") -> "pd.Series[Any]":
    iso = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
    rest = text.where(iso.isna())
    if rest.notna().any():
        iso = iso.fillna(pd.to_datetime(rest, format="mixed", dayfirst=True, errors="coerce", utc=True))
    days = iso.dt.tz_localize(None)
    return days.where(days.dt.year.between(*DATE_YEAR_RANGE))


def _is_mostly_parsed(column: "pd.Series[Any]", filled: "pd.Series[str]") -> bool:
    return len(filled) > 0 and bool(column.notna().sum() >= _MIN_PARSED_SHARE * len(filled))


def match_facet(column: "pd.Series[Any]", facet: Facet, wanted: FacetCondition) -> npt.NDArray[np.bool_]:
    """Return bool[songs]: whether a song's value is `wanted`, one of several wanted values, or within wanted limits.

    A limit of None is open. Songs without a value never match. Raises SettingError for a value of the wrong kind."""
    if facet.kind in ("number", "date") and isinstance(wanted, tuple) and len(wanted) == 2:
        first, last = (None if end is None else _parse_facet_value(facet, end) for end in wanted)
        inside = column.notna()
        if first is not None:
            inside &= column >= first
        if last is not None:
            inside &= column <= last
        return inside.to_numpy(bool)
    values = wanted if isinstance(wanted, Collection) and not isinstance(wanted, str) else [wanted]
    if facet.kind == "list":
        items = set(map(str, values))
        return np.array(
            [isinstance(cell, str) and not items.isdisjoint(cell.split(_ITEM_END)) for cell in column], bool
        )
    return column.isin([_parse_facet_value(facet, value) for value in values]).fillna(False).to_numpy(bool)


def _parse_facet_value(facet: Facet, value: object) -> Any:
    """Convert a value that was typed, or read from a page address, to the type of the facet."""
    try:
        if facet.kind == "number":
            return float(str(value).replace(",", "."))
        if facet.kind == "date":
            return pd.Timestamp(str(value))
        if facet.kind == "boolean":
            return value if isinstance(value, bool) else (_BOOLEANS | _BOOLEAN_DIGITS)[str(value).strip().lower()]
    except (ValueError, KeyError) as error:
        raise SettingError(
            "{facet!r} is of type {kind}, and {value!r} is not.",
            facet=facet.name,
            kind=Sentence(facet.kind),
            value=value,
        ) from error
    return str(value)


def facet_named(facets: Collection[Facet], name: str) -> Facet:
    """Return the facet with this name. Raises SettingError when there is none."""
    for facet in facets:
        if facet.name == name:
            return facet
    names = ", ".join(facet.name for facet in facets) or Sentence("none")
    raise SettingError("There is no facet {name!r} (facets: {known}).", name=name, known=names)


def facet_groups(column: "pd.Series[Any]", facet: Facet) -> tuple[npt.NDArray[np.integer], pd.Index]:
    """Return (int[songs] group of each song, -1 where unknown; labels of the groups in order).

    Text and booleans by value; lists by their first item; dates by year; numbers by value when they are few and whole,
    else in `BIN_COUNT` of about as many songs, labelled "first–last"."""
    if facet.kind == "date":
        column = column.dt.year.astype("Int64")
    if facet.kind == "number":
        whole = column.dropna() % 1 == 0
        if facet.values > MAX_UNBINNED_VALUES or not whole.all():
            return _bin_numbers(column)
        column = column.astype("Int64")
    if facet.kind == "list":
        column = column.str.split(_ITEM_END).str[0]
    codes, labels = pd.factorize(column, sort=True)
    return codes, pd.Index(labels, name=facet.name)


def _bin_numbers(numbers: "pd.Series[float]") -> tuple[npt.NDArray[np.integer], pd.Index]:
    """Return the bin of each number (-1: unknown) and the labels of the bins, "least–greatest"."""
    values = numbers.dropna().to_numpy(float)
    edges = np.unique(np.quantile(values, np.arange(1, BIN_COUNT) / BIN_COUNT)) if len(values) else np.empty(0)
    codes = np.searchsorted(edges, numbers.to_numpy(float), "left")
    codes[numbers.isna().to_numpy()] = -1
    used, codes_of = np.unique(codes[codes >= 0], return_inverse=True)
    codes[codes >= 0] = codes_of
    bins = (values[codes_of == at] for at in range(len(used)))
    labels = [f"{_format_digits(own.min())}–{_format_digits(own.max())}" for own in bins]
    return codes, pd.Index(labels, name=numbers.name)


def _format_digits(value: float) -> str:
    """Return a number in digits, 1234567 and not 1.23457e+06. Beyond 15 digits it is as 1e+308."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:g}"


def unique_facet_name(name: str, taken: Collection[str]) -> str:
    """Return a facet name for a column: its first characters, stripped, with a number if the name is taken."""
    name = " ".join(str(name).split())[:LONGEST_NAME].strip() or "column"
    at, free = 1, name
    while free in taken:
        at += 1
        free = f"{name}_{at}"
    return free
