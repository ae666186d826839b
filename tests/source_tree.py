"""The code as the tests of the house read it: every module of pipeline and dashboard, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A file: its path from the root of the repository, and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    def nodes(self, *kinds: type[T]) -> Iterator[T]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


def modules(*folders: str) -> tuple[Module, ...]:
    """Every module under these folders."""
    return tuple(module for folder in folders for module in _modules_of(folder))


@cache
def _modules_of(folder: str) -> tuple[Module, ...]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(Module(path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in paths)


def imported(module: Module) -> set[str]:
    """What the module imports anywhere in it, by full name: `pipeline.core.errors` and not its contents."""
    names = {alias.name for node in module.nodes(ast.Import) for alias in node.names}
    return names | {node.module for node in module.nodes(ast.ImportFrom) if node.module}


def place(module: Module, node: ast.AST) -> str:
    return f"{module.path}:{getattr(node, 'lineno', '?')}"
