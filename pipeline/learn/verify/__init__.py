"""Every numeric claim about the cells, with its tolerance and the error observed now.

The tests and the page that shows the checks run this same list.

>>> checks = run_checks()
>>> len(checks) > 150 and all(check.passed for check in checks)
True
"""

from collections.abc import Iterator

from pipeline.learn.verify import functions, gradients, invariants, published
from pipeline.learn.verify.check import Check, Claim, check_text
from pipeline.networks.quiet_start import start_tensorflow

__all__ = ["Check", "Claim", "check_text", "claims", "run_checks"]


def claims(with_tensorflow: bool) -> Iterator[Claim]:
    """All claims, in the order of the article. With TensorFlow, the comparisons with it come last."""
    for group in (
        functions.claims,
        gradients.claims,
        invariants.architecture_claims,
        functions.update_claims,
        invariants.claims,
        published.claims,
        gradients.bug_claims,
    ):
        yield from group()
    if with_tensorflow:
        start_tensorflow()
        from pipeline.learn.verify.keras_comparison import claims as comparisons  # imports TensorFlow: several seconds

        yield from comparisons()


def run_checks() -> list[Check]:
    """Check every claim but the comparisons with TensorFlow: about 2 s.

    A failure is a check that did not pass, never an exception.
    """
    return [claim.check() for claim in claims(with_tensorflow=False)]
