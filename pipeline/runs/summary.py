"""What a run is and how good it is, in one row: what lists of runs show. Reads the run's config, not its weights."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from pipeline.core.errors import RunError, SeizeError
from pipeline.language_models.splits import joint_hash
from pipeline.runs.config import CONFIG
from pipeline.runs.run import HISTORY, Run, load_run

_CURVE = ["step", "train_bits", "valid_bits"]


@dataclass(frozen=True)
class Summary:
    """None where a run does not say: an n-gram has no cell, a run on a text file no corpus.

    part                       whether only songs of some artists or years were used
    test_songs                 what tells the songs that it was judged on from others
    valid_characters           of the songs that its validation curve is of
    test_bits, baseline_bits   bits a character on the test songs: the run, the best character n-gram of the same songs
    difference                 of the two, in percent of the n-gram's: below 0 the run is better
    perplexity                 a token, of word runs
    seconds                    of training
    written                    seconds since 1970: when its folder was written on this machine
    bytes                      on disk
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
    written: float
    bytes: int


def summary(run: Run) -> Summary:
    """Return the row of one run."""
    config, network, corpus = run.config, run.config.get("network", {}), run.config.get("corpus", {})
    test, baseline = _nested(run.scores, "test", "bits_per_char"), _nested(run.scores, "baseline", "test")
    return Summary(
        name=run.name,
        kind=run.kind,
        level=run.level,
        cell=network.get("cell"),
        units=network.get("units"),
        layers=network.get("layers"),
        parameters=config.get("parameters"),
        corpus=corpus.get("name"),
        part=bool(corpus.get("artists") or corpus.get("years")),
        test_songs=_test_songs(run),
        valid_characters=_nested(corpus, "split", "valid", "characters"),
        test_bits=test,
        baseline_bits=baseline,
        difference=100 * (test / baseline - 1) if test and baseline else None,
        perplexity=_nested(run.scores, "test", "perplexity"),
        seconds=_nested(config, "training", "seconds") or config.get("seconds"),
        written=(run.folder / CONFIG).stat().st_mtime,
        bytes=sum(path.stat().st_size for path in run.folder.iterdir()),
    )


def runs_table(names: Iterable[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a run, in the order given, and one `Sentence` for each that cannot be opened."""
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for name in names:
        try:
            rows.append(asdict(summary(load_run(name))))
        except SeizeError as error:
            problems.append(error.as_sentence)
    table = pd.DataFrame(rows, columns=list(Summary.__dataclass_fields__))
    numbers = ("units", "layers", "parameters", "test_bits", "baseline_bits", "difference", "perplexity", "seconds")
    return table.astype(dict.fromkeys(numbers, float)), problems


def runs_of_same_songs(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of runs that were judged on the same test songs, the best first; the largest such group first.

    Bits of different texts do not compare: what is said of the best run is said within one group.
    """
    judged = table.dropna(subset=["test_bits"]).sort_values("test_bits", kind="stable")
    return sorted((group for _, group in judged.groupby("test_songs")), key=len, reverse=True)


def comparable_pair(table: pd.DataFrame) -> list[str]:
    """Return the names of the best two runs of one kind and the same test songs; of any kinds where no kind has two.

    Empty where no two runs were judged on the same songs.
    """
    groups = runs_of_same_songs(table)
    alike = [part for group in groups for _, part in group.groupby("kind") if len(part) > 1]
    return next((part["name"].tolist()[:2] for part in (*alike, *groups) if len(part) > 1), [])


def _test_songs(run: Run) -> str:
    """Return the hash of the test songs of a run; of a run on a text file, its name and their length."""
    corpus = run.config.get("corpus", {})
    if songs := corpus.get("test_songs"):
        return joint_hash(songs)
    characters = _nested(corpus, "split", "test", "characters")
    return f"{corpus.get('name')} {characters}" if characters else run.name


def validation_curve(run: Run) -> pd.DataFrame:
    """Return minutes, step, train_bits and valid_bits (bits a token), one row a validation; no row without any.

    Raise RunError when the history holds something else.
    """
    if (run.folder / HISTORY).stat().st_size <= 1:  # an empty table: an n-gram is not trained step by step
        return pd.DataFrame(columns=["minutes", *_CURVE], dtype=float)
    history = run.history()
    try:
        table = history[["seconds", *_CURVE]].astype(float)
    except (KeyError, ValueError, TypeError) as error:
        raise RunError("history.csv of the model {name!r} is damaged. Train the model again.", name=run.name) from error
    return table.assign(minutes=table["seconds"] / 60)[["minutes", *_CURVE]]


def _nested(data: Mapping[str, Any], *path: str) -> Any:
    """Return what stands under these keys, one in the other; None where one lacks."""
    for key in path:
        data = data.get(key) or {}
    return data or None
