"""A run that needs no training."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from pipeline.cells.replay import NetworkSpec
from pipeline.language.vocabulary import UnitLevel, Vocabulary
from pipeline.runs.draft import RunDraft, save_run

ALPHABET = dict.fromkeys("abcdefghijklmnopqrstuvwxyzéèàçù'J ", 1)


def save_tiny_run(
    name: str = "tiny",
    *,
    counts: dict[str, int] = ALPHABET,
    level: UnitLevel = "char",
    card: str = "Random weights, for tests.",
    **config: Any,
) -> None:
    """A GRU of 8 units with random weights, written as Keras writes it but without Keras."""
    vocabulary = Vocabulary.from_counts(counts, level=level)
    spec = NetworkSpec(cell="gru", units=8, layers=1, embedding=8, tied=False, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(0)
    arrays = [rng.normal(0, 0.3, shape).astype(np.float32) for shape in spec.weight_shapes()]
    layers = {"embedding": arrays[:1], "gru": arrays[1:4], "dense": arrays[4:]}
    save_run(
        RunDraft(
            name,
            {"kind": "network", "network": spec.to_json(), **config},
            vocabulary,
            weights=lambda path: _write_keras(path, layers),
            card=card,
        )
    )


def _write_keras(path: Path, layers: dict[str, list[np.ndarray]]) -> None:
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for name, arrays in layers.items():
            group = file.create_group(f"layers/{name}/vars")
            group.attrs["name"] = name
            for number, array in enumerate(arrays):
                group.create_dataset(str(number), data=array)
    config = {"config": {"layers": [{"class_name": "Layer", "config": {"name": name}} for name in layers]}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
