"""Every chart as a picture to share: made in the visitor's browser, of the chart as it stands there.

`mount` brings the script once for the whole page (static/share.js); what `share_button` draws opens its dialog.
"""

import re
from functools import cache
from html import escape

import streamlit as st

from dashboard.components.page_layout import STATIC
from pipeline.core.translation import t

LONGEST = 80  # characters of a title that are in the name of its picture


def mount(page: str, corpus: str = "") -> None:
    """Bring the script to the page; its title, and the corpus that it looks at, stand below each chart."""
    words = {
        "share": t("Share"), "shape": t("Shape"), "square": t("Square"), "story": t("Story, 9:16"), "wide": t("Wide"),
        "close": t("Close"), "source": " · ".join(filter(None, [corpus, page])),
    }  # fmt: skip
    with st.container(key="share-script"):
        component = st.components.v2.component("seize_share", html="<span></span>", js=_script())
        component(data=words, key="share-charts")


def share_button(title: str) -> str:
    """Return the HTML of the button that shares the chart of its card, under the title that the picture bears."""
    data = f'data-share="" data-name="{escape(picture_name(title))}" data-title="{escape(title)}"'
    return f'<button class="share" type="button" {data}>{t("Share")}</button>'


def picture_name(title: str) -> str:
    """Return the name of a file, without ending, that says what a chart shows.

    >>> picture_name("Most often nuit, rue & ville, in 12.9% of lines")
    'seize-most-often-nuit-rue-ville-in-12.9-of-lines'
    """
    return "-".join(["seize", *re.findall(r"\w+(?:[.,]\w+)*", title.lower()[:LONGEST])])


@cache
def _script() -> str:
    return (STATIC / "share.js").read_text("utf-8")
