"""Report: what reading and cleaning did to a source. Nothing leaves a corpus without a line here."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pipeline.corpus.account import Account
from pipeline.corpus.raw import Skip
from pipeline.corpus.tally import Tally

SHOWN = 3  # of each list, in the printed report; the JSON holds all


@dataclass
class Report:
    """`seconds` is the whole preparation; `languages` counts sections; `related` counts songs that share a split."""

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
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    unmatched: list[Skip] = field(default_factory=list)
    unusable: int = 0  # of the files: those of which no song came
    tally: Tally = field(default_factory=Tally)
    account: Account = field(default_factory=Account)

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object: sizes, skipped files, duplicates, and one entry a rule with counts and examples."""
        data = {key: value for key, value in vars(self).items() if key not in ("tally", "account")}
        for skips in ("skipped", "unmatched"):
            data[skips] = [{"file": skip.source, "reason": skip.reason} for skip in data[skips]]
        return {**data, "account": self.account.to_json(), "rules": self.tally.to_json()}

    def __str__(self) -> str:
        """For the command line."""
        text = [
            f"{self.name}: {self.songs:,} songs, {self.sections:,} sections, {self.lines:,} lines, "
            f"{self.words:,} words from {self.files:,} files ({self.format}) in {self.seconds:.1f} s"
        ]
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


def _listed(head: str, skips: list[Skip]) -> list[str]:
    shown = [f"  {head} {skip.source}: {skip.reason}" for skip in skips[:SHOWN]]
    return [*shown, f"  … and {len(skips) - SHOWN:,} more {head}"] if len(skips) > SHOWN else shown
