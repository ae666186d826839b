"""What one process answers: it opens runs, writes texts a slice at a time, proposes lines.

    {"request": {"kind": "write", ...}, "have": 3}  ->  {"steps": [...], "done": false, ...}

A text is known by its request, which decides every word: whoever asks for the same gets what is there already, and one
that was let go, or whose process died, is written again up to where its reader is. So nothing has to be ended: texts
that nobody asks for any more take no time, and the oldest of them make room. Knows nothing of pipes, of other
processes and of who asks.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

from pipeline.core.errors import SeizeError
from pipeline.corpus.prepare import open_corpus
from pipeline.corpus.store import corpus_version
from pipeline.generation.centon import Centon, QuotedLines
from pipeline.generation.demand import Proposer
from pipeline.generation.line_tasks import fill_gaps, line_between, propose_lines, revise_line
from pipeline.generation.lyric import GeneratedLine
from pipeline.generation.partner.proposer import PartnerProposer
from pipeline.generation.partner.server import local_server
from pipeline.generation.search.constraint_index import ConstraintIndex, constraint_index
from pipeline.generation.writing import TextStream, write
from pipeline.language.vocabulary import Vocabulary
from pipeline.language_models.protocol import LanguageModel
from pipeline.runs.run import load_run, run_version
from pipeline.writers.requests import (
    LineRequest,
    LineTask,
    OriginalityRequest,
    QuotedPart,
    WriteRequest,
    request_from_json,
)

MOST_RUNS = 3  # open at once in a process: a run with its index takes 75 to 150 MB


@dataclass(frozen=True, eq=False)
class LoadedRun:
    """A run with its weights in memory, and the corpora and texts that it was trained on."""

    name: str
    vocabulary: Vocabulary
    model: LanguageModel
    training_corpora: tuple[str, ...]
    training_texts: tuple[str, ...]

    def language_model(self) -> LanguageModel:
        return self.model


def open_run(name: str) -> LoadedRun:
    """Return a run. The last runs opened are cached in memory. Raise RunError if it cannot be read."""
    return _open_run(name, run_version(name))


def open_constraint_index(name: str) -> ConstraintIndex:
    """Return the constraint index of a run. Raise RunError or CorpusError when the run or its corpus cannot be read."""
    return constraint_index(open_run(name))


@lru_cache(MOST_RUNS)
def _open_run(name: str, version: int) -> LoadedRun:
    run = load_run(name)
    return LoadedRun(run.name, run.vocabulary, run.language_model(), run.training_corpora, run.training_texts)


MOST_TEXTS = 32  # kept in a process, 1 MB each at the most
SLICE_SECONDS = 0.1  # seconds that a text written freely goes on at once; one written to measure goes on for a line


@dataclass
class UnfinishedText:
    """A text being written, each step stored as plain data: the new characters and the lines that they finish."""

    writing: TextStream
    steps: list[dict[str, Any]] = field(default_factory=list)
    done: bool = False

    def write_for_time_slice(self) -> None:
        """Write for `SLICE_SECONDS`, at least one step, unless the text is done."""
        end = time.perf_counter() + SLICE_SECONDS
        while not self.done:
            self._generate_next_step()
            if self.writing.settings.is_constrained or time.perf_counter() >= end:
                break

    def _generate_next_step(self) -> None:
        before, text = len(self.writing.lines), next(self.writing, None)
        if text is None:
            self.done = True
            return
        if not text and not self.writing.ended:  # whoever writes waits: others are served
            return
        self.steps.append(
            {"text": text, "lines": [asdict(line) for line in self.writing.lines[before:]], "ended": self.writing.ended}
        )


class UnfinishedTexts:
    """The texts that a process is writing, by request: the last `MOST_TEXTS`, of the last `MOST_RUNS` runs."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[WriteRequest, int], UnfinishedText] = OrderedDict()

    def __len__(self) -> int:
        return len(self._texts)

    def open_text(self, request: WriteRequest) -> UnfinishedText:
        """Return the text of a request, and begin it if it is new. Raise the errors of `open_run` and `write`."""
        key = (request, run_version(request.run))
        text = self._texts.pop(key, None)
        if text is None:
            run = open_run(request.run)
            writing = write(run, request.seed, request.settings, request.random_seed, _line_proposer(request))
            text = UnfinishedText(writing)
        self._texts[key] = text
        self._remove_oldest()
        return text

    def discard_text(self, request: WriteRequest) -> None:
        self._texts.pop((request, run_version(request.run)), None)

    def _remove_oldest(self) -> None:
        """Remove the texts beyond `MOST_TEXTS`, and those whose run is not among the last `MOST_RUNS`."""
        latest = list(reversed(self._texts))[:MOST_TEXTS]
        runs = list(dict.fromkeys((request.run, version) for request, version in latest))[:MOST_RUNS]
        for request, version in list(self._texts):
            if (request, version) not in latest or (request.run, version) not in runs:
                del self._texts[request, version]


def _line_proposer(request: WriteRequest | LineRequest) -> Proposer | None:
    """Return what proposes lines for a request: songs to quote, a local model, or None for the run itself."""
    if request.quoted:
        part = request.quoted
        return Centon(_load_quoted_lines(replace(part, first_words=""), corpus_version(part.corpus)), part.first_words)
    return PartnerProposer(local_server()) if getattr(request, "writer", "network") == "partner" else None


@lru_cache(MOST_RUNS)
def _load_quoted_lines(part: QuotedPart, version: int) -> QuotedLines:
    """Return the lines of songs that a centon may quote. The `version` of their corpus only keys the cache."""
    corpus = open_corpus(part.corpus).where(artists=part.artists, years=part.years, kinds=part.kinds)
    return QuotedLines.from_corpus(corpus)


Reply = dict[str, Any]


class RequestHandler:
    """Answers requests in a writer process, which holds the texts that it is writing."""

    def __init__(self) -> None:
        self._texts = UnfinishedTexts()

    def answer(self, message: Mapping[str, Any]) -> Reply:
        """Return the reply to a request. Raise the SeizeError of what a person can mend."""
        request = request_from_json(message["request"])
        if isinstance(request, WriteRequest):
            return self._reply_with_text(request, message["have"])
        return _ANSWERS[type(request)](request)

    def close(self) -> None:
        """Discard all texts."""
        self._texts = UnfinishedTexts()

    def _reply_with_text(self, request: WriteRequest, have: int) -> Reply:
        """Return the steps of a text from index `have` on. If there are none yet, write for a slice of time first."""
        text = self._texts.open_text(request)
        if len(text.steps) <= have:
            try:
                text.write_for_time_slice()
            except SeizeError:  # of a partner: a writing that failed cannot go on, one that is begun anew can
                self._texts.discard_text(request)
                raise
        return {
            "steps": text.steps[have:],
            "done": text.done,
            "unknown": list(text.writing.unknown),
            "partner": proposer.usage() if isinstance(proposer := text.writing.proposer, PartnerProposer) else None,
        }


def _reply_with_lines(request: LineRequest) -> Reply:
    lines = _TASKS[request.task](
        open_constraint_index(request.run),
        request.text,
        request.line,
        request.settings,
        request.random_seed,
        count=request.count,
        answer=request.answer,
        **({"proposer": _line_proposer(request)} if request.task == "next" else {}),
    )
    return {"lines": [asdict(line) for line in lines]}


_TASKS: dict[LineTask, Callable[..., list[GeneratedLine]]] = {
    "next": lambda index, text, line, *settings, **how: propose_lines(index, text, *settings, **how),
    "revise": revise_line,
    "fill": fill_gaps,
    "between": line_between,
}
_ANSWERS: dict[type, Callable[[Any], Reply]] = {
    LineRequest: _reply_with_lines,
    OriginalityRequest: lambda request: asdict(
        open_constraint_index(request.run).span_index.measure_originality(request.text)
    ),
}

answer = RequestHandler().answer  # of the desk of this process
