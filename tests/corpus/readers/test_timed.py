"""Timed lyrics: subtitles that roll, times without end. Invented lyrics."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare

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


def test_automatic_subtitles_are_sung_once(write: Write, prepared: Path) -> None:
    corpus, report = prepare(write({"x.vtt": ROLLING}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["la mer est là", "elle attend", "la rue"]
    assert corpus.lines["seconds"].tolist() == pytest.approx([0, 2.01, 4.01])
    assert len(corpus.word_times) == 4
    assert not report.account.unexplained_size


def test_a_line_that_is_sung_again_and_again_stays(write: Write, prepared: Path) -> None:
    cues = [f"{at}\n00:00:0{at},000 --> 00:00:0{at + 1},000\nla la la\n" for at in range(1, 6)]
    corpus, _ = prepare(write({"x.srt": "\n".join(cues)}) / "x.srt", "mine")
    assert corpus.texts.tolist() == ["la la la"] * 5


def test_the_name_of_a_cue_is_no_line(write: Write, prepared: Path) -> None:
    vtt = "WEBVTT\n\nla une\n00:01.000 --> 00:02.000\nLa mer\n\nla deux\n00:02.000 --> 00:03.000\nLa rue\n"
    corpus, report = prepare(write({"x.vtt": vtt}) / "x.vtt", "mine")
    assert corpus.texts.tolist() == ["La mer", "La rue"]
    assert not report.account.unexplained_size


def test_lines_with_times_without_end_are_refused(write: Write, prepared: Path) -> None:
    line = "[00:01.00]" * 20_000 + "la mer est là " * 2_000
    with pytest.raises(SourceError, match=r"x\.lrc"):
        prepare(write({"x.lrc": line}) / "x.lrc", "mine")
