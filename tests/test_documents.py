"""The documents say what is: generated parts equal the code, named files exist, commands are understood."""

import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from pipeline.commands.parser import build_parser

from .source_tree import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
WRITTEN = [page for page in PAGES if page.name != "commands.md"]
# a path from the root, in backticks or as a link
PATH = re.compile(
    r"(?:`|\]\()((?:pipeline|dashboard|tests|benchmarks|docs|script|data|models)/[\w./-]*\w|[\w./-]+\.(?:py|md|toml))[`)]"
)
ELSEWHERE = {
    "data/prepared",
    "data/jobs",
    "pipeline/shipped",
    "keras/src/backend/tensorflow/trainer.py",
}  # made by running or building, or Keras's


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_parts_are_those_of_the_code() -> None:
    for path, text in generator().documents().items():
        assert path.read_text("utf-8") == text, f"{path.name} is not up to date: run script/docs"


def exists(path: str, page: Path) -> bool:
    """From the root, from the page, or by its last parts, as `cells/lstm.py` is named in a paragraph about it."""
    if path in ELSEWHERE or (ROOT / path).exists() or (page.parent / path).exists():
        return True
    return any(file.endswith(f"/{path}") for file in files())


@cache
def files() -> list[str]:
    rooms = ("pipeline", "dashboard", "data/demo", "data/lexicons", "models", "docs", "tests")
    return [file.as_posix() for room in rooms for file in (ROOT / room).rglob("*")]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_are_there(page: Path) -> None:
    missing = [path for path in PATH.findall(page.read_text("utf-8")) if not exists(path, page)]
    assert not missing


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_commands_that_are_shown_are_understood(page: Path) -> None:
    lines = re.findall(r"^\.venv/bin/python -m pipeline (.*)$", page.read_text("utf-8"), re.MULTILINE)
    for line in lines:
        build_parser().parse_args(shlex.split(line, comments=True))
    assert lines or page.name != "README.md"
