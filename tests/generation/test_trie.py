import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.generation.search.trie import Subtrie, Trie

SEQUENCES = st.lists(st.lists(st.integers(4, 8), min_size=1, max_size=5).map(lambda tokens: (*tokens, 2)), max_size=12)


def spelled(trie, node=0):
    """Every sequence below a node."""
    tokens, nodes = trie.children(node)
    if not len(tokens):
        return {()}
    return {
        (token, *rest)
        for token, child in zip(tokens.tolist(), nodes.tolist(), strict=True)
        for rest in spelled(trie, child)
    }


@given(SEQUENCES)
def test_the_arrays_hold_the_sequences_and_nothing_else(sequences):
    """Each sequence ends with a token of its own, as a line does, so that none is the beginning of another."""
    trie = Subtrie(Trie(sequences), np.arange(len(sequences)))
    assert bool(trie) == bool(sequences)
    assert spelled(trie) == (set(sequences) or {()})


@given(SEQUENCES, st.sets(st.integers(0, 11)))
def test_chosen_sequences_are_a_trie_of_their_own(sequences, numbers):
    """Choosing among a trie gives the same children in the same order as a trie of the chosen alone."""
    chosen = [number for number in sorted(numbers) if number < len(sequences)]
    some, alone = (
        Subtrie(Trie(sequences), np.array(chosen, int)),
        Subtrie(Trie([sequences[n] for n in chosen]), np.arange(len(chosen))),
    )
    assert spelled(some) == spelled(alone)
    assert some.children(0)[0].tolist() == alone.children(0)[0].tolist()
