import json

import pytest

from pipeline.core.plain_data import from_plain_data
from pipeline.generation.constraints import _CODES, VIOLATION_CODES, Violation, violation_text

EXAMPLES = {int: 3, str: "la <b>"}


@pytest.mark.parametrize("code", VIOLATION_CODES)
def test_each_code_has_a_text_of_all_its_values_and_survives_json(code):
    violation = Violation(code, {name: EXAMPLES[kind] for name, kind in _CODES[code][1].items()})
    assert all(str(value) in violation_text(violation) for value in violation.values.values())
    data = json.loads(json.dumps({"code": violation.code, "values": dict(violation.values)}))
    assert from_plain_data(Violation, data) == violation


@pytest.mark.parametrize(
    ("code", "values"),
    [("nonsense", {}), ("syllables", {}), ("corpus-words", {"count": "<b>"}), ("no-words", {"text": "x"})],
)
def test_what_is_no_violation_is_refused(code, values):
    with pytest.raises(ValueError, match="is no violation"):
        Violation(code, values)
