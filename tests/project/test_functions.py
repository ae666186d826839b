"""Each function is used by the programme, not only by its tests."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.commands.parser import COMMANDS
from tests.source_tree import Function, Module, modules, place

CALLED_BY_NAME = {*COMMANDS, "serve"}  # by the parser
OFTEN = 20  # no function mentions itself so often
CALLED_FROM_OUTSIDE = {"_repr_html_", "song_lines"}  # by notebooks


def functions() -> Iterator[tuple[Module, Function]]:
    for module in modules("pipeline", "dashboard"):
        yield from ((module, node) for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef))


def hooks() -> set[Function]:
    """Methods of classes with a foreign base, such as Keras's callbacks and HTML parsers: their library calls them."""
    ours = {node.name for module in modules("pipeline", "dashboard") for node in module.nodes(ast.ClassDef)}
    plain = {"ABC", "Enum", "Exception", "Generic", "NamedTuple", "Protocol", "StrEnum", "TypedDict", "dict", "str"}
    found: set[Function] = set()
    for module in modules("pipeline", "dashboard"):
        for node in module.nodes(ast.ClassDef):
            bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases} - {""}
            if bases - ours - plain:
                found.update(each for each in node.body if isinstance(each, ast.FunctionDef))
    return found


def registered() -> set[Function]:
    """Functions that a decorator takes under a name of its own, such as the tools of `mcp`."""
    return {
        node
        for _, node in functions()
        if any(isinstance(each, ast.Call) and mentioned_text(each.args) for each in node.decorator_list)
    }


def mentioned_text(arguments: Iterable[ast.expr]) -> bool:
    """Whether one of the arguments is a text."""
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in arguments)


def mentioned(nodes: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is used: as a variable, an attribute, or in a string of one word, as `getattr` takes it."""
    names = Counter[str]()
    for node in nodes:
        if isinstance(node, ast.Name):
            names[node.id] += 1
        elif isinstance(node, ast.Attribute):
            names[node.attr] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            names[node.value] += 1
    return names


def only_tested() -> list[str]:
    """Functions that neither pages nor commands nor benchmarks mention outside themselves, though tests may."""
    used = mentioned(node for module in modules("pipeline", "dashboard", "benchmarks") for node in module.walked)
    exempt = hooks() | registered()
    return [
        f"{place(module, node)} {node.name}"
        for module, node in functions()
        if not (node.name.startswith("__") or node.name in CALLED_BY_NAME | CALLED_FROM_OUTSIDE or node in exempt)
        and used[node.name] < OFTEN
        and used[node.name] <= mentioned(ast.walk(node))[node.name]
    ]


def test_functions_are_used() -> None:
    assert not only_tested(), "\n".join(only_tested())
