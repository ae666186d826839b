"""An architecture of the Learn pages: what it reads, how it is trained, replayed and scored; and its run on disk.

Runs are of kind "architecture", under models/learn-<name>/, weights as named arrays. A part of a network is named
`part/number`: `encoder/0`, `encoder/1`, `encoder/2` are a recurrent layer's kernel, recurrent kernel and bias in
Keras's order. float16 on disk, float32 in use. Knows no TensorFlow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.cell import RecurrentLayer
from pipeline.cells.registry import CELLS
from pipeline.core.errors import RunError
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.runs.draft import RunDraft, round_weights, save_run
from pipeline.runs.run import LEARN_PREFIX, Arrays, Run, load_run, run_version

_DRAWS = 1000


@dataclass(frozen=True)
class Score:
    """A measured value: `measure` over `n` items of `songs` songs, its 95 % interval, and a baseline on these items."""

    measure: str
    value: float
    low: float
    high: float
    n: int
    songs: int
    baseline_name: str
    baseline: float


def bootstrap_interval(songs: Sequence[int], measure: Callable[[Ids], float]) -> tuple[float, float]:
    """Return the 95 % limits of `measure` (row numbers -> value), by drawing the songs of the rows again."""
    owners = np.asarray(songs)
    rows_of = [np.flatnonzero(owners == song) for song in np.unique(owners)]
    generator, values = np.random.default_rng(0), []
    for _ in range(_DRAWS):
        drawn = generator.integers(len(rows_of), size=len(rows_of))
        values.append(measure(np.concatenate([rows_of[i] for i in drawn]).astype(np.int32)))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean_score(
    name: str, songs: Sequence[int], values: Array, baseline_name: str, baseline: Array, weights: Array | None = None
) -> Score:
    """Return the score of a measure with one value per row: their (weighted) mean, beside the mean of the baseline."""
    values, baseline = np.asarray(values, float), np.asarray(baseline, float)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)

    def weighted_mean(rows: Ids) -> float:
        return float((values[rows] * weights[rows]).sum() / weights[rows].sum())

    total = float((baseline * weights).sum() / weights.sum())
    low, high = bootstrap_interval(songs, weighted_mean)
    n = int(weights.sum())
    return Score(
        name, weighted_mean(np.arange(len(values), dtype=np.int32)), low, high, n, len(set(songs)), baseline_name, total
    )


def macro_f1(true: Ids, predicted: Ids, classes: int) -> float:
    """Return the mean of F1 = 2·TP / (2·TP + FP + FN) over the classes that occur in `true`.

    >>> round(macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 2), 4)
    0.6667
    """
    hits = np.bincount(true[true == predicted], minlength=classes)
    both = np.bincount(true, minlength=classes) + np.bincount(predicted, minlength=classes)
    present = np.bincount(true, minlength=classes) > 0
    return float((2 * hits[present] / both[present]).mean())


def f1_score(name: str, songs: Sequence[int], true: Ids, predicted: Ids, baseline_name: str, baseline: Ids) -> Score:
    """Return macro-F1 with its interval as a score, beside the baseline's."""
    classes = int(max(true.max(), predicted.max(), baseline.max())) + 1
    low, high = bootstrap_interval(songs, lambda rows: macro_f1(true[rows], predicted[rows], classes))
    value, base = macro_f1(true, predicted, classes), macro_f1(true, baseline, classes)
    return Score(name, value, low, high, len(true), len(set(songs)), baseline_name, base)


_WEIGHTS_FILE = "weights.npz"
Weights = Mapping[str, Sequence[Array]]  # part -> its arrays, in Keras's order
OnStep = Callable[[float, str, dict[str, float]], None]  # share of the work done, a message, figures
Data = TypeVar("Data")
Model = TypeVar("Model")


@dataclass(frozen=True)
class SavedArchitecture:
    """A trained architecture as its run stores it: weights by the name of the part of the network."""

    run: Run
    parts: Mapping[str, list[Array]]

    @property
    def vocabulary(self) -> Vocabulary:
        return self.run.vocabulary

    @property
    def training_notes(self) -> dict[str, Any]:
        """Values stored with the training, for opening the model and for figures: classes, gains by length."""
        return dict(self.run.config["notes"])

    @property
    def scores(self) -> list[dict[str, Any]]:
        """The scores on the test songs, each a dictionary of the fields of `Score`."""
        return list(self.run.config["scores"])

    def layer(self, part: str, cell: str = "gru") -> RecurrentLayer:
        """Return the recurrent layer whose weights are saved as `part`."""
        return CELLS[cell].layer.from_keras(*self[part])

    def __getitem__(self, part: str) -> list[Array]:
        try:
            return self.parts[part]
        except KeyError as error:
            raise RunError(
                "The model {name!r} has no part {part!r}. Train it again.", name=self.run.name, part=part
            ) from error


@dataclass(frozen=True)
class FittedNetworks:
    """The result of a training: weights, their history, notes, and further files in `parts` and `arrays`."""

    vocabulary: Vocabulary
    weights: Weights
    history: pd.DataFrame
    training_notes: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, Arrays] = field(default_factory=dict)

    def as_saved_architecture(self, name: str) -> SavedArchitecture:
        """Return the networks as they would be after saving, with rounded weights, to score them beforehand."""
        config = {"kind": "architecture", "notes": dict(self.training_notes), "scores": []}
        draft = RunDraft(run_name(name), config, self.vocabulary, arrays=self.arrays, parts=self.parts)
        return SavedArchitecture(draft.as_run(), {part: round_weights(arrays) for part, arrays in self.weights.items()})


@dataclass(frozen=True)
class Architecture(Generic[Data, Model]):
    """A network architecture for a task: how its data are read, how it is trained, opened and scored.

    name   of its run, models/learn-<name>/
    task   its task in a sentence, for its card
    data   returns training, validation and test data, given a function that opens the corpus
    fit    trains its networks on the data within so many minutes: here TensorFlow is imported
    open   returns the trained networks, replayed by the NumPy cells
    score  returns their scores on the test songs, and notes for its figure
    """

    name: str
    task: str
    data: Callable[[Callable[[], Corpus]], Data]
    fit: Callable[[Data, float, OnStep], FittedNetworks]
    open: Callable[[SavedArchitecture], Model]
    score: Callable[[Model, Data], tuple[list[Score], dict[str, Any]]]

    def load(self) -> Model:
        """Return the trained architecture from its run. Raise RunError if it is missing or damaged."""
        return self.open(open_saved(self.name))

    def train(self, open_corpus: Callable[[], Corpus], minutes: float, on_step: OnStep) -> SavedArchitecture:
        """Train, score and save it; an earlier run is replaced."""
        data = self.data(open_corpus)
        fitted = self.fit(data, minutes, on_step)
        scores, notes = self.score(self.open(fitted.as_saved_architecture(self.name)), data)
        return _save(self, fitted, scores, {**fitted.training_notes, **notes})


def run_name(name: str) -> str:
    """Return the name of the run of an architecture."""
    return f"{LEARN_PREFIX}{name}"


def is_trained(name: str) -> bool:
    """Return whether an architecture has a run."""
    return run_version(run_name(name)) > 0


def open_saved(name: str) -> SavedArchitecture:
    """Return a trained architecture. Raise RunError when its run is missing, damaged, or of another kind."""
    if not is_trained(name):
        raise RunError("{name} is not trained yet: run `python -m pipeline learn {name}`.", name=name)
    run = load_run(run_name(name))
    if run.kind != "architecture" or not {"notes", "scores"} <= set(run.config):
        raise RunError(
            "The model {run!r} is not a trained architecture. Run `python -m pipeline learn {name}`.",
            run=run.name,
            name=name,
        )
    return SavedArchitecture(run, _arrays_by_part(run.read_npz(_WEIGHTS_FILE)))


def _save(
    architecture: Architecture[Any, Any], fitted: FittedNetworks, scores: Sequence[Score], notes: Mapping[str, Any]
) -> SavedArchitecture:
    halved = {f"{part}/{i}": w.astype(np.float16) for part, ws in fitted.weights.items() for i, w in enumerate(ws)}
    draft = RunDraft(
        run_name(architecture.name),
        {"kind": "architecture", "notes": dict(notes), "scores": [asdict(score) for score in scores]},
        fitted.vocabulary,
        arrays={_WEIGHTS_FILE: halved, **fitted.arrays},
        parts=fitted.parts,
        history=fitted.history,
        card=_model_card(architecture, sum(array.size for array in halved.values()), scores),
    )
    save_run(draft)
    return open_saved(architecture.name)


def _arrays_by_part(arrays: Mapping[str, Array]) -> dict[str, list[Array]]:
    """Return arrays saved as `part/number` by their part, in the order of their numbers, in float32."""
    parts: dict[str, list[Array]] = {}
    for key in sorted(arrays, key=lambda key: (key.rsplit("/", 1)[0], int(key.rsplit("/", 1)[1]))):
        parts.setdefault(key.rsplit("/", 1)[0], []).append(arrays[key].astype(np.float32))
    return parts


def _model_card(architecture: Architecture[Any, Any], parameters: int, scores: Sequence[Score]) -> str:
    rows = "\n".join(
        f"| {s.measure} | {s.value:.4f} | {s.low:.4f} – {s.high:.4f} | {s.n:,} | {s.songs} | "
        f"{s.baseline_name}: {s.baseline:.4f} |"
        for s in scores
    )
    head = "| measure | value | 95 % interval | n | songs | baseline |\n|---|---|---|---|---|---|"
    name = architecture.name
    return (
        f"# learn-{name}\n\n{architecture.task}\n\n"
        f"{parameters:,} parameters, rounded to float16; replayed by the NumPy cells. "
        f"Retrain it with `python -m pipeline learn {name}`.\n\n{head}\n{rows}\n\n"
        "Scores are on songs that training never saw (0 songs: a made-up task). Intervals draw whole songs again. "
        "A teaching model: it knows the embedded, invented corpus and nothing else.\n"
    )
