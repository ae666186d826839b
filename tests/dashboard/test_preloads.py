"""What a page draws with is asked for with its document, as the installed Streamlit names its files."""

import re

from dashboard.middleware import DRAWN_WITH, FILES, LETTERS, SET_WITH, preload_links


def test_every_module_is_there_with_what_it_imports() -> None:
    names = re.findall(r'href="\./static/js/([^"]+)"', preload_links())
    assert all((FILES / name).is_file() for name in names)
    assert {name.split(".")[0] for name in names} >= set(DRAWN_WITH)
    assert len(names) == len(set(names)) > len(DRAWN_WITH)
    assert "PlotlyChart" not in preload_links(), "a chart has its height before it comes"


def test_formulas_are_asked_for_where_there_are_some() -> None:
    for name in (*SET_WITH, *LETTERS):
        assert f"/{name}." in preload_links(formulas=True)
        assert f"/{name}." not in preload_links()
