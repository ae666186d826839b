"""What import-linter cannot see: built-in `open`, libraries by exclusion, who asks where runs live."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.source_tree import ROOT, imported, module_of, modules, place

OPENING = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink"}


def in_room(room: str):
    return [module for module in modules("pipeline", "dashboard") if f"{module.name}.".startswith(f"{room}.")]


def test_language_models_open_no_files() -> None:
    found = [
        place(module, node)
        for module in in_room("pipeline.language_models")
        for node in module.nodes(ast.Call)
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in OPENING
    ]
    assert not found


def test_cells_import_numpy_errors_and_marks_of_sentences_only() -> None:
    for module in in_room("pipeline.cells"):
        allowed = {"numpy", *(["h5py"] if module.path.name == "keras_file.py" else [])}
        for name in imported(module):
            top = name.split(".")[0]
            ours = name in ("pipeline.core.errors", "pipeline.core.translation") or name.startswith("pipeline.cells")
            assert ours or top in allowed or top in sys.stdlib_module_names, f"{module.path} imports {name}"


@pytest.mark.parametrize(("room", "folder"), [("runs", "models_folder"), ("corpus", "prepared_folder")])
def test_one_room_knows_where_its_things_live(room: str, folder: str) -> None:
    """All others ask it to read and write them; the server sweeps the folders."""
    found = {
        module.name
        for module in modules("pipeline", "dashboard")
        if any(node.id == folder for node in module.nodes(ast.Name))
    }
    assert {name for name in found if not name.startswith(f"pipeline.{room}.")} <= {
        "pipeline.core.paths",
        "pipeline.commands.check",
        "dashboard.server",
    }


def test_every_room_has_its_place_in_the_contracts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = {name for c in contracts for layer in c.get("layers", ()) for name in re.split(r" [|:] ", layer)}
    rooms = {".".join(module.name.split(".")[:2]) for module in modules("pipeline", "dashboard")}
    assert rooms - {"pipeline", "dashboard"} == layers


@pytest.mark.parametrize("library", ["streamlit", "plotly"])
@pytest.mark.parametrize("room", ["dashboard.queries", "dashboard.lessons"])
def test_what_pages_ask_knows_no_page(room: str, library: str) -> None:
    for module in in_room(room):
        assert library not in {name.split(".")[0] for name in imported(module)}, module.path


def test_only_the_cache_caches_in_streamlit() -> None:
    """`st.cache_data` and `st.cache_resource` stand at the border to the pipeline, nowhere else."""
    found = {
        module.name
        for module in modules("dashboard")
        if any(node.attr in ("cache_data", "cache_resource") for node in module.nodes(ast.Attribute))
    }
    assert {name for name in found if not name.startswith("dashboard.cache.")} == set()


def test_benchmarks_import_what_exists() -> None:
    """They run by hand, some of their imports only in the middle of an hour."""
    missing = [
        f"{place(module, node)}: {node.module}.{alias.name}"
        for module in modules("benchmarks")
        for node in module.nodes(ast.ImportFrom)
        for alias in node.names
        if (node.module or "").split(".")[0] in ("pipeline", "dashboard", "tests")
        and not exists(ROOT.joinpath(*node.module.split(".")), alias.name)
    ]
    assert not missing


def exists(module: Path, name: str) -> bool:
    """Whether a package has a module of this name, or a module defines, assigns or imports it outside functions."""
    file = module.with_suffix(".py") if module.with_suffix(".py").is_file() else module / "__init__.py"
    if (module / f"{name}.py").is_file() or (module / name).is_dir():
        return True
    names = set[str]()
    for node in module_of(file).tree.body if file.is_file() else ():
        names.update({getattr(node, "name", "")} if isinstance(node, ast.FunctionDef | ast.ClassDef) else _bound(node))
    return name in names


def _bound(statement: ast.stmt) -> set[str]:
    nodes = list(ast.walk(statement))
    imports = (alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names)
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {alias.asname or alias.name for alias in imports}
