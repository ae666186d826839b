"""Corpus: songs, sections, lines and tokens as columns. Knows nothing of raw text or of statistics.

    songs     song      title artist album year featuring source fingerprint language extent
                        artist_origin, then its facets
    sections  section   song kind number performers repeat position language inferred certainty
    lines     line      song section position repeat start stop, and when it is sung: seconds seconds_end
    all_texts line      the text of each line of the whole corpus
    tokens    int32[n]  index of each token in `vocabulary`; line i owns tokens[start:stop]
    adlib     bool[n]   whether the token stands in an ad-lib, (skrrt)
    word_times          seconds at which a token begins, by its number in `tokens`: of those of which a source says it

The index of each frame is its own id (`song`, `section`, `line`): `where` drops rows and keeps ids, and texts and
tokens stay shared, so a filtered corpus costs a few column copies; `texts` are those of its own lines.

`describe_corpus` describes a corpus in a console and in a notebook. Names come from anybody's files: in HTML they are
escaped.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from numbers import Integral
from threading import RLock
from typing import Any, Literal, TypeVar, cast, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.core.errors import Sentence, SettingError, spelling_suggestion
from pipeline.core.translation import format_decimal, mark, t, t_count
from pipeline.corpus.facets import Facet, FacetCondition, facet_named, facet_value_counts, match_facet
from pipeline.corpus.song import SECTION_KINDS
from pipeline.language.vocabulary import Ids, Vocabulary

Layer = Literal["lyrics", "adlibs", "all"]
T = TypeVar("T")

SONG_COLUMNS = (
    "title", "artist", "album", "year", "featuring", "source", "fingerprint", "language", "extent", "artist_origin",
)  # fmt: skip
SECTION_COLUMNS = (
    "song", "kind", "number", "performers", "repeat", "position", "language", "inferred", "certainty",
)  # fmt: skip
DEFAULT_LANGUAGES = ("fr",)  # what statistics and training keep unless asked for more

LINE_COLUMNS = ("song", "section", "position", "text", "repeat", "start", "stop", "seconds", "seconds_end")

# What is said of a value that a corpus has not, by the argument of `where`.
_MISSING_VALUE_MESSAGES = {
    "artists": mark("There is no artist {value!r} in {corpus!r}{near}."),
    "kinds": mark("There is no section type {value!r}{near}."),
    "languages": mark("There is no language {value!r}{near}: give a code, such as fr."),
    "songs": mark("There is no song {value!r} in {corpus!r}: give song ids."),
    "lines": mark("There is no line {value!r} in {corpus!r}: give line ids."),
}
_MISSING_FACET_MESSAGE = mark("No song of {corpus!r} has {name} {value!r}{near}.")  # of a facet

_MAX_FILTER_VALUES_SHOWN = 3  # values of a filter that are written out
_MAX_FILTER_VALUE_LENGTH = 40  # characters of one of them


@dataclass(frozen=True, eq=False)
class Corpus:
    """A corpus of songs, or a part of one, as immutable tables. Treat every frame and array as read-only.

    Lines that are given with their `text` have it kept apart, in `all_texts`."""

    name: str
    songs: pd.DataFrame
    sections: pd.DataFrame
    lines: pd.DataFrame
    tokens: Ids
    adlib: npt.NDArray[np.bool_]
    vocabulary: Vocabulary
    facets: tuple[Facet, ...] = ()
    selection: tuple[tuple[str, Any], ...] = ()  # what `where` was asked for, in order: (argument or facet, value)
    all_texts: pd.Series = field(default_factory=lambda: pd.Series(dtype="str"))
    word_times: pd.Series = field(default_factory=lambda: pd.Series(dtype="float32"))
    all_songs: pd.DataFrame | None = None  # of the whole corpus: what the names that `where` is given are checked by

    def __post_init__(self) -> None:
        if self.all_songs is None:
            object.__setattr__(self, "all_songs", self.songs)
        if "text" in self.lines:
            object.__setattr__(self, "all_texts", self.lines["text"])
            object.__setattr__(self, "lines", self.lines.drop(columns="text"))

    @property
    def texts(self) -> pd.Series:
        """The text of each line, one row per row of `lines`; computed on each access."""
        return pd.Series(self._texts_at(self.lines.index), self.lines.index, name="text")

    def texts_of(self, lines: Collection[int]) -> list[str]:
        """Return the texts of lines, given by their ids. Raises SettingError for an unknown id."""
        _check_filters({"lines": lines}, None)
        return self._texts_at(pd.Index(list(lines) if isinstance(lines, set | Mapping) else lines)).tolist()

    def _texts_at(self, lines: pd.Index) -> Any:
        ids = self.all_texts.index
        if lines.equals(ids):
            return self.all_texts.array
        rows = ids.get_indexer(lines)
        if len(rows) and rows.min() < 0:
            raise self._missing_value_error("lines", lines[int(rows.argmin())])
        return self.all_texts.array.take(rows)

    def where(
        self,
        *,
        artists: Collection[str] = (),
        years: tuple[int, int] | None = None,
        kinds: Collection[str] = (),
        languages: Collection[str] = (),
        songs: Collection[int] | None = None,
        lines: Collection[int] | None = None,
        facets: Mapping[str, FacetCondition] | None = None,
        inferred: bool | None = None,
    ) -> "Corpus":
        """Return the part of the corpus by these artists, of these years, section kinds and languages.

        An empty `artists`, `kinds` or `languages` means all; statistics and training pass `DEFAULT_LANGUAGES`. `years`
        is (first, last, both included) and excludes songs of unknown year. `facets` says for each facet the value, the
        values, or (first, last) of numbers and dates; `inferred` keeps sections whose kind was inferred, or was not.
        Songs left without a line are excluded; `songs` and `lines` are ids. Raises SettingError for a value that the
        whole corpus lacks, one value where several are asked for, one year where (first, last) is, and years in
        reverse."""
        ids = {"songs": () if songs is None else songs, "lines": () if lines is None else lines}
        if not (facets is None or isinstance(facets, Mapping)):
            raise SettingError("facets is {value!r}: give a dict, such as facets={{'topic': 'rue'}}.", value=facets)
        if not (inferred is None or isinstance(inferred, bool)):
            raise SettingError("inferred is {value!r}: give True or False.", value=inferred)
        _check_filters({"artists": artists, "kinds": kinds, "languages": languages, **ids}, years)
        self._check_filter_values({"artists": artists, "kinds": kinds, "languages": languages, **ids}, facets or {})
        of_songs = self.song_mask(artists=artists, years=years)
        if songs is not None:
            of_songs &= self.songs.index.isin(list(songs))
        for name, value in (facets or {}).items():
            facet = facet_named(self.facets, name)
            of_songs &= match_facet(self.songs[name], facet, value)
        of_sections = np.ones(len(self.sections), bool)
        for column, values in (("kind", kinds), ("language", languages)):
            if values:
                of_sections &= self.sections[column].isin(list(values)).to_numpy()
        if inferred is not None:
            of_sections &= self.sections["inferred"].to_numpy(bool) == inferred
        if of_songs.all() and of_sections.all() and lines is None:
            return self
        filters: dict[str, Any] = {"artists": artists, "years": years, "kinds": kinds, "languages": languages}
        filters = {**filters, "songs": songs, "lines": lines, **(facets or {}), "inferred": inferred}
        active_filters = tuple(
            (name, value) for name, value in filters.items() if not (value is None or _is_empty_filter(value))
        )
        sections = self.sections[of_sections & self.sections["song"].isin(self.songs.index[of_songs]).to_numpy()]
        own = self.lines[self.lines["section"].isin(sections.index)]
        if lines is not None:
            own = own[own.index.isin(list(lines))]
            sections = sections[sections.index.isin(own["section"])]
        remaining = self.songs[of_songs & self.songs.index.isin(own["song"].unique())]
        return replace(
            self, songs=remaining, sections=sections, lines=own, selection=(*self.selection, *active_filters)
        )

    def _check_filter_values(self, names: Mapping[str, Collection[Any]], facets: Mapping[str, FacetCondition]) -> None:
        """Raise SettingError for a value of a filter that does not occur in the whole corpus."""
        from pipeline.corpus.languages import LANGUAGE_NAMES  # reads tables of words

        songs = self.songs if self.all_songs is None else self.all_songs
        there: dict[str, Callable[[], Any]] = {
            "artists": lambda: songs["artist"].unique(),
            "kinds": lambda: SECTION_KINDS,
            "languages": lambda: LANGUAGE_NAMES,
            "songs": lambda: songs.index,
            "lines": lambda: self.all_texts.index,
        }
        for name, value in facets.items():
            if (facet := facet_named(self.facets, name)).kind in ("text", "list"):
                several = isinstance(value, Collection) and not isinstance(value, str)
                names = {**names, name: cast("Collection[Any]", value) if several else [value]}
                there[name] = facet_value_counts(songs[name], facet.kind).index.tolist
        for name, values in names.items():
            if not len(values):
                continue
            requested, available = pd.Index(list(values)), pd.Index(there[name]())
            if (missing := available.get_indexer_for(requested) < 0).any():
                value = requested[missing].tolist()[0]
                raise self._missing_value_error(name, value, spelling_suggestion(str(value), map(str, available)))

    def _missing_value_error(self, name: str, value: Any, suggestion: str = "") -> SettingError:
        """Return the error for a filter value that the corpus lacks, such as an artist or a facet's value."""
        plain = value.item() if hasattr(value, "item") else value
        reason = Sentence(
            _MISSING_VALUE_MESSAGES.get(name, _MISSING_FACET_MESSAGE),
            corpus=self.name,
            value=plain,
            name=name,
            near=suggestion,
        )
        return SettingError("{reason}", reason=reason)

    def song_mask(
        self, *, artists: Collection[str] = (), years: tuple[int, int] | None = None
    ) -> npt.NDArray[np.bool_]:
        """Return bool[songs]: whether a song is by one of these artists, from these `years` (both included)."""
        _check_filters({"artists": artists}, years)
        chosen = np.ones(len(self.songs), bool)
        if artists:
            chosen &= self.songs["artist"].isin(list(artists)).to_numpy()
        if years is not None:
            chosen &= self.songs["year"].between(*years).fillna(False).to_numpy(bool)
        return chosen

    def __len__(self) -> int:
        """Return the number of songs."""
        return len(self.songs)

    def __bool__(self) -> bool:
        """Return True: a corpus without songs is a corpus too."""
        return True

    def __repr__(self) -> str:
        return f"<{describe_corpus(self)}>"

    def _repr_html_(self) -> str:
        return describe_corpus_html(self)

    @cached_property
    def _cache(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def _cache_lock(self) -> RLock:
        return RLock()

    def __getstate__(self) -> dict[str, Any]:
        """Return the state to pickle, without cached results."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_cache", "_cache_lock")}

    def cached(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return `compute()`, cached under `key` for this part of the corpus. Treat the result as read-only.

        Threads wait for the first one that asks: `compute` must not wait for another thread that asks."""
        if key not in self._cache:
            with self._cache_lock:
                if key not in self._cache:
                    self._cache[key] = compute()
        return self._cache[key]

    def token_table(self, layer: Layer = "lyrics") -> tuple[Ids, Ids]:
        """Return (`token_ids` of a layer, int32[n]: the row in `lines` of each token). The rows are a new array."""
        lengths = self.line_lengths(layer)
        return self.token_ids(layer), np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)

    def token_ids(self, layer: Layer = "lyrics") -> Ids:
        """Return the word ids int32[n] of the lyrics, the ad-libs, or all, in order of `lines`.

        Cached; read-only. Raises SettingError for another layer."""
        return self._cached_layer(layer)[0]

    def line_lengths(self, layer: Layer = "lyrics") -> Ids:
        """Return int32[lines]: how many words (lyrics, ad-libs or all) each row of `lines` holds.

        Cached; read-only. Raises SettingError for another layer."""
        return self._cached_layer(layer)[1]

    def line_starts(self, layer: Layer = "lyrics") -> npt.NDArray[np.int64]:
        """Return int64[lines + 1]: where the words of each row of `lines` begin in `token_ids`. The last is their
        end."""
        return np.append(0, np.cumsum(self.line_lengths(layer)))

    def _cached_layer(self, layer: Layer) -> tuple[Ids, Ids]:
        if layer not in get_args(Layer):
            raise SettingError(
                "There is no layer {layer!r}{near}: choose one of {known}.",
                layer=layer,
                known=", ".join(get_args(Layer)),
                near=spelling_suggestion(str(layer), get_args(Layer)),
            )
        return self.cached(("tokens", layer), lambda: self._lyric_or_adlib_tokens(layer))

    def _lyric_or_adlib_tokens(self, layer: Layer) -> tuple[Ids, Ids]:
        """Return (the word ids of lyrics, ad-libs or both, int32[lines]: the number of these words in each line)."""
        start, stop = (self.lines[name].to_numpy(np.intp) for name in ("start", "stop"))
        length = (stop - start).astype(np.int32)
        if np.any(start[1:] < stop[:-1]):  # as heard: a line occurs as often as it is performed
            positions = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length - start, length)
            if layer == "all":
                return self.tokens[positions], length
            keep = self.adlib[positions] == (layer == "adlibs")
            rows = np.repeat(np.arange(len(length)), length)[keep]
            return self.tokens[positions[keep]], np.bincount(rows, minlength=len(length)).astype(np.int32)
        token_range = slice(start[:1].sum(), stop[-1:].sum())
        full = np.flatnonzero(length)
        edges = np.zeros(
            token_range.stop - token_range.start + 1, np.int8
        )  # no array of places: new memory is what takes the time
        edges[start[full] - token_range.start] += 1
        edges[stop[full] - token_range.start] -= 1
        inside = np.cumsum(edges[:-1], dtype=np.int8).view(bool)
        if layer != "all":
            aside = inside & self.adlib[token_range]
            at = full[
                np.searchsorted(start[full], np.flatnonzero(aside) + token_range.start, "right") - 1
            ]  # few, in order
            shouted = np.bincount(at, minlength=len(length)).astype(np.int32)
            inside, length = (aside, shouted) if layer == "adlibs" else (inside & ~aside, length - shouted)
        ids = self.tokens[token_range]
        return ids if inside.all() else ids[inside], length

    def word_counts(self, layer: Layer = "lyrics") -> npt.NDArray[np.int64]:
        """Return int64[len(vocabulary)]: how often each word occurs in this part of the corpus. Cached; read-only."""
        ids, size = self.token_ids(layer), len(self.vocabulary)
        return self.cached(("counts", layer), lambda: np.bincount(ids, minlength=size).astype(np.int64))

    def song_lines(self, song: int) -> list[tuple[int, str]]:
        """Return (section id, text) of each line of a song, in order. Raises SettingError for an unknown id."""
        if not isinstance(song, Integral) or song not in self.songs.index:
            raise self._missing_value_error("songs", song)
        part = self.lines[self.lines["song"] == song]
        return list(zip(part["section"].tolist(), self.texts_of(part.index), strict=True))

    @property
    def artists(self) -> list[str]:
        """The names of the artists, in alphabetical order."""
        return sorted(self.songs["artist"].unique())

    @property
    def year_span(self) -> tuple[int, int] | None:
        """The first and the last known year; None when no song has one."""
        years = self.songs["year"].dropna()
        return None if years.empty else (int(years.min()), int(years.max()))


def _check_filters(names: Mapping[str, object], years: object) -> None:
    for argument, value in names.items():
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise SettingError(
                "{argument} is {value!r}: give a list, {argument}=[{value!r}].", argument=argument, value=value
            )
    if years is not None and not (
        isinstance(years, tuple | list) and len(years) == 2 and all(isinstance(year, Integral) for year in years)
    ):
        raise SettingError(
            "years is {years}: give the first and the last, such as years=(2000, 2010).", years=str(years)
        )
    if years is not None and years[0] > years[1]:
        raise SettingError("years is {years}: the first comes after the last.", years=str(years))


def _is_empty_filter(wanted: Any) -> bool:
    return isinstance(wanted, Collection) and not len(wanted)


def describe_corpus(corpus: Corpus) -> str:
    """Return one line on a corpus: its name, the active filters and its size."""
    years = f" ({span})" if (span := _year_span_text(corpus)) else ""
    chosen = f" [{selected}]" if (selected := describe_filters(corpus)) else ""
    sizes = [f"{count:,} {name}" for name, count in _counts_by_unit(corpus).items()]
    return f"Corpus {corpus.name!r}{chosen}: {sizes[0]} by {', '.join(sizes[1:])}{years}"


def describe_corpus_html(corpus: Corpus) -> str:
    """Return a corpus's name, filters and size as an HTML table of one row, in the current language."""
    sizes = _counts_by_unit(corpus)
    cells = {
        t("Songs"): format_decimal(sizes["songs"]),
        t("Artists"): format_decimal(sizes["artists"]),
        t("Years"): _year_span_text(corpus) or "–",
        t("Lines"): format_decimal(sizes["lines"]),
        t("Words"): format_decimal(sizes["words"]),
        t("Selected"): describe_filters(corpus) or t("everything"),
    }
    head, row = (
        "".join(f"<{tag}>{escape(text)}</{tag}>" for text in part)
        for tag, part in (("th", cells), ("td", cells.values()))
    )
    return f"<table><caption>{escape(corpus.name)}</caption><tr>{head}</tr><tr>{row}</tr></table>"


def describe_filters(corpus: Corpus) -> str:
    """Return the active filters of a part of a corpus as text; "" for a whole corpus."""
    return ", ".join(f"{name}={_filter_value_text(name, value)}" for name, value in corpus.selection)


def _counts_by_unit(corpus: Corpus) -> dict[str, int]:
    """Return the numbers of songs, artists, words, and lines with at least one word, ad-libs excluded."""
    return {
        "songs": len(corpus.songs),
        "artists": corpus.songs["artist"].nunique(),
        "lines": int(np.count_nonzero(corpus.line_lengths())),
        "words": len(corpus.token_ids()),
    }


def _year_span_text(corpus: Corpus) -> str:
    span = corpus.year_span
    return "" if span is None else "–".join(map(str, dict.fromkeys(span)))


def _filter_value_text(name: str, value: Any) -> str:
    if isinstance(value, str) or not isinstance(value, Collection):
        return _shorten_filter_value(value)
    values = list(value)
    if isinstance(value, tuple) and len(value) == 2 and name not in ("artists", "kinds", "languages", "songs", "lines"):
        return "–".join("" if end is None else _shorten_filter_value(end) for end in values)
    if name in ("songs", "lines") or len(values) > _MAX_FILTER_VALUES_SHOWN:
        return t_count("{n} value", "{n} values", len(values))
    return " + ".join(map(_shorten_filter_value, values))


def _shorten_filter_value(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MAX_FILTER_VALUE_LENGTH else text[: _MAX_FILTER_VALUE_LENGTH - 1] + "…"
