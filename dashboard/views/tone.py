"""Are the words light or dark?"""

import streamlit as st

from dashboard import cache
from dashboard.charts import distributions
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import grouping, no_group, say_ungrouped, shown_rows, variant
from dashboard.components.corpus.line_list import group_lines, line_list
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import pick_card
from pipeline.analysis.measures import ranked_groups
from pipeline.analysis.words.tone import read_lexicon, tone_table, toned_lines
from pipeline.core.translation import interval, mark, number, share, t, t_count, t_each

COLUMNS = {
    "songs": mark("Songs"), "words": mark("Words"), "rated": mark("Rated words"), "coverage": mark("Coverage"),
    "tone": mark("Mean"), "low": mark("From"), "high": mark("To"),
}  # fmt: skip
LINES = 20
MEGABYTES = 2  # of a lexicon

selection = filters.current_selection()
page_layout.question(t("Are the words light or dark?"))
slot = page_layout.answer_place(2)
with st.container(horizontal=True, vertical_alignment="bottom"):
    selection = selection._replace(variant=variant("tone-version"))
    by = grouping("tone-by", selection)
with st.expander(t("A lexicon of your own")):
    st.markdown(t("CSV with two columns, word and value; it takes the place of the one that comes along."))
    given = st.file_uploader(t("Lexicon"), "csv", key="tone-lexicon", max_upload_size=MEGABYTES)
lexicon = read_lexicon(given.getvalue()) if given else ()
whole = cache.query(tone_table, selection, None, lexicon, selection.layer)
table = cache.query(tone_table, selection, by, lexicon, selection.layer)
if whole.empty or table.empty:
    if whole.empty:
        page_layout.empty_state(t("The lexicon rates no word here. Widen the filters, or bring a lexicon of your own."))
    else:
        no_group(selection, by)
    st.stop()
all_ = whole.iloc[0]
with slot:
    page_layout.answer(
        t(
            "Only <b>{coverage}</b> of the words are rated, {rated} of {words}; their mean is <b>{tone}</b>, from -1 "
            "(dark) to 1 (light).",
            coverage=share(all_["coverage"]),
            rated=number(all_["rated"]),
            words=number(all_["words"]),
            tone=interval(all_["tone"], all_["low"], all_["high"], 2),
        )
    )
say_ungrouped(selection, by)
hover = t("<b>%{y}</b><br>%{x:.2f} [%{customdata[6]:.2f} – %{customdata[7]:.2f}]<br>coverage %{customdata[4]:.1%}")
drawn = ranked_groups(table)
figure = distributions.intervals(
    shown_rows(drawn, by, key="tone"), by, "tone", "low", "high", x_title=t("mean of the rated words"), hover=hover
)
note = t(
    "The line is the 95% interval over songs. Where lines overlap there is no order. Click a dot to read its lines."
)
if len(drawn) < len(table):
    note += " " + t_count(
        "{n} group is not ranked, and in the table only: it has few songs, few words, or few that are rated.",
        "{n} groups are not ranked, and in the table only: they have few songs, few words, or few that are rated.",
        len(table) - len(drawn),
    )
title = t_count("{n} group, lightest first", "{n} groups, lightest first", len(drawn))
pick_card(title, figure, key=f"tone-{by}", picks=f"toned_{by}", note=note, at="y")
group_lines(selection, by, table[by], key=f"toned_{by}")
with st.expander(t("Every group with its coverage")):
    named_table(table.astype({by: str}), {by: t("Group"), **t_each(COLUMNS)}, alt=t("Tone of every group"))
exports(table, f"tone-by-{by}")
left, right = st.columns(2, gap="large")
for side, dark, title in ((left, False, t("The lightest lines")), (right, True, t("The darkest lines"))):
    with side:
        lines = cache.query(toned_lines, selection, lexicon, selection.layer, LINES, dark)
        if lines.empty:
            page_layout.empty_state(t("No line has a dark word.") if dark else t("No line has a light word."))
        else:
            line_list(lines.drop(columns=["rated", "tone"]), key=f"toned-{dark}", title=title)
page_layout.how_to_read("tone")
