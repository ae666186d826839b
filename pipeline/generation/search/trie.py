"""The token sequences of words that may end a line, by their beginnings."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np
import numpy.typing as npt

from pipeline.generation.search.endings import Endings
from pipeline.language.vocabulary import LINE, Ids, Vocabulary
from pipeline.language_models.units import vocabulary_units


class Trie:
    """A trie of token sequences, built once; a `Subtrie` selects some of the sequences at little cost.

    Node 0 is the root. All branches stand in three arrays, one after another; `paths` `(n, longest)` holds the nodes of
    each sequence, 0 where it has ended.
    """

    def __init__(self, sequences: Iterable[Sequence[int]]) -> None:
        children: list[dict[int, int]] = [{}]
        paths = list[list[int]]()
        for sequence in sequences:
            paths.append([0])
            for token in sequence:
                node = children[paths[-1][-1]].setdefault(token, len(children))
                if node == len(children):
                    children.append({})
                paths[-1].append(node)
        self.starts = array("i", accumulate(map(len, children), initial=0))  # of each node's children
        self.tokens = np.fromiter(chain.from_iterable(children), np.int32)
        self.nodes = np.fromiter(chain.from_iterable(branch.values() for branch in children), np.int32)
        longest = max(map(len, paths), default=1)
        self.paths = np.array([path + [0] * (longest - len(path)) for path in paths], np.int32).reshape(-1, longest)


class Subtrie:
    """The trie of some sequences of a larger trie, given their numbers. A node at the end of a sequence has no
    children.

    >>> trie = Subtrie(Trie([(5, 6), (5, 7), (8,)]), np.array([1, 2]))
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
        """Return the tokens that may follow a node, and the nodes they lead to, each `(n,)`."""
        if node not in self._cached:
            at = slice(self._trie.starts[node], self._trie.starts[node + 1])
            tokens, nodes = self._trie.tokens[at], self._trie.nodes[at]
            first = self._first[nodes]
            order = np.argsort(first, kind="stable")[: np.count_nonzero(first < self._size)]
            self._cached[node] = tokens[order], nodes[order]
        return self._cached[node]

    def __bool__(self) -> bool:
        return bool(self._size)


class EndingTrie:
    """A trie of the words in `Endings` as tokens, each followed by the end of line; `tokens`: a sequence a word."""

    def __init__(self, endings: Endings, vocabulary: Vocabulary) -> None:
        units = vocabulary_units(vocabulary)
        words = (vocabulary.encode(units.phrase_tokens((word.text,))).tolist() for word in endings.words)
        self.tokens = tuple((*word, LINE) for word in words)
        self._trie = Trie(self.tokens)
        self._syllables = np.array([word.syllables for word in endings.words], np.int32)

    def subtrie(self, indices: Sequence[int], fewest: int, most: int) -> Subtrie:
        """Return the trie of the endings with these indices that have `fewest` to `most` syllables."""
        chosen = np.asarray(indices, np.int64)
        syllables = self._syllables[chosen]
        return Subtrie(self._trie, chosen[(fewest <= syllables) & (syllables <= most)])
