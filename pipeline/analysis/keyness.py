"""Keyness: the words that mark one part of a corpus off from another.

Every score is given with the number of songs that hold the word and its dispersion, because a refrain word of one
song tops any list of counts.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis import association as a
from pipeline.analysis.counting import By, Ints, document_frequency, song_groups, word_counts
from pipeline.analysis.dispersion import dispersion
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import Vocabulary


def keyness(target: Corpus, reference: Corpus, layer: Layer = "lyrics", minimum: int = 5) -> pd.DataFrame:
    """Return the words of two subcorpora, those most typical of `target` first, of `reference` last.

    Columns: word, index; count, reference_count; per_million, reference_per_million; g2 (signed), p, q; log_ratio,
    lrc, lafon, simple_maths; songs, reference_songs; dp (over the songs of the target, nan where it has none).
    `association` defines the scores; the order is by lrc, then g2. Words that occur fewer than `minimum` times in
    the two together are excluded; q and lrc allow for the number of words that stay.
    Raise SettingError when they are of different corpora or one of them is empty.
    """
    if target.vocabulary != reference.vocabulary:
        raise SettingError("Two different corpora cannot be compared word by word: choose two parts of one corpus.")
    ours, theirs = (word_counts(part, "song", layer)[0] for part in (target, reference))
    return _keyness_table(target.vocabulary, ours, theirs, minimum)


def keyness_of_groups(
    corpus: Corpus,
    by: By,
    ours: Collection[str],
    theirs: Collection[str] = (),
    layer: Layer = "lyrics",
    minimum: int = 5,
) -> pd.DataFrame:
    """Return `keyness` of some groups (artists, years, decades, kinds of section or values of a facet, named as text)
    against others, or against all the rest; songs whose group is unknown are on neither side.

    Raise SettingError as `keyness`, and for a group that is none.
    """
    kinds = by == "kind"
    codes, labels = (np.empty(0, int), _kinds(corpus)) if kinds else song_groups(corpus, by)
    names = labels.astype(str)
    _check_groups([*ours, *theirs], names, by)
    rest = theirs or [name for name in names if name not in set(ours)]
    if kinds:
        return keyness(corpus.where(kinds=ours), corpus.where(kinds=rest or [""]), layer, minimum)
    words, _ = word_counts(corpus, "song", layer)
    target, reference = (np.isin(codes, np.flatnonzero(names.isin(list(side)))) for side in (ours, rest))
    return _keyness_table(corpus.vocabulary, words[target], words[reference], minimum)


def _kinds(corpus: Corpus) -> pd.Index:
    return pd.Index(sorted(set(corpus.sections["kind"].astype(str))))


def _check_groups(wanted: Collection[str], names: pd.Index, by: By) -> None:
    if missing := [name for name in wanted if name not in set(names)]:
        raise SettingError("Nothing selected has {group!r} as its {by}.", group=missing[0], by=by)


def keyness_of_artists(
    corpus: Corpus, ours: Collection[str], theirs: Collection[str] = (), layer: Layer = "lyrics", minimum: int = 5
) -> pd.DataFrame:
    """Return `keyness` of the songs of some artists against those of others, or against all the rest."""
    return keyness_of_groups(corpus, "artist", ours, theirs, layer, minimum)


def _keyness_table(
    vocabulary: Vocabulary, target: sparse.csr_matrix, reference: sparse.csr_matrix, minimum: int
) -> pd.DataFrame:
    f1, f2 = _word_totals(target), _word_totals(reference)
    n1, n2 = float(f1.sum()), float(f2.sum())
    if not n1 or not n2:
        raise SettingError("One of the two selections holds no words: widen its filters.")
    index = np.flatnonzero(f1 + f2 >= minimum)
    x, y = f1[index], f2[index]
    scores = a.g2(x, n1, y, n2)
    p = a.p_value(scores)
    spread = dispersion(target)
    table = pd.DataFrame(
        {
            "word": pd.array(np.array(vocabulary.index2word, object)[index], dtype="str"),
            "index": index,
            "count": x,
            "reference_count": y,
            "per_million": x / n1 * 1e6,
            "reference_per_million": y / n2 * 1e6,
            "g2": scores,
            "p": p,
            "q": a.false_discovery_rate(p),
            "log_ratio": a.log_ratio(x, n1, y, n2),
            "lrc": a.conservative_log_ratio(x, n1, y, n2, tests=len(index)),
            "lafon": a.specificity(x, x + y, n1, n1 + n2),
            "simple_maths": a.simple_maths(x, n1, y, n2),
            "songs": spread["range"].to_numpy()[index],
            "reference_songs": document_frequency(reference)[index],
            "dp": spread["dp"].to_numpy()[index],
        }
    )
    return table.sort_values(["lrc", "g2"], ascending=False, kind="stable").reset_index(drop=True)


def _word_totals(counts: sparse.csr_matrix) -> Ints:
    """Return int[words]: how often each occurs in all."""
    return np.bincount(counts.indices, counts.data, minlength=counts.shape[1]).astype(np.int64)
