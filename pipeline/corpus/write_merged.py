"""finish: the songs of a merged source that are kept, written as a corpus, a shard at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.corpus.arrow_files import StreamedBatch, write_frame
from pipeline.corpus.build import LINE_TYPES, section_frame, song_frame
from pipeline.corpus.merge import Mask, MergedShards, kept_lines, kept_sections, kept_words
from pipeline.corpus.shards import ORIGINALS
from pipeline.corpus.store import describe_corpus, write_originals
from pipeline.corpus.table import LINE_COLUMNS, SONG_COLUMNS

_LINES = {name: LINE_TYPES.get(name, str) for name in LINE_COLUMNS}
_TOKENS = {"token": np.int32, "adlib": np.uint8}


def write_merged(merged: MergedShards, keep: Mask, fingerprints: Sequence[str], name: str, folder: Path) -> None:
    """Write the songs that `keep` (bool[songs]) names, with these fingerprints (of all), as the corpus `name`."""
    at = SONG_COLUMNS.index("fingerprint")
    table = merged.songs.set_column(at, "fingerprint", pa.array(fingerprints, pa.large_string()))
    songs, facets = song_frame(table.filter(pa.array(keep)), merged.facets(keep))
    sections = section_frame(kept_sections(merged, keep))
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
    for partial, kept in zip(merged.partials, merged.shards_of(keep), strict=True):
        for text in partial.table(ORIGINALS)["text"].filter(pa.array(kept)):
            yield text.as_py()
