"""Writes what the documents say about the code from the code: run `script/docs`; a test compares.

docs/commands.md        every command and its arguments, from argparse
docs/notebook_api.md    every name of the notebook API, from its docstring (`notebook_reference`)
docs/architecture.md    between markers: the rooms, from the first lines of their docstrings, and who may import whom,
                        from the contracts of pyproject.toml
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from pipeline.commands.parser import build_parser

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for a test that loads this file by its path

from notebook_reference import notebook_api

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("pipeline", "dashboard")
_WIDTH = 116
# What stands around the commands, which speak the language of the moment themselves.
ENGLISH = {
    "about": """# The command line

Made from the commands themselves by `script/docs`. An installed Seize has the command `seize`; in a checkout it is
`.venv/bin/seize`, and all but `serve` are `python -m pipeline COMMAND` as well. `seize` alone is `seize serve`, `seize
write` is `seize generate`.
""",
    "head": "| argument | what it is |\n|---|---|\n",
    "required": "required",
}


def documents() -> dict[Path, str]:
    """The generated documents: path -> the text that it should have."""
    page = ROOT / "docs" / "architecture.md"
    text = fill(page.read_text("utf-8"), "rooms", f"```\n{rooms()}\n```")
    return {
        page: fill(text, "imports", imports()),
        ROOT / "docs" / "commands.md": commands(),
        ROOT / "docs" / "notebook_api.md": notebook_api(),
    }


def fill(text: str, part: str, content: str) -> str:
    """The text with `content` between the markers of `part`."""
    pattern = re.compile(rf"(<!-- {part}: [^\n]*-->\n).*?(<!-- {part} end -->)", re.DOTALL)
    filled, count = pattern.subn(lambda found: f"{found[1]}{content}\n{found[2]}", text)
    if count != 1:
        raise ValueError(f"docs/architecture.md has {count} parts {part!r} between markers instead of one.")
    return filled


def rooms() -> str:
    """Each package with what it is and how many modules it has, indented as folders are."""
    return "\n".join(line for name in ROOMS for line in _room(ROOT / name, 0))


def _room(folder: Path, depth: int) -> Iterator[str]:
    indent = "  " * depth
    modules = sum(path.stem != "__init__" for path in folder.glob("*.py"))
    line = f"{indent}{folder.name + '/':<{20 - len(indent)}} {modules or '':>3}  {_first_line(folder / '__init__.py')}"
    yield from _hanging(line.rstrip())
    for inner in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield from _room(inner, depth + 1)


def _hanging(text: str) -> list[str]:
    return wrap(text, _WIDTH, subsequent_indent=" " * 26, drop_whitespace=True, replace_whitespace=False)


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]


def imports() -> str:
    """The contracts in words: each by its name, the layers from the top down, exceptions as they stand."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return "\n".join(_contract(contract) for contract in project["tool"]["importlinter"]["contracts"])


def _contract(contract: dict[str, Any]) -> str:
    text = f"- {contract['name']}"
    if contract["type"] == "layers":
        names = re.sub(r"\b(pipeline|dashboard)\.", "", "\n".join(contract["layers"]))
        layers = re.sub(" [|:] ", " · ", names).split("\n")
        text += ": " + " › ".join(f"`{layer}`" for layer in layers)
    elif exceptions := sorted({rule.split(" -> ")[0] for rule in contract.get("ignore_imports", ())}):
        text += " (but for " + ", ".join(f"`{name}`" for name in exceptions) + ")"
    return text + "."


def commands(around: Mapping[str, str] = ENGLISH) -> str:
    """The reference of the command line, Markdown."""
    parts = [around["about"]]
    for name, command in _subcommands(build_parser("seize", more={"serve": "dashboard.serve"})):
        parts += _command(f"seize {name}", command, 2, around)
    return "\n".join(parts)


def _command(called: str, parser: argparse.ArgumentParser, level: int, around: Mapping[str, str]) -> Iterator[str]:
    yield f"{'#' * level} `{called}`\n\n{(parser.description or '').strip()}\n"
    if rows := [_row(parser, action, around["required"]) for action in _arguments(parser)]:
        yield around["head"] + "\n".join(rows) + "\n"
    for name, inner in _subcommands(parser):
        yield from _command(f"{called} {name}", inner, level + 1, around)


def _row(parser: argparse.ArgumentParser, action: argparse.Action, required: str) -> str:
    value = f"[{_value(action)}]" if action.nargs == "?" else _value(action)
    names = ", ".join(f"{option} {value}".strip() for option in action.option_strings) or value
    help_ = parser._get_formatter()._expand_help(action) if action.help else ""  # names of a registry put in
    remark = f" ({required})" if action.required and action.option_strings else ""
    return f"| `{names}` | {help_.replace('|', chr(92) + '|')}{remark} |"


def _value(action: argparse.Action) -> str:
    """What stands for the value of an argument, "" for a switch."""
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    if action.metavar is None and action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.metavar or ("" if action.nargs == 0 else action.dest.upper())


def _arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    hidden = (argparse._HelpAction, argparse._SubParsersAction)
    return [a for a in parser._actions if not isinstance(a, hidden) and a.help != argparse.SUPPRESS]


def _subcommands(parser: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser]]:
    """Each by its first name; the others, such as `write`, are aliases of it."""
    found: dict[int, tuple[str, argparse.ArgumentParser]] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                found.setdefault(id(command), (name, command))
    return list(found.values())


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, "utf-8")
