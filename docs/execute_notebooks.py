"""Runs the notebooks of docs/notebooks and stores their outputs: script/notebooks, after a change of what they show.

A notebook that is stored holds no times, paths or warnings: the same code stores the same file.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
LONGEST = 300  # seconds a cell


def execute(path: Path) -> nbformat.NotebookNode:
    """Return the notebook with the outputs that it gives now. Raise CellExecutionError where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    with _quiet_kernel() as folder:
        client = NotebookClient(
            notebook,
            timeout=LONGEST,
            resources={"metadata": {"path": str(path.parent)}},
            extra_arguments=["--HistoryManager.enabled=False"],
            config=Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}}),  # sockets, no ports
        )
        client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    for cell in notebook.cells:
        cell.metadata = {}
    notebook.metadata = {key: notebook.metadata[key] for key in ("kernelspec",)}
    return notebook


@contextmanager
def _quiet_kernel() -> Iterator[str]:
    """What Jupyter and IPython write of themselves goes to a folder that is deleted."""
    with TemporaryDirectory() as folder:
        names = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR")
        before = {name: os.environ.get(name) for name in names}
        os.environ |= dict.fromkeys(names, folder)
        try:
            yield folder
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


if __name__ == "__main__":
    for path in NOTEBOOKS:
        nbformat.write(execute(path), path)
        print(path.relative_to(ROOT), file=sys.stderr)
