"""A button that puts a text on the clipboard, in the browser."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pipeline.core.translation import t

_HTML = '<button type="button"></button><span role="status"></span>'
BUTTON_CSS = """
button {
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius); padding: 0.25rem 0.75rem; min-height: 2.5rem; cursor: pointer; }
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
span { margin-left: 0.6rem; font-size: 0.9rem; }
"""
_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button"), status = parentElement.querySelector("span");
  button.textContent = data.label;
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(data.text); status.textContent = data.copied; }
    catch { status.textContent = data.refused; }
    setTimeout(() => (status.textContent = ""), 2500);
  };
}
"""


def copy_button(label: str, text: str, *, key: str) -> None:
    """Draw the button."""
    said = {
        "label": label,
        "copied": t("Copied"),
        "refused": t("This browser does not let a page copy: select the text."),
    }
    _component()(data={**said, "text": text}, key=key, width="content")


def _component() -> Callable[..., Any]:
    return st.components.v2.component("seize_copy", html=_HTML, css=BUTTON_CSS, js=_JS)
