"""The songs as the architectures read them: who is on which side, lines, sections, verses. Knows no network.

The sides nest in the shared split of `language_models.splits.split_corpus`: the songs that the language models hold out
(a tenth, for validation and test) are all test songs here, and the tenth before them validates. Few songs need a larger
test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, PAD, SPECIALS, Ids, Vocabulary

SplitName = Literal["train", "valid", "test"]
SPLIT_NAMES: tuple[SplitName, ...] = ("train", "valid", "test")
_VALID_FROM, _TEST_FROM = 80, 90  # percent of the hash; the shared split holds out from 90 as well


@dataclass(frozen=True)
class LabelledLine:
    """One line: its song, its section's id and kind, its words with ad-libs."""

    song: int
    section: int
    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class LabelledSection:
    """One section with the labels that many-to-one predicts; words hold `<line>` after each line."""

    song: int
    voice: str
    kind: str
    decade: str
    words: tuple[str, ...]


def song_splits(corpus: Corpus) -> dict[int, SplitName]:
    """Return the split of each song by the hash of its words. Raise SettingError when a split is empty."""
    percents = {int(song): int(mark, 16) % 100 for song, mark in corpus.songs["fingerprint"].items()}
    sides: dict[int, SplitName] = {
        song: "test" if percent >= _TEST_FROM else "valid" if percent >= _VALID_FROM else "train"
        for song, percent in percents.items()
    }
    if set(sides.values()) != {"train", "valid", "test"}:
        raise SettingError(
            "The corpus {name!r} has too few songs ({count}) to split into three parts.",
            name=corpus.name,
            count=len(sides),
        )
    return sides


def training_halves(corpus: Corpus) -> tuple[set[int], set[int]]:
    """Return two halves of the training songs, split by a hash of their words: for a writer, and for a classifier."""
    marks = {int(song): int(mark, 16) // 100 % 2 for song, mark in corpus.songs["fingerprint"].items()}
    train = [song for song, side in song_splits(corpus).items() if side == "train"]
    return {song for song in train if marks[song]}, {song for song in train if not marks[song]}


def lines_of(corpus: Corpus) -> list[LabelledLine]:
    """Return every line that is not empty of words, in order."""
    kinds = corpus.sections["kind"].to_dict()
    columns = (corpus.lines["song"].tolist(), corpus.lines["section"].tolist(), corpus.texts.tolist())
    rows = ((song, section, tuple(tokenise(text))) for song, section, text in zip(*columns, strict=True))
    return [LabelledLine(song, section, kinds[section], words) for song, section, words in rows if words]


def lines_by_split(corpus: Corpus) -> dict[SplitName, list[LabelledLine]]:
    """Return the lines that have words, by the split of their songs."""
    sides, lines = song_splits(corpus), lines_of(corpus)
    return {side: [line for line in lines if sides[line.song] == side] for side in SPLIT_NAMES}


def sections_of(corpus: Corpus) -> list[LabelledSection]:
    """Return every section, with its labels, of the songs whose year is known."""
    words: dict[int, list[str]] = {}
    for line in lines_of(corpus):
        words.setdefault(line.section, []).extend((*line.words, SPECIALS[LINE]))
    songs, sections = corpus.songs, []
    for section, row in corpus.sections.loc[list(words)].iterrows():
        artist, year = songs.at[row["song"], "artist"], songs.at[row["song"], "year"]
        if year == year:
            decade = f"{int(year) // 10 * 10}s"
            sections.append(LabelledSection(row["song"], artist, row["kind"], decade, tuple(words[section])))
    return sections


def sections_by_split(corpus: Corpus) -> dict[SplitName, list[LabelledSection]]:
    """Return the sections of the songs whose year is known, by the split of the songs."""
    sides, sections = song_splits(corpus), sections_of(corpus)
    return {side: [section for section in sections if sides[section.song] == side] for side in SPLIT_NAMES}


def word_vocabulary(lines: Sequence[Sequence[str]], limit: int = 4000) -> Vocabulary:
    """Return the vocabulary of the most frequent words, each of which occurs at least twice."""
    counts: dict[str, int] = {}
    for words in lines:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return Vocabulary.from_counts(counts, level="word", minimum=2, limit=limit)


def pad_rows(rows: Sequence[Ids], length: int | None = None) -> Ids:
    """Return int32 (rows, longest): rows cut to `length` at most, padded with `PAD` on the right."""
    longest = max(map(len, rows))
    out = np.full((len(rows), longest if length is None else length), PAD, np.int32)
    for row, values in zip(out, rows, strict=True):
        row[: len(values)] = values[: len(row)]
    return out
