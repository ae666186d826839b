"""What is true of a world: songs, sections and lines as tables, each trap with what is right, sizes of the source."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Truth:
    """The truth of a source at `source`, a file or a folder.

    songs     song: title artist album year featuring (a list) file start stop duplicate_of, and one column a facet.
              `start` and `stop` are characters of the file's text where songs share a text file, else -1.
              `artist` and `title` are "" where the collection does not say them.
    sections  song section kind number performers (a list) repeat language. Kinds are those of tagged songs; shapes
              without tags keep them as what inference should find.
    lines     song section text row. `text` is what was sung, without dirt; `row` is the physical line of the file
              (0 first) for text files, the row of the table for tables, -1 for a refrain that a tag only names.
    traps     song trap written right: each awkward thing, as the file has it, and what is right.
    empty     files that hold nothing.
    """

    shape: str
    source: Path
    songs: pd.DataFrame
    sections: pd.DataFrame
    lines: pd.DataFrame
    traps: pd.DataFrame
    empty: list[str] = field(default_factory=list)

    @property
    def unique(self) -> pd.DataFrame:
        """The songs without those that repeat another."""
        return self.songs[self.songs["duplicate_of"] < 0]

    @property
    def words(self) -> int:
        """Words that are written as lyrics, runs of letters and digits, each copy of a song included."""
        return sum(len(_WORD.findall(text)) for text in self.lines.loc[self.lines["row"] >= 0, "text"])

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object."""
        tables = {name: json.loads(getattr(self, name).to_json(orient="records")) for name in TABLES}
        return {"shape": self.shape, "source": self.source.name, "empty": self.empty, **tables}

    def save(self, path: Path) -> None:
        """Write the truth as JSON."""
        path.write_text(json.dumps(self.to_json(), ensure_ascii=False), "utf-8")


TABLES = ("songs", "sections", "lines", "traps")
SONG_COLUMNS = ["title", "artist", "album", "year", "featuring", "file", "start", "stop", "duplicate_of"]
SECTION_COLUMNS = ["song", "section", "kind", "number", "performers", "repeat", "language"]
LINE_COLUMNS = ["song", "section", "text", "row"]
TRAP_COLUMNS = ["song", "trap", "written", "right"]


@dataclass
class Ledger:
    """The truth while a world is being written: rows that `close` makes tables of."""

    songs: list[Mapping[str, Any]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    traps: list[tuple[Any, ...]] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def close(self, shape: str, source: Path) -> Truth:
        """The truth as tables."""
        songs = pd.DataFrame(self.songs)
        return Truth(
            shape,
            source,
            songs[[*SONG_COLUMNS, *(column for column in songs if column not in SONG_COLUMNS)]].astype(
                {"year": "Int16"}
            ),
            pd.DataFrame(self.sections, columns=SECTION_COLUMNS).astype({"number": "Int16"}),
            pd.DataFrame(self.lines, columns=LINE_COLUMNS)
            .sort_values(["song", "section"], kind="stable")
            .reset_index(drop=True),
            pd.DataFrame(self.traps, columns=TRAP_COLUMNS),
            self.empty,
        )
