"""The claims that need TensorFlow."""

import pytest

from pipeline.learn.verify.keras_comparison import claims


@pytest.mark.parametrize("claim", list(claims()), ids=lambda claim: claim.name)
def test_claim(claim):
    check = claim.check()
    assert check.passed, f"observed {check.observed:.1e} against {check.tolerance:.0e}"
