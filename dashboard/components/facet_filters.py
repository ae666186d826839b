"""The folded filters of the sidebar: what the source says of its songs beyond artist and year, kept in the address.

A corpus may have two hundred facets: the visitor first says which of them to filter by.
"""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.bound import BIND, pick_or_none
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.number_format import format_number
from pipeline.core.translation import mark, t, t_each
from pipeline.corpus.facets import Facet
from pipeline.corpus.table import Corpus

CHOSEN = "filter-by"  # key of the control that says which facets are filtered by
YES_NO = {"true": mark("Yes"), "false": mark("No")}
LISTED = 500  # values of a text that can be clicked, the commonest; others are typed

# a number or none, without digits that it does not need
PLAIN_NUMBER: dict[str, Any] = {"value": None, "step": 1.0, "format": "%.12g"}


def facet_filters(corpus: Corpus) -> tuple[tuple[str, Any], ...]:
    """Draw the filters by facets, folded; return (facet, values or (first, last)) of each that narrows."""
    facets = {facet.name: facet for facet in corpus.facets if facet.known}
    if not facets:
        return ()
    asked = [name for name in facets if any(key in st.query_params for key in _keys(name))]
    chosen = st.session_state.get(CHOSEN) or st.query_params.get_all(CHOSEN)
    missing = [name for name in asked if name not in chosen]
    if missing and CHOSEN not in st.session_state:  # an address that holds a value opens its filter
        st.session_state[CHOSEN] = [*(name for name in chosen if name in facets), *missing]
    if CHOSEN in st.session_state:
        st.session_state[CHOSEN] = [name for name in st.session_state[CHOSEN] if name in facets]  # another corpus
    with st.expander(t("More filters"), expanded=bool(asked)):
        names = st.multiselect(
            t("Filter by"), list(facets), key=CHOSEN, bind=BIND, placeholder=t("Choose what to filter by")
        )
        found = [(name, _filter(corpus, facets[name])) for name in names]
    return tuple((name, wanted) for name, wanted in found if wanted)


def _keys(name: str) -> tuple[str, ...]:
    return f"facet-{name}", f"facet-{name}-from", f"facet-{name}-to"


def _filter(corpus: Corpus, facet: Facet) -> tuple[Any, ...]:
    """Draw one filter and return what it asks for; nothing for all."""
    key, first, last = _keys(facet.name)
    label = escape_markdown(facet.name.replace("_", " "))
    if facet.kind == "boolean":
        picked = pick_or_none(label, t_each(YES_NO), key=key)
        return () if picked is None else (picked == "true",)
    if facet.kind == "text":
        values = corpus.cached(("facet values", facet.name), lambda: _values(corpus.songs[facet.name]))
        more = len(values) == LISTED
        return tuple(st.multiselect(label, values, key=key, bind=BIND, placeholder=t("Any"), accept_new_options=more))
    column = corpus.songs[facet.name].dropna()
    left, right = st.columns(2)
    since, until = t("{facet} from", facet=label), t("{facet} to", facet=label)
    ends: tuple[Any, Any]
    if facet.kind == "date":
        low, high = column.min().date(), column.max().date()
        days = {"min_value": low, "max_value": high, "bind": BIND}
        begin = left.date_input(since, None, key=first, **days)
        end = right.date_input(until, None, key=last, **days)
        ends = (begin and str(begin), end and f"{end}T23:59:59.999999")
    else:
        low, high = float(column.min()), float(column.max())
        ends = (
            left.number_input(since, key=first, placeholder=format_number(low, ".12g"), bind=BIND, **PLAIN_NUMBER),
            right.number_input(until, key=last, placeholder=format_number(high, ".12g"), bind=BIND, **PLAIN_NUMBER),
        )
    return () if ends == (None, None) else ends


def _values(column: "pd.Series[str]") -> list[str]:
    """Return the commonest values, in alphabetical order."""
    return sorted(column.value_counts().index[:LISTED].tolist())
