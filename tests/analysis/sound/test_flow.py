"""Flow: rates of timed lines by hand, the bar that they begin on, where syllables fall in it."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.analysis.sound.flow import (
    estimate_bar_seconds,
    syllable_rate_table,
    syllable_start_times,
    syllables_on_bars,
    text_syllables_by_bar_step,
    timed_line_table,
    timed_syllables_by_bar_step,
)
from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.corpus.song import Line, LineTime, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from tests.corpora import make_corpus

SOUNDS = Pronunciations()


def song(title: str, times: list[tuple[float, float | None] | None], kind: str = "couplet") -> Song:
    texts = ["La nuit tombe", "Le jour vient", "On s'en va", "Demain soir", "Et voilà"]
    lines = tuple(Line(text, seconds=time and LineTime(*time)) for text, time in zip(texts, times, strict=False))
    return Song(title, "Aube", (Section(kind, lines),))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    timed = song("Un", [(0.0, None), (2.0, None), (4.0, 5.0), (30.0, None), (50.0, None)])
    return make_corpus("flow", [timed, song("Deux", [None, None]), song("Trois", [(1.0, 2.0)], "refrain")])


def test_a_line_ends_where_the_next_begins_but_not_after_a_break(corpus: Corpus) -> None:
    table = timed_line_table(corpus, transcribe_lines(corpus, SOUNDS))
    assert table[["start", "stop", "syllables"]].to_numpy().tolist() == [
        [0, 2, 3],
        [2, 4, 3],
        [4, 5, 3],  # its own end; the next line ends 20 seconds later, the last nowhere
        [1, 2, 3],
    ]
    assert table["rate"].tolist() == [1.5, 1.5, 3.0, 3.0]


def test_rates_of_groups_by_hand(corpus: Corpus) -> None:
    sounds = transcribe_lines(corpus, SOUNDS)
    artists = syllable_rate_table(corpus, sounds, "artist").iloc[0]
    assert (artists["artist"], artists["songs"], artists["lines"]) == ("Aube", 2, 4)
    assert artists["rate"] == pytest.approx(12 / 6)  # syllables over seconds
    kinds = syllable_rate_table(corpus, sounds, "kind").set_index("kind")["rate"]
    assert kinds.to_dict() == pytest.approx({"couplet": 9 / 5, "refrain": 3.0})
    untimed = corpus.where(songs=[corpus.songs.index[1]])
    assert syllable_rate_table(untimed, sounds).empty


@pytest.mark.parametrize("tempo", [75, 92, 140])
def test_the_bar_is_found_from_where_lines_begin(tempo: int) -> None:
    bar = 240 / tempo
    shifts = np.array([0, 0.02, -0.03, 0.01, 0.02, -0.01, 0, 0.03])
    starts = 7 + bar * np.array([0, 1, 2, 3, 5, 6, 7, 8]) + shifts
    assert estimate_bar_seconds(starts) == pytest.approx(bar, rel=0.01)
    assert np.isnan(estimate_bar_seconds(starts[:3]))


@pytest.mark.parametrize("tempo", [60, 90, 180])
def test_a_bar_has_four_beats_of_a_tempo_from_60_to_180(tempo: int) -> None:
    bar = 4 * 60 / tempo
    for lines_apart in (bar / 2, bar, 2 * bar, 4 * bar):
        found = estimate_bar_seconds(lines_apart * np.arange(9))
        assert 4 / 3 - 1e-6 <= found <= 4 + 1e-6
        assert np.log2(found / bar) == pytest.approx(round(np.log2(found / bar)), abs=1e-9)
    assert estimate_bar_seconds(bar * np.arange(9)) == pytest.approx(bar)


def test_syllables_lie_on_the_steps_of_their_bar() -> None:
    times = [(2.0 * bar, 2.0 * bar + 1.5) for bar in range(5)]  # three syllables, half a second each, in bars of 2 s
    corpus = make_corpus("steps", [song("Un", times)])  # type: ignore[arg-type]
    shares = timed_syllables_by_bar_step(timed_line_table(corpus, transcribe_lines(corpus, SOUNDS)))
    assert np.flatnonzero(shares > 0.1).tolist() == [0, 4, 8]
    assert shares.sum() == pytest.approx(1)
    assert timed_syllables_by_bar_step(timed_line_table(corpus, transcribe_lines(corpus, SOUNDS)).head(2)).sum() == 0


@pytest.mark.parametrize(("later", "slower"), [(0.7, 1), (11, 1), (0, 1.25)])
def test_a_song_that_begins_later_or_is_slower_is_on_the_same_steps(later: float, slower: float) -> None:
    times = np.array([[2.0 * bar, 2.0 * bar + 1.5] for bar in (0, 1, 2, 4, 5)])
    tables = [
        timed_line_table(part, transcribe_lines(part, SOUNDS))
        for part in (make_corpus("x", [song("Un", written.tolist())]) for written in (times, times * slower + later))
    ]
    assert timed_syllables_by_bar_step(tables[1]) == pytest.approx(timed_syllables_by_bar_step(tables[0]))
    assert tables[1]["rate"].to_numpy() * slower == pytest.approx(tables[0]["rate"].to_numpy())


def test_lines_without_times_have_the_steps_of_their_reading() -> None:
    shares = text_syllables_by_bar_step(["La nuit", "Le bruit", "…"], SOUNDS)
    assert shares[12] == 0.5
    assert text_syllables_by_bar_step(["Nuit"], SOUNDS).sum() == 1
    assert text_syllables_by_bar_step([], SOUNDS).tolist() == [0] * 16


def timed_words(words: tuple[tuple[int, float], ...], end: float | None, count: int = 5) -> Corpus:
    lines = tuple(
        Line("La nuit tombe", seconds=LineTime(2.0 * at, end and 2.0 * at + end, words)) for at in range(count)
    )
    shifted = tuple(
        replace(line, seconds=line.seconds._replace(words=tuple((at, 2.0 * bar + s) for at, s in words)))
        for bar, line in enumerate(lines)
    )
    return make_corpus("words", [Song("Un", "Aube", (Section("couplet", shifted),))])


def test_words_whose_time_is_known_say_where_their_syllables_are() -> None:
    corpus = timed_words(((0, 0.0), (6, 0.75)), 1.25)  # nuit is between them, tombe on the third beat and a half
    table = timed_line_table(corpus, transcribe_lines(corpus, SOUNDS))
    times = syllable_start_times(corpus, table, SOUNDS)
    assert times[0].tolist() == [0, 0.375, 0.75]
    assert np.flatnonzero(timed_syllables_by_bar_step(table, times) > 0.1).tolist() == [0, 3, 6]
    late = timed_words(((0, 0.0), (6, 1.75)), 1.25)  # a word that begins after its line ended
    assert syllable_start_times(late, timed_line_table(late, transcribe_lines(late, SOUNDS)), SOUNDS) == {}


def test_a_song_with_times_is_laid_on_its_own_bars() -> None:
    corpus = timed_words(((0, 0.0), (6, 0.75)), 1.25)
    table = timed_line_table(corpus, transcribe_lines(corpus, SOUNDS)).drop(index=2)  # nothing is said in the third bar
    texts = dict(zip(table.index.tolist(), corpus.texts_of(table.index), strict=True))
    bars = syllables_on_bars(table, texts, SOUNDS, syllable_start_times(corpus, table, SOUNDS))
    assert bars is not None
    assert (round(bars.tempo), bars.words, len(bars.rows)) == (120, True, 5)
    own = [(step, syllable.text.strip(), syllable.rhymes) for step, syllable in bars.rows[0]]
    assert own == [(0, "La", False), (3, "nuit", False), (6, "tombe", True)], "not where a reading has them: 12"
    assert bars.rows[2] == []
    even = syllables_on_bars(table, texts, SOUNDS, {})
    assert even is not None
    assert [step for step, _ in even.rows[0]] == [0, 3, 7], "thirds of 1.25 seconds"
    assert not even.words
    assert syllables_on_bars(table.head(2), texts, SOUNDS, {}) is None, "too few lines to guess a bar from"


@pytest.mark.parametrize("words", [((0, 0.0), (2, 0.25)), ((0, 0.0), (6, 0.5)), ((2, 0.25), (6, 0.5))])
def test_a_rest_after_timed_words_is_no_part_of_a_line_of_unknown_end(words: tuple[tuple[int, float], ...]) -> None:
    corpus = timed_words(words, None)  # three words, a quarter of a second each, in bars of 2 s
    table = timed_line_table(corpus, transcribe_lines(corpus, SOUNDS))
    assert table["stop"].tolist() == [0.75, 2.75, 4.75, 6.75, 8.75]
    assert table["rate"].tolist() == [4] * 5
    one = timed_words(words[:1], None)
    stops = timed_line_table(one, transcribe_lines(one, SOUNDS))["stop"]
    assert stops.tolist() == [2, 4, 6, 8], "one time tells of no pace: the next line ends it"
