"""Eighteen classic mistakes of backpropagation, each one line of this package changed.

The gradient check has to catch every one (tests/cells/test_bugs.py), and a page lets the reader switch them on. A bug
is stored as the line that is right and the line that is wrong; `broken_gradients` compiles the real modules with it.
"""

import builtins
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from pipeline.cells import activations, bptt, cell, lstm, output_layer, registry, rnn
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.core.translation import mark

GradientFunction = Callable[..., tuple[float, dict[str, Any]]]  # the signature of bptt.cost_and_gradients


@dataclass(frozen=True)
class Bug:
    """A mistake: the cell that shows it, the module and line that it changes, the wrong line, and the belief behind
    it."""

    name: str
    cell: str
    module: ModuleType
    right: str
    wrong: str
    belief: str


BUGS = (
    Bug(mark("error with the wrong sign"), "rnn", output_layer, "dz = softmax(z) - y", "dz = y - softmax(z)",
        mark("The error is target minus output. (It should be output minus target.)")),
    Bug(mark("no mean over the batch"), "rnn", output_layer, "return dz / m", "return dz",
        mark("The cost is a mean over the batch, but its gradient a sum.")),
    Bug(mark("softmax: plus for minus"), "rnn", output_layer, "dz = softmax(z) - y",
        "dz = (2 * y - 1) * softmax(z) - y",
        mark("∂ŷ_j/∂z_i = ŷ_j·ŷ_i when i ≠ j, without the minus sign: every wrong class rises.")),
    Bug(mark("slope of tanh left out"), "rnn", rnn, "dz = da * tanh_derivative(a)", "dz = da",
        mark("The gradient goes through the activation unchanged.")),
    Bug(mark("slope of tanh without its square"), "rnn", activations, "return 1 - a * a", "return 1 - a",
        mark("The square is missing.")),
    Bug(mark("state weights not transposed"), "rnn", rnn, 'np.matmul(parameters["Waa"].T, dz)',
        'np.matmul(parameters["Waa"], dz)',
        mark("The backward pass uses the matrix of the forward pass. (Waa is square, so the shapes match and nothing "
             "complains.)")),
    Bug(mark("no error from later steps"), "rnn", cell, "self.cell_backward(da[:, :, t] + da_next, *others, caches[t])",
        "self.cell_backward(da[:, :, t], *others, caches[t])",
        mark("Each step is an ordinary layer: no error comes back from later steps.")),
    Bug(mark("new state for the old"), "rnn", rnn, "np.matmul(dz, a_prev.T)", "np.matmul(dz, a.T)",
        mark("∂J/∂Waa multiplies the error by the state just computed.")),
    Bug(mark("steps overwrite each other"), "rnn", cell, "total[name] = total.get(name, 0) + gradient",
        "total[name] = gradient", mark("Shared weights: the gradient of one step replaces the others (`=` for `+=`).")),
    Bug(mark("cell: no error through the state"), "lstm", lstm, "dc = dc_next + da * gamma_o * tanh_derivative(tanh_c)",
        "dc = dc_next", mark("The cell state receives error only from the next cell state.")),
    Bug(mark("cell: slope of tanh left out"), "lstm", lstm, "dc = dc_next + da * gamma_o * tanh_derivative(tanh_c)",
        "dc = dc_next + da * gamma_o", mark("a = Γo·tanh(c), differentiated as if it were Γo·c.")),
    Bug(mark("output gate: c for tanh(c)"), "lstm", lstm, "da * tanh_c * sigmoid_derivative(gamma_o)",
        "da * c * sigmoid_derivative(gamma_o)",
        mark("The subtlest: for small c the two are almost equal.")),
    Bug(mark("candidate treated as a gate"), "lstm", lstm, "dc * gamma_i * tanh_derivative(candidate)",
        "dc * gamma_i * sigmoid_derivative(candidate)",
        mark("The candidate is differentiated as if it were a gate; it is a tanh.")),
    Bug(mark("gates: part of the slope left out"), "lstm", activations, "return s * (1 - s)", "return s",
        mark("The factor 1 − σ is missing.")),
    Bug(mark("forget gate: new cell for the old"), "lstm", lstm, "dc * c_prev * sigmoid_derivative(gamma_f)",
        "dc * c * sigmoid_derivative(gamma_f)", mark("The forget gate multiplies the state just computed.")),
    Bug(mark("cell goes back through the input gate"), "lstm", lstm, '"dc_prev": dc * gamma_f',
        '"dc_prev": dc * gamma_i', mark("The error goes back in time through the input gate.")),
    Bug(mark("cell not carried back"), "lstm", cell, '[step.pop(f"d{state}_prev") for state in self.states]',
        '[(state != "c") * step.pop(f"d{state}_prev") for state in self.states]',
        mark("Only a flows between steps.")),
    Bug(mark("state not carried back"), "lstm", cell, '[step.pop(f"d{state}_prev") for state in self.states]',
        '[(state != "a") * step.pop(f"d{state}_prev") for state in self.states]',
        mark("Only c flows between steps.")),
)  # fmt: skip


@cache
def broken_gradients(bug: Bug) -> GradientFunction:
    """Return `bptt.cost_and_gradients` compiled with the bug's line; the package itself is untouched.

    Copies of its modules are executed in the order of their imports, each importing the copies before it.
    """
    copies: dict[str, ModuleType] = {}

    def import_from_copies(name: str, *rest: Any) -> ModuleType:
        return copies.get(name) or __import__(name, *rest)

    cells = (sys.modules[each.layer.__module__] for each in registry.CELLS.values())
    for module in (activations, output_layer, cell, *cells, registry, bptt):
        copy = ModuleType(module.__name__)
        vars(copy)["__builtins__"] = {**vars(builtins), "__import__": import_from_copies}
        exec(_compile_module(module, bug if module is bug.module else None), vars(copy))
        copies[module.__name__] = copy
    return copies[bptt.__name__].cost_and_gradients


@cache
def _compile_module(module: ModuleType, bug: Bug | None) -> CodeType:
    source = inspect.getsource(module)
    return compile(source if bug is None else _with_bug(source, bug), str(module.__file__), "exec")


def _with_bug(source: str, bug: Bug) -> str:
    """Return the source with the correct line replaced. Raise LookupError unless that line occurs exactly once."""
    if source.count(bug.right) != 1:
        raise LookupError(f"{bug.name}: {bug.right!r} is {source.count(bug.right)} times in {bug.module.__name__}")
    return source.replace(bug.right, bug.wrong)


# With small weights (σ = 0.1) the subtlest bug errs by 0.006 in the 2-norm: the tolerance of 0.01 that some tutorials
# use would let it pass (tests/cells/test_bugs.py).
LEAST_ERROR_OF_A_BUG = 1e-3


def largest_gradient_error(gradients: GradientFunction, cell: str) -> float:
    """Return the largest scaled error of these gradients, over all leaves of a small random network of this cell,
    against the complex step."""
    leaves, y, reference = _example_with_exact_gradients(cell)
    _, ours = gradients(cell, leaves, y)
    return max(scaled_error(ours[f"d{name}"], gradient) for name, gradient in reference.items())


@cache
def _example_with_exact_gradients(cell: str) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """Return (inputs and weights by name, targets, exact gradients by name) of two sequences of six steps."""
    rng = np.random.default_rng(0)
    drawn = bptt.initial_weights_and_states(cell, 4, 5, 3, rng, m=2)
    leaves = {name: rng.normal(0, 0.6, leaf.shape) for name, leaf in drawn.items()}
    leaves["x"], y = bptt.one_hot(rng.integers(4, size=(2, 6)), 4), bptt.one_hot(rng.integers(3, size=(2, 6)), 3)
    return leaves, y, {name: complex_step(lambda moved: bptt.cost(cell, moved, y), leaves, name) for name in leaves}
