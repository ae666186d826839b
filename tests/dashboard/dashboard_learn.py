"""Helpers of the tests of the Learn pages."""

from streamlit.testing.v1 import AppTest


def lesson(app: AppTest, page: str, **state: object) -> AppTest:
    """The app on a Learn page, with these widget values."""
    app.run()
    app.switch_page(f"views/{page}.py")
    for key, value in state.items():
        app.session_state[key] = value
    return app.run()


def html(app: AppTest) -> str:
    """All HTML of the page and its sidebar, drawings included."""
    parts = (app.sidebar, app.main)
    return "".join(element.proto.body for part in parts for kind in ("html", "markdown") for element in part.get(kind))
