"""From Keras's layout to the article's and back: the same numbers, transposed and renamed.

| article | Keras |
|---|---|
| x `(n_x, m, T)` | inputs `(m, T, n_x)` |
| Waxᵀ, Waaᵀ, ba | kernel, recurrent_kernel, bias of `SimpleRNN` |
| Wq = [Wqa, Wqx], q = i, f, c, o | column blocks of recurrent_kernel and kernel of `LSTM`, in the order i, f, c, o |
| Wz, Wr and Waa, Wax, ba, bx | blocks z, r, h of `GRU`; the two biases of z and of r only ever add up |

Gradients convert the same way: name them without their d.
"""

from collections.abc import Mapping

import numpy as np

from pipeline.cells.activations import Array


def from_keras(cell: str, kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """The cell's parameters in the article's notation, in float64 so that they can be checked."""
    kernel, recurrent_kernel, bias = (np.asarray(w, float) for w in (kernel, recurrent_kernel, bias))
    if cell == "rnn":
        return {"Wax": kernel.T, "Waa": recurrent_kernel.T, "ba": bias[:, None]}
    order = "ifco" if cell == "lstm" else "zrh"
    x, a = (dict(zip(order, np.split(w.T, len(order)), strict=True)) for w in (kernel, recurrent_kernel))
    if cell == "lstm":
        b = dict(zip(order, np.split(bias[:, None], 4), strict=True))
        return {f"W{q}": np.hstack([a[q], x[q]]) for q in order} | {f"b{q}": b[q] for q in order}
    bx, ba = (dict(zip(order, np.split(row[:, None], 3), strict=True)) for row in bias)
    gates = {f"W{q}": np.hstack([a[q], x[q]]) for q in "zr"} | {f"b{q}": bx[q] + ba[q] for q in "zr"}
    return {**gates, "Wax": x["h"], "bx": bx["h"], "Waa": a["h"], "ba": ba["h"]}


def to_keras(cell: str, parameters: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """kernel, recurrent_kernel and bias. A GRU's gate biases go with the input's; the state's are 0."""
    p = parameters
    if cell == "rnn":
        return p["Wax"].T, p["Waa"].T, p["ba"][:, 0]
    if cell == "lstm":
        n_a = len(p["bi"])
        W = np.vstack([p[f"W{q}"] for q in "ifco"])  # (4·n_a, n_a + n_x)
        return W[:, n_a:].T, W[:, :n_a].T, np.vstack([p[f"b{q}"] for q in "ifco"])[:, 0]
    n_a = len(p["bz"])
    W = np.vstack([p["Wz"], p["Wr"], np.hstack([p["Waa"], p["Wax"]])])  # (3·n_a, n_a + n_x)
    input_bias = np.vstack([p["bz"], p["br"], p["bx"]])[:, 0]
    state_bias = np.vstack([0 * p["bz"], 0 * p["br"], p["ba"]])[:, 0]
    return W[:, n_a:].T, W[:, :n_a].T, np.stack([input_bias, state_bias])
