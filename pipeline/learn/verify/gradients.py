"""Claims about backpropagation through time: against the complex step, central differences, the closed double sum; and
that each of the eighteen bugs is caught: the check's error exceeds 1e-3 for it, and only for it.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.bptt import (
    cost,
    cost_and_gradients,
    hidden_states,
    jacobian_norm_bound,
    jacobian_norms_by_lag,
    jacobian_products,
    logits,
    rnn_contribution,
)
from pipeline.cells.bugs import BUGS, GradientFunction, broken_gradients
from pipeline.cells.gradient_checks import central_differences, complex_step, entry_error, norm_error, scaled_error
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward
from pipeline.cells.registry import CELLS, LAYERS
from pipeline.core.translation import mark
from pipeline.learn.verify.check import Claim, Example, example

STEP, CENTRAL = mark("Complex step"), mark("Central differences")
TIME, JACOBIAN = mark("Backpropagation through time"), mark("Jacobians")
mark("Self-attention")  # its label in `LAYERS`; those of the cells are the same in every language


def claims() -> Iterator[Claim]:
    for cell in LAYERS:
        for name in example(cell).leaves:
            yield Claim(
                STEP,
                "{cell} ∂J/∂{name}",
                1e-12,
                partial(_against_complex_step, cell, name),
                values={"cell": LAYERS[cell].label, "name": name},
            )
    for cell in LAYERS:
        values, worst = {"cell": LAYERS[cell].label}, partial(_central_difference_error, cell, entry_error)
        yield Claim(CENTRAL, "{cell}, worst entry of all gradients", 1e-5, worst, values=values)
        norm = partial(_central_difference_error, cell, norm_error)
        yield Claim(CENTRAL, "{cell}, 2-norm of all gradients", 1e-8, norm, values=values)
    yield from _time_claims()
    for cell in CELLS:
        values = {"cell": LAYERS[cell].label}
        step, product = partial(_step_jacobian, cell), partial(_jacobian_product_error, cell)
        yield Claim(JACOBIAN, "{cell} state Jacobian of one step", 1e-12, step, values=values)
        yield Claim(JACOBIAN, "{cell} ∂state⟨T⟩/∂state⟨0⟩ = the product", 1e-12, product, values=values)
    yield Claim(JACOBIAN, "‖∂a⟨T⟩/∂a⟨t⟩‖ never exceeds σ_max(Waa)^lag", 1e-12, _bound_excess)


def _time_claims() -> Iterator[Claim]:
    yield Claim(TIME, "∂J/∂Waa: recursion = Σ_t Σ_k C(t, k), closed form", 1e-12, _double_sum_error)
    for cell in CELLS:
        whole, named = partial(_full_truncation_error, cell), {"cell": LAYERS[cell].label}
        yield Claim(TIME, "{cell} truncation τ = T − 1 is the full gradient", 1e-13, whole, values=named)
    yield Claim(
        TIME, "truncation τ = 0 keeps a⟨t−1⟩ constant: ∂J/∂Waa = Σ_t D⟨t⟩Wyaᵀδ⟨t⟩a⟨t−1⟩ᵀ", 1e-14, _zero_truncation_error
    )
    yield Claim(TIME, "truncation τ = 0 is not the gradient", 1e-2, _truncation_gap, at_least=True)
    yield Claim(TIME, "the gradient of a batch is the mean over its examples", 1e-12, _batch_mean_error)
    yield Claim(TIME, "columns of Wax of symbols that do not occur: gradient exactly 0", 0, _absent_symbols)


@cache
def _gradients(cell: str) -> tuple[Example, dict[str, Array]]:
    e = example(cell)
    return e, cost_and_gradients(cell, e.leaves, e.y, e.mask)[1]


def _against_complex_step(cell: str, name: str) -> float:
    e, ours = _gradients(cell)
    return scaled_error(ours[f"d{name}"], complex_step(lambda moved: cost(cell, moved, e.y, e.mask), e.leaves, name))


@cache
def _numeric_gradients(cell: str) -> Array:
    e, _ = _gradients(cell)
    parts = [central_differences(lambda moved: cost(cell, moved, e.y, e.mask), e.leaves, name) for name in e.leaves]
    return np.concatenate([part.ravel() for part in parts])


def _central_difference_error(cell: str, error: Callable[[Array, Array], float]) -> float:
    e, ours = _gradients(cell)
    return error(np.concatenate([ours[f"d{name}"].ravel() for name in e.leaves]), _numeric_gradients(cell))


def _deltas_and_caches(e: Example) -> tuple[Array, Array, list[Any]]:
    """δy `(n_y, m, T)`, what each step's own loss says of a `(n_a, m, T)`, and the caches."""
    a, caches = hidden_states(e.cell, e.leaves)
    dz = cross_entropy_backward(logits(e.cell, e.leaves), e.y)
    return dz, dense_backward(dz, a, e.leaves["Wya"]).da, caches


def _double_sum_error() -> float:
    e = example("rnn", m=1)
    dz, _, caches = _deltas_and_caches(e)
    pairs = [(t, k) for t in range(len(caches)) for k in range(t + 1)]
    total = sum(rnn_contribution(t, k, dz[:, :, t], caches, e.leaves) for t, k in pairs)
    return scaled_error(cost_and_gradients("rnn", e.leaves, e.y)[1]["dWaa"], np.asarray(total))


def _full_truncation_error(cell: str) -> float:
    e, ours = _gradients(cell)
    T = e.y.shape[2]
    _, truncated = cost_and_gradients(cell, e.leaves, e.y, e.mask, truncation=T - 1)
    return max(scaled_error(truncated[name], ours[name]) for name in ours)


def _zero_truncation_error() -> float:
    e = example("rnn")
    _, da, caches = _deltas_and_caches(e)
    formula = sum((da[:, :, t] * (1 - c.a**2)) @ c.a_prev.T for t, c in enumerate(caches))
    ours = cost_and_gradients("rnn", e.leaves, e.y, truncation=0)[1]["dWaa"]
    return scaled_error(ours, np.asarray(formula))


def _truncation_gap() -> float:
    e = example("rnn")
    whole = cost_and_gradients("rnn", e.leaves, e.y)[1]["dWaa"]
    return norm_error(cost_and_gradients("rnn", e.leaves, e.y, truncation=0)[1]["dWaa"], whole)


def _batch_mean_error() -> float:
    e = example("lstm")
    batched = {"x", "a0", "c0"}
    m = e.y.shape[1]
    alone = [
        cost_and_gradients(
            "lstm", {q: w[:, i : i + 1] if q in batched else w for q, w in e.leaves.items()}, e.y[:, i : i + 1]
        )[1]
        for i in range(m)
    ]
    together = cost_and_gradients("lstm", e.leaves, e.y)[1]
    weights = [name for name in together if name[1:] not in batched]
    return max(scaled_error(sum(g[name] for g in alone) / m, together[name]) for name in weights)


def _absent_symbols() -> Array:
    e = example("rnn", n_x=12, T=4)
    absent = e.leaves["x"].sum(axis=(1, 2)) == 0
    return cost_and_gradients("rnn", e.leaves, e.y)[1]["dWax"][:, absent]


def _numeric_jacobian(cell: str, e: Example) -> Array:
    """∂state⟨T⟩/∂state⟨0⟩ by the complex step, a column a unit of the first state."""
    names = CELLS[cell].first_states
    n_a, h = len(e.leaves["a0"]), 1e-30
    columns = []
    for unit in np.eye(n_a * len(names)):
        parts = np.split(unit[:, None], len(names))
        moved = {name: e.leaves[name] + 1j * h * part for name, part in zip(names, parts, strict=True)}
        states, _ = CELLS[cell].forward(e.leaves["x"], e.leaves, *moved.values())
        columns.append(np.concatenate([state[:, 0, -1].imag / h for state in states]))
    return np.stack(columns, axis=1)


def _step_jacobian(cell: str) -> float:
    e = example(cell, m=1, T=1)
    _, caches = hidden_states(cell, e.leaves)
    return scaled_error(CELLS[cell].jacobian(caches[0]), _numeric_jacobian(cell, e))


def _jacobian_product_error(cell: str) -> float:
    e = example(cell, m=1, T=8)
    _, caches = hidden_states(cell, e.leaves)
    return scaled_error(list(jacobian_products(cell, caches))[-1], _numeric_jacobian(cell, e))


def _bound_excess() -> float:
    e = example("rnn", m=1, T=30)
    norms = jacobian_norms_by_lag("rnn", hidden_states("rnn", e.leaves)[1]).norms
    bound = jacobian_norm_bound(e.leaves["Waa"], len(norms) - 1)
    return float(max(0.0, (norms / bound - 1).max()))


BUGS_GROUP_NAME = mark("Deliberate bugs")
# With small weights (σ = 0.1) the subtlest bug errs by 0.007 in the 2-norm: the tolerance of 0.01 that some tutorials
# use would let it pass.
LEAST_BUG_ERROR = 1e-3


def bug_claims() -> Iterator[Claim]:
    for cell in ("rnn", "lstm"):
        error = partial(worst_error, cost_and_gradients, cell)
        yield Claim(BUGS_GROUP_NAME, "{cell} without bug", 1e-12, error, values={"cell": cell.upper()})
    for bug in BUGS:
        named = {"cell": bug.cell.upper(), "bug": bug.name}
        yield Claim(
            BUGS_GROUP_NAME,
            "{cell}: {bug}",
            LEAST_BUG_ERROR,
            partial(worst_error, broken_gradients(bug), bug.cell),
            at_least=True,
            values=named,
        )


def worst_error(gradients: GradientFunction, cell: str) -> float:
    """The largest scaled error over all leaves against the complex step."""
    e, reference = _reference_gradients(cell)
    _, ours = gradients(cell, e.leaves, e.y)
    return max(scaled_error(ours[f"d{name}"], gradient) for name, gradient in reference.items())


@cache
def _reference_gradients(cell: str) -> tuple[Example, dict[str, Array]]:
    e = example(cell)
    return e, {name: complex_step(lambda moved: cost(cell, moved, e.y), e.leaves, name) for name in e.leaves}
