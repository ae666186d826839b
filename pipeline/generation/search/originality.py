"""What of a text is also in the corpus: the longest run of words of each line, with the song it is from.

An index is built once per corpus: a suffix array of its words. Knows nothing of models; lines may have been
written by anyone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.generation.lyric import CopiedSpan
from pipeline.generation.training_text import TrainingText
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language.vocabulary import Vocabulary

COPIED_WORDS = 4  # words in a row; shorter runs are how everyone speaks
MAX_SUFFIX_WORDS = 64  # words up to which suffixes are told apart
_RANK_RANGE = range(1 << 31)  # what `bisect` looks into; its key turns a rank into a word
_SONG_END_ID = -1  # stands between songs, so that no run crosses from one into the next


@dataclass(frozen=True)
class Originality:
    """The share of a text that is also in the training text, and the copies in it.

    copied_share  of the runs of four words inside lines, those that the corpus has too, from 0 to 1
    copies        of each line, its runs of four words and more that the corpus has too
    """

    copied_share: float
    copies: tuple[tuple[CopiedSpan, ...], ...]


@dataclass(frozen=True, eq=False)
class SpanIndex:
    """A suffix array of a training text: every run of its words in dictionary order. `index_spans` builds it.

    words int32[n]: the songs one after another, `_SONG_END_ID` after each; order int32[n]: positions in `words`, sorted
    by what follows; starts: where each song begins; line_ends bool[n + 1]: whether a line begins at, or ends before,
    it.
    """

    words: npt.NDArray[np.int32]
    order: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    line_ends: npt.NDArray[np.bool_]
    titles: tuple[str, ...]
    vocabulary: Vocabulary

    def find_copies(self, words: Sequence[str]) -> tuple[CopiedSpan, ...]:
        """Return the runs of at least `COPIED_WORDS` words that the training text has too, from left to right."""
        ids, spans, at = self._word_ids(words), list[CopiedSpan](), 0
        while at + COPIED_WORDS <= len(ids):
            length, first, _ = self._longest_prefix(ids[at:])
            if length >= COPIED_WORDS:
                spans.append(CopiedSpan(length, detokenise(words[at : at + length]), self._song_title(first)))
            at += length if length >= COPIED_WORDS else 1
        return tuple(spans)

    def _song_title(self, rank: int) -> str:
        """Return the title of the song in which the suffix of this rank begins."""
        return self.titles[int(np.searchsorted(self.starts, self.order[rank], side="right")) - 1]

    def longest_copy_length(self, words: Sequence[str]) -> int:
        """Return the number of words of the longest run of `words` that is in the training text."""
        ids, longest = self._word_ids(words), 0
        for start in range(len(ids)):
            if len(ids) - start > longest:
                longest = max(longest, self._longest_prefix(ids[start:])[0])
        return longest

    def has_line(self, words: Sequence[str]) -> bool:
        """Return whether these words are a whole line of the training text."""
        ids = self._word_ids(words)
        length, low, high = self._longest_prefix(ids)
        if not ids or length < len(ids):
            return False
        at = self.order[low:high]
        whole = self.line_ends[at] & self.line_ends[at + length]
        line_breaks = (
            self._line_end_counts[at + length - 1] - self._line_end_counts[at]
        )  # two lines in a row are not one
        return bool((whole & (line_breaks == 0)).any())

    def measure_originality(self, text: str) -> Originality:
        """Return the share of a text's word 4-grams that are in the training text, and the copies in each line."""
        lines = [tokenise(line) for line in text.splitlines()]
        runs = [line[at : at + COPIED_WORDS] for line in lines for at in range(len(line) - COPIED_WORDS + 1)]
        copied = sum(self.longest_copy_length(run) == COPIED_WORDS for run in runs)
        return Originality(copied / len(runs) if runs else 0.0, tuple(map(self.find_copies, lines)))

    @cached_property
    def _suffix_array_views(self) -> tuple[memoryview, memoryview]:
        return self.words.data, self.order.data  # reading one number is five times faster than NumPy's

    @cached_property
    def _line_end_counts(self) -> npt.NDArray[np.int64]:
        return np.cumsum(self.line_ends)  # how many up to and including each position

    def _word_ids(self, words: Sequence[str]) -> list[int]:
        get = self.vocabulary.word2index.get
        return [get(word, -2) for word in words]  # -2 is nowhere in the corpus

    def _longest_prefix(self, ids: Sequence[int]) -> tuple[int, int, int]:
        """Return (n, start, stop): the first n `ids` occur in a row in the training text, at order[start:stop]."""
        words, order = self._suffix_array_views
        low, high, length = 0, len(order), 0
        for offset, word in enumerate(ids[:MAX_SUFFIX_WORDS]):

            def word_after(rank: int, offset: int = offset) -> int:
                at = order[rank] + offset
                return words[at] if at < len(words) else _SONG_END_ID

            left = bisect_left(_RANK_RANGE, word, low, high, key=word_after)
            right = bisect_right(_RANK_RANGE, word, left, high, key=word_after)
            if left == right:
                break
            low, high, length = left, right, offset + 1
        return length, low, high


@lru_cache(maxsize=4)
def index_spans(text: TrainingText) -> SpanIndex:
    """Return an index (a suffix array) of the words of a text, ad-libs included, that finds any span. It is cached."""
    ids, rows = text.everything
    song = text.songs[rows]
    new_song = np.flatnonzero(np.diff(song, prepend=-1))
    words = np.insert(ids, new_song[1:], _SONG_END_ID)
    words = np.append(words, _SONG_END_ID).astype(np.int32)
    starts = new_song + np.arange(len(new_song))
    line_ends = np.insert(np.diff(rows, prepend=-1) > 0, new_song[1:], True)
    titles = tuple(text.titles[at] for at in song[new_song])
    return SpanIndex(words, _suffix_array(words), starts, np.append(line_ends, [True, True]), titles, text.vocabulary)


def _suffix_array(words: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return the positions of words sorted by the words that follow, up to `MAX_SUFFIX_WORDS` of them.

    Prefix doubling (Manber & Myers 1990): six sorts of numbers, where sorting the suffixes themselves would compare
    words in Python.
    """
    rank = words.astype(np.int64) + 1
    width = 1
    order = np.argsort(rank, kind="stable")
    while width < MAX_SUFFIX_WORDS:
        second = np.zeros_like(rank)
        second[:-width] = rank[width:] + 1
        key = rank * (second.max() + 1) + second
        order = np.argsort(key, kind="stable")
        rank = np.empty_like(rank)
        rank[order] = np.cumsum(np.diff(key[order], prepend=key[order[0]]) != 0)
        width *= 2
        if rank[order[-1]] == len(rank) - 1:
            break
    return order.astype(np.int32)
