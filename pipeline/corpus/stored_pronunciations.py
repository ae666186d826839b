"""Pronunciations of the words of a prepared corpus: transcribed by workers, stored beside it, read for some words."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.corpus.store import (
    corpus_version,
    load_corpus,
    load_pronunciations,
    read_pronunciations,
    save_pronunciations,
)
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.pronunciations import Pronunciations, read_columns
from pipeline.language.vocabulary import SPECIALS
from pipeline.processes.executors import map_in_order

_TOGETHER = 4_000  # words that a worker is asked at a time, half a second
# Words of a vocabulary below which nothing is transcribed before it is asked for: reading and unpacking the model takes
# 2.7 seconds of the processor, and so many words another 2.
FEW = 10_000


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
    transcriptions: list[Pronunciation | None] = [None] * len(words)
    done, first = 0, int(counted.sum())
    for chunk, answers in zip(chunks, map_in_order(executor, transcribe_tokens, asked), strict=True):
        for at, answer in zip(chunk, answers, strict=True):
            transcriptions[at] = answer
        done += len(chunk)
        on_progress(done / len(words))
        if done - len(chunk) < first <= done < len(words):
            save_pronunciations(corpus.name, [answer for answer in transcriptions if answer])
    save_pronunciations(corpus.name, [answer for answer in transcriptions if answer])


def corpus_pronunciations(corpus: Corpus) -> Pronunciations:
    """Return how the words of a corpus sound: as stored with it, else transcribed now, and stored if it is prepared.

    The table learns what else it is asked.
    """
    if stored := load_pronunciations(corpus.name):
        return stored
    if not corpus_version(corpus.name):
        return Pronunciations.of(corpus.vocabulary.index2word[len(SPECIALS) :])
    with suppress(OSError):  # a full disk, or one that may only be read
        pronounce_vocabulary(load_corpus(corpus.name))  # of which this may be a part, or the lemmas
    return load_pronunciations(corpus.name)


def _counted_mask(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """bool[words without the specials]: whether a word stands in what statistics count."""
    french = corpus.sections["language"].isin(DEFAULT_LANGUAGES).to_numpy()
    section, start, stop = (corpus.lines[name].to_numpy() for name in ("section", "start", "stop"))
    counted = np.zeros(len(corpus.vocabulary), bool)  # no part of the corpus is made: it would copy its lines
    counted[corpus.tokens[np.repeat(french[section], stop - start)]] = True
    return counted[len(SPECIALS) :]


class StoredPronunciations:
    """Texts that nobody has analysed: `rows` gives those of some words to whoever does."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()

    @classmethod
    def of(cls, name: str) -> "StoredPronunciations":
        """Open those of a prepared corpus. Raises CorpusError when they are damaged."""
        return cls(read_pronunciations(name))

    def rows(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return how these words sound, in their order; those that are not stored are transcribed."""
        places = pc.index_in(pa.array(words, pa.string()), self._table["word"])
        stored = iter(read_columns(self._table.take(places.drop_null()).to_pydict()))
        are_stored = places.is_valid().to_pylist()
        missing = [word for word, is_stored in zip(words, are_stored, strict=True) if not is_stored]
        others = iter(transcribe_tokens(missing))
        return [next(stored if is_stored else others) for is_stored in are_stored]
