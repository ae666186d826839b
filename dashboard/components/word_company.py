"""The company of a searched word: its sketch by side and distance, beside a second word, as a network, as a table."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import company_charts
from dashboard.components import page_layout
from dashboard.components.bound import BIND, number, pick, pick_or_none, text
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import pick_card
from dashboard.components.line_list import line_list
from dashboard.queries.phrase_search import lines_with_both
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.words.collocations import collocates
from pipeline.analysis.words.word_classes import function_words
from pipeline.analysis.words.word_sketch import SPAN, WIDEST, collocation_network, sketch_difference, word_sketch
from pipeline.core.translation import mark, t, t_each

LOOKS = {"sides": mark("Before and after"), "network": mark("Network"), "table": mark("Every score")}
COMPANY = {
    "word": mark("Word"), "observed": mark("Near"), "expected": mark("Expected"), "songs": mark("Songs"),
    "log_dice": "logDice", "g2": "G²", "pmi": "PMI", "npmi": "NPMI", "t": "t",
}  # fmt: skip
SHOWN = 14  # words a side
PICKED = "near-word"


@page_layout.fragment
def word_company(selection: Selection, query: str) -> None:
    """Draw the company of the matches of a query, folded until it is asked for."""
    fold = st.expander(t("Words that keep it company"), on_change="rerun", key="company")
    if not fold.open:
        return
    with fold:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            look = pick(t("Show"), t_each(LOOKS), key="company-as")
            left, right = SPAN, SPAN
            if look != "network":
                left = number(t("Words before"), 0, WIDEST, SPAN, key="before-span")
                right = number(t("Words after"), 0, WIDEST, SPAN, key="after-span")
            second = text(t("Beside another word"), key="beside", longest=80) if look == "sides" else ""
            functional = look != "network" and st.toggle(t("Function words too"), key="functional", bind=BIND)
        if look == "table":
            _scores(selection, query, left, right, functional)
            return
        if look == "network":
            words = _network(selection, query)
        elif second.strip():
            words = _difference(selection, (query, second.strip()), left, right, functional)
        else:
            words = _sides(selection, query, left, right, functional)
        _read(selection, query, words)


def _sides(selection: Selection, query: str, left: int, right: int, functional: bool) -> list[str]:
    table = cache.query(word_sketch, selection, query, left, right, selection.layer, functional=functional)
    if table.empty:
        page_layout.empty_state(t("Too few matches to tell what keeps them company."))
        return []
    shown = table.groupby("side", sort=False).head(SHOWN)
    rows = int(shown["side"].value_counts().max())
    best = {side: part["word"].iloc[0] for side, part in shown.groupby("side")}
    title = t("Closest: {words}", words=", ".join(best[side] for side in ("left", "right") if side in best))
    note = t("Longer is more exclusive (logDice). Click a bar to read the lines with both.")
    pick_card(title, company_charts.two_sides(shown, query, rows), key="sketch", picks=PICKED, note=note)
    exports(table, "sketch")
    return shown["word"].tolist()


def _difference(selection: Selection, pair: tuple[str, str], left: int, right: int, functional: bool) -> list[str]:
    table = cache.query(sketch_difference, selection, *pair, left, right, selection.layer, functional=functional)
    if table.empty:
        page_layout.empty_state(t("Too few matches to tell what keeps them company."))
        return []
    shown = table if len(table) <= 2 * SHOWN else pd.concat([table.head(SHOWN), table.tail(SHOWN)])
    title = t("{first} beside {second}", first=pair[0], second=pair[1])
    note = t("To the right the company of the first word, to the left of the second; near 0, of both.")
    pick_card(title, company_charts.side_by_side(shown), key="difference", picks=PICKED, note=note)
    exports(table, "sketch-difference")
    return shown["word"].tolist()


def _network(selection: Selection, query: str) -> list[str]:
    links = cache.query(collocation_network, selection, query, selection.layer)
    if links.empty:
        page_layout.empty_state(t("Too few matches to tell what keeps them company."))
        return []
    note = t("Words that share lines with it, and links where they share lines with each other; thicker is closer.")
    figure = company_charts.network(links, query)
    pick_card(t("The company of {word}, and its own", word=query), figure, key="network", picks=PICKED, note=note)
    exports(links, "network")
    return links.loc[links["source"] == query, "target"].tolist()


def _scores(selection: Selection, query: str, left: int, right: int, functional: bool) -> None:
    table = cache.query(collocates, selection, query, left, right, layer=selection.layer)
    table = table if functional else table[~table["word"].isin(function_words())]
    if table.empty:
        page_layout.empty_state(t("Too few matches to tell what keeps them company."))
        return
    named_table(table, t_each(COMPANY), alt=t("Collocates of {word}", word=query))
    exports(table, "collocates")


def _read(selection: Selection, query: str, words: list[str]) -> None:
    if not words:
        return
    names = {word: word for word in dict.fromkeys(words)}
    picked = pick_or_none(t("Read the lines with"), names, key=PICKED, look="list", hint=t("Choose a word"))
    if picked is not None:
        lines = cache.query(lines_with_both, selection, query, picked, selection.layer)
        line_list(lines, key=f"near-{picked}", title=t("{word} with {other}", word=query, other=picked))
