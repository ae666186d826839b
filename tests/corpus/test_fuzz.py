"""Spoiled files raise nothing but our own errors; benchmarks/fuzz.py runs 20,000 of them."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.core.errors import SeizeError
from pipeline.corpus.account import Tally
from pipeline.corpus.compose import build_song
from pipeline.corpus.song import RawSong
from tests.corpus.mutations import SAMPLES, mutated, outcome


@pytest.fixture(autouse=True)
def _open_spreadsheets_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of processes would take minutes."""
    monkeypatch.setattr("pipeline.corpus.readers.spreadsheet.is_limited", lambda: True)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", SAMPLES)
def test_spoiled_files(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    assert outcome(SAMPLES[name], name, tmp_path) == "read"
    for _ in range(12):
        outcome(mutated(SAMPLES[name], rng), name, tmp_path)


@given(st.text(max_size=400), st.text(max_size=40), st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_composes(text: str, title: str, names: str) -> None:
    song = build_song(RawSong(text, "x", title, names, date=title, featuring=names), Tally())
    assert song.title
    assert song.artist


@example(b"\xbc", "artist.txt")  # a quarter: a word character that is no word
@given(st.binary(max_size=300), st.sampled_from(sorted(SAMPLES)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    with contextlib.suppress(SeizeError):
        outcome(data, name, tmp_path)
