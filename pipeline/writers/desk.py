"""Answers the requests in one process. Knows nothing of pipes, of other processes and of who asks.

    {"request": {"kind": "write", ...}, "have": 3}  ->  {"reply": {"steps": [...], "done": false, ...}}

A problem that a person can mend is a reply too: {"error": {...}}.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from pipeline.core.errors import SeizeError
from pipeline.generation.constrained_decoding import propose_lines
from pipeline.generation.lyric import GeneratedLine
from pipeline.generation.revision.gap_filling import fill_gaps, line_between
from pipeline.generation.revision.revision import revise_line
from pipeline.writers.opened import open_index
from pipeline.writers.requests import (
    LineRequest,
    OriginalityRequest,
    ProposalRequest,
    Task,
    WriteRequest,
    request_from_json,
)
from pipeline.writers.unfinished import UnfinishedTexts

Reply = dict[str, Any]


class Desk:
    """What one process has open, and what it answers."""

    def __init__(self) -> None:
        self._texts = UnfinishedTexts()

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """Return {"reply": ...}, or {"error": ...} for what a person can mend."""
        try:
            request = request_from_json(message["request"])
            if isinstance(request, WriteRequest):
                return {"reply": self._write(request, message["have"])}
            return {"reply": _ANSWERS[type(request)](request)}
        except SeizeError as error:
            return {"error": error.to_json()}

    def close(self) -> None:
        """Let everything go."""
        self._texts = UnfinishedTexts()

    def _write(self, request: WriteRequest, have: int) -> Reply:
        """Return the steps of a text after the first `have`; when there are none yet it goes on for a slice of time."""
        text = self._texts.find(request)
        started = time.perf_counter()
        if len(text.steps) <= have:
            text.go_on()
        return {
            "steps": text.steps[have:],
            "done": text.done,
            "unknown": list(text.writing.unknown),
            "seconds": time.perf_counter() - started,
        }


def _propose(request: ProposalRequest) -> Reply:
    index = open_index(request.run)
    lines = propose_lines(
        index, request.text, request.settings, request.random_seed, count=request.count, answer=request.answer
    )
    return {"lines": [asdict(line) for line in lines]}


def _line(request: LineRequest) -> Reply:
    lines = _TASKS[request.task](
        open_index(request.run),
        request.text,
        request.line,
        request.settings,
        request.random_seed,
        count=request.count,
        answer=request.answer,
    )
    return {"lines": [asdict(line) for line in lines]}


def _originality(request: OriginalityRequest) -> Reply:
    return asdict(open_index(request.run).spans.report(request.text))


_TASKS: dict[Task, Callable[..., list[GeneratedLine]]] = {
    "revise": revise_line,
    "fill": fill_gaps,
    "between": line_between,
}
_ANSWERS: dict[type, Callable[[Any], Reply]] = {
    ProposalRequest: _propose,
    LineRequest: _line,
    OriginalityRequest: _originality,
}
