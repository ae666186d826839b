"""Token sequences that share their beginnings: what may still come, after what has been written, as arrays."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]


class Trie:
    """Node 0 is the root; `children(node)` gives the tokens that may follow and the nodes they lead to.

    A node without children ends a sequence. All branches stand in three arrays, one after another: a server keeps
    dozens of tries with tens of thousands of nodes each.

    >>> trie = Trie([(5, 6), (5, 7)])
    >>> tokens, nodes = trie.children(0)
    >>> tokens.tolist(), trie.children(int(nodes[0]))[0].tolist()
    ([5], [6, 7])
    """

    def __init__(self, sequences: Iterable[Sequence[int]]) -> None:
        following: list[dict[int, int]] = [{}]
        for sequence in sequences:
            node = 0
            for token in sequence:
                node = following[node].setdefault(token, len(following))
                if node == len(following):
                    following.append({})
        self._starts = array("i", accumulate(map(len, following), initial=0))  # of each node's children
        self._tokens = np.fromiter(chain.from_iterable(following), np.int32)
        self._nodes = np.fromiter(chain.from_iterable(branch.values() for branch in following), np.int32)

    def children(self, node: int) -> tuple[Ids, Ids]:
        """Return (tokens, nodes), each `(n,)`."""
        at = slice(self._starts[node], self._starts[node + 1])
        return self._tokens[at], self._nodes[at]

    def __bool__(self) -> bool:
        return bool(len(self._tokens))
