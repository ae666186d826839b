"""Texts under way in one process: bounded, and written again from the start when they were let go."""

import pytest

from pipeline.generation.lyric import LyricSettings
from pipeline.writers import desk as unfinished
from pipeline.writers.desk import RequestHandler
from pipeline.writers.requests import WriteRequest, request_to_json


def message(seed: int, have: int = 0, lines: int = 12) -> dict:
    request = WriteRequest("demo-rnn", "", seed, LyricSettings(lines=lines))
    return {"request": request_to_json(request), "have": have}


def test_a_text_goes_on_a_slice_at_a_time() -> None:
    desk, steps, slices = RequestHandler(), [], 0
    while True:
        reply = desk.answer(message(1, len(steps), lines=60))
        steps += reply["steps"]
        slices += 1
        if reply["done"]:
            break
    assert slices > 1
    assert "".join(step["text"] for step in steps).count("\n") >= 59
    assert sum(len(step["lines"]) for step in steps) == 60


def test_what_was_let_go_is_written_again_up_to_its_reader() -> None:
    first = RequestHandler().answer(message(2, lines=200))
    assert not first["done"], "the text must be longer than a slice, or there is nothing to catch up with"
    first, desk, caught_up = first["steps"], RequestHandler(), []
    while not caught_up:
        caught_up = desk.answer(message(2, len(first), lines=200))["steps"]
    whole = desk.answer(message(2, lines=200))["steps"]
    assert whole[: len(first)] == first
    assert whole[len(first) :][: len(caught_up)] == caught_up


def test_the_texts_of_a_process_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished, "MOST_TEXTS", 3)
    monkeypatch.setattr(unfinished, "SLICE_SECONDS", 0.0)
    shelf = unfinished.UnfinishedTexts()
    texts = [shelf.open_text(WriteRequest("demo-rnn", "", seed, LyricSettings())) for seed in range(5)]
    assert len(shelf) == 3
    assert shelf.open_text(WriteRequest("demo-rnn", "", 4, LyricSettings())) is texts[4]
    assert shelf.open_text(WriteRequest("demo-rnn", "", 0, LyricSettings())) is not texts[0]


def test_texts_of_runs_asked_for_long_ago_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished, "MOST_RUNS", 1)
    shelf = unfinished.UnfinishedTexts()
    shelf.open_text(WriteRequest("demo-rnn", "", 0, LyricSettings()))
    shelf.open_text(WriteRequest("demo-word", "", 0, LyricSettings()))
    assert len(shelf) == 1
