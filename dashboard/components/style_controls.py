"""Whose voice a run writes in, when, and how much of the song comes back. Every choice sits in the URL."""

import streamlit as st

from dashboard import cache
from dashboard.components import page_layout
from dashboard.components.bound import BIND, PLAIN, pick
from pipeline.core.errors import SeizeError
from pipeline.core.translation import t
from pipeline.generation.style.style import Style
from pipeline.language_models.control_tokens import conditions_of, readable

ANY = ""  # the key of no voice, no years


def style(run: str) -> Style:
    """The controls that this run was taught to follow; with none, a word that says so."""
    try:
        entries = conditions_of(cache.open_writer(run).vocabulary)
    except SeizeError:  # said where the run is to write
        return Style()
    taught = {kind: [readable(entry) for entry in entries if entry[1:].startswith(kind)] for kind in ("voice", "years")}
    if not taught["voice"] and not taught["years"]:
        page_layout.remark(t("This model was not taught voices or years."))
        return Style()
    first = _one_of(t("Voice"), taught["voice"], "voice")
    other, share, turns = "", 0.5, False
    if len(taught["voice"]) > 1:
        other = _one_of(t("With"), taught["voice"], "other_voice")
        turns = st.toggle(
            t("In turn"), key="turns", bind=BIND, help=t("A duet: four lines each, or a section each of the plan.")
        )
        share = st.slider(
            t("Share of the second voice"),
            *(0.0, 1.0, 0.5, 0.05),
            key="share",
            bind=BIND,
            format=PLAIN,
            help=t("Both voices read the same text; their next letters are mixed in this proportion."),
        )
    years = _one_of(t("Years"), taught["years"], "years")
    blended = bool(first and other and first != other)
    return Style(
        voice=first or other,
        other=other if blended else "",
        share=share,
        year=int(years.split("-")[0]) if years else None,
        turns=turns and blended,
    )


def memory() -> float:
    """How strongly what the song has said comes back."""
    return st.slider(
        t("Memory of the song"),
        *(0.0, 3.0, 0.0, 0.25),
        key="memory",
        bind=BIND,
        format=PLAIN,
        help=t(
            "0 forgets its own phrases, 1 lets them return as often as in real songs, above more often. "
            "For models mixed with an n-gram."
        ),
    )


def keep_person() -> bool:
    """Whether a section keeps to who speaks in it."""
    return st.toggle(
        t("Keep to who speaks"),
        key="keep_person",
        bind=BIND,
        help=t(
            "A section that begins with *je*, *tu* or *on* tends to go on with it, in its tense; "
            "who was *née* tends not to become *parti*."
        ),
    )


def _one_of(label: str, names: list[str], key: str) -> str:
    if not names:
        return ""
    return pick(label, {ANY: t("Any")} | {name: name for name in names}, key=key, look="list", everywhere=True)
