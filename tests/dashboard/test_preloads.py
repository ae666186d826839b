"""What a page draws with is asked for with its document, as the installed Streamlit names its files."""

import re

from dashboard.middleware import (
    FORMULA_FONTS,
    FORMULA_MODULES,
    PRELOADED_COMPONENTS,
    STREAMLIT_SCRIPTS_FOLDER,
    preload_links,
)


def test_every_module_is_there_with_what_it_imports() -> None:
    names = re.findall(r'href="\./static/js/([^"]+)"', preload_links())
    assert all((STREAMLIT_SCRIPTS_FOLDER / name).is_file() for name in names)
    assert {name.split(".")[0] for name in names} >= set(PRELOADED_COMPONENTS)
    assert len(names) == len(set(names)) > len(PRELOADED_COMPONENTS)
    assert "PlotlyChart" not in preload_links(), "a chart has its height before it comes"


def test_formulas_are_asked_for_where_there_are_some() -> None:
    for name in (*FORMULA_MODULES, *FORMULA_FONTS):
        assert f"/{name}." in preload_links(formulas=True)
        assert f"/{name}." not in preload_links()
