"""What leaves a page: a text for the clipboard, the page printed, a verse, a song or a portrait as a picture.

A picture to keep or post has three shapes, as PNG or SVG, and is drawn here; charts are shared by `figure_card`, in the
browser. The browser also prints, or saves as PDF: its fonts, text to select, and no library.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from dashboard import cache
from dashboard.components.frame.bound import pick
from dashboard.components.frame.data_table import save_button
from dashboard.components.frame.figure_card import picture_name
from dashboard.navigation import address
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.sound.rhymes import less_dense_section_share, rhyme_density_of_lines, rhyme_density_sentence
from pipeline.core.translation import mark, t
from pipeline.publish.canvas import SHAPES, Shape, to_png
from pipeline.publish.cards import VerseCard, draw_verse
from pipeline.publish.theme import Mode

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
    """Draw the button."""
    refused = t("This browser does not allow copying: select the text instead.")
    _browser_button({"label": label, "copied": t("Copied"), "refused": refused, "text": text}, key)


def print_button(label: str, *, key: str) -> None:
    """Draw the button; what is printed is for the stylesheet to say."""
    _browser_button({"label": label}, key)


def _browser_button(data: dict[str, str], key: str) -> None:
    """Draw a button that copies the `text` of its data, or prints the page where it has none."""
    component = st.components.v2.component("seize_button", html=_BUTTON_HTML, css=BUTTON_CSS, js=_BUTTON_JS)
    component(data=data, key=key, width="content")


_LABELS: dict[Shape, str] = {"square": mark("Square"), "story": mark("Story, 9:16"), "wide": mark("Wide")}


def share_card(draw: Callable[[Shape, Mode], str], *, key: str, name: str) -> None:
    """Draw the button that opens a preview of a card with its shapes and the two files, called after `name`.

    `draw` returns its SVG.
    """
    with st.popover(t("Share"), icon=":material/ios_share:", key=f"share-{key}", on_change="rerun") as opened:
        if not opened.open:  # the picture is drawn for who asks for it
            return
        shape: Shape = pick(t("Format"), {each: t(_LABELS[each]) for each in SHAPES}, key=f"shape-{key}")
        mode: Mode = "dark" if st.toggle(t("Dark"), key=f"dark-{key}") else "light"
        with st.spinner(t("Preparing the card…")):
            svg = draw(shape, mode)
            png = to_png(svg)
        st.image(png, width=280)
        with st.container(horizontal=True, gap="small"):
            file, start = f"{picture_name(name)}-{shape}", f"share-{key}"
            save_button("PNG", png, f"{file}.png", "image/png", key=f"{start}-png", look="secondary")
            save_button("SVG", svg.encode(), f"{file}.svg", "image/svg+xml", key=f"{start}-svg", look="secondary")


def share_verse(card: VerseCard, corpus: str, *, key: str, name: str) -> None:
    """Draw the button that shares a verse; without a measure of its own it says how densely it rhymes beside those of
    the corpus."""

    def draw(shape: Shape, mode: Mode) -> str:
        sounds = cache.line_pronunciations(card.lines, corpus)
        density = rhyme_density_of_lines(card.lines, sounds)
        whole = Selection(corpus, cache.corpus_version(corpus))
        less = cache.query(less_dense_section_share, whole, density)
        return draw_verse(
            replace(card, measure=card.measure or rhyme_density_sentence(density, less)), sounds, shape, mode
        )

    share_card(draw, key=key, name=name)


def page_address(place: str, **query: str) -> str:
    """Return the address of a place as a card shows it: without the scheme; "" where no other machine can open it."""
    host = urlsplit(st.context.url or "").netloc
    return f"{host}/{address(place, **query)}" if is_public(host) else ""


def is_public(host: str) -> bool:
    """Whether a host is more than a name or a number of this machine or of its own network.

    >>> [is_public(host) for host in ("seize.example", "localhost:8501", "127.0.0.1", "[::1]:8501", "10.0.0.7", "")]
    [True, False, False, False, False, False]
    """
    name = urlsplit(f"//{host}").hostname or ""
    with suppress(ValueError):
        return ip_address(name).is_global
    return "." in name and not name.endswith((".local", ".internal", ".lan"))
