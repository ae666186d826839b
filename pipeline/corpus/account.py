"""The account of a source: what was read = what was kept + what each named rule dropped, in lines and in words.

Lines are those that are not blank, words are separated by blanks, so that counting is quick and the same before and
after cleaning. Readers account for each file, composing for each song (`Tally`), `prepare` for duplicates. A `Tally`
also counts the songs, lines and characters that each cleaning rule changed, with examples; `SongTallies` holds those of
many songs, so that those of duplicates can be subtracted. Knows nothing of formats or rules.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    """A number of lines and of words. It is negative for text that a rule added, such as a repeated refrain."""

    lines: int = 0
    words: int = 0

    def __add__(self, other: "TextSize") -> "TextSize":
        return TextSize(self.lines + other.lines, self.words + other.words)

    def __sub__(self, other: "TextSize") -> "TextSize":
        return TextSize(self.lines - other.lines, self.words - other.words)

    def __bool__(self) -> bool:
        return bool(self.lines or self.words)


EMPTY_SIZE = TextSize()


def text_size(text: str) -> TextSize:
    """Return how many lines that are not blank, and how many words, a text has.

    >>> text_size("La mer est là\\n\\n \\nElle attend")
    TextSize(lines=2, words=6)
    """
    return TextSize(sum(map(bool, map(str.strip, text.splitlines()))), len(text.split()))


def count_cell_words(value: object) -> int:
    """Return the number of words in a table cell; 0 for an empty one."""
    return 0 if value is None or value != value else len(str(value).split())


@dataclass
class DroppedEntry:
    """The lines and words dropped by one rule. The sentence `what` describes the rule."""

    what: str
    size: TextSize = EMPTY_SIZE
    count: int = 0  # columns, songs, cells: what the rule counts


@dataclass
class Account:
    """The lines and words of a source or file: how many were read, kept, and dropped by each rule."""

    read: TextSize = EMPTY_SIZE
    kept: TextSize = EMPTY_SIZE
    entries: dict[str, DroppedEntry] = field(default_factory=dict)

    def add_dropped(self, rule: str, what: str, size: TextSize, count: int = 1) -> None:
        """Add lines and words (`size`) to the text dropped by a rule, and `count` to its songs, columns or cells."""
        if size or count:
            entry = self.entries.setdefault(rule, DroppedEntry(what))
            entry.size += size
            entry.count += count

    def add(self, part: "Account") -> None:
        """Add the account of one file or batch of songs. Its kept lines are not counted yet."""
        self.read += part.read
        for rule, entry in part.entries.items():
            self.add_dropped(rule, entry.what, entry.size, entry.count)

    @property
    def unaccounted_size(self) -> TextSize:
        """Lines and words read that are neither kept nor dropped by a rule: zero unless there is a bug."""
        return self.read - self.kept - sum((entry.size for entry in self.entries.values()), EMPTY_SIZE)

    def to_json(self) -> dict[str, Any]:
        """Return {read, kept, unexplained: {lines, words}; dropped: [{rule, what, count, lines, words}]}."""
        sizes = {"read": self.read, "kept": self.kept, "unexplained": self.unaccounted_size}
        return {
            **{name: _size_to_json(size) for name, size in sizes.items()},
            "dropped": [
                {"rule": rule, **rule_to_json(entry.what), "count": entry.count, **_size_to_json(entry.size)}
                for rule, entry in self.entries.items()
            ],
        }


def _size_to_json(size: TextSize) -> dict[str, Any]:
    return {"lines": size.lines, "words": size.words}


def rule_to_json(what: str) -> dict[str, Any]:
    """Return the JSON fields that describe a rule: its English sentence, and the values in it if any."""
    return {"what": what, "said": sentence_to_json(what)} if isinstance(what, Sentence) else {"what": what}


def rule_description(row: Mapping[str, Any]) -> str:
    """Return the description of a rule in the current language, from a row of a report's JSON.

    >>> rule_description({"rule": "tag", **rule_to_json("Section tags: read, and taken out of the text")})
    'Section tags: read, and taken out of the text'
    """
    return translate_sentence(sentence_from_json(row["said"])) if "said" in row else t(str(row["what"]))


def sum_sizes(sizes: Iterable[TextSize]) -> TextSize:
    return sum(sizes, TextSize())


def report_excerpt(text: str) -> str:
    """Return `text` cut to `EXAMPLE_LENGTH` characters, with question marks for lone surrogates."""
    text = text[: EXAMPLE_LENGTH + 1].encode("utf-8", "replace").decode()
    return text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1] + "…"


@dataclass
class CleaningRuleCount:
    """How many songs, lines and characters a cleaning rule changed, with examples, and the text it dropped."""

    what: str
    songs: int = 0
    lines: int = 0
    characters: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)
    dropped: TextSize = EMPTY_SIZE


@dataclass
class Tally:
    """Counts of changes by cleaning rule. `end_song` is called after each song, so that a rule counts a song once."""

    rules: dict[str, CleaningRuleCount] = field(default_factory=dict)
    _here: set[str] = field(default_factory=set)

    def count_edit(
        self, rule: str, what: str, *, lines: int = 1, characters: int | None = None, before: str = "", after: str = ""
    ) -> None:
        """Count a change by a rule. By default, `characters` is the difference in length of `before` and `after`."""
        count = self.rules.setdefault(rule, CleaningRuleCount(what))
        count.songs += rule not in self._here
        count.lines += lines
        count.characters += abs(len(before) - len(after)) if characters is None else characters
        self._here.add(rule)
        if before and len(count.examples) < MAX_EXAMPLES_PER_RULE:
            count.examples.append({"before": report_excerpt(before), "after": report_excerpt(after)})

    def add_dropped(self, rule: str, what: str, dropped: TextSize) -> None:
        """Add lines and words to the text dropped by a rule. Negative numbers mean that the rule added text."""
        self.rules.setdefault(rule, CleaningRuleCount(what)).dropped += dropped

    def end_song(self, source: str = "") -> None:
        """End the current song, and note its `source` in the examples of changes made in it."""
        for rule in self._here:
            for example in self.rules[rule].examples:
                example.setdefault("song", source)
        self._here.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """Return one JSON object per rule, the rule that changed most songs first."""
        rows = [_rule_row(rule, count) for rule, count in self.rules.items() if count.songs]
        return sorted(rows, key=lambda row: (-row["songs"], row["rule"]))

    def record_drops(self, account: Account) -> None:
        """Add what each rule dropped to an account."""
        for rule, counted in self.rules.items():
            if counted.dropped:
                account.add_dropped(rule, counted.what, counted.dropped, counted.songs)


def _rule_row(rule: str, count: CleaningRuleCount) -> dict[str, Any]:
    dropped = {"lines_dropped": count.dropped.lines, "words_dropped": count.dropped.words}
    counts = {name: value for name, value in vars(count).items() if name not in ("what", "dropped")}
    return {"rule": rule, **rule_to_json(count.what), **counts, **dropped}


@dataclass
class SongTallies:
    """Rule counts of many songs as columns: six numbers per song and rule, and a few examples per rule."""

    rules: dict[str, str] = field(default_factory=dict)  # name -> what it is for; the order numbers them
    rows: "array[int]" = field(default_factory=lambda: array("i"))
    examples: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)  # (song, example)
    songs: int = 0

    def add(self, tally: Tally) -> None:
        """Append the rule counts of the next song."""
        for rule, counted in tally.rules.items():
            self.rules.setdefault(rule, counted.what)
        numbers = {rule: at for at, rule in enumerate(self.rules)}
        for rule, counted in tally.rules.items():
            dropped = counted.dropped
            numbered = (self.songs, numbers[rule], counted.lines, counted.characters, dropped.lines, dropped.words)
            self.rows.extend(numbered)
            shown = self.examples.setdefault(rule, [])
            if len(shown) < MAX_EXAMPLES_PER_RULE:
                shown += [(self.songs, example) for example in counted.examples[:1]]
        self.songs += 1

    def sum_tallies(self, keep: npt.NDArray[np.bool_]) -> Tally:
        """Return the sum of the tallies of the songs where `keep` (bool[songs]) is true."""
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
            tally.rules[rule] = CleaningRuleCount(what, int(songs[at]), lines, characters, shown, dropped)
        return tally

    def extend(self, piece: "SongTallies") -> None:
        """Append the tallies of another batch of songs."""
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
