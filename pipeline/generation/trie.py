"""Token sequences that share their beginnings: what may still come, after what has been written, as arrays."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.intp]


class Trie:
    """Node 0 is the root; `children(node)` gives the tokens that may follow and the nodes they lead to.

    A node without children ends a sequence; `ends[node]` is that sequence's number.

    >>> trie = Trie([(5, 6), (5, 7)])
    >>> tokens, nodes = trie.children(0)
    >>> tokens.tolist(), trie.children(int(nodes[0]))[0].tolist()
    ([5], [6, 7])
    """

    def __init__(self, sequences: Iterable[Sequence[int]]) -> None:
        following: list[dict[int, int]] = [{}]
        self.ends: dict[int, int] = {}
        for number, sequence in enumerate(sequences):
            node = 0
            for token in sequence:
                node = following[node].setdefault(token, len(following))
                if node == len(following):
                    following.append({})
            self.ends.setdefault(node, number)
        self._children = [
            (np.fromiter(branch.keys(), np.intp), np.fromiter(branch.values(), np.intp)) for branch in following
        ]

    def children(self, node: int) -> tuple[Ids, Ids]:
        """(tokens, nodes), each `(n,)`."""
        return self._children[node]

    def __bool__(self) -> bool:
        return bool(self.ends)
