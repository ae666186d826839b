"""Who speaks: whose a line is, and sections that keep to one person more often."""

import pytest

from pipeline.generation import line_bonus
from pipeline.generation.constraints import Constraints
from pipeline.generation.line_bonus import line_person, section_person, speaker_bonus
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.writing import write_lyric
from pipeline.language.vocabulary import Vocabulary
from tests.generation.fakes import index_of, run_of


@pytest.mark.parametrize(
    ("line", "person"),
    [("J'suis là", "je"), ("Et toi, t'as vu", "tu"), ("Il t'aime", None), ("Ce soir on rentre, tu viens", "on")],
)
def test_a_line_is_of_its_first_subject(line, person):
    assert line_person(line) == person


def test_a_section_is_of_most_of_its_lines():
    assert section_person(["Tu dors", "Je veille", "La nuit", "J'attends"]) == "je"
    assert section_person(["Tu dors", "Je veille"]) == "tu"
    assert section_person(["La nuit"]) is None
    assert speaker_bonus(["La nuit"], Vocabulary.from_counts({"je": 1}, level="word")) is None


MEASURE = Constraints(scheme="AABB", syllables=10)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("level", "constraints"),
    [
        ("word", None),
        ("word", MEASURE),
        pytest.param("char", MEASURE, marks=pytest.mark.slow),
        pytest.param("subword", MEASURE, marks=pytest.mark.slow),
    ],
)
def test_lines_keep_to_the_person_of_the_seed(level, constraints, monkeypatch):
    # networks that learned nothing have few lines that show a person
    monkeypatch.setattr(line_bonus, "PERSON_STRENGTH", 6.0)
    index, seed = index_of(level), "Tu me parles de toi\n"

    def count(keep):
        settings = WriteSettings(lines=24, constraints=constraints, keep_person=keep)
        return [line_person(line.text) for line in write_lyric(run_of(index), seed, settings, 1).lines].count("tu")

    assert count(True) > count(False)
