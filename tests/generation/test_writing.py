import json

import numpy as np
import pytest

from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.core.errors import SettingError
from pipeline.generation.lyric import Lyric, LyricSettings
from pipeline.generation.policy import POLICIES
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.writing import write, write_lyric
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, SONG
from pipeline.language_models.network import NetworkModel
from tests.generation.fakes import CountingModel, fake_run, index_of, run_of

SURE = SamplingSettings(temperature=0)
COUNT = ["un", "deux", "trois"]


def untrained_run(entries, level, units=24):
    """A run with random weights: it may write anything."""
    spec = NetworkSpec(cell="lstm", units=units, layers=1, embedding=12, tied=False, vocabulary_size=len(entries) + 4)
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 1, shape) for shape in spec.weight_shapes()]
    return fake_run(entries, level, model=NetworkModel(network_from_weights(spec, weights)))


def test_it_counts_upward():
    lyric = write_lyric(fake_run(COUNT), "", LyricSettings(lines=2, sampling=SURE))
    assert lyric.text == "Un deux trois\nUn deux trois"
    assert [line.text for line in lyric.lines] == ["Un deux trois"] * 2


def test_the_seed_is_continued_in_its_line():
    lyric = write_lyric(fake_run(COUNT), "Zéro, un", LyricSettings(lines=2, sampling=SURE))
    assert lyric.text == "Zéro, un deux trois\nUn deux trois"
    assert lyric.lines[0].text == "Zéro, un deux trois"
    assert lyric.lines[0].tokens == 3  # deux, trois, <line>
    assert lyric.unknown == ("zéro",)


def test_a_seed_that_ends_its_line_is_left_alone():
    lyric = write_lyric(fake_run(COUNT), "un\n", LyricSettings(lines=1, sampling=SURE))
    assert lyric.text == "un\nUn deux trois"


def test_pieces_say_their_probability_and_alternatives():
    # three words and four specials: logits ln 2 for the likeliest of 7, so 2/8 for it and 1/8 for each other
    lyric = write_lyric(fake_run(COUNT, sharpness=np.log(2)), "", LyricSettings(lines=1, sampling=SURE))
    pieces = lyric.lines[0].pieces
    assert "".join(piece.text for piece in pieces) == "Un deux trois\n"
    assert pieces[0].probability == pytest.approx(2 / 8)
    assert pieces[0].alternatives[0] == ("un", 0.25)
    assert len(pieces[0].alternatives) == 5


def test_log_probability_of_a_line_is_its_pieces():
    lyric = write_lyric(fake_run(COUNT, sharpness=np.log(2)), "", LyricSettings(lines=1, sampling=SURE))
    assert lyric.lines[0].log_probability == pytest.approx(4 * np.log(2 / 8))  # un, deux, trois, <line>
    assert lyric.log_probability == lyric.lines[0].log_probability


def test_text_streams():
    writing = write(fake_run(COUNT), "", LyricSettings(lines=1000, sampling=SURE))
    assert next(writing) == "Un deux trois\n"  # and nothing beyond its line has been computed
    assert [line.text for line in writing.lines] == ["Un deux trois"]


class SongEndsAfterOneLine(CountingModel):
    def feed_tokens(self, tokens, state):
        logits, state = super().feed_tokens(tokens, state)
        logits[np.asarray(tokens) == LINE, SONG] = 99
        return logits, state


def test_the_song_may_end_or_must_not():
    run = fake_run(COUNT, model=SongEndsAfterOneLine(7))
    stopped = write_lyric(run, "", LyricSettings(lines=5, stop_at_song_end=True, sampling=SURE))
    assert (stopped.text, stopped.ended, len(stopped.lines)) == ("Un deux trois", True, 1)
    whole = write_lyric(run, "", LyricSettings(lines=5, sampling=SURE))
    assert (whole.ended, len(whole.lines)) == (False, 5)


class NeverEndsALine(CountingModel):
    def feed_tokens(self, tokens, state):
        logits, state = super().feed_tokens(tokens, state)
        logits[:, LINE] = -1000
        return logits, state


class OnlyEndsLines(CountingModel):
    def feed_tokens(self, tokens, state):
        logits, state = super().feed_tokens(tokens, state)
        logits[:, LINE] = 1000
        return logits, state


@pytest.mark.parametrize("level", ["word", "char", "subword"])
def test_a_line_that_never_ends_is_ended(level):
    lyric = write_lyric(fake_run("abc", level, model=NeverEndsALine(7)), "a", LyricSettings(lines=3, sampling=SURE))
    assert [line.tokens for line in lyric.lines] == [POLICIES[level].line_limit + 1] * 3


def test_empty_lines_make_sections_and_never_pile_up():
    lyric = write_lyric(fake_run(COUNT, model=OnlyEndsLines(7)), "", LyricSettings(lines=3, sampling=SURE))
    assert lyric.text == "Un\n\nUn\n\nUn"
    assert [line.section for line in lyric.lines] == [0, 1, 2]


@pytest.mark.parametrize("level", ["word", "char", "subword"])
def test_one_random_seed_writes_one_text(level):
    run = untrained_run("abcdefghij l'é", level)
    settings = LyricSettings(lines=6)
    first = write_lyric(run, "Là où", settings, 7)
    assert write_lyric(run, "Là où", settings, 7) == first
    assert write_lyric(run, "Là où", settings, 8).text != first.text
    assert "".join(write(run, "Là où", settings, 7)).rstrip("\n") == first.text[len("Là où") :]
    assert len(first.lines) == 6


@pytest.mark.parametrize("level", ["word", "char", "subword"])
def test_special_tokens_are_never_written(level):
    text = write_lyric(untrained_run("abcdefghij", level), "", LyricSettings(lines=30, stop_at_song_end=True), 1).text
    assert "<" not in text


@pytest.mark.parametrize("seed", ["", " ", "\n", "\r\n\r\n", "((((", "日本語 \U0001f525", "a" * 300, "\x00", "l'"])
@pytest.mark.parametrize("level", ["word", "char", "subword"])
def test_no_seed_is_an_error(seed, level):
    lyric = write_lyric(untrained_run("abcdefghij l'", level), seed, LyricSettings(lines=2), 3)
    assert lyric.text.startswith(seed)
    assert len(lyric.lines) >= 2


def test_a_seed_of_100_000_characters_is_kept_whole():
    seed = "abcdefg\n" * 12_500
    lyric = write_lyric(untrained_run("abcdefghij", "char"), seed, LyricSettings(lines=1), 3)
    assert lyric.text.startswith(seed)
    assert len(lyric.lines) == 1


def test_only_the_end_of_a_long_seed_is_read():
    run = untrained_run("abcdefghij", "char")
    settings = LyricSettings(lines=2)
    long, longer = "abc" * 1000, "j" * 5000 + "abc" * 1000
    assert (
        write_lyric(run, long, settings, 3).text[len(long) :]
        == write_lyric(run, longer, settings, 3).text[len(longer) :]
    )


def test_a_lyric_survives_json():
    lyric = write_lyric(untrained_run("abcdefghij", "word"), "a wesh", LyricSettings(lines=4), 3)
    assert Lyric.from_json(json.loads(json.dumps(lyric.to_json()))) == lyric


@pytest.mark.parametrize("data", [{}, {"format": 1}, {"format": 2}, {"format": 99}, [], {"format": 1, "lines": 3}])
def test_a_file_that_is_no_lyric_is_one_sentence(data):
    with pytest.raises(SettingError, match=r"not a text saved by Seize|has format"):
        Lyric.from_json(data)


@pytest.mark.parametrize("lines", [0, -1, 1001, float("nan")])
def test_the_number_of_lines_has_a_range(lines):
    with pytest.raises(SettingError, match="number of lines"):
        LyricSettings(lines=lines)


@pytest.mark.parametrize("random_seed", [-1, 1.5, "x"])
def test_the_random_seed_is_a_whole_number(random_seed):
    with pytest.raises(SettingError, match="random seed"):
        write(fake_run(COUNT), "", None, random_seed)


class Spans:
    """Any line that begins with an a stands in this corpus."""

    def has_line(self, words):
        return words[0].startswith("a")

    def longest_copy_length(self, words):
        return 0

    def find_copies(self, words):
        return ()


def test_a_free_line_of_the_corpus_is_drawn_again(monkeypatch):
    run = untrained_run([f"{letter}x" for letter in "abcd"], "word")
    settings = LyricSettings(lines=12, sampling=SamplingSettings(temperature=5))  # as good as any word first
    assert any(line.text.startswith("Ax") for line in write_lyric(run, "", settings, 1).lines)
    monkeypatch.setattr(ConstraintIndex, "span_index", Spans())
    assert not any(line.text.startswith("Ax") for line in write_lyric(run, "", settings, 1).lines)


def test_free_lines_of_pieces_do_not_begin_alike():
    lines = write_lyric(run_of(index_of("subword")), "", LyricSettings(lines=12), 1).lines
    begun = [tuple(tokenise(line.text)[:2]) for line in lines]
    assert len(set(begun)) == len(begun)
