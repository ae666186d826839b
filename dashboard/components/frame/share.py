"""What leaves a page: a text for the clipboard, the page printed, a verse, a song or a portrait as a picture.

The browser draws the pictures, as it does those of charts (`figure_card`), and it prints, or saves as PDF.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from dashboard import cache
from dashboard.components.frame.figure_card import preview_card
from dashboard.navigation import address
from dashboard.queries.cards import ShareCard
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.sound.rhymes import (
    rhyme_density_of_lines,
    rhyme_density_sentence,
    share_of_sections_below_density,
)
from pipeline.core.translation import t
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import rhyme_spans
from pipeline.language.syllables import scan_line

_BUTTON_HTML = '<button type="button"></button><span role="status"></span>'
BUTTON_CSS = """
button {
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); padding: 0.25rem 0.75rem; min-height: 2.5rem; cursor: pointer; }
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
span { margin-left: 0.6rem; font-size: 0.9rem; }
"""
_BUTTON_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), status = parentElement.querySelector("span");
  button.textContent = data.label;
  button.onclick = async () => {
    if (data.text === undefined) return window.print();
    try { await navigator.clipboard.writeText(data.text); status.textContent = data.copied; }
    catch { status.textContent = data.refused; }
    setTimeout(() => (status.textContent = ""), 2500);
  };
}
"""


def copy_button(label: str, text: str, *, key: str) -> None:
    """Draw a button that copies a text to the clipboard, and says so."""
    refused = t("This browser does not allow copying: select the text instead.")
    _copy_or_print_button({"label": label, "copied": t("Copied"), "refused": refused, "text": text}, key)


def print_button(label: str, *, key: str) -> None:
    """Draw a button that prints the page. The stylesheet selects the parts that are printed."""
    _copy_or_print_button({"label": label}, key)


def _copy_or_print_button(data: dict[str, str], key: str) -> None:
    """Draw a button that copies `data["text"]` to the clipboard, or prints the page if `data` has no text."""
    component = st.components.v2.component("seize_button", html=_BUTTON_HTML, css=BUTTON_CSS, js=_BUTTON_JS)
    component(data=data, key=key, width="content")


def share_card(label: str, make_card: Callable[[], ShareCard], corpus: str, *, key: str, name: str) -> None:
    """Draw a button that previews a card as a picture in three shapes, to be saved in files named after `name`.

    `make_card` returns the card, at the click; `corpus` says how its lines sound.
    """
    if not st.button(label, icon=":material/ios_share:", key=f"share-{key}"):
        return
    with st.spinner(t("Preparing the card…")):
        card = make_card()
        lines = [" ".join(line.split()) for line in card.lines if line.strip()]
        preview_card({**asdict(card), "lines": rhymed_lines(lines, cache.line_pronunciations(lines, corpus))}, name)


def rhymed_lines(lines: Sequence[str], sounds: Pronunciations) -> list[dict[str, Any]]:
    """Return a dictionary for each line: its text, its spoken syllables, its end rhymes as (start, stop, group)."""
    spans = [span for span in rhyme_spans(lines, sounds) if span.kind == "end"]
    return [
        {
            "text": line,
            "syllables": scan_line(line, sounds).syllables.spoken,
            "rhymes": [span[1:4] for span in spans if span.line == at],
        }
        for at, line in enumerate(lines)
    ]


def share_verse(card: ShareCard, corpus: str, *, key: str, name: str) -> None:
    """Draw a button that shares a verse, with its rhyme density beside that of the sections of a corpus."""

    def make_card() -> ShareCard:
        density = rhyme_density_of_lines(card.lines, cache.line_pronunciations(card.lines, corpus))
        whole = Selection(corpus, cache.corpus_version(corpus))
        return replace(
            card, note=rhyme_density_sentence(density, cache.query(share_of_sections_below_density, whole, density))
        )

    share_card(t("Share the verse"), make_card, corpus, key=key, name=name)


def page_address(place: str, **query: str) -> str:
    """Return the address of a page or tab without its scheme, for a card; "" if no other machine can open it."""
    host = urlsplit(st.context.url or "").netloc
    return f"{host}/{address(place, **query)}" if is_public(host) else ""


def is_public(host: str) -> bool:
    """Return whether a host can be reached from outside this machine and its own network.

    >>> [is_public(host) for host in ("seize.example", "localhost:8501", "127.0.0.1", "[::1]:8501", "10.0.0.7", "")]
    [True, False, False, False, False, False]
    """
    name = urlsplit(f"//{host}").hostname or ""
    with suppress(ValueError):
        return ip_address(name).is_global
    return "." in name and not name.endswith((".local", ".internal", ".lan"))
