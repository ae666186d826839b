"""Songs that are there more than once, by containment of word 6-grams (Broder 1997, on the resemblance of documents).

The containment of two songs is the share of the distinct 6-grams of the smaller one that the larger one holds too.
Candidates come from a sample of all 6-grams and are then measured in full. Knows nothing of titles or files.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

NGRAM_SIZE = 6
DUPLICATE_CONTAINMENT = 0.8  # containment from which two songs of like length are one
MIN_RELATED_CONTAINMENT = 0.3  # from which they share so much that training must not see one and be judged on the other
MIN_LENGTH_RATIO = 0.6  # of the smaller to the larger, in distinct 6-grams
MIN_GRAMS = 20  # distinct 6-grams that a song must have for its containment to mean something
CONCATENATION_COVERAGE = 0.8  # of a song by others from which it is a concatenation of them

_SAMPLING_INTERVAL = 8  # one 6-gram in so many seeks candidates
# songs; a 6-gram of more of them is a saying, or one of a song that exact equality already found
_MAX_SONGS_PER_GRAM = 24

Hashes = npt.NDArray[np.uint64]
DuplicateKind = Literal["exact", "near", "part", "concatenation"]


class SongPair(NamedTuple):
    """Two songs. The first has fewer distinct word 6-grams; `containment` is the share of them in the second."""

    small: int
    large: int
    containment: float


class DroppedSong(NamedTuple):
    """A song dropped as a duplicate of `kept`. A text of several songs is matched with the first of them."""

    dropped: int
    kept: int
    kind: DuplicateKind
    containment: float


class Duplicates(NamedTuple):
    """The songs to drop as duplicates, and the number of each song's group of related songs."""

    merged: list[DroppedSong]
    groups: list[int]


class SongNgrams(NamedTuple):
    """Hashes of the distinct word 6-grams of songs, and a sample of these for finding candidate pairs."""

    load: Callable[[int], Hashes]
    sizes: npt.NDArray[np.int64]
    samples: Hashes
    sampled: npt.NDArray[np.int64]

    @classmethod
    def from_word_hashes(cls, songs: Sequence[Hashes]) -> "SongNgrams":
        """Return the 6-grams of songs given as arrays of word hashes."""
        grams = [hash_word_ngrams(song) for song in songs]
        samples = [sample_hashes(hashes) for hashes in grams]
        sizes, sampled = (np.array([len(each) for each in some], np.int64) for some in (grams, samples))
        return cls(grams.__getitem__, sizes, np.concatenate([*samples, np.empty(0, np.uint64)]), sampled)


def find_duplicates(
    grams: SongNgrams, fingerprints: Sequence[str], worth: Sequence[float], blocks: Sequence[str] = ()
) -> Duplicates:
    """Find the songs to drop as duplicates, and groups of related songs.

    Of equal songs the one of highest `worth` is kept, the first of several. Songs of one named block are related."""
    equal = defaultdict(list)
    for song, fingerprint in enumerate(fingerprints):
        equal[fingerprint].append(song)
    best = [max(songs, key=worth.__getitem__) for songs in equal.values()]
    merged = [
        DroppedSong(song, kept, "exact", 1.0) for kept, songs in zip(best, equal.values(), strict=True)
        for song in songs if song != kept
    ]  # fmt: skip
    pairs = list(_related_pairs(grams, np.isin(np.arange(len(fingerprints)), best)))
    near = _drop_lesser_copies(pairs, grams, worth)
    links = [(m.dropped, m.kept) for m in merged] + [pair[:2] for pair in pairs] + _pairs_within_blocks(blocks)
    groups = connected_groups(len(fingerprints), links)
    return Duplicates(merged + near, groups)


def hash_word_ngrams(words: Hashes) -> Hashes:
    """Return the sorted hashes of the distinct word 6-grams of a song given as word hashes."""
    n = len(words) - NGRAM_SIZE + 1
    if n < 1:
        return np.empty(0, np.uint64)
    value = np.zeros(n, np.uint64)
    for at in range(NGRAM_SIZE):
        value = (value ^ words[at : at + n]) * np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(29)
    return np.unique(value)


def sample_hashes(grams: Hashes) -> Hashes:
    """Return about one in eight of the hashes, the same ones in every song."""
    return grams[grams % np.uint64(_SAMPLING_INTERVAL) == 0]


def _related_pairs(grams: SongNgrams, candidates: npt.NDArray[np.bool_]) -> Iterable[SongPair]:
    """Yield the pairs of songs, among those where `candidates` is true, whose containment is at least
    `MIN_RELATED_CONTAINMENT`."""
    for a, b in _candidate_pairs(grams, candidates):
        small, large = sorted((a, b), key=grams.sizes.__getitem__)
        if grams.sizes[small] < MIN_GRAMS:
            continue
        shared = len(np.intersect1d(grams.load(small), grams.load(large), assume_unique=True))
        if (containment := shared / int(grams.sizes[small])) >= MIN_RELATED_CONTAINMENT:
            yield SongPair(small, large, containment)


def _candidate_pairs(grams: SongNgrams, among: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the pairs of songs that share enough sampled 6-grams for their containment to be computed."""
    owners = np.repeat(np.arange(len(among)), grams.sampled)
    hashes, owners = grams.samples[among[owners]], owners[among[owners]]
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(hashes)])
    keys = []
    base = np.int64(len(among) + 1)
    for size in range(2, _MAX_SONGS_PER_GRAM + 1):  # all hashes held by `size` songs at once, as a matrix
        held = owners[starts[sizes == size][:, None] + np.arange(size)]
        for first in range(size - 1):
            keys += [held[:, first] * base + held[:, second] for second in range(first + 1, size)]
    distinct, shared = np.unique(np.concatenate([*keys, np.empty(0, np.int64)]), return_counts=True)
    pairs = [(int(key // base), int(key % base)) for key in distinct[shared >= 2]]
    counts = shared[shared >= 2]
    smaller = np.array([min(grams.sampled[a], grams.sampled[b]) for a, b in pairs], np.int64)
    likely = counts >= 0.5 * MIN_RELATED_CONTAINMENT * smaller
    return [pair for pair, keep in zip(pairs, likely, strict=True) if keep]


def _drop_lesser_copies(pairs: Iterable[SongPair], grams: SongNgrams, worth: Sequence[float]) -> list[DroppedSong]:
    """Return the songs to drop: first concatenations of other songs, then the song of less `worth` of each pair."""
    duplicate_pairs = [pair for pair in pairs if pair.containment >= DUPLICATE_CONTAINMENT]
    merged = _find_concatenations(duplicate_pairs, grams)
    gone = {m.dropped for m in merged}
    for pair in sorted(duplicate_pairs, key=lambda pair: -pair.containment):
        if pair.small in gone or pair.large in gone:
            continue
        alike = grams.sizes[pair.small] >= MIN_LENGTH_RATIO * grams.sizes[pair.large]
        lesser = min(pair[:2], key=lambda song: (worth[song], -song)) if alike else pair.small
        greater = pair.large if lesser == pair.small else pair.small
        merged.append(DroppedSong(lesser, greater, "near" if alike else "part", round(pair.containment, 3)))
        gone.add(lesser)
    return merged


def _find_concatenations(duplicate_pairs: Iterable[SongPair], grams: SongNgrams) -> list[DroppedSong]:
    """Return the songs that consist of several shorter ones, such as a file of a whole album."""
    parts: dict[int, list[int]] = defaultdict(list)
    for pair in duplicate_pairs:
        if grams.sizes[pair.small] < MIN_LENGTH_RATIO * grams.sizes[pair.large]:
            parts[pair.large].append(pair.small)
    merged = []
    for whole, inside in parts.items():
        covered = np.unique(np.concatenate([grams.load(song) for song in inside]))
        share = len(np.intersect1d(covered, grams.load(whole), assume_unique=True)) / int(grams.sizes[whole])
        if len(inside) >= 2 and share >= CONCATENATION_COVERAGE:
            merged.append(DroppedSong(whole, min(inside), "concatenation", round(share, 3)))
    return merged


def _pairs_within_blocks(blocks: Sequence[str]) -> list[tuple[int, int]]:
    """Return (first song of the block, song) for each song in a named block, such as songs cut from one file."""
    first: dict[str, int] = {}
    return [(first.setdefault(block, song), song) for song, block in enumerate(blocks) if block]


def connected_groups(songs: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each song the lowest number in its connected component. `links` are pairs of songs."""
    leader = list(range(songs))

    def least_member(song: int) -> int:
        while leader[song] != song:
            leader[song] = leader[leader[song]]
            song = leader[song]
        return song

    for a, b in links:
        a, b = least_member(a), least_member(b)
        leader[max(a, b)] = min(a, b)
    return [least_member(song) for song in range(songs)]
