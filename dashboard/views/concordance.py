"""What stands around a word?"""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import word_charts
from dashboard.components.corpus import filters
from dashboard.components.corpus.line_list import kwic, line_list
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick, pick_or_none, text
from dashboard.components.frame.bound import number as whole_number
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import pick_card
from dashboard.queries.subcorpus import Selection
from dashboard.queries.words import lines_with_both
from pipeline.analysis.words.collocations import collocates
from pipeline.analysis.words.concordance import Side, concordance
from pipeline.analysis.words.word_classes import function_words
from pipeline.analysis.words.word_sketch import SPAN, WIDEST, collocation_network, sketch_difference, word_sketch
from pipeline.core.translation import mark, number, t, t_count, t_each

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
                left = whole_number(t("Words before"), 0, WIDEST, SPAN, key="before-span")
                right = whole_number(t("Words after"), 0, WIDEST, SPAN, key="after-span")
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
    pick_card(title, word_charts.two_sides(shown, query, rows), key="sketch", picks=PICKED, note=note)
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
    pick_card(title, word_charts.side_by_side(shown), key="difference", picks=PICKED, note=note)
    exports(table, "sketch-difference")
    return shown["word"].tolist()


def _network(selection: Selection, query: str) -> list[str]:
    links = cache.query(collocation_network, selection, query, selection.layer)
    if links.empty:
        page_layout.empty_state(t("Too few matches to tell what keeps them company."))
        return []
    note = t("Words that share lines with it, and links where they share lines with each other; thicker is closer.")
    figure = word_charts.network(links, query)
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


SORTS = {"position": mark("In order"), "after": mark("By the word after"), "before": mark("By the word before")}
CONTEXTS: dict[str, tuple[tuple[Side, int], ...]] = {
    "position": (),
    "after": (("right", 1), ("right", 2), ("right", 3)),
    "before": (("left", 1), ("left", 2), ("left", 3)),
}
PAGE = 25
LONGEST = 1000  # characters of a query
EXPORTED = 10_000

selection = filters.current_selection()
page_layout.question(t("What stands around a word?"))
slot = page_layout.answer_place(1)
with st.container(horizontal=True, vertical_alignment="bottom"):
    query = st.text_input(
        t("Search"),
        "nuit",
        key="q",
        bind=BIND,
        placeholder='nuit, meu*, meuf|nana, lemma:être, [lemma="être"] [] "nuit"',
        width=380,
        max_chars=LONGEST,
    )
    sort = pick(t("Sort"), t_each(SORTS), key="sort")
    accents = st.toggle(t("Accents matter"), True, key="accents", bind=BIND)
result = cache.resource(concordance, selection, query, selection.layer, CONTEXTS[sort], accents)
with slot:
    if result.total:
        matches = t_count("{n} match", "{n} matches", result.total)
        songs = t_count("{n} song", "{n} songs", result.songs)
        page_layout.answer(t("<b>{matches}</b> in <b>{songs}</b>.", matches=matches, songs=songs))
    else:
        page_layout.answer(t("No match. Try fewer letters and a star, such as <b>nui*</b>, or widen the filters."))
if result.total:
    listed = st.container()
    pages = -(-result.total // PAGE)
    page = st.pagination(pages, key="matches-page") if pages > 1 else 1
    with listed:
        st.html(kwic(result.rows((page - 1) * PAGE, page * PAGE)))
    exports(lambda: result.rows(0, EXPORTED), "concordance")
    if result.total > EXPORTED:
        st.caption(t("The file holds the first {n} matches.", n=number(EXPORTED)))

    word_company(selection, query)
page_layout.how_to_read("concordance")
