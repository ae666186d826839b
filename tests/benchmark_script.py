"""The scripts of benchmarks/ as modules, which they are not: they stand in no package."""

import importlib
from types import ModuleType

import pytest

from pipeline.core.paths import ROOT


def benchmark_script(name: str) -> ModuleType:
    """The script of that name, imported where it finds the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        return importlib.import_module(name)
