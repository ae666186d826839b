"""Several runs of the same tokens as one: the mean of their probabilities (Hansen & Salamon 1990)."""

from collections.abc import Sequence

import numpy as np

from pipeline.evaluation.evaluate import score_texts
from pipeline.language_models.splits import Split
from pipeline.runs.run import Run


def same_tokens(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that have the vocabulary of the first."""
    return [run for run in runs if run.vocabulary.index2word == runs[0].vocabulary.index2word]


def ensemble_bits(runs: Sequence[Run], split: Split) -> dict[str, float]:
    """Return bits a character of the validation and test songs under the mean of the probabilities of runs that have
    one vocabulary; nothing is learnt from the songs."""
    models = [run.text_model() for run in runs]
    bits = {}
    for side in ("valid", "test"):
        texts = getattr(split, side)
        songs = models[0].encode(texts)
        scores = [model.score(songs) for model in models]
        static = [np.logaddexp.reduce(each) - np.log(len(runs)) for each in zip(*scores, strict=True)]
        bits[side] = score_texts(models[0], texts, ends=True, static=static).bits_per_char
    return bits
