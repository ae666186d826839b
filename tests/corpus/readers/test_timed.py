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
    return f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


def read(text: str, name: str) -> RawSong:
    """The song of a file, all of which is in it or dropped by a rule."""
    song, account = read_timed(text.encode(), name, ReadingHints())
    assert isinstance(song, RawSong)
    assert isinstance(account, Account)
    account.kept = text_size(song.text)
    assert account.unaccounted_size == EMPTY_SIZE
    return song


@given(LINES, st.sampled_from([0, 250, -1500]), st.randoms())
def test_lines_of_lrc_come_back_in_the_order_of_their_times(
    lines: list[tuple[int, str]], offset: int, random: Random
) -> None:
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
