"""Couplets of crossed lines: two lines of a stanza of the corpus begin them, two of another that rhyme end them.

    Elle garde une photo | dans le tiroir          Elle garde une photo dans la poche du manteau,
    J'ai retrouvé les clés | dans la poche…   ->   …

A beginning and an end are joined where both have the same word at a joint of grammar: a preposition before its noun or
infinitive, a conjunction with the word after it, a pronoun that begins a clause after a comma, *de* after the same noun.
What stands left of it was followed by that word, what stands right of it began with it, so each part is somebody's, and
the verb keeps what it takes. Both beginnings are of one stanza and both ends of another: what a couplet says hangs
together twice, and its rhyme is one that somebody made. No part has more than five words. (One-point crossover as in
genetic search; Manurung et al. 2012 use it for verse.) Which of them says something is for a model to tell.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.corpus.table import Corpus
from pipeline.generation.constraints import Richness
from pipeline.generation.sampling import Generator
from pipeline.generation.search.endings import Endings
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import token_spans
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]

LONGEST = 5  # words in a row of one line, the one of the joint among them
FEWEST = 2  # words of a beginning, and of an end
REACH = 3  # lines from one to another that is of the same couplet or stanza
_ADJUNCT = "dans sur sous chez devant derrière avec pendant depuis au aux".split()  # one stands for another
_OTHER_PREPOSITIONS = "sans contre vers entre jusqu' jusqu'à après avant pour à par".split()
_BEFORE_INFINITIVE = "pour à sans après avant par".split()
_CONJUNCTIONS = "et mais quand comme si que qu' qui où dont parce car puis alors donc".split()
_SUBJECTS = "je j' tu t' il elle on nous vous ils elles ça c' y'a".split()
_OF = "de d' du des".split()
_DETERMINERS = "le la les l' un une mon ma mes ton ta tes son sa ses notre nos leur leurs ce cet cette ces".split()
_INFINITIVE = re.compile(r".+(?:er|ir|re|oir)")
_NO_INFINITIVE = frozenset(  # though they end like one
    "mer mère père frère hier lumière terre soir cher fer rivière première dernier dernière quartier papier notre votre "
    "quatre autre entre hiver premier escalier verre genre titre livre semestre fenêtre lettre heure métier février "
    "janvier panier cahier courrier désir plaisir avenir souvenir espoir trottoir miroir tiroir couloir noir".split()
)
_GAP = re.compile(r"(,?) ?")


class Couplet(NamedTuple):
    """Two lines, and the lines of the corpus, by row, that begin them, and that end them."""

    first: str
    second: str
    beginnings: tuple[int, int]
    ends: tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Joints of two lines of a section: the row of each line, the word of its joint, a code of both joints."""

    rows: Ints  # (n, 2)
    places: Ints  # (n, 2)
    codes: Ints


@dataclass(frozen=True, eq=False)
class Crossovers:
    """The joints of a corpus. Build with `crossovers`.

    ids int32[n] has the words, those of row r at `starts[r]:starts[r + 1]`; syllables int64[n + 1] sums those of the
    words before each.
    """

    texts: Sequence[str]
    vocabulary: Vocabulary
    ids: npt.NDArray[np.int32]
    starts: Ints
    syllables: Ints
    beginnings: _Pairs  # by code
    ends: _Pairs
    endings: Endings
    _rhyming: dict[Richness, tuple[Ints, Ints, Ints]] = field(default_factory=dict, repr=False)

    def couplets(
        self,
        rng: Generator,
        richness: Richness,
        syllables: Sequence[tuple[int, int]],
        count: int,
        theme: Collection[str] = (),
    ) -> list[Couplet]:
        """Return up to `count` couplets that rhyme so richly, in a drawn order, without repetition.

        syllables: the fewest and most of each line, by the words alone: what neighbours change is not counted. Half of
        them are drawn from lines that hold a word of the theme, where there are some.
        """
        ends, low, high = self._rhyming_ends(richness)
        if not len(ends):
            return []
        about = self._about(ends, theme)
        chosen = rng.integers(len(ends), size=_DRAWN)
        if len(about):
            chosen[::2] = about[rng.integers(len(about), size=len(chosen[::2]))]
        begun = low[chosen] + (rng.random(_DRAWN) * (high[chosen] - low[chosen])).astype(np.int64)
        return self._joined(begun, ends[chosen], syllables, count)

    def _joined(self, begun: Ints, ended: Ints, syllables: Sequence[tuple[int, int]], count: int) -> list[Couplet]:
        """Return the first so many couplets of these beginnings and ends that have the length and copy no more than
        halves.
        """
        fits = np.ones(len(begun), bool)
        for line, (fewest, most) in enumerate(syllables):
            total = self._length(self.beginnings, begun, line, before=True)
            total = total + self._length(self.ends, ended, line, before=False)
            fits &= (fewest <= total) & (total <= most) & ~self._copies(begun, ended, line)
        couplets = list[Couplet]()
        for beginning, end in dict.fromkeys(zip(begun[fits].tolist(), ended[fits].tolist(), strict=True)):
            if couplet := self._join(beginning, end):
                couplets.append(couplet)
                if len(couplets) == count:
                    break
        return couplets

    def _rhyming_ends(self, richness: Richness) -> tuple[Ints, Ints, Ints]:
        """Return the ends that rhyme, by number, and where the beginnings that fit each start and stop."""
        if richness not in self._rhyming:
            group = np.full(len(self.vocabulary), -1)
            for number, words in enumerate(self.endings.groups(richness).values()):
                ids = [self.vocabulary.word2index.get(self.endings.words[at].text, 0) for at in words]
                group[ids] = number
            one, other = self.ids[self.starts[self.ends.rows.T + 1] - 1]
            rhymes = (group[one] == group[other]) & (group[one] >= 0) & (one != other)
            low, high = (np.searchsorted(self.beginnings.codes, self.ends.codes, side) for side in ("left", "right"))
            chosen = np.flatnonzero(rhymes & (high > low))
            self._rhyming[richness] = chosen, low[chosen], high[chosen]
        return self._rhyming[richness]

    def _about(self, ends: Ints, words: Collection[str]) -> Ints:
        """Return which of these ends are of lines that hold one of some words."""
        index = self.vocabulary.word2index
        held = np.isin(self.ids, [index[word] for word in words if word in index])
        if not held.any():
            return np.zeros(0, np.int64)
        sums = np.append(0, np.cumsum(held))
        rows = self.ends.rows[ends]
        return np.flatnonzero((sums[self.starts[rows + 1]] > sums[self.starts[rows]]).any(1))

    def _length(self, pairs: _Pairs, chosen: Ints, line: int, *, before: bool) -> Ints:
        """Return the syllables `(n,)` of a line of these pairs before its joint, or from it on."""
        rows = pairs.rows[chosen, line]
        joint = self.starts[rows] + pairs.places[chosen, line]
        first, last = (self.starts[rows], joint) if before else (joint, self.starts[rows + 1])
        return self.syllables[last] - self.syllables[first]

    def _copies(self, begun: Ints, ended: Ints, line: int) -> npt.NDArray[np.bool_]:
        """Return whether a line would have more than `LONGEST` words in a row of one: both halves go on alike."""
        one = self.starts[self.beginnings.rows[begun, line]] + self.beginnings.places[begun, line]
        other = self.starts[self.ends.rows[ended, line]] + self.ends.places[ended, line]
        beginning, end = self.beginnings.places[begun, line], self.starts[self.ends.rows[ended, line] + 1] - other
        same, before = self.ids[one] == self.ids[other], self.ids[one - 1] == self.ids[other - 1]
        further = same & (self.ids[one + 1] == self.ids[other + 1])
        return (beginning + same + further > LONGEST) | (end + before > LONGEST)

    def _join(self, beginning: int, end: int) -> Couplet | None:
        """Return a couplet; None where signs part the halves of a line otherwise, or quotes stay open."""
        lines, (begun, ended) = list[str](), (self.beginnings.rows[beginning], self.ends.rows[end])
        if set(begun.tolist()) & set(ended.tolist()):
            return None
        for line in (0, 1):
            left = self.cut(int(begun[line]), int(self.beginnings.places[beginning, line]))
            right = self.cut(int(ended[line]), int(self.ends.places[end, line]))
            if left is None or right is None or left[1] != right[1]:
                return None
            lines.append(left[0] + left[1] + right[2])
        whole = "\n".join(lines)
        if whole.count("«") != whole.count("»") or whole.count('"') % 2 or whole.count("(") != whole.count(")"):
            return None
        return Couplet(lines[0], lines[1], tuple(begun.tolist()), tuple(ended.tolist()))

    @lru_cache(maxsize=1 << 15)  # noqa: B019 - an index lives as long as its run
    def cut(self, row: int, place: int) -> tuple[str, str, str] | None:
        """Return what stands before a word of a line, what parts it from that, and the rest; None for other signs."""
        text, spans = self.texts[row], token_spans(self.texts[row])
        if len(spans) != self.starts[row + 1] - self.starts[row]:
            return None
        stop, start = spans[place - 1].stop, spans[place].start
        gap = text[stop:start]
        comma = self.vocabulary.index2word[self.ids[self.starts[row] + place]] in _SUBJECTS
        if not _GAP.fullmatch(gap) or (comma and not gap.startswith(",")):
            return None
        return text[:stop], gap, text[start:]


_DRAWN = 8000  # pairs of a beginning and an end, of which some have the length


def crossovers(corpus: Corpus, endings: Endings, sounds: Pronunciations) -> Crossovers:
    """Find the joints of a corpus; `sounds` has its words."""
    ids, rows = corpus.token_table("all")
    starts = np.searchsorted(rows, np.arange(len(corpus.lines) + 1)).astype(np.int64)
    words = corpus.vocabulary.index2word
    spoken = np.array([sounds[word].syllables if word[:1] != "<" else 0 for word in words], np.int64)
    codes, places = _joints(ids, rows, starts, corpus.vocabulary), np.arange(len(ids)) - starts[rows]
    left = starts[rows + 1] - starts[rows] - places
    begins = (codes >= 0) & (places >= FEWEST) & (places <= LONGEST)
    ends = (codes >= 0) & (left >= FEWEST) & (left <= LONGEST)
    section = corpus.lines["section"].to_numpy()
    pairs = [_pairs(np.flatnonzero(chosen), rows, places, codes, section) for chosen in (begins, ends)]
    order = np.argsort(pairs[0].codes, kind="stable")
    ordered = _Pairs(pairs[0].rows[order], pairs[0].places[order], pairs[0].codes[order])
    texts = corpus.texts.tolist()
    syllables = np.append(0, np.cumsum(spoken[ids]))
    return Crossovers(texts, corpus.vocabulary, ids, starts, syllables, ordered, pairs[1], endings)


def _joints(ids: npt.NDArray[np.int32], rows: npt.NDArray[np.int32], starts: Ints, vocabulary: Vocabulary) -> Ints:
    """Return of each word a code of what joint it is, -1 for none, smaller than the number of words."""
    size, index = len(vocabulary), vocabulary.word2index
    if not len(ids):
        return np.zeros(0, np.int64)

    def among(words: Collection[str]) -> npt.NDArray[np.bool_]:
        listed = np.zeros(size, bool)
        listed[[index[word] for word in words if word in index]] = True
        return listed[ids]

    infinitive = np.array([bool(_INFINITIVE.fullmatch(w)) and w not in _NO_INFINITIVE for w in vocabulary.index2word])
    participle = np.array([word.endswith("ant") and len(word) > 4 for word in vocabulary.index2word])
    word, following, before = ids.astype(np.int64), np.roll(ids, -1).astype(np.int64), np.roll(ids, 1).astype(np.int64)
    inner = (np.append(rows[1:] == rows[:-1], False)) & (np.arange(len(ids)) > starts[rows])
    inner &= ~np.roll(
        among([*_ADJUNCT, *_OTHER_PREPOSITIONS, *_CONJUNCTIONS, *_OF, *_DETERMINERS, "en", "ne", "n'"]), 1
    )
    kind = np.where(infinitive[following], 1, 0)
    code = np.full(len(ids), -1, np.int64)
    cases = (
        (among(_ADJUNCT), np.full(len(ids), 2 * size)),
        (among(_OTHER_PREPOSITIONS) & ~np.isin(following, [index.get("que", -1), index.get("qu'", -1)]),
         word * 2 + kind * among(_BEFORE_INFINITIVE)),
        (among(["en"]) & participle[following], word * 2),
        (among(_SUBJECTS), word * 2),
        (among(_CONJUNCTIONS), 2 * size + 2 + word * size + following),
        (among(_OF), (size + 3) * size + (before * size + word) * 2 + kind),
    )  # fmt: skip
    for holds, value in cases:
        code = np.where(holds & inner, value, code)
    _, dense = np.unique(code, return_inverse=True)
    return np.where(code < 0, -1, dense.astype(np.int64))


def _pairs(chosen: Ints, rows: npt.NDArray[np.int32], places: Ints, codes: Ints, section: npt.NDArray[Any]) -> _Pairs:
    """Return each two of these joints that stand in two lines of a section, at most `REACH` lines apart."""
    found, of = list[tuple[Ints, Ints]](), rows[chosen]
    first = np.searchsorted(of, np.arange(len(section) + REACH + 1))  # where those of each row begin
    for apart in range(1, REACH + 1):
        together = np.append(section[apart:] == section[:-apart], np.zeros(apart, bool))[: len(section)]
        count = np.where(together[of], first[of + apart + 1] - first[of + apart], 0)
        others = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        found.append((np.repeat(chosen, count), chosen[others + np.repeat(first[of + apart], count)]))
    a, b = (np.concatenate(part) for part in zip(*found, strict=True))
    pairs = [np.stack([values[a], values[b]], 1).astype(np.int64) for values in (rows, places)]
    return _Pairs(pairs[0], pairs[1], codes[a] * len(codes) + codes[b])
