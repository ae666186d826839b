"""Pronunciations of the words of a prepared corpus: transcribed by workers, stored beside it, read for some words."""

from collections.abc import Callable, Collection, Sequence
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
    """Transcribe the words of a prepared corpus that are said in French and store them beside it; others are
    transcribed when they are asked for."""
    words = [corpus.vocabulary.index2word[at] for at in np.flatnonzero(words_in(corpus, DEFAULT_LANGUAGES)).tolist()]
    chunks = [words[at : at + _TOGETHER] for at in range(0, len(words), _TOGETHER)]
    transcriptions = list[Pronunciation]()
    for answers in map_in_order(executor, transcribe_tokens, chunks):
        transcriptions += answers
        on_progress(len(transcriptions) / len(words))
    save_pronunciations(corpus.name, transcriptions)


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


def words_in(corpus: Corpus, languages: Collection[str]) -> npt.NDArray[np.bool_]:
    """Return bool[vocabulary]: whether a word stands in a section of one of these languages."""
    wanted = corpus.sections["language"].isin(languages).reindex(corpus.lines["section"]).to_numpy(bool)
    start, stop = (corpus.lines[name].to_numpy()[wanted] for name in ("start", "stop"))
    opened = np.zeros(len(corpus.tokens) + 1, np.int32)  # lines of which each token is: some variants say a line twice
    np.add.at(opened, start, 1)
    np.add.at(opened, stop, -1)
    held = np.zeros(len(corpus.vocabulary), bool)
    held[corpus.tokens[np.cumsum(opened)[:-1] > 0]] = True
    return held


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
