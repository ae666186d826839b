"""Whose voice, which kind of section, when: control tokens that a model is conditioned on (Keskar et al. 2019).

A condition is a token of its own, after all others in the vocabulary, such as `<voice:Bétadine>`. Those of a section
stand before its first token. A model reads them and never has to predict them; in training each is left out now and
then, so that a text can be read or written with any of them, or none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import LINE, SPECIALS, Ids, Vocabulary

CONDITION_DROPOUT = 0.3  # chance, in training, that a section lacks one of its conditions
LEAST_TRAINING_SONGS = 3  # a condition has at least so many training songs
PERIOD_YEARS = 5  # of a period

SectionConditions = tuple[tuple[str, ...], ...]  # of a song: of each section its conditions


def voice_token(name: str) -> str:
    """The token of a voice."""
    return f"<voice:{name}>"


def section_token(kind: str) -> str:
    """The token of a kind of section."""
    return f"<section:{kind}>"


def period_token(year: int) -> str:
    """The token of the years around this one.

    >>> period_token(1997)
    '<years:1995-1999>'
    """
    first = year // PERIOD_YEARS * PERIOD_YEARS
    return f"<years:{first}-{first + PERIOD_YEARS - 1}>"


def condition_text(condition: str) -> str:
    """What a condition says.

    >>> condition_text("<voice:Kobalt>")
    'Kobalt'
    """
    return condition.strip("<>").partition(":")[2]


def section_conditions_by_song(corpus: Corpus) -> dict[int, SectionConditions]:
    """Of each song of the corpus: the conditions of its sections, in order, of those that have lines."""
    songs, sections = corpus.songs, corpus.sections.loc[corpus.lines["section"].unique()]
    song_labels = {
        song: (artist, [] if year is None else [period_token(year)])
        for song, artist, year in zip(
            songs.index, songs["artist"], [None if y != y else int(y) for y in songs["year"].astype(float)], strict=True
        )
    }
    labels: dict[int, list[tuple[str, ...]]] = {song: [] for song in songs.index}
    for song, kind, performers in zip(sections["song"], sections["kind"], sections["performers"], strict=True):
        artist, years = song_labels[song]
        voices = performers.split(" & ") if performers else [artist]
        labels[song].append(
            (*(voice_token(name) for name in voices if name), *years, *([section_token(kind)] if kind else []))
        )
    return {song: tuple(parts) for song, parts in labels.items()}


def with_conditions(vocabulary: Vocabulary, labels: Iterable[SectionConditions]) -> Vocabulary:
    """The vocabulary and, at its end, every condition of at least `LEAST_TRAINING_SONGS` songs of the training part."""
    songs = Counter(entry for song in labels for entry in {entry for part in song for entry in part})
    entries = sorted(entry for entry, count in songs.items() if count >= LEAST_TRAINING_SONGS)
    counts = np.append(vocabulary.counts, [songs[entry] for entry in entries]).astype(np.int32)
    return Vocabulary(vocabulary.index2word + tuple(entries), counts, vocabulary.level)


def conditions_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The conditions that a model with this vocabulary knows; they are its last entries."""
    entries = vocabulary.index2word[len(SPECIALS) :]
    return tuple(takewhile(_is_condition, reversed(entries)))[::-1]


def _is_condition(entry: str) -> bool:
    return len(entry) > 2 and entry[0] == "<" and entry[-1] == ">" and ":" in entry


@dataclass(frozen=True)
class ConditionedSongs:
    """Songs as tokens, with the conditions of their sections."""

    songs: Sequence[Ids]
    conditions: Sequence[Sequence[Ids]]  # of each song, of each section

    @classmethod
    def from_conditions(
        cls, songs: Sequence[Ids], labels: Sequence[SectionConditions], vocabulary: Vocabulary
    ) -> "ConditionedSongs":
        """Conditions that the vocabulary lacks are left out."""
        index = vocabulary.word2index
        conditions = [[np.array([index[e] for e in part if e in index], np.int32) for part in song] for song in labels]
        return cls(songs, conditions)

    def with_control_tokens(self, generator: np.random.Generator | None = None) -> list[Ids]:
        """The songs with their conditions, each left out by chance when there is a `generator`."""
        return [_with_conditions(*pair, generator) for pair in zip(self.songs, self.conditions, strict=True)]


def section_starts(song: Ids) -> list[int]:
    """Where the sections of a song begin: at its first token, and after each empty line."""
    ends = song == LINE
    return [0, *(np.flatnonzero(ends[1:] & ends[:-1]) + 2).tolist()]


def _with_conditions(song: Ids, conditions: Sequence[Ids], generator: np.random.Generator | None) -> Ids:
    starts = section_starts(song)
    if len(starts) != len(conditions):  # an empty line inside a section: only the first is certain
        starts, conditions = starts[:1], conditions[:1]
    if generator is not None:
        conditions = [part[generator.random(len(part)) >= CONDITION_DROPOUT] for part in conditions]
    return np.insert(song, np.repeat(starts, [len(part) for part in conditions]), np.concatenate(conditions))
