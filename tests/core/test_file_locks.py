"""Without the POSIX modules, as on Windows, everything can be imported, and files are written, read and reported on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_tree import ROOT

# Importing them raises ImportError then; psutil is ours to import first, as its Linux part needs one of them.
WITHOUT = "import psutil, sys; sys.modules['fcntl'] = sys.modules['resource'] = None\n"
EVERYTHING = """
import importlib, pkgutil, pipeline
for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.startswith(("pipeline.networks", "pipeline.__main__")):
        if not module.name.endswith((".fit", ".dynamic")):
            importlib.import_module(module.name)
"""
COMMANDS = """
from pathlib import Path
from pipeline.core import file_locks
from pipeline.__main__ import main
from pipeline.core.folders import read_consistently
assert not file_locks.POSIX
assert main(["prepare", "songs", "--name", "mine", "--quiet"]) == 0
assert main(["prepare", "songs", "--name", "mine", "--quiet"]) == 0, "an earlier one is replaced"
assert main(["stats", "mine", "--json"]) == 0
assert sorted(path.name for path in Path("prepared").iterdir()) == ["mine"], "no draft is left"
"""
A_JOB = """
import time
from pipeline.processes import jobs
job = jobs.submit("prepare", "Prepare", ["stats", "mine"])
assert job.status().state == "running"
end = time.monotonic() + 60
while job.status().state == "running" and time.monotonic() < end:
    time.sleep(0.1)
assert job.status().state == "done", job.status()
"""


def run(code: str, folder: Path) -> None:
    """Run code in a process where those modules are not to be had, in a folder of its own."""
    places = {f"SEIZE_{name}": str(folder / name.lower()) for name in ("PREPARED", "MODELS", "JOBS")}
    command = [sys.executable, "-c", WITHOUT + code]
    environment = {**os.environ, **places, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_everything_is_imported(tmp_path: Path) -> None:
    run(EVERYTHING, tmp_path)


def test_a_corpus_is_prepared_replaced_and_counted_by_a_job(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "un.txt").write_text("[Couplet 1]\nJ'suis dans la rue\n", "utf-8")
    run(COMMANDS, tmp_path)
    run(A_JOB, tmp_path)
