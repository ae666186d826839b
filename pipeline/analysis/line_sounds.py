"""How every line of a corpus sounds: the table that all measures of sound start from, to be computed once.

The lyrics layer: ad-libs in brackets are left out. Sections are read alone: a rhyme never crosses into the next.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.corpus.table import Corpus
from pipeline.language.echoes import Echoes, find_echoes
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import end_word, section_scheme
from pipeline.language.syllables import scan_line

SOUND_COLUMNS = (
    *("spoken", "verse", "minimum", "maximum", "key", "end", "group"),
    *("rhymed_syllables", "vowels", "longest", "internal"),
)
_TOLD = 500  # sections between two reports, about a second
_Row = tuple[int, int, int, int, str, str, int, int, int, int, int]


def corpus_pronunciations(corpus: Corpus) -> Pronunciations:
    """The pronunciations of a corpus's vocabulary, in one batch (1 to 3 s for 20,000 words, the model's loading in)."""
    return Pronunciations.of(corpus.vocabulary.index2word[4:])


def line_sounds(
    corpus: Corpus, pronunciations: Pronunciations, on_progress: Callable[[float], object] = lambda share: None
) -> pd.DataFrame:
    """A row a line of `corpus`, indexed by line id:

    spoken, verse, minimum, maximum  syllables, see `language.syllables`
    key, end                         rhyme key and last word of the line, "" when it is silent
    group                            number of its end rhyme in its section, -1 unrhymed
    rhymed_syllables, vowels         syllables that stand in a rhyme, end or internal, and all that were compared
    longest                          syllables of the longest match that ends in the line
    internal                         rhyming words before the end of the line

    `on_progress` is told the share of the lines that is done, now and then.
    """
    texts = corpus.lines["text"].tolist()
    sections = corpus.lines["section"].to_numpy()
    bounds = np.flatnonzero(np.diff(sections, prepend=-1, append=-1)) if len(sections) else np.zeros(1, int)
    heard: dict[tuple[str, ...], list[_Row]] = {}  # a refrain is read once
    rows: list[_Row] = []
    for number, (start, stop) in enumerate(pairwise(bounds)):
        if number % _TOLD == 0:
            on_progress(start / len(texts))
        lines = tuple(texts[start:stop])
        if lines not in heard:
            heard[lines] = _section(lines, pronunciations)
        rows += heard[lines]
    table = pd.DataFrame(rows, columns=list(SOUND_COLUMNS), index=corpus.lines.index)
    numbers = [column for column in SOUND_COLUMNS if column not in ("key", "end")]
    return table.astype(dict.fromkeys(numbers, "int16"))


def _section(lines: Sequence[str], pronunciations: Pronunciations) -> list[_Row]:
    scanned = [scan_line(line, pronunciations) for line in lines]
    scheme = section_scheme(scanned)
    echoes = _per_line(find_echoes(scanned), len(lines))
    return [
        (*line.syllables, key, end_word(line), -1 if group is None else group, *echo)
        for line, key, group, echo in zip(scanned, scheme.keys, scheme.groups, echoes, strict=True)
    ]


def _per_line(echoes: Echoes, lines: int) -> Iterator[tuple[int, int, int, int]]:
    """(rhymed syllables, vowels, longest match, internal rhymes) of each line."""
    longest, internal = [0] * lines, [0] * lines
    for site in echoes.sites:
        longest[site.line] = max(longest[site.line], site.syllables)
        internal[site.line] += not site.is_end
    for line, marks in enumerate(echoes.rhymed()):
        yield sum(marks), len(marks), longest[line], internal[line]
