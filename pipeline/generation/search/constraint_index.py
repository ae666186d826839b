"""What constrained decoding looks things up in, built once for a run and what it learnt from.

Pronunciations of words, words that can end a line, what the run learnt from. A trie has the token sequences of
endings by their beginnings. Knows nothing of any one line.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import SettingError
from pipeline.corpus.store import read_pronunciations
from pipeline.generation.constraints import Phrase
from pipeline.generation.context import WritableRun
from pipeline.generation.learnt_text import LearntText, learnt_text, learnt_version
from pipeline.generation.policy import Policy, policy_of
from pipeline.generation.search.endings import Endings, line_ends
from pipeline.generation.search.originality import SpanIndex, index_spans
from pipeline.generation.search.orthography import Orthography
from pipeline.generation.search.pairs import KnownPairs, Pair, avoided_pairs, disagreeing_pairs
from pipeline.language.pronunciations import Pronunciations, pronunciations_from_columns
from pipeline.language.syllables import scan_line
from pipeline.language.vocabulary import LINE, SPECIALS, UNK, Vocabulary
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import units_of

Ids = npt.NDArray[np.int32]


class Trie:
    """Sequences by their beginnings, of which any may be chosen: it is built once, and choosing is one assignment.

    Node 0 is the root. All branches stand in three arrays, one after another; `paths` `(n, longest)` holds the nodes of
    each sequence, 0 where it has ended.
    """

    def __init__(self, sequences: Iterable[Sequence[int]]) -> None:
        following: list[dict[int, int]] = [{}]
        paths = list[list[int]]()
        for sequence in sequences:
            paths.append([0])
            for token in sequence:
                node = following[paths[-1][-1]].setdefault(token, len(following))
                if node == len(following):
                    following.append({})
                paths[-1].append(node)
        self.starts = array("i", accumulate(map(len, following), initial=0))  # of each node's children
        self.tokens = np.fromiter(chain.from_iterable(following), np.int32)
        self.nodes = np.fromiter(chain.from_iterable(branch.values() for branch in following), np.int32)
        longest = max(map(len, paths), default=1)
        self.paths = np.array([path + [0] * (longest - len(path)) for path in paths], np.int32).reshape(-1, longest)

    def subtrie_of(self, chosen: npt.ArrayLike) -> "Subtrie":
        """Return the trie of some of the sequences, by number."""
        return Subtrie(self, np.asarray(chosen, np.int64))


class Subtrie:
    """Some sequences of a trie: `children(node)` gives the tokens that may follow and the nodes they lead to, those of
    the first sequences first. A node without children ends a sequence.

    >>> trie = Trie([(5, 6), (5, 7), (8,)]).subtrie_of([1, 2])
    >>> tokens, nodes = trie.children(0)
    >>> tokens.tolist(), trie.children(int(nodes[0]))[0].tolist()
    ([5, 8], [7])
    """

    def __init__(self, trie: Trie, chosen: npt.NDArray[np.int64]) -> None:
        self._trie, self._size = trie, len(chosen)
        self._first = np.full(len(trie.starts), len(chosen))  # of each node, the first of the sequences through it
        self._first[trie.paths[chosen[::-1]]] = np.arange(len(chosen))[::-1, None]  # of equals the last one stays
        self._cached: dict[int, tuple[Ids, Ids]] = {}

    def children(self, node: int) -> tuple[Ids, Ids]:
        """Return (tokens, nodes), each `(n,)`."""
        if node not in self._cached:
            at = slice(self._trie.starts[node], self._trie.starts[node + 1])
            tokens, nodes = self._trie.tokens[at], self._trie.nodes[at]
            first = self._first[nodes]
            order = np.argsort(first, kind="stable")[: np.count_nonzero(first < self._size)]
            self._cached[node] = tokens[order], nodes[order]
        return self._cached[node]

    def __bool__(self) -> bool:
        return bool(self._size)


_LONE_LETTERS = frozenset("aàyôn")  # words of one letter; the others are spelled letters and slips


@dataclass(frozen=True, eq=False)
class ConstraintIndex:
    """A run with the tables to write to measure, of `constraint_index`; it may serve many threads."""

    name: str
    model: LanguageModel
    vocabulary: Vocabulary
    endings: Endings
    pronunciations: Pronunciations
    spans: SpanIndex
    words: frozenset[str]  # correctly spelled: those that the run learnt from
    orthography: Orthography | None  # of a model whose tokens spell words
    avoided: frozenset[Pair]  # words that do not follow each other
    pairs: KnownPairs

    @cached_property
    def units(self) -> Units:
        """The units that the model reads and writes; asked for at every token, and a vocabulary is long to look up."""
        return units_of(self.vocabulary)

    @cached_property
    def policy(self) -> Policy:
        """How texts of these units are drawn."""
        return policy_of(self.vocabulary)

    @cached_property
    def ending_tokens(self) -> tuple[tuple[int, ...], ...]:
        """Of each ending: its tokens and the end of the line."""
        return tuple((*phrase_tokens((word.text,), self.vocabulary), LINE) for word in self.endings.words)

    def spoken_syllables(self, line: str) -> int:
        """Return how many syllables a line is spoken with, as `scan_line` counts: no word changes but by its neighbour.

        Lines under way are asked for at each of their words, which have mostly stood side by side before.
        """
        chunks = line.split()
        return sum(map(self._syllables_after, ("", *chunks), chunks))

    @cached_property
    def _syllables_after(self) -> Callable[[str, str], int]:
        """Return what a chunk of a line adds to the syllables of the chunk before it; the last are cached."""

        def spoken(text: str) -> int:
            return scan_line(text, self.pronunciations).syllables.spoken

        @lru_cache(maxsize=1 << 14)
        def added_syllables(before: str, chunk: str) -> int:
            return spoken(f"{before} {chunk}") - spoken(before)

        return added_syllables

    def with_endings(self, words: Iterable[str]) -> "ConstraintIndex":
        """Return the index with these words among those that may end a line. Raises SettingError for one that the run
        cannot write.
        """
        missing = [word for word in dict.fromkeys(words) if not self.endings.indices_of(word)]
        if not missing:
            return self
        if unknown := [word for word in missing if UNK in phrase_tokens((word,), self.vocabulary)]:
            raise SettingError("This model does not know the word “{word}”: choose another one.", word=unknown[0])
        self.pronunciations.transcribe_missing(missing)
        known = (word.text for word in self.endings.words)
        return replace(self, endings=Endings.from_words([*known, *missing], self.pronunciations))

    def trie(self, indices: Sequence[int], fewest: int, most: int) -> Subtrie:
        """Return the trie of those of these endings that have so many syllables."""
        chosen = np.asarray(indices, np.int64)
        syllables = self._syllables[chosen]
        return self._trie.subtrie_of(chosen[(fewest <= syllables) & (syllables <= most)])

    @cached_property
    def _trie(self) -> Trie:
        return Trie(self.ending_tokens)

    @cached_property
    def _syllables(self) -> Ids:
        return np.array([word.syllables for word in self.endings.words], np.int32)


def constraint_index(run: WritableRun) -> ConstraintIndex:
    """Return the index of a run and of what it learnt from; cached for as long as the run is in memory.

    Takes half a second at first; some seconds more when a word has no stored pronunciation. Raises CorpusError where a
    corpus of the run is not prepared, RunError for a run that learnt from a text and does not hold it.
    """
    version, index = _CACHED.get(run, ((), None))
    if index is None or version != learnt_version(run):
        index = build_constraint_index(run, learnt_text(run))
        _CACHED[run] = learnt_version(run), index
    return index


_CACHED = WeakKeyDictionary[WritableRun, tuple[tuple[int, ...], ConstraintIndex]]()


def build_constraint_index(run: WritableRun, text: LearntText) -> ConstraintIndex:
    """Build the index of a run and of what it learnt from, with the pronunciations that are stored of its corpora."""
    words = [word for word in text.vocabulary.index2word if word not in SPECIALS]
    pronunciations = Pronunciations(
        row for name in run.corpus_names for row in pronunciations_from_columns(read_pronunciations(name).to_pydict())
    )
    pronunciations.transcribe_missing(words)
    units = units_of(run.vocabulary)
    spelled = [word for word in words if len(word) > 1 or word in _LONE_LETTERS]
    ends = (word for word in line_ends(text) if len(word) > 1 and UNK not in phrase_tokens((word,), run.vocabulary))
    return ConstraintIndex(
        name=run.name,
        model=run.language_model(),
        vocabulary=run.vocabulary,
        endings=Endings.from_words(ends, pronunciations),
        pronunciations=pronunciations,
        spans=index_spans(text),
        words=frozenset(spelled),
        orthography=Orthography(spelled, run.vocabulary) if units.spells else None,
        pairs=KnownPairs.from_text(text),
        avoided=avoided_pairs(text) | disagreeing_pairs(text),
    )


def phrase_tokens(phrase: Phrase, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Encode words in a row in the units of a run."""
    return tuple(vocabulary.encode(units_of(vocabulary).phrase(phrase)).tolist())
