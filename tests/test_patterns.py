"""Every regular expression that reads foreign text takes time in proportion to it, and all of them are known.

A text of 391 bytes once hung the server: a nested quantifier backtracked while it held the interpreter's lock. So
patterns of `pipeline.language` and `pipeline.corpus` are constants of their modules, found there by this test, and
each is timed on adversarial text of 1, 2 and 4 times a size, by the method that the code calls it with.
"""

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import pipeline.corpus
import pipeline.language
from pipeline.corpus.cleaning.metadata import LONGEST_FIELD
from pipeline.corpus.cleaning.rule import Rule
from pipeline.corpus.tags import LONGEST_TAG

PACKAGES = (pipeline.language, pipeline.corpus)
FUNCTIONS = ("match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
SIZE = 1_500  # characters, and 2 and 4 times that
SLOW = 0.012  # seconds at the largest size below which no growth is looked at: linear patterns take a tenth
UNITS = (
    "\n", " ", "\r\n", "a", "A", "1", "1990", "\xe9", "(", "[", "( ", "[ ", "[\n", "{", "<", "<a ", "<!--", "&#1",
    "*", "*a", "-", "- ", "--- ", "---\n", "_", ":", "a:", "a:b\n", ": ", ",", ", ", ".", "'", "x", "x2", " x2",
    "(x2", "\xd7", "\ufffd", "a\u0430", "\u0430", "\xc3", "\u0301", "\n\n", "\n ", "\n\n ", "a a", "a ", "a\n",
    "(a", "(a)", "((a)", "[a", "[Couplet 1 : ", " by ", "a by a (", "1 Contributors", "1 ContributorsTranslations",
    "Embed", "1Embed", "EmbedShare", "See ", "Get tickets as low as $", "paroles ", "Titre : ", "titre:", "(ft. ",
    " ft. a", " feat ", "http://", "1er ", "pre-", "deux fois ", "*BREAK* ", "...", "a.", "1,", "1 000 ", "bis ",
    " et ", "&", "a & ", "#", "\"", "\xab ", "{\\an8}", "[00:01.00]", "00:00:01,000 --> ",
)  # fmt: skip
AROUND = (("", ""), ("", "\x00!"), ("---\n", "\x00!"), ("[", ""), ("(", "\x00!"))

# Fields of songs and words in brackets come as one line without runs of blanks, and not longer than this.
LIMITS = {
    "pipeline.corpus.tags": LONGEST_TAG,
    "pipeline.corpus.cleaning.metadata": LONGEST_FIELD,
    "pipeline.corpus.markup._SPELLED": 40,
}


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def patterns_in(value: Any, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) or type(value).__module__.startswith(("_regex", "regex")):
        yield name, value
    elif isinstance(value, Rule):
        yield value.name, value.pattern
    elif isinstance(value, dict) and depth < 3:
        yield from patterns_in(tuple(value.values()), name, depth + 1)
    elif isinstance(value, tuple | list) and depth < 3:
        for at, item in enumerate(value):
            yield from patterns_in(item, f"{name}[{at}]", depth + 1)


def registry() -> dict[str, re.Pattern[str]]:
    """Module and name -> pattern, each pattern once."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for where, pattern in patterns_in(value, name):
                if isinstance(pattern.pattern, str):
                    found.setdefault(pattern, f"{module.__name__}.{where}")
    return {name: pattern for pattern, name in found.items()}


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """(name, method, call) of each `NAME.method(…)`."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            yield node.func.value.id, node.func.attr, node


def uses() -> dict[str, set[str]]:
    """Constant -> the methods that are called on it: in its own module if it is private, else anywhere."""
    found = defaultdict[str, set[str]](set)
    for module in modules():
        for name, method, _ in calls(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if method in FUNCTIONS:
                found[f"{module.__name__}.{name}" if name.startswith("_") else name].add(method)
    return found


def strays() -> Iterator[str]:
    """Patterns that are made or written inside functions, where no registry finds them."""
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        inside = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.Lambda)
            for node in ast.walk(function)
        }
        for name, method, node in calls(tree):
            helpers = method == "compile" and id(node) in inside and not _is_helper(tree, node)
            if name in ("re", "regex") and (method in FUNCTIONS or helpers):
                yield f"{module.__name__}:{node.lineno} {ast.unparse(node)[:80]}"


def _is_helper(tree: ast.AST, call: ast.Call) -> bool:
    """Whether a call stands in a function that is itself only called for constants: `_line("…")` of the rules."""
    owner = next(
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and any(node is call for node in ast.walk(function))
    )
    return owner == "_line"


class TooSlow(Exception):
    """A pattern that takes seconds for a few thousand characters."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlow


def seconds(pattern: re.Pattern[str], text: str, methods: set[str]) -> float:
    start = time.process_time()
    if methods & {"match"}:
        pattern.match(text)
    if methods & {"fullmatch"}:
        pattern.fullmatch(text)
    if methods - {"match", "fullmatch"}:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - start


def growth(pattern: re.Pattern[str], unit: str, methods: set[str], limit: int | None) -> str:
    """What is wrong with the pattern on repeats of `unit`, or nothing."""
    for before, after in AROUND:
        small, large = (before + (unit * (n // len(unit) + 1))[:n] + after for n in (SIZE, 4 * SIZE))
        if limit:
            small, large = (" ".join(text.split())[:limit] for text in (small[: limit // 4], large))
        if seconds(pattern, large, methods) < SLOW:
            continue
        first, last = (min(seconds(pattern, text, methods) for _ in range(3)) for text in (small, large))
        if last >= SLOW and last > 7 * first:  # linear is 4, quadratic 16
            return f"{before + unit!r} … {after!r}: {first:.4f} s, four times as much text {last:.4f} s"
    return ""


REGISTRY = registry()
USES = uses()


def test_patterns_are_constants_of_their_modules() -> None:
    assert list(strays()) == []
    assert len(REGISTRY) > 90


@pytest.mark.parametrize("name", REGISTRY)
def test_a_pattern_takes_time_in_proportion_to_its_text(name: str) -> None:
    methods = USES.get(name) or USES.get(name.rsplit(".", 1)[1]) or {"finditer"}
    limit = LIMITS.get(name, LIMITS.get(name.rsplit(".", 1)[0]))
    signal.signal(signal.SIGALRM, _stop)
    wrong = []
    for unit in UNITS:
        signal.setitimer(signal.ITIMER_REAL, 10)
        try:
            found = growth(REGISTRY[name], unit, methods, limit)
        except TooSlow:
            found = f"{unit!r}: seconds for {4 * SIZE:,} characters"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if found:
            wrong.append(found)
        if len(wrong) >= 2:
            break
    assert not wrong, f"{REGISTRY[name].pattern}: {wrong}"


def test_what_hung_the_server_is_read_in_a_moment() -> None:
    from pipeline.corpus.cleaning import clean
    from pipeline.corpus.markup import parse
    from pipeline.corpus.readers.glued import cut_pieces

    start = time.process_time()
    cut_pieces("---\n" + "".join(f"key{n}: a: b: c: d\n" for n in range(24)) + "never closed")
    cut_pieces("---\n" + "".join(f"[00:{n:02}.00] la mer: la rue\n" for n in range(200)))
    for text in ("\n" * 20_000, "1" * 20_000, "\ufffd" * 20_000, " " * 20_000, "[" * 20_000, "(x2" * 7_000):
        cut_pieces(text)
        parse(clean("la mer " + text + " la rue"))
    assert time.process_time() - start < 5
