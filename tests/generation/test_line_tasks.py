"""Lines of one's own revised and filled, from untrained networks: what is demanded holds, what is given stays."""

import numpy as np
import pytest

from pipeline.core.errors import SettingError
from pipeline.generation.context import ContextBatch
from pipeline.generation.line_tasks import _mean_log_p, fill_gaps, line_between, revise_line
from pipeline.generation.own_line import edit_distance, read_template, restore_spelling
from pipeline.generation.search.last_words import Candidate
from pipeline.language.rhyme import KINDS, compare_rhyme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from tests.generation.fakes import asking, index_of

BEFORE = "La lune est sur le toit, je regarde la nuit\n"
OWN = "Je marche, mon ami, dans la ville et la rue"


@pytest.fixture(scope="module", params=["word", "char", "subword"])
def index(request):
    return index_of(request.param)


def syllables(index, text):
    return scan_line(text, index.pronunciations).syllables.spoken


@pytest.mark.parametrize("count", [9, 13])
def test_a_revision_has_the_syllables_asked_for_and_keeps_most_words(index, count):
    lines = revise_line(index, BEFORE, OWN, asking(syllables=count, tolerance=0), 1)
    assert lines
    for line in lines:
        assert not line.violations
        assert line.syllables == syllables(index, line.text) == count
        assert 0 < edit_distance(tokenise(OWN), tokenise(line.text)) <= 4


def test_revisions_come_with_the_fewest_changes_first(index):
    lines = revise_line(index, BEFORE, OWN, asking(avoid=("ville",)), 2)
    distances = [edit_distance(tokenise(OWN), tokenise(line.text)) for line in lines]
    assert distances == sorted(distances)
    assert distances[0] == 1
    assert all("ville" not in tokenise(line.text) for line in lines)


def test_a_revision_rhymes_without_a_word_in_so_many_syllables(index):
    asked = asking(rhyme_with="maison", avoid=("ville",), syllables=11, tolerance=1)
    lines = [line for line in revise_line(index, BEFORE, OWN, asked, 3) if not line.violations]
    assert lines
    for line in lines:
        assert KINDS.index(compare_rhyme("maison", line.text, index.pronunciations).kind) >= KINDS.index("suffisante")
        assert "ville" not in tokenise(line.text)
        assert 10 <= line.syllables <= 12


def test_what_stays_stays_as_it_was_written():
    assert restore_spelling(OWN, tokenise("je danse mon ami dans la rue")) == "Je danse mon ami, dans la rue"
    assert restore_spelling("Paris, c'est loin", ["loin", "paris"]) == "Loin paris,"


def test_a_word_that_the_model_does_not_know_stays(index):
    lines = revise_line(index, BEFORE, "Je garde Zanzibar dans la ville", asking(avoid=("garde",)), 4)
    assert any("Zanzibar" in line.text for line in lines)


def test_a_line_without_words_is_one_sentence(index):
    with pytest.raises(SettingError, match="no word"):
        revise_line(index, BEFORE, "?!", asking())


def test_holes_are_filled_and_the_words_given_stand_in_order(index):
    lines = fill_gaps(index, BEFORE, "Je … la nuit … maison", asking(syllables=12, tolerance=3), 2)
    assert lines
    for line in lines:
        words = tokenise(line.text)
        assert (words[0], words[-1]) == ("je", "maison")
        at = next(at for at in range(2, len(words)) if words[at : at + 2] == ["la", "nuit"])
        assert at + 3 < len(words)
        assert line.violations or 9 <= line.syllables <= 15


def test_an_open_end_rhymes(index):
    lines = fill_gaps(index, BEFORE, "la nuit …", asking(rhyme_with="maison"), 2)
    assert any(not line.violations for line in lines)
    for line in lines:
        assert line.text.startswith("La nuit")
        assert line.violations or line.rhyme_kind in KINDS[3:]


def test_a_line_between_leads_on_and_rhymes(index):
    lines = line_between(index, BEFORE, OWN, asking(syllables=10), 3, count=3, answer="On attend le matin")
    assert len(lines) == 3
    assert all(line.violations or line.rhyme_kind in KINDS[3:] for line in lines)


@pytest.mark.parametrize("log_p", [(-2.0,), (-1.0, -4.0), (-0.5, -1.5, -7.0)])
def test_a_line_is_no_less_likely_for_being_longer(log_p):
    means = [_mean_log_p(Candidate("", (), log_p=log_p * times)) for times in (1, 2, 5)]
    assert means == pytest.approx([np.mean(log_p)] * 3)


@pytest.mark.parametrize("text", ["la nuit", "", "… a … b … c … d … e … f … g"])
def test_a_template_that_is_none_is_one_sentence(text):
    with pytest.raises(SettingError, match="1 to 6 gaps"):
        read_template(text)


def test_holes_side_by_side_are_one():
    assert read_template("je … ___ ... nuit") == ("je", None, "nuit")


def test_rows_are_read_each_to_its_own_length(index):
    model = index.model
    logits, state = model.feed_sequences(np.array([[3]]))
    rows = ContextBatch(model, logits[:, -1], state).select_rows([0, 0, 0])
    read, log_p = rows.feed_sequences([(5, 6), (), (7,)])
    alone, p = rows.select_rows([0]).feed_sequences([(5, 6)])
    assert np.allclose(read.logits[0], alone.logits[0])
    assert np.allclose(read.logits[1], rows.logits[1])
    assert log_p[1] == 0
    assert log_p[0] == pytest.approx(p[0])
