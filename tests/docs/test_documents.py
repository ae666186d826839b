"""The documents say what is: generated parts equal the code, named files exist, commands are understood."""

import ast
import importlib.util
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

import pipeline as seize
from dashboard.site_map import GROUPS
from pipeline.commands.parser import build_parser
from pipeline.core.translation import in_language, t
from tests.source_tree import ROOT

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


def blocks(page: Path, kind: str = "") -> list[str]:
    """What stands in the fences of a page that are marked as of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """The commands `seize …` that a page shows, without the name of the programme."""
    lines = [line for block in blocks(page) for line in block.splitlines()]
    return [line.removeprefix("seize ") for line in lines if line.startswith("seize ")]


def test_commands_of_the_site_are_understood() -> None:
    shown = {command for page in PAGES for command in commands(page)}
    for command in shown:
        words = shlex.split(command, comments=True) or ["serve"]  # `seize` alone
        build_parser("seize", more={"serve": "dashboard.serve"}).parse_args(words)
    assert len(shown) > 30


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.fr.md")), ids=lambda page: page.name)
def test_the_french_page_shows_what_the_english_one_does(page: Path) -> None:
    english = page.with_name(page.name.replace(".fr.md", ".md"))
    assert [command.removesuffix(" --lang fr") for command in commands(page)] == commands(english)
    assert blocks(page, "python") == blocks(english, "python")
    headings = [re.findall(r"^(#+) (\d+)?", each.read_text("utf-8"), re.MULTILINE) for each in (page, english)]
    assert headings[0] == headings[1]


def test_names_of_the_notebook_api_that_pages_show_are_there() -> None:
    code = "\n".join(block for page in PAGES for block in blocks(page, "python") if "import pipeline as seize" in block)
    used = {
        node.attr for node in ast.walk(ast.parse(code)) if getattr(getattr(node, "value", None), "id", "") == "seize"
    }
    assert {"load", "diversity_ranking", "labbe_distances"} <= used <= set(seize.MODULE_BY_NOTEBOOK_NAME)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_of_the_dashboard_that_are_named_are_there(page: Path) -> None:
    """**Group › Page** or **Group › Page › Part**, in the language of the document."""
    with in_language("fr" if page.name.endswith(".fr.md") else "en"):
        places = {
            tuple(map(t, (group.title, view.title, *titles)))
            for group in GROUPS
            for view in group.pages
            for titles in ((), *((part.title,) for part in view.parts))
        }
    named = re.findall(r"\*\*([^*]+ ›\s[^*]+)\*\*", page.read_text("utf-8"))
    assert {tuple(re.split(r"\s*›\s*", " ".join(name.split()))) for name in named} <= places
