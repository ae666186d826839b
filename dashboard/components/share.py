"""A verse as a picture to keep or post: three shapes, PNG or SVG, drawn here, with the address of the page."""

from urllib.parse import urlencode

import streamlit as st

from dashboard import cache
from dashboard.components.bound import pick
from pipeline.cards.canvas import SHAPES, Shape
from pipeline.cards.png import to_png
from pipeline.cards.theme import Mode
from pipeline.cards.verse_card import VerseCard, draw_verse
from pipeline.exports.songs import file_name
from pipeline.translation import mark, t

_LABELS: dict[Shape, str] = {"square": mark("Square"), "story": mark("Story, 9:16"), "wide": mark("Wide")}


def share_verse(card: VerseCard, corpus: str, *, key: str, name: str) -> None:
    """Draw the button that opens a preview of the card with its shapes and the two files, called after `name`."""
    with st.popover(t("Share"), icon=":material/ios_share:", key=f"share-{key}", on_change="rerun") as opened:
        if not opened.open:  # the picture is drawn for who asks for it
            return
        shape: Shape = pick(t("Shape"), {each: t(_LABELS[each]) for each in SHAPES}, key=f"shape-{key}")
        mode: Mode = "dark" if st.toggle(t("Dark"), key=f"dark-{key}") else "light"
        svg = draw_verse(card, cache.line_pronunciations(card.lines, corpus), shape, mode)
        png = to_png(svg)
        st.image(png, width=280)
        with st.container(horizontal=True, gap="small"):
            for label, suffix, mime, data in (
                ("PNG", "png", "image/png", png),
                ("SVG", "svg", "image/svg+xml", svg.encode()),
            ):
                st.download_button(
                    label,
                    data,
                    f"{file_name(name)}-{shape}.{suffix}",
                    mime,
                    key=f"share-{key}-{suffix}",
                    on_click="ignore",
                    icon=":material/download:",
                )


def page_address(page: str, **query: str) -> str:
    """Return the address of a page as a card shows it: without the scheme, the query readable."""
    host = (st.context.url or "seize").split("//")[-1].split("/")[0]
    return f"{host}/{page}" + (f"?{urlencode(query)}" if query else "")
