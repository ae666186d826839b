"""The state of a batch, whatever the model: rows are taken and joined alike in arrays, layers and mixtures."""

import numpy as np
import pytest

from pipeline.generation.candidates import _join, take

ARRAY = np.arange(6).reshape(3, 2)


@pytest.mark.parametrize("state", [ARRAY, ((ARRAY, ARRAY + 10), (ARRAY + 20,)), (((ARRAY,),), ARRAY + 30)])
def test_rows_taken_apart_and_joined_are_the_batch(state) -> None:
    joined = _join([take(state, [row]) for row in range(3)])
    assert str(joined) == str(state)
