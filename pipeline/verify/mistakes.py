"""Claims that each of the eighteen bugs is caught: the check's error exceeds 1e-3 for it, and only for it."""

from collections.abc import Iterator
from functools import cache, partial

from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost, cost_and_gradients
from pipeline.cells.bugs import BUGS, Bug, GradientFunction, broken_gradients
from pipeline.cells.gradient_checks import complex_step, scaled_error
from pipeline.core.translation import mark
from pipeline.verify.check import Claim
from pipeline.verify.examples import Example, example

GROUP = mark("Deliberate bugs")
# With small weights (σ = 0.1) the subtlest bug errs by 0.007 in the 2-norm: the tolerance of 0.01 that some tutorials
# use would let it pass.
SEEN = 1e-3


def claims() -> Iterator[Claim]:
    for cell in ("rnn", "lstm"):
        error = partial(worst_error, cost_and_gradients, cell)
        yield Claim(GROUP, "{cell} as it is", 1e-12, error, values={"cell": cell.upper()})
    for bug in BUGS:
        named = {"cell": bug.cell.upper(), "bug": bug.name}
        yield Claim(GROUP, "{cell}: {bug}", SEEN, partial(_caught, bug), at_least=True, values=named)


def worst_error(gradients: GradientFunction, cell: str) -> float:
    """The largest scaled error over all leaves against the complex step."""
    e, reference = _reference(cell)
    _, ours = gradients(cell, e.leaves, e.y)
    return max(scaled_error(ours[f"d{name}"], gradient) for name, gradient in reference.items())


def _caught(bug: Bug) -> float:
    return worst_error(broken_gradients(bug), bug.cell)


@cache
def _reference(cell: str) -> tuple[Example, dict[str, Array]]:
    e = example(cell)
    return e, {name: complex_step(lambda moved: cost(cell, moved, e.y), e.leaves, name) for name in e.leaves}
