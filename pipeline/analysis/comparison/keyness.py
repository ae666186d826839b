"""Keyness: the words that are typical of one part of a corpus against another, or against other French, tested by song.

Also how evenly a word is dispersed over songs (DP), so that one song's refrain does not pass for a habit.
"""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import simplemma
from scipy import sparse, special
from scipy.stats import false_discovery_control

from pipeline.analysis.comparison import association as a
from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    count_matrix,
    document_frequency,
    song_group_codes,
    word_counts,
)
from pipeline.analysis.measures import Measure, ReferenceValue
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.core.paths import lexicons_folder
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import Vocabulary

MAX_FALSE_DISCOVERY_RATE = 0.05  # q below which a word is called distinctive
_MAX_TILT, _TILT_PRECISION, _MAX_STEPS = 50.0, 1e-7, 60  # of the saddlepoint of a word's draws
LEAST_SONGS = 3  # of the side that a word marks, which hold it: what one or two songs repeat is no habit


def dispersion(counts: sparse.csr_matrix) -> Floats:
    """Return float[words]: DP of each word over the rows of a count matrix (Gries 2008); nan if it never occurs.

    DP is half the sum of |v_i / f - s_i|, where f is the word's count, v_i its count in part i and s_i the share of the
    part in all tokens: 0 for an even word, towards 1 for one that a single small part holds.
    """
    sizes = np.asarray(counts.sum(axis=1)).ravel().astype(float)
    cells, f = counts.tocoo(), _word_totals(counts)
    shares = sizes[cells.row] / sizes.sum()
    gaps = np.abs(cells.data / f[cells.col] - shares) - shares  # parts without the word add their whole share
    return np.where(f > 0, (np.bincount(cells.col, gaps, minlength=counts.shape[1]) + 1) / 2, np.nan)


def keyness(target: Corpus, reference: Corpus, layer: Layer = "lyrics", minimum: int = 5) -> pd.DataFrame:
    """Return the keyness table of two subcorpora: words typical of `target` first, words typical of `reference` last.

    Columns: word, index; count, reference_count; per_million, reference_per_million; g2 (signed), p, q; log_ratio,
    log_ratio_low, log_ratio_high (95 %), lrc; lafon; songs, reference_songs; dp (over the target's songs, or nan).
    The words of one song are no independent observations: p is that of `song_permutation_p`, limits of the log ratio
    and lrc are of counts divided by `design_effects`. The other scores, which `association` defines, take each word for
    an observation. A word that fewer than `LEAST_SONGS` songs of the side that it marks hold is not tested: its p and q
    are nan, its lrc 0. The order is by lrc, then p. Words that occur fewer than `minimum` times in the two together are
    excluded; q and lrc allow for the number of words that are tested.
    Raise SettingError when they are of different corpora or the same part, or one of them is empty.
    """
    if len(target.lines) and target.lines.index.equals(reference.lines.index):
        raise SettingError("A selection cannot be compared with itself. Choose two different parts of the corpus.")
    if target.vocabulary != reference.vocabulary:
        raise SettingError("Two different corpora cannot be compared word by word: choose two parts of one corpus.")
    ours, theirs = (word_counts(part, "song", layer)[0] for part in (target, reference))
    return _keyness_table(target.vocabulary, ours, theirs, minimum=minimum)


def keyness_of_groups(
    corpus: Corpus,
    by: GroupingKey,
    target_groups: Collection[str],
    reference_groups: Collection[str] = (),
    layer: Layer = "lyrics",
    minimum: int = 5,
) -> pd.DataFrame:
    """Return the keyness table of some groups against other groups or, by default, all others.

    Groups are artists, years, decades, kinds of section or values of a facet, named as text; songs of an unknown group
    are on neither side. Raise SettingError as `keyness`, and for an unknown group.
    """
    kinds = by == "kind"
    if kinds:
        codes, labels = np.empty(0, int), pd.Index(sorted(set(corpus.sections["kind"].astype(str))))
    else:
        codes, labels = song_group_codes(corpus, by)
    names = labels.astype(str)
    if missing := [name for name in (*target_groups, *reference_groups) if name not in set(names)]:
        raise SettingError(
            "Nothing selected has {by} {group!r}{near}.",
            group=missing[0],
            by=by,
            near=spelling_suggestion(missing[0], names),
        )
    if twice := [name for name in target_groups if name in set(reference_groups)]:
        raise SettingError("{group!r} is on both sides. Compare it with others.", group=twice[0])
    rest = reference_groups or [name for name in names if name not in set(target_groups)]
    if kinds:
        return keyness(
            corpus.where(kinds=target_groups), corpus.where(kinds=rest, lines=None if rest else []), layer, minimum
        )
    words, _ = word_counts(corpus, "song", layer)
    target, reference = (np.isin(codes, np.flatnonzero(names.isin(list(side)))) for side in (target_groups, rest))
    return _keyness_table(corpus.vocabulary, words[target], words[reference], minimum=minimum)


def keyness_against_french(
    corpus: Corpus, register: str = "general", layer: Layer = "lyrics", minimum: int = 5
) -> pd.DataFrame:
    """Return the keyness table of a corpus against general French, in one of `FRENCH_REGISTERS`.

    general   10 million words of prose, plays and debates (Common Voice's sentences, CC0), much of it old and written:
              slang and today's words stand out beside what is rap's own
    everyday  a million words of sentences as people say them today, written as examples for learners (sentences of
              tatoeba.org, CC-BY 2.0 FR); they name people, places and things of rap's world seldom

    Neither has songs, so `reference_songs` is nan, and p is of G2 divided by the design effect of the corpus's songs.
    Spellings of speech (y', p'tite), which neither writes, are left out. Raise SettingError for another register and
    for a corpus without words. Give words as written: the references have no lemmas.
    """
    if register not in FRENCH_REGISTERS:
        raise SettingError("There is no French register {register!r}: choose general or everyday.", register=register)
    table = french_reference_counts()
    counts = dict(zip(table["word"], table[register].tolist(), strict=True))
    total = int(table[register].sum())
    words = corpus.vocabulary.index2word
    reference = np.fromiter((counts.get(word, 0) for word in words), np.int64, len(words))
    table = _keyness_table(corpus.vocabulary, word_counts(corpus, "song", layer)[0], reference, total, minimum)
    return table[~table["word"].map(_is_elided_spelling)].reset_index(drop=True)


def _is_elided_spelling(word: str) -> bool:
    """Return whether a word has an apostrophe that no dictionary writes: y', p'tite, r'garde."""
    return "'" in word.lstrip("-") and not word.startswith("-") and not simplemma.is_known(word, lang="fr")


FRENCH_REGISTERS = ("general", "everyday")


@cache
def french_reference_counts() -> pd.DataFrame:
    """Return word counts of general French: word, and a column per register; the word "" sums all that occur once."""
    return pd.read_csv(
        lexicons_folder() / "french_reference.tsv.xz", sep="\t", quoting=3, keep_default_na=False, encoding="utf-8"
    )


def _keyness_table(
    vocabulary: Vocabulary,
    target: sparse.csr_matrix,
    reference: sparse.csr_matrix | Ints,
    size: int | None = None,
    minimum: int = 5,
) -> pd.DataFrame:
    """Return the keyness table of two word counts: `target` by song, `reference` by song or summed over songs."""
    songs = sparse.issparse(reference)
    f1, f2 = _word_totals(target), _word_totals(reference) if songs else reference
    n1, n2 = float(f1.sum()), float(f2.sum() if size is None else size)
    if not n1 or not n2:
        raise SettingError("One of the two selections contains no words. Widen its filters.")
    index = np.flatnonzero(f1 + f2 >= minimum)
    x, y = f1[index], f2[index]
    in_songs = document_frequency(target)[index]
    in_others = document_frequency(reference)[index] if songs else np.full(len(index), np.nan)
    g2 = a.g2(x, n1, y, n2)
    tested = np.where((g2 > 0) | (not songs), in_songs, in_others) >= LEAST_SONGS
    both = sparse.vstack([target, reference]).tocsr() if songs else target
    effects = design_effects(both, index)
    p, q = np.full((2, len(index)), np.nan)
    ours = np.arange(target.shape[0])
    p[tested] = song_permutation_p(both, ours, index[tested]) if songs else a.p_value(g2 / effects)[tested]
    q[tested] = false_discovery_control(p[tested])
    cells = (x / effects, n1 / effects, y / effects, n2 / effects)
    lrc, (low, high) = a.conservative_log_ratio(*cells, tests=int(tested.sum())), a.log_ratio_limits(*cells)
    table = pd.DataFrame(
        {
            "word": pd.array(np.array(vocabulary.index2word, object)[index], dtype="str"),
            "index": index,
            "count": x,
            "reference_count": y,
            "per_million": x / n1 * 1e6,
            "reference_per_million": y / n2 * 1e6,
            "g2": g2,
            "p": p,
            "q": q,
            "log_ratio": a.log_ratio(x, n1, y, n2),
            "log_ratio_low": low,
            "log_ratio_high": high,
            "lrc": np.where(tested, lrc, 0.0),
            "lafon": a.specificity(x, x + y, n1, n1 + n2),
            "songs": in_songs,
            "reference_songs": in_others,
            "dp": dispersion(target)[index],
        }
    )
    surprise = np.where(tested, -np.sign(g2) * np.log(np.maximum(p, 1e-300)), 0.0)
    order = np.lexsort((-surprise, -table["lrc"]))
    return table.iloc[order].reset_index(drop=True)


def design_effects(counts: sparse.csr_matrix, words: Ints) -> Floats:
    """Return float[words], 1 or more: how much larger the variance of a word's count is than if words were independent.

    After Rao and Scott 1992: words of a song come together. `counts` is (songs, vocabulary), `words` are indices.
    """
    songs = _SongCounts.from_counts(counts, words)
    totals = songs.sum_by_word(songs.counts)
    rate = totals / songs.sizes.sum()
    gaps = (songs.counts - rate[songs.word] * songs.sizes[songs.song]) ** 2
    others = (songs.sizes**2).sum() - songs.sum_by_word(songs.sizes[songs.song] ** 2)  # songs without the word
    variance = songs.sum_by_word(gaps) + rate**2 * others
    return np.maximum(np.divide(variance, totals * (1 - rate), out=np.ones(len(words)), where=totals > 0), 1)


def song_permutation_p(counts: sparse.csr_matrix, target: Ints, words: Ints) -> Floats:
    """Return float[words]: the two-sided p of each word's count in the `target` songs, against random draws of songs.

    The statistic is the sum over the target of a word's count less what its rate in all songs expects of each song.
    What one song adds is bounded, by three occurrences or three Poisson deviations above what is expected. The tail of
    the draws is Lugannani and Rice's (1980) saddlepoint approximation, each song being drawn by itself, with half an
    occurrence as correction for continuity.
    """
    songs = _SongCounts.from_counts(counts, words)
    song, word, sizes, sum_by_word = songs.song, songs.word, songs.sizes, songs.sum_by_word
    drawn = np.isin(np.arange(len(sizes)), target)
    share = (drawn & (sizes > 0)).sum() / (sizes > 0).sum()
    expected = (sum_by_word(songs.counts) / sizes.sum())[word] * sizes[song]
    bounded = np.minimum(songs.counts, expected + 3 * np.maximum(np.sqrt(expected), 1))
    rate = sum_by_word(bounded) / sizes.sum()
    observed = sum_by_word(bounded * drawn[song]) - rate * sizes[drawn].sum()
    sign = np.where(observed < 0, -1.0, 1.0)
    observed = np.maximum(np.abs(observed) - 0.5, 0)
    # What a song adds where it holds the word, and on average where it does not.
    gap = (bounded - rate[word] * sizes[song]) * sign[word]
    others = (sizes > 0).sum() - sum_by_word(np.ones(len(word)))
    other_gap = -sum_by_word(gap) / np.maximum(others, 1)
    odds = np.log(share / (1 - share))
    low, high, tilt = np.zeros(len(words)), np.full(len(words), _MAX_TILT), np.zeros(len(words))
    for _ in range(_MAX_STEPS):  # to where the mean of the draws is what was observed: Newton's, or half the range
        chance, other_chance = special.expit(tilt[word] * gap + odds), special.expit(tilt * other_gap + odds)
        mean = sum_by_word(gap * chance) + others * other_gap * other_chance
        variance = sum_by_word(gap**2 * chance * (1 - chance))
        variance += others * other_gap**2 * other_chance * (1 - other_chance)
        low, high = np.where(mean < observed, tilt, low), np.where(mean < observed, high, tilt)
        step = np.divide(observed - mean, variance, out=np.full(len(words), np.inf), where=variance > 0)
        if np.all((np.abs(step) < _TILT_PRECISION) | (high - low < _TILT_PRECISION)):
            break
        tilt = np.where((low <= tilt + step) & (tilt + step <= high), tilt + step, (low + high) / 2)
    cumulant = sum_by_word(np.logaddexp(np.log1p(-share), np.log(share) + tilt[word] * gap))
    cumulant += others * np.logaddexp(np.log1p(-share), np.log(share) + tilt * other_gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        w, u = np.sqrt(np.maximum(2 * (tilt * observed - cumulant), 0)), tilt * np.sqrt(variance)
        tail = special.ndtr(-w) + np.exp(-(w**2) / 2) / np.sqrt(2 * np.pi) * (1 / u - 1 / w)
    return np.where(w > 0.05, np.clip(2 * tail, 0, 1), 1.0)  # near the middle the formula divides 0 by 0


class _SongCounts(NamedTuple):
    """Counts of some words in songs (an entry for each song and word in it), and the sizes of the songs."""

    song: Ints
    word: Ints  # its place among the words
    counts: Floats
    sizes: Floats
    words: int

    @classmethod
    def from_counts(cls, counts: sparse.csr_matrix, words: Ints) -> "_SongCounts":
        cells, sizes = counts[:, words].tocoo(), np.asarray(counts.sum(axis=1)).ravel().astype(float)
        return cls(cells.row, cells.col, cells.data.astype(float), sizes, len(words))

    def sum_by_word(self, values: Floats) -> Floats:
        return np.bincount(self.word, values, minlength=self.words).astype(float)


def _word_totals(counts: sparse.csr_matrix) -> Ints:
    return np.bincount(counts.indices, counts.data, minlength=counts.shape[1]).astype(np.int64)


def _dispersion_of_gries_example() -> float:
    """Return DP of the letter i in the five parts of Gries 2008."""
    parts = ["b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a", "b a g h a b e a a t"]
    words = [part.split() for part in (*parts, "b a h a a b e a x a t")]
    groups = np.repeat(np.arange(5), [len(part) for part in words])
    entries, ids = np.unique([word for part in words for word in part], return_inverse=True)
    return float(dispersion(count_matrix(ids, groups, (5, len(entries))))[entries == "i"][0])


MEASURES = (
    Measure(
        "Dispersion", "DP", "Half the distance between where a word is and where it would be if spread evenly.",
        "½ Σ |vᵢ/f - sᵢ|", "Gries 2008",
        ReferenceValue(
            "i in the five parts of Gries", "scattertext's tests", 0.82, _dispersion_of_gries_example, 5e-4
        ),
    ),
)  # fmt: skip
PRECOMPUTED_RESULTS = (
    PrecomputedResult("everyday_keyness", keyness_against_french, arguments=lambda corpus: {"register": "everyday"}),
)
