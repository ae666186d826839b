"""How the words of a prepared corpus sound, spread over workers: those that statistics count first, the others last."""

from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt

from pipeline.corpus.store import save_pronunciations
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.corpus.workers import map_in_order
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.vocabulary import SPECIALS

_TOGETHER = 4_000  # words that a worker is asked at a time, half a second


def pronounce_vocabulary(
    corpus: Corpus, executor: Executor | None = None, on_progress: Callable[[float], object] = lambda share: None
) -> None:
    """Transcribe the vocabulary of a prepared corpus and store it beside it.

    The words of French sections are stored as soon as they are known: pages can sound what they count.
    """
    words = corpus.vocabulary.index2word[len(SPECIALS) :]
    counted = _counted_mask(corpus)
    order = np.argsort(~counted, kind="stable").tolist()
    chunks = [order[at : at + _TOGETHER] for at in range(0, len(order), _TOGETHER)]
    asked = ([words[at] for at in chunk] for chunk in chunks)
    found: list[Pronunciation | None] = [None] * len(words)
    known, first = 0, int(counted.sum())
    for chunk, answers in zip(chunks, map_in_order(executor, transcribe_tokens, asked), strict=True):
        for at, answer in zip(chunk, answers, strict=True):
            found[at] = answer
        known += len(chunk)
        on_progress(known / len(words))
        if known - len(chunk) < first <= known < len(words):
            save_pronunciations(corpus.name, [answer for answer in found if answer])
    save_pronunciations(corpus.name, [answer for answer in found if answer])


def _counted_mask(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """bool[words without the specials]: whether a word stands in what statistics count."""
    french = corpus.sections["language"].isin(DEFAULT_LANGUAGES).to_numpy()
    section, start, stop = (corpus.lines[name].to_numpy() for name in ("section", "start", "stop"))
    counted = np.zeros(len(corpus.vocabulary), bool)  # no part of the corpus is made: it would copy its lines
    counted[corpus.tokens[np.repeat(french[section], stop - start)]] = True
    return counted[len(SPECIALS) :]
