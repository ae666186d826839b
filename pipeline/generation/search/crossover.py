"""Couplets of crossed lines: two lines of a stanza of the corpus begin them, two of another that rhyme end them.

    Elle garde une photo | dans le tiroir          Elle garde une photo dans la poche du manteau,
    J'ai retrouvé les clés | dans la poche…   ->   …

A beginning and an end are joined at a joint of grammar that both have (`joints`): the pronoun that begins a clause
after a comma, the same conjunction before one, the same preposition of place or company; or a circumstance, where the
end is one that almost any action may have. So each part is somebody's, and whole.
Both beginnings are of one stanza, and both ends of another or such circumstances: what a couplet says hangs together.
No part has more than five words. Which of them says something is for a model to tell.

    Elle a remis sa capuche | . Dehors passait un vélo     ->     Elle a remis sa capuche sans faire de bruit,

So where circumstances are lent to a corpus (`crossover_index`): any clause that is whole may begin a line there.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.generation.constraints import Richness
from pipeline.generation.sampling import Generator
from pipeline.generation.search.continuity import BeginningWords, Continuity
from pipeline.generation.search.endings import Endings
from pipeline.generation.search.joints import (
    CLAUSE_WORDS,
    CONJUNCTIONS,
    KINDS,
    Kind,
    LineBeginning,
    LineEnd,
    is_event_clause,
    suits_end,
    tenses_agree,
)
from pipeline.generation.search.judge import judged_end_mark
from pipeline.generation.search.line_topics import LineTopics
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import token_spans
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LONGEST_COPY = 5  # words in a row of one line, the one of the joint among them
_GAP_PATTERN = re.compile(r"(,?) ?")
_LINE_SIGNS = (",", ".")  # of the two lines, where those that they end like have such signs
CODE_BASE, LENGTH_BASE = 1 << 24, 1 << 6  # more than there are codes of joints, and syllables of a part of a line


class Couplet(NamedTuple):
    """Two lines, the rows of the two lines of the corpus that begin them and of the two that end them, and the places
    of the joints in these four.
    """

    first: str
    second: str
    rows: tuple[int, ...]
    places: tuple[int, ...]


class LineCut(NamedTuple):
    """A line in two: what stands before and after a joint and between both, and what goes with either."""

    before: str
    gap: str
    after: str
    beginning: LineBeginning
    end: LineEnd


@dataclass(frozen=True, eq=False)
class JointPairs:
    """Joints of two lines: the row of each, the word of its joint, the syllables on this side of it, and a code of both
    joints, in whose order they are; that of beginnings is one of the syllables too.
    """

    rows: Ints  # (n, 2)
    places: Ints  # (n, 2)
    lengths: Ints  # (n, 2)
    codes: Ints


@dataclass(frozen=True, eq=False)
class Crossovers:
    """The joints of a corpus. Build with `crossover_index.crossovers`.

    ids int32[n] has the words, those of row r at `starts[r]:starts[r + 1]`; syllables int64[n + 1] sums those of the
    words before each.
    """

    texts: Sequence[str]
    vocabulary: Vocabulary
    ids: npt.NDArray[np.int32]
    starts: Ints
    sections: Ints  # of each row
    kinds: npt.NDArray[np.int8]  # of each word as a joint, by number in `KINDS`
    syllables: Ints
    beginnings: JointPairs  # by code
    ends: JointPairs
    endings: Endings
    pronunciations: Pronunciations
    topics: LineTopics
    clauses: Ints  # words of the whole clause that each row begins with, where such may begin a line, or 0
    _rhyming: dict[Richness, Ints] = field(default_factory=dict, repr=False)

    @cached_property
    def continuity(self) -> Continuity:
        """How the beginnings of its couplets go on with a song."""
        pairs = self.beginnings
        words = BeginningWords(self.ids, self.starts[pairs.rows], pairs.places, self.vocabulary)
        return Continuity.of(pairs.rows, self.sections, words, self.topics)

    @cached_property
    def has_lent_circumstances(self) -> bool:
        """Whether the corpus is lent circumstances, so that whole clauses may begin its lines."""
        return bool(self.clauses.any())

    def couplets(
        self,
        rng: Generator,
        richness: Richness,
        syllables: Sequence[tuple[int, int]],
        count: int,
        theme: Collection[str] = (),
        seed: str = "",
        source_rows: Sequence[int] = (),
        same_scene: bool = False,
    ) -> list[Couplet]:
        """Return up to `count` couplets that rhyme so richly, without repetition, those sooner whose lines
        are about what those are that they end like. A seed is the beginning of the first.

        syllables: the fewest and most of each line, by the words alone: what neighbours change is not counted. Half of
        them are drawn from lines that hold a word of the theme, where there are some. They go on with the song whose
        lines the lines `source_rows` of the corpus begin, with the stanza of the last of them where it is the same
        scene; none where it has no more.
        """
        ends = self._rhyming_ends(richness)
        parts = _parts(len(ends))
        part = self.sections[self.ends.rows[ends, 0]] % parts == rng.integers(parts)
        ends = ends[part] if part.any() else ends
        if not len(ends):
            return []
        continuity = self.continuity
        goes_on = (
            continuity.same_scene(source_rows) if same_scene else continuity.same_song(source_rows, by_topic=not theme)
        )
        if not goes_on.any():
            return []
        begun, ended = self._draw(ends, None if seed else syllables, theme, goes_on, rng)
        opening = None
        if seed:
            opening = LineCut(seed.rstrip(), " ", "", LineBeginning.of(seed), LineEnd.of(seed, seed))
            joints = self.starts[self.ends.rows[ended, 0]] + self.ends.places[ended, 0]
            fits = self.kinds[joints] == KINDS.index("circumstance")
            begun, ended = begun[fits], ended[fits]
        for line, (fewest, most) in enumerate(syllables):
            total = self.ends.lengths[ended, line]
            if opening and not line:
                total = total + sum(scan_line(seed, self.pronunciations).spoken)
            else:
                total = total + self.beginnings.lengths[begun, line]
            fits = (fewest <= total) & (total <= most)
            begun, ended = begun[fits], ended[fits]
        for line in (1,) if opening else (0, 1):
            fits = ~self._long_copy_mask(begun, ended, line)
            begun, ended = begun[fits], ended[fits]
        vectors = self.topics.vectors
        near = (vectors[self.beginnings.rows[begun]] * vectors[self.ends.rows[ended]]).sum((1, 2))
        near += _END_WEIGHT * self._end_marks[ended] - _IDF_WEIGHT * self._rarity[ended]
        order = np.argsort(-near - _GUMBEL_WEIGHT * rng.gumbel(size=len(near)), kind="stable")
        return self._join_pairs(begun[order], ended[order], count, opening)

    def _draw(
        self,
        ends: Ints,
        syllables: Sequence[tuple[int, int]] | None,
        theme: Collection[str],
        goes_on: Flags,
        rng: Generator,
    ) -> tuple[Ints, Ints]:
        """Draw beginnings that are in `goes_on`, and ends, that go together, by number `(n,)` each: from one part of
        them, half of them with a word of the theme. Where each line is to have a length, the two have it.
        """
        chosen, share = rng.integers(len(ends), size=_DRAWS), rng.random(_DRAWS)
        about = np.flatnonzero(self._ends_with_words_mask(theme)[ends])
        if len(about):
            chosen[::4] = about[rng.integers(len(about), size=len(chosen[::4]))]
        ended = ends[chosen]
        low = self.ends.codes[ended]
        high = low + LENGTH_BASE**2
        if exact := syllables is not None and all(
            most - fewest <= _MAX_EXACT_SYLLABLE_SPAN for fewest, most in syllables
        ):
            for line, span in enumerate(syllables or ()):
                left = rng.integers(*span, _DRAWS, endpoint=True) - self.ends.lengths[ended, line]
                low += np.clip(left, 0, LENGTH_BASE - 1) * (1 if line else LENGTH_BASE)
            high = low + 1

        begun, weights = np.full(_DRAWS, -1), np.zeros(_DRAWS)
        parts = _parts(int(goes_on.sum()))
        part = goes_on & (self.sections[self.beginnings.rows[:, 0]] % parts == rng.integers(parts))
        for those in (part, self._sections_with_words_mask(theme) & goes_on):
            numbers, is_theme = np.flatnonzero(those), those is not part
            first, last = (np.searchsorted(self.beginnings.codes[numbers], bound) for bound in (low, high))
            some = (last > first) & ((not is_theme) | (np.arange(_DRAWS) % 2 == 1))
            begun[some] = numbers[(first + (share * (last - first)).astype(np.int64))[some]]
            weights[some] = max(weights.max(), 1) if is_theme else (last - first)[some]
        if exact and weights.any():  # each beginning as often as any other, not as its length is rare
            some = rng.choice(_DRAWS, _EXACT_DRAWS, p=weights / weights.sum())
            begun, ended = begun[some], ended[some]
        return begun[begun >= 0], ended[begun >= 0]

    def _join_pairs(self, begun: Ints, ended: Ints, count: int, opening: LineCut | None) -> list[Couplet]:
        """Return the first so many couplets of these beginnings and ends, each once."""
        couplets = list[Couplet]()
        for at, end in dict.fromkeys(zip(begun.tolist(), ended.tolist(), strict=True)):
            rows = [*self.beginnings.rows[at].tolist(), *self.ends.rows[end].tolist()]
            places = [*self.beginnings.places[at].tolist(), *self.ends.places[end].tolist()]
            if couplet := self.join(rows, places, opening):
                couplets.append(couplet)
                if len(couplets) == count:
                    break
        return couplets

    @cached_property
    def _end_marks(self) -> Floats:
        """What readers think of each two circumstances `(n,)`, whatever they stand after; 0 of other ends."""
        joints = self.starts[self.ends.rows] + self.ends.places
        unique, inverse = np.unique(joints, return_inverse=True)
        marks = np.zeros(len(unique))
        of_kind = self.kinds[unique] == KINDS.index("circumstance")
        stops = self.starts[np.searchsorted(self.starts, unique, side="right")]
        for at in np.flatnonzero(of_kind).tolist():
            marks[at] = judged_end_mark(self.vocabulary.decode(self.ids[unique[at] : stops[at]]))
        return marks[inverse].reshape(joints.shape).sum(1)

    @cached_property
    def _rarity(self) -> Floats:
        """How rare what each two ends say is: the highest idf of each, added up. Common words fit more beginnings."""
        idf, stops = np.append(self.topics.idf, 0.0), self.starts[self.ends.rows + 1]
        joints = self.starts[self.ends.rows] + self.ends.places
        words = (idf[np.minimum(joints + at, len(self.ids))] * (joints + at < stops) for at in range(LONGEST_COPY))
        return np.maximum.reduce(list(words)).sum(1)

    def _rhyming_ends(self, richness: Richness) -> Ints:
        """Return the ends that rhyme and that beginnings fit, by number."""
        if richness not in self._rhyming:
            group = self.endings.group_numbers(self.vocabulary, richness)
            one, other = self.ids[self.starts[self.ends.rows.T + 1] - 1]
            rhymes = (group[one] == group[other]) & (group[one] >= 0) & (one != other)
            codes = self.ends.codes
            low, high = (np.searchsorted(self.beginnings.codes, bound) for bound in (codes, codes + LENGTH_BASE**2))
            self._rhyming[richness] = np.flatnonzero(rhymes & (high > low))
        return self._rhyming[richness]

    def _ends_with_words_mask(self, words: Collection[str]) -> Flags:
        """Return which ends `(n,)` are of lines that hold one of some words."""
        sums, rows = np.append(0, np.cumsum(self._words_mask(words))), self.ends.rows
        return np.asarray((sums[self.starts[rows + 1]] > sums[self.starts[rows]]).any(1))

    def _sections_with_words_mask(self, words: Collection[str]) -> Flags:
        """Return which beginnings `(n,)` are of a section that holds one of some words."""
        sections = np.repeat(self.sections, np.diff(self.starts))[self._words_mask(words)]
        return np.isin(self.sections[self.beginnings.rows[:, 0]], sections)

    def _words_mask(self, words: Collection[str]) -> Flags:
        """Return which words of the text `(n,)` are among these."""
        index = self.vocabulary.word2index
        return np.isin(self.ids, [index[word] for word in words if word in index])

    def _long_copy_mask(self, begun: Ints, ended: Ints, line: int) -> npt.NDArray[np.bool_]:
        """Return whether a line would have more than `LONGEST_COPY` words in a row of one: both halves go on alike."""
        one = self.starts[self.beginnings.rows[begun, line]] + self.beginnings.places[begun, line]
        other = self.starts[self.ends.rows[ended, line]] + self.ends.places[ended, line]
        beginning, end = self.beginnings.places[begun, line], self.starts[self.ends.rows[ended, line] + 1] - other
        same, before = self.ids[one] == self.ids[other], self.ids[one - 1] == self.ids[other - 1]
        further = same & (self.ids[one + 1] == self.ids[other + 1])
        return (beginning + same + further > LONGEST_COPY) | (end + before > LONGEST_COPY)

    def join(self, rows: Sequence[int], places: Sequence[int], opening: LineCut | None = None) -> Couplet | None:
        """Return the couplet of two beginnings, the first that of an `opening` if there is one, and two ends; None
        where signs part the halves of a line otherwise, or quotes stay open.
        """
        lines, tenses = list[str](), set[str]()
        one, other = (self.starts[row] for row in rows[:2])
        if set(rows[:2]) & set(rows[2:]) or (self.ids[one : one + 3] == self.ids[other : other + 3]).all():
            return None
        for line in (0, 1):
            left = opening if opening and not line else self._line_beginning(rows, places, line)
            right = self.cut(rows[line + 2], places[line + 2])
            if left is None or right is None or left.gap != right.gap or not suits_end(left.beginning, right.end):
                return None
            lines.append(left.before + left.gap + right.after)
            tenses.add(left.beginning.tense)
        if all(line.endswith(_LINE_SIGNS) for line in lines):
            lines = [line[:-1] + sign for line, sign in zip(lines, _LINE_SIGNS, strict=True)]
        whole = "\n".join(lines)
        if not tenses_agree(tenses):
            return None
        if whole.count("«") != whole.count("»") or whole.count('"') % 2 or whole.count("(") != whole.count(")"):
            return None
        return Couplet(lines[0], lines[1], tuple(rows), tuple(places))

    def _line_beginning(self, rows: Sequence[int], places: Sequence[int], line: int) -> LineCut | None:
        """Return the beginning of a line of a couplet: a whole clause, where a circumstance is lent to it."""
        row, place = rows[line], places[line]
        if not self.has_lent_circumstances or self.joint(rows[line + 2], places[line + 2])[0] != "circumstance":
            return self.cut(row, place)
        text = self.texts[row]
        clause = text[: token_spans(text)[place - 1].stop]
        return (
            LineCut(clause, " ", "", LineBeginning.of(clause), LineEnd.of(text, text))
            if is_event_clause(clause)
            else None
        )

    def joint(self, row: int, place: int) -> tuple[Kind, tuple[str, ...]]:
        """Return of what kind a joint is, and its word, with the next one after a conjunction: () of a circumstance,
        for which any other stands as well.
        """
        at = self.starts[row] + place
        kind = KINDS[self.kinds[at]]
        words = self.vocabulary.decode(self.ids[at:][:2])
        return kind, () if kind == "circumstance" else tuple(words[: 2 if words[0] in CONJUNCTIONS else 1])

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - an index lives as long as its run
    def cut(self, row: int, place: int) -> LineCut | None:
        """Return a line cut before a word of it; None where other signs than a comma stand there, or a quote is cut."""
        text, spans = self.texts[row], token_spans(self.texts[row])
        if len(spans) != self.starts[row + 1] - self.starts[row]:
            return None
        stop, start = spans[place - 1].stop, spans[place].start
        before, gap, after = text[:stop], text[stop:start], text[start:]
        comma = self.vocabulary.index2word[self.ids[self.starts[row] + place]] in CLAUSE_WORDS
        quoted = any(part.count("«") != part.count("»") for part in (before, after))
        if quoted or not _GAP_PATTERN.fullmatch(gap) or (comma and not gap.startswith(",")):
            return None
        return LineCut(before, gap, after, LineBeginning.of(before), LineEnd.of(after, before))


_DRAWS, _EXACT_DRAWS = 12_000, 600  # pairs of a beginning and an end: some have the length, or each has
_MAX_EXACT_SYLLABLE_SPAN = 2  # syllables between the fewest and the most of a line that has a length


def _parts(pairs: int) -> int:
    """Return in how many parts so many pairs are cut, one of which each draw is from: else the same few come again."""
    return max(1, min(_MOST_PARTS, pairs // _PAIRS_PER_PART))


_MOST_PARTS, _PAIRS_PER_PART = 24, 60  # of ends and of beginnings, and pairs in one of them
_GUMBEL_WEIGHT = 0.25  # how much chance counts beside the cosines of what both lines are about
_IDF_WEIGHT = 0.15  # how much a nat of idf does
_END_WEIGHT = 1.0  # how much a mark of an end does
