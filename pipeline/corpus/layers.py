"""What is stored beside a prepared corpus: how its words sound, and the part of speech of each token.

pronunciations.parquet  how each word of the vocabulary that is said in French sounds; transcribed by workers
pos.parquet             uint8[tokens], numbers of `TAGS`, written by `prepare --pos`

Both leave with the corpus when that is prepared again.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.core.errors import DAMAGED_FILE_ERRORS, CorpusError, Sentence, SettingError, first_line
from pipeline.core.paths import checked_name, prepared_folder
from pipeline.corpus.store import (
    add_file_to_corpus,
    corpus_version,
    is_unchanged,
    load_corpus,
    load_pronunciations,
    read_pronunciations,
    save_pronunciations,
)
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.pos_tagger import TAGS, tag_lines
from pipeline.language.pronunciations import Pronunciations, read_columns
from pipeline.language.vocabulary import SPECIALS
from pipeline.processes.executors import map_in_order

_WORDS_PER_TASK = 4_000  # that a worker is asked at a time, half a second
_LINES_PER_TASK = 2_000  # distinct ones
# Words of a vocabulary below which nothing is transcribed before it is asked for: reading and unpacking the model takes
# 2.7 seconds of the processor, and so many words another 2.
MAX_LAZY_VOCABULARY = 10_000
_POS_FILE_NAME = "pos.parquet"

Tags = npt.NDArray[np.uint8]


def pronounce_vocabulary(
    corpus: Corpus, executor: Executor | None = None, on_progress: Callable[[float], object] = lambda share: None
) -> None:
    """Transcribe the words of a prepared corpus that are said in French and store them beside it; others are
    transcribed when they are asked for."""
    words = [corpus.vocabulary.index2word[at] for at in np.flatnonzero(words_in(corpus, DEFAULT_LANGUAGES)).tolist()]
    chunks = [words[at : at + _WORDS_PER_TASK] for at in range(0, len(words), _WORDS_PER_TASK)]
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
        return Pronunciations.from_words(corpus.vocabulary.index2word[len(SPECIALS) :])
    with suppress(OSError):  # a full disk, or one that may only be read
        pronounce_vocabulary(load_corpus(corpus.name))  # of which this may be a part, or the lemmas
    return load_pronunciations(corpus.name)


def words_in(corpus: Corpus, languages: Collection[str]) -> npt.NDArray[np.bool_]:
    """Return bool[vocabulary]: whether a word stands in a section of one of these languages."""
    in_languages = corpus.sections["language"].isin(languages).reindex(corpus.lines["section"]).to_numpy(bool)
    start, stop = (corpus.lines[name].to_numpy()[in_languages] for name in ("start", "stop"))
    opened = np.zeros(len(corpus.tokens) + 1, np.int32)  # lines of which each token is: some variants say a line twice
    np.add.at(opened, start, 1)
    np.add.at(opened, stop, -1)
    occurs = np.zeros(len(corpus.vocabulary), bool)
    occurs[corpus.tokens[np.cumsum(opened)[:-1] > 0]] = True
    return occurs


class StoredPronunciations:
    """Texts that nobody has analysed: `rows` gives those of some words to whoever does."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()

    @classmethod
    def of(cls, name: str) -> "StoredPronunciations":
        """Open those of a prepared corpus."""
        return cls(read_pronunciations(name))

    def rows(self, words: Sequence[str]) -> list[Pronunciation]:
        """Return how these words sound, in their order; those that are not stored are transcribed."""
        rows = pc.index_in(pa.array(words, pa.string()), self._table["word"])
        stored = iter(read_columns(self._table.take(rows.drop_null()).to_pydict()))
        are_stored = rows.is_valid().to_pylist()
        missing = [word for word, is_stored in zip(words, are_stored, strict=True) if not is_stored]
        others = iter(transcribe_tokens(missing))
        return [next(stored if is_stored else others) for is_stored in are_stored]


def tag_corpus(
    corpus: Corpus, on_progress: Callable[[float], object] = lambda share: None, executor: Executor | None = None
) -> Tags:
    """Tag every token of a whole corpus, store the layer beside it and return it; each line that recurs is read once.

    Raise SettingError without spaCy and its model; OSError as the disk does.
    """
    written = corpus.texts.tolist()
    starts, stops = (corpus.lines[name].tolist() for name in ("start", "stop"))
    decode = corpus.vocabulary.decode
    words = {
        text: tuple(decode(corpus.tokens[start:stop])) for text, start, stop in zip(written, starts, stops, strict=True)
    }
    texts = list(words.items())
    tagged: dict[str, Tags] = {}
    tasks = (texts[at : at + _LINES_PER_TASK] for at in range(0, len(texts), _LINES_PER_TASK))
    for part in map_in_order(executor, tag_lines, tasks):
        tagged |= {text: tags for (text, _), tags in zip(texts[len(tagged) :], part, strict=False)}
        on_progress(len(tagged) / len(texts))
    tags = np.zeros(len(corpus.tokens), np.uint8)
    for text, start, stop in zip(written, starts, stops, strict=True):
        tags[start:stop] = tagged[text]
    with add_file_to_corpus(corpus.name, _POS_FILE_NAME) as draft:
        pq.write_table(pa.table({"pos": tags}), draft, compression="zstd", write_page_checksum=True)
    return tags


def has_pos(name: str) -> bool:
    """Return whether a prepared corpus has the layer."""
    return (prepared_folder() / checked_name(name) / _POS_FILE_NAME).is_file()


def pos_tags(corpus: Corpus) -> Tags:
    """Return uint8[tokens of the whole corpus]: the number in `TAGS` of each. Read-only.

    Raise SettingError where there is no layer, CorpusError where it is damaged.
    """
    if not has_pos(corpus.name):
        raise SettingError(
            "The corpus {name!r} has no parts of speech: prepare it with --pos, which needs the extra seize[pos].",
            name=corpus.name,
        )
    tags = _read_tags(corpus.name, corpus_version(corpus.name))
    if len(tags) != len(corpus.tokens):
        raise _damage_error(corpus.name, "")
    return tags


@lru_cache(4)
def _read_tags(name: str, version: int) -> Tags:
    try:
        if not is_unchanged(name, _POS_FILE_NAME):
            raise _damage_error(name, Sentence("{files} changed since it was written", files=_POS_FILE_NAME))
        path = prepared_folder() / checked_name(name) / _POS_FILE_NAME
        tags: Tags = pq.read_table(path, page_checksum_verification=True)["pos"].to_numpy()
    except (pa.ArrowException, *DAMAGED_FILE_ERRORS) as error:
        raise _damage_error(name, first_line(error)) from error
    if len(tags) and tags.max() >= len(TAGS):
        raise _damage_error(name, "")
    return tags


def _damage_error(name: str, reason: str) -> CorpusError:
    return CorpusError(
        "The parts of speech of the corpus {name!r} are damaged ({reason}). Prepare it again with --pos.",
        name=name,
        reason=reason,
    )
