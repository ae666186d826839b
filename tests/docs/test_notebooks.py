"""The notebooks of docs/notebooks run, and are stored with what they gave when they ran."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

from tests.source_tree import ROOT

spec = importlib.util.spec_from_file_location("execute_notebooks", ROOT / "docs" / "execute_notebooks.py")
execute_notebooks = importlib.util.module_from_spec(spec)
spec.loader.exec_module(execute_notebooks)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.slow
@pytest.mark.parametrize("path", execute_notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs(path: Path) -> None:
    found = execute_notebooks.execute(path)
    assert all(cell.execution_count for cell in found.cells if cell.cell_type == "code")
    assert not [output for output in outputs(found) if output.output_type == "error"]
    stored = nbformat.read(path, as_version=4)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in found.cells]
    assert len(outputs(stored)) == len(outputs(found)) > 5
