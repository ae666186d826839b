"""RawSongs -> Columns with Tallies and an Account: what worker processes do of preparing, a batch at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import Sentence, SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import NOTHING, Account, FileAccount, Size, Tallies, Tally, size_of, total
from pipeline.corpus.build import Columns
from pipeline.corpus.cleaning import clean
from pipeline.corpus.cleaning.layout import DOUBLE_SPACED
from pipeline.corpus.cleaning.metadata import clean_metadata
from pipeline.corpus.languages import with_languages
from pipeline.corpus.markup import parse
from pipeline.corpus.readers.sources import Source, read_blob
from pipeline.corpus.song import Line, RawSong, Section, Skip, Song, Span
from pipeline.corpus.tags import split_repeat
from pipeline.language.tokens import line_tokens

SEARCHED = "search artist"  # the facet that keeps the artist under whom a song of another was found
_EXTENTS = {
    "inferred": (
        "songs-inferred",
        mark("Songs of a file of many: where they begin and end is inferred, and marked as such"),
    ),
    "pseudo": (
        "songs-pseudo",
        mark("Pseudo-songs of some 500 words: sections of a file whose songs could not be told apart, gathered"),
    ),
}


@dataclass
class SourceOutcome:
    """What became of songs on the way. `account` knows what was read, and not yet which songs leave as duplicates."""

    tallies: Tallies = field(default_factory=Tallies)  # of the songs that hold a line, in their order
    read: list[Size] = field(default_factory=list)  # what readers gave for each of them
    account: Account = field(default_factory=Account)  # of the files, and of songs that hold no line
    skipped: list[Skip] = field(default_factory=list)
    files: int = 0
    unusable: int = 0  # files of which no song came

    def take(self, batch: "SourceOutcome") -> None:
        """Take in what became of the next batch."""
        self.tallies.extend(batch.tallies)
        self.read += batch.read
        self.skipped += batch.skipped
        self.files += batch.files
        self.unusable += batch.unusable
        self.account.read += batch.account.read
        for rule, entry in batch.account.entries.items():
            self.account.drop(rule, entry.what, entry.size, entry.count)

    def close(self, keep: npt.NDArray[np.bool_], kept: Size) -> Tally:
        """Enter the songs in the account, of which those that `keep` (bool[songs]) names stay, holding `kept`.

        Returns what the rules did to those that stay.
        """
        left = [size for size, stays in zip(self.read, keep, strict=True) if not stays]
        self.account.drop("duplicates", mark("Songs that are there more than once"), total(left), len(left))
        tally = self.tallies.total(keep)
        tally.enter(self.account)
        self.account.kept = kept
        return tally


@dataclass
class ComposedSongs:
    """A batch of songs as columns, and what became of them."""

    columns: Columns = field(default_factory=Columns)
    outcome: SourceOutcome = field(default_factory=SourceOutcome)
    given: Size = NOTHING  # by the reader of the file at hand, whose account is still to come


def compose(raw: RawSong, tally: Tally) -> Song:
    """A raw song cleaned, typed, marked up and with its languages. It may turn out to hold no section."""
    metadata = clean_metadata(raw, tally)
    if raw.encoding != "utf-8":
        tally.note(
            f"encoding-{raw.encoding}",
            Sentence("Files in {encoding}", encoding=raw.encoding),
            lines=raw.text.count("\n") + 1,
        )
    if raw.extent != "given":
        tally.note(*_EXTENTS[raw.extent], characters=0, before=raw.text.split("\n", 1)[0], after=metadata.title)
    sections = parse(clean(raw.text, tally), tally)
    inferred = raw.artist_inferred and metadata.artist == raw.artist  # else the title says who performs
    song = Song(
        title=metadata.title,
        artist=metadata.artist,
        sections=with_times(sections, raw.text, raw.times) if raw.times else sections,
        album=metadata.album,
        year=metadata.year,
        featuring=metadata.featuring,
        source=raw.source,
        original=raw.text,
        extent=raw.extent,
        block=raw.block,
        facets=raw.facets if not metadata.searched else {**raw.facets, SEARCHED: metadata.searched},
        artist_inferred=inferred,
        respaced=tally.is_noted(DOUBLE_SPACED),
    )
    return with_languages(song, tally)


def compose_files(source: Source) -> ComposedSongs:
    """The songs of the files of (a part of) a source. A file that cannot be read is skipped."""
    batch = ComposedSongs()
    outcome = batch.outcome
    for blob in source.blobs:
        outcome.files += 1
        before, batch.given = len(batch.columns.songs), Size()
        try:
            if not _add(read_blob(source, blob), batch):
                outcome.skipped.append(Skip(blob.name, Sentence("{file} holds no song.", file=blob.name)))
        except SourceError as error:  # perhaps after some songs, and before the account of the file
            outcome.skipped.append(Skip(blob.name, error.said))
            outcome.account.read += batch.given
        outcome.unusable += len(batch.columns.songs) == before
    return batch


def compose_songs(items: Iterable[RawSong | Skip | FileAccount]) -> ComposedSongs:
    """The songs of a part of a file."""
    batch = ComposedSongs()
    _add(items, batch)
    return batch


def _add(items: Iterable[RawSong | Skip | FileAccount], batch: ComposedSongs) -> int:
    """Compose songs into a batch; return how many there were, those passed over included."""
    count, outcome = 0, batch.outcome
    for item in items:
        if isinstance(item, FileAccount):
            outcome.account.add_file(item)
            batch.given = NOTHING
            continue
        count += 1
        read = item.size if isinstance(item, Skip) else size_of(item.text)
        batch.given += read
        if isinstance(item, Skip):
            outcome.skipped.append(item)
            outcome.account.drop("unreadable", mark("Rows and songs that could not be read"), read)
        else:
            _add_song(item, read, batch)
    return count


def _add_song(raw: RawSong, read: Size, batch: ComposedSongs) -> None:
    tally, outcome = Tally(), batch.outcome
    song = compose(raw, tally)
    tally.end_song(raw.source)
    if any(line_tokens(line.text) for line in song.lines()):
        batch.columns.add(song)
        outcome.tallies.add(tally)
        outcome.read.append(read)
    else:
        outcome.skipped.append(Skip(raw.source, Sentence("{file} holds no line of lyrics.", file=raw.source), read))
        outcome.account.drop("no-lyrics", mark("Songs without a line of lyrics"), read)


def with_times(sections: Sequence[Section], text: str, times: Sequence[Span]) -> tuple[Section, ...]:
    """The sections with the times of their lines. `times` are those of the lines of `text` that are not blank.

    Lines are aligned by their letters and digits, so that a line keeps its time when others left or were added, and a
    line that cleaning made of half a line has none.
    """
    lines = [line for section in sections for line in section.lines]
    places = dict(_align_lines([line.text for line in lines], [line for line in text.splitlines() if line.strip()]))
    timed = iter([_with_times(line, times, places.get(at)) for at, line in enumerate(lines)])
    return tuple(replace(section, lines=tuple(next(timed) for _ in section.lines)) for section in sections)


def _with_times(line: Line, times: Sequence[Span], at: int | None) -> Line:
    return line if at is None or at >= len(times) else replace(line, seconds=times[at])


def _align_lines(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, list(map(_key, ours)), list(map(_key, theirs)), autojunk=False)
    return [(a + at, b + at) for a, b, size in matcher.get_matching_blocks() for at in range(size)]


def _key(line: str) -> str:
    return "".join(filter(str.isalnum, split_repeat(line.strip())[0].casefold()))
