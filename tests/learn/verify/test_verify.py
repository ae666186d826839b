"""Every claim holds; the list is the one that the command line and the page show."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.translation import in_language
from pipeline.learn.verify import Claim, check_text, claims
from pipeline.learn.verify.invariants import series_floor
from pipeline.learn.verify.published import published_numbers
from pipeline.locale.gather import sentences

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "rnn_test_vectors.json").read_text("utf-8"))
CLAIMS = list(claims(with_tensorflow=False))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.group}: {claim.name}")
def test_claim(claim: Claim):
    check = claim.check()
    assert check.passed, f"observed {check.observed:.1e} against {check.tolerance:.0e}"


def test_a_claim_is_a_sentence_of_the_catalogue():
    """Published numbers are named as their courses name them."""
    known = {message.id for message in sentences("pipeline")}
    assert {claim.sentence for claim in CLAIMS if claim.group != "Published numbers"} <= known
    assert {claim.group for claim in CLAIMS} <= known


def test_a_check_is_said_in_the_language_of_the_reader():
    claim = next(claim for claim in CLAIMS if claim.values.get("bug") == "no carry")
    row = asdict(claim.check())
    assert check_text(row) == row["name"] == "RNN: no carry"
    with in_language("fr"):
        assert check_text(row) == "RNN\u202f: pas de remontée"


def test_names_are_unique():
    assert len({(claim.group, claim.name) for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("number", published_numbers(), ids=lambda number: number.name)
def test_printed_number_is_the_one_on_file(number):
    """tests/data/rnn_test_vectors.json holds each printed number, and a full-precision one computed independently."""
    on_file = VECTORS["published"][number.name]
    np.testing.assert_array_equal(number.printed, on_file["published"])
    if "recomputed" in on_file:  # all but the release that is wrong
        np.testing.assert_allclose(np.ravel(number.ours), np.ravel(on_file["recomputed"]), rtol=1e-10, atol=1e-12)


def test_no_printed_number_is_forgotten():
    assert {number.name for number in published_numbers()} == set(VECTORS["published"])


def test_floors_are_those_on_file():
    floors = VECTORS["time_series_floors"]
    assert series_floor(()) == pytest.approx(floors["none"], abs=1e-15)
    assert series_floor((3,)) == pytest.approx(floors["t-3"], abs=1e-15)
    assert series_floor((8,)) == pytest.approx(floors["t-8"], abs=1e-15)
    assert series_floor((3, 8)) == pytest.approx(floors["both"], abs=1e-15)


def test_a_wrong_number_fails_and_a_missing_one_too():
    assert not Claim("g", "n", 1e-3, lambda: 0.1).check().passed
    assert not Claim("g", "n", 1e-3, lambda: float("nan")).check().passed
    assert not Claim("g", "n", 1e-3, lambda: 1e-4, at_least=True).check().passed
    assert Claim("g", "n", 1e-3, lambda: np.array([-1e-4, 0])).check().observed == 1e-4
