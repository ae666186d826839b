"""How is each number computed?"""

from html import escape
from itertools import groupby

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick_or_none, slider
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.marked_text import highlight, verse_html
from dashboard.navigation import address
from dashboard.queries.subcorpus import slugify
from pipeline.analysis.measures import POEM, Measure, PublishedValueCheck
from pipeline.analysis.methods import METHODS
from pipeline.core.translation import format_decimal, t
from pipeline.language.tokens import Span, token_spans

WINDOW = 50  # words of the window of the example, as in the reference value of MATTR


def method_anchor(method: Measure) -> str:
    """Return the HTML id of a method on the page."""
    return f"method-{slugify(method.name)}"


def contents_html(families: dict[str, list[Measure]]) -> str:
    """Return the HTML of the list of methods by family, each a link to its definition."""
    parts = []
    for family, methods in families.items():
        links = ", ".join(f'<a href="#{method_anchor(method)}">{escape(t(method.name))}</a>' for method in methods)
        name = f'<a href="{address("methods", of=family)}" target="_self">{escape(t(family))}</a>'
        parts.append(f"<div><dt>{name}</dt><dd>{links}</dd></div>")
    return f'<nav aria-label="{escape(t("Contents"))}"><dl class="contents leads">{"".join(parts)}</dl></nav>'


def method_html(method: Measure, check: PublishedValueCheck) -> str:
    """Return the HTML of a method: its definition, its formula, and the published value of an example beside the one
    computed now."""
    formula = f"<code>{escape(t(method.formula))}</code>" if method.formula else ""
    source = f'<br><span class="quiet">{escape(t(method.source))}</span>' if method.source != "—" else ""
    values = {
        "case": escape(t(method.reference.case)),
        "reference": escape(t(method.reference.authority)),
        "expected": format_six_digits(check.expected),
        "observed": format_six_digits(check.observed),
    }
    verdict = "✓" if check.passed else "<b>✗</b>"
    proof = f"{verdict} {t('{case}: {expected} ({reference}), {observed} computed here', **values)}"
    return (
        f'<div class="method" id="{method_anchor(method)}"><p><b>{escape(t(method.name))}</b>{source}</p>'
        f'<div><p>{escape(t(method.definition))}</p>{formula}<p class="quiet proof">{proof}</p></div></div>'
    )


def format_six_digits(value: float) -> str:
    """Return a number with at most six significant digits."""
    decimals = len(f"{value:.6g}".partition(".")[2])
    return format_decimal(value, decimals)


@page_layout.fragment
def draw_moving_window() -> None:
    """Draw an example of MATTR: a window that moves over a poem, and the share of different words in it."""
    lines = POEM.split("\n")
    words = [(at, span) for at, line in enumerate(lines) for span in token_spans(line)]
    shares = [
        len({span.token for _, span in words[start : start + WINDOW]}) / WINDOW
        for start in range(len(words) - WINDOW + 1)
    ]
    title = t("For example: the richness of a text, by a moving window (MATTR)")
    heading(title, t("Baudelaire, “Harmonie du soir” (1857)."))
    controls, poem = st.columns([2, 3], gap="large")
    with controls:
        help = t("Words in the window from here on: {n}.", n=WINDOW)
        start = slider(t("First word of the window"), 1, len(shares), 1, key="window", help=help) - 1
        message = t(
            "{types} of these {n} words are different: <b>{share}</b>. The mean of the windows so far is "
            "<b>{mean}</b>; of all {windows} it is <b>{all}</b>, the MATTR of the poem, as below.",
            types=round(shares[start] * WINDOW),
            n=WINDOW,
            share=format_decimal(shares[start], 2),
            mean=format_decimal(sum(shares[: start + 1]) / (start + 1), 3),
            windows=len(shares),
            all=format_decimal(sum(shares) / len(shares), 3),
        )
        page_layout.draw_answer(message)
    inside: dict[int, list[Span]] = {at: [] for at in range(len(lines))}
    for at, span in words[start : start + WINDOW]:
        inside[at].append(span)
    marks = [[(spans[0].start, spans[-1].stop)] if spans else [] for spans in inside.values()]
    with poem:
        st.html(verse_html([highlight(*pair) for pair in zip(lines, marks, strict=True)], tight=True))


page_layout.draw_question(t("How is each number computed?"))
checks = {method: method.reference.compare_with_computed() for method in METHODS}
text = t(
    "Each definition below was just computed on a published or hand-made example: <b>{passed} of {all}</b> agree with "
    "its known value (✓).",
    passed=sum(check.passed for check in checks.values()),
    all=len(checks),
)
page_layout.draw_answer(text)
families = {family: list(methods) for family, methods in groupby(METHODS, key=lambda method: method.family)}
asked = None
if "of" in st.query_params:  # else the contents lead to the families
    asked = pick_or_none(t("Family"), {family: t(family) for family in families}, key="of")
if asked is None:
    st.html(contents_html(families))
    with st.container(key="card-example", gap="small"):
        draw_moving_window()
with st.expander(t("Symbols in the formulas")):
    st.markdown(page_layout.load_page_text("methods"))
for family, methods in families.items():
    if asked in (None, family):
        with st.container(key=f"card-{family.lower()}", gap="small"):
            st.html(f"<h2>{t(family)}</h2>" + "".join(method_html(method, checks[method]) for method in methods))
