"""Every page on a home whose every field is hostile: text stays text, in HTML, in Markdown, in labels of figures."""

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from dashboard.navigation import PLACES
from tests.dashboard.hostile import ADDRESS, HOST, make_home
from tests.dashboard.pages import go

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
VIEWS = list(PLACES)
LOOKS = [("runs", look) for look in ("curves", "compare", "surprisal", "files")]

# Fields that Streamlit shows as they are, or does not show.
PLAIN = {
    *(
        "id",
        "form_id",
        "key",
        "alt",
        "placeholder",
        "raw_values",
        "default",
        "value",
        "raw_value",
        "url",
        "query_string",
    ),
    *("file_name", "element_hash", "arrow_data", "columns", "data", "unique_id", "language", "code_text"),
}
# Of these kinds the options are plain too.
LISTS = {"selectbox", "multiselect"}
ACTIVE = ("script", "img", "iframe", "object", "embed", "link", "image", "use", "base", "form", "input", "video")
# What is Markdown still, where the text of a field is shown: links, pictures, code, colours, formulas, addresses.
MARKDOWN = re.compile(r"(?<!\\)[\[\]<`$&]|(?<!\\)\*b\*|https?://|www\.|\w@\w|:red|:smile", re.IGNORECASE)
OURS = re.compile(r"`<unk>`|(?:word2index|index2word)\[|”\]")
# A document of somebody else keeps its marks, but no links and pictures.
DOCUMENT, LINKED = "## card", re.compile(r"\][\[(:]|://|www\.|\w@\w", re.IGNORECASE)
# Plotly reads bare tags, and links and styles.
PLOTLY = re.compile(r"<(?!/?(?:b|i|br|extra)>)|<b>b</b>|%\{")
DATA = re.compile(r"%\{(?:x|y|z|text|hovertext|customdata)(?:\[\d+\])?(?::[^}]*)?\}")


class Tags(HTMLParser):
    """What HTML would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bad = [
            f"{name}={value}"
            for name, value in attrs
            if name.startswith("on")
            or (name in ("href", "src", "srcset", "action", "xlink:href") and re.match(r"\s*(//|\w+:)", value or ""))
            or (name == "style" and HOST in (value or ""))
        ]
        if bad or tag in ACTIVE:
            self.found.append(f"<{tag} {bad}>")


def strings(message: Message, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an element with its field, nested ones too."""
    for field, value in message.ListFields():
        if field.name in PLAIN:
            continue
        for each in value if isinstance(value, Iterable) and not isinstance(value, str | bytes | Message) else [value]:
            if isinstance(each, Message):
                yield from strings(each, f"{path}{field.name}.")
            elif isinstance(each, str):
                yield f"{path}{field.name}", each


def texts_of_figure(spec: str) -> Iterator[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (text for key, each in value.items() if key != "template" for text in walk(each))
        elif isinstance(value, list):
            yield from (text for each in value for text in walk(each))

    yield from walk(json.loads(spec))


def problems(element: Element) -> list[str]:
    """What in an element is more than text; empty when nothing is."""
    kind, proto = element.type, element.proto
    if kind == "plotly_chart":
        return [text for text in texts_of_figure(proto.spec) if PLOTLY.search(DATA.sub("", text))]
    if kind == "bidi_component":  # the button that copies: its text is data of our own script
        return []
    if kind == "html" or getattr(proto, "allow_html", False):
        tags = Tags()
        tags.feed(proto.body)
        return tags.found
    return [
        f"{kind}.{field}: {text[:200]}"
        for field, text in strings(proto)
        if HOST in text and not (kind in LISTS and field == "options") and is_marked(text)
    ]


def is_marked(text: str) -> bool:
    if text.startswith(DOCUMENT):
        return LINKED.search(text) is not None
    return MARKDOWN.search(OURS.sub("", text)) is not None


def elements(app: AppTest) -> Iterator[Element]:
    def walk(node: Any) -> Iterator[Any]:
        for child in getattr(node, "children", {}).values():
            yield child
            yield from walk(child)

    for root in (app.main, app.sidebar, app._tree[2] if 2 in app._tree.children else None):
        for node in walk(root) if root is not None else ():
            if getattr(node, "proto", None) is not None:
                yield node


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, places: dict[str, str]) -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PREPARED", "MODELS", "JOBS"):
            patch.setenv(f"SEIZE_{name}", places[f"SEIZE_{name}"])
        yield make_home(tmp_path_factory.mktemp("hostile"), places)


def _all_looks() -> Iterator[object]:
    """Each page; of the lessons, whose only text of others is the line, one, since that line is read by all of them."""
    for view in VIEWS:
        slow = view.startswith("learn_") and view != "learn_story"
        yield pytest.param(view, "card", marks=pytest.mark.slow if slow else ())
    yield from LOOKS


@pytest.mark.sampled(16)
@pytest.mark.parametrize(("view", "look"), [*_all_looks()])
def test_text_stays_text(home: dict[str, str], view: str, look: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in {**ADDRESS, "look": look}.items():
        app.query_params[name] = value
    app.run()
    if view != "overview":
        go(app, view).run()
    assert not app.exception
    found = [problem for element in elements(app) for problem in problems(element)]
    assert found == []
