"""The code as the tests of the house read it: every module of pipeline and dashboard, parsed."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Module:
    """A file: its path from the root of the repository, and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def walked(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def nodes(self, *kinds: type[T]) -> Iterator[T]:
        return (node for node in self.walked if isinstance(node, kinds))


def modules(*places: str) -> tuple[Module, ...]:
    """Every module of these folders and files, each read and walked once a process."""
    files = [file for name in places for file in (sorted((ROOT / name).rglob("*.py")) or [ROOT / name])]
    read = tuple(module_of(file) for file in files)
    gc.freeze()  # half a million nodes: no collection after this need look at them
    return read


@cache
def module_of(file: Path) -> Module:
    return Module(file.relative_to(ROOT), ast.parse(file.read_text("utf-8")))


def place(module: Module, node: ast.AST) -> str:
    return f"{module.path}:{getattr(node, 'lineno', '?')}"
