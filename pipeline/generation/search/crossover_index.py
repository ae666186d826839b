"""Find the joints of a corpus: where its lines may be cut, and which two of a stanza go together (`crossover`).

A corpus with few circumstances of its own, as songs are, is lent those of the list whose words it has and whose last
word it rhymes on; there a line may begin with any clause that is whole before a sign.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.corpus.table import Corpus
from pipeline.generation.search.crossover import CODE_BASE, LENGTH_BASE, LONGEST_COPY, Crossovers, Ints, JointPairs
from pipeline.generation.search.endings import Endings
from pipeline.generation.search.joints import (
    KINDS,
    clause_length,
    find_joints,
    general_circumstances,
    speaks_of_persons,
)
from pipeline.generation.search.line_topics import LineTopics
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import detokenise, tokenise

LEAST_WORDS = 2  # words of a beginning, and of an end
RHYMING_PARTNERS = 12  # general circumstances that each may rhyme with
MAX_STANZA_LINE_GAP = 3  # lines from one to another that is of the same couplet or stanza
_BLOCK_LINES = 64  # lines in a row that are looked through
MAX_LINES_FOR_CLAUSES = 60_000  # in which whole clauses are looked for: of a large corpus, every few parts of it
ENOUGH_CIRCUMSTANCES = 1_000  # general circumstances in a corpus that needs no others
ALIKE, MOST_COMPARED = 8, 3_000  # others that a clause may go on with, and of how many of one subject
LONGEST_CLAUSE = 4  # words of a beginning that a circumstance is lent to
LEAST_GRADE = 2  # of circumstances that are lent
_CARRIER_WORDS = ("on", "reste")  # what circumstances that are lent stand after: it begins no line


class JointTable(NamedTuple):
    """Where lines may be cut, in their order: the row, the word, the syllables on one side and the code of the
    joint of each `(n,)`.
    """

    rows: Ints
    places: Ints
    lengths: Ints
    codes: Ints

    def neighbours(self, section: Ints, reach: int) -> tuple[Ints, Ints]:
        """Return each two that stand in two lines of a section, at most `reach` apart, by number."""
        pairs = list[tuple[Ints, Ints]]()
        first = np.searchsorted(self.rows, np.arange(len(section) + reach + 1))  # where those of each row begin
        for apart in range(1, reach + 1):
            together = np.append(section[apart:] == section[:-apart], np.zeros(apart, bool))[: len(section)]
            other = self.rows + apart
            count = np.where(together[self.rows], first[other + 1] - first[other], 0)
            others = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            pairs.append((np.repeat(np.arange(len(self.rows)), count), others + np.repeat(first[other], count)))
        one, another = zip(*pairs, strict=True)
        return np.concatenate(one), np.concatenate(another)

    def pairs(self, one: Ints, other: Ints, *, by_length: bool = False) -> JointPairs:
        """Return pairs of these, by number, in the order of their codes."""
        codes = (self.codes[one] * CODE_BASE + self.codes[other]) * LENGTH_BASE**2
        if by_length:
            codes += self.lengths[one] * LENGTH_BASE + self.lengths[other]
        both = np.stack([one, other], 1)[np.argsort(codes, kind="stable")]
        return JointPairs(self.rows[both], self.places[both], self.lengths[both], np.sort(codes))


def crossovers(corpus: Corpus, endings: Endings, sounds: Pronunciations) -> Crossovers:
    """Find the joints of a corpus; `sounds` has its words."""
    ids, rows = corpus.token_table("all")
    own, texts = len(corpus.lines), corpus.texts.tolist()
    song, section = (corpus.lines[name].to_numpy() for name in ("song", "section"))
    lent = _lent_circumstance_lines(corpus, endings)
    lengths = [len(tokenise(line)) for line in lent]
    ids = np.append(ids, corpus.vocabulary.encode([word for line in lent for word in tokenise(line)]))
    rows = np.append(rows, own + np.repeat(np.arange(len(lent)), lengths)).astype(np.int32)
    section = np.append(section, section.max(initial=0) + 1 + np.arange(len(lent)))
    texts += lent
    starts = _starts(rows, len(texts))
    clauses = np.zeros(len(texts), np.int64)
    for number in range(own) if lent else ():
        if number // _BLOCK_LINES % -(-own // MAX_LINES_FOR_CLAUSES) == 0:
            clauses[number] = clause_length(texts[number])
    joints, places = find_joints(ids, rows, starts, corpus.vocabulary), np.arange(len(ids)) - starts[rows]
    circumstance = joints.kinds == KINDS.index("circumstance")
    left = starts[rows + 1] - starts[rows] - places
    counts = [sounds[word].syllables if word[:1] != "<" else 0 for word in corpus.vocabulary.index2word]
    syllables = np.append(0, np.cumsum(np.array(counts, np.int64)[ids]))
    begins = (joints.codes >= 0) & (places >= LEAST_WORDS) & (places <= LONGEST_COPY) & (rows < own)
    ends = (joints.codes >= 0) & (left >= LEAST_WORDS) & (left <= LONGEST_COPY) & (joints.general | ~circumstance)
    if lent:
        begins, ends = begins & circumstance & (places <= LONGEST_CLAUSE), ends & circumstance
        clauses[clauses > LONGEST_CLAUSE] = 0

    at, whole = np.flatnonzero(begins & ~(circumstance & (places == clauses[rows]))), np.flatnonzero(clauses)
    row, place = np.append(rows[at], whole).astype(np.int64), np.append(places[at], clauses[whole])
    code = np.append(joints.codes[at], np.repeat(joints.codes[circumstance][:1], len(whole)))
    spoken = syllables[starts[row] + place] - syllables[starts[row]]
    order = np.argsort(row, kind="stable")
    begun = JointTable(row[order], place[order], spoken[order], code[order])
    topics = LineTopics.of(ids, starts, section, corpus.vocabulary)
    subjects, about = ids[starts[begun.rows]], topics.vectors[begun.rows]
    alike = _alike(subjects, about, song[begun.rows]) if lent else begun.neighbours(section, MAX_STANZA_LINE_GAP)
    at = np.flatnonzero(ends)
    ended = JointTable(
        rows[at].astype(np.int64), places[at], syllables[starts[rows[at] + 1]] - syllables[at], joints.codes[at]
    )
    general = np.flatnonzero(joints.general[at])
    last = endings.group_numbers(corpus.vocabulary, "suffisante")[ids[starts[ended.rows[general] + 1] - 1]]
    rhyming = _rhyming_partners(general, last, ids[at[general]])
    return Crossovers(
        texts,
        corpus.vocabulary,
        ids,
        starts,
        section,
        joints.kinds,
        syllables,
        begun.pairs(*alike, by_length=True),
        ended.pairs(*map(np.append, ended.neighbours(section, MAX_STANZA_LINE_GAP), rhyming)),
        endings,
        sounds,
        topics,
        clauses,
    )


def _alike(subjects: npt.NDArray[np.int32], vectors: npt.NDArray[np.float64], songs: Ints) -> tuple[Ints, Ints]:
    """Return each clause with `ALIKE` others of its subject, by number: those of its song, then those that are most
    about what it is about.
    """
    none = np.zeros(0, np.int64)
    pairs = [(none, none)]
    for subject in np.unique(subjects):
        those = np.flatnonzero(subjects == subject)
        those = np.random.default_rng(0).permutation(those)[:MOST_COMPARED]
        near = vectors[those] @ vectors[those].T + 2 * (songs[those, None] == songs[those])
        np.fill_diagonal(near, -np.inf)
        count = min(ALIKE, len(those) - 1)
        nearest = np.argsort(-near, axis=1, kind="stable")[:, :count]
        pairs.append((np.repeat(those, count), those[nearest].ravel()))
    one, other = zip(*pairs, strict=True)
    return np.concatenate(one), np.concatenate(other)


def _lent_circumstance_lines(corpus: Corpus, endings: Endings) -> list[str]:
    """Return lines with those general circumstances that a corpus can write and rhymes on, speak of nobody, and are
    lent to it; none where it has `ENOUGH_CIRCUMSTANCES` of its own.
    """
    (ids, rows), vocabulary = corpus.token_table("all"), corpus.vocabulary
    if find_joints(ids, rows, _starts(rows, len(corpus.lines)), vocabulary).general.sum() >= ENOUGH_CIRCUMSTANCES:
        return []
    ends, index = {word.text for word in endings.words}, vocabulary.word2index
    usual = (tail for tail, circumstance in general_circumstances().items() if circumstance.grade >= LEAST_GRADE)
    tails = (tail for tail in usual if tail[-1] in ends and not speaks_of_persons(tail))
    return [detokenise([*_CARRIER_WORDS, *tail]) for tail in tails if all(word in index for word in tail)]


def _starts(rows: npt.NDArray[np.int32], count: int) -> Ints:
    """Return where the words of each of so many lines begin, and where they end."""
    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)


def _rhyming_partners(chosen: Ints, group: Ints, words: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return each of these joints with up to `RHYMING_PARTNERS` others, drawn at random, whose lines rhyme with its
    own and that are other words: general circumstances, which need not be of one stanza.
    """
    order = np.argsort(group, kind="stable")
    order = order[np.searchsorted(group[order], 0) :]
    low, high = (np.searchsorted(group[order], group[order], side) for side in ("left", "right"))
    share = np.random.default_rng(0).random((RHYMING_PARTNERS, len(order)))
    one, other = np.tile(order, RHYMING_PARTNERS), order[low + (share * (high - low)).astype(np.int64)].ravel()
    differ = words[one] != words[other]
    return chosen[one[differ]], chosen[other[differ]]
