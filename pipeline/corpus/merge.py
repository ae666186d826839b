"""merge and finish: the `Partial`s of all shards, in their order -> one corpus, the same whatever the shards were.

The driver holds the songs, the words, and a sample of 6-grams; the text of a shard passes through it when the corpus is
written, a shard at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.corpus.arrow_files import StreamedBatch, write_frame
from pipeline.corpus.build import LINE_TYPES, order_words, section_frame, song_frame
from pipeline.corpus.compose import SourceOutcome
from pipeline.corpus.duplicates import Duplicates, Grams, Hashes, find_duplicates
from pipeline.corpus.shards import GRAMS, LINES, ORIGINALS, SECTIONS, TOKENS, Partial
from pipeline.corpus.store import describe_corpus, write_originals
from pipeline.corpus.table import LINE_COLUMNS, SONG_COLUMNS
from pipeline.corpus.tags import fold_accents
from pipeline.language.vocabulary import Ids, Vocabulary

Mask = npt.NDArray[np.bool_]
_SPELLED = 2  # times that a name is spelled so elsewhere at least
_NO_HASHES = np.empty(0, np.uint64)
_LINES = {name: LINE_TYPES.get(name, str) for name in LINE_COLUMNS}
_TOKENS = {"token": np.int32, "adlib": np.uint8}


@dataclass
class MergedShards:
    """The songs of a whole source, duplicates included. `ids[shard]` says which of `words` its words are."""

    partials: list[Partial] = field(default_factory=list)
    ids: list[Ids] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=lambda: defaultdict(count().__next__))
    outcome: SourceOutcome = field(default_factory=SourceOutcome)

    def take(self, partial: Partial) -> None:
        """Take in the next shard."""
        self.ids.append(np.fromiter(map(self.words.__getitem__, partial.words), np.int32, len(partial.words)))
        self.outcome.take(partial.outcome)
        self.partials.append(replace(partial, words=[], outcome=SourceOutcome()))

    @cached_property
    def songs(self) -> pa.Table:
        """SONG_COLUMNS of all songs."""
        return pa.concat_tables(partial.songs for partial in self.partials)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """int64[songs, 4]: see `Partial.sizes`."""
        return np.concatenate([np.empty((0, 4), np.int64), *(partial.sizes for partial in self.partials)])

    @cached_property
    def bounds(self) -> npt.NDArray[np.int64]:
        """int64[shards + 1]: the first song of each shard."""
        return np.cumsum([0, *(len(partial.songs) for partial in self.partials)])

    def facets(self, keep: Mask) -> dict[str, list[str]]:
        """The cells of each facet, of the songs that are kept; in the order in which facets appear."""
        names = dict.fromkeys(name for partial in self.partials for name in partial.facets)
        return {name: [cell for cell, stays in zip(self._cells(name), keep, strict=True) if stays] for name in names}

    def _cells(self, name: str) -> Iterator[str]:
        for partial in self.partials:
            cells = partial.facets[name].to_pylist() if name in partial.facets else []
            yield from cells
            yield from [""] * (len(partial.songs) - len(cells))

    def duplicates(self, worth: Sequence[float]) -> Duplicates:
        """Which songs to drop, and which belong together."""
        sizes, samples, sampled = (
            np.concatenate([empty, *(getattr(partial, name) for partial in self.partials)])
            for name, empty in (("grams", self.bounds[:0]), ("samples", _NO_HASHES), ("sampled", self.bounds[:0]))
        )
        blocks = [block for partial in self.partials for block in partial.blocks]
        prints = self.songs["fingerprint"].to_pylist()
        return find_duplicates(Grams(self._load_grams, sizes, samples, sampled), prints, worth, blocks)

    def _load_grams(self, song: int) -> Hashes:
        shard = int(np.searchsorted(self.bounds, song, "right")) - 1
        partial, at = self.partials[shard], song - int(self.bounds[shard])
        start, size = int(partial.grams[:at].sum()), int(partial.grams[at])
        hashes = partial.table(GRAMS)["hash"].slice(start, size).to_numpy()
        return hashes if size else _NO_HASHES

    def vocabulary(self, keep: Mask) -> tuple[Vocabulary, list[Ids]]:
        """(the vocabulary of the songs that are kept, the index in it of each word of each shard)."""
        counts = np.zeros(len(self.words), np.int64)
        for partial, ids, mask in zip(self.partials, self.ids, self.shards_of(keep), strict=True):
            np.add.at(counts, ids, partial.counts if mask.all() else _count_words(partial, mask))
        vocabulary, final = order_words(list(self.words), counts)
        return vocabulary, [final[ids] for ids in self.ids]

    def shards_of(self, keep: Mask) -> list[Mask]:
        """A mask of songs cut at the shards."""
        return np.split(keep, self.bounds[1:-1])


def merge(partials: Iterable[Partial]) -> MergedShards:
    """One of all shards."""
    whole = MergedShards()
    for partial in partials:
        whole.take(partial)
    return whole


def kept_tokens(partial: Partial, keep: Mask) -> Mask:
    """bool[tokens of the shard]: whether they stand in a song that is kept."""
    return np.repeat(keep, partial.sizes[:, 2])


def kept_sections(merged: MergedShards, keep: Mask) -> pa.Table:
    """The sections of the songs that are kept, these renumbered."""
    numbers = np.cumsum(keep) - 1
    tables = []
    for partial, mask, first in zip(merged.partials, merged.shards_of(keep), merged.bounds.tolist(), strict=False):
        table = partial.table(SECTIONS)
        if not mask.all():
            table = table.filter(pa.array(np.repeat(mask, partial.sizes[:, 0])))
        songs = numbers[first + table["song"].to_numpy()].astype(np.int32) if len(table) else np.empty(0, np.int32)
        tables.append(table.set_column(0, "song", pa.array(songs)))
    return pa.concat_tables(tables)


def kept_lines(merged: MergedShards, keep: Mask) -> Iterator[dict[str, Any]]:
    """The lines of the songs that are kept as columns, a shard at a time; songs, sections and tokens renumbered."""
    song = section = token = 0
    for partial, mask in zip(merged.partials, merged.shards_of(keep), strict=True):
        table, sizes = partial.table(LINES), partial.sizes
        chosen = np.repeat(mask, sizes[:, 1])
        if not chosen.all():
            table = table.filter(pa.array(chosen))
        columns = {name: table[name].to_numpy() for name in table.column_names if name != "text"}
        columns["song"] = (np.cumsum(mask) - 1)[columns["song"]] + song
        columns["section"] = (np.cumsum(np.repeat(mask, sizes[:, 0])) - 1)[columns["section"]] + section
        length = columns["stop"] - columns["start"]
        columns["stop"] = np.cumsum(length, dtype=np.int64) + token
        columns["start"] = columns["stop"] - length
        yield {**columns, "text": table["text"].combine_chunks()}
        sections, _, tokens, _ = sizes[mask].sum(axis=0).tolist()
        song, section, token = song + int(mask.sum()), section + sections, token + tokens


def kept_words(merged: MergedShards, keep: Mask, final: Sequence[Ids]) -> Iterator[dict[str, npt.NDArray[Any]]]:
    """The tokens of the songs that are kept, as indices in the vocabulary, and whether each stands in an ad-lib."""
    for partial, mask, ids in zip(merged.partials, merged.shards_of(keep), final, strict=True):
        table, chosen = partial.table(TOKENS), kept_tokens(partial, mask)
        yield {"token": ids[table["token"].to_numpy()[chosen]], "adlib": table["adlib"].to_numpy()[chosen]}


def _count_words(partial: Partial, keep: Mask) -> npt.NDArray[np.int64]:
    tokens = partial.table(TOKENS)["token"].to_numpy()[kept_tokens(partial, keep)]
    return np.bincount(tokens, minlength=len(partial.counts)).astype(np.int64)


def spell_artists(songs: pd.DataFrame, performers: "pd.Series[str]") -> "pd.Series[str]":
    """Return the artist of each song; a name that comes from a path ("Mhd" of Mhd.txt) with the capitals and accents
    with which it stands most often elsewhere: as a guest, as the performer of a section (`performers`), in tables."""
    artists = songs["artist"]
    files = songs["source"].str.rpartition("#")[0].where(songs["source"].str.contains("#"), songs["source"])
    of_path = np.array([_plain(name) in _plain(file) for name, file in zip(artists, files, strict=True)], bool)
    named = pd.concat([artists[~of_path], songs["featuring"], performers]).str.split(" & ").explode()
    spellings = named[named != ""].value_counts()
    usual = dict[str, str]()
    for name, times in spellings.items():  # the commonest first
        if times >= _SPELLED:
            usual.setdefault(fold_accents(str(name)), str(name))
    return artists.where(~of_path, artists.map(lambda name: usual.get(fold_accents(name), name)))


@lru_cache(1 << 16)
def _plain(name: str) -> str:
    """The letters and digits of a name, small, without accents."""
    return "".join(filter(str.isalnum, fold_accents(name)))


def write_merged(merged: MergedShards, keep: Mask, fingerprints: Sequence[str], name: str, folder: Path) -> None:
    """Write the songs that `keep` (bool[songs]) names, with these fingerprints (of all), as the corpus `name`."""
    at = SONG_COLUMNS.index("fingerprint")
    table = merged.songs.set_column(at, "fingerprint", pa.array(fingerprints, pa.large_string()))
    songs, facets = song_frame(table.filter(pa.array(keep)), merged.facets(keep))
    sections = section_frame(kept_sections(merged, keep))
    songs["artist"] = spell_artists(songs, sections["performers"])
    vocabulary, final = merged.vocabulary(keep)
    write_frame(songs, folder / "songs.arrow")
    write_frame(sections, folder / "sections.arrow")
    lines = _stream(_LINES, kept_lines(merged, keep), folder / "lines.arrow")
    tokens = _stream(_TOKENS, kept_words(merged, keep, final), folder / "tokens.arrow")
    write_originals(_kept_originals(merged, keep), folder)
    sizes = {"songs": len(songs), "sections": len(sections), "lines": lines, "tokens": tokens}
    describe_corpus(folder, name, sizes, vocabulary, facets)


def _stream(columns: dict[str, Any], pieces: Iterator[dict[str, npt.NDArray[Any]]], path: Path) -> int:
    batch = StreamedBatch(columns, path.parent)
    for piece in pieces:
        batch.append(**piece)
    batch.write(path)
    return batch.rows


def _kept_originals(merged: MergedShards, keep: Mask) -> Iterator[str]:
    for partial, mask in zip(merged.partials, merged.shards_of(keep), strict=True):
        for text in partial.table(ORIGINALS)["text"].filter(pa.array(mask)):
            yield text.as_py()
