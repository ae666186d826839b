"""Lines under constraints, from untrained networks: what is demanded must hold however little the model knows."""

import json

import numpy as np
import pytest

from pipeline.cells.activations import log_softmax
from pipeline.core.errors import SettingError
from pipeline.generation import network_proposer
from pipeline.generation.constraints import Constraints, violation_text
from pipeline.generation.demand import LineDemand
from pipeline.generation.form import Slot, parse_plan
from pipeline.generation.line_tasks import propose_lines
from pipeline.generation.lyric import Lyric, LyricSettings
from pipeline.generation.network_proposer import NetworkProposer
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.search.constraint_index import constraint_index
from pipeline.generation.song import SongState
from pipeline.generation.writing import write, write_lyric
from pipeline.language.rhyme import KINDS, compare_rhyme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE
from pipeline.language_models.control_tokens import END_LINE, END_WORD
from pipeline.writers.desk import open_run
from tests.generation.fakes import MANY, asking, index_of, run_of

FRAMES = {"scheme": "AABB", "syllables": 12}


@pytest.fixture(scope="module", params=["word", pytest.param("char", marks=pytest.mark.slow), "subword"])
def index(request):
    return index_of(request.param)


def settings(lines=4, **constraints):
    return LyricSettings(lines=lines, constraints=Constraints(**constraints), sampling=SamplingSettings(temperature=1))


def lines_of(index, seed, wanted, random_seed):
    return write_lyric(run_of(index), seed, wanted, random_seed).lines


def demand_of(index, seed="", answer="", **constraints):
    """A song that begins with a seed, and what its next line is asked for."""
    song = SongState.from_seed(index, seed, settings(**constraints), np.random.default_rng(1))
    return song, LineDemand(song, Slot(0, "", "A", Constraints(**constraints)), answer, group=1 if answer else 2)


def texts(violations):
    return tuple(map(violation_text, violations))


def test_lines_rhyme_and_scan(index):
    lines = lines_of(index, "", settings(**FRAMES), 1)
    assert [line.rhyme for line in lines] == ["A", "A", "B", "B"]
    for line in lines:
        assert line.violations == ()
        assert 11 <= line.syllables <= 13
        assert line.syllables == scan_line(line.text, index.pronunciations).syllables.spoken
    for first, second in (lines[:2], lines[2:]):
        kind = compare_rhyme(first.text, second.text, index.pronunciations).kind
        assert KINDS.index(kind) >= KINDS.index("suffisante")
        assert second.rhyme_kind == kind
        assert tokenise(first.text)[-1] != tokenise(second.text)[-1]


@pytest.mark.parametrize(
    "line", ["", "y a quatre murs", "quatre, murs", "au revoir, regarde-moi", "samedi l'", "a-t-il ?"]
)
def test_syllables_of_a_line_under_way_are_those_of_the_line(index, line):
    for text in (line, *(line.rsplit(" ", n)[0] for n in (1, 2))):
        assert index.spoken_syllables(text) == scan_line(text, index.pronunciations).syllables.spoken


def test_every_line_rhymes_with_a_given_word(index):
    lines = lines_of(index, "", settings(lines=3, rhyme_with="raison"), 2)
    assert all(line.rhyme_kind in KINDS[3:] and not line.violations for line in lines)


def test_words_are_used_and_avoided(index):
    wanted = settings(lines=4, use=("étoiles", "pain"), avoid=("je", "le"))
    text = " ".join(tokenise(write_lyric(run_of(index), "", wanted, 3).text)).split()
    assert {"étoiles", "pain"} <= set(text)
    assert not {"je", "le"} & set(text)


def test_phrases_and_words_of_ones_own_are_used_and_avoided(index):
    """A character model spells what the corpus does not know; a word model cannot, and says so."""
    wanted = settings(lines=4, use=("loulou", "la maison", "l’ennui"), avoid=("dans la",))
    lines = lines_of(index, "", wanted, 3)
    text = " ".join(line.text for line in lines).lower()
    assert "la maison" in text
    assert "l'ennui" in text
    assert "dans la" not in " ".join(tokenise(text))
    spells = index.modelling_units.spells
    assert ("loulou" in text) is spells
    assert all(not line.violations for line in lines[:-1])
    assert texts(lines[-1].violations) == (() if spells else ("the text does not contain “loulou”",))


def test_no_line_of_the_corpus_and_no_long_copy(index):
    lines = lines_of(index, "", settings(lines=8), 4)
    corpus = {line.text.lower() for line in MANY}
    for line in lines:
        assert line.text.lower() not in corpus
        assert not line.copies or line.violations


def test_the_seed_is_finished_first_and_counts(index):
    lyric = write_lyric(run_of(index), "Un vers\nLe soir", settings(lines=2, scheme="AA", syllables=10), 5)
    assert lyric.text.startswith("Un vers\nLe soir")
    assert lyric.lines[0].text.startswith("Le soir")
    assert 9 <= lyric.lines[0].syllables <= 11


@pytest.mark.parametrize(
    ("impossible", "reason"),
    [
        ({"rhyme_with": "clafoutis", "richness": "leonine"}, "no-rhyme"),
        ({"use": ("xylophone",)}, "phrase-missing-in-text"),
    ],
)
def test_what_cannot_be_met_is_reported(index, impossible, reason):
    lines = lines_of(index, "", settings(lines=2, **impossible), 6)
    assert len(lines) == 2
    assert all(line.text for line in lines)
    assert reason in [violation.code for violation in lines[-1].violations]


def test_a_seed_longer_than_the_line_is_reported(index):
    seed = "Je marche dans la ville et j'oublie ma maison et la raison"
    line = lines_of(index, seed, settings(lines=1, syllables=6), 7)[0]
    assert line.text.startswith(seed)
    assert "syllables instead of 6" in violation_text(line.violations[0])


def test_the_refrain_returns_word_for_word(index):
    plan = LyricSettings(plan=parse_plan("refrain 2 AA 8, couplet 2 AA 10, refrain"), constraints=Constraints())
    lyric = write_lyric(run_of(index), "", plan, 8)
    sections = lyric.text.split("\n\n")
    assert len(sections) == 3
    assert sections[0] == sections[2]
    assert [line.kind for line in lyric.lines] == ["refrain"] * 2 + ["couplet"] * 2 + ["refrain"] * 2


def test_one_random_seed_writes_one_text_and_survives_json(index):
    wanted = settings(lines=3, use=("pain",), **FRAMES)
    lyric = write_lyric(run_of(index), "wesh", wanted, 9)
    assert write_lyric(run_of(index), "wesh", wanted, 9) == lyric
    assert write_lyric(run_of(index), "wesh", wanted, 10).text != lyric.text
    assert Lyric.from_json(json.loads(json.dumps(lyric.to_json()))) == lyric
    stopped = write(run_of(index), "wesh", wanted, 9)
    next(stopped)
    assert stopped.as_lyric().lines == lyric.lines[:1]
    assert lyric.text.startswith(stopped.as_lyric().text)


def test_five_proposals_differ_and_rhyme(index):
    text = "La lune est sur le toit, je regarde la nuit\n"
    lines = propose_lines(index, text, asking(scheme="AABB", syllables=10), 1, count=3)
    met = [line for line in lines if not line.violations]
    assert len(lines) == 3
    assert met
    assert all(line.rhyme_kind in KINDS[3:] for line in met)
    assert len({tokenise(line.text)[-1] for line in lines}) == 3


def test_a_proposal_may_open_a_rhyme_or_answer_a_line_of_ones_own(index):
    text = "On attend\n\nJe garde la maison\nTu parles de raison\n"
    opening = propose_lines(index, text, asking(scheme="AABB"), count=1)[0]
    assert (opening.rhyme, opening.rhyme_kind) == ("B", None)
    own = propose_lines(index, text, asking(scheme="AABB"), count=1, answer="Je marche vers la cour")[0]
    assert own.rhyme_kind in KINDS[3:]


def test_a_multi_is_met_across_words(index):
    """No word of the corpus has the vowels a-e-ɔ̃: la raison, ma saison, pas maison do."""
    answer = "je reviens à la maison"
    assert not index.endings.rhyming_indices(("a", "m", "e", "z", "ɔ̃"), "multi3")
    wanted = asking(richness="multi3", syllables=11, tolerance=4)
    found = propose_lines(index, "", wanted, 3, count=3, answer=answer)
    met = [line for line in found if not line.violations]
    assert met
    for line in met:
        assert compare_rhyme(answer, line.text, index.pronunciations).shared_vowels >= 3
        assert index.pronunciations[tokenise(line.text)[-1]].syllables < 3


def test_a_rhyme_is_no_word_that_sounds_the_same(index):
    # "main" ends a line of the corpus, "mains" is its plural: heard alike, it answers nothing
    for number in range(4):
        (line,) = propose_lines(index, "Je garde tout dans mes mains\n", asking(scheme="AA"), number, count=1)
        assert line.violations == ()
        assert tokenise(line.text)[-1] != "main"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("level", ["word", "char"])  # untrained subwords prefer the few words that are one piece
def test_every_letter_is_another_rhyme(level):
    lines = lines_of(index_of(level), "", settings(8, **FRAMES), 3)
    openings = [line.rhyme_key for line in lines[::2]]
    assert len(set(openings)) == len(openings)


def test_nothing_rhymes_with_what_cannot_be_said(index):
    with pytest.raises(SettingError, match="Nothing rhymes with “!!!”"):
        write(run_of(index), "", settings(rhyme_with="!!!"))


@pytest.mark.parametrize("seed", ["Привет мир", "🔥🔥", "   ", "<b>", "Le soir"])
def test_a_seed_of_any_letters_is_gone_on_from_in_a_word_of_its_own(index, seed):
    first = lines_of(index, seed, settings(2, scheme="AA", syllables=12, tolerance=2), 1)[0]
    assert first.violations == ()
    assert first.text.startswith(seed.strip())
    assert not seed.strip() or not first.text.removeprefix(seed)[0].isalpha()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("level", "told"), [("subword", True), ("subword", False), ("char", False), ("word", False)])
def test_every_token_of_a_line_was_drawn_from_the_model(level, told):
    """What a line is made of has the probability that the model gives it at its place: nothing was put in."""
    index = index_of(level, told)
    song, demand = demand_of(index, "Le soir\n", "Je garde la nuit", scheme="AA", syllables=12)
    choices = NetworkProposer().propose(demand, 3)
    assert len(choices) == 3
    for choice in choices:
        tokens = choice.candidate.tokens
        context = song.context.with_faster_model()
        logits = (context.feed_tokens(choice.candidate.end_tokens) if told else context).token_logits(tokens)[0]
        assert bool(choice.candidate.end_tokens) == told
        expected = [row[token] for row, token in zip(log_softmax(logits, axis=-1), tokens, strict=True)]
        assert choice.candidate.log_p == pytest.approx(expected, abs=1e-4)
        words = [index.vocabulary.index2word[token] for token in tokens[:-1]]
        assert "".join(map(index.modelling_units.detokeniser("").decode_token, words)).strip() == choice.text


def test_a_line_ends_on_the_word_that_its_network_was_told():
    index = index_of("subword", uses_end_words=True)
    _, demand = demand_of(index, scheme="AA", syllables=10)
    for choice in NetworkProposer().propose(demand, 4):
        words = [index.vocabulary.index2word[token] for token in choice.candidate.end_tokens]
        assert words[0] == END_WORD
        assert words[-1] == END_LINE
        assert "".join(words[1:-1]).strip() == tokenise(choice.text)[-1]
    lyric = write_lyric(run_of(index), "", settings(scheme="AABB", syllables=10), 2)
    assert len(lyric.lines) == 4
    assert not any(line.violations for line in lyric.lines)
    assert not any("<" in line.text for line in lyric.lines)


def test_a_network_ends_a_line_by_itself_on_its_word_and_at_its_syllables(monkeypatch):
    monkeypatch.setattr(network_proposer, "find_candidates", None)  # no last word is searched for
    index = constraint_index(open_run("seize"))
    song, demand = demand_of(index, scheme="AA", syllables=10)
    choices = NetworkProposer().propose(demand, 3)
    assert len(choices) == 3
    for choice in choices:
        words, tokens = tokenise(choice.text), choice.candidate.tokens
        end = [index.vocabulary.index2word[token] for token in choice.candidate.end_tokens[1:-1]]
        assert "".join(end).strip() == words[-1]
        assert index.accepted_words.issuperset(words)
        assert index.spoken_syllables(choice.text) == 10
        assert tokens[-1] == LINE
        logits = song.context.with_faster_model().feed_tokens(choice.candidate.end_tokens).token_logits(tokens)[0]
        expected = [row[token] for row, token in zip(log_softmax(logits, axis=-1), tokens, strict=True)]
        assert choice.candidate.log_p == pytest.approx(expected, abs=1e-3)


def test_lines_end_with_the_words_that_are_given_and_then_rhyme():
    index = index_of("subword", uses_end_words=True)
    asked = settings(scheme="AABB", syllables=9, end_words=("Cour", "balcon"))
    lyric = write_lyric(run_of(index), "", asked, 3)
    ends = [tokenise(line.text)[-1] for line in lyric.lines]
    assert ends[:2] == ["cour", "balcon"]  # the latter ends no line of the corpus
    assert not any(line.violations for line in lyric.lines)
    assert lyric.lines[3].rhyme_kind is not None
    assert Lyric.from_json(json.loads(json.dumps(lyric.to_json()))) == lyric


def test_a_line_that_ends_otherwise_says_so():
    _, demand = demand_of(index_of("subword"), end_words=("cour",))
    assert [each.code for each in demand.violations("le frère dit bonjour")] == ["no-end-word"]


def test_a_word_that_a_run_cannot_write_ends_no_line():
    with pytest.raises(SettingError, match="zèbre"):
        write_lyric(run_of(index_of("word")), "", settings(end_words=("zèbre",)), 0)
