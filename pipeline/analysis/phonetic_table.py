"""How every line of a corpus sounds: the table that all measures of sound start from, to be computed once.

The lyrics layer: ad-libs in brackets are excluded. Sections are read alone: a rhyme never crosses into the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.scheme import end_word, section_scheme
from pipeline.language.section_rhymes import SectionRhymes, find_section_rhymes
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.vocabulary import SPECIALS

PHONETIC_COLUMNS = (
    *("spoken", "verse", "minimum", "maximum", "key", "end", "group"),
    *("rhymed_syllables", "vowels", "longest", "internal"),
)
_TOLD = 5_000  # lines between two reports, half a second
_TASK = 50_000  # lines that a worker process is given at a time, with how their words sound
_LINES = 1 << 15  # lines scanned that are cached, since refrains recur
_Row = tuple[int, int, int, int, str, str, int, int, int, int, int]
_Scan = Callable[[str], LineScansion]


def corpus_pronunciations(corpus: Corpus) -> Pronunciations:
    """Return the pronunciations of a corpus's vocabulary, in one batch (1 to 3 s for 20,000 words with the model)."""
    return Pronunciations.of(corpus.vocabulary.index2word[len(SPECIALS) :])


def transcribe_lines(
    corpus: Corpus,
    pronunciations: Pronunciations,
    on_progress: Callable[[float], object] = lambda share: None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Return a row a line of `corpus`, indexed by line id:

    spoken, verse, minimum, maximum  syllables, see `language.syllables`
    key, end                         rhyme key and last word of the line, "" when it is silent
    group                            number of its end rhyme in its section, -1 unrhymed
    rhymed_syllables, vowels         syllables of a rhyme, end or internal, and all that were compared
    longest                          syllables of the longest match that ends in the line
    internal                         rhyming words before the end of the line

    `on_progress` is told the share of the lines that is done, now and then. The workers of `executor` share the work;
    they are told how the words sound and need no model.
    """
    pieces = list(_chunk_rows(corpus, _TASK if executor else _TOLD))
    if executor:
        words = (_words_of_rows(corpus, pronunciations, lines) for lines in pieces)
        tables = executor.map(_transcribe_chunk, (_sections(corpus, lines) for lines in pieces), words)
    else:
        scan = _scanner(pronunciations)
        tables = (_transcribe_sections(_sections(corpus, lines), scan) for lines in pieces)
    found = [_transcribe_sections([], _scanner(pronunciations))]  # its columns have types, whatever follows
    on_progress(0.0)
    for lines, table in zip(pieces, tables, strict=True):
        found.append(table)
        on_progress(lines.stop / len(corpus.lines))
    return pd.concat(found).set_axis(corpus.lines.index)


def _chunk_rows(corpus: Corpus, size: int) -> Iterator[slice]:
    """Return the rows of whole sections, about `size` lines together."""
    first = np.flatnonzero(np.diff(corpus.lines["section"].to_numpy(), prepend=-1))
    bounds = np.append(first[np.diff(first // size, prepend=-1) > 0], len(corpus.lines))
    return (slice(a, b) for a, b in pairwise(bounds.tolist()))


def _sections(corpus: Corpus, rows: slice) -> list[tuple[str, ...]]:
    """Return the lines of each section."""
    part = corpus.lines.iloc[rows]
    texts, sections = part["text"].tolist(), part["section"].to_numpy()
    bounds = np.flatnonzero(np.diff(sections, prepend=-1, append=-1))
    return [tuple(texts[a:b]) for a, b in pairwise(bounds.tolist())]


def _words_of_rows(corpus: Corpus, pronunciations: Pronunciations, rows: slice) -> dict[str, Word]:
    """Return how the words of these lines sound."""
    part, names = corpus.lines.iloc[rows], corpus.vocabulary.index2word
    ids = np.unique(corpus.tokens[part["start"].min() : part["stop"].max()])
    return {word: pronunciations[word] for word in (names[at] for at in ids.tolist()) if word in pronunciations}


def _transcribe_chunk(sections: Sequence[tuple[str, ...]], words: Mapping[str, Word]) -> pd.DataFrame:
    """Transcribe sections in a worker process, which is given how their words sound."""
    pronunciations = Pronunciations()
    pronunciations.update(words)
    return _transcribe_sections(sections, _scanner(pronunciations))


def _scanner(pronunciations: Pronunciations) -> _Scan:
    return lru_cache(_LINES)(partial(scan_line, pronunciations=pronunciations))


def _transcribe_sections(sections: Sequence[tuple[str, ...]], scan: _Scan) -> pd.DataFrame:
    rows_of: dict[tuple[str, ...], list[_Row]] = {}  # a refrain is read once
    rows: list[_Row] = []
    for lines in sections:
        if lines not in rows_of:
            rows_of[lines] = _transcribe_section(lines, scan)
        rows += rows_of[lines]
    numbers = [column for column in PHONETIC_COLUMNS if column not in ("key", "end")]
    types = dict.fromkeys(PHONETIC_COLUMNS, "str") | dict.fromkeys(numbers, "int16")
    return pd.DataFrame(rows, columns=list(PHONETIC_COLUMNS)).astype(types)


def _transcribe_section(lines: Sequence[str], scan: _Scan) -> list[_Row]:
    scanned = [scan(line) for line in lines]
    scheme = section_scheme(scanned)
    echoes = _line_totals(find_section_rhymes(scanned), len(lines))
    return [
        (*line.syllables, key, end_word(line), -1 if group is None else group, *echo)
        for line, key, group, echo in zip(scanned, scheme.keys, scheme.groups, echoes, strict=True)
    ]


def _line_totals(echoes: SectionRhymes, lines: int) -> Iterator[tuple[int, int, int, int]]:
    """Return (rhymed syllables, vowels, longest match, internal rhymes) of each line."""
    longest, internal = [0] * lines, [0] * lines
    for site in echoes.sites:
        longest[site.line] = max(longest[site.line], site.syllables)
        internal[site.line] += not site.is_end
    for line, marks in enumerate(echoes.rhymed()):
        yield sum(marks), len(marks), longest[line], internal[line]
