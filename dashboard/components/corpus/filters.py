"""The sidebar: the choice of a corpus and the filters of its songs. The address holds them, and they carry across
pages.

Filters by facets, which are what the source says of songs beyond artist and year, are folded: a corpus may have two
hundred, and the visitor first says which of them to filter by.
"""

from typing import Any

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.components.frame import bound
from dashboard.components.frame.bound import (
    BIND,
    MAX_LISTED_OPTIONS,
    pick,
    pick_or_none,
    pick_several,
    pick_some,
)
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_number, section_name
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.words.lexicon import key_figures
from pipeline.core.errors import CorpusError
from pipeline.core.translation import mark, t, t_count, translate_labels
from pipeline.corpus.facets import Facet, facet_value_counts
from pipeline.corpus.languages import language_name
from pipeline.corpus.song import SECTION_KINDS, display_name
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus, Layer

CHOSEN_FACETS_KEY = "filter-by"  # key of the control that says which facets are filtered by
YES_NO = {"true": mark("Yes"), "false": mark("No")}
MAX_CLICKABLE_VALUES = 500  # values of a text that can be clicked, the commonest; others are typed

# a number or none, without digits that it does not need
PLAIN_NUMBER: dict[str, Any] = {"value": None, "step": 1.0, "format": "%.12g"}


def draw_facet_filters(corpus: Corpus) -> tuple[tuple[str, Any], ...]:
    """Draw the filters by facets in an expander. Return (facet, values or (first, last)) of each that narrows the
    selection."""
    facets = {facet.name: facet for facet in corpus.facets if facet.known}
    if not facets:
        return ()
    facets_in_address = [name for name in facets if any(key in st.query_params for key in _facet_widget_keys(name))]
    chosen = st.session_state.get(CHOSEN_FACETS_KEY) or st.query_params.get_all(CHOSEN_FACETS_KEY)
    missing = [name for name in facets_in_address if name not in chosen]
    if missing and CHOSEN_FACETS_KEY not in st.session_state:  # an address that holds a value opens its filter
        st.session_state[CHOSEN_FACETS_KEY] = [*(name for name in chosen if name in facets), *missing]
    if CHOSEN_FACETS_KEY in st.session_state:
        st.session_state[CHOSEN_FACETS_KEY] = [
            name for name in st.session_state[CHOSEN_FACETS_KEY] if name in facets
        ]  # another corpus
    with st.expander(t("More filters"), expanded=bool(facets_in_address)):
        hint = t("Choose filters")
        names = st.multiselect(t("Filter by"), list(facets), key=CHOSEN_FACETS_KEY, bind=BIND, placeholder=hint)
        filters = [(name, _draw_facet_filter(corpus, facets[name])) for name in names]
    return tuple((name, values) for name, values in filters if values)


def _facet_widget_keys(name: str) -> tuple[str, ...]:
    return f"facet-{name}", f"facet-{name}-from", f"facet-{name}-to"


def _draw_facet_filter(corpus: Corpus, facet: Facet) -> tuple[Any, ...]:
    """Draw the filter by one facet and return the chosen values, or (first, last) of numbers and dates; empty for
    all."""
    key, *ends = _facet_widget_keys(facet.name)
    label = escape_markdown(facet.name.replace("_", " "))
    if facet.kind == "boolean":
        picked = pick_or_none(label, translate_labels(YES_NO), key=key)
        return () if picked is None else (picked == "true",)
    column = corpus.songs[facet.name]
    if facet.kind in ("text", "list"):  # the commonest values, in alphabetical order
        by_times = corpus.cached(("facet values", facet.name), lambda: facet_value_counts(column, facet.kind).index)
        commonest = by_times[:MAX_CLICKABLE_VALUES]
        values, more = sorted(commonest), len(commonest) == MAX_CLICKABLE_VALUES
        return tuple(st.multiselect(label, values, key=key, bind=BIND, placeholder=t("Any"), accept_new_options=more))
    since, until = t("{facet} from", facet=label), t("{facet} to", facet=label)
    left, right = st.columns(2)
    low, high = column.min(), column.max()
    if facet.kind == "date":
        days = {"min_value": low.date(), "max_value": high.date(), "bind": BIND}
        begin = left.date_input(since, None, key=ends[0], **days)
        end = right.date_input(until, None, key=ends[1], **days)
        dates = (begin and str(begin), end and f"{end}T23:59:59.999999")
    else:
        lowest, highest = (format_number(float(each), ".12g") for each in (low, high))
        begin = left.number_input(since, key=ends[0], placeholder=lowest, bind=BIND, **PLAIN_NUMBER)
        dates = (begin, right.number_input(until, key=ends[1], placeholder=highest, bind=BIND, **PLAIN_NUMBER))
    return () if dates == (None, None) else dates


KEY, SPAN = "selection", "years-of-corpus"
INFERRED_CHOICE_LABELS = {"all": mark("All"), "tagged": mark("Tagged"), "inferred": mark("Inferred")}
LAYERS: dict[Layer, str] = {"lyrics": mark("Lyrics"), "adlibs": mark("Ad-libs"), "all": mark("Both")}
LAYERS_HELP = mark("Ad-libs are the shouts in parentheses, such as (skrrt). They are counted separately.")
COUNTED: dict[Layer, str] = {
    "lyrics": mark("without ad-libs"), "adlibs": mark("ad-libs only"), "all": mark("ad-libs included")
}  # fmt: skip


def current_selection() -> Selection:
    """Return the part of the corpus that the filters select in this run of the page."""
    return st.session_state[KEY]


def draw_filters() -> None:
    """Draw the sidebar with all filters, and store their selection for `current_selection`. Raise CorpusError when
    there is no corpus."""
    with st.sidebar:
        summary = st.container()
        if KEY not in st.session_state:  # who arrives sees the filters where they stay
            summary = summary.empty()
            summary.html('<p class="selected awaited">…<br>…<br>…<br>…</p>')
        name = pick_corpus()
        corpus = cache.open_corpus(name)
        selection = Selection(
            corpus=name,
            version=cache.corpus_version(name),
            artists=draw_artist_filter(corpus),
            years=draw_year_filter(corpus),
            kinds=_pick_section_kinds(corpus),
            inferred=_pick_inferred_sections(corpus),
            layer=pick(t("Text"), translate_labels(LAYERS), key="layer", help=t(LAYERS_HELP), everywhere=True),
            languages=_pick_languages(corpus),
            facets=draw_facet_filters(corpus),
        )
        with summary:
            _draw_summary(selection)
    st.session_state[KEY] = selection


def _draw_summary(selection: Selection) -> None:
    figures = cache.query(key_figures, selection, layer=selection.layer)
    counts = [t_count("{n} song", "{n} songs", figures.songs), t_count("{n} line", "{n} lines", figures.lines)]
    counts.append(t_count("{n} word", "{n} words", figures.words))
    scope = [t("Whole corpus") if selection.is_whole else t("Selected")]
    if selection.languages == DEFAULT_LANGUAGES and _other_languages(cache.open_corpus(selection.corpus)):
        scope.append(t("in French"))
    scope.append(t(COUNTED[selection.layer]))
    bold = "<br>".join(f"<b>{each}</b>" for each in counts)
    st.html(f'<p class="selected"><span class="quiet">{", ".join(scope)}</span><br>{bold}</p>')


def pick_corpus() -> str:
    """Draw the choice of a corpus and return its name, which is kept in every address. The list opens on the corpus
    last looked at. Raise CorpusError when there is none that the visitor may read."""
    names = cache.corpus_names()
    bound.report_unknown("corpus", names)
    if not names:
        raise CorpusError("There is no corpus here that you can read. Ask whoever runs this server.")
    if len(names) == 1:
        bound.write_to_address("corpus", names[0], None)
        return names[0]
    return pick(t("Corpus"), {name: name for name in names}, key="corpus", look="list", everywhere=True, spoken=True)


def draw_artist_filter(corpus: Corpus) -> tuple[str, ...]:
    """Draw the choice of artists and return their names, empty for all."""
    if len(corpus.artists) <= MAX_LISTED_OPTIONS:  # of more the control itself says it
        bound.report_unknown("artists", [display_name(name) for name in corpus.artists])
    if len(corpus.artists) < 2:
        return ()

    def ordered_artists() -> list[str]:  # in alphabetical order; of too many to be listed, those with most songs
        names = corpus.songs["artist"].value_counts().index.tolist()
        return [*sorted(names[:MAX_LISTED_OPTIONS]), *names[MAX_LISTED_OPTIONS:]]

    names = corpus.cached("artists by songs", ordered_artists)
    return pick_some(t("Artists"), names, key="artists", hint=t("All artists"), shown=display_name)


def draw_year_filter(corpus: Corpus) -> tuple[int, int] | None:
    """Draw the slider of years and return (first, last), None for all."""
    span = corpus.year_span
    if span is None or span[0] == span[1]:
        return None
    chosen, span_before = st.session_state.get("years"), st.session_state.get(SPAN, span)
    if not isinstance(chosen, tuple | list) or span != span_before == tuple(chosen):
        st.session_state.pop("years", None)  # a text, of a choice that Write has; or all years of another corpus
    elif span != span_before:  # Streamlit fails on years outside the span
        st.session_state["years"] = tuple(np.clip(chosen, *span).tolist())
    st.session_state[SPAN] = span
    chosen = st.slider(t("Years"), *span, value=span, key="years", bind=BIND)
    return None if tuple(chosen) == span else (int(chosen[0]), int(chosen[1]))


def _pick_section_kinds(corpus: Corpus) -> tuple[str, ...]:
    present = set(corpus.sections["kind"].unique())
    kinds = [kind for kind in SECTION_KINDS if kind in present]
    if len(kinds) < 2:
        return ()
    return pick_several(t("Sections"), {kind: section_name(kind) for kind in kinds}, key="sections", everywhere=True)


def _pick_inferred_sections(corpus: Corpus) -> bool | None:
    """Draw the choice between sections whose type the source gives and those of inferred type, where there are both.
    Return whether inferred ones are wanted, None for both."""
    if corpus.sections["inferred"].nunique() < 2:
        return None
    help = t("Where the source has no tags such as [Refrain], section types are inferred from repetition.")
    picked = pick(
        t("Section types"), translate_labels(INFERRED_CHOICE_LABELS), key="kinds-from", help=help, everywhere=True
    )
    return {"all": None, "tagged": False, "inferred": True}[picked]


def _pick_languages(corpus: Corpus) -> tuple[str, ...]:
    others = _other_languages(corpus)
    if not others:
        return DEFAULT_LANGUAGES
    present = t("Languages found: {languages}.", languages=escape_markdown(", ".join(map(language_name, others))))
    if len(others) == corpus.sections["language"].nunique():  # nothing would be left
        st.caption(present)
        return ()
    include = st.toggle(t("Other languages too"), key="languages", bind=BIND, help=present)
    return () if include else DEFAULT_LANGUAGES


def _other_languages(corpus: Corpus) -> list[str]:
    return sorted(set(corpus.sections["language"].unique()) - set(DEFAULT_LANGUAGES))
