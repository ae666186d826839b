"""Style: what is told, two voices mixed, and clear refusals."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.core.errors import SettingError
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings, control_tokens
from pipeline.generation.style import Style, Theme, styled_model
from pipeline.language.vocabulary import SONG, Vocabulary
from pipeline.language_models.control_tokens import add_control_tokens
from pipeline.language_models.network import ConditionBlend
from pipeline.language_models.protocol import LanguageModel

LABELS = [(("<voice:x>", "<section:refrain>", "<years:1995-1999>"), ("<voice:y>",))] * 3
VOCABULARY = add_control_tokens(Vocabulary.from_counts({"a": 3, "b": 2}, level="char"), LABELS)
X, Y = VOCABULARY.encode(["<voice:x>", "<voice:y>"])


class Echo(LanguageModel):
    """Holds likely what it read last."""

    @property
    def vocabulary_size(self):
        return len(VOCABULARY)

    def initial_state(self, batch=1):
        return np.zeros(batch)

    def feed_tokens(self, tokens, state):
        return np.eye(len(VOCABULARY))[np.asarray(tokens)] * 3, np.asarray(tokens)


def test_what_is_told_of_a_section():
    told = Style(voice="x", year=1997).control_tokens(VOCABULARY, "refrain")
    assert VOCABULARY.decode(told[0]) == ["<voice:x>", "<years:1995-1999>", "<section:refrain>"]
    assert [len(part) for part in Style().control_tokens(VOCABULARY, "couplet")] == [0]  # the run knows no couplets


def test_a_text_is_told_its_kind_its_scheme_who_speaks_and_its_words() -> None:
    labels = [(("<source:texts>", "<who:je>", "<rhymes:AABB>", "<text:words>"),)] * 3
    known = add_control_tokens(
        Vocabulary.from_counts(dict.fromkeys("nuit rue", 3), level="char"), labels, uses_end_words=True
    )
    theme = Theme(words=(("nuit", 1.0),))
    asked = LyricSettings(style=Style(controls=("who:je",)), constraints=Constraints(scheme="AABB"), theme=theme)
    (first,), (later,) = (control_tokens(asked, known, number=number) for number in (0, 1))
    head = ["<source:texts>", "<who:je>", "<rhymes:AABB>"]
    assert known.decode(first) == [*head, "<text:words>", *"nuit", "<end:line>"]
    assert known.decode(later) == head[:2]
    with pytest.raises(SettingError, match="does not know 'tu'"):
        control_tokens(replace(asked, style=Style(controls=("who:tu",))), known)


def test_two_voices_are_mixed_by_share():
    style = Style(voice="x", other="y", share=0.25)
    model = styled_model(Echo(), style)
    logits, state = model.feed_sequences(np.array([[SONG]]))
    logits, _ = model.feed_control_tokens(style.control_tokens(VOCABULARY), logits[0, -1], state)
    p = np.exp(logits)
    assert p.sum() == pytest.approx(1)
    assert (p[X] - p[SONG]) / (p[Y] - p[SONG]) == pytest.approx(3)


def test_one_voice_needs_no_blend():
    model = Echo()
    assert styled_model(model, Style(voice="x")) is model
    assert isinstance(styled_model(model, Style(voice="x", other="y")), ConditionBlend)


@pytest.mark.parametrize("style", [Style(voice="z"), Style(year=2030), Style(controls=("section:pont",))], ids=str)
def test_what_a_run_was_not_taught_is_said(style):
    with pytest.raises(SettingError, match="it knows refrain, x, y, 1995-1999"):
        style.control_tokens(VOCABULARY)


def test_a_blend_needs_a_first_voice():
    with pytest.raises(SettingError, match="first"):
        Style(other="y")


def test_two_voices_take_turns_a_section_each():
    duet = Style(voice="x", other="y", turns=True)
    said = [VOCABULARY.decode(*duet.control_tokens(VOCABULARY, number=number)) for number in range(3)]
    assert said == [["<voice:x>"], ["<voice:y>"], ["<voice:x>"]]
    assert VOCABULARY.decode(*duet.control_tokens(VOCABULARY)) == ["<voice:x>"]  # begins
    assert styled_model(model := Echo(), duet) is model
    assert [Style(voice="x", other="y").voice_of_section(number) for number in range(2)] == ["x", "x"]
