"""Report: what reading and cleaning did to a source, as one text, a JSON object and a page that need no app.

Nothing leaves a corpus without a line here: lines and words read are those kept and those that each rule dropped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.corpus.account import Account
from pipeline.corpus.raw import Skip
from pipeline.corpus.tally import Tally
from pipeline.sentences import from_plain, to_plain
from pipeline.translation import say

SHOWN = 3  # of each list, in the printed report; the JSON holds all
_OBJECTS = ("tally", "account")


@dataclass
class Report:
    """`seconds` is the whole preparation; `languages` counts sections; `related` counts songs that share a split.

    `inferred` counts what no tag and no border of the source said: {"sections", "lines", "songs"}.
    """

    name: str
    source: str
    format: str
    files: int = 0
    songs: int = 0
    sections: int = 0
    lines: int = 0
    words: int = 0
    seconds: float = 0.0
    languages: dict[str, int] = field(default_factory=dict)
    related: int = 0
    inferred: dict[str, int] = field(default_factory=dict)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    unmatched: list[Skip] = field(default_factory=list)
    unusable: int = 0  # of the files: those of which no song came
    statement: dict[str, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    account: Account = field(default_factory=Account)

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object: sizes, the account, skipped files, duplicates, one entry a rule, the data statement."""
        data = {key: value for key, value in vars(self).items() if key not in _OBJECTS}
        for skips in ("skipped", "unmatched"):
            data[skips] = [
                {"file": skip.source, "reason": skip.reason, "said": to_plain(skip.reason)} for skip in data[skips]
            ]
        return {**data, "account": self.account.to_json(), "rules": self.tally.to_json()}

    def __str__(self) -> str:
        """For the command line."""
        unusable = f", {self.unusable:,} of them without a song" if self.unusable else ""
        text = [
            f"{self.name}: {self.songs:,} songs, {self.sections:,} sections, {self.lines:,} lines, "
            f"{self.words:,} words from {self.files:,} files{unusable} ({self.format}) in {self.seconds:.1f} s"
        ]
        text += account_lines(self.account)
        if any(self.inferred.values()):
            text.append("  inferred: " + ", ".join(f"{n:,} {what}" for what, n in self.inferred.items() if n))
        others = {code: n for code, n in self.languages.items() if code != "fr"}
        if others:
            text.append("  sections not in French: " + ", ".join(f"{code} {n:,}" for code, n in others.items()))
        if self.duplicates:
            kinds = Counter(merged["kind"] for merged in self.duplicates)
            text.append("  duplicates left out: " + ", ".join(f"{kind} {n:,}" for kind, n in kinds.items()))
        text += _listed("skipped", self.skipped) + _listed("unmatched", self.unmatched)
        for row in self.tally.to_json():
            text.append(f"  {row['rule']}: {row['songs']:,} songs, {row['lines']:,} lines. {row['what']}")
        return "\n".join(text)


def told(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a list of a report's JSON for people: why files were skipped, in their language."""
    return [
        {name: value for name, value in row.items() if name != "said"}
        | ({"reason": say(from_plain(row["said"]))} if "said" in row else {})
        for row in rows
    ]


def account_lines(account: Account) -> list[str]:
    """The account as a table that sums, lines and words apart by blanks in columns."""
    rows = [("read", account.read.lines, account.read.words)]
    rows += [(f"- {rule}", -entry.size.lines, -entry.size.words) for rule, entry in account.entries.items()]
    if account.unexplained:
        rows.append(("- unexplained", -account.unexplained.lines, -account.unexplained.words))
    rows.append(("= kept", account.kept.lines, account.kept.words))
    return [f"  {'':22} {'lines':>12} {'words':>12}"] + [
        f"  {name:22} {lines:>12,} {words:>12,}" for name, lines, words in rows if lines or words or name[0] != "-"
    ]


def _listed(head: str, skips: list[Skip]) -> list[str]:
    shown = [f"  {head} {skip.source}: {say(skip.reason)}" for skip in skips[:SHOWN]]
    return [*shown, f"  … and {len(skips) - SHOWN:,} more {head}"] if len(skips) > SHOWN else shown
