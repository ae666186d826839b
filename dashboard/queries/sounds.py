"""Syllables, rhymes and vowels of a subcorpus, the lines behind the figures, and the measures of a visitor's verse.

`Phonetics` gives access to the phonetic data of a whole corpus, wherever it is stored or cached.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.queries.subcorpus import songs_of_groups
from pipeline.analysis.counting import GroupingKey, Ints
from pipeline.analysis.firsts import ends_on_filler, is_meaningful_line
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.sound.flow import (
    SyllablesOnBars,
    syllable_rate_table,
    syllable_start_times,
    syllables_on_bars,
    text_syllables_by_bar_step,
    timed_line_table,
    timed_syllables_by_bar_step,
)
from pipeline.analysis.sound.phonetic_table import vowel_frequencies
from pipeline.analysis.sound.rhymes import lines_with_longest_rhymes, quatrains_with_scheme
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme_index import RhymeIndexByLastVowel
from pipeline.language.scheme import section_rhyme_scheme
from pipeline.language.section_rhymes import find_section_rhymes, rhyme_spans
from pipeline.language.syllables import scan_line


@dataclass(frozen=True)
class Phonetics:
    """Functions that load the phonetic data of a whole corpus, which its subcorpora share, when first needed."""

    line_table: Callable[[], pd.DataFrame]  # syllables, rhyme group and longest rhyme of each line, by its id
    pronunciations: Callable[[], Pronunciations]  # of all words
    of_lines: Callable[[Iterable[str]], Pronunciations]  # of the words of some lines: all words take seconds
    vowel_table: Callable[[], pd.DataFrame]  # the vowels of each word
    rhyme_index: Callable[[], RhymeIndexByLastVowel]  # the words by their endings
    visitor_pronunciations: Callable[[], Pronunciations]  # a copy that may learn other words


class RhymeSummary(TypedDict):
    """Key figures of the sound of a subcorpus: mean syllables a line; density (rhymed syllables / vowels); share of
    rhymed_lines, and of assonant_lines, which rhyme or assonate."""

    mean: float
    density: float
    rhymed_lines: float
    assonant_lines: float


def rhyme_summary(corpus: Corpus, phonetic_table: pd.DataFrame) -> RhymeSummary | None:
    """Return key figures of the rhymes and lengths of all lines that have syllables; None where no line has any."""
    columns = ["spoken", "vowels", "rhymed_syllables", "group", "assonance"]
    table = phonetic_table.loc[corpus.lines.index, columns]
    table = table[table["spoken"] > 0].astype({"spoken": int, "vowels": int, "rhymed_syllables": int})
    if table.empty:
        return None
    return {
        "mean": table["spoken"].mean(),
        "density": table["rhymed_syllables"].sum() / max(table["vowels"].sum(), 1),
        "rhymed_lines": (table["group"] >= 0).mean(),
        "assonant_lines": (table["assonance"] >= 0).mean(),
    }


def vowel_shares(corpus: Corpus, phonetics: Phonetics) -> pd.DataFrame:
    """Return how often each vowel occurs in the lyrics: vowel, count, share."""
    return vowel_frequencies(corpus, phonetics.vowel_table())


LINE_BREAK = "\n"  # between lines shown as one


def timed_line_count(corpus: Corpus) -> int:
    """Return how many lines of a corpus have a time."""
    return int(corpus.lines["seconds"].notna().sum())


def metrical_position_shares(corpus: Corpus, phonetics: Phonetics) -> pd.DataFrame:
    """Return the shares of syllables on the 16 steps of the bar: `first` by the times of the source, `second` estimated
    from the texts."""
    timed = timed_line_table(corpus, phonetics.line_table())
    texts = corpus.texts_of(timed.index)
    read = text_syllables_by_bar_step(texts, phonetics.of_lines(texts))
    return _metrical_position_table(timed_syllables_by_bar_step(timed, _syllable_times(corpus, phonetics, timed)), read)


def song_syllables_on_bars(corpus: Corpus, phonetics: Phonetics, song: int) -> SyllablesOnBars | None:
    """Return the syllables of a song on its bars, by their times; None where fewer than half of its lines have any."""
    own = corpus.where(songs=[song])
    timed = timed_line_table(own, phonetics.line_table())
    if len(timed) < len(own.lines) / 2:
        return None
    texts = dict(zip(timed.index.tolist(), own.texts_of(timed.index), strict=True))
    return syllables_on_bars(
        timed, texts, phonetics.of_lines(texts.values()), _syllable_times(own, phonetics, timed) or {}
    )


def song_metrical_position_shares(corpus: Corpus, phonetics: Phonetics, song: int) -> pd.DataFrame:
    """Return the shares of syllables on the 16 steps of the bar: `first` of a song, `second` of other timed songs."""
    timed = timed_line_table(corpus, phonetics.line_table())
    times = _syllable_times(corpus, phonetics, timed)
    own = timed_syllables_by_bar_step(timed[timed["song"] == song], times)
    if not own.any():
        texts = corpus.texts_of(corpus.lines.index[corpus.lines["song"] == song])
        own = text_syllables_by_bar_step(texts, phonetics.of_lines(texts))
    return _metrical_position_table(own, timed_syllables_by_bar_step(timed[timed["song"] != song], times))


def _syllable_times(
    corpus: Corpus, phonetics: Phonetics, timed: pd.DataFrame
) -> dict[int, npt.NDArray[np.float64]] | None:
    """Return `syllable_start_times` of some timed lines; None where no word of the corpus has a time."""
    if corpus.word_times.empty:
        return None
    return syllable_start_times(corpus, timed, phonetics.of_lines(corpus.texts_of(timed.index)))


def _metrical_position_table(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({"step": np.arange(1, len(first) + 1), "first": first, "second": second})


def syllables_per_second_by_section_kind(corpus: Corpus, phonetic_table: pd.DataFrame, song: int) -> pd.DataFrame:
    """Return the syllables per second of a song by type of section (`syllable_rate_table`); empty without times."""
    return syllable_rate_table(corpus.where(songs=[song]), phonetic_table, "kind")


def lines_of_syllables(corpus: Corpus, phonetic_table: pd.DataFrame, syllables: Collection[int], count: str) -> Ints:
    """Return the ids of the lines with one of these numbers of syllables; `count` is spoken or verse."""
    values = phonetic_table.loc[corpus.lines.index, count]
    return values.index[values.isin(list(syllables))].to_numpy()


def longest_rhymes(corpus: Corpus, phonetics: Phonetics, by: GroupingKey, value: str, n: int = 60) -> pd.DataFrame:
    """Return the longest rhymes of an artist or year, each with both its lines: `line_details_table`, spans,
    syllables."""
    songs = songs_of_groups(corpus, by, (value,))
    group = corpus.where(songs=songs) if songs else corpus
    table = lines_with_longest_rhymes(group, phonetics.line_table(), n)
    sections = group.lines["section"].isin(group.lines.loc[table["line"], "section"])
    pronunciations = phonetics.of_lines(group.texts_of(group.lines.index[sections]))
    couples = [_rhyming_line_pair(group, line, pronunciations) for line in table["line"]]
    table["text"] = [text for text, _ in couples]
    telling = [
        is_meaningful_line(text.replace(LINE_BREAK, " "), group)
        and not any(map(ends_on_filler, text.split(LINE_BREAK)))
        for text in table["text"]
    ]
    table["spans"] = pd.Series([spans for _, spans in couples], dtype=object)
    table = table.rename(columns={"longest": "syllables"})[telling]
    return table[table["syllables"] > 1].drop_duplicates("text").reset_index(drop=True)


def quatrains_of_scheme(corpus: Corpus, phonetic_table: pd.DataFrame, scheme: str, assonance: bool) -> Ints:
    """Return int[quatrains, 4]: the line ids of the quatrains of a rhyme scheme, each text once."""
    blocks = corpus.lines.index.to_numpy()[quatrains_with_scheme(corpus, phonetic_table, scheme, assonance=assonance)]
    texts = pd.factorize(np.array(corpus.texts_of(blocks.ravel()), object))[0].reshape(blocks.shape)
    return blocks[~pd.DataFrame(texts).duplicated().to_numpy()]


def quatrain_table(corpus: Corpus, blocks: Ints) -> pd.DataFrame:
    """Return `line_details_table` of the first line of each quatrain, with the text of all four lines."""
    texts = [LINE_BREAK.join(corpus.texts_of(block)) for block in blocks]
    return line_details_table(corpus, blocks[:, 0]).assign(text=texts)


def _rhyming_line_pair(corpus: Corpus, line: int, pronunciations: Pronunciations) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a line with the line that it rhymes with most, and the (start, stop) spans of the rhyme."""
    section = corpus.lines[corpus.lines["section"] == corpus.lines.at[line, "section"]]
    texts, at = corpus.texts_of(section.index), section.index.get_loc(line)
    spans = rhyme_spans(texts, pronunciations)
    best = max((span for span in spans if span.line == at), key=lambda span: span.syllables, default=None)
    if best is None:  # it rhymes with nothing
        return texts[at], []
    group = [span for span in spans if span.group == best.group]
    mates = [span for span in group if span.line != at]
    if not mates:
        apart: list[tuple[int, int]] = []
        for start, stop in sorted((s.start, s.stop) for s in group if s.syllables == best.syllables):
            if not apart or start >= apart[-1][1]:
                apart.append((start, stop))
        return texts[at], apart
    mate = min(mates, key=lambda span: (-min(span.syllables, best.syllables), abs(span.line - at)))
    first, second = sorted((best, mate), key=lambda span: span.line)
    text = texts[first.line] + LINE_BREAK
    shift = len(text)
    return text + texts[second.line], [(first.start, first.stop), (second.start + shift, second.stop + shift)]


class VerseStatistics(NamedTuple):
    """Measures of a visitor's verse: density (rhymed syllables / syllables), rhymed lines, assonant ones (that rhyme or
    assonate), shortest and most syllables of a line, longest rhyme in syllables.
    """

    lines: int
    syllables: int
    shortest: int
    most: int
    rhymed: int
    assonant: int
    density: float
    longest: int
    schemes: tuple[str, ...]


def verse_statistics(sections: Sequence[Sequence[str]], pronunciations: Pronunciations) -> VerseStatistics:
    """Return the measures of a verse given as sections of lines; lines without syllables do not count.

    >>> verse_statistics([["Dans la maison", "T'as pas raison"]], Pronunciations()).schemes
    ('AA',)
    """
    scanned = [[scan_line(line, pronunciations) for line in section] for section in sections]
    counts = [line.syllables.spoken for section in scanned for line in section if line.syllables.spoken]
    echoes = [find_section_rhymes(section) for section in scanned]
    marks = [mark for echo in echoes for line in echo.rhymed_vowel_mask() for mark in line]
    schemes = [section_rhyme_scheme(section) for section in scanned]
    return VerseStatistics(
        lines=len(counts),
        syllables=sum(counts),
        shortest=min(counts, default=0),
        most=max(counts, default=0),
        rhymed=sum(group is not None for scheme in schemes for group in scheme.groups),
        assonant=sum(group is not None for scheme in schemes for group in scheme.assonances),
        density=sum(marks) / len(marks) if marks else 0.0,
        longest=max((site.syllables for echo in echoes for site in echo.sites), default=0),
        schemes=tuple(scheme.name for scheme in schemes),
    )
