"""A docstring that names something in backticks names what is there."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator

from tests.source_tree import Module, modules, place

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)
SUFFIXES = {"csv", "h5", "json", "md", "py", "tsv", "txt"}
NAME = re.compile(r"`([A-Za-z_][\w.]*)(?:\([^`\n]*\))?`")  # `name`, `module.name`, `name(…)`


def docstrings(module: Module) -> Iterator[tuple[ast.AST, str]]:
    return ((node, ast.get_docstring(node) or "") for node in module.nodes(*DOCUMENTED))


def names_of_code(module: Module) -> Iterator[str]:
    """What the code of a module names: variables, attributes, arguments, imports, and strings of one word."""
    yield from module.path.with_suffix("").parts
    for node in module.walked:
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.Constant(value=str(name)):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")


def test_what_a_docstring_names_is_there() -> None:
    everything = modules("pipeline", "dashboard")
    there = {*dir(builtins), *sys.stdlib_module_names, *SUFFIXES}
    there.update(name for module in everything for name in names_of_code(module))
    missing = [
        f"{place(module, node)} {name}"
        for module in everything
        for node, text in docstrings(module)
        for name in NAME.findall(text)
        if not there.issuperset(name.split("."))
    ]
    assert missing == []
