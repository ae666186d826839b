"""The texts that one process is writing. Each goes on for a slice of time when it is asked for, and stands otherwise.

A text is known by its request, which decides every word: whoever asks for the same gets what is there already, and one
that was let go, or whose process died, is written again up to where its reader is. So nothing has to be ended: texts
that nobody asks for any more take no time, and the oldest of them make room.
"""

import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.generation.writing import Writing, write
from pipeline.runs.run import run_version
from pipeline.writers.opened import MOST_RUNS, open_run
from pipeline.writers.requests import WriteRequest

MOST_TEXTS = 32  # kept in a process, 1 MB each at the most
SLICE = 0.1  # seconds that a text written freely goes on at once; one written to measure goes on for a line


@dataclass
class UnfinishedText:
    """A text under way, and each step of it as plain data: what was written, the lines that it finished."""

    writing: Writing
    steps: list[dict[str, Any]] = field(default_factory=list)
    done: bool = False

    def go_on(self) -> None:
        """Write for a slice of time: at least one step, unless the text is done."""
        end = time.perf_counter() + SLICE
        while not self.done:
            self._step()
            if self.writing.settings.measured or time.perf_counter() >= end:
                break

    def _step(self) -> None:
        before, text = len(self.writing.lines), next(self.writing, None)
        if text is None:
            self.done = True
            return
        self.steps.append(
            {
                "text": text,
                "lines": [asdict(line) for line in self.writing.lines[before:]],
                "unfinished": self.writing.unfinished,
                "ended": self.writing.ended,
            }
        )


class UnfinishedTexts:
    """The texts of a process by their requests: the `MOST_TEXTS` that were asked for last, of `MOST_RUNS` runs."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[WriteRequest, int], UnfinishedText] = OrderedDict()

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, request: WriteRequest) -> UnfinishedText:
        """Return the text of a request, begun when it is not there. Raises what opening its run and `write` raise."""
        key = (request, run_version(request.run))
        text = self._texts.pop(key, None) or _begin(request)
        self._texts[key] = text
        self._make_room()
        return text

    def _make_room(self) -> None:
        """Let the oldest texts go, and those of runs that were asked for long ago: they hold their run in memory."""
        latest = list(reversed(self._texts))[:MOST_TEXTS]
        runs = list(dict.fromkeys((request.run, version) for request, version in latest))[:MOST_RUNS]
        for request, version in list(self._texts):
            if (request, version) not in latest or (request.run, version) not in runs:
                del self._texts[request, version]


def _begin(request: WriteRequest) -> UnfinishedText:
    return UnfinishedText(write(open_run(request.run), request.seed, request.settings, request.random_seed))
