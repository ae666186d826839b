"""Lists of lines with the song of each: where every drill-down ends, and the way there from a mark of a figure.

What was inferred is called so, by a mark beside it and by a sentence that says how much of it a page counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import cache, navigation
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, MAX_LISTED_OPTIONS
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import pick_card
from dashboard.components.frame.marked_text import highlight
from dashboard.queries.subcorpus import InferredCounts, Selection, count_inferred, song_key
from pipeline.analysis.counting import Ints
from pipeline.analysis.firsts import shuffle_across_artists
from pipeline.analysis.lines import line_details_table, lines_with_word, rows_with_word
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count
from pipeline.corpus.song import display_name

INFERRED_NOTE = mark("A ? marks a section type that the source does not give: it was inferred from repetition.")


def shown_kind(kind: str, inferred: bool) -> str:
    """Return a kind of section as it is shown beside its lines.

    >>> shown_kind("refrain", False), shown_kind("refrain", True)
    ('refrain', 'refrain\u202f?')
    """
    return f"{kind}\N{NARROW NO-BREAK SPACE}?" if inferred else kind


def say_inferred(selection: Selection) -> None:
    """Say what share of sections, and of songs, no tag and no border of the source gave."""
    if text := inferred_text(cache.query(count_inferred, selection)):
        page_layout.remark(text)


def inferred_text(counts: InferredCounts) -> str:
    """Return the sentence, "" when nothing was inferred.

    >>> inferred_text(Inferred(50, 200, 10, 40, 0, 4))
    'Inferred: the kind of 50 of 200 sections (25.0%), in 10 of 40 songs; 4 songs are pseudo-songs, stretches of a \
longer text that shows no borders.'
    """
    parts = []
    if counts.sections:
        kinds = t(
            "the type of {some} of {sections} ({share}), in {part} of {songs}",
            some=format_decimal(counts.sections),
            sections=t_count("{n} section", "{n} sections", counts.all_sections),
            share=format_percentage(counts.sections / counts.all_sections),
            part=format_decimal(counts.songs),
            songs=t_count("{n} song", "{n} songs", counts.all_songs),
        )
        parts.append(kinds)
    if counts.cut:
        parts.append(t_count("the boundaries of {n} song", "the boundaries of {n} songs", counts.cut))
    what = t("{kinds} and {borders}", kinds=parts[0], borders=parts[1]) if len(parts) > 1 else "".join(parts)
    if counts.pseudo:
        pseudo = t_count(
            "{n} is a chunk of a longer file with no song boundaries",
            "{n} are chunks of longer files with no song boundaries",
            counts.pseudo,
        )
        return t("Inferred: {what}; {pseudo}.", what=what, pseudo=pseudo) if what else f"{pseudo}."
    return t("Inferred: {what}.", what=what) if what else ""


DRAWN_NOTE = mark("Random lines, one artist at a time; repeated lines come last.")
LINES_PER_PAGE = 12
LIST_HTML = '<div class="narrow"><ul class="lines">{items}</ul></div>'


@dataclass(frozen=True)
class FoundLines:
    """Lines by their ids or rows (a row an item), described when shown: thousands are found, a few are read."""

    ids: Ints
    describe: Callable[[Ints], pd.DataFrame]
    note: str = ""  # the order that they are in

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, which: slice) -> pd.DataFrame:
        """Return these of the lines as `line_details_table` gives them."""
        return self.describe(self.ids[which])


def word_lines(selection: Selection, word: str) -> tuple[FoundLines, int]:
    """Return the lines that hold a word, described as they are shown, and how often they hold it."""
    part, layer = cache.subcorpus(selection), selection.layer
    rows, times = cache.query(rows_with_word, selection, word, layer)
    drawn = shuffle_across_artists(rows, part)
    lines = FoundLines(drawn, lambda some: lines_with_word(part, word, layer, some), t(DRAWN_NOTE))
    return lines, int(times.sum())


def drawn_lines(selection: Selection, ids: Iterable[int]) -> FoundLines:
    """Return lines of a selection by their ids, in an order drawn over artists."""
    part = cache.subcorpus(selection)
    rows = part.lines.index.get_indexer(pd.Index(list(ids)))
    ordered = part.lines.index.to_numpy()[shuffle_across_artists(rows, part)]
    return FoundLines(ordered, partial(line_details_table, part), t(DRAWN_NOTE))


def line_list(
    table: pd.DataFrame | FoundLines, *, key: str, title: str = "", length: int = LINES_PER_PAGE, none: str = ""
) -> None:
    """`table` as `line_details_table` gives it; a column `spans` marks words. `none` is said where no line is."""
    if not len(table):
        page_layout.empty_state(none or t("No lines here. Choose another bar, or widen the filters in the sidebar."))
        return
    st.html(f"<h3>{escape(title or count_lines(table))}</h3>")

    def draw(which: slice) -> None:
        st.html(LIST_HTML.format(items="".join(_items(_slice_rows(table, which)))))

    page_layout.draw_pages(len(table), length, f"page-{key}", draw)
    if isinstance(table, FoundLines) and table.note:
        page_layout.remark(table.note)
    exports(lambda: _slice_rows(table, slice(None)).drop(columns="spans", errors="ignore"), key)


def _slice_rows(table: pd.DataFrame | FoundLines, which: slice) -> pd.DataFrame:
    return table.rows(which) if isinstance(table, FoundLines) else table.iloc[which]


def line_list_title(what: str, lines: pd.DataFrame | FoundLines) -> str:
    """Return the title of a list of lines: what they have in common, and how many they are."""
    return t("{what}: {lines}", what=what, lines=count_lines(lines))


def count_lines(lines: pd.DataFrame | FoundLines) -> str:
    """Return how many lines there are."""
    return t_count("{n} line", "{n} lines", len(lines))


def pick_lines(label: str, names: Iterable[str], find: Callable[[str], pd.DataFrame], *, key: str, hint: str) -> None:
    """Draw the choice of a name, a click on a figure among its ways, and the lines that `find` finds of it."""
    name = bound.pick_or_none(label, {name: name for name in names}, key=key, look="list", hint=hint)
    if name is not None:
        lines = find(name)
        line_list(lines, key=f"{key}-{name}", title=line_list_title(name, lines))


def _items(table: pd.DataFrame) -> list[str]:
    """Return the lines as HTML; those of one song that follow each other are one item, whose song is named once."""
    spans = table["spans"] if "spans" in table else [()] * len(table)
    marked = zip(table.itertuples(), map(highlight, table["text"], spans), strict=True)
    return [_item(list(lines)) for _, lines in groupby(marked, lambda line: (line[0].artist, line[0].title))]


def _item(lines: list[tuple[Any, str]]) -> str:
    first = lines[0][0]
    text = "".join(f"<span>{line}</span>" for _, line in lines)
    kinds = dict.fromkeys(shown_kind(row.kind, row.inferred) for row, _ in lines)
    about = f' title="{escape(t(INFERRED_NOTE))}"' if any(row.inferred for row, _ in lines) else ""
    origin = f"{song_origin(first.artist, first.title, first.year)} · <span{about}>{escape(', '.join(kinds))}</span>"
    return f'<li><div class="text" lang="fr">{text}</div><span class="from">{origin}</span></li>'


def song_origin(artist: str, title: str, year: object) -> str:
    """Return HTML of a song as a source: its title, leading to its page with the corpus of the address, its artist
    and its year where it is known."""
    query = {"song": song_key(artist, title)}
    if corpus := st.query_params.get("corpus"):
        query["corpus"] = corpus
    link = f'<a href="{escape(navigation.address("song", **query))}" target="_self">'
    when = "" if pd.isna(year) else f", {year}"
    name, by = (escape(display_name(each), quote=False) for each in (title, artist))
    return f"{link}<i>{name}</i></a>, {by}{when}"


def kwic(rows: pd.DataFrame) -> str:
    """Return HTML of the rows of a concordance: left, match, right, title, artist, year."""
    items = ""
    for row in rows.itertuples():
        left, match, right = (escape(str(getattr(row, name)), quote=False) for name in ("left", "match", "right"))
        before, after = (" glued" * (text[:1] not in ("", " ")) for text in (left[::-1], right))
        items += (
            f'<li><span class="left{before}" lang="fr">{left}</span><b lang="fr">{match}</b>'
            f'<span class="right{after}" lang="fr">{right}</span>'
            f'<span class="from">{song_origin(row.artist, row.title, row.year)}</span></li>'
        )
    return f'<div class="narrow"><ul class="kwic">{items}</ul></div>'


SHARED_RUNS_PER_PAGE = 12  # of a page
MAX_NAMED_SONGS = 5  # of a run that are named


def draw_shared_run_list(runs: pd.DataFrame) -> None:
    """Draw runs of `shared_phrases`, a page at a time: each once, with all songs that have it."""
    texts = runs["text"].drop_duplicates()
    st.html(f"<h3>{escape(t_count('{n} distinct phrase', '{n} distinct phrases', len(texts)))}</h3>")

    def draw(which: slice) -> None:
        shown = texts.iloc[which]
        by_text = dict(iter(runs[runs["text"].isin(shown)].groupby("text")))
        st.html(LIST_HTML.format(items="".join(_run_item(text, by_text[text]) for text in shown)))

    page_layout.draw_pages(len(texts), SHARED_RUNS_PER_PAGE, "page-runs", draw)


def _run_item(text: str, runs: pd.DataFrame) -> str:
    names = ["song", "artist", "title", "year"]
    later = runs[[f"later_{name}" for name in names]].set_axis(names, axis=1)
    occurrences = pd.concat([runs[names], later]).drop_duplicates("song")
    occurrences = occurrences.sort_values("year", kind="stable", na_position="last")  # the earliest first
    first, *others = (
        song_origin(row.artist, row.title, row.year) for row in occurrences.head(MAX_NAMED_SONGS).itertuples()
    )
    again = " · ".join(others)
    order = t("{first}, then {again}", first=first, again=again) if runs["dated"].all() else f"{first} · {again}"
    if (more := len(occurrences) - MAX_NAMED_SONGS) > 0:
        order += f" · {t_count('{n} more song', '{n} more songs', more)}"
    return f'<li><span class="text" lang="fr">{escape(text, quote=False)}</span><span class="from">{order}</span></li>'


def draw_group_picker(selection: Selection, by: str, labels: Iterable[object], *, key: str) -> None:
    """Draw a picker of one artist, year or kind, and its lines; `key` is what a click on the figure sets."""
    names = [str(label) for label in labels]
    label = st.selectbox(
        t("Show lines"), names[:MAX_LISTED_OPTIONS], None, key=key, bind=BIND,
        placeholder=t("Click the chart, or choose"), accept_new_options=len(names) > MAX_LISTED_OPTIONS,
    )  # fmt: skip
    if label in names:
        draw_group_lines(selection, by, label, key=key)
    elif label is not None:
        bound.report_unknown(key, names, [label])


def group_card(
    selection: Selection, by: str, title: str, figure: go.Figure, table: pd.DataFrame, *, key: str, note: str, file: str
) -> None:
    """Draw a card with a row a group, the picker of the lines of one, and the way to save the table of all."""
    picks = f"{key}_{by}"
    pick_card(title, figure, key=picks, picks=picks, note=note, at="y")
    draw_group_picker(selection, by, table[by], key=picks)
    exports(table, f"{file}-by-{by}")


def draw_group_lines(selection: Selection, by: str, label: str, *, key: str) -> None:
    """Draw the lines of one artist, year or kind."""
    own = narrow_selection(selection, by, label)
    lines = drawn_lines(own, cache.subcorpus(own).lines.index.unique())
    line_list(lines, key=f"lines-{key}", title=line_list_title(label, lines), length=8)


def song_lines(selection: Selection, song: int, *, key: str) -> None:
    """Draw the lines of one song, each with the way to the Song page."""
    part = cache.subcorpus(selection)
    if song not in part.songs.index:
        page_layout.empty_state(
            t("This song is not in the selection. Choose another, or widen the filters in the sidebar.")
        )
        return
    row = part.songs.loc[song]
    lines = line_details_table(part, part.lines.index[part.lines["song"] == song])
    title = line_list_title(", ".join(map(display_name, row[["artist", "title"]])), lines)
    line_list(lines, key=f"lines-{key}", title=title, length=8)


def narrow_selection(selection: Selection, by: str, label: str) -> Selection:
    """Return the part of the selection that a mark stands for."""
    if by == "artist":
        return selection._replace(artists=(label,))
    if by == "year":
        return selection._replace(years=(int(label), int(label)))
    if by == "kind":
        return selection._replace(kinds=(label,))
    return selection._replace(group=(by, (label,)))
