"""The layer of parts of speech beside a prepared corpus: one tag a token, written by `prepare --pos`.

pos.parquet   uint8[tokens], numbers of `TAGS`; it leaves with the corpus when that is prepared again
"""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.core.errors import CorpusError, SettingError, first_line
from pipeline.core.paths import checked_name, prepared_folder
from pipeline.corpus.store import corpus_version, storing_beside
from pipeline.corpus.table import Corpus
from pipeline.language.pos_tagger import TAGS, tag_lines
from pipeline.processes.executors import map_in_order

Tags = npt.NDArray[np.uint8]
_FILE, _TOGETHER = "pos.parquet", 2000  # distinct lines of a task


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
    tasks = (texts[at : at + _TOGETHER] for at in range(0, len(texts), _TOGETHER))
    for part in map_in_order(executor, tag_lines, tasks):
        tagged |= {text: tags for (text, _), tags in zip(texts[len(tagged) :], part, strict=False)}
        on_progress(len(tagged) / len(texts))
    tags = np.zeros(len(corpus.tokens), np.uint8)
    for text, start, stop in zip(written, starts, stops, strict=True):
        tags[start:stop] = tagged[text]
    with storing_beside(corpus.name, _FILE) as draft:
        pq.write_table(pa.table({"pos": tags}), draft, compression="zstd", write_page_checksum=True)
    return tags


def has_pos(name: str) -> bool:
    """Return whether a prepared corpus has the layer."""
    return (prepared_folder() / checked_name(name) / _FILE).is_file()


def pos_tags(corpus: Corpus) -> Tags:
    """Return uint8[tokens of the whole corpus]: the number in `TAGS` of each. Read-only.

    Raise SettingError where there is no layer, CorpusError where it is damaged.
    """
    if not has_pos(corpus.name):
        raise SettingError(
            "The corpus {name!r} has no parts of speech: prepare it with --pos, which needs the extra seize[pos].",
            name=corpus.name,
        )
    tags = _read(corpus.name, corpus_version(corpus.name))
    if len(tags) != len(corpus.tokens):
        raise _damage_error(corpus.name, "")
    return tags


@lru_cache(4)
def _read(name: str, version: int) -> Tags:
    try:
        path = prepared_folder() / checked_name(name) / _FILE
        tags: Tags = pq.read_table(path, page_checksum_verification=True)["pos"].to_numpy()
    except (OSError, KeyError, pa.ArrowException) as error:
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
