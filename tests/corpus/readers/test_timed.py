"""Timed lyrics: subtitles that roll, times without end. Invented lyrics."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.account import EMPTY_SIZE, Account, text_size
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.timed import read_timed
from pipeline.corpus.song import RawSong

Write = Callable[..., Path]
ROLLING = """WEBVTT
Kind: captions
Language: fr

00:00:00.000 --> 00:00:02.000 align:start position:0%
 
la mer<00:00:00.500><c> est</c><00:00:01.000><c> là</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
la mer est là
 

00:00:02.010 --> 00:00:04.000 align:start position:0%
la mer est là
elle<00:00:03.000><c> attend</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
elle attend
 

00:00:04.010 --> 00:00:06.000 align:start position:0%
elle attend
la<00:00:05.000><c> rue</c>
"""


WORDS = st.lists(st.sampled_from(["la", "mer", "l'eau", "été", "oh", "là-bas"]), min_size=1, max_size=4).map(" ".join)
TIMES = st.integers(0, 59_999)  # hundredths of a second
LINES = st.lists(st.tuples(TIMES, WORDS), min_size=1, max_size=7, unique_by=lambda line: line[0])


def clock(hundredths: int) -> str:
    sign, at = "-" * (hundredths < 0), abs(hundredths)
    return f"{sign}{at // 6000:02}:{at // 100 % 60:02}.{at % 100:02}"


def read(text: str, name: str) -> RawSong:
    """The song of a file, all of which is in it or dropped by a rule."""
    song, account = read_timed(text.encode(), name, ReadingHints())
    assert isinstance(song, RawSong)
    assert isinstance(account, Account)
    account.kept = text_size(song.text)
    assert account.unaccounted_size == EMPTY_SIZE
    return song


@given(LINES, st.sampled_from([0, 250, -1500, -99_000]), st.integers(0, 9000), st.randoms())
def test_lines_of_lrc_come_back_in_the_order_of_their_times(
    lines: list[tuple[int, str]], offset: int, sooner: int, random: Random
) -> None:
    lines = [(at - sooner, words) for at, words in lines]  # some before the beginning
    written = [f"[{clock(at)}]{words}" for at, words in lines]
    random.shuffle(written)
    song = read("\n".join([f"[offset:{offset:+}]", *written]), "x.lrc")
    assert song.text.split("\n") == [words for _, words in sorted(lines)]
    assert [time.start for time in song.times] == pytest.approx(
        [max(at / 100 - offset / 1000, 0) for at, _ in sorted(lines)]
    )
    again = read("\n".join(f"[{clock(at)}][{clock(at + 60_000)}] {words}" for at, words in lines), "x.lrc")
    assert again.text.split("\n") == [words for _, words in sorted(lines)] * 2


@given(LINES, st.integers(1, 500), st.sampled_from(["srt", "vtt"]), st.sampled_from([0, 3]))
def test_cues_come_back_with_their_beginnings_and_ends(
    lines: list[tuple[int, str]], lasting: int, form: str, hours: int
) -> None:
    cues = [
        f"{number}\n{hours:02}:{clock(at)} --> {hours:02}:{clock(at + lasting)}\n<i>{words} {number}</i>\n"
        for number, (at, words) in enumerate(lines, 1)
    ]
    text = "\n".join(cues)
    song = read(text.replace(".", ",") if form == "srt" else f"WEBVTT\n\nNOTE par X\n\n{text}", f"x.{form}")
    assert song.text.split("\n") == [f"{words} {number}" for number, (_, words) in enumerate(lines, 1)]
    expected = [(3600 * hours + at / 100, 3600 * hours + (at + lasting) / 100) for at, _ in lines]
    assert [(time.start, time.end) for time in song.times] == [pytest.approx(pair) for pair in expected]


@given(st.lists(st.tuples(st.integers(1, 90), st.sampled_from(["la", "l'été", "mer"])), min_size=1, max_size=5))
def test_words_keep_when_they_begin_and_a_line_when_it_ends(words: list[tuple[int, str]]) -> None:
    """The marks of time before each word and after the last, in both forms: letters before a word, seconds."""
    begins = [100 + sum(lasting for lasting, _ in words[:at]) for at in range(len(words) + 1)]
    letters = [sum(map(str.isalnum, "".join(word for _, word in words[:at]))) for at in range(len(words))]
    expected = [(before, pytest.approx(at / 100)) for before, at in zip(letters, begins[:-1], strict=True)]
    marked = "".join(f"<{{}}{clock(at)}>{word} " for at, (_, word) in zip(begins, words, strict=False))
    [line] = read(f"[{clock(90)}]{marked.format(*[''] * 9)}<{clock(begins[-1])}>", "x.lrc").times
    assert line.words == tuple(expected)
    assert (line.start, line.end) == (pytest.approx(0.9), pytest.approx(begins[-1] / 100))
    cue = f"WEBVTT\n\n01:{clock(90)} --> 01:{clock(begins[-1])}\n{marked.format(*['01:'] * 9)}\n"
    [line] = read(cue, "x.vtt").times
    assert line.words == tuple(
        (before, pytest.approx(3600 + at / 100)) for before, at in zip(letters, begins, strict=False)
    )


@given(st.integers(1, 4), st.integers(1, 6), st.integers(3, 12))
def test_lines_that_cues_carry_over_are_sung_once(carried: int, new: int, cues: int) -> None:
    shown = [[f"vers {line}" for line in range(max(at * new - carried, 0), (at + 1) * new)] for at in range(cues)]
    rows = [f"{clock(at * 100)} --> {clock(at * 100 + 99)}\n" + "\n".join(lines) for at, lines in enumerate(shown)]
    text = read("WEBVTT\n\n" + "\n\n".join(rows), "x.vtt").text
    assert text.split("\n") == [f"vers {line}" for line in range(cues * new)]


@pytest.mark.parametrize("offset", [0, 500, -500, 2000])
def test_a_line_without_times_follows_the_latest_and_an_empty_one_ends_the_one_before(offset: int) -> None:
    text = f"[offset:{offset}]\n[00:05]deux\nsuite\n[00:01]un\nencore\n[00:09] \n[00:02.5]un <00:04>et demi<00:04.5>"
    song = read(text, "x.lrc")
    assert song.text.split("\n") == ["un", "un et demi", "deux", "suite", "encore", ""]
    spans = [(1, None), (2.5, 4.5), (5, None), (5, None), (5, 9)]
    moved = [tuple(at and max(at - offset / 1000, 0) for at in span) for span in spans]
    assert [(time.start, time.end) for time in song.times] == moved
    assert [time.words for time in song.times] == [(), ((2, 4 - offset / 1000),), (), (), ()]


def test_words_timed_backwards_lose_their_times_and_are_counted() -> None:
    text = "[00:05]<00:06>la <00:05.5>mer\n[00:08]<00:08>la <00:08>rue<00:08>\n[00:09]<00:08>la nuit"
    song, account = read_timed(text.encode(), "x.lrc", ReadingHints())
    assert isinstance(song, RawSong)
    assert isinstance(account, Account)
    assert [time.words for time in song.times] == [(), ((0, 8), (2, 8)), ()]
    assert account.entries["timed-words"].count == 2


def test_automatic_subtitles_are_sung_once(write: Write, prepared: Path) -> None:
    corpus, report = prepare(write({"x.vtt": ROLLING}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["la mer est là", "elle attend", "la rue"]
    assert corpus.lines["seconds"].tolist() == pytest.approx([0, 2.01, 4.01])
    assert len(corpus.word_times) == 4
    assert not report.account.unaccounted_size


def test_a_line_that_is_sung_again_and_again_stays(write: Write, prepared: Path) -> None:
    cues = [f"{at}\n00:00:0{at},000 --> 00:00:0{at + 1},000\nla la la\n" for at in range(1, 6)]
    corpus, _ = prepare(write({"x.srt": "\n".join(cues)}) / "x.srt", "mine")
    assert corpus.texts.tolist() == ["la la la"] * 5


def test_the_name_of_a_cue_is_no_line(write: Write, prepared: Path) -> None:
    vtt = "WEBVTT\n\nla une\n00:01.000 --> 00:02.000\nLa mer\n\nla deux\n00:02.000 --> 00:03.000\nLa rue\n"
    corpus, report = prepare(write({"x.vtt": vtt}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["La mer", "La rue"]
    assert not report.account.unaccounted_size


def test_lines_with_times_without_end_are_refused(write: Write, prepared: Path) -> None:
    line = "[00:01.00]" * 20_000 + "la mer est là " * 2_000
    with pytest.raises(SourceError, match=r"x\.lrc"):
        prepare(write({"x.lrc": line}) / "x.lrc", "mine")
