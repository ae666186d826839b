"""What a corpus says of itself: one line for a console, a small table for a notebook. Computes nothing but sizes.

Names come from anybody's files: in HTML they are escaped.
"""

from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.translation import number, t, t_count

if TYPE_CHECKING:
    from pipeline.corpus.table import Corpus

_NAMED = 3  # values of a filter that are written out
_LONGEST = 40  # characters of one of them


def describe(corpus: "Corpus") -> str:
    """Return one line: the name, what is selected, how much of it there is."""
    years = f" ({span})" if (span := _years(corpus)) else ""
    chosen = f" [{selected}]" if (selected := selection_text(corpus)) else ""
    sizes = [f"{count:,} {name}" for name, count in _sizes(corpus).items()]
    return f"Corpus {corpus.name!r}{chosen}: {sizes[0]} by {', '.join(sizes[1:])}{years}"


def describe_html(corpus: "Corpus") -> str:
    """Return the same as a table of one row, in the language of the moment."""
    sizes = _sizes(corpus)
    cells = {
        t("Songs"): number(sizes["songs"]),
        t("Artists"): number(sizes["artists"]),
        t("Years"): _years(corpus) or "–",
        t("Lines"): number(sizes["lines"]),
        t("Words"): number(sizes["words"]),
        t("Selected"): selection_text(corpus) or t("everything"),
    }
    head, row = (
        "".join(f"<{tag}>{escape(text)}</{tag}>" for text in part)
        for tag, part in (("th", cells), ("td", cells.values()))
    )
    return f"<table><caption>{escape(corpus.name)}</caption><tr>{head}</tr><tr>{row}</tr></table>"


def selection_text(corpus: "Corpus") -> str:
    """Return what `where` was asked for, as text; "" for a whole corpus."""
    return ", ".join(f"{name}={_value(name, value)}" for name, value in corpus.selection)


def _sizes(corpus: "Corpus") -> dict[str, int]:
    """Songs, artists, and of the lyrics the lines that hold a word and the words: what pages say of a corpus."""
    ids, rows = corpus.token_table()
    return {
        "songs": len(corpus.songs),
        "artists": corpus.songs["artist"].nunique(),
        "lines": int(np.count_nonzero(np.diff(rows, prepend=-1))),
        "words": len(ids),
    }


def _years(corpus: "Corpus") -> str:
    span = corpus.year_span
    return "" if span is None else "–".join(map(str, dict.fromkeys(span)))


def _value(name: str, value: Any) -> str:
    if isinstance(value, str) or not isinstance(value, Collection):
        return _shorten_value(value)
    values = list(value)
    if isinstance(value, tuple) and len(value) == 2 and name not in ("artists", "kinds", "languages", "songs"):
        return "–".join("" if end is None else _shorten_value(end) for end in values)
    if name == "songs" or len(values) > _NAMED:
        return t_count("{n} value", "{n} values", len(values))
    return " + ".join(map(_shorten_value, values))


def _shorten_value(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
