"""A run to start from: what its network knows, under the vocabulary of other songs (Howard & Ruder 2018, fine-tuning).

The new run keeps the vocabulary that its own songs give, so its bits compare with those of a run from scratch: tokens
that both know keep their rows, what the base has never seen and control tokens start fresh, what only the base knows is
left behind. Knows no TensorFlow.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.replay import NetworkSpec
from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import UnitLevel, Vocabulary
from pipeline.runs.run import WEIGHTS, Run, load_run
from pipeline.training.settings import TrainSettings

_ARCHITECTURE_FIELDS = ("cell", "units", "layers", "embedding", "tied")
# How a base is fine-tuned where nothing else is asked for: measured on poems (docs/decisions/training.md).
_FINE_TUNING: dict[str, Any] = {
    "dropout": 0.35, "recurrent_dropout": 0.25, "batch": 16, "time": 256, "averaging": 0.995,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class BaseModel:
    """A trained network to start from, with its run's name and the checksum of its weights."""

    name: str
    checksum: str
    spec: NetworkSpec
    vocabulary: Vocabulary
    weights: Sequence[Array]

    def to_config(self) -> dict[str, str]:
        """Return the base's name and the checksum of its weights, for the config of the new run."""
        return {"name": self.name, "checksum": self.checksum}


def base_run_unit_level(base: str | None) -> UnitLevel:
    """Return the units (char, subword, word) of the run named `base`. Without a base, return the default units."""
    return load_run(base).unit_level if base else TrainSettings.level


def open_base(name: str) -> BaseModel:
    """Return the network of a run, to start from. Raise RunError if there is no such run or network."""
    run: Run = load_run(name)
    return BaseModel(name, str(run.config["files"].get(WEIGHTS, "")), run.spec, run.vocabulary, run.weights())


def inherit_base_architecture(settings: TrainSettings, base: Run | BaseModel) -> TrainSettings:
    """Return the settings with the base's architecture. Settings that are None get defaults for fine-tuning.

    Raise SettingError where they ask for another network, RunError where the base has none.
    """
    inherited = {name: getattr(base.spec, name) for name in _ARCHITECTURE_FIELDS} | {"level": base.vocabulary.level}
    requested = {name: getattr(settings, name) for name in inherited}
    default = {name: getattr(TrainSettings(name=settings.name), name) for name in inherited}
    wrong = [name for name, value in requested.items() if value not in (None, inherited[name], default[name])]
    if requested["level"] != inherited["level"] and "level" not in wrong:
        wrong.append("level")
    if settings.kind == "ngram":
        raise SettingError("An n-gram has no network to start from: leave out --from.")
    if wrong:
        raise SettingError(
            "{base} does not fit: its network has {theirs}, but the settings say {asked}. Leave out these settings, or "
            "--from.",
            base=base.name,
            theirs=", ".join(f"{name} {inherited[name]}" for name in wrong),
            asked=", ".join(f"{name} {requested[name]}" for name in wrong),
        )
    tuned = {name: value for name, value in _FINE_TUNING.items() if getattr(settings, name) is None}
    if settings.dropout is not None:
        tuned.pop("recurrent_dropout", None)  # which follows the dropout that is asked for
    return dataclasses.replace(settings, **inherited, **tuned)


def transfer_weights(base: BaseModel, vocabulary: Vocabulary, fresh: Sequence[Array]) -> list[Array]:
    """Return weights for a network of `vocabulary`, in Keras's order: the base's for known tokens, or `fresh` ones.

    A token that the base does not know is at first as improbable as the rarest that it knows.
    """
    pairs = [(new, base.vocabulary.word2index.get(token)) for new, token in enumerate(vocabulary.index2word)]
    own_ids, base_ids = (
        np.array(ids, int) for ids in zip(*(pair for pair in pairs if pair[1] is not None), strict=True)
    )
    weights = [np.array(array) for array in base.weights]
    weights[0] = np.array(fresh[0])
    weights[0][own_ids] = base.weights[0][base_ids]
    if not base.spec.tied:
        weights[-2] = np.array(fresh[-2])
        weights[-2][:, own_ids] = base.weights[-2][:, base_ids]
    weights[-1] = np.full_like(fresh[-1], base.weights[-1].min())
    weights[-1][own_ids] = base.weights[-1][base_ids]
    return weights
