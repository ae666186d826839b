"""One name, one thing: classes have different names, and functions say what they do or return."""

import ast
import re
from collections import Counter

from tests.source_tree import modules


def test_a_class_name_stands_for_one_thing() -> None:
    """But of commands, which may show a thing under its name."""
    inside = (module for module in modules("pipeline", "dashboard") if "commands" not in module.path.parts)
    classes = (node.name for module in inside for node in module.nodes(ast.ClassDef))
    assert [name for name, count in Counter(classes).items() if count > 1 and not name.startswith("_")] == []


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
