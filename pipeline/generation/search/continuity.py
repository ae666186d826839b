"""How couplets go on with a song: with the scene of the last line, else told as the song is, about what it is about.

A song of crossed lines (`crossover`) is as one whole as what begins its lines: the next couplet of a stanza tells its
scene further. Where the stanza has no more, another begins: told in the same tense, to somebody as the song is or not,
not with il or elle, whom nobody has named, and among such stanzas one that is about much the same (`line_topics`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.generation.line_bonus import THIRD_PERSON_PRONOUNS
from pipeline.generation.search.joints import is_imperfect
from pipeline.generation.search.line_topics import LineTopics
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MIN_BEGINNINGS = 120  # to draw from: else the same few come again
NEAR_SHARE = 0.4  # of the beginnings that are told as a song is, those that are most about what it is about
SECOND_PERSON = frozenset(("tu", "t'", "te", "toi", "ton", "ta", "tes"))


class BeginningWords(NamedTuple):
    """The words of each two beginnings: `ids[starts : starts + lengths]`, starts and lengths `(n, 2)`."""

    ids: npt.NDArray[np.int32]
    starts: Ints
    lengths: Ints
    vocabulary: Vocabulary


@dataclass(frozen=True, eq=False)
class Continuity:
    """Of each two beginnings `(n, 2)` of lines of a corpus: their rows, their section, their voice, whether they are a
    couplet of it (the first and second line, the third and fourth …), whether they are the first one, say who is meant,
    and another may go on with it, and whether two may. Of each section: what it is about, and by how much its cosines
    with others differ.
    """

    rows: Ints
    sections: Ints
    voices: Ints
    are_couplets: Flags
    open_scenes: Flags
    long_scenes: Flags
    section_of_row: Ints
    section_vectors: Floats
    spreads: Floats

    @classmethod
    def of(cls, rows: Ints, section_of_row: Ints, words: BeginningWords, topics: LineTopics) -> "Continuity":
        """Find them for beginnings, the rows `(n, 2)`."""
        sections, count = section_of_row[rows[:, 0]], int(section_of_row.max(initial=-1)) + 1
        first = np.searchsorted(section_of_row, sections)
        are_couplets = (rows[:, 1] == rows[:, 0] + 1) & ((rows[:, 0] - first) % 2 == 0)
        last = np.full(count, -1)
        np.maximum.at(last, sections[are_couplets], rows[are_couplets, 0])
        pronouns = [words.vocabulary.word2index.get(pronoun, -1) for pronoun in THIRD_PERSON_PRONOUNS]
        is_named = ~np.isin(words.ids[words.starts[:, 0]], pronouns)
        open_scenes = are_couplets & is_named & (rows[:, 0] == first) & (last[sections] > rows[:, 1])
        long_scenes = open_scenes & (last[sections] > rows[:, 1] + 2)
        vectors = np.zeros((count, topics.vectors.shape[1]))
        np.add.at(vectors, section_of_row, topics.vectors)
        vectors -= vectors.mean(0)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        mean, second = vectors.mean(0), vectors.T @ vectors / len(vectors)
        variance = np.einsum("ni,ij,nj->n", vectors, second, vectors) - (vectors @ mean) ** 2
        spreads = np.sqrt(np.maximum(variance, 1e-9))
        voices = beginning_voices(words)
        return cls(rows, sections, voices, are_couplets, open_scenes, long_scenes, section_of_row, vectors, spreads)

    def is_same_section(self, source_rows: Sequence[int], row: int) -> bool:
        """Whether a row is of the section of the last of these, if any."""
        return bool(source_rows) and self.section_of_row[source_rows[-1]] == self.section_of_row[row]

    def same_scene(self, source_rows: Sequence[int]) -> Flags:
        """Return which beginnings are the next couplet of the stanza that began the last line of a song, these rows."""
        if not source_rows:
            return np.zeros(len(self.rows), bool)
        last = source_rows[-1]
        later = self.are_couplets & (self.sections == self.section_of_row[last]) & (self.rows[:, 0] > last)
        return later & (self.rows[:, 0] == self.rows[later, 0].min(initial=len(self.section_of_row)))

    def same_song(self, source_rows: Sequence[int], *, by_topic: bool) -> Flags:
        """Return which beginnings go on with a song whose lines these rows began, told as it is; by topic, those of
        the stanzas that are most about what it is about, those that open a scene where there are enough. All of them
        where the song has no line.

        Cosines are divided by how much those of a stanza differ: else the same few would be near to all (hubs;
        Radovanović et al. 2010).
        """
        fits = np.ones(len(self.rows), bool)
        if source_rows:
            own = np.isin(self.rows, source_rows).any(1)
            fits = self.voices == np.bincount(self.voices[own], minlength=1).argmax()
        for opens in (self.long_scenes, self.open_scenes):
            if (fits & opens).sum() >= MIN_BEGINNINGS:
                fits &= opens
                break
        if source_rows and by_topic and fits.any():
            about = self.section_vectors[self.section_of_row[list(source_rows)]].mean(0)
            near = (self.section_vectors @ about / self.spreads)[self.sections]
            share = min(1.0, max(NEAR_SHARE, MIN_BEGINNINGS / fits.sum()))
            fits &= near >= np.quantile(near[fits], 1 - share)
        return fits


def beginning_voices(words: BeginningWords) -> Ints:
    """Return how each two beginnings are told `(n,)`: of what was then, to somebody, each yes or no."""
    names, ids = words.vocabulary.index2word, words.ids
    after_nous = np.append(False, ids[:-1] == words.vocabulary.word2index.get("nous", -1))
    then = np.array([is_imperfect(name) for name in names])[ids]
    then |= after_nous & np.array([is_imperfect(name, "nous") for name in names])[ids]
    to_somebody = np.array([name in SECOND_PERSON for name in names])[ids]
    voices = np.zeros(len(words.starts), np.int64)
    for tokens in (then, to_somebody):
        counted = np.append(0, np.cumsum(tokens))
        voices = 2 * voices + (counted[words.starts + words.lengths] > counted[words.starts]).any(1)
    return voices
