"""A button by which the browser prints the page, or saves it as PDF: its fonts, text to select, and no library."""

import streamlit as st

from dashboard.components.copy import BUTTON_CSS

_HTML = '<button type="button"></button>'
_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => window.print();
}
"""


def print_button(label: str, *, key: str) -> None:
    """Draw the button; what is printed is for the stylesheet to say."""
    st.components.v2.component("seize_print", html=_HTML, css=BUTTON_CSS, js=_JS)(
        data={"label": label}, key=key, width="content"
    )
