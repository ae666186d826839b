"""The account of a source: what was read = what was kept + what each named rule dropped, in lines and in words.

A line is one that holds more than blanks; a word is what stands between blanks, so that counting is quick and the same
before and after cleaning. Readers account for each file (`FileAccount`), composing for each song, `prepare` for songs
that leave. Knows nothing of formats or rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.errors import Sentence, from_plain, to_plain
from pipeline.core.translation import say, t


@dataclass(frozen=True, slots=True)
class Size:
    """So many lines and words. What a rule adds, such as the copy of a refrain, is negative where drops are counted."""

    lines: int = 0
    words: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.lines + other.lines, self.words + other.words)

    def __sub__(self, other: "Size") -> "Size":
        return Size(self.lines - other.lines, self.words - other.words)

    def __bool__(self) -> bool:
        return bool(self.lines or self.words)


NOTHING = Size()


def size_of(text: str) -> Size:
    """The size of a text.

    >>> size_of("La mer est là\\n\\n \\nElle attend")
    Size(lines=2, words=6)
    """
    return Size(sum(map(bool, map(str.strip, text.splitlines()))), len(text.split()))


def words_of(value: object) -> int:
    """Words of a cell, 0 for one that is empty."""
    return 0 if value is None or value != value else len(str(value).split())


@dataclass
class Aside:
    """What of a file is no lyrics, or leaves with a song: `what` says which rule it is, in a sentence."""

    what: str
    size: Size = NOTHING
    count: int = 0  # columns, songs, cells: what the rule counts


@dataclass
class FileAccount:
    """What a reader read of one file, and what of it went into no song; it comes after the file's songs."""

    source: str
    read: Size = NOTHING
    asides: dict[str, Aside] = field(default_factory=dict)

    def set_aside(self, rule: str, what: str, size: Size, count: int = 1) -> None:
        """Add to what a rule set aside."""
        aside = self.asides.setdefault(rule, Aside(what))
        aside.size += size
        aside.count += count


@dataclass
class Account:
    """The account of a whole source; `entries` are in the order in which a line meets them."""

    read: Size = NOTHING
    kept: Size = NOTHING
    entries: dict[str, Aside] = field(default_factory=dict)

    def drop(self, rule: str, what: str, size: Size, count: int = 1) -> None:
        """Add to what a rule dropped."""
        if size or count:
            entry = self.entries.setdefault(rule, Aside(what))
            entry.size += size
            entry.count += count

    def add_file(self, file: FileAccount) -> None:
        """Take in a file."""
        self.read += file.read
        for rule, aside in file.asides.items():
            self.drop(rule, aside.what, aside.size, aside.count)

    @property
    def unexplained(self) -> Size:
        """What was read and is neither kept nor dropped by a rule: nothing, or there is a bug."""
        return self.read - self.kept - sum((entry.size for entry in self.entries.values()), NOTHING)

    def to_json(self) -> dict[str, Any]:
        """{read, kept, unexplained: {lines, words}; dropped: [{rule, what, count, lines, words}]}."""
        sizes = {"read": self.read, "kept": self.kept, "unexplained": self.unexplained}
        return {
            **{name: _plain(size) for name, size in sizes.items()},
            "dropped": [
                {"rule": rule, **describe_rule(entry.what), "count": entry.count, **_plain(entry.size)}
                for rule, entry in self.entries.items()
            ],
        }


def _plain(size: Size) -> dict[str, Any]:
    return {"lines": size.lines, "words": size.words}


def describe_rule(what: str) -> dict[str, Any]:
    """Return what a rule is for as JSON holds it: the English sentence, and its values where it has some."""
    return {"what": what, "said": to_plain(what)} if isinstance(what, Sentence) else {"what": what}


def rule_text(row: Mapping[str, Any]) -> str:
    """Return what the rule of a row is for, in the language of the moment.

    >>> rule_text({"rule": "tag", **describe_rule("Section tags: read, and taken out of the text")})
    'Section tags: read, and taken out of the text'
    """
    return say(from_plain(row["said"])) if "said" in row else t(str(row["what"]))


def total(sizes: Iterable[Size]) -> Size:
    """The sum of sizes."""
    return sum(sizes, Size())
