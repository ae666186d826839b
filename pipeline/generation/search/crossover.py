"""Couplets of crossed lines: two lines of a stanza of the corpus begin them, two of another that rhyme end them.

    Elle garde une photo | dans le tiroir          Elle garde une photo dans la poche du manteau,
    J'ai retrouvé les clés | dans la poche…   ->   …

A beginning and an end are joined at a joint of grammar that both have: the pronoun that begins a clause after a comma,
the same conjunction before one, the same preposition of place or company; or a circumstance of any kind (*sans faire
de bruit*, *avant de partir*, *en riant*, *toute la nuit*), since no verb asks for one and any takes one. So each part
is somebody's, and whole; me, mon, se, son are of whoever acts if they were so where they come from.
Both beginnings are of one stanza and both ends of another: what a couplet says hangs together twice, and its rhyme is
one that somebody made. No part has more than five words. Which of them says something is for a model to tell.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import svds

from pipeline.analysis.variants import lemma
from pipeline.analysis.words.word_classes import function_words
from pipeline.corpus.table import Corpus
from pipeline.generation.constraints import Richness
from pipeline.generation.line_bonus import word_tense
from pipeline.generation.sampling import Generator
from pipeline.generation.search.endings import Endings
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import token_spans, tokenise
from pipeline.language.vocabulary import Vocabulary

Ints = npt.NDArray[np.int64]
Kind = Literal["", "place", "clause", "circumstance"]

KINDS: tuple[Kind, ...] = get_args(Kind)  # of joints

LONGEST = 5  # words in a row of one line, the one of the joint among them
FEWEST = 2  # words of a beginning, and of an end
REACH = 3  # lines from one to another that is of the same couplet or stanza
_CLASSES = {  # words of joints; `open`: what must not stand before one
    name: frozenset(words.split())
    for name, words in {
        "place": "dans sur sous chez devant derrière avec depuis comme au aux vers",
        "conjunction": "et mais quand comme si que qu' car puis alors donc",
        "subject": "je j' tu t' il elle on nous vous ils elles ça c' y'a",
        "circumstance": "sans avant après pendant dès jusqu' jusqu'à malgré quand même",
        "every": "chaque tous toutes toute tout",
        "time": """
            jour jours nuit nuits matin matins soir soirs journée soirée matinée semaine semaines mois an ans année
            années été hiver automne printemps saison saisons heure heures fois vie minute minutes vacances rentrée
            dimanche dimanches lundi lundis vendredi vendredis samedi samedis
            """,
        "manner": "silence secret cachette douce paix vain",
        "verb": """
            suis es est sommes êtes sont étais était étions étiez étaient sera serai seras ai as a avons avez ont avais
            avait avions avaient vais vas va vont veux veut peux peut dois doit faut
            """,
        "open": """
            de d' du des le la les l' un une mon ma mes ton ta tes son sa ses notre nos leur leurs ce cet cette ces en
            ne n' pour à par qui où dont contre entre dans sur sous chez devant derrière avec au aux sans vers et mais
            quand comme si que qu' car puis alors donc depuis pendant jusqu' jusqu'à après avant dès malgré
            """,
    }.items()
}
_GAP = re.compile(r"(,?) ?")


class Couplet(NamedTuple):
    """Two lines, the rows of the two lines of the corpus that begin them and of the two that end them, and the places
    of the joints in these four.
    """

    first: str
    second: str
    rows: tuple[int, ...]
    places: tuple[int, ...]


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
    sections: Ints  # of each row
    kinds: npt.NDArray[np.int8]  # of each word as a joint, by number in `KINDS`
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
        """Return up to `count` couplets that rhyme so richly, without repetition, those sooner whose lines
        are about what those are that they end like.

        syllables: the fewest and most of each line, by the words alone: what neighbours change is not counted. Half of
        them are drawn from lines that hold a word of the theme, where there are some.
        """
        ends, low, high = self._rhyming_ends(richness)
        part = self.sections[self.ends.rows[ends, 0]] % _PARTS == rng.integers(_PARTS)
        if part.any():
            ends, low, high = ends[part], low[part], high[part]
        if not len(ends):
            return []
        about = self._about(ends, theme)
        chosen = rng.integers(len(ends), size=_DRAWN)
        if len(about):
            chosen[::2] = about[rng.integers(len(about), size=len(chosen[::2]))]
        begun = low[chosen] + (rng.random(_DRAWN) * (high[chosen] - low[chosen])).astype(np.int64)
        ended = ends[chosen]
        fits = np.ones(_DRAWN, bool)
        for line, (fewest, most) in enumerate(syllables):
            total = self._length(self.beginnings, begun, line, before=True)
            total = total + self._length(self.ends, ended, line, before=False)
            fits &= (fewest <= total) & (total <= most) & ~self._copies(begun, ended, line)
        begun, ended = begun[fits], ended[fits]
        near = (self._vectors[self.beginnings.rows[begun]] * self._vectors[self.ends.rows[ended]]).sum((1, 2))
        near -= _RARITY * self._rarity[ended]
        order = np.argsort(-near - _CHANCE * rng.gumbel(size=len(near)), kind="stable")
        return self._join_pairs(begun[order], ended[order], count)

    def _join_pairs(self, begun: Ints, ended: Ints, count: int) -> list[Couplet]:
        """Return the first so many couplets of these beginnings and ends, each once."""
        couplets = list[Couplet]()
        for at, end in dict.fromkeys(zip(begun.tolist(), ended.tolist(), strict=True)):
            rows = [*self.beginnings.rows[at].tolist(), *self.ends.rows[end].tolist()]
            places = [*self.beginnings.places[at].tolist(), *self.ends.places[end].tolist()]
            if couplet := self.join(rows, places):
                couplets.append(couplet)
                if len(couplets) == count:
                    break
        return couplets

    @cached_property
    def _terms(self) -> tuple[Ints, npt.NDArray[np.float64]]:
        """The lemma of each word of the text, by number, and its idf by sections: 0 of function words."""
        words = self.vocabulary.index2word
        _, lemmas = np.unique([lemma(word) for word in words], return_inverse=True)
        _, section = np.unique(np.repeat(self.sections, np.diff(self.starts)), return_inverse=True)
        size, count = int(section.max()) + 1, int(lemmas.max()) + 1
        held = np.bincount(np.unique(section * count + lemmas[self.ids]) % count, minlength=count)
        says = np.array([word not in function_words() for word in words])
        return lemmas[self.ids], np.log(size / np.maximum(held, 1))[lemmas[self.ids]] * says[self.ids]

    @cached_property
    def _vectors(self) -> npt.NDArray[np.float64]:
        """A unit vector `(rows, _WIDTH)` for each line, of what it is about: the sum of its terms, as latent semantic
        analysis of the sections has them (tf-idf, Deerwester et al. 1990), centred.
        """
        lemmas, idf = self._terms
        lines = sparse.csr_matrix((idf, lemmas, self.starts), (len(self.sections), int(lemmas.max()) + 1))
        _, section = np.unique(self.sections, return_inverse=True)
        holds = sparse.csr_matrix((np.ones(len(section)), (section, np.arange(len(section)))))
        table = holds @ lines
        table = sparse.diags(1 / np.maximum(np.sqrt(np.asarray(table.multiply(table).sum(1)).ravel()), 1e-9)) @ table
        if min(table.shape) <= _WIDTH:
            return np.zeros((len(section), 1))
        _, values, right = svds(table, k=_WIDTH, v0=np.ones(min(table.shape)), rng=np.random.default_rng(0))
        vectors = lines @ (right * values[:, None]).T
        vectors -= vectors.mean(0)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    @cached_property
    def _rarity(self) -> npt.NDArray[np.float64]:
        """How rare what each two ends say is: the highest idf of each, added up. Common words fit more beginnings."""
        idf = np.append(self._terms[1], 0.0)
        joints = self.starts[self.ends.rows] + self.ends.places
        spans = np.stack([joints, self.starts[self.ends.rows + 1]], -1).ravel()
        return np.maximum.reduceat(idf, spans)[::2].reshape(-1, 2).sum(1)

    def _rhyming_ends(self, richness: Richness) -> tuple[Ints, Ints, Ints]:
        """Return the ends that rhyme, by number, and where the beginnings that fit each start and stop."""
        if richness not in self._rhyming:
            group = self._rhyme_groups(richness)
            one, other = self.ids[self.starts[self.ends.rows.T + 1] - 1]
            rhymes = (group[one] == group[other]) & (group[one] >= 0) & (one != other)
            low, high = (np.searchsorted(self.beginnings.codes, self.ends.codes, side) for side in ("left", "right"))
            chosen = np.flatnonzero(rhymes & (high > low))
            self._rhyming[richness] = chosen, low[chosen], high[chosen]
        return self._rhyming[richness]

    def _rhyme_groups(self, richness: Richness) -> Ints:
        """Return of each word a number that words which rhyme with it so richly have too, -1 where it ends no line."""
        group = np.full(len(self.vocabulary), -1)
        for number, words in enumerate(self.endings.groups(richness).values()):
            group[[self.vocabulary.word2index.get(self.endings.words[at].text, 0) for at in words]] = number
        return group

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

    def join(self, rows: Sequence[int], places: Sequence[int]) -> Couplet | None:
        """Return the couplet of two beginnings and two ends; None where signs part the halves of a line otherwise, or
        quotes stay open.
        """
        lines, tenses = list[str](), set[str]()
        if set(rows[:2]) & set(rows[2:]):
            return None
        for line in (0, 1):
            left, right = self.cut(rows[line], places[line]), self.cut(rows[line + 2], places[line + 2])
            if left is None or right is None or left[1] != right[1] or not _suits(left[0], *right[::2]):
                return None
            lines.append(left[0] + left[1] + right[2])
            tenses.add(line_tense(left[0]))
        whole = "\n".join(lines)
        if not _agree(tenses):
            return None
        if whole.count("«") != whole.count("»") or whole.count('"') % 2 or whole.count("(") != whole.count(")"):
            return None
        return Couplet(lines[0], lines[1], tuple(rows), tuple(places))

    def joint(self, row: int, place: int) -> tuple[Kind, tuple[str, ...]]:
        """Return of what kind a joint is, and its word, with the next one after a conjunction: () of a circumstance,
        for which any other stands as well.
        """
        at = self.starts[row] + place
        kind = KINDS[self.kinds[at]]
        words = self.vocabulary.decode(self.ids[at:][:2])
        return kind, () if kind == "circumstance" else tuple(words[: 2 if words[0] in _CLASSES["conjunction"] else 1])

    @lru_cache(maxsize=1 << 15)  # noqa: B019 - an index lives as long as its run
    def cut(self, row: int, place: int) -> tuple[str, str, str] | None:
        """Return what stands before a word of a line, what parts it from that, and the rest; None for other signs."""
        text, spans = self.texts[row], token_spans(self.texts[row])
        if len(spans) != self.starts[row + 1] - self.starts[row]:
            return None
        stop, start = spans[place - 1].stop, spans[place].start
        gap = text[stop:start]
        comma = self.vocabulary.index2word[self.ids[self.starts[row] + place]] in _CLASSES["subject"]
        quoted = any(part.count("«") != part.count("»") for part in (text[:stop], text[start:]))
        if quoted or not _GAP.fullmatch(gap) or (comma and not gap.startswith(",")):
            return None
        return text[:stop], gap, text[start:]


_SPEAKERS = {  # word that a line begins with -> who acts, by number; else 0
    word: number
    for number, words in enumerate(("je j'", "tu t'", "ils elles les des mes tes ses ces", "on", "nous"), 1)
    for word in words.split()
}
_PERSONAL = frozenset(("me", "m'", "te", "t'", "se", "s'", "nous", "moi", "toi", "leur", "leurs", "notre", "nos")) | {
    owner + ending for owner in "mts" for ending in ("on", "a", "es")
}
_REFERRING = frozenset(("le", "la", "les", "l'", "lui", "leur", "y"))
_CONJUNCTION = re.compile(r"\b(?:quand|que|si|comme)\b|\bqu'")
_IMPERFECT = re.compile(
    r"(?!souhai|portrai|extrai|parfai|attrai|retrai|jamais|désormais|français|anglais|mauvais)\w{2,}(?:ais|ait|aient)"
)
_PERFECT = re.compile(
    r"\b(?:ai|as|a|avons|avez|ont|suis|es|est|sommes|êtes|sont) (?:\w+ )?\w+(?:é|i|u|is|it|ert)e?s?\b"
)


def _agree(tenses: set[str]) -> bool:
    """Whether one may tell of these at once."""
    return not tenses >= {"present", "imperfect"}


def _is_infinitive(word: str) -> bool:
    return len(word) > 3 and word.endswith(("er", "ir", "re", "oir"))


def line_tense(line: str) -> str:
    """Return the tense of a clause as the forms show it: "imperfect", "perfect", or else "present".

    >>> line_tense("On dormait"), line_tense("Elle a dormi"), line_tense("Elle dort")
    ('imperfect', 'perfect', 'present')
    """
    words = tokenise(line)
    if any(word_tense(word) == "then" or _IMPERFECT.fullmatch(word) for word in words):
        return "imperfect"
    return "perfect" if _PERFECT.search(" ".join(words)) else "present"


def _suits(beginning: str, source: str, end: str) -> bool:
    """Whether an end may follow another beginning than the one of its source: me, se, mon, son and the like want the
    same person to act, no le, la, les before an infinitive refers to what is not there, and a clause has the tense of
    the other.

    >>> _suits("Je ferme la porte", "Elle part", "sans se retourner"), _suits("Il sort", "Elle part", "avec sa valise")
    (False, True)
    >>> _suits("On dort", "Tu lis", "pour la voir"), _suits("On dormait", "On lit", "quand la nuit tombe")
    (False, False)
    """
    words = tokenise(end)
    if (
        not _PERSONAL.isdisjoint(words)
        and len({_SPEAKERS.get(tokenise(each)[0], 0) for each in (beginning, source)}) > 1
    ):
        return False
    if any(word in _REFERRING and _is_infinitive(following) for word, following in pairwise(words)):
        return False
    return not _CONJUNCTION.search(end) or _agree({line_tense(beginning), line_tense(end)})


_DRAWN = 12_000  # pairs of a beginning and an end, of which some have the length
_PARTS = 30  # of the ends, one of which each draw is from: else the same few couplets come again and again
_CHANCE = 0.25  # how much chance counts beside the cosines of what both lines are about
_RARITY = 0.15  # how much a nat of idf does
_WIDTH = 50  # of the vectors of what they are about


def crossovers(corpus: Corpus, endings: Endings, sounds: Pronunciations) -> Crossovers:
    """Find the joints of a corpus; `sounds` has its words."""
    ids, rows = corpus.token_table("all")
    starts = np.searchsorted(rows, np.arange(len(corpus.lines) + 1)).astype(np.int64)
    words = corpus.vocabulary.index2word
    spoken = np.array([sounds[word].syllables if word[:1] != "<" else 0 for word in words], np.int64)
    (codes, kinds), places = _joints(ids, rows, starts, corpus.vocabulary), np.arange(len(ids)) - starts[rows]
    left = starts[rows + 1] - starts[rows] - places
    begins = (codes >= 0) & (places >= FEWEST) & (places <= LONGEST)
    ends = (codes >= 0) & (left >= FEWEST) & (left <= LONGEST)
    section = corpus.lines["section"].to_numpy()
    pairs = [_pairs(np.flatnonzero(chosen), rows, places, codes, section) for chosen in (begins, ends)]
    order = np.argsort(pairs[0].codes, kind="stable")
    ordered = _Pairs(pairs[0].rows[order], pairs[0].places[order], pairs[0].codes[order])
    texts = corpus.texts.tolist()
    syllables = np.append(0, np.cumsum(spoken[ids]))
    return Crossovers(texts, corpus.vocabulary, ids, starts, section, kinds, syllables, ordered, pairs[1], endings)


def _joints(
    ids: npt.NDArray[np.int32], rows: npt.NDArray[np.int32], starts: Ints, vocabulary: Vocabulary
) -> tuple[Ints, Any]:
    """Return of each word a code of what joint it is, -1 for none, smaller than the number of words, and its kind."""
    size, index = len(vocabulary), vocabulary.word2index
    if not len(ids):
        return np.zeros(0, np.int64), np.zeros(0, np.int8)

    def among(*names: str) -> npt.NDArray[np.bool_]:
        listed = np.zeros(size, bool)
        listed[[index[word] for name in names for word in _CLASSES.get(name, [name]) if word in index]] = True
        return listed[ids]

    def near(those: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Whether one of those is the next word of the line, or the one after it."""
        one, two = (np.append(those[by:] & (rows[by:] == rows[:-by]), np.zeros(by, bool)) for by in (1, 2))
        return one | two

    word = ids.astype(np.int64)
    inner = (np.append(rows[1:] == rows[:-1], False)) & (np.arange(len(ids)) > starts[rows])
    inner &= ~np.roll(among("open"), 1)
    subject, that, following = among("subject"), among("que", "qu'"), np.roll(among("subject"), -1)
    gerund, infinitive = (
        np.fromiter((each.endswith(ends) for each in vocabulary.index2word), bool, size)[ids]
        for ends in ("ant", ("er", "ir", "re"))
    )
    circumstance = among("circumstance") | (among("every") & near(among("time"))) | (among("pour") & near(infinitive))
    circumstance |= among("en") & near(gerund | among("manner"))
    circumstance &= ~np.roll(among("verb"), 1) & ~np.roll(among("même"), -1)
    code, kind = np.full(len(ids), -1, np.int64), np.zeros(len(ids), np.int8)
    cases: tuple[tuple[Any, Any, Kind], ...] = (
        (among("place") & ~np.roll(that, -1), word, "place"),
        (circumstance, np.full(len(ids), size + 1), "circumstance"),
        (subject, np.full(len(ids), size), "clause"),
        (among("conjunction") & following, word, "clause"),
    )
    for holds, value, name in cases:
        code = np.where(holds & inner, value, code)
        kind = np.where(holds & inner, KINDS.index(name), kind)
    _, dense = np.unique(code, return_inverse=True)
    return np.where(code < 0, -1, dense.astype(np.int64)), kind.astype(np.int8)


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
