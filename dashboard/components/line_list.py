"""A paged list of lines with the song of each: where every drill-down ends."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.components import page_layout
from dashboard.components.exports import exports
from dashboard.components.inferred_note import INFERRED, shown_kind
from dashboard.components.marked_text import highlight
from dashboard.queries.song_addresses import song_key
from pipeline.analysis.counting import Ints
from pipeline.core.translation import t, t_count
from pipeline.corpus.song import shown_name

PAGE = 12


@dataclass(frozen=True)
class FoundLines:
    """Lines by their ids (a row an item), described when they are shown: thousands are found, a few are read."""

    ids: Ints
    describe: Callable[[Ints], pd.DataFrame]

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, which: slice) -> pd.DataFrame:
        """Return these of the lines as `describe_lines` gives them."""
        return self.describe(self.ids[which])


def line_list(table: pd.DataFrame | FoundLines, *, key: str, title: str = "", length: int = PAGE) -> None:
    """`table` as `describe_lines` gives it; a column `spans` marks the words in question."""
    if not len(table):
        page_layout.empty_state(t("No line here. Choose another bar, or widen the filters in the sidebar."))
        return
    st.html(f"<h3>{escape(title or t_count('{n} line', '{n} lines', len(table)))}</h3>")
    slot = st.container()
    pages = -(-len(table) // length)
    page = st.pagination(pages, key=f"page-{key}") if pages > 1 else 1
    with slot:
        items = "".join(_items(_rows(table, slice((page - 1) * length, page * length))))
        st.html(f'<div class="narrow"><ul class="lines">{items}</ul></div>')
    exports(lambda: _rows(table, slice(None)).drop(columns="spans", errors="ignore"), key)


def _rows(table: pd.DataFrame | FoundLines, which: slice) -> pd.DataFrame:
    return table.rows(which) if isinstance(table, FoundLines) else table.iloc[which]


def lines_of(what: str, lines: pd.DataFrame) -> str:
    """Return the title of a list of lines: what they have in common, and how many they are."""
    return t("{what}: {lines}", what=what, lines=t_count("{n} line", "{n} lines", len(lines)))


def _items(table: pd.DataFrame) -> list[str]:
    """Return the lines as HTML; those of one song that follow each other are one item, whose song is named once."""
    spans = table["spans"] if "spans" in table else [()] * len(table)
    marked = zip(table.itertuples(), map(highlight, table["text"], spans), strict=True)
    return [_item(list(lines)) for _, lines in groupby(marked, lambda line: (line[0].artist, line[0].title))]


def _item(lines: list[tuple[Any, str]]) -> str:
    first = lines[0][0]
    text = "".join(f"<span>{line}</span>" for _, line in lines)
    kinds = dict.fromkeys(shown_kind(row.kind, row.inferred) for row, _ in lines)
    about = f' title="{escape(t(INFERRED))}"' if any(row.inferred for row, _ in lines) else ""
    origin = f"{song_origin(first.artist, first.title, first.year)} · <span{about}>{escape(', '.join(kinds))}</span>"
    return f'<li><div class="text" lang="fr">{text}</div><span class="from">{origin}</span></li>'


def song_origin(artist: str, title: str, year: object) -> str:
    """HTML of a song as a source: its title, leading to its page, its artist and its year where it is known."""
    when = "" if pd.isna(year) else f", {year}"
    return f"{song_link(artist, title)}, {escape(shown_name(artist))}{when}"


def song_link(artist: str, title: str) -> str:
    """HTML of the title, leading to the Song page with the corpus of the address."""
    query = {"song": song_key(artist, title)}
    if corpus := st.query_params.get("corpus"):
        query["corpus"] = corpus
    address = f"song?{urlencode(query)}"
    return f'<a href="{escape(address)}" target="_self"><i>{escape(shown_name(title), quote=False)}</i></a>'
