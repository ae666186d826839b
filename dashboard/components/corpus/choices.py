"""Controls of a figure: which version of the lyrics it counts, what it compares, whose lines it shows.

The address holds the choices. A figure of too many groups draws those at both ends and those that a visitor looks for,
and says how many it leaves out; one without any group says why.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import cache, navigation
from dashboard.charts import bar_charts
from dashboard.charts.palette import INK
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, pick_some
from dashboard.components.frame.figure_card import clickable_card
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import section_name
from dashboard.queries.groups import ENDS, MOST, count_ungrouped_songs, select_shown_rows
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import GroupingKey
from pipeline.analysis.variants import Variant
from pipeline.analysis.words.structure import songs_with_single_line_sections
from pipeline.core.translation import format_decimal, mark, t, t_count, translate_labels
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus

K = TypeVar("K", bound=str | int)

GROUPS: dict[GroupingKey, str] = {
    "artist": mark("Artist"), "year": mark("Year"), "decade": mark("Decade"), "kind": mark("Section"),
    "song": mark("Song"),
}  # fmt: skip
_NAMES: dict[GroupingKey, str] = {
    "artist": mark("artist"), "year": mark("year"), "decade": mark("decade"), "kind": mark("type of section"),
    "song": mark("song"),
}  # fmt: skip
VARIANTS: dict[Variant, str] = {
    "written": mark("As written"), "heard": mark("As performed"), "once": mark("Each line once"),
    "solo": mark("Solo sections"),
}  # fmt: skip
WORD_CHOICE_LABELS = {"content": mark("Content words"), "all": mark("All words")}
INTERVALS_NOTE = mark(
    "Bars are 95% intervals across songs. Overlapping bars: ranking not significant. Click a dot to read its lines."
)
BUTTONS, LONGEST_BUTTON = 5, 24  # choices in a row, and characters of one that a phone has room for; else a list
_VARIANTS_HELP = mark(
    "“As performed” expands repeat marks, x2 or [Refrain x2]; “Each line once” removes repeats within a song; “Solo "
    "sections” leaves guests out."
)


def pick_lyrics_version(key: str, start: Variant = "written") -> Variant:
    """Draw the choice of a version of the lyrics to count, and return it."""
    return pick(t("Version"), translate_labels(VARIANTS), start, key=key, help=t(_VARIANTS_HELP))


def pick_grouping(
    key: str, selection: Selection, label: str = "", groups: Sequence[GroupingKey] = ("artist", "year", "kind")
) -> GroupingKey:
    """Draw the choice of what a figure compares and return it: artists, years, types of section, or values of a facet
    of the songs. Artists and years are offered where a song has one; the only option, or the first where there is
    none, is returned without a control."""
    label, corpus = label or t("Compare by"), cache.open_corpus(selection.corpus)
    unknown = {"artist"} if set(corpus.artists) <= {UNKNOWN_ARTIST} else set[GroupingKey]()
    unknown |= set() if corpus.year_span else {"year", "decade"}
    options = {by: t(GROUPS[by]) for by in groups if by not in unknown}
    facets = [facet.name for facet in corpus.facets if facet.is_groupable and facet.name not in GROUPS]
    options |= {name: group_name(name).capitalize() for name in facets}
    if len(options) < 2:
        return next(iter(options), groups[0])
    if len(options) > BUTTONS or any(len(name) > LONGEST_BUTTON for name in options.values()):
        return pick(label, options, key=key, look="list", width=260)
    return pick(label, {by: escape_markdown(name) for by, name in options.items()}, key=key)


def group_name(by: GroupingKey) -> str:
    """Return the name of a grouping inside a sentence.

    >>> group_name("artist"), group_name("born_in_france")
    ('artist', 'born in france')
    """
    return t(_NAMES[by]) if by in _NAMES else by.replace("_", " ")


def group_label(by: GroupingKey, group: object) -> str:
    """Return how a group is shown: a type of section in the visitor's language, others as they are called.

    >>> group_label("kind", "refrain"), group_label("artist", "Kobalt"), group_label("year", 1998)
    ('chorus', 'Kobalt', '1998')
    """
    return section_name(str(group)) if by == "kind" else str(group)


def pick_bar_or_dot(label: str, marks: Iterable[K], start: K, *, key: str, names: Callable[[K], str] = str) -> K:
    """Draw a list of the marks (bars, dots) of a figure and return the chosen one. A click on the figure chooses too.
    The list opens on `start`, if that is a mark."""
    options = {each: names(each) for each in marks}
    return pick(label, options, start if start in options else None, key=key, look="list")


def pick_length_bin(
    label: str, table: pd.DataFrame, x: str, y: str, *, key: str, start: str = ""
) -> tuple[str, str, tuple[int, ...]]:
    """Draw the choice of a bar of `bar_charts.length_bars`, opened at `start`, if it is a mark, or the highest bar.

    Return (its mark, its label, the lengths that it counts).
    """
    marks = bar_charts.length_bar_labels(table, x, y)
    highest = str(int(table.loc[table[y].idxmax(), x]))
    picked = pick_bar_or_dot(label, marks, start if start in marks else highest, key=key, names=marks.__getitem__)
    return picked, marks[picked], bar_charts.lengths_in_bin(picked, int(table[x].max()))


LENGTHS_HEIGHT = 420  # pixels: a figure of lengths is as high as the list of lines beside it


def draw_lengths_card(
    table: pd.DataFrame, x: str, y: str, title: str, *, axes: tuple[str, str], hover: str, picks: str, file: str
) -> None:
    """Draw a bar chart of how many lines (`y`) have each length (`x`). A click on a bar sets `pick_length_bin`."""
    figure = bar_charts.length_bars(table, x, y, x_title=axes[0], y_title=axes[1], hover=hover)
    figure.update_layout(height=LENGTHS_HEIGHT)
    note = t("Click a bar to read its lines.")
    clickable_card(title, figure, key=file, picks=picks, note=note, table=table, file=file)


def minmax_title(
    table: pd.DataFrame,
    by: GroupingKey,
    value: str,
    format_value: Callable[[float], str],
    several: str,
    single: str,
    **more: str,
) -> str:
    """Return a title that names the groups with the lowest and the highest value, or the only group and its value.

    `several` is a sentence with {low}, {least}, {high}, {most}; `single` one with {value}, {group}.
    """
    least, most = table.loc[table[value].idxmin()], table.loc[table[value].idxmax()]
    low, high = format_value(least[value]), format_value(most[value])
    if len(table) == 1:
        return t(single, value=high, group=group_label(by, most[by]), **more)
    return t(several, low=low, least=group_label(by, least[by]), high=high, most=group_label(by, most[by]), **more)


def are_groups_ordered(selection: Selection, by: GroupingKey) -> bool:
    """Whether groups are years, numbers or dates, whose order a figure keeps instead of sorting by value."""
    facets = {facet.name: facet.kind for facet in cache.open_corpus(selection.corpus).facets}
    return by in ("year", "decade") or facets.get(by) in ("number", "date")


MOST_SOUGHT_ROWS = 10  # rows that can be looked for
MAX_SHOWN_YEARS = 60  # years are shown in order, and a gap among them would mislead


def pick_shown_groups(table: pd.DataFrame, by: GroupingKey, *, key: str) -> pd.DataFrame:
    """Return the rows of a table that a figure draws. Of too many groups these are the ones at both ends and those
    found in a search. The search is drawn here with the number left out."""
    return pick_shown_groups_in_tables([table], by, key=key)[0]


def pick_shown_groups_in_tables(tables: Sequence[pd.DataFrame], by: GroupingKey, *, key: str) -> list[pd.DataFrame]:
    """Draw one search box for groups; return the rows of each table to show: its first, its last, and those chosen."""
    names = tables[0][by].astype(str).drop_duplicates().tolist()
    most = MAX_SHOWN_YEARS if by == "year" else MOST
    if len(names) <= most:
        return list(tables)
    hint = t("All {total}", total=format_decimal(len(names)))
    sought = pick_some(t("Find"), sorted(names), key=f"{key}-rows", most=MOST_SOUGHT_ROWS, width=420, hint=hint)
    selected = [select_shown_rows(table, by, sought, most) for table in tables]
    message = t(
        "Showing the top and bottom {ends} of {total}, plus any you search for; a dotted line marks the {left} not "
        "shown. The download has all.",
        total=format_decimal(len(names)),
        ends=ENDS,
        left=format_decimal(selected[0][1]),
    )
    page_layout.remark(message)
    return [rows for rows, _ in selected]


def mark_omissions(figure: go.Figure, table: pd.DataFrame, shown: pd.DataFrame, by: GroupingKey) -> go.Figure:
    """Draw a dotted line between two rows of a figure where groups of the table are left out. Also write types of
    section in the visitor's language; a click still gives the type."""
    names, drawn = table[by].astype(str).drop_duplicates().tolist(), shown[by].astype(str).drop_duplicates()
    places = drawn.map({name: place for place, name in enumerate(names)}).to_numpy()
    for row in np.flatnonzero(np.diff(places) > 1):
        figure.add_hline(row + 0.5, line_color=INK["ink"], line_width=1, line_dash="dot")
    if by == "kind":
        figure.update_yaxes(tickmode="array", tickvals=[*drawn], ticktext=[section_name(kind) for kind in drawn])
    return figure


def unranked_groups_sentence(table: pd.DataFrame, ranked: pd.DataFrame) -> str:
    """Return a sentence, after a space, on the groups of a table that are too small to be ranked; "" for none."""
    few = len(table) - len(ranked)
    sentence = t_count(
        "{n} group is too small to be ranked, and only in the download.",
        "{n} groups are too small to be ranked, and only in the download.",
        few,
    )
    return f" {sentence}" if few else ""


def note_ungrouped_songs(selection: Selection, by: GroupingKey) -> None:
    """Draw a remark on how many songs are in no group of a figure, if any."""
    if songs := cache.query(count_ungrouped_songs, selection, by):
        message = t_count(
            "{n} song with no known {facet} is not counted here.",
            "{n} songs with no known {facet} are not counted here.",
            songs,
            facet=group_name(by),
        )
        page_layout.remark(message)


def note_songs_without_stanzas(part: Corpus) -> None:
    """Draw a remark on how many songs have no stanzas in their source, if any: their rhymes are undercounted."""
    if songs := len(songs_with_single_line_sections(part)):
        message = t_count(
            "In {n} song most sections have one line because of the source's layout: rhymes and sections there are "
            "uncertain.",
            "In {n} songs most sections have one line because of the source's layout: rhymes and sections there are "
            "uncertain.",
            songs,
        )
        page_layout.remark(message)


def explain_missing_groups(selection: Selection, by: GroupingKey) -> None:
    """Draw, in place of a figure that has no groups, why there are none and what to do."""
    part, facet = cache.subcorpus(selection), group_name(by)
    whole = selection._replace(artists=(), years=None, kinds=(), languages=(), facets=())
    if part.songs.empty:
        page_layout.empty_state(t("Nothing selected. Clear a filter in the sidebar."))
    elif cache.query(count_ungrouped_songs, whole, by) < len(cache.open_corpus(selection.corpus).songs):
        page_layout.empty_state(
            t("There are no lines to count by {facet}. Widen the filters in the sidebar.", facet=facet)
        )
    else:
        message = t(
            "No song of this corpus has a known {facet}: the source does not give it. Import it again with a column, a "
            "file name or a metadata table that does.",
            facet=facet,
        )
        page_layout.empty_state(message)
        navigation.link("importing", icon="upload_file")
