"""How much a song repeats itself: repeated lines, compression, and the self-similarity picture of one song."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Floats, line_groups, song_groups, song_rows
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import line_lengths
from pipeline.analysis.variants import first_occurrences
from pipeline.corpus.table import Corpus
from pipeline.errors import SettingError

_TOGETHER = 256  # songs that a thread compresses in a row


def song_repetition(corpus: Corpus, compression: bool = True) -> pd.DataFrame:
    """Return a row a song: song, title, artist, year, lines, repeated_lines, words, repeated_words, repetition,
    compression.

    A line is repeated when its words have occurred before in the song; `repetition` is the share of words in such
    lines, as written. `compression` is 1 - compressed / raw size (see `compression_ratio`), nan without it.
    """
    lengths, rows = line_lengths(corpus), song_rows(corpus)
    again = ~first_occurrences(corpus)
    songs = len(corpus.songs)

    def add(weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
        return np.bincount(rows, np.asarray(weights, float), minlength=songs).astype(np.int64)

    words, repeated = add(lengths), add(lengths * again)
    table = corpus.songs[["title", "artist", "year"]].assign(
        lines=add(lengths > 0),
        repeated_lines=add(again),
        words=words,
        repeated_words=repeated,
        repetition=np.divide(repeated, words, out=np.full(songs, np.nan), where=words > 0),
        compression=_compression_ratios(corpus) if compression else np.nan,
    )
    return table.reset_index()


def repetition_by(corpus: Corpus, by: str = "artist") -> pd.DataFrame:
    """Return the repetition of each artist, year or value of a facet with its 95 % interval over songs: the group,
    songs, words, repetition, low, high. Songs of an unknown group are excluded.
    """
    if by in ("song", "kind"):
        raise SettingError("repetition-group", "Repetition is not given by {by!r}: choose artist or year.", by=by)
    codes, labels = song_groups(corpus, by)
    table, codes = song_repetition(corpus, compression=False)[codes >= 0], codes[codes >= 0]
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(labels) + 1)).tolist()
    repeated, words = (table[name].to_numpy()[order] for name in ("repeated_words", "words"))
    rows = []
    for label, (a, b) in zip(labels, pairwise(bounds), strict=True):
        value, (low, high) = ratio_jackknife(repeated[a:b], words[a:b])
        rows.append((label, b - a, int(words[a:b].sum()), value, low, high))
    return pd.DataFrame(rows, columns=[by, "songs", "words", "repetition", "low", "high"])


def compression_ratio(text: str) -> float:
    """Return 1 - compressed / raw bytes (UTF-8, zlib level 9, RFC 1950): 0 for the empty text. Higher repeats more.

    Counts repeats of any length (LZ77), in and across lines, but also the letters' uneven frequencies: no text falls
    near 0, and short ones less than long ones. Compare songs of like length.
    """
    raw = text.encode()
    return 1 - len(zlib.compress(raw, 9)) / len(raw) if raw else 0.0


def line_similarity(corpus: Corpus, song: int) -> Floats:
    """Return float[m, m]: how alike lines i and j of a song are, 2 x words in common / words of both (Dice).

    m is all the song's lines; a line without words is like none.
    """
    part = _select_song(corpus, song)
    ids, rows = part.token_table()
    words, column = np.unique(ids, return_inverse=True)
    bags = np.zeros((len(part.lines), len(words)))
    np.add.at(bags, (rows, column), 1)
    common = np.minimum(bags[:, None, :], bags[None, :, :]).sum(axis=2)
    size = bags.sum(axis=1)
    both = size[:, None] + size[None, :]
    return np.divide(2 * common, both, out=np.zeros_like(common), where=both > 0)


def _select_song(corpus: Corpus, song: int) -> Corpus:
    if song not in corpus.songs.index:
        raise SettingError("song-not-selected", "Song {song} is not in this selection.", song=song)
    return corpus.where(songs=[song])


def _compression_ratios(corpus: Corpus) -> Floats:
    """Return the compression ratio of each song; zlib leaves the interpreter, so threads help, many songs each."""
    codes, _ = line_groups(corpus, "song")
    texts = corpus.lines["text"].tolist()
    bounds = np.searchsorted(codes, np.arange(len(corpus.songs) + 1)).tolist()
    joined = ["\n".join(texts[a:b]) for a, b in pairwise(bounds)]
    batches = [joined[a : a + _TOGETHER] for a in range(0, len(joined), _TOGETHER)]
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda batch: [compression_ratio(text) for text in batch], batches)
        return np.array([ratio for batch in found for ratio in batch], float)
