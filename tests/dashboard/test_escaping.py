"""No view, component or chart puts foreign text into Markdown or a template of Plotly unguarded: read from the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboard.charts.base_figure import add_label, base_figure, escape_data, unescape_data
from tests.source_tree import Function, Module, modules, place

# Calls whose first argument Streamlit reads as Markdown, ours that hand it on among them.
MARKDOWN = {
    *("title", "header", "subheader", "markdown", "caption", "expander", "popover", "spinner", "toast", "status"),
    *("button", "form_submit_button", "download_button", "link_button", "checkbox", "toggle", "radio", "pills"),
    *("selectbox", "multiselect", "segmented_control", "slider", "select_slider", "text_input", "text_area"),
    *("number_input", "file_uploader", "info", "warning", "success", "metric", "badge", "exception", "tabs"),
    *("pick", "pick_or_none", "pick_bar_or_dot", "pick_lines", "step_slider"),
}  # fmt: skip
KEYWORDS = {"help", "label", "search", "progress.text"}  # Markdown wherever they stand
TEMPLATES = {"hovertemplate", "texttemplate", "hover", "unit"}  # of Plotly, and what our charts make them of
NO_LABELS = {"assign", "dict"}  # whose keywords are columns
# What gives text that is ours: numbers, guarded text, our own documents.
SAFE = {
    *("escape_markdown", "escape_plotly", "unlink_markdown", "format_decimal", "format_percentage", "format_number"),
    *("span", "interval", "format_duration", "count", "remaining_share_text"),
    *("len", "int", "float", "round", "abs", "load_page_text", "read_text", "fill", "against", "progress_text"),
    *("state_text", "parameter_count"),
}  # fmt: skip
# Names that hold text of ours, by module: labels of constants, numbers, guarded before.
OURS = {
    "charts": {"hover", "hovers", "numbers", "unit", "x"}, "choices": {"hover"},  # parameters: looked at where given
    "controls": {"help", "label"}, "model_controls": {"label"}, "line_list": {"label"},
    "line_panel": {"label"}, "share": {"label"},
    "data_table": {"search", "HELP", "label", "help"},
    "data": {"label"}, "exercise": {"exercise", "names", "missed", "help_"}, "learn": {"label", "part"},
    "notebook": {"label", "kept"}, "takes": {"label"}, "overview": {"title"},
    "marks": {"svg"}, "upload": {"title"}, "run_looks": {"text", "re"}, "shape_plays": {"n"},
    "learn_bugs": {"matters"}, "learn_cost": {"label", "help", "training", "exploded"},
    "learn_functions": {"rule", "line", "names", "result", "shapes"},
    "learn_lstm": {"unit", "u", "best"}, "learn_rnn": {"read_", "bet", "came"},
    "learn_story": {"k"}, "lexicon": {"letters"},
    "learn_words": {"letters", "small", "verdict", "at", "back", "gap", "embedding", "label", "s"},
}  # fmt: skip
WRAPPERS = {"bound", "lesson", "choices", "page_layout", "phonetics_cache", "job_card", "figure_card", "navigation"}


def is_safe(node: ast.expr, known: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()) -> bool:
    """Whether an expression can only hold text of our own; a name is what is assigned to it in its function or file."""
    match node:
        case ast.Constant():
            return True
        case ast.JoinedStr(values=parts):
            return all(isinstance(part, ast.Constant) or is_safe(part, known, seen) for part in parts)
        case ast.FormattedValue(value=value, format_spec=spec):
            return spec is not None or is_safe(value, known, seen)  # a format is one of numbers
        case ast.BinOp(left=left, right=right):
            return is_safe(left, known, seen) and is_safe(right, known, seen)
        case ast.IfExp(body=body, orelse=orelse):
            return is_safe(body, known, seen) and is_safe(orelse, known, seen)
        case ast.Call(func=ast.Attribute(attr="items" | "values" | "get" | "sub" | "map", value=value)):
            return is_safe(value, known, seen)
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Constant()), args=[ast.GeneratorExp(elt=each)]):
            return is_safe(each, known, seen)
        case ast.Call(
            func=ast.Name(id="t" | "t_count" | "mark"), args=args, keywords=keywords
        ):  # a translated template
            return all(is_safe(value, known, seen) for value in (*args, *(each.value for each in keywords)))
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in SAFE
        case ast.ListComp(elt=each):
            return is_safe(each, known, seen)
        case ast.Subscript(value=value):
            return is_safe(value, known, seen)
        case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            return all(is_safe(value, known, seen) for value in values if value)
        case ast.Attribute(attr=name) if name.isupper():
            return True
        case ast.Attribute(value=value):
            return is_safe(value, known, seen) or getattr(value, "id", "") in ("bug", "shape")  # constants of lessons
        case ast.Name(id=name):
            given = known.get(name, [])
            if name.isupper() or name in seen:
                return True
            return bool(given) and all(is_safe(value, known, seen | {name}) for value in given)
    return False


def assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """What each name of a function or file is given."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node.iter)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
            for name in node.target.elts:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(node.iter)
    return found


def scopes(module: Module) -> Iterator[ast.AST]:
    yield from module.nodes(ast.FunctionDef)
    yield ast.Module([node for node in module.tree.body if not isinstance(node, Function)], [])


def unguarded(module: Module, calls: set[str], keywords: set[str]) -> Iterator[str]:
    everywhere = assigned(ast.Module([node for node in module.tree.body if not isinstance(node, Function)], []))
    ours = {name: [ast.Constant("")] for room in module.path.parts for name in OURS.get(room.removesuffix(".py"), ())}
    for scope in scopes(module):
        known = {**everywhere, **assigned(scope), **ours}
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = [(name, call.args[0])] if name in calls and call.args else []
            given += [
                (keyword.arg, keyword.value)
                for keyword in call.keywords
                if keyword.arg and name not in NO_LABELS and keywords & {keyword.arg, f"{name}.{keyword.arg}"}
            ]
            for where, value in given:
                if not is_safe(value, known):
                    yield f"{place(module, call)} {where}: {ast.unparse(value)}"


ROOMS = modules("dashboard/views", "dashboard/components", "dashboard/cache", "dashboard/charts", "dashboard/app.py")


def test_no_foreign_text_in_markdown() -> None:
    rooms = (module for module in ROOMS if module.path.stem not in WRAPPERS)
    assert [stray for module in rooms for stray in unguarded(module, MARKDOWN, KEYWORDS)] == []


def test_no_foreign_text_in_templates_of_plotly() -> None:
    assert [stray for module in ROOMS for stray in unguarded(module, set(), TEMPLATES)] == []


def test_every_figure_is_drawn_where_its_data_are_escaped() -> None:
    calls = ((module, node) for module in ROOMS for node in module.nodes(ast.Attribute))
    assert {str(module.path) for module, node in calls if node.attr == "plotly_chart"} == {
        "dashboard/components/frame/figure_card.py"
    }


@pytest.mark.parametrize(
    "code",
    [
        'def f(row):\n    st.button(f"Save {row.title}")',
        'def f(row):\n    title = row["title"]\n    st.expander("Read " + title)',
        "def f(names):\n    for name in names:\n        st.progress(0.5, text=name)",
        'def f(row):\n    st.toggle("On", help=row.artist)',
        'def f(query):\n    figure.add_bar(hovertemplate=f"<b>{query}</b>")',
    ],
)
def test_a_stray_is_found(code: str) -> None:
    module = Module(Path("dashboard/views/new.py"), ast.parse(code))
    assert list(unguarded(module, MARKDOWN, KEYWORDS | TEMPLATES))


HOSTILE = "<a href='https://evil.example'>R&B</a> %{x}"


def test_a_figure_shows_its_data_as_text_and_a_pick_gives_them_back() -> None:
    figure = base_figure(x=HOSTILE)
    figure.add_bar(
        x=[1, 2], y=[HOSTILE, "b"], customdata=[[HOSTILE, 1], ["b", 2]], text=np.array([HOSTILE, ""], object)
    )
    figure.add_bar(x=[1], y=["c"], name=HOSTILE)
    figure.update_yaxes(ticktext=[HOSTILE], categoryarray=[HOSTILE])
    add_label(figure, 1, HOSTILE, HOSTILE, "#000000")
    drawn = escape_data(figure)
    assert "<a" not in drawn.to_json()
    assert "%{" not in drawn.to_json()
    assert drawn.data[0].y[0] == drawn.layout.annotations[0].y == drawn.layout.yaxis.categoryarray[0]
    assert unescape_data(drawn.data[0].y[0]) == unescape_data(drawn.data[0].customdata[0][0]) == HOSTILE
    assert unescape_data(drawn.data[0].customdata[0][1]) == 1


def test_numbers_are_left_as_they_are() -> None:
    figure = base_figure()
    figure.add_scatter(x=np.arange(3), y=np.array([0.5, np.nan, 2.0]), customdata=np.ones((3, 2)))
    before = figure.to_json()
    assert escape_data(figure).to_json() == before
