"""Requests cross a pipe whole."""

import json

import pytest

from pipeline.generation.constraints import Constraints
from pipeline.generation.form import parse_plan
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.style import Style
from pipeline.writers.requests import LineRequest, OriginalityRequest, WriteRequest, request_from_json, request_to_json

SETTINGS = LyricSettings(
    lines=8,
    memory=0.5,
    style=Style(voice="Kobalt", year=1998),
    constraints=Constraints(scheme="ABAB", syllables=10, use=("la nuit",), avoid=("jour",)),
    plan=parse_plan("couplet 8 AABB 12, refrain 4"),
)


@pytest.mark.parametrize(
    "request_",
    [
        WriteRequest("demo-word", "J'reviens du\n«", 2**31, SETTINGS),
        WriteRequest("demo-char", "", 0, LyricSettings()),
        LineRequest("demo-word", "la rue\n", "next", "", 3, SETTINGS, 2, ""),
        LineRequest("demo-word", "la rue\n", "revise", "je … la nuit", 3, SETTINGS, 2, None),
        OriginalityRequest("demo-word", "la rue"),
    ],
)
def test_a_request_crosses_a_pipe_whole(request_) -> None:
    assert request_from_json(json.loads(json.dumps(request_to_json(request_)))) == request_
