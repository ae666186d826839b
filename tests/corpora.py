"""Corpora of a few songs for tests, made as `prepare` makes them: composed, merged, written and read again."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.core.folders import replace_folder_atomically
from pipeline.core.paths import checked_name, prepared_folder
from pipeline.corpus.account import Tally, TextSize
from pipeline.corpus.arrow_files import write_frame, write_table
from pipeline.corpus.compose import SongBatch
from pipeline.corpus.layers import save_pronunciations
from pipeline.corpus.shards import merge_shards, write_corpus, write_shard
from pipeline.corpus.song import Song
from pipeline.corpus.store import read_corpus, store_checksums, write_corpus_metadata, write_originals, write_report
from pipeline.corpus.table import LINE_COLUMNS, Corpus
from pipeline.language.phones import Pronunciation


def make_corpus(name: str, songs: Iterable[Song]) -> Corpus:
    """Return the corpus of `songs`, in their order; it lies in no folder."""
    composed = SongBatch()
    for song in songs:
        composed.columns.append_song(song)
        composed.outcome.tallies.add(Tally())
        composed.outcome.read.append(TextSize())
    return corpus_of(composed, name)


def lines_with_texts(corpus: Corpus) -> pd.DataFrame:
    """Return `corpus.lines` with their texts, in the order of `LINE_COLUMNS`."""
    lines = corpus.lines.assign(text=corpus.texts)
    return lines[[name for name in LINE_COLUMNS if name in lines]]


def corpus_of(composed: SongBatch, name: str) -> Corpus:
    """Return the corpus of a batch of songs, those that are there twice included."""
    with tempfile.TemporaryDirectory() as folder:
        merged = merge_shards([write_shard(composed, Path(folder, "000000"))])
        target = Path(folder, name)
        target.mkdir()
        every_song = np.ones(len(merged.songs), bool)
        write_corpus(merged, every_song, merged.songs["fingerprint"].to_pylist(), name, target)
        return read_corpus(target)


def save_corpus(
    corpus: Corpus,
    report: Mapping[str, Any] | None = None,
    originals: Sequence[str] | None = None,
    pronunciations: Sequence[Pronunciation] | None = None,
) -> None:
    """Write a corpus under its name among the prepared ones, with the text of each song as it was read."""
    with replace_folder_atomically(prepared_folder() / checked_name(corpus.name)) as draft:
        frames = {"songs": corpus.songs, "sections": corpus.sections, "lines": lines_with_texts(corpus)}
        for table, frame in frames.items():
            write_frame(frame, draft / f"{table}.arrow")
        tokens = {"token": corpus.tokens, "adlib": np.ascontiguousarray(corpus.adlib).view(np.uint8)}
        write_table(pa.table(tokens), draft / "tokens.arrow")
        sizes = {table: len(frame) for table, frame in frames.items()}
        write_corpus_metadata(
            draft, corpus.name, {**sizes, "tokens": len(corpus.tokens)}, corpus.vocabulary, corpus.facets
        )
        write_report(dict(report or {}), draft)
        if originals is not None:
            write_originals(originals, draft)
        store_checksums(draft)
    if pronunciations is not None:
        save_pronunciations(corpus.name, pronunciations)
