"""The tokenisation loss of a word model: each character of a line is in exactly one symbol; probabilities add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import RunError
from pipeline.language_models.casing import CODE_POINT_BITS, CasingModel, _casing_symbols, train_casing, train_spelling

TEXT = "J'arrive dans la ville (ouais)\nParis, la nuit\n\nElle m'a dit : « viens »\n" * 3


def rebuilt(line: str) -> str:
    """The line from its tokens and symbols, as a decoder would."""
    from pipeline.language.tokens import tokenise

    tokens, out, raw = iter(tokenise(line)), "", None
    for contexts, symbol in _casing_symbols(line):
        if contexts[0] in ("gap", "end") or contexts[0] == "raw":
            out += symbol
        else:
            token = next(tokens)
            raw = {"same": token, "capital": token[:1].upper() + token[1:], "upper": token.upper(), "other": ""}[symbol]
            out += raw
    return out


@given(st.text(alphabet="aébÉPJ'’ ,.!()«»-M0", max_size=30))
def test_a_line_can_be_rebuilt_from_its_tokens_and_symbols(line):
    assert rebuilt(line) == line


def test_probabilities_and_the_escape_sum_to_one():
    casing = train_casing([TEXT])
    contexts = ("gap", "gap 'w0", "gap 'w0|arrive")
    symbols = set(casing.counts["gap"])
    total = sum(casing._probability(contexts, symbol) for symbol in symbols)
    unseen = casing._escape_probability("gap")
    for context in contexts[1:]:  # what an unseen symbol would get through every level
        seen = casing.counts.get(context)
        unseen *= len(seen) / (sum(seen.values()) + len(seen)) if seen else 1
    assert total + unseen == pytest.approx(1)


def test_usual_writing_is_cheaper_than_unusual():
    casing, spelling = train_casing([TEXT]), train_spelling([TEXT], ["ville"])
    usual, unusual = (casing.bits([line], spelling) for line in ("Paris, la nuit", "pARIS ;; la nuit"))
    assert usual < unusual


def test_a_character_of_no_training_text_costs_its_code_point():
    spelling = train_spelling(["abab"], ["ab", "ba"])
    known, unknown = spelling.bits(["ab", "a\u4e16"])
    assert unknown > CODE_POINT_BITS > known > 0
    assert np.isfinite(unknown)


def test_json_there_and_back():
    casing, spelling = train_casing([TEXT]), train_spelling([TEXT], ["ville"])
    again = CasingModel.from_json(casing.to_json())
    assert again.bits(["Paris !"], spelling) == casing.bits(["Paris !"], spelling)
    with pytest.raises(RunError, match="damaged"):
        CasingModel.from_json({"counts": 3})
