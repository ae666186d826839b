"""Keyness: the words that mark one part of a corpus off from another.

Every score stands beside the number of songs that hold the word and its dispersion, because a refrain word of one
song tops any list of counts.
"""

import numpy as np
import pandas as pd

from pipeline.analysis import association as a
from pipeline.analysis.counting import documents, word_counts
from pipeline.analysis.dispersion import dispersion
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError


def keyness(target: Corpus, reference: Corpus, layer: Layer = "lyrics", minimum: int = 5) -> pd.DataFrame:
    """Words of two parts of one corpus, those most typical of `target` first, of `reference` last.

    Columns: word, index; count, reference_count; per_million, reference_per_million; g2 (signed), p, q; log_ratio,
    lrc, lafon, simple_maths; songs, reference_songs; dp (over the songs of the target, nan where it has none).
    `association` defines the scores; the order is by lrc, then g2. Words that occur fewer than `minimum` times in
    the two together are left out; q and lrc allow for the number of words that stay.
    Raises SettingError when the parts are of different corpora or one of them is empty.
    """
    if target.vocabulary != reference.vocabulary:
        raise SettingError("Two different corpora cannot be compared word by word: choose two parts of one corpus.")
    f1, f2 = target.counts(layer), reference.counts(layer)
    n1, n2 = float(f1.sum()), float(f2.sum())
    if not n1 or not n2:
        raise SettingError("One of the two selections holds no words: widen its filters.")
    index = np.flatnonzero(f1 + f2 >= minimum)
    x, y = f1[index], f2[index]
    scores = a.g2(x, n1, y, n2)
    p = a.p_value(scores)
    matrix, _ = word_counts(target, "song", layer)
    other, _ = word_counts(reference, "song", layer)
    spread = dispersion(matrix)
    table = pd.DataFrame(
        {
            "word": pd.array(np.array(target.vocabulary.index2word, object)[index], dtype="str"),
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
            "reference_songs": documents(other)[index],
            "dp": spread["dp"].to_numpy()[index],
        }
    )
    return table.sort_values(["lrc", "g2"], ascending=False, kind="stable").reset_index(drop=True)
