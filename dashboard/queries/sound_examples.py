"""The lines behind the figures of sound: of so many syllables, with long rhymes, of a scheme, full of a vowel."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

from dashboard.queries.phonetics import Phonetics
from dashboard.queries.subcorpus import songs_of_groups
from pipeline.analysis.counting import By
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.rhymes import longest_matches
from pipeline.corpus.table import Corpus
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme_spans import RhymeSpan, rhyme_spans
from pipeline.language.scheme import quatrain_patterns
from pipeline.language.vocabulary import SPECIALS

LINE_BREAK = "\n"  # between lines shown as one
LEAST_VOWELS = 6  # under which a line is too short to be a feat of assonance


def lines_of_syllables(
    corpus: Corpus, phonetic_table: pd.DataFrame, syllables: Collection[int], count: str
) -> pd.DataFrame:
    """Return the lines of one of these numbers of syllables, counted as `count` says: spoken or verse."""
    values = phonetic_table.loc[corpus.lines.index, count]
    return describe_lines(corpus, values.index[values.isin(list(syllables))])


def longest_rhymes(corpus: Corpus, phonetics: Phonetics, by: By, value: str, n: int = 60) -> pd.DataFrame:
    """Return the longest rhymes of one artist or year, each line with its mate: `describe_lines`, spans, syllables."""
    songs = songs_of_groups(corpus, by, (value,))
    group = corpus.where(songs=songs) if songs else corpus
    table = longest_matches(group, phonetics.line_table, n)
    couples = [_with_mate(group, line, phonetics.pronunciations) for line in table["line"]]
    table["text"] = [text for text, _ in couples]
    table["spans"] = pd.Series([spans for _, spans in couples], dtype=object)
    table = table.rename(columns={"longest": "syllables"})
    return table[table["syllables"] > 1].drop_duplicates("text").reset_index(drop=True)


def quatrains(corpus: Corpus, phonetic_table: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Return the blocks of four lines of that scheme, each as one text: `describe_lines` of the first line."""
    table = phonetic_table.loc[corpus.lines.index, ["group", "spoken"]]
    spoken = corpus.lines.assign(group=table["group"])[table["spoken"].to_numpy() > 0]
    first_lines: list[int] = []
    texts: list[str] = []
    for _, lines in spoken.groupby("section", sort=False):
        groups = [None if group < 0 else int(group) for group in lines["group"]]
        for block, pattern in enumerate(quatrain_patterns(groups)):
            if pattern == scheme:
                first_lines.append(lines.index[4 * block])
                texts.append(LINE_BREAK.join(lines["text"].iloc[4 * block : 4 * block + 4]))
    described = describe_lines(corpus, first_lines).assign(text=texts)
    return described.drop_duplicates("text").reset_index(drop=True)


def lines_full_of(corpus: Corpus, phonetics: Phonetics, vowel: str, n: int = 120) -> pd.DataFrame:
    """Return the lines where most vowels are that one, of those with `LEAST_VOWELS`: `describe_lines`, share."""
    vowels = _vowels_by_word(corpus.vocabulary.index2word, phonetics.pronunciations)
    ids, rows = corpus.token_table()
    size = len(corpus.lines)
    every = np.bincount(rows, np.array([len(own) for own in vowels])[ids], size)
    hits = np.bincount(rows, np.array([own.count(vowel) for own in vowels])[ids], size)
    share = np.where(every >= LEAST_VOWELS, hits / np.maximum(every, 1), 0)
    order = np.argsort(-share, kind="stable")[: 2 * n]
    order = order[share[order] > 0]
    table = describe_lines(corpus, corpus.lines.index[order]).assign(share=share[order])
    return table.drop_duplicates("text").head(n).reset_index(drop=True)


def _vowels_by_word(words: Sequence[str], pronunciations: Pronunciations) -> list[list[str]]:
    """Return the vowels of each word of a vocabulary in its order; the special tokens have none."""
    spoken = words[len(SPECIALS) :]
    none: list[list[str]] = [[] for _ in SPECIALS]
    return none + [[phone for phone in split_phones(pronunciations[word].ipa) if is_vowel(phone)] for word in spoken]


def _with_mate(corpus: Corpus, line: int, pronunciations: Pronunciations) -> tuple[str, list[tuple[int, int]]]:
    """Return a line and the one that its longest rhyme answers, in order, and where that rhyme stands in both."""
    section = corpus.lines[corpus.lines["section"] == corpus.lines.at[line, "section"]]
    texts, at = section["text"].tolist(), section.index.get_loc(line)
    spans = rhyme_spans(texts, pronunciations)
    best = max((span for span in spans if span.line == at), key=lambda span: span.syllables)
    group = [span for span in spans if span.group == best.group]
    mates = [span for span in group if span.line != at]
    if not mates:
        inside = sorted((s.start, s.stop) for s in group if s.syllables == best.syllables)
        return texts[at], _without_overlaps(inside)
    mate = min(mates, key=lambda span: (-min(span.syllables, best.syllables), abs(span.line - at)))
    first, second = sorted((best, mate), key=lambda span: span.line)
    return _join_lines(texts, first, second)


def _join_lines(texts: list[str], first: RhymeSpan, second: RhymeSpan) -> tuple[str, list[tuple[int, int]]]:
    shift = len(texts[first.line]) + len(LINE_BREAK)
    text = texts[first.line] + LINE_BREAK + texts[second.line]
    return text, [(first.start, first.stop), (second.start + shift, second.stop + shift)]


def _without_overlaps(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, stop in spans:
        if not apart or start >= apart[-1][1]:
            apart.append((start, stop))
    return apart
