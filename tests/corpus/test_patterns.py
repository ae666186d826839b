"""Every regular expression that reads foreign text ends on a long one, whatever stands in it.

A text of 391 bytes once hung the server: a nested quantifier backtracked while it held the interpreter's lock. Patterns
that stand in the modules of `pipeline.language` and `pipeline.corpus` are each tried on texts that repeat one unit. One
whose steps are in proportion to the text reads all of them in a second, a quadratic one would take minutes: the limit
of processor time only keeps it from going on.
"""

import importlib
import pkgutil
import re
import signal
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pipeline.corpus
import pipeline.language
from pipeline.corpus.cleaning import clean_lyrics
from pipeline.corpus.cleaning.metadata import LONGEST_FIELD
from pipeline.corpus.cleaning.rule import Rule
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.readers.glued import split_into_songs
from pipeline.corpus.tags import LONGEST_TAG

LENGTH = 50_000  # characters
SECONDS = 6  # of processor time, for all texts of a pattern
LEADS = ("", "[(")
UNITS = (
    *"aeÉ0x_.,-'’*=:&([{< \n\t\u00a0\ufffd",
    *("a ", "a\n", " \n", "\r\n", "a,", "a-", "a'", "a:", "0 ", "1.", "0:", "(a", "[a", "<a", "(x2", "& a", "ah"),
    *("la rue ", "Un by ", "ft. ", "(ft. a", "lyrics ", "Couplet 1 ", "http://a.", "&amp;", "---\n", "a: b\n"),
    *("[00:01.00] a\n", "00:01:02,000 --> "),
)
FAILS = "\0!"  # no pattern ends with it: it goes back through all it has read

LONGEST_NAME = 255  # bytes of a file's name, on any system
# These grow faster than their text, which the code cuts first: one line without runs of blanks, not longer than this.
LIMITS = {
    "pipeline.corpus.cleaning.metadata._FEATURING": LONGEST_FIELD,
    "pipeline.corpus.cleaning.metadata._TRAILING_GUESTS_PATTERN": LONGEST_FIELD,
    "pipeline.corpus.cleaning.metadata._TITLE_BY_ARTIST_PATTERN": LONGEST_FIELD,
    "pipeline.corpus.tags._NAMES_FIRST": LONGEST_TAG,
    "pipeline.corpus.markup._UNBRACKETED_TAG_PATTERN": 40,
    "pipeline.corpus.readers.names._ARTIST_TABLE_PATTERN": LONGEST_NAME,
}


def patterns_in(value: Any, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of text that a constant holds; those of the library `regex` are of another class."""
    if isinstance(value, Rule):
        yield value.name, value.pattern
    elif isinstance(getattr(value, "pattern", None), str):
        yield name, value
    elif isinstance(value, dict | tuple | list) and depth < 3:
        for at, item in enumerate(value.values() if isinstance(value, dict) else value):
            yield from patterns_in(item, f"{name}[{at}]", depth + 1)


def registry() -> dict[str, tuple[re.Pattern[str], set[str]]]:
    """Module and name -> pattern, and the methods that its module calls by that name."""
    found = dict[re.Pattern[str], tuple[str, set[str]]]()
    for package in (pipeline.language, pipeline.corpus):
        for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            module = importlib.import_module(each.name)
            text = Path(str(module.__file__)).read_text("utf-8")
            for name, value in vars(module).items():
                for where, pattern in patterns_in(value, name):
                    found.setdefault(pattern, (f"{each.name}.{where}", set(re.findall(rf"\b{name}\.(\w+)\(", text))))
    return {name: (pattern, methods) for pattern, (name, methods) in found.items()}


def hard_texts(limit: int | None = None) -> Iterator[str]:
    """Long texts of one unit again and again; within a limit, one line without runs of blanks."""
    for unit in UNITS:
        for lead in LEADS:
            text = (lead + unit * (LENGTH // len(unit)))[:LENGTH] + FAILS
            yield " ".join(text.split())[:limit] if limit else text


def read_all(pattern: re.Pattern[str], methods: set[str], limit: int | None = None) -> None:
    """Match as the code does, or search where it does otherwise."""
    for method in methods if methods and methods <= {"match", "fullmatch"} else {"search", "fullmatch"}:
        call = getattr(pattern, "finditer" if method == "search" else method)
        for text in hard_texts(limit):
            found = call(text)
            if method == "search":
                deque(found, maxlen=0)


@pytest.fixture(autouse=True)
def _processor_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("more than in proportion to the text")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


REGISTRY = registry()


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_pattern_ends_on_long_texts(name: str) -> None:
    read_all(*REGISTRY[name], LIMITS.get(name))


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s*x", r"<a[^>]*>"])
def test_what_grows_faster_does_not(pattern: str) -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, 1)
    with pytest.raises(TimeoutError):
        read_all(re.compile(pattern), {"search"})


def test_limits_are_of_patterns_that_are_there() -> None:
    assert LIMITS.keys() <= REGISTRY.keys()
    assert len(REGISTRY) > 150


@pytest.mark.parametrize(
    "function", [split_into_songs, lambda text: parse_sections(clean_lyrics(text))], ids=["cut", "clean and parse"]
)
def test_what_hung_the_server_is_read(function: Callable[[str], object]) -> None:
    for unit in ("key: a: b\n", "[00:01.00] la mer: la rue\n", "\n", "1", "\ufffd", " ", "[", "(x2"):
        function("---\n" + unit * 1600)
