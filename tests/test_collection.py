"""What is written as a test is collected as one: a file that pytest passes over would be green for ever."""

import ast
import subprocess
import sys

import pytest

from tests.source_tree import ROOT, modules


@pytest.mark.slow
def test_every_test_and_every_doctest_is_collected() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-m", ""]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert printed.returncode == 0, printed.stdout[-2000:]
    collected = {line.partition("[")[0] for line in printed.stdout.splitlines()}
    tests = {
        f"{module.path}::{node.name}"
        for module in modules("tests")
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    doctests = {
        f"{module.path}::"
        for module in modules("pipeline")
        if any(
            ">>> " in (ast.get_docstring(node) or "")
            for node in module.nodes(ast.Module, ast.FunctionDef, ast.ClassDef)
        )
    }
    assert tests - collected == set()
    assert doctests - {f"{name.partition('::')[0]}::" for name in collected} == set()
