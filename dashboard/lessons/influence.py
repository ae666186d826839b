"""What a written word depends on in the line that was read, beside where attention looks: gradient and occlusion.

Attention says where a network looks, not what decides (Jain & Wallace 2019). Two ways to ask what does: how the
word's log-probability moves when a source word is hidden, and its derivative along that word's own embedding.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array, log_softmax
from pipeline.language.vocabulary import UNK, Ids
from pipeline.learn.seq2seq import Seq2Seq, late

STEP = 1e-20  # of the complex step: no difference is taken, so it may be as small as one likes


class Influence(NamedTuple):
    """Both (Ty, Tx), of log p of each written word.

    occlusion: what it loses when the source word becomes <unk>. gradient: Σ ∂log p/∂e · e over the word's embedding e.
    """

    occlusion: Array
    gradient: Array


def influence(network: Seq2Seq, source: Ids, target: Ids) -> Influence:
    """Of one line int (1, Tx) on one reply int (1, Ty), neither padded."""
    words = source.shape[1]
    each = np.arange(words)
    hidden = np.repeat(source, words, axis=0)
    hidden[each, each] = UNK
    lost = _log_p(network, network, source, target) - _log_p(network, network, hidden, target)  # (Tx, Ty)
    # one row more a word: its embedding, moved along itself into the imaginary plane
    moved = np.vstack([network.embedding.astype(complex), network.embedding[source[0]] * (1 + 1j * STEP)])
    turned = np.repeat(source, words, axis=0)
    turned[each, each] = len(network.embedding) + each
    slopes = _log_p(replace(network, embedding=moved), network, turned, target).imag / STEP
    return Influence(lost.T, slopes.T)


def _log_p(reader: Seq2Seq, writer: Seq2Seq, source: Ids, target: Ids) -> Array:
    """log p (rows of source, Ty) of the target, the source read by one network and the reply written by another."""
    target = np.repeat(target, len(source), axis=0)
    logits, _ = writer.decode(reader.read(source), late(target))
    return np.take_along_axis(log_softmax(logits, axis=2), target[..., None], 2)[..., 0]
