"""What stands around a word?"""

import streamlit as st

from dashboard import cache
from dashboard.components import filters, page_layout
from dashboard.components.bound import BIND, pick
from dashboard.components.exports import exports
from dashboard.components.kwic import kwic
from dashboard.components.word_company import word_company
from pipeline.analysis.concordance import Side, concordance
from pipeline.core.translation import mark, number, t, t_count, t_each

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
