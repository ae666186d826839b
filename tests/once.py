"""What takes seconds to make is made once for all processes of a run of the tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.file_locks import lock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first of the processes fills; the others wait for it, and nobody writes in it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as held:
        lock(held.fileno(), wait=True)
        if not folder.exists():
            draft = shared / f"{name}.draft"
            draft.mkdir()
            make(draft)
            draft.rename(folder)
    return folder
