"""Trained architectures on disk: runs of kind "architecture" under models/learn-<name>/, weights as named arrays.

A part of a network is named `part/number`: `encoder/0`, `encoder/1`, `encoder/2` are a recurrent layer's kernel,
recurrent kernel and bias in Keras's order. float16 on disk, float32 in use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.cell import RecurrentLayer
from pipeline.cells.registry import CELLS
from pipeline.core.errors import RunError, SettingError
from pipeline.language.vocabulary import Vocabulary
from pipeline.learn.scores import Score, to_json
from pipeline.runs.draft import Draft, round_weights, save_run
from pipeline.runs.run import LEARN_PREFIX, Arrays, Run, load_run, run_version

NAMES = (
    "classic",
    "cloze",
    "tagging",
    "many-to-one",
    "one-to-many",
    "reply",
    "reversal",
    "series",
)
_WEIGHTS = "weights.npz"
Weights = Mapping[str, Sequence[Array]]  # part -> its arrays, in Keras's order


@dataclass(frozen=True)
class Saved:
    """What a trained architecture's folder holds."""

    run: Run
    parts: Mapping[str, list[Array]]

    @property
    def vocabulary(self) -> Vocabulary:
        return self.run.vocabulary

    @property
    def notes(self) -> dict[str, Any]:
        """What its module kept beside the weights: classes, curves, confusion matrices."""
        return dict(self.run.config["notes"])

    @property
    def scores(self) -> list[dict[str, Any]]:
        """The fields of `scores.Score`, one dictionary a claim."""
        return list(self.run.config["scores"])

    def layer(self, part: str, cell: str = "gru") -> RecurrentLayer:
        """A recurrent layer of this part's name."""
        return CELLS[cell].layer.from_keras(*self[part])

    def __getitem__(self, part: str) -> list[Array]:
        try:
            return self.parts[part]
        except KeyError as error:
            raise RunError(
                "The run {name!r} has no part {part!r}. Train it again.", name=self.run.name, part=part
            ) from error


def run_name(name: str) -> str:
    """The run of an architecture. Raises SettingError for a name that is none."""
    if name not in NAMES:
        raise SettingError("Unknown architecture {name!r}: take one of {known}.", name=name, known=", ".join(NAMES))
    return f"{LEARN_PREFIX}{name}"


def is_trained(name: str) -> bool:
    """Whether its run exists."""
    return run_version(run_name(name)) > 0


def open_saved(name: str) -> Saved:
    """A trained architecture. Raises RunError when its run is missing, damaged, or of another kind."""
    if not is_trained(name):
        raise RunError("{name} has not been trained: run `python -m pipeline learn {name}`.", name=name)
    run = load_run(run_name(name))
    if run.kind != "architecture" or not {"notes", "scores"} <= set(run.config):
        raise RunError(
            "The run {run!r} is not a trained architecture. Run `python -m pipeline learn {name}`.",
            run=run.name,
            name=name,
        )
    return Saved(run, _group_arrays(run.arrays(_WEIGHTS)))


def unsaved_architecture(
    name: str,
    vocabulary: Vocabulary,
    weights: Weights,
    notes: Mapping[str, Any],
    *,
    parts: Mapping[str, Any] | None = None,
) -> Saved:
    """A trained architecture as it will be read once saved: to be scored before."""
    config = {"kind": "architecture", "notes": dict(notes), "scores": []}
    draft = Draft(run_name(name), config, vocabulary, parts=parts or {})
    return Saved(draft.run(), {part: round_weights(arrays) for part, arrays in weights.items()})


def save(
    name: str,
    vocabulary: Vocabulary,
    weights: Weights,
    scores: Sequence[Score],
    notes: Mapping[str, Any],
    history: pd.DataFrame,
    task: str,
    *,
    parts: Mapping[str, Any] | None = None,
    arrays: Mapping[str, Arrays] | None = None,
) -> Saved:
    """Write the run and its card; an earlier one is replaced. `parts` and `arrays` are further files by name."""
    halved = {f"{part}/{i}": w.astype(np.float16) for part, ws in weights.items() for i, w in enumerate(ws)}
    config = {"kind": "architecture", "notes": dict(notes), "scores": to_json(scores)}
    parameters = sum(array.size for array in halved.values())
    card = _card(name, task, parameters, scores)
    save_run(
        Draft(
            run_name(name), config, vocabulary, None, {_WEIGHTS: halved, **(arrays or {})}, parts or {}, history, card
        )
    )
    return open_saved(name)


def scores_table() -> pd.DataFrame:
    """One row a claim of every trained architecture: architecture, measure, value, low, high, n, songs, baselines."""
    rows = [{"architecture": name, **row} for name in NAMES if is_trained(name) for row in open_saved(name).scores]
    return pd.DataFrame(rows)


def _group_arrays(arrays: Mapping[str, Array]) -> dict[str, list[Array]]:
    parts: dict[str, list[Array]] = {}
    for key in sorted(arrays, key=lambda key: (key.rsplit("/", 1)[0], int(key.rsplit("/", 1)[1]))):
        parts.setdefault(key.rsplit("/", 1)[0], []).append(arrays[key].astype(np.float32))
    return parts


def _card(name: str, task: str, parameters: int, scores: Sequence[Score]) -> str:
    rows = "\n".join(
        f"| {s.measure} | {s.value:.4f} | {s.low:.4f} – {s.high:.4f} | {s.n:,} | {s.songs} | "
        f"{s.baseline_name}: {s.baseline:.4f} |"
        for s in scores
    )
    head = "| measure | value | 95 % interval | n | songs | baseline |\n|---|---|---|---|---|---|"
    return (
        f"# learn-{name}\n\n{task}\n\n{parameters:,} parameters, rounded to float16; replayed by the NumPy cells. "
        f"Retrain it with `python -m pipeline learn {name}`.\n\n{head}\n{rows}\n\n"
        "Scores are on songs that training never saw (0 songs: a made-up task). Intervals draw whole songs again. "
        "A teaching model: it knows the embedded, invented corpus and nothing else.\n"
    )
