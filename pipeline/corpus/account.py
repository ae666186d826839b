"""The account of a source: what was read = what was kept + what each named rule dropped, in lines and in words.

A line is one that holds more than blanks; a word is what stands between blanks, so that counting is quick and the same
before and after cleaning. Readers account for each file, composing for each song (`Tally`), `prepare` for songs that
leave. A `Tally` also counts the songs, lines and characters that each cleaning rule touched, with
examples; `Tallies` hold those of many songs as columns, so that the counts of songs that leave later can leave with
them. Knows nothing of formats or rules.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import Sentence, sentence_from_json, sentence_to_json
from pipeline.core.translation import t, translate_sentence

MAX_EXAMPLES_PER_RULE = 5  # a rule
EXAMPLE_LENGTH = 160
_NUMBERS_PER_ROW = 6  # of a row: song, rule, lines, characters, lines dropped, words dropped


@dataclass(frozen=True, slots=True)
class TextSize:
    """So many lines and words. What a rule adds, such as the copy of a refrain, is negative where drops are counted."""

    lines: int = 0
    words: int = 0

    def __add__(self, other: "TextSize") -> "TextSize":
        return TextSize(self.lines + other.lines, self.words + other.words)

    def __sub__(self, other: "TextSize") -> "TextSize":
        return TextSize(self.lines - other.lines, self.words - other.words)

    def __bool__(self) -> bool:
        return bool(self.lines or self.words)


EMPTY_SIZE = TextSize()


def size_of(text: str) -> TextSize:
    """The size of a text.

    >>> size_of("La mer est là\\n\\n \\nElle attend")
    TextSize(lines=2, words=6)
    """
    return TextSize(sum(map(bool, map(str.strip, text.splitlines()))), len(text.split()))


def words_of(value: object) -> int:
    """Words of a cell, 0 for one that is empty."""
    return 0 if value is None or value != value else len(str(value).split())


@dataclass
class DroppedEntry:
    """What of a file is no lyrics, or leaves with a song: `what` says which rule it is, in a sentence."""

    what: str
    size: TextSize = EMPTY_SIZE
    count: int = 0  # columns, songs, cells: what the rule counts


@dataclass
class Account:
    """The account of a source, or of one of its files; `entries` are in the order in which a line meets them.

    That of a file comes after its songs, and does not say what was kept.
    """

    read: TextSize = EMPTY_SIZE
    kept: TextSize = EMPTY_SIZE
    entries: dict[str, DroppedEntry] = field(default_factory=dict)

    def add_dropped(self, rule: str, what: str, size: TextSize, count: int = 1) -> None:
        """Add to what a rule dropped."""
        if size or count:
            entry = self.entries.setdefault(rule, DroppedEntry(what))
            entry.size += size
            entry.count += count

    def add(self, part: "Account") -> None:
        """Take in the account of a part, which does not say what was kept."""
        self.read += part.read
        for rule, entry in part.entries.items():
            self.add_dropped(rule, entry.what, entry.size, entry.count)

    @property
    def unexplained(self) -> TextSize:
        """What was read and is neither kept nor dropped by a rule: nothing, or there is a bug."""
        return self.read - self.kept - sum((entry.size for entry in self.entries.values()), EMPTY_SIZE)

    def to_json(self) -> dict[str, Any]:
        """{read, kept, unexplained: {lines, words}; dropped: [{rule, what, count, lines, words}]}."""
        sizes = {"read": self.read, "kept": self.kept, "unexplained": self.unexplained}
        return {
            **{name: _size_to_json(size) for name, size in sizes.items()},
            "dropped": [
                {"rule": rule, **describe_rule(entry.what), "count": entry.count, **_size_to_json(entry.size)}
                for rule, entry in self.entries.items()
            ],
        }


def _size_to_json(size: TextSize) -> dict[str, Any]:
    return {"lines": size.lines, "words": size.words}


def describe_rule(what: str) -> dict[str, Any]:
    """Return what a rule is for as JSON holds it: the English sentence, and its values where it has some."""
    return {"what": what, "said": sentence_to_json(what)} if isinstance(what, Sentence) else {"what": what}


def rule_text(row: Mapping[str, Any]) -> str:
    """Return what the rule of a row is for, in the language of the moment.

    >>> rule_text({"rule": "tag", **describe_rule("Section tags: read, and taken out of the text")})
    'Section tags: read, and taken out of the text'
    """
    return translate_sentence(sentence_from_json(row["said"])) if "said" in row else t(str(row["what"]))


def total(sizes: Iterable[TextSize]) -> TextSize:
    """The sum of sizes."""
    return sum(sizes, TextSize())


def report_excerpt(text: str) -> str:
    """`text` cut to what a report can show; halves of surrogates, which nothing can write, as question marks."""
    text = text[: EXAMPLE_LENGTH + 1].encode("utf-8", "replace").decode()
    return text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1] + "…"


@dataclass
class RuleCount:
    """What one rule did: songs, lines and characters that it touched, and what it dropped (or added: negative).

    `what` says in a sentence what the rule is for.
    """

    what: str
    songs: int = 0
    lines: int = 0
    characters: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)
    dropped: TextSize = EMPTY_SIZE


@dataclass
class Tally:
    """Counts by rule. Between `count_rule`s of one song and the next stands `end_song`, so that songs count once."""

    rules: dict[str, RuleCount] = field(default_factory=dict)
    _here: set[str] = field(default_factory=set)

    def count_rule(
        self, rule: str, what: str, *, lines: int = 1, characters: int | None = None, before: str = "", after: str = ""
    ) -> None:
        """Add to a rule's counts; `characters` defaults to the difference in length of `before` and `after`."""
        count = self.rules.setdefault(rule, RuleCount(what))
        count.songs += rule not in self._here
        count.lines += lines
        count.characters += abs(len(before) - len(after)) if characters is None else characters
        self._here.add(rule)
        if before and len(count.examples) < MAX_EXAMPLES_PER_RULE:
            count.examples.append({"before": report_excerpt(before), "after": report_excerpt(after)})

    def drop(self, rule: str, what: str, dropped: TextSize) -> None:
        """Account for lines and words that a rule dropped (or added: negative)."""
        self.rules.setdefault(rule, RuleCount(what)).dropped += dropped

    def is_noted(self, rule: str) -> bool:
        """Whether a rule did something to the song at hand."""
        return rule in self._here

    def end_song(self, source: str = "") -> None:
        """The song is done: its examples get its `source`."""
        for rule in self._here:
            for example in self.rules[rule].examples:
                example.setdefault("song", source)
        self._here.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """One object a rule, the most frequent first."""
        rows = [_row(rule, count) for rule, count in self.rules.items() if count.songs]
        return sorted(rows, key=lambda row: (-row["songs"], row["rule"]))

    def record_drops(self, account: Account) -> None:
        """Enter in an account what each rule dropped."""
        for rule, counted in self.rules.items():
            if counted.dropped:
                account.add_dropped(rule, counted.what, counted.dropped, counted.songs)


def _row(rule: str, count: RuleCount) -> dict[str, Any]:
    dropped = {"lines_dropped": count.dropped.lines, "words_dropped": count.dropped.words}
    counts = {name: value for name, value in vars(count).items() if name not in ("what", "dropped")}
    return {"rule": rule, **describe_rule(count.what), **counts, **dropped}


@dataclass
class Tallies:
    """The tallies of many songs as columns: six numbers a song and rule, and a few examples a rule."""

    rules: dict[str, str] = field(default_factory=dict)  # name -> what it is for; the order numbers them
    rows: "array[int]" = field(default_factory=lambda: array("i"))
    examples: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)  # (song, example)
    songs: int = 0

    def add(self, tally: Tally) -> None:
        """Append the tally of the next song."""
        numbers = {rule: at for at, rule in enumerate(self.rules)}
        fresh = count(len(numbers))
        for rule, counted in tally.rules.items():
            if rule not in numbers:
                self.rules[rule] = counted.what
                numbers[rule] = next(fresh)
            dropped = counted.dropped
            numbered = (self.songs, numbers[rule], counted.lines, counted.characters, dropped.lines, dropped.words)
            self.rows.extend(numbered)
            shown = self.examples.setdefault(rule, [])
            if len(shown) < MAX_EXAMPLES_PER_RULE:
                shown += [(self.songs, example) for example in counted.examples[:1]]
        self.songs += 1

    def total(self, keep: npt.NDArray[np.bool_]) -> Tally:
        """The counts of the songs that `keep` (bool[songs]) names."""
        rows = np.frombuffer(self.rows, np.int32).reshape(-1, _NUMBERS_PER_ROW)
        rows = rows[keep[rows[:, 0]]]
        sums = np.zeros((len(self.rules), _NUMBERS_PER_ROW), np.int64)
        np.add.at(sums, rows[:, 1], rows)
        songs = np.bincount(rows[(rows[:, 2] > 0) | (rows[:, 3] > 0), 1], minlength=len(self.rules))
        tally = Tally()
        for at, (rule, what) in enumerate(self.rules.items()):
            _, _, lines, characters, lines_dropped, words_dropped = map(int, sums[at])
            shown = [example for song, example in self.examples.get(rule, ()) if keep[song]][:MAX_EXAMPLES_PER_RULE]
            dropped = TextSize(lines_dropped, words_dropped)
            tally.rules[rule] = RuleCount(what, int(songs[at]), lines, characters, shown, dropped)
        return tally

    def extend(self, piece: "Tallies") -> None:
        """Append the tallies of another, its songs renumbered."""
        for rule, what in piece.rules.items():
            self.rules.setdefault(rule, what)
        numbers = {rule: at for at, rule in enumerate(self.rules)}
        rows = np.frombuffer(piece.rows, np.int32).reshape(-1, _NUMBERS_PER_ROW).copy()
        if len(rows):
            rows[:, 0] += self.songs
            rows[:, 1] = np.array([numbers[rule] for rule in piece.rules], np.int32)[rows[:, 1]]
        self.rows.frombytes(rows.tobytes())
        for rule, examples in piece.examples.items():
            shown = self.examples.setdefault(rule, [])
            shown += [(song + self.songs, example) for song, example in examples[: MAX_EXAMPLES_PER_RULE - len(shown)]]
        self.songs += piece.songs
