"""Pages as AppTest visits them."""

from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from dashboard.components.lesson.lesson import WHOLE
from dashboard.navigation import PART_KEY, PLACES, tabs_of_page
from tests.source_tree import ROOT

APP = ROOT / "dashboard" / "app.py"
VIEWS = list(PLACES)


def go(app: AppTest, place: str) -> AppTest:
    """The app before its run on a place: a page, or a part of one."""
    page, part = PLACES[place]
    if part != tabs_of_page(page)[0]:
        app.query_params[PART_KEY] = place
    elif PART_KEY in app.query_params:
        del app.query_params[PART_KEY]
    if page.file != "overview" or "selection" in app.session_state:
        app.switch_page(f"views/{page.file}.py")
    return app


def visit(app: AppTest, view: str, **query: str | list[str]) -> AppTest:
    """The app on a place, with this query in its address."""
    for name, value in query.items():
        app.query_params[name] = value
    return go(app, view).run()


def lesson(app: AppTest, page: str, **state: object) -> AppTest:
    """The app on a whole lesson, with these widget values."""
    go(app, page)
    app.query_params[PART_KEY] = WHOLE
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def import_by_path(app: AppTest, source: Path, name: str) -> AppTest:
    """The page that imports, after a path and a name were typed."""
    visit(app, "importing")
    app.segmented_control(key="way").set_value("path").run()
    app.text_input(key="name").set_value(name).run()
    return app.text_input(key="source").set_value(str(source)).run()


def html(app: AppTest) -> str:
    """All HTML of the page and its sidebar."""
    return _bodies(app, "html")


def lesson_html(app: AppTest) -> str:
    """The same and all Markdown, which holds drawings."""
    return _bodies(app, "html", "markdown")


def _bodies(app: AppTest, *kinds: str) -> str:
    parts = (app.sidebar, app.main)
    return "".join(element.proto.body for part in parts for kind in kinds for element in part.get(kind))


def check_page_order(app: AppTest, view: str) -> None:
    """Assert that a page has one question, then its answer, then its controls, and nothing that went wrong."""
    assert not app.exception
    assert len(app.title) == 1
    assert 'role="alert"' not in html(app)
    if view != "overview" and not view.startswith("learn_"):
        kinds = ["answer" if is_answer(each) else each.type for each in elements(app.main)]
        below = kinds[kinds.index("title") + 1 :]
        assert next(kind for kind in below if kind not in ("html", "empty")) == "answer"


def elements(block: Block) -> Iterator[Element]:
    """What a page holds, in the order in which it is read."""
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def is_answer(element: Element) -> bool:
    return element.type == "html" and 'class="answer"' in element.proto.body
