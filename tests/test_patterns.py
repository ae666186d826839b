"""Every regular expression that reads foreign text takes steps in proportion to it, and all of them are known.

A text of 391 bytes once hung the server: a nested quantifier backtracked while it held the interpreter's lock. So
patterns of `pipeline.language` and `pipeline.corpus` are constants of their modules, found there by this test. Nothing
is timed: `Steps` matches as `re` does and counts, on texts made from the pattern itself, one sixteen times the other.
Steps in proportion grow sixteen times, quadratic ones 256 times; the line is drawn between.
"""

import ast
import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import combinations, islice
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest

import pipeline.corpus
import pipeline.language
from pipeline.corpus.cleaning import clean
from pipeline.corpus.cleaning.metadata import LONGEST_FIELD
from pipeline.corpus.cleaning.rule import Rule
from pipeline.corpus.markup import parse
from pipeline.corpus.readers.glued import cut_pieces
from pipeline.corpus.tags import LONGEST_TAG
from tests.source_tree import module_of

PACKAGES = (pipeline.language, pipeline.corpus)
FUNCTIONS = ("match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
SMALL, LARGE = 16, 256  # characters
MANY = 32  # steps a character; with fewer no growth is looked at: quadratic ones take LARGE / 2
MOST = 4  # times for what a pattern repeats up to a bound: {0,300} takes no more steps than so many for each character
TEXTS = (
    "Refrain (x2) : Untel & Une, Deux",
    "l'été\r\n\n[Couplet 1]\n1 000 p'tits *mots*...",
    "Un by Deux (Ft. B) Lyrics",
)
FEW = 2  # texts that lead to a repeat
COMMON = [*range(97, 123), *range(32, 97), *range(123, 592), *range(32), 0x391, 0x430, 0x2019, 0xE000, 0xFFFD]
LETTERS = [chr(code) for code in (*COMMON, *range(0x20000))]

# These grow faster than their text, which the code cuts: fields of songs and words in brackets come as one line without
# runs of blanks, and not longer than this.
LIMITS = {
    "pipeline.corpus.cleaning.metadata._FEATURING": LONGEST_FIELD,
    "pipeline.corpus.cleaning.metadata._TRAILING_GUESTS_PATTERN": LONGEST_FIELD,
    "pipeline.corpus.cleaning.metadata._TITLE_BY_ARTIST_PATTERN": LONGEST_FIELD,
    "pipeline.corpus.tags._NAMES_FIRST": LONGEST_TAG,
    "pipeline.corpus.markup._UNBRACKETED_TAG_PATTERN": 40,
}
MOST_STEPS = 40_000  # on such a text, well below a thousandth of a second


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


def calls(module: ModuleType) -> Iterator[tuple[str, str, ast.Call]]:
    """(name, method, call) of each `NAME.method(…)`."""
    for node in module_of(Path(str(module.__file__))).nodes(ast.Call):
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            yield node.func.value.id, node.func.attr, node


def uses() -> dict[str, set[str]]:
    """Constant -> the methods that are called on it: in its own module if it is private, else anywhere."""
    found = defaultdict[str, set[str]](set)
    for module in modules():
        for name, method, _ in calls(module):
            if method in FUNCTIONS:
                found[f"{module.__name__}.{name}" if name.startswith("_") else name].add(method)
    return found


def strays() -> Iterator[str]:
    """Patterns that are made or written inside functions, where no registry finds them."""
    for module in modules():
        functions = module_of(Path(str(module.__file__))).nodes(ast.FunctionDef, ast.Lambda)
        inside = {id(node) for function in functions for node in ast.walk(function)}
        for name, method, node in calls(module):
            helpers = method == "compile" and id(node) in inside and not _is_helper(module, node)
            if name in ("re", "regex") and (method in FUNCTIONS or helpers):
                yield f"{module.__name__}:{node.lineno} {ast.unparse(node)[:80]}"


def _is_helper(module: ModuleType, call: ast.Call) -> bool:
    """Whether a call stands in a function that is itself only called for constants, as the rules do."""
    owner = next(
        function.name
        for function in module_of(Path(str(module.__file__))).nodes(ast.FunctionDef)
        if any(node is call for node in ast.walk(function))
    )
    return owner == "_whole_line_pattern"


Node = tuple[Any, Any]
Then = Callable[[int], int | None]  # position -> where the match ends, None where it fails
ONE = {_parser.LITERAL, _parser.NOT_LITERAL, _parser.ANY, _parser.IN}
LOOPS = {_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT}


class TooManySteps(Exception):
    """More steps than were allowed."""


class Steps:
    """A backtracking matcher over the tree that `re` parses, with closures; what is one step is asked of `re` itself.

    Repeats up to a bound go to `most` at most, so that a short text shows how a pattern grows.
    """

    def __init__(self, pattern: re.Pattern[str], *, whole: bool = False, most: int = sys.maxsize) -> None:
        self.text, self.steps, self.allowed, self.most = "", 0, sys.maxsize, most
        self.begun, self.groups = dict[int, int](), dict[int, str]()
        self.tree = _parser.parse(pattern.pattern, pattern.flags)
        self.start = self._all(self.tree, pattern.flags, self._whole if whole else lambda at: at)

    def count(self, text: str, *, search: bool = True, allowed: int = sys.maxsize) -> int:
        """Steps of a search for all matches, or of one match at the start. Raise TooManySteps above `allowed`."""
        self.text, self.steps, self.allowed = text, 0, allowed
        if search:
            list(self.spans(text))
        else:
            self._match(0)
        return self.steps

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where `finditer` finds the pattern."""
        self.text, at = text, 0
        while at <= len(text):
            end = self._match(at)
            if end is not None:
                yield at, end
            at = at + 1 if end is None or end == at else end

    def _match(self, at: int) -> int | None:
        self.begun.clear()
        self.groups.clear()
        return self.start(at)

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.allowed:
            raise TooManySteps

    def _whole(self, at: int) -> int | None:
        return at if at == len(self.text) else None

    def _all(self, nodes: Iterable[Node], flags: int, then: Then) -> Then:
        for node in reversed(list(nodes)):
            then = self._node(node, flags, then)
        return then

    def _node(self, node: Node, flags: int, then: Then) -> Then:
        kind, value = node
        if kind in ONE:
            return self._repeat(node, flags, 1, 1, then)
        if kind in LOOPS:
            low, high, body = value
            low, high = min(low, self.most), high if high is _parser.MAXREPEAT else min(high, self.most)
            if len(body) == 1 and body[0][0] in ONE:
                return self._repeat(body[0], flags, low, high, then, kind)
            return self._loop(body, flags, low, high, then, kind)
        if kind is _parser.SUBPATTERN:
            group, on, off, body = value
            return self._group(group, body, (flags | on) & ~off, then)
        if kind is _parser.BRANCH:
            return self._first([self._all(body, flags, then) for body in value[1]])
        if kind is _parser.ATOMIC_GROUP or (kind in (_parser.ASSERT, _parser.ASSERT_NOT) and value[0] > 0):
            body = self._all(value if kind is _parser.ATOMIC_GROUP else value[1], flags, lambda at: at)
            return self._apart(body, kind, then)
        if kind is _parser.GROUPREF:
            return self._again(value, flags, then)
        if kind is _parser.GROUPREF_EXISTS:
            group, *bodies = value
            yes, no = (self._all(body or (), flags, then) for body in bodies)
            return lambda at: (yes if group in self.groups else no)(at)
        return self._place(one_node(node, flags), then)

    def _place(self, place: re.Pattern[str], then: Then) -> Then:
        """A place, such as \b, or a lookbehind."""

        def is_there(at: int) -> int | None:
            self._step()
            return then(at) if place.match(self.text, at) else None

        return is_there

    def _first(self, choices: list[Then]) -> Then:
        return lambda at: next((end for choice in choices if (end := choice(at)) is not None), None)

    def _group(self, group: int | None, body: Iterable[Node], flags: int, then: Then) -> Then:
        if group is None:
            return self._all(body, flags, then)

        def close(at: int) -> int | None:
            before = self.groups.get(group)
            self.groups[group] = self.text[self.begun[group] : at]
            if (end := then(at)) is None:
                self.groups.pop(group) if before is None else self.groups.update({group: before})
            return end

        inside = self._all(body, flags, close)

        def open(at: int) -> int | None:
            before, self.begun[group] = self.begun.get(group, at), at
            if (end := inside(at)) is None:
                self.begun[group] = before
            return end

        return open

    def _again(self, group: int, flags: int, then: Then) -> Then:
        def same(at: int) -> int | None:
            self._step()
            text = self.groups.get(group)
            return then(at + len(text)) if text is not None and self.text.startswith(text, at) else None

        return same

    def _apart(self, body: Then, kind: Any, then: Then) -> Then:
        def apart(at: int) -> int | None:
            end = body(at)
            if kind is _parser.ATOMIC_GROUP:
                return None if end is None else then(end)
            return then(at) if (end is None) is (kind is _parser.ASSERT_NOT) else None

        return apart

    def _repeat(self, node: Node, flags: int, low: int, high: int, then: Then, kind: Any = _parser.MAX_REPEAT) -> Then:
        """One character, again and again."""
        accepts = accepted(node, flags)

        def repeat(at: int) -> int | None:
            run, most = 0, min(high, len(self.text) - at)
            if kind is _parser.MIN_REPEAT:
                while True:
                    self._step()
                    if run >= low and (end := then(at + run)) is not None:
                        return end
                    if run >= most or not accepts(self.text[at + run]):
                        return None
                    run += 1
            self._step()
            while run < most and accepts(self.text[at + run]):
                self._step()
                run += 1
            for length in range(run, (run if kind is _parser.POSSESSIVE_REPEAT else low) - 1, -1):
                self._step()
                if length >= low and (end := then(at + length)) is not None:
                    return end
            return None

        return repeat

    def _loop(self, body: Iterable[Node], flags: int, low: int, high: int, then: Then, kind: Any) -> Then:
        """A group, again and again."""
        if kind is _parser.POSSESSIVE_REPEAT:
            alone = self._all(body, flags, lambda at: at)

            def possessive(at: int) -> int | None:
                turns = 0
                while turns < high and (end := alone(at)) is not None:
                    turns, empty, at = turns + 1, end == at, end
                    if empty:
                        break
                return then(at) if turns >= low else None

            return possessive
        state = (0, -1)  # turns, where the last began

        def enter(at: int) -> int | None:
            nonlocal state
            before, state = state, (0, -1)
            if (end := turn(at)) is None:
                state = before
            return end

        def turn(at: int) -> int | None:
            self._step()
            turns, last = state
            ways = (leave, once_more) if kind is _parser.MIN_REPEAT else (once_more, leave)
            return next((end for way in ways if (end := way(at, turns, last)) is not None), None)

        def once_more(at: int, turns: int, last: int) -> int | None:
            nonlocal state
            if turns >= high or (at == last and turns > low):
                return None
            state = (turns + 1, at)
            if (end := inside(at)) is None:
                state = (turns, last)
            return end

        def leave(at: int, turns: int, last: int) -> int | None:
            return then(at) if turns >= low else None

        inside = self._all(body, flags, turn)
        return enter


_ACCEPTED: dict[str, Callable[[str], bool]] = {}


def one_node(node: Node, flags: int) -> re.Pattern[str]:
    """A pattern of one node of a tree."""
    return _compiler.compile(_parser.SubPattern(_parser.State(), [node]), flags)


def accepted(node: Node, flags: int) -> Callable[[str], bool]:
    """Whether a node accepts a character, each asked once."""
    if (key := f"{node} {flags}") not in _ACCEPTED:
        pattern = one_node(node, flags)
        _ACCEPTED[key] = cache(lambda letter: pattern.match(letter) is not None)
    return _ACCEPTED[key]


def leaves(nodes: Iterable[Node], flags: int) -> Iterator[Callable[[str], bool]]:
    """What accepts the characters of some nodes."""
    for kind, value in nodes:
        if kind in ONE:
            yield accepted((kind, value), flags)
        for part, inner in parts(kind, value, flags):
            yield from leaves(part, inner)


def parts(kind: Any, value: Any, flags: int) -> Iterator[tuple[list[Node], int]]:
    """The nodes inside a node, and their flags."""
    if kind is _parser.SUBPATTERN:
        yield list(value[3]), (flags | value[1]) & ~value[2]
    elif kind in LOOPS:
        yield list(value[2]), flags
    elif kind is _parser.BRANCH:
        yield from ((list(body), flags) for body in value[1])
    elif kind is _parser.ATOMIC_GROUP:
        yield list(value), flags
    elif kind in (_parser.ASSERT, _parser.ASSERT_NOT) and value[0] > 0:
        yield list(value[1]), flags
    elif kind is _parser.GROUPREF_EXISTS:
        yield from ((list(body), flags) for body in value[1:] if body)


def samples(nodes: Iterable[Node], flags: int) -> list[str]:
    """A few short texts that nodes accept, what they ask of the text around left aside."""
    texts = [""]
    for kind, value in nodes:
        inside = [text for part, inner in parts(kind, value, flags) for text in samples(part, inner)]
        if kind in ONE:
            inside = [next(letter for letter in LETTERS if accepted((kind, value), flags)(letter))]
        elif kind in LOOPS:
            low = min(value[0], MOST)
            inside = [text * max(low, times) for text in inside for times in (0, 1)]
        elif kind in (_parser.ASSERT, _parser.ASSERT_NOT) or not inside:
            inside = [""]
        texts = list(dict.fromkeys(text + more for text in texts for more in inside))[:FEW]
    return texts


def ways_in(nodes: list[Node], flags: int, before: str = "") -> Iterator[tuple[str, list[Node], list[Node], int]]:
    """For each repeat without a bound: a text that leads there, what it repeats, what follows, and the flags there."""
    for at, (kind, value) in enumerate(nodes):
        for lead in samples(nodes[:at], flags):
            if kind in LOOPS and value[1] is _parser.MAXREPEAT:
                yield before + lead, list(value[2]), nodes[at + 1 : at + 2], flags
            for part, inner in parts(kind, value, flags):
                yield from ways_in(part, inner, before + lead)


def hard_texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """What leads to a repeat of a pattern, what it is fed again and again, and what comes after.

    Fed with each kind of letter that it accepts and two in turn (kinds as all repeats of the pattern tell them apart),
    with what it repeats and with what follows; once with its lead again and again, which begins a search anew at each.
    """
    tree = list(_parser.parse(pattern.pattern, pattern.flags))
    ways = list(ways_in(tree, pattern.flags))
    classes = [accepts for _, body, _, flags in ways for accepts in leaves(body, flags)]
    kinds = {tuple(accepts(letter) for accepts in classes): letter for letter in map(chr, reversed(COMMON))}
    for lead, body, following, flags in ways:
        inside = list(leaves(body, flags))
        fed = [letter for letter in kinds.values() if any(accepts(letter) for accepts in inside)]
        others = [letter for letter in kinds.values() if letter not in fed]
        pairs = [one + other for one, other in combinations(fed, 2)]
        turns = [turn for turn in samples(body, flags) if len(turn) > 1]
        turns += [turn + more for turn in ("", *turns) for more in samples(following, flags) if more]
        for after in ("", "\0!", *(2 * letter for letter in others[:1])):
            yield from ((lead, pump, after) for pump in [*fed, *turns, *(pairs if after == "\0!" else [])])
            yield from (("", pump, after) for pump in [*fed, *(lead + turn for turn in (*fed[:1], *turns))])


def matchers(pattern: re.Pattern[str], methods: set[str]) -> Iterator[tuple[bool, Steps]]:
    """Whether to search, and the matcher, for each way in which the code calls a pattern."""
    if methods - {"match", "fullmatch"}:
        yield True, Steps(pattern, most=MOST)
    for method in methods & {"match", "fullmatch"}:
        yield False, Steps(pattern, whole=method == "fullmatch", most=MOST)


def growth(pattern: re.Pattern[str], methods: set[str]) -> str:
    """The text on which the steps of a pattern outgrow it, or nothing."""
    ways = list(matchers(pattern, methods))
    for lead, pump, after in dict.fromkeys(hard_texts(pattern)):
        small, large = (lead + pump * (size // len(pump)) + after for size in (SMALL, LARGE))
        for search, steps in ways:
            allowed = MANY * len(large)
            try:
                steps.count(large, search=search, allowed=allowed)
            except TooManySteps:
                try:
                    allowed = 4 * LARGE // SMALL * steps.count(small, search=search, allowed=allowed)
                    steps.count(large, search=search, allowed=allowed)
                except TooManySteps:
                    return f"over {allowed:,} steps for {lead!r}, {pump!r} again and again, {after!r}"
    return ""


def most_steps(pattern: re.Pattern[str], methods: set[str], length: int) -> int:
    """The steps of a pattern on the hardest line of this length."""
    texts = (lead + pump * (length // len(pump)) + after for lead, pump, after in hard_texts(pattern))
    lines = {" ".join(text.split())[:length] for text in texts}
    return max(
        steps.count(line, search=search, allowed=MOST_STEPS + 1)
        for search, steps in matchers(pattern, methods)
        for line in lines
    )


@pytest.fixture(autouse=True)
def _deep() -> Iterator[None]:
    """Each turn of a repeated group is a call inside the one before."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


REGISTRY = registry()
USES = uses()
METHODS = {name: USES.get(name) or USES.get(name.rsplit(".", 1)[1]) or {"finditer"} for name in REGISTRY}


def test_patterns_are_constants_of_their_modules() -> None:
    assert list(strays()) == []
    assert len(REGISTRY) > 90


@pytest.mark.parametrize("name", sorted(REGISTRY.keys() - LIMITS.keys()))
def test_a_pattern_takes_steps_in_proportion_to_its_text(name: str) -> None:
    assert not growth(REGISTRY[name], METHODS[name]), REGISTRY[name].pattern


@pytest.mark.parametrize("name", LIMITS)
def test_what_takes_more_reads_short_texts_alone(name: str) -> None:
    assert growth(REGISTRY[name], METHODS[name]), "takes steps in proportion: needs no limit"
    assert most_steps(REGISTRY[name], METHODS[name], LIMITS[name]) <= MOST_STEPS


@pytest.mark.parametrize(
    ("pattern", "methods"),
    [
        (r"(a+)+b", "match"),
        (r"(?:a|a)*b", "fullmatch"),
        (r"(?:\w+\s?)*$", "match"),
        (r"(.*?,){3}P", "match"),
        (r"\s*\s*x", "match"),
        (r"\s*x", "search"),
        (r"\s++x", "sub"),
        (r"<a[^>]*>", "finditer"),
        (r"\d+(?=\d*x)", "match"),
        (r"(\w{1,4}?)\1+h*", "fullmatch"),
        (r"^---\n(?:[^:\n]*:[^\n]*\n?)+---", "match"),
        (r"[\s,;:–—-]*[(\[{]?\s*(?<!\w)x\d", "search"),
    ],
)
def test_what_grows_faster_is_told(pattern: str, methods: str) -> None:
    assert growth(re.compile(pattern), {methods})


@pytest.mark.parametrize(
    ("pattern", "methods"),
    [
        (r"(?:a+b)+c", "match"),
        (r"(?<!\s)\s++x", "search"),
        (r"\s*x", "match"),
        (r"(?>a+)+b", "match"),
        (r"a+", "search"),
    ],
)
def test_what_grows_in_proportion_is_not(pattern: str, methods: str) -> None:
    assert not growth(re.compile(pattern), {methods})


@pytest.mark.parametrize("name", REGISTRY)
def test_steps_are_counted_of_what_the_pattern_matches(name: str) -> None:
    pattern, steps = REGISTRY[name], Steps(REGISTRY[name])
    texts = [lead + 3 * pump + after for lead, pump, after in islice(hard_texts(pattern), 20)]
    for text in (*texts, *TEXTS, *samples(steps.tree, pattern.flags)):
        assert list(steps.spans(text)) == [match.span() for match in pattern.finditer(text)], text


HUNG = {
    "key: a: b\n": cut_pieces,
    "[00:01.00] la mer: la rue\n": cut_pieces,
    **dict.fromkeys(["\n", "1", "\ufffd", " ", "[", "(x2"], lambda text: parse(clean("la mer " + text + " la rue"))),
}


def calls_in(function: Callable[[str], object], text: str) -> int:
    """How many functions, of Python and of C, are called; what patterns do inside them is counted by `Steps`."""
    calls = 0

    def count(frame: FrameType, event: str, value: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("unit", HUNG)
def test_what_hung_the_server_is_read_with_calls_in_proportion(unit: str) -> None:
    function = HUNG[unit]
    function("---\n" + unit)  # what is read once for all texts
    assert calls_in(function, "---\n" + unit * 1600) < 32 * (calls_in(function, "---\n" + unit * 100) + 500)
