"""Report: what reading and cleaning did to a source. Nothing leaves a corpus without a line here."""

from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.corpus.tally import Tally

SHOWN = 3


@dataclass
class Report:
    """`skipped` holds (file, reason) for files that could not be read; `seconds` is the whole preparation."""

    name: str
    source: str
    format: str
    files: int = 0
    songs: int = 0
    sections: int = 0
    lines: int = 0
    words: int = 0
    seconds: float = 0.0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object: sizes, skipped files, and one entry a cleaning rule with counts and examples."""
        sizes = asdict(self)
        sizes.pop("tally")
        sizes["skipped"] = [{"file": file, "reason": reason} for file, reason in self.skipped]
        return {**sizes, "rules": self.tally.to_json()}

    def __str__(self) -> str:
        text = [
            f"{self.name}: {self.songs:,} songs, {self.sections:,} sections, {self.lines:,} lines, "
            f"{self.words:,} words from {self.files:,} files in {self.seconds:.1f} s"
        ]
        for file, reason in self.skipped[:SHOWN]:
            text.append(f"  skipped {file}: {reason}")
        if len(self.skipped) > SHOWN:
            text.append(f"  … and {len(self.skipped) - SHOWN:,} more skipped")
        for row in self.tally.to_json():
            text.append(f"  {row['rule']}: {row['songs']:,} songs, {row['lines']:,} lines. {row['what']}")
        return "\n".join(text)
