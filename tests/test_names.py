"""One name, one thing: classes of different rooms have different names. Of modules, their packages tell which."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable

from .source_tree import Module, modules

NAMED_FROM_OUTSIDE = ("dashboard.views", "pipeline.commands")


def shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The names that more than one room uses; `pairs` are (name, room)."""
    rooms = defaultdict(set)
    for name, room in pairs:
        rooms[name].add(room)
    return {name for name, known in rooms.items() if len(known) > 1}


def test_a_class_name_stands_for_one_thing() -> None:
    named = ((node.name, module.name) for module in inside() for node in module.nodes(ast.ClassDef))
    assert shared((name, room) for name, room in named if not name.startswith("_")) == set()


def inside() -> list[Module]:
    """The modules whose names are ours to choose; a package is known by its folder."""
    return [
        module
        for module in modules("pipeline", "dashboard")
        if not module.name.startswith(NAMED_FROM_OUTSIDE) and module.path.name not in ("__init__.py", "__main__.py")
    ]


def test_functions_are_verb_phrases_or_what_they_return() -> None:
    """A bare participle (`_kept`, `written`) says neither."""
    participles = re.compile(
        r"_?([a-z]{2,}[^e]ed|kept|told|sung|held|said|made|found|sent|cut|known|drawn|written|split|met|put)"
    )
    assert [
        f"{module.path}: {node.name}"
        for module in modules("pipeline", "dashboard")
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and participles.fullmatch(node.name)
    ] == []
