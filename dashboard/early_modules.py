"""Modules of Streamlit's own that pages draw with, asked for with their document. Knows Streamlit's files, no page.

Streamlit loads what draws a kind of element when the first of it comes, and shows a grey bar of 40 pixels meanwhile,
whatever the height of what comes: text, buttons and lists then push each other down.
"""

import re
from functools import cache
from pathlib import Path

import streamlit

FILES = Path(streamlit.__file__).parent / "static" / "static" / "js"
# Every page has some of these, 0.6 MB in all. Charts (4.7 MB) and tables (1.4 MB) have their height before they come.
DRAWN_WITH = (
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "DownloadButton", "Html", "Multiselect", "NumberInput",
    "PageLink", "Pagination", "Radio", "Selectbox", "Slider", "Spinner", "TextArea", "TextInput",
)  # fmt: skip
# What formulas are set with, on the pages that have some.
SET_WITH = ("katex", "rehype-katex")
LETTERS = ("KaTeX_Main-Regular", "KaTeX_Math-Italic", "KaTeX_Size1-Regular")
_IMPORTED = re.compile(r'(?:from|import)\s*["`\']\./([^"`\']+\.js)["`\']')


@cache
def preload_links(formulas: bool = False) -> str:
    """Return the tags that ask for the modules; of a Streamlit whose files have other names, for those it has."""
    found: dict[str, None] = {}
    for name in (*DRAWN_WITH, *(SET_WITH if formulas else ())):
        for file in FILES.glob(f"{name}.*.js"):
            _add_with_imports(file.name, found)
    fonts = [file for name in LETTERS if formulas for file in FILES.parent.glob(f"media/{name}.*.woff2")]
    return "".join(
        [f'<link rel="modulepreload" crossorigin href="./static/js/{name}" />' for name in found]
        + [f'<link rel="preload" href="./static/media/{file.name}" as="font" crossorigin />' for file in fonts]
    )


def _add_with_imports(name: str, found: dict[str, None]) -> None:
    """Add a module to `found`, and what it imports."""
    if name in found or not (FILES / name).is_file():
        return
    found[name] = None
    for imported in _IMPORTED.findall((FILES / name).read_text("utf-8")):
        _add_with_imports(imported, found)
