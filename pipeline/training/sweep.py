"""Many trainings of one corpus: the cross product of settings, each run as `train` makes it alone, by the workers of an
Executor; and the best of them as one more run, the mean of what their networks predict, mixed with what was counted.

What fails is a row with its reason; what is interrupted leaves the runs that are finished. Workers need this package,
the corpus and the folder of runs: those of a cluster share them by their file system.
"""

import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from pipeline.core.errors import SeizeError, Sentence
from pipeline.core.translation import translate_sentence
from pipeline.corpus.prepare import open_corpus
from pipeline.language_models.splits import Split
from pipeline.processes.executors import worker_executor
from pipeline.runs.config import WORD_CONTEXTS
from pipeline.runs.draft import Draft, save_run
from pipeline.runs.run import (
    CASING,
    MEMBERS,
    NGRAMS,
    SPELLING,
    SPELLING_VOCABULARY,
    WEIGHTS,
    Run,
    load_run,
    pack_member_weights,
)
from pipeline.runs.trash import claim_name
from pipeline.training.base import level_of
from pipeline.training.settings import TrainSettings
from pipeline.training.test_report import character_baseline, with_test_report
from pipeline.training.train import train

_SHARED_ARRAY_FILES = (NGRAMS, WORD_CONTEXTS, SPELLING)
_SHARED_JSON_FILES = (SPELLING_VOCABULARY, CASING)


def runs_sharing_vocabulary(runs: Sequence[Run]) -> list[Run]:
    """Return the runs with a network that have the vocabulary of the first of them, and are no ensemble."""
    networks = [run for run in runs if run.kind != "ngram" and not run.ensemble_members]
    return [run for run in networks if run.vocabulary.index2word == networks[0].vocabulary.index2word]


def save_ensemble(name: str, runs: Sequence[Run], split: Split) -> Run:
    """Save the mean of the networks of `runs_sharing_vocabulary` under a name, all else of the first; judged as any
    run.

    What is mixed is weighed anew on the validation songs.
    """
    first, *others = runs
    members = [
        {"name": run.name, "checksum": str(run.config["files"][WEIGHTS]), "network": run.spec.to_json()} for run in runs
    ]
    config = {key: value for key, value in first.config.items() if key not in ("files", "scores", "base", "checksum")}
    config |= {"name": name, "members": members, "parameters": sum(run.config["parameters"] for run in runs)}
    arrays = {file: first.arrays(file) for file in _SHARED_ARRAY_FILES if first.has_file(file)}
    arrays[MEMBERS] = pack_member_weights([run.weights() for run in others])
    parts = {file: first.read_json(file) for file in _SHARED_JSON_FILES if first.has_file(file)}
    draft = Draft(
        name,
        config,
        first.vocabulary,
        weights=lambda path: shutil.copyfile(first.folder / WEIGHTS, path),
        arrays=arrays,
        parts=parts,
        history=first.history(),
        weight_arrays=first.weights(),
    )
    return save_run(with_test_report(draft, split, character_baseline(split)))


RESULT_COLUMNS = ("valid_bits", "test_bits", "difference", "updates", "readings", "seconds", "parameters")
INTERRUPTED = Sentence("interrupted")
OnOutcome = Callable[["TrainingOutcome"], None]


@dataclass(frozen=True)
class TrainingOutcome:
    """What became of one training: its run, or the reason why there is none."""

    settings: TrainSettings
    reason: str = ""


def cross_product(name: str, values: Mapping[str, Sequence[Any]]) -> list[TrainSettings]:
    """Return the settings of every combination of values, named NAME-1, NAME-2 and so on; the last varies first."""
    settings = []
    for number, chosen in enumerate(product(*values.values()), 1):
        one = dict(zip(values, chosen, strict=True))
        one.setdefault("level", level_of(one.get("base")))
        settings.append(TrainSettings(name=f"{name}-{number}", **one))
    return settings


def sweep(
    corpus: str,
    settings: Sequence[TrainSettings],
    on_outcome: OnOutcome = lambda outcome: None,
    *,
    replace: bool = False,
    executor: Executor | None = None,
) -> list[TrainingOutcome]:
    """Train on the corpus of a name with each of the settings, and return what became of each, in their order.

    The workers are those of `executor`, or processes of our own. `replace` is that of `claim_name`. Ctrl-C ends what is
    not finished: its reason is that it was interrupted.
    """
    finished: dict[str, TrainingOutcome] = {}
    with worker_executor(executor, worth=len(settings) > 1) as pool:
        try:
            for outcome in _outcomes(pool, corpus, settings, replace):
                finished[outcome.settings.name] = outcome
                on_outcome(outcome)
        except KeyboardInterrupt:
            for process in multiprocessing.active_children() if executor is None else ():
                process.terminate()  # now, not when they are done
    return [finished.get(one.name) or TrainingOutcome(one, INTERRUPTED) for one in settings]


def _outcomes(
    pool: Executor | None, corpus: str, settings: Sequence[TrainSettings], replace: bool
) -> Iterator[TrainingOutcome]:
    if pool is None:
        for one in settings:
            yield train_one(corpus, one, replace)
        return
    waiting: dict[Future[TrainingOutcome], TrainSettings] = {
        pool.submit(train_one, corpus, one, replace): one for one in settings
    }
    for future in as_completed(waiting):
        error = future.exception()  # of a worker that ended, such as for lack of memory
        yield future.result() if error is None else TrainingOutcome(waiting[future], _reason(error))


def train_one(corpus: str, settings: TrainSettings, replace: bool = False) -> TrainingOutcome:
    """Train one run and save it; whatever goes wrong is its reason."""
    try:
        with claim_name(settings.name, replace=replace):
            train(open_corpus(corpus), settings)
    except Exception as error:
        return TrainingOutcome(settings, _reason(error))
    return TrainingOutcome(settings)


def _reason(error: BaseException) -> str:
    if isinstance(error, SeizeError):
        return error.as_sentence
    message = str(error).partition("\n")[0]
    return Sentence("{reason}", reason=f"{type(error).__name__}: {message}")


def outcome_table(outcomes: Sequence[TrainingOutcome], varied: Sequence[str]) -> pd.DataFrame:
    """Return one row a training, the fewest bits on validation first: run, the settings that were varied,
    `RESULT_COLUMNS` and reason.

    Bits are a character; `difference` is that of the test songs to the best character n-gram's, in percent.
    """
    rows = [
        {
            "run": outcome.settings.name,
            **{name: getattr(outcome.settings, name) for name in varied},
            **(dict.fromkeys(RESULT_COLUMNS) if outcome.reason else run_results(outcome.settings.name)),
            "reason": translate_sentence(outcome.reason),
        }
        for outcome in outcomes
    ]
    table = pd.DataFrame(rows, columns=["run", *varied, *RESULT_COLUMNS, "reason"])
    table = table.astype(dict.fromkeys(RESULT_COLUMNS, float)).astype(dict.fromkeys(("updates", "parameters"), "Int64"))
    return table.sort_values("valid_bits", kind="stable", na_position="last", ignore_index=True)


def run_results(name: str) -> dict[str, Any]:
    """Return the `RESULT_COLUMNS` of a run that was trained; what does not apply to its kind is None."""
    run = load_run(name)
    training, scores = run.config.get("training", {}), run.scores
    test, baseline = scores["test"]["bits_per_char"], scores["baseline"]["test"]
    return {
        "valid_bits": scores["valid"]["bits_per_char"],
        "test_bits": test,
        "difference": 100 * (test / baseline - 1),
        "updates": training.get("steps"),
        "readings": training.get("epochs"),
        "seconds": training.get("seconds", run.config.get("seconds")),
        "parameters": run.config.get("parameters"),
    }
