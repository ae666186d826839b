"""Add stanzas to those that the writer of simple verse learns from (data/verses), and say what they are like.

    python data/verses/add_stanzas.py data/verses/stanzas.csv.xz FIELD new_01.txt new_02.txt …

A file holds stanzas, each a head `[qui: je | mots: clés, poche]` and its lines, an empty line between them. Those are
left out that do not parse, that have other than two to eight lines or a line of fewer than 7 or more than 16 syllables,
that stand there already, or nearly: one that shares a line with an earlier stanza, a couplet of rhyme words with two
more words, or a third of its runs of three words with any one. Rhymes and syllables are measured, and decide nothing.
"""

import argparse
import csv
import io
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare_rhyme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

COLUMNS = ("title", "artist", "who", "lyrics")
RHYMES = ("suffisante", "riche", "leonine")
LINES, SYLLABLES = (2, 8), (7, 16)
ALIKE = 1 / 3  # of its runs of three words
_HEAD = re.compile(r"\[qui\s*:\s*(?P<who>[\w' ]+?)\s*\|\s*mots\s*:\s*(?P<words>[^\]]+)\]")


@dataclass(frozen=True)
class Stanza:
    """A stanza: its words, of which field, who speaks, its lines."""

    words: str
    field: str
    who: str
    lines: tuple[str, ...]


def read_stanzas(text: str, field: str) -> Iterator[Stanza]:
    """Yield the stanzas of a file; blocks without a head, or with another number of lines, are left out."""
    for block in filter(str.strip, re.split(r"\n\s*\n", text.replace("’", "'").replace("\u202f", " "))):
        head, *lines = [line.strip() for line in block.strip().splitlines()]
        if (match := _HEAD.fullmatch(head)) and LINES[0] <= len(lines) <= LINES[1]:
            words = ", ".join(word.strip().lower() for word in match["words"].split(","))
            yield Stanza(words, field, match["who"].lower(), tuple(lines))


def read_table(path: Path) -> list[Stanza]:
    """Return the stanzas of a table such as `write_table` writes."""
    rows = csv.DictReader(io.StringIO(lzma.decompress(path.read_bytes()).decode()))
    return [
        Stanza(row["title"].rpartition(" (")[0], row["artist"], row["who"], tuple(row["lyrics"].split("\n")))
        for row in rows
    ]


def write_table(path: Path, stanzas: Iterable[Stanza]) -> None:
    """Write the table, each title with a number, so that no two are alike."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for number, each in enumerate(stanzas, 1):
        table.writerow((f"{each.words} ({number})", each.field, each.who, "\n".join(each.lines)))
    path.write_bytes(lzma.compress(text.getvalue().encode(), preset=9))


class Seen:
    """What earlier stanzas hold, to tell those that repeat them."""

    def __init__(self) -> None:
        self._lines, self._runs = set[tuple[str, ...]](), dict[tuple[str, ...], set[int]]()
        self._count = 0

    def repeats(self, stanza: Stanza) -> bool:
        """Whether it has a line of an earlier one, or a third of its runs of three words."""
        lines = [tuple(tokenise(line)) for line in stanza.lines]
        runs = self._runs_of(stanza)
        shared = Counter(at for run in runs for at in self._runs.get(run, ()))
        return any(line in self._lines for line in lines) or max(shared.values(), default=0) >= ALIKE * len(runs)

    def add(self, stanza: Stanza) -> None:
        """Take a stanza."""
        self._lines.update(tuple(tokenise(line)) for line in stanza.lines)
        for run in self._runs_of(stanza):
            self._runs.setdefault(run, set()).add(self._count)
        self._count += 1

    @staticmethod
    def _runs_of(stanza: Stanza) -> set[tuple[str, ...]]:
        words = [tokenise(line) for line in stanza.lines]
        return {tuple(line[at : at + 3]) for line in words for at in range(len(line) - 2)}


def new_stanzas(stanzas: Iterable[Stanza], seen: Seen, sounds: Pronunciations) -> Iterator[tuple[Stanza | None, str]]:
    """Yield each stanza with "", or None with why it is left out."""
    for stanza in stanzas:
        sounds.transcribe_missing_in_lines(stanza.lines)
        lengths = [scan_line(line, sounds).syllables.spoken for line in stanza.lines]
        if not all(SYLLABLES[0] <= length <= SYLLABLES[1] for length in lengths):
            yield None, "length"
        elif seen.repeats(stanza):
            yield None, "alike"
        else:
            seen.add(stanza)
            yield stanza, ""


def report(name: str, stanzas: list[Stanza], sounds: Pronunciations) -> None:
    """Print what stanzas are like: sizes, syllables, rhymes of lines side by side, beginnings."""
    lines = [line for stanza in stanzas for line in stanza.lines]
    words = [tokenise(line) for line in lines]
    lengths = np.array([scan_line(line, sounds).syllables.spoken for line in lines])
    four = [stanza.lines for stanza in stanzas if len(stanza.lines) == 4]
    pairs = [pair for a, b, c, d in four for pair in ((a, b), (c, d))]
    rhyming = np.mean([compare_rhyme(a, b, sounds).kind in RHYMES for a, b in pairs])
    begun = Counter(tuple(line[:2]) for line in words).most_common(3)
    kinds = len({word for line in words for word in line})
    print(f"{name}: {len(stanzas):,} stanzas, {len(lines):,} lines, {sum(map(len, words)):,} words of {kinds:,} kinds")
    print(f"  syllables {lengths.mean():.2f}, 11 to 13 in {np.mean((lengths >= 11) & (lengths <= 13)):.1%} of lines")
    print(f"  of {len(pairs):,} couplets of four lines AABB {rhyming:.1%} rhyme so richly as suffisante")
    print("  most frequent beginnings", ", ".join(f"{' '.join(two)} {n / len(lines):.1%}" for two, n in begun))


def main() -> None:
    """Read, drop, write, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("field")
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    sounds, seen, before = Pronunciations(), Seen(), read_table(args.table)
    for stanza in before:
        seen.add(stanza)
    texts = [path.read_text("utf-8") for path in args.files]
    read = [stanza for text in texts for stanza in read_stanzas(text, args.field)]
    results = list(new_stanzas(read, seen, sounds))
    added = [stanza for stanza, _ in results if stanza]
    print(f"{sum(text.count('[qui') for text in texts):,} heads, {len(read):,} read; left out:", end=" ")
    print(dict(Counter(reason for _, reason in results if reason)))
    sounds.transcribe_missing_in_lines(line for stanza in before for line in stanza.lines)
    for name, part in (("before", before), ("added", added), ("all", [*before, *added])):
        report(name, part, sounds)
    write_table(args.table, [*before, *added])


if __name__ == "__main__":
    main()
