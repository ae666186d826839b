"""The cost and the gradients of `bptt`'s language model several times as fast, for what pages train while one waits.

What does not hang on the step before is one product over all steps; so is what each slope multiplies, once the way
forward is done. In the loops stays what the recurrence needs. `bptt` and the cells have the equations as one reads
them; a test holds both to the same gradients. The same is done by cuDNN (Appleyard, Kočiský & Blunsom 2016).

Shapes: steps first, x `(T, n_x, m)`, a and c `(T + 1, n_a, m)` with the states before the first step.
"""

from collections.abc import Callable, Mapping

import numpy as np

from pipeline.cells import bptt
from pipeline.cells.activations import Array, sigmoid, sigmoid_derivative, tanh_derivative
from pipeline.cells.cell import Gradients

Leaves = Mapping[str, Array]
BackwardPass = Callable[[Array], Gradients]  # ∂J/∂a (T, n_a, m), of each step's own loss → of the weights


def cost_and_gradients(cell: str, leaves: Leaves, y: Array) -> tuple[float, Gradients]:
    """J and ∂J/∂w for every weight w; leaves and y `(n_y, m, T)` as `bptt` takes them, to whom other cells are left."""
    if cell not in FORWARD_BY_CELL:
        return bptt.cost_and_gradients(cell, leaves, y)
    a, back = FORWARD_BY_CELL[cell](to_time_major(leaves["x"]), leaves)
    J, dz = _loss(a[1:], leaves, to_time_major(y))
    return J, {**back(leaves["Wya"].T @ dz), "dWya": _sum_outer_products(dz, a[1:]), "dby": _bias_gradient(dz)}


def cost(cell: str, leaves: Leaves, y: Array) -> float:
    """J alone."""
    a, _ = FORWARD_BY_CELL[cell](to_time_major(leaves["x"]), leaves)
    return _loss(a[1:], leaves, to_time_major(y))[0]


def to_time_major(x: Array) -> Array:
    """`(n, m, T)` → `(T, n, m)`."""
    return np.ascontiguousarray(np.moveaxis(x, 2, 0))


def _loss(a: Array, leaves: Leaves, y: Array) -> tuple[float, Array]:
    """Return J, and ∂J/∂z of the logits `(T, n_y, m)`."""
    z = leaves["Wya"] @ a + leaves["by"]
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    total, m = e.sum(axis=1, keepdims=True), y.shape[2]
    return float(((z - np.log(total)) * y).sum()) / -m, (e / total - y) / m


def rnn_forward(x: Array, leaves: Leaves) -> tuple[Array, BackwardPass]:
    """a⟨t⟩ of every step, and the way back."""
    Waa, a = leaves["Waa"], _states(x, leaves["a0"])
    from_input = np.matmul(leaves["Wax"], x) + leaves["ba"]  # (T, n_a, m)
    for t, z in enumerate(from_input):
        z += Waa.dot(a[t])
        np.tanh(z, out=a[t + 1])

    def back(da: Array) -> Gradients:
        dz, slope, flow = np.empty_like(da), tanh_derivative(a[1:]), np.zeros_like(da[0])
        for t in reversed(range(len(da))):
            np.multiply(da[t] + flow, slope[t], out=dz[t])
            flow = Waa.T.dot(dz[t])
        return {"dWaa": _sum_outer_products(dz, a[:-1]), "dWax": _sum_outer_products(dz, x), "dba": _bias_gradient(dz)}

    return a, back


def lstm_forward(x: Array, leaves: Leaves) -> tuple[Array, BackwardPass]:
    """The same; the gates stand below each other in the order i, f, c, o. σ(z) = ½·tanh(½·z) + ½, so that one tanh
    makes all four; a half is exact."""
    W, n = np.vstack([leaves[f"W{q}"] for q in "ifco"]), len(leaves["a0"])
    a, c = _states(x, leaves["a0"]), _states(x, leaves["c0"])
    half = np.repeat([0.5, 0.5, 1.0, 0.5], n)[:, None]
    state, rest = np.ascontiguousarray(half * W[:, :n]), 1 - half
    gates = (half * W[:, n:]) @ x + half * np.vstack([leaves[f"b{q}"] for q in "ifco"])  # (T, 4·n_a, m): still ½·z
    for t, each in enumerate(gates):
        each += state.dot(a[t])
        np.tanh(each, out=each)
        each *= half
        each += rest
        np.multiply(each[n : 2 * n], c[t], out=c[t + 1])
        c[t + 1] += each[:n] * each[2 * n : 3 * n]
        np.multiply(each[3 * n :], np.tanh(c[t + 1]), out=a[t + 1])

    def back(da: Array) -> Gradients:
        input_, forget, candidate, output = np.split(gates, 4, axis=1)
        shown = np.tanh(c[1:])
        into_cell, into_output = output * tanh_derivative(shown), shown * sigmoid_derivative(output)
        of_input, of_forget = candidate * sigmoid_derivative(input_), c[:-1] * sigmoid_derivative(forget)
        slopes = np.stack([of_input, of_forget, input_ * tanh_derivative(candidate)], axis=1)  # (T, 3, n_a, m)
        dz, flow, dc = np.empty((len(da), 4, *da[0].shape)), np.zeros_like(da[0]), np.zeros_like(da[0])
        W_back = W[:, :n].T
        for t in reversed(range(len(da))):
            flow += da[t]
            dc += flow * into_cell[t]
            np.multiply(dc, slopes[t], out=dz[t, :3])
            np.multiply(flow, into_output[t], out=dz[t, 3])
            flow = W_back.dot(dz[t].reshape(4 * n, -1))
            dc *= forget[t]
        return _gate_weight_gradients(dict(zip("ifco", np.moveaxis(dz, 1, 0), strict=True)), a, x)

    return a, back


def gru_forward(x: Array, leaves: Leaves) -> tuple[Array, BackwardPass]:
    """The same; z, r and the candidate below each other."""
    n, a = len(leaves["a0"]), _states(x, leaves["a0"])
    state = np.vstack([leaves["Wz"][:, :n], leaves["Wr"][:, :n], leaves["Waa"]])
    W = np.vstack([leaves["Wz"][:, n:], leaves["Wr"][:, n:], leaves["Wax"]])
    z = np.matmul(W, x) + np.vstack([leaves["bz"], leaves["br"], leaves["bx"]])  # (T, 3·n_a, m)
    gates, inner, candidate = np.empty((len(x), 2 * n, a.shape[2])), np.empty_like(a[1:]), np.empty_like(a[1:])
    for t, own in enumerate(gates):
        from_state = state.dot(a[t])
        own[:] = sigmoid(z[t, : 2 * n] + from_state[: 2 * n])
        np.add(from_state[2 * n :], leaves["ba"], out=inner[t])
        np.tanh(z[t, 2 * n :] + own[n:] * inner[t], out=candidate[t])
        np.add(candidate[t], own[:n] * (a[t] - candidate[t]), out=a[t + 1])

    def back(da: Array) -> Gradients:
        kept, seen = np.split(gates, 2, axis=1)
        into_candidate = (1 - kept) * tanh_derivative(candidate)
        of_kept, of_seen = (a[:-1] - candidate) * sigmoid_derivative(kept), inner * sigmoid_derivative(seen)
        slopes = np.stack([of_kept, into_candidate * of_seen, into_candidate * seen], axis=1)  # (T, 3, n_a, m)
        own, dz, flow = np.empty_like(da), np.empty_like(slopes), np.zeros_like(da[0])
        for t in reversed(range(len(da))):
            np.add(da[t], flow, out=own[t])
            np.multiply(own[t], slopes[t], out=dz[t])
            flow = state.T.dot(dz[t].reshape(3 * n, -1)) + own[t] * kept[t]
        dh, dinner = own * into_candidate, dz[:, 2]
        return {
            **_gate_weight_gradients({"z": dz[:, 0], "r": dz[:, 1]}, a, x), "dWaa": _sum_outer_products(dinner, a[:-1]),
            "dba": _bias_gradient(dinner), "dWax": _sum_outer_products(dh, x), "dbx": _bias_gradient(dh),
        }  # fmt: skip

    return a, back


def _states(x: Array, first: Array) -> Array:
    """Return room for a state before and after every step, the first in its place."""
    states = np.empty((len(x) + 1, *first.shape))
    states[0] = first
    return states


def _gate_weight_gradients(dz: Mapping[str, Array], a: Array, x: Array) -> Gradients:
    """Return the gradients of weights on [a⟨t−1⟩; x⟨t⟩] and of biases."""
    both = np.concatenate([a[:-1], x], axis=1)  # (T, n_a + n_x, m)
    return {f"dW{q}": _sum_outer_products(d, both) for q, d in dz.items()} | {
        f"db{q}": _bias_gradient(d) for q, d in dz.items()
    }


def _sum_outer_products(dz: Array, of: Array) -> Array:
    """Return the sum of dz⟨t⟩·of⟨t⟩ᵀ over the steps."""
    return dz.swapaxes(0, 1).reshape(dz.shape[1], -1) @ of.swapaxes(1, 2).reshape(-1, of.shape[1])


def _bias_gradient(dz: Array) -> Array:
    return dz.sum(axis=(0, 2))[:, None]


FORWARD_BY_CELL: dict[str, Callable[[Array, Leaves], tuple[Array, BackwardPass]]]
FORWARD_BY_CELL = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}
