"""Tally: how many songs, lines and characters each cleaning rule touched, with examples. Adds up across workers."""

from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 5  # a rule
EXAMPLE_LENGTH = 160


def shortened(text: str) -> str:
    """`text` cut to what a report can show."""
    return text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1] + "…"


@dataclass
class Count:
    """What one rule did. `what` says in a sentence what the rule is for."""

    what: str
    songs: int = 0
    lines: int = 0
    characters: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Tally:
    """Counts by rule. Between `note`s of one song and the next stands `end_song`, so that songs count once."""

    rules: dict[str, Count] = field(default_factory=dict)
    _here: set[str] = field(default_factory=set)

    def note(
        self, rule: str, what: str, *, lines: int = 1, characters: int | None = None, before: str = "", after: str = ""
    ) -> None:
        """Add to a rule's counts; `characters` defaults to the difference in length of `before` and `after`."""
        count = self.rules.setdefault(rule, Count(what))
        count.songs += rule not in self._here
        count.lines += lines
        count.characters += abs(len(before) - len(after)) if characters is None else characters
        self._here.add(rule)
        if before and len(count.examples) < EXAMPLES:
            count.examples.append({"before": shortened(before), "after": shortened(after)})

    def end_song(self, source: str = "") -> None:
        """The song is done: its examples get its `source`."""
        for rule in self._here:
            for example in self.rules[rule].examples:
                example.setdefault("song", source)
        self._here.clear()

    def add(self, other: "Tally") -> None:
        """Take in the counts of another worker."""
        for rule, theirs in other.rules.items():
            ours = self.rules.setdefault(rule, Count(theirs.what))
            ours.songs += theirs.songs
            ours.lines += theirs.lines
            ours.characters += theirs.characters
            ours.examples = (ours.examples + theirs.examples)[:EXAMPLES]

    def to_json(self) -> list[dict[str, Any]]:
        """One object a rule, the most frequent first."""
        rows = [{"rule": rule, **vars(count)} for rule, count in self.rules.items()]
        return sorted(rows, key=lambda row: (-row["songs"], row["rule"]))
