"""In what company does a word keep?"""

import streamlit as st

from dashboard import cache
from dashboard.components import filters, page_layout
from dashboard.components.bound import BIND, pick
from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.kwic import kwic
from dashboard.locale.phrasing import count
from pipeline.analysis.collocations import collocates
from pipeline.analysis.concordance import Side, concordance

SORTS = {"position": "In order", "after": "By the word after", "before": "By the word before"}
CONTEXTS: dict[str, tuple[tuple[Side, int], ...]] = {
    "position": (),
    "after": (("right", 1), ("right", 2), ("right", 3)),
    "before": (("left", 1), ("left", 2), ("left", 3)),
}
COMPANY = {
    "word": "Word", "observed": "Near", "expected": "Expected", "songs": "Songs", "log_dice": "logDice", "g2": "G²",
    "pmi": "PMI", "npmi": "NPMI", "t": "t",
}  # fmt: skip
PAGE = 25
EXPORTED = 10_000

selection = filters.current_selection()
page_layout.question("What stands around a word?")
slot = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    query = st.text_input(
        "Search", "nuit", key="q", bind=BIND, placeholder="nuit, j'suis dans, meu*, meuf|nana, lemma:être", width=380
    )
    sort = pick("Sort", SORTS, key="sort")
    accents = st.toggle("Accents matter", True, key="accents", bind=BIND)
result = cache.query_resource(concordance, selection, query, selection.layer, CONTEXTS[sort], accents)
with slot:
    if result.total:
        page_layout.answer(f"<b>{count(result.total, 'match', 'matches')}</b> in <b>{count(result.songs, 'song')}</b>.")
    else:
        page_layout.answer("No match. Try fewer letters and a star, such as <b>nui*</b>, or widen the filters.")
if result.total:
    listed = st.container()
    pages = -(-result.total // PAGE)
    page = st.pagination(pages, key="matches-page") if pages > 1 else 1
    with listed:
        st.html(kwic(result.rows((page - 1) * PAGE, page * PAGE)))
    exports(lambda: result.rows(0, EXPORTED), "concordance")
    if result.total > EXPORTED:
        st.caption(f"The file holds the first {EXPORTED:,} matches.")


@page_layout.fragment
def company() -> None:
    fold = st.expander("Words that keep it company", on_change="rerun", key="company")
    if not fold.open:
        return
    with fold:
        table = cache.query(collocates, selection, query, layer=selection.layer)
        if len(table):
            named_table(table, COMPANY, alt=f"Collocates of {query}")
            exports(table, "collocates")
        else:
            page_layout.empty_state("Too few matches to tell what keeps them company.")


company()
page_layout.how_to_read("concordance")
