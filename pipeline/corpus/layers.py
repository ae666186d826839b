"""What is stored beside a prepared corpus: how its words sound, and the part of speech of each token.

pronunciations.parquet  how each word of the vocabulary that is said in French sounds; transcribed by workers
pos.parquet             uint8[tokens], numbers of `TAGS`, written by `prepare --pos`

Both leave with the corpus when that is prepared again.
"""

from collections.abc import Callable, Collection
from concurrent.futures import Executor
from contextlib import suppress
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.errors import DAMAGED_FILE_ERRORS, CorpusError, Sentence, SettingError, short_reason
from pipeline.core.paths import checked_name, prepared_folder
from pipeline.corpus.store import (
    add_file_to_corpus,
    corpus_version,
    load_corpus,
    load_pronunciations,
    matches_checksum,
    save_pronunciations,
)
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.phones import Pronunciation, transcribe_tokens
from pipeline.language.pos_tagger import TAGS, tag_lines
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.vocabulary import SPECIALS
from pipeline.processes.executors import map_in_order

_WORDS_PER_TASK = 4_000  # that a worker is asked at a time, half a second
_LINES_PER_TASK = 2_000  # distinct ones
# Words of a vocabulary below which nothing is transcribed before it is asked for: reading and unpacking the model takes
# 2.7 seconds of the processor, and so many words another 2.
MAX_LAZY_VOCABULARY = 10_000
_POS_FILE_NAME = "pos.parquet"

PosTags = npt.NDArray[np.uint8]


def pronounce_vocabulary(
    corpus: Corpus, executor: Executor | None = None, on_progress: Callable[[float], object] = lambda share: None
) -> None:
    """Transcribe the words of a prepared corpus that occur in French sections, and store them beside the corpus."""
    words = [
        corpus.vocabulary.index2word[at] for at in np.flatnonzero(vocabulary_mask(corpus, DEFAULT_LANGUAGES)).tolist()
    ]
    chunks = [words[at : at + _WORDS_PER_TASK] for at in range(0, len(words), _WORDS_PER_TASK)]
    transcriptions = list[Pronunciation]()
    for answers in map_in_order(executor, transcribe_tokens, chunks):
        transcriptions += answers
        on_progress(len(transcriptions) / len(words))
    save_pronunciations(corpus.name, transcriptions)


def corpus_pronunciations(corpus: Corpus) -> Pronunciations:
    """Return the pronunciations of the words of a corpus. Transcribe the words if none are stored."""
    if stored := load_pronunciations(corpus.name):
        return stored
    if not corpus_version(corpus.name):
        return Pronunciations.from_words(corpus.vocabulary.index2word[len(SPECIALS) :])
    with suppress(OSError):  # a full disk, or one that may only be read
        pronounce_vocabulary(load_corpus(corpus.name))  # of which this may be a part, or the lemmas
    return load_pronunciations(corpus.name)


def vocabulary_mask(corpus: Corpus, languages: Collection[str]) -> npt.NDArray[np.bool_]:
    """Return bool[vocabulary]: whether each word occurs in a section in one of these languages."""
    in_languages = corpus.sections["language"].isin(languages).reindex(corpus.lines["section"]).to_numpy(bool)
    start, stop = (corpus.lines[name].to_numpy()[in_languages] for name in ("start", "stop"))
    opened = np.zeros(len(corpus.tokens) + 1, np.int32)  # lines of which each token is: some variants say a line twice
    np.add.at(opened, start, 1)
    np.add.at(opened, stop, -1)
    occurs = np.zeros(len(corpus.vocabulary), bool)
    occurs[corpus.tokens[np.cumsum(opened)[:-1] > 0]] = True
    return occurs


def tag_corpus(
    corpus: Corpus, on_progress: Callable[[float], object] = lambda share: None, executor: Executor | None = None
) -> PosTags:
    """Tag the part of speech of each token of a corpus; store the tags beside the corpus and return them.

    Raises SettingError without spaCy and its model, and OSError."""
    written = corpus.texts.tolist()
    starts, stops = (corpus.lines[name].tolist() for name in ("start", "stop"))
    decode = corpus.vocabulary.decode
    words = {
        text: tuple(decode(corpus.tokens[start:stop])) for text, start, stop in zip(written, starts, stops, strict=True)
    }
    texts = list(words.items())
    tagged: dict[str, PosTags] = {}
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


def has_pos_tags(name: str) -> bool:
    """Return whether parts of speech are stored beside a prepared corpus."""
    return (prepared_folder() / checked_name(name) / _POS_FILE_NAME).is_file()


def pos_tags(corpus: Corpus) -> PosTags:
    """Return uint8[tokens of the whole corpus]: the part of speech of each token, as a number in `TAGS`. Read-only.

    Raise SettingError where there is no layer, CorpusError where it is damaged."""
    if not has_pos_tags(corpus.name):
        raise SettingError(
            "The corpus {name!r} has no parts of speech: prepare it with --pos, which needs the extra seize[pos].",
            name=corpus.name,
        )
    tags = _read_tags(corpus.name, corpus_version(corpus.name))
    if len(tags) != len(corpus.tokens):
        raise _damage_error(corpus.name, "")
    return tags


@lru_cache(4)
def _read_tags(name: str, version: int) -> PosTags:
    try:
        if not matches_checksum(name, _POS_FILE_NAME):
            raise _damage_error(name, Sentence("{files} changed since it was written", files=_POS_FILE_NAME))
        path = prepared_folder() / checked_name(name) / _POS_FILE_NAME
        tags: PosTags = pq.read_table(path, page_checksum_verification=True)["pos"].to_numpy()
    except (pa.ArrowException, *DAMAGED_FILE_ERRORS) as error:
        raise _damage_error(name, short_reason(error)) from error
    if len(tags) and tags.max() >= len(TAGS):
        raise _damage_error(name, "")
    return tags


def _damage_error(name: str, reason: str) -> CorpusError:
    return CorpusError(
        "The parts of speech of the corpus {name!r} are damaged ({reason}). Prepare it again with --pos.",
        name=name,
        reason=reason,
    )
