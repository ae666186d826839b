"""The settings of a training as a job, and its reported progress: between pages and jobs. Knows no Streamlit."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

import pandas as pd

from dashboard.queries.visitors import Visitor, names_of_unfinished_jobs, submit_job_for
from pipeline.core.errors import CorpusError, SettingError
from pipeline.core.paths import checked_name
from pipeline.corpus.store import CORPUS_OWNERS
from pipeline.language.vocabulary import UnitLevel
from pipeline.processes import jobs
from pipeline.processes.jobs import BUSY
from pipeline.runs.config import RUN_OWNERS, Kind
from pipeline.runs.run import checkpoint_path, list_runs
from pipeline.runs.trash import is_shipped

JOB_KIND = "train"
PROGRESS_COLUMNS = (
    *("step", "epoch", "seconds", "seconds_left", "tokens_per_second"),
    *("train_bits", "valid_bits", "best_bits", "valid_bits_per_char", "baseline_bits"),
)


@dataclass(frozen=True, kw_only=True)
class TrainingRequest:
    """The settings of one training. If `units` is None, level and budget decide their number. With a `base`, training
    starts from the network of that run and keeps its cell and layers."""

    name: str
    corpus: str
    level: UnitLevel
    cell: str
    minutes: float
    kind: Kind = "mixture"
    units: int | None = None
    layers: int = 1
    base: str | None = None
    artists: tuple[str, ...] = ()
    years: tuple[int, int] | None = None

    def command(self, *, resume: bool = False) -> list[str]:
        """Return the arguments of `python -m pipeline` that start this training."""
        arguments = ["train", self.corpus, "--name", self.name, "--level", self.level]
        arguments += ["--kind", self.kind]
        arguments += ["--from", self.base] if self.base else ["--cell", self.cell]
        arguments += ["--minutes", f"{self.minutes:g}"]
        arguments += [] if self.base else ["--layers", str(self.layers)]
        arguments += ["--units", str(self.units)] if self.units else []
        arguments += [f"--artists={artist}" for artist in self.artists]
        arguments += ["--years", *map(str, self.years)] if self.years else []
        return arguments + (["--resume", self.name] if resume else [])


def submit_training(request: TrainingRequest, visitor: Visitor, *, resume: bool = False) -> jobs.Job:
    """Queue a training for a visitor, who will own its run.

    Raise SettingError when the name is taken, the queue is full, or the visitor is no editor or has no room;
    CorpusError for songs that they may not read, or no longer.
    """
    if not CORPUS_OWNERS.ownership(request.corpus).is_readable_by(visitor.name):
        raise CorpusError("There is no corpus {name!r} here: choose another one.", name=request.corpus)
    if not resume:
        check_run_name(request.name)
    title = f"{'Go on with' if resume else 'Train'} {request.name}"
    about = {**asdict(request), "resumed": resume}
    command = request.command(resume=resume)
    return submit_job_for(visitor, JOB_KIND, title, command, about, owners=RUN_OWNERS, name=request.name)


def training_request_of_job(job: jobs.Job) -> TrainingRequest:
    """Return the settings of the training that a job runs."""
    about = {name: value for name, value in job.about.items() if name in TrainingRequest.__dataclass_fields__}
    years = tuple(about["years"]) if about.get("years") else None
    return TrainingRequest(**{**about, "artists": tuple(about.get("artists", ())), "years": years})


def unused_run_name(level: str, model: str) -> str:
    """Return a run name that is not taken: mine-char-lstm, mine-char-lstm-2, …"""
    taken, first = _taken_names(), f"mine-{level}-{model}"
    names = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def check_run_name(name: str) -> None:
    """Raise SettingError for a run name that is invalid, taken, or reserved for the included models."""
    if is_shipped(checked_name(name)):
        raise SettingError(
            "Names like {name!r} are reserved for the models included with Seize. Choose another name.", name=name
        )
    if name in _taken_names():
        raise SettingError("A model called {name!r} exists or is being trained. Choose another name.", name=name)


def can_resume(job: jobs.Job, all_jobs: Iterable[jobs.Job]) -> bool:
    """Return whether a training can be resumed: it has ended, has a checkpoint, and is the latest of its name."""
    last = [other for other in all_jobs if other.about["name"] == job.about["name"]][-1:]
    ended = job.status().state not in BUSY
    return ended and [other.id for other in last] == [job.id] and checkpoint_path(job.about["name"]).is_file()


def progress_table(job: jobs.Job, all_jobs: Sequence[jobs.Job]) -> pd.DataFrame:
    """Return the progress of a training, a row per reported step: `PROGRESS_COLUMNS`, minutes, sample.

    Steps of the trainings that it resumed come first. Values that a step does not report are nan (`sample`: None); the
    baseline is in every row.
    """
    same_name = [
        other for other in all_jobs if other.about["name"] == job.about["name"] and other.created <= job.created
    ]
    first_of_all = max((at for at, other in enumerate(same_name) if not other.about.get("resumed")), default=0)
    rows: list[dict[str, Any]] = []
    for part in same_name[first_of_all:]:
        steps = [step for step in part.progress() if "step" in step or "baseline_bits" in step]
        first = next((step["step"] for step in steps if "step" in step), None)
        if first is not None:  # after a crash it goes on from a checkpoint before the last step reported
            rows = [row for row in rows if row.get("step", -1) < first]
        rows += steps
    table = pd.DataFrame(rows, columns=[*PROGRESS_COLUMNS, "sample"])
    table = table.astype(dict.fromkeys(PROGRESS_COLUMNS, float))
    baseline = table["baseline_bits"].max()
    table = table.dropna(subset=["step", "seconds", "train_bits"]).reset_index(drop=True)
    return table.assign(minutes=table["seconds"] / 60, baseline_bits=baseline)


def _taken_names() -> set[str]:
    return {*list_runs(), *names_of_unfinished_jobs(JOB_KIND)}
