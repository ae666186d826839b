"""How many words in a line?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions
from dashboard.charts.bar_charts import length_marks, lengths_of
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import grouping, is_ordered, no_group, pick_mark, say_ungrouped, shown_rows
from dashboard.components.corpus.line_list import group_lines, line_list, say_inferred
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import pick_card
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.lines import describe_lines, length_distribution, length_summary, lines_of_length
from pipeline.analysis.measures import ranked_groups
from pipeline.core.translation import number, share, t, t_count


@page_layout.fragment
def distribution(selection: Selection) -> None:
    table = cache.query(length_distribution, selection, layer=selection.layer)
    left, right = st.columns([3, 2], gap="large")
    with right:
        marks = length_marks(table, "words", "lines")
        top = table.loc[table["lines"].idxmax()]
        start = str(int(top["words"]))
        picked = pick_mark(t("Read the lines of … words"), marks, start, "length", marks.__getitem__)
    with left:
        figure = bar_charts.lengths(
            table,
            "words",
            "lines",
            x_title=t("words in the line"),
            y_title=t("lines"),
            picked=picked,
            hover=t("%{hovertext} words: %{y:,} lines"),
        )
        title = t_count(
            "Most often {n} word, in {share} of lines",
            "Most often {n} words, in {share} of lines",
            int(top["words"]),
            share=share(top["share"]),
        )
        pick_card(title, figure, key="lengths", picks="length", note=t("Click a bar to read its lines."))
        exports(table, "line-lengths")
    with right:
        wanted = lengths_of(picked, int(table["words"].max()))
        ids = cache.query(lines_of_length, selection, wanted, layer=selection.layer)
        lines = describe_lines(cache.subcorpus(selection), ids)
        title = t(
            "{lines} of {words}",
            lines=t_count("{n} line", "{n} lines", len(lines)),
            words=t_count("{length} word", "{length} words", wanted[0], length=marks[picked]),
        )
        line_list(lines, key=f"lines-of-{picked}-words", title=title)


@page_layout.fragment
def groups(selection: Selection) -> None:
    by = grouping("by", selection)
    table = cache.query(length_summary, selection, by=by, layer=selection.layer)
    if table.empty:
        no_group(selection, by)
        return
    table = table if is_ordered(selection, by) else table.sort_values("mean", ascending=False)
    ranked = ranked_groups(table)
    longest, shortest = ranked.loc[ranked["mean"].idxmax()], ranked.loc[ranked["mean"].idxmin()]
    title = t(
        "From {low} words ({least}) to {high} ({most})",
        low=number(shortest["mean"], 1),
        least=shortest[by],
        high=number(longest["mean"], 1),
        most=longest[by],
    )
    if len(ranked) == 1:
        title = t("{mean} words a line: {group}", mean=number(longest["mean"], 1), group=longest[by])
    say_ungrouped(selection, by)
    hover = t("median %{customdata[0]:.0f}, half between %{customdata[1]:.0f} and %{customdata[2]:.0f} words")
    figure = distributions.quartiles(shown_rows(table, by, key="by"), by, x_title=t("words in the line"), hover=hover)
    note = t("Bar: the middle half of the lines. Stroke: median. Dot: mean. Click one to read its lines.")
    pick_card(title, figure, key=f"by-{by}", picks=f"of_{by}", note=note, at="y")
    group_lines(selection, by, table[by], key=f"of_{by}")
    exports(table, f"line-lengths-by-{by}")


selection = filters.current_selection()
page_layout.question(t("How many words in a line?"))
summary = cache.query(length_summary, selection, layer=selection.layer)
if summary.empty:
    page_layout.empty_state(t("Nothing is selected. Clear a filter in the sidebar to see lines again."))
    st.stop()
whole = summary.iloc[0]
page_layout.answer(
    t(
        "A line (French: <i lang=fr>vers</i>) holds <b>{mean}</b> words on average; half of them hold "
        "<b>{low} to {high}</b>, and the longest <b>{longest}</b>. That is {words} in {lines}.",
        mean=number(whole["mean"], 1),
        low=number(whole["q1"]),
        high=number(whole["q3"]),
        longest=number(whole["longest"]),
        words=t_count("{n} word", "{n} words", whole["words"]),
        lines=t_count("{n} line", "{n} lines", whole["lines"]),
    )
)
say_inferred(selection)
distribution(selection)
groups(selection)
page_layout.how_to_read("verses")
