"""Timed lyrics: subtitles that roll, times without end. Invented lyrics."""

from collections.abc import Callable
from math import isnan
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.account import EMPTY_SIZE, Account, text_size
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers import ReadingHints
from pipeline.corpus.readers.timed import read_timed, times_from_json, times_from_synced_lyrics
from pipeline.corpus.song import LineTime, RawSong

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
    assert account.unexplained == EMPTY_SIZE
    return song


@given(LINES, st.sampled_from([0, 250, -1500]), st.randoms())
def test_lines_of_lrc_come_back_in_the_order_of_their_times(
    lines: list[tuple[int, str]], offset: int, random: Random
) -> None:
    written = [f"[{clock(at)}]{words}" for at, words in lines]
    random.shuffle(written)
    song = read("\n".join(["[ti:Le port]", f"[offset:{offset:+}]", *written]), "x.lrc")
    assert song.title == "Le port"
    assert song.text.split("\n") == [words for _, words in sorted(lines)]
    assert [time.start for time in song.times] == pytest.approx(
        [max(at / 100 - offset / 1000, 0) for at, _ in sorted(lines)]
    )
    again = read("\n".join(f"[{clock(at)}][{clock(at + 60_000)}] {words}" for at, words in lines), "x.lrc")
    assert again.text.split("\n") == [words for _, words in sorted(lines)] * 2


@given(st.lists(TIMES, min_size=4, max_size=7, unique=True))
def test_words_of_lrc_keep_their_times(times: list[int]) -> None:
    start, *words, end = sorted(times)
    letters = ["été"[: 1 + at % 3] for at in range(len(words))]
    marked = " ".join(f"<{clock(at)}>{word}" for at, word in zip(words, letters, strict=True))
    song = read(f"[{clock(start)}]{marked} <{clock(end)}>\n[{clock(60_000)}]", "x.lrc")
    assert song.text.strip() == " ".join(letters)
    [time] = song.times
    assert (time.start, time.end) == pytest.approx((start / 100, end / 100))
    before = [sum(map(len, letters[:at])) for at in range(len(letters))]
    assert [count for count, _ in time.words] == before
    assert [seconds for _, seconds in time.words] == pytest.approx([at / 100 for at in words])


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


@given(LINES)
def test_times_beside_lyrics_come_back_with_their_lines(lines: list[tuple[int, str]]) -> None:
    lines = [(at, f"{words} {number}") for number, (at, words) in enumerate(sorted(lines))]
    text = "[Couplet 1]\n" + "\n\n".join(words for _, words in lines)
    rows = [[at / 100, at / 100 + 1, [[0, at / 100], [2, at / 100 + 0.5]]] for at, _ in lines]
    nowhere, *times = times_from_json(rows, text)
    assert isnan(nowhere.start)
    assert times == [LineTime(at, end, tuple((count, seconds) for count, seconds in words)) for at, end, words in rows]
    assert [time.words for time in times_from_json([[at + 2, end, words] for at, end, words in rows], text)] == [()] * (
        len(lines) + 1
    ), "words before their line"
    for wrong in (rows[1:], [*rows, rows[0]], "times", None, [["soon"]] * len(rows), [[0, 1, 2, 3]] * len(rows)):
        assert times_from_json(wrong, text) == ()
    plain = "\n".join(words for _, words in lines)
    synced = times_from_synced_lyrics(plain, "\n".join(f"[{clock(at)}] {words}" for at, words in lines))
    assert [time.start for time in synced] == pytest.approx([at / 100 for at, _ in lines])
    assert [times_from_synced_lyrics(plain, other) for other in (None, 3, plain)] == [()] * 3


def test_automatic_subtitles_are_sung_once(write: Write, prepared: Path) -> None:
    corpus, report = prepare(write({"x.vtt": ROLLING}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["la mer est là", "elle attend", "la rue"]
    assert corpus.lines["seconds"].tolist() == pytest.approx([0, 2.01, 4.01])
    assert len(corpus.word_times) == 4
    assert not report.account.unexplained


def test_a_line_that_is_sung_again_and_again_stays(write: Write, prepared: Path) -> None:
    cues = [f"{at}\n00:00:0{at},000 --> 00:00:0{at + 1},000\nla la la\n" for at in range(1, 6)]
    corpus, _ = prepare(write({"x.srt": "\n".join(cues)}) / "x.srt", "mine")
    assert corpus.texts.tolist() == ["la la la"] * 5


def test_the_name_of_a_cue_is_no_line(write: Write, prepared: Path) -> None:
    vtt = "WEBVTT\n\nla une\n00:01.000 --> 00:02.000\nLa mer\n\nla deux\n00:02.000 --> 00:03.000\nLa rue\n"
    corpus, report = prepare(write({"x.vtt": vtt}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["La mer", "La rue"]
    assert not report.account.unexplained


def test_lines_with_times_without_end_are_refused(write: Write, prepared: Path) -> None:
    line = "[00:01.00]" * 20_000 + "la mer est là " * 2_000
    with pytest.raises(SourceError, match=r"x\.lrc"):
        prepare(write({"x.lrc": line}) / "x.lrc", "mine")
