"""Figures of words: their length, rank and frequency, collocates of one word or two, typical words, networks."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.bar_charts import diverging_bars
from dashboard.charts.base_figure import LEAST_HEIGHT, add_bars, add_label, add_line, base_figure
from dashboard.charts.label_placement import add_named_points, place_labels, spring_layout
from dashboard.charts.palette import INK
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, t, t_count

_LINK_WIDTHS = (1.0, 2.5, 4.5)  # pixels of the links of each third, the weakest first
COMMUNITY_INKS = ("blue", "vermilion", "green", "orange", "purple", "sky")  # of the largest, of three words or more


def collocate_bars(table: pd.DataFrame, word: str, rows: int) -> go.Figure:
    """Draw how often collocates occur as horizontal bars: those before `word` to the left, after it to the right."""
    figure = base_figure(height=max(24 * rows + 40, LEAST_HEIGHT))
    reach = float(table["observed"].max()) if len(table) else 1.0
    for side, sign, ink in (("left", -1, "blue"), ("right", 1, "vermilion")):
        part = table[table["side"] == side].head(rows)
        scores = [
            f"{format_decimal(score, 1)} · {format_decimal(n)}"
            for score, n in part[["log_dice", "observed"]].to_numpy()
        ]
        hover, places = t("<b>%{customdata}</b><br>logDice · occurrences: %{hovertext}"), list(range(len(part)))
        labels = [f"{word} {format_decimal(n)}" for word, n in part[["word", "observed"]].to_numpy()]
        add_bars(
            figure, sign * part["observed"], places, hover, INK[ink], orientation="h", text=labels,
            textposition="outside", textfont={"size": 13, "color": INK["ink"]}, cliponaxis=False,
            customdata=part["word"].tolist(), hovertext=scores,
        )  # fmt: skip
    add_label(figure, -0.2, -1, t("before “{word}”", word=word), INK["grey"], xanchor="right")
    add_label(figure, 0.2, -1, t("after “{word}”", word=word), INK["grey"], xanchor="left")
    figure.update_layout(barmode="overlay", bargap=0.35, margin={"l": 4, "r": 4, "t": 4, "b": 4})
    figure.update_xaxes(visible=False, range=[-reach * 1.8, reach * 1.8])
    figure.update_yaxes(visible=False, range=[rows - 0.4, -1.6])
    return figure


def collocate_difference_bars(table: pd.DataFrame) -> go.Figure:
    """Draw differences of logDice: collocates of the first of two words to the left, of the second to the right.

    Collocates are written `word …` before the two words, `… word` after them.
    """
    names = np.where(table["side"] == "left", table["word"] + " …", "… " + table["word"])
    hover = t("<b>%{y}</b><br>difference in logDice %{x:.1f}<br>occurrences %{hovertext}")
    title, counts = t("difference in logDice"), ["observed_1", "observed_2"]
    return diverging_bars(table, "difference", names, counts, x_title=title, hover=hover)


def typical_word_bars(table: pd.DataFrame) -> go.Figure:
    """Draw log ratios: words typical of one group to the left, of the other to the right. Chance is hatched."""
    title, counts = t("log2 ratio (1 = twice as frequent)"), ["count", "reference_count"]
    hover = t("<b>%{y}</b><br>log ratio %{x:.2f}<br>occurrences %{hovertext}")
    return diverging_bars(table, "log_ratio", table["word"], counts, x_title=title, hover=hover)


def shared_phrases_network(pairs: pd.DataFrame) -> go.Figure:
    """Draw a network of artists who share phrases, from `reuse_graph`; links are thicker for more phrases."""
    links = pairs.rename(columns={"artist": "source", "later_artist": "target", "runs": "weight"})
    return weighted_network_graph(links, lambda n: t_count("{n} shared phrase", "{n} shared phrases", n))


def name_network_graph(links: pd.DataFrame) -> go.Figure:
    """Draw a network of artists or names, from `name_network`; links are thicker for more songs."""
    return weighted_network_graph(links, lambda n: t_count("{n} song", "{n} songs", n))


def similitude_graph(links: pd.DataFrame) -> go.Figure:
    """Draw the network of `similitude`: links thicker for more sections, large communities coloured, others grey."""
    ends = [links[[end, f"{end}_community"]].set_axis(["word", "community"], axis=1) for end in ("source", "target")]
    community = pd.concat(ends).drop_duplicates("word").set_index("word")["community"]
    sizes = community.value_counts()
    largest = dict(zip(sizes.index[sizes > 2], COMMUNITY_INKS, strict=False))
    inks = {str(word): INK[largest.get(own, "grey")] for word, own in community.items()}
    sections = links.assign(weight=links["sections"])
    return weighted_network_graph(sections, lambda n: t_count("{n} section", "{n} sections", n), inks)


def weighted_network_graph(
    links: pd.DataFrame, count: Callable[[int], str], inks: Mapping[str, str] = MappingProxyType({})
) -> go.Figure:
    """Draw a network of links (source, target, weight), larger nodes for more weight. `count` writes a weight on hover.

    `inks` are colours of nodes by name, blue by default.
    """
    names = list(dict.fromkeys([*links["source"], *links["target"]]))
    ends = _edge_indices(names, links["source"], links["target"])
    weights = np.bincount(ends.ravel(), np.repeat(links["weight"], 2), len(names)).astype(int)
    hover = [f"{name} · {count(int(n))}" for name, n in zip(names, weights, strict=True)]
    sizes = (7 + 9 * weights / weights.max()).tolist()
    return network_figure(names, ends, links["weight"], hover, sizes, [inks.get(name, INK["blue"]) for name in names])


def _edge_indices(names: list[str], source: pd.Series, target: pd.Series) -> Array:
    """Return int[links, 2]: the numbers of the two nodes of each link."""
    place = {name: k for k, name in enumerate(names)}
    return np.array([[place[a], place[b]] for a, b in zip(source, target, strict=True)]).reshape(-1, 2)


def network_figure(
    names: list[str], ends: Array, weights: pd.Series, hover: list[str], sizes: Sequence[float], inks: list[str]
) -> go.Figure:
    """Draw a network in a spring layout, the first node in the middle. `ends` are its links, wider for more weight."""
    points = spring_layout(len(names), ends, weights.to_numpy(float))
    figure = base_figure(height=560)
    third = np.searchsorted(weights.quantile([1 / 3, 2 / 3]).to_numpy(), weights.to_numpy())
    for level, width in enumerate(_LINK_WIDTHS):
        lines = points[ends[third == level]]  # (links, 2 ends, 2)
        xy = np.concatenate([lines, np.full((len(lines), 1, 2), np.nan)], axis=1).reshape(-1, 2)
        line = {"color": INK["grey"], "width": width}
        figure.add_scatter(x=xy[:, 0], y=xy[:, 1], mode="lines", line=line, hoverinfo="skip")
    marker, sides = {"size": list(sizes), "color": inks}, place_labels(points, names, clear=True)
    add_named_points(figure, points, names, sides, marker, size=13, hover=hover, customdata=names)
    figure.update_layout(margin={"l": 30, "r": 30, "t": 24, "b": 24})
    return figure.update_xaxes(visible=False).update_yaxes(visible=False)


def word_length_chart(tokens: pd.DataFrame, types: pd.DataFrame) -> go.Figure:
    """Draw shares of words by their number of characters, in the text (bars) and the lexicon (line).

    Both tables have columns characters, count, share.
    """
    longest = int(max(tokens["characters"].max(), types["characters"].max()))
    figure = base_figure(x=t("characters in the word"), y=t("share of words, %"))
    hover = t("%{x} characters: %{y:.1f}% of the words of the text<br>%{customdata:,} words")
    add_bars(figure, tokens["characters"], 100 * tokens["share"], hover, customdata=tokens["count"])
    hover = t("%{x} characters: %{y:.1f}% of the lexicon<br>%{customdata:,} distinct words")
    add_line(figure, types["characters"], 100 * types["share"], hover, INK["vermilion"], customdata=types["count"])
    for table, text, ink, place in (
        (tokens, t("in the text"), "blue", {"yshift": 4}),
        (types, t("in the lexicon"), "vermilion", {"xanchor": "left", "xshift": 8}),
    ):
        top = table.loc[table["share"].idxmax()]
        add_label(figure, int(top["characters"]), 100 * top["share"], text, INK[ink], yanchor="bottom", **place)
    figure.update_xaxes(range=[0.4, min(longest, 18) + 0.6], dtick=2, tick0=1)
    return figure.update_yaxes(rangemode="tozero")


def rank_frequency_chart(table: pd.DataFrame, words: list[str]) -> go.Figure:
    """Draw frequency by rank on log axes, with the fitted law. Columns rank, count, expected; `words` name the rows."""
    figure = base_figure(x=t("rank of the word (log)"), y=t("occurrences (log)"), height=380)
    line = {"color": INK["vermilion"], "width": 2}
    figure.add_scatter(x=table["rank"], y=table["expected"], mode="lines", line=line, hoverinfo="skip")
    hover, dot = t("<b>%{text}</b><br>rank %{x:,}, %{y:,} times"), {"color": INK["blue"], "size": 5}
    add_line(figure, table["rank"], table["count"], hover, mode="markers", marker=dot, text=words, customdata=words)
    for place in np.unique(np.searchsorted(table["rank"], [1, 10, 100, 1000, 10000])):
        if place < len(table):
            x, y = np.log10(table.iloc[place][["rank", "count"]].astype(float))
            add_label(figure, x, y, words[place], INK["ink"], xanchor="left", yanchor="bottom", xshift=6)
    middle = np.log10(table.iloc[len(table) // 3][["rank", "expected"]].astype(float))
    if np.isfinite(middle["expected"]):
        place = {"xanchor": "right", "yanchor": "top", "xshift": -10, "yshift": -6}
        add_label(figure, middle["rank"], middle["expected"], "Zipf–Mandelbrot", INK["vermilion"], **place)
    return figure.update_xaxes(type="log", dtick=1).update_yaxes(type="log", dtick=1, showgrid=True)
