"""Weights of a `.keras` file without Keras.

A `.keras` file is a zip of `config.json` (the layers, in order) and `model.weights.h5` (a group of arrays a layer).
Only JSON and arrays of numbers are read; nothing in the file can run. One that holds code all the same (a Lambda layer)
is refused: without its code it is another network, and no run of Seize has one.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from pipeline.cells.activations import Array
from pipeline.core.errors import DAMAGED_FILE_ERRORS, RunError


def read_keras_weights(path: str | Path) -> list[Array]:
    """Return the arrays of a saved functional or sequential model, in the order of `model.get_weights()`.

    Layers without weights (inputs, dropout) give nothing. Raise RunError when the file is missing or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            if _holds_code(config):
                raise RunError(
                    "{path} contains code (a Lambda layer), which is never run here. Choose another model.", path=path
                )
            names = _layer_names(config)
            weights = io.BytesIO(archive.read("model.weights.h5"))
        with h5py.File(weights, "r") as file:
            # by their names in config.json: the group itself is called after the layer's class
            groups = {str(group["vars"].attrs["name"]): group for group in file["layers"].values()}
            return [array for name in names for array in _arrays(groups[name])]
    except FileNotFoundError as error:
        raise RunError(
            "{path}: no such weights file. Train the model again or choose another one.", path=path
        ) from error
    except DAMAGED_FILE_ERRORS as error:
        raise RunError(
            "{path}: not a complete .keras file ({reason}). Train the model again.", path=path, reason=str(error)
        ) from error


def _holds_code(value: Any) -> bool:
    """Whether a configuration has a Lambda layer anywhere, or a function that Keras saved as code."""
    if isinstance(value, dict):
        return str(value.get("class_name", "")).strip("_").lower().endswith("lambda") or _holds_code([*value.values()])
    return isinstance(value, list) and any(map(_holds_code, value))


def _layer_names(config: dict[str, Any]) -> list[str]:
    """Return the names of the layers in order, without inputs, which a sequential model lists but does not save."""
    layers = config["config"]["layers"]
    return [layer["config"]["name"] for layer in layers if layer["class_name"] != "InputLayer"]


def _arrays(group: h5py.Group) -> Iterator[Array]:
    """Yield a layer's own arrays by number, then those of its parts, forward before backward, as Keras lists them."""
    own = group["vars"]
    yield from (np.asarray(own[number]) for number in sorted(own, key=int))
    parts = [name for name in group if name != "vars"]
    for name in sorted(parts, key=lambda part: (part != "forward_layer", part)):
        yield from _arrays(group[name])
