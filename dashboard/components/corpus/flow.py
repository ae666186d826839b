"""Charts of delivery, of songs whose source times their lines: syllables per second and where in the bar they fall."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions
from dashboard.components.corpus.choices import group_label
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import card
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import section_name
from dashboard.queries import sounds
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.sound.flow import syllable_rate_table
from pipeline.core.translation import format_decimal, format_interval, mark, t, t_count, translate_labels

GROUPING_LABELS = {"artist": mark("Artists"), "kind": mark("Sections"), "year": mark("Years")}
MOST_GROUPS = 30  # groups of a figure


@page_layout.fragment
def draw_corpus_syllable_timing(selection: Selection) -> None:
    """Draw syllables per second by artist, section or year, and the position of syllables in the bar, timed and
    estimated. Draw nothing where no song is timed."""
    if cache.query(sounds.timed_line_count, selection) == 0:
        return
    by = pick(t("Delivery by"), translate_labels(GROUPING_LABELS), key="flow-by")
    table = cache.query(syllable_rate_table, selection, by).sort_values("rate", ascending=False).head(MOST_GROUPS)
    left, right = st.columns([3, 2], gap="large")
    with left:
        shown = table.assign(**{by: [group_label(by, group) for group in table[by]]})
        hovers = [_rate_hover_text(row[by], row) for row in shown.to_dict("records")]
        figure = distributions.group_interval_chart(shown, by, "rate", x_title=t("syllables per second"), hovers=hovers)
        rate = format_decimal(table["syllables"].sum() / table["seconds"].sum(), 1)
        title = t_count(
            "{rate} syllables per second, in {n} timed line", "{rate} syllables per second, in {n} timed lines",
            int(table["lines"].sum()), rate=rate,
        )  # fmt: skip
        card(
            title,
            figure,
            key="flow",
            note=t("95% intervals across songs. Overlapping intervals: ranking not significant."),
            table=table,
            file=f"flow-{by}",
        )
    with right:
        _draw_metrical_positions(
            cache.query(sounds.metrical_position_shares, selection),
            "flow-bar",
            t("Timed"),
            t("The same lines, as estimated by Seize"),
        )


def _rate_hover_text(name: str, row: Mapping[str, float]) -> str:
    lines = t_count("{n} line", "{n} lines", int(row["lines"]))
    rate = format_interval(row["rate"], row["rate_low"], row["rate_high"], 2)
    return f"<b>{escape_plotly(name)}</b><br>{rate}<br>{lines}"


def draw_song_syllable_timing(selection: Selection, song: int) -> None:
    """Draw the position of a song's syllables in the bar beside that of the other timed songs. Draw nothing where no
    song is timed."""
    if cache.query(sounds.timed_line_count, selection) == 0:
        return
    rates = cache.query(sounds.syllables_per_second_by_section_kind, selection, song)
    if len(rates):
        each = [f"{section_name(row.kind)} {format_decimal(row.rate, 1)}" for row in rates.itertuples()]
        page_layout.remark(t("Syllables per second: {each}.", each=", ".join(each)))
    one = t("This song, timed") if len(rates) else t("This song, as estimated by Seize")
    _draw_metrical_positions(
        cache.query(sounds.song_metrical_position_shares, selection, song), "song-bar", one, t("The other timed songs")
    )


def _draw_metrical_positions(table: pd.DataFrame, key: str, first: str, second: str) -> None:
    """Draw the share of syllables on each sixteenth of the musical bar, of two sets of lines."""
    figure = bar_charts.metrical_position_chart(table, {"first": first, "second": second})
    note = t("The bar is estimated from where lines begin; where words are not timed, syllables are spaced evenly.")
    card(t("Where syllables fall in the bar"), figure, key=key, note=note, table=table, file=key)
