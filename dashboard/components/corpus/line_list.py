"""Lists of lines with the song of each, which a click on the bar or dot of a chart opens.

An inferred type of section has a question mark, and a sentence says how much of what a page counts was inferred.
"""

from collections.abc import Callable, Iterable, Sequence
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
from dashboard.components.frame.figure_card import clickable_card
from dashboard.components.frame.marked_text import highlight
from dashboard.locale.phrasing import section_name
from dashboard.queries.subcorpus import InferredStructureCounts, Selection, count_inferred_data, select_groups, song_key
from dashboard.queries.words import lines_with_matches_marked
from pipeline.analysis.counting import GroupingKey, Ints
from pipeline.analysis.firsts import shuffle_across_artists
from pipeline.analysis.lines import line_details_table, lines_with_word, rows_of_lines, rows_with_word
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count
from pipeline.corpus.song import display_name
from pipeline.language.tokens import tokenise

INFERRED_NOTE = mark("A ? marks a section type that the source does not give: it was inferred from repetition.")


def section_kind_label(kind: str, inferred: bool) -> str:
    """Return a type of section as it is shown beside its lines, with a question mark where it was inferred.

    >>> section_kind_label("refrain", False), section_kind_label("refrain", True)
    ('chorus', 'chorus\u202f?')
    """
    return f"{section_name(kind)}\N{NARROW NO-BREAK SPACE}?" if inferred else section_name(kind)


NOTED_SHARE = 0.01  # of the sections whose type was inferred: each has its mark, fewer need no remark


def note_inferred_data(selection: Selection) -> None:
    """Draw a note on how many section types and song boundaries were inferred; draw nothing where none were."""
    if text := inferred_structure_sentence(cache.query(count_inferred_data, selection)):
        page_layout.remark(text)


def inferred_structure_sentence(counts: InferredStructureCounts) -> str:
    """Return a sentence that says how much was inferred, "" when it was nothing or a few types of section.

    >>> inferred_structure_sentence(InferredStructureCounts(50, 200, 10, 40, 0, 4))
    'Inferred: the type of 50 of 200 sections (25.0%), in 10 of 40 songs; 4 are chunks of longer files with no song \
boundaries.'
    """
    parts = []
    if counts.sections > NOTED_SHARE * counts.all_sections:
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
    """Lines by their ids or rows. Texts and songs are looked up only when a page of the lines is shown."""

    ids: Ints
    describe: Callable[[Ints], pd.DataFrame]
    note: str = ""  # the order that they are in

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, which: slice) -> pd.DataFrame:
        """Return a slice of the lines as a `line_details_table`."""
        return self.describe(self.ids[which])


def shuffled_lines_with_word(selection: Selection, word: str) -> tuple[FoundLines, int]:
    """Return (the lines with a word, in an order shuffled over artists; how often it occurs in them)."""
    part, layer = cache.subcorpus(selection), selection.layer
    rows, times = cache.query(rows_with_word, selection, word, layer)
    drawn = shuffle_across_artists(rows, part)
    lines = FoundLines(drawn, lambda some: lines_with_word(part, word, layer, some), t(DRAWN_NOTE))
    return lines, int(times.sum())


def shuffled_lines(selection: Selection, ids: Iterable[int], marked: Sequence[str] = ()) -> FoundLines:
    """Return the lines of these ids in an order shuffled over artists, with the matches of some queries marked."""
    part = cache.subcorpus(selection)
    rows = rows_of_lines(part, list(ids))
    ordered = part.lines.index.to_numpy()[shuffle_across_artists(rows, part)]
    describe = partial(lines_with_matches_marked, part, marked, selection.layer)
    return FoundLines(ordered, describe if marked else partial(line_details_table, part), t(DRAWN_NOTE))


def draw_line_list(
    table: pd.DataFrame | FoundLines, *, key: str, title: str = "", length: int = LINES_PER_PAGE, none: str = ""
) -> None:
    """Draw lines in pages of `length`, each with its song, and their export. `table` is a `line_details_table`, whose
    column `spans`, if any, marks words. `none` is the text for an empty table."""
    if not len(table):
        page_layout.empty_state(none or t("No lines here. Choose another bar, or widen the filters in the sidebar."))
        return
    st.html(f"<h3>{escape(title or count_lines(table))}</h3>")

    def draw(which: slice) -> None:
        draw_lines(_slice_rows(table, which))

    page_layout.draw_paginated(len(table), length, f"page-{key}", draw)
    if isinstance(table, FoundLines) and table.note:
        page_layout.remark(table.note)
    exports(lambda: _slice_rows(table, slice(None)).drop(columns="spans", errors="ignore"), key)


def draw_lines(table: pd.DataFrame) -> None:
    """Draw all lines of a table as `draw_line_list` draws them."""
    st.html(LIST_HTML.format(items="".join(_line_items_html(table))))


def _slice_rows(table: pd.DataFrame | FoundLines, which: slice) -> pd.DataFrame:
    return table.rows(which) if isinstance(table, FoundLines) else table.iloc[which]


def line_list_title(what: str, lines: pd.DataFrame | FoundLines) -> str:
    """Return the title of a list of lines: what they have in common, and their number."""
    return t("{what}: {lines}", what=what, lines=count_lines(lines))


def count_lines(lines: pd.DataFrame | FoundLines) -> str:
    """Return the number of lines with its noun, such as "1 line" or "12 lines"."""
    return t_count("{n} line", "{n} lines", len(lines))


def draw_lines_of_picked_name(
    label: str, names: Iterable[str], find: Callable[[str], pd.DataFrame], *, key: str, hint: str
) -> None:
    """Draw a list to pick a name from, and the lines that `find` returns for it. A click on the figure picks too."""
    name = bound.pick_or_none(label, {name: name for name in names}, key=key, look="list", hint=hint)
    if name is not None:
        lines = find(name)
        draw_line_list(lines, key=f"{key}-{name}", title=line_list_title(name, lines))


def _line_items_html(table: pd.DataFrame) -> list[str]:
    """Return list items as HTML; successive lines of one song share an item, which names the song once."""
    spans = table["spans"] if "spans" in table else [()] * len(table)
    marked = zip(table.itertuples(), map(highlight, table["text"], spans), strict=True)
    return [_line_item_html(list(lines)) for _, lines in groupby(marked, lambda line: (line[0].artist, line[0].title))]


def _line_item_html(lines: list[tuple[Any, str]]) -> str:
    first = lines[0][0]
    text = "".join(f"<span>{line}</span>" for _, line in lines)
    kinds = dict.fromkeys(section_kind_label(row.kind, row.inferred) for row, _ in lines)
    about = f' title="{escape(t(INFERRED_NOTE))}"' if any(row.inferred for row, _ in lines) else ""
    origin = (
        f"{song_origin_html(first.artist, first.title, first.year)} · <span{about}>{escape(', '.join(kinds))}</span>"
    )
    return f'<li><div class="text" lang="fr">{text}</div><span class="from">{origin}</span></li>'


def song_origin_html(artist: str, title: str, year: object) -> str:
    """Return HTML that names the song of a line: its title as a link to its page, its artist, and its year if known."""
    query = {"song": song_key(artist, title)}
    if corpus := st.query_params.get("corpus"):
        query["corpus"] = corpus
    link = f'<a href="{escape(navigation.address("song", **query))}" target="_self">'
    when = "" if pd.isna(year) else f", {year}"
    name, by = (escape(display_name(each), quote=False) for each in (title, artist))
    return f"{link}<i>{name}</i></a>, {by}{when}"


LONG_CONTEXT = 40  # characters before a match that may take two lines, of which the last stands beside it


def concordance_html(rows: pd.DataFrame) -> str:
    """Return HTML of the rows of a concordance: left, match, right, title, artist, year."""
    items = ""
    for row in rows.itertuples():
        left, match, right = (escape(str(getattr(row, name)), quote=False) for name in ("left", "match", "right"))
        before, after = (" glued" * (text[:1] not in ("", " ")) for text in (left[::-1], right))
        late = ' class="late"' * (len(left) > LONG_CONTEXT)
        items += (
            f'<li{late}><span class="left{before}" lang="fr">{left}</span><b lang="fr">{match}</b>'
            f'<span class="right{after}" lang="fr">{right}</span>'
            f'<span class="from">{song_origin_html(row.artist, row.title, row.year)}</span></li>'
        )
    return f'<div class="narrow"><ul class="kwic">{items}</ul></div>'


SHARED_RUNS_PER_PAGE = 8  # of a page: as high as the network beside them
MAX_NAMED_SONGS = 5  # of a run that are named


def draw_shared_phrase_list(selection: Selection, runs: pd.DataFrame) -> None:
    """Draw phrases of `rank_shared_phrases` in pages: each cluster once, as the line of its first phrase, with all
    songs that contain it."""
    firsts = runs.drop_duplicates("cluster")
    title = t_count("{n} distinct phrase", "{n} distinct phrases, the rarest and most complete first", len(firsts))
    st.html(f"<h3>{escape(title)}</h3>")

    def draw(which: slice) -> None:
        shown = firsts.iloc[which]
        phrases = [" ".join(tokenise(text)) for text in shown["text"]]
        lines = lines_with_matches_marked(
            cache.subcorpus(selection), phrases, selection.layer, shown["line"].to_numpy()
        )
        texts = map(highlight, lines["text"], lines["spans"])
        clusters = dict(iter(runs.groupby("cluster")))
        items = map(_shared_phrase_html, texts, (clusters[cluster] for cluster in shown["cluster"]))
        st.html(LIST_HTML.format(items="".join(items)))

    page_layout.draw_paginated(len(firsts), SHARED_RUNS_PER_PAGE, "page-runs", draw)


def _shared_phrase_html(line_html: str, runs: pd.DataFrame) -> str:
    names = ["song", "artist", "title", "year"]
    later = runs[[f"later_{name}" for name in names]].set_axis(names, axis=1)
    occurrences = pd.concat([runs[names], later]).drop_duplicates("song")
    occurrences = occurrences.sort_values("year", kind="stable", na_position="last")  # the earliest first
    songs = occurrences.head(MAX_NAMED_SONGS).itertuples()
    order = " · ".join(song_origin_html(row.artist, row.title, row.year) for row in songs)
    if (more := len(occurrences) - MAX_NAMED_SONGS) > 0:
        order += f" · {t_count('{n} more song', '{n} more songs', more)}"
    return f'<li><span class="text" lang="fr">{line_html}</span><span class="from">{order}</span></li>'


def draw_group_picker(selection: Selection, by: GroupingKey, labels: Iterable[object], *, key: str) -> None:
    """Draw the choice of one group (an artist, a year, a type of section) and the list of its lines. `key` is the
    widget that a click on a figure sets."""
    names, hint = [str(label) for label in labels], t("Click the chart, or choose")
    if by == "kind":
        kinds = {name: section_name(name) for name in names}
        label = bound.pick_or_none(t("Show lines"), kinds, key=key, look="list", hint=hint)
    else:
        label = st.selectbox(
            t("Show lines"), names[:MAX_LISTED_OPTIONS], None, key=key, bind=BIND, placeholder=hint,
            accept_new_options=len(names) > MAX_LISTED_OPTIONS,
        )  # fmt: skip
    if label in names:
        draw_group_lines(selection, by, label, key=key)
    elif label is not None:
        bound.report_unknown(key, names, [label])


def draw_group_card(
    selection: Selection,
    by: GroupingKey,
    title: str,
    figure: go.Figure,
    table: pd.DataFrame,
    *,
    key: str,
    note: str,
    file: str,
    at: str = "y",
) -> None:
    """Draw a figure with a mark for each group, named in its field `at`, the choice of a group with its lines, and the
    export of the table."""
    picks = f"{key}_{by}"
    clickable_card(title, figure, key=picks, picks=picks, note=note, at=at)
    draw_group_picker(selection, by, table[by], key=picks)
    exports(table, f"{file}-by-{by}")


def draw_group_lines(selection: Selection, by: GroupingKey, label: str, *, key: str) -> None:
    """Draw the list of the lines of one group, such as an artist or a year."""
    own = select_groups(selection, by, (label,))
    lines = shuffled_lines(own, cache.subcorpus(own).lines.index.unique())
    name = section_name(label) if by == "kind" else label
    draw_line_list(lines, key=f"lines-{key}", title=line_list_title(name, lines), length=8)


def draw_song_lines(selection: Selection, song: int, *, key: str) -> None:
    """Draw the list of the lines of one song, or a note that the song is not in the selection."""
    part = cache.subcorpus(selection)
    if song not in part.songs.index:
        page_layout.empty_state(
            t("This song is not in the selection. Choose another, or widen the filters in the sidebar.")
        )
        return
    row = part.songs.loc[song]
    lines = line_details_table(part, part.lines.index[part.lines["song"] == song])
    title = line_list_title(", ".join(map(display_name, row[["artist", "title"]])), lines)
    draw_line_list(lines, key=f"lines-{key}", title=title, length=8)
