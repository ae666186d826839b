"""What a run is and how good it is, in one row: what lists of runs show. Reads the run's config, not its weights."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from pipeline.core.errors import RunError, SeizeError
from pipeline.language_models.splits import song_set_hash
from pipeline.runs.config import CONFIG
from pipeline.runs.run import HISTORY, Run, load_run

_CURVE = ["step", "train_bits", "valid_bits"]


@dataclass(frozen=True)
class RunSummary:
    """A summary of a run: model, training, scores. Fields that do not apply are None: an n-gram has no cell.

    part                       whether only songs of some artists or years were used
    test_songs                 a hash of its test songs: runs with the same one can be compared
    valid_characters           how many characters its validation songs have
    test_bits, baseline_bits   bits a character on the test songs: the run, the best character n-gram of the same songs
    difference                 of the two, in percent of the n-gram's: below 0 the run is better
    perplexity                 a token, of word runs
    seconds                    of training
    saved                      seconds since 1970: when its folder was saved on this machine
    bytes                      on disk
    has_curve                  whether the bits of each validation during training were kept
    """

    name: str
    kind: str
    level: str
    cell: str | None
    units: int | None
    layers: int | None
    parameters: int | None
    corpus: str | None
    part: bool
    test_songs: str
    valid_characters: float | None
    test_bits: float | None
    baseline_bits: float | None
    difference: float | None
    perplexity: float | None
    seconds: float | None
    saved: float
    bytes: int
    has_curve: bool


def run_summary(run: Run) -> RunSummary:
    """Return the summary of a run (model, training, scores), read from its config.json."""
    config, network, corpus = run.config, run.config.get("network", {}), run.config.get("corpus", {})
    test, baseline = _nested_value(run.scores, "test", "bits_per_char"), _nested_value(run.scores, "baseline", "test")
    return RunSummary(
        name=run.name,
        kind=run.kind,
        level=run.unit_level,
        cell=network.get("cell"),
        units=network.get("units"),
        layers=network.get("layers"),
        parameters=config.get("parameters"),
        corpus=corpus.get("name"),
        part=bool(corpus.get("artists") or corpus.get("years")),
        test_songs=_test_songs(run),
        valid_characters=_nested_value(corpus, "split", "valid", "characters"),
        test_bits=test,
        baseline_bits=baseline,
        difference=100 * (test / baseline - 1) if test and baseline else None,
        perplexity=_nested_value(run.scores, "test", "perplexity"),
        seconds=_nested_value(config, "training", "seconds") or config.get("seconds"),
        saved=(run.folder / CONFIG).stat().st_mtime,
        bytes=sum(path.stat().st_size for path in run.folder.iterdir()),
        has_curve=_has_history(run),
    )


def runs_table(names: Iterable[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return a table of runs by name, one row each, and an error sentence for each that cannot be opened."""
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for name in names:
        try:
            rows.append(asdict(run_summary(load_run(name))))
        except SeizeError as error:
            problems.append(error.as_sentence)
    table = pd.DataFrame(rows, columns=list(RunSummary.__dataclass_fields__))
    numbers = ("units", "layers", "parameters", "test_bits", "baseline_bits", "difference", "perplexity", "seconds")
    return table.astype(dict.fromkeys(numbers, float)), problems


def runs_by_test_songs(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return one table of runs per set of test songs, as their bits can be compared; best run, largest table first."""
    judged = table.dropna(subset=["test_bits"]).sort_values("test_bits", kind="stable")
    return sorted((group for _, group in judged.groupby("test_songs")), key=len, reverse=True)


def best_comparable_runs(table: pd.DataFrame) -> list[str]:
    """Return the names of the best two runs with the same test songs, if possible of one kind; [] without two."""
    groups = runs_by_test_songs(table)
    alike = [part for group in groups for _, part in group.groupby("kind") if len(part) > 1]
    return next((part["name"].tolist()[:2] for part in (*alike, *groups) if len(part) > 1), [])


def _test_songs(run: Run) -> str:
    """Return a hash of a run's test songs. For a run on a plain text, return the name and length of the text."""
    corpus = run.config.get("corpus", {})
    if songs := corpus.get("test_songs"):
        return song_set_hash(songs)
    characters = _nested_value(corpus, "split", "test", "characters")
    return f"{corpus.get('name')} {characters}" if characters else run.name


def _has_history(run: Run) -> bool:
    return (run.folder / HISTORY).stat().st_size > 1  # an empty table: an n-gram is not trained step by step


def validation_curve(run: Run) -> pd.DataFrame:
    """Return the training history: minutes, step, train_bits, valid_bits (bits a token), one row a validation.

    Empty without a history (`RunSummary.has_curve`). Raise RunError when the history is damaged.
    """
    if not _has_history(run):
        return pd.DataFrame(columns=["minutes", *_CURVE], dtype=float)
    history = run.history()
    try:
        table = history[["seconds", *_CURVE]].astype(float)
    except (KeyError, ValueError, TypeError) as error:
        raise RunError("history.csv of the model {name!r} is damaged. Train the model again.", name=run.name) from error
    return table.assign(minutes=table["seconds"] / 60)[["minutes", *_CURVE]]


def _nested_value(data: Mapping[str, Any], *path: str) -> Any:
    """Return the value at a path of keys in nested mappings; None where a key is missing or the value is empty."""
    for key in path:
        data = data.get(key) or {}
    return data or None
