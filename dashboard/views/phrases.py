"""Which words come together?"""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components import filters, page_layout
from dashboard.components.bound import BIND, pick
from dashboard.components.choices import variant
from dashboard.components.data_table import pick_table
from dashboard.components.exports import exports
from dashboard.components.figure_card import heading, pick_card
from dashboard.components.line_list import line_list
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import count
from dashboard.queries.phrase_search import lines_with_phrase, pair_table
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.overview import key_figures
from pipeline.analysis.phrases import WORDS, join_tokens, least_count, phrase_table
from pipeline.translation import number

NGRAMS = {"phrase": "Phrase", "count": "Times", "songs": "Songs", "share": "Share of songs"}
PAIRS = {
    "phrase": "Pair", "observed": "Times", "expected": "By chance", "songs": "Songs", "log_dice": "logDice", "g2": "G²",
    "pmi": "PMI", "npmi": "NPMI", "t": "t",
}  # fmt: skip
SHOWN = 25  # bars
LISTED = 500  # phrases to choose among


def phrase_options(table: pd.DataFrame) -> dict[str, str]:
    """Return the most frequent phrases, n-gram -> as it is read, and the one that is asked for however rare."""
    asked = {st.session_state.get("phrase"), st.query_params.get("phrase")}
    rare = table[table["ngram"].isin(asked) | table["phrase"].isin(asked)]
    shown = pd.concat([table.head(LISTED), rare])
    return dict(zip(shown["ngram"], shown["phrase"], strict=True))


@page_layout.fragment
def ngrams(selection: Selection, n: int, minimum: int, songs: int) -> None:
    table = cache.query(phrase_table, selection, n, selection.layer, minimum)
    table = table.assign(share=table["songs"] / max(songs, 1))
    if table.empty:
        page_layout.empty_state(
            f"No phrase of {n} words stands {number(minimum)} times. Ask for fewer words or fewer times."
        )
        return
    left, right = st.columns(2, gap="large")
    with right:
        phrase = pick("Read the lines that hold", phrase_options(table), key="phrase", look="list")
        lines = cache.query(lines_with_phrase, selection, phrase, selection.layer)
        line_list(lines, key="lines-phrase", title=f"{join_tokens(phrase)}: {count(len(lines), 'line')}", length=8)
    with left:
        figure = bar_charts.ranked(
            table.head(SHOWN),
            "ngram",
            "count",
            hover="<b>%{y}</b><br>%{x:,} times",
            picked=phrase,
            row=24,
            shown="phrase",
        )
        title = f"{count(len(table), 'phrase')} of {n} words, most often {table['phrase'].iloc[0]}"
        pick_card(title, figure, key="ngrams", picks="phrase", note="Click a bar to read its lines.")
    pick_table(table, NGRAMS, key="ngrams", picks="ngram", sets="phrase", search="Search the phrases")
    exports(table, f"phrases-of-{n}")


@page_layout.fragment
def neighbours(selection: Selection, minimum: int) -> None:
    heading("Pairs that belong together", "Neighbouring words that meet more than their frequencies would have it.")
    with st.spinner("Weighing every pair of neighbours…"):
        table = cache.query(pair_table, selection, selection.layer, max(minimum, 5))
    if table.empty:
        page_layout.empty_state("No pair of neighbours stands five times. Widen the filters in the sidebar.")
        return
    pick_table(table, PAIRS, key="pairs", picks="pair", sets="pair", search="Search the pairs")
    exports(table, "pairs")
    pair = st.session_state.get("pair")
    if pair is not None and pair in set(table["pair"]):
        lines = cache.query(lines_with_phrase, selection, pair, selection.layer)
        line_list(lines, key="lines-pair", title=f"{join_tokens(pair)}: {count(len(lines), 'line')}", length=8)
    else:
        page_layout.empty_state("Tick a pair to read its lines.")


selection = filters.current_selection()
page_layout.question("Which words come together?")
slot = st.empty()
figures = cache.query(key_figures, selection, layer=selection.layer)
with st.container(horizontal=True, vertical_alignment="bottom"):
    n = st.slider("Words in the phrase", 2, 7, WORDS, key="n", bind=BIND, width=220)
    least = least_count(figures.words)
    minimum = int(st.number_input("Times, at least", 2, 1000, least, key="least_times", bind=BIND, width=140))
    lyrics = variant("phrase_version", "once")
    lemmas = st.toggle("Lemmas", key="phrase_lemmas", bind=BIND, help="Every form under its dictionary form.")
selection = selection._replace(variant=lyrics, lemmas=lemmas)
with slot, st.spinner("Counting the phrases of every line…"):
    cache.prefetch(pair_table, selection, selection.layer, max(minimum, 5))
    table = cache.query(phrase_table, selection, n, selection.layer, minimum)
with slot:
    if len(table):
        widest = table.loc[table["songs"].idxmax()]
        page_layout.answer(
            f"<b>{count(len(table), 'phrase')}</b> of {n} words: those that stand {number(minimum)} times or more. "
            f"The most widespread, <i lang=fr>{escape_html(widest['phrase'])}</i>, is in "
            f"<b>{count(int(widest['songs']), 'song')}</b>."
        )
    else:
        page_layout.answer("No phrase of that length comes back that often.")
ngrams(selection, n, minimum, figures.songs)
neighbours(selection, minimum)
page_layout.how_to_read("phrases")
