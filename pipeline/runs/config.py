"""Where a run lies, and its config.json: what it is, and checksums of its files and of itself.

A run may come from anyone, so the type of every field that anything reads is checked here, once, and what opened is
what `with_checksum` wrote. Runs are read among one's own first, then among those that came with Seize, which are never
written.
"""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pipeline.core.checksums import changed_files, has_valid_checksum, with_checksum
from pipeline.core.errors import RunError, short_reason
from pipeline.core.owners import Owners
from pipeline.core.paths import checked_name, is_valid_name, models_folder, shipped_models_folder
from pipeline.language_models.word_contexts import MAX_CONTEXT_WORDS

Kind = Literal["mixture", "network", "ngram"]
KINDS: tuple[Kind, ...] = ("mixture", "network", "ngram")
FORMAT_VERSION = 2
CONFIG, WORD_CONTEXTS = "config.json", "words.npz"
_SURROGATE = re.compile(r"\\ud[89a-f]", re.I)  # half of a character beyond U+FFFF, in the escapes of JSON
_REQUIRED = ("format", "kind", "level", "files", "vocabulary_size")

# What each field is if it is there: a type (float: a finite number); {key: …}, {"*": …} for all other keys; [of each];
# (of the first, of the second); a set: one of them.
_SIDE_SCORES_SCHEMA = {"level": str, "parts": {"*": float}, "*": {float, None}}
_NETWORK_SCHEMA = {"cell": str, "tied": bool, "dropout": float, "recurrent_dropout": float, "*": int}
_TYPES: dict[str, Any] = {
    "format": int, "name": str, "kind": str, "level": str, "files": {"*": str}, "vocabulary_size": int,
    "parameters": int, "seconds": float, "network": _NETWORK_SCHEMA, "training": {"*": float},
    "settings": {"batch": int, "time": int, "*": {str, float, bool, None}},
    "corpus": {
        "name": str, "names": [str], "text": bool, "artists": [str], "years": (int, int),
        "songs": str, "test_songs": [str],
        "split": {"*": {"songs": int, "characters": int}},
    },
    "base": {"name": str, "checksum": str},
    "shares": [[float]], "cache_weights": [(float, float, float)], "word_weights": [(float, float, float)],
}  # fmt: skip
_SCORES: dict[str, Any] = {
    "baseline": {"order": int, "*": float}, "network": {"*": float}, "valid": _SIDE_SCORES_SCHEMA, "test":
    _SIDE_SCORES_SCHEMA, "gain_interval": (float, float), "conditioned": {"gain_interval": (float, float), "*": float},
}  # fmt: skip


def read_config(folder: Path) -> dict[str, Any]:
    """Return the content of config.json in the folder of a run. Raise RunError when damaged or of another version."""
    config = read_json_part(folder / CONFIG)
    if not isinstance(config, dict) or any(key not in config for key in _REQUIRED):
        raise RunError("{file} is not the configuration of a model. Train the model again.", file=folder / CONFIG)
    if (whole := has_valid_checksum(config)) is False:
        raise RunError(
            "{file} was changed after training: its checksum differs. Restore it from a copy or train the model again.",
            file=folder / CONFIG,
        )
    if config["format"] != FORMAT_VERSION or not whole:
        raise RunError("The model {name!r} was made by another version of Seize. Train it again.", name=folder.name)
    shape = {**_TYPES, **({"scores": _SCORES} if config["kind"] in KINDS else {})}
    if not _matches_schema(config, shape) or not _has_weights(config):
        raise RunError("config.json of the model {name!r} is damaged. Train the model again.", name=folder.name)
    return config


def check_files(folder: Path, files: Mapping[str, str]) -> None:
    """Raise RunError unless each file in the folder of a run has its checksum (`files`: name -> checksum)."""
    for file in changed_files(folder, files):
        if not (folder / file).is_file():
            raise RunError("{file} is missing. Restore it from a copy or train the model again.", file=folder / file)
        raise RunError(
            "{file} was cut short, changed after training, or belongs to another model. Restore it from a copy or "
            "train the model again.",
            file=folder / file,
        )


def read_json_part(path: Path) -> Any:
    """Return the content of a .json file of a run. Raise RunError when it cannot be read."""
    try:
        text = path.read_text("utf-8")
        data = json.loads(text)
        if _SURROGATE.search(text):
            json.dumps(data, ensure_ascii=False).encode()  # a ValueError for half a character
        return data
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(
            "{file} cannot be read ({reason}). Train the model again.", file=path, reason=short_reason(error)
        ) from error


def _has_weights(config: Mapping[str, Any]) -> bool:
    """Return whether a configuration has the weights of all models that its mixture interpolates."""
    mixed = config["kind"] == "mixture"
    if mixed and not {"shares", "cache_weights"} <= config.keys():
        return False
    words = config.get("word_weights")
    needs_contexts = mixed and WORD_CONTEXTS in config["files"]
    return (words is not None) == needs_contexts and (words is None or len(words) == MAX_CONTEXT_WORDS + 1)


def _matches_schema(value: Any, shape: Any) -> bool:
    """Return whether a JSON value has the types that a schema such as `_TYPES` gives."""
    if isinstance(shape, set):
        return any(_matches_schema(value, one) for one in shape)
    if shape is None:
        return value is None
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            _matches_schema(each, shape[key] if key in shape else shape["*"])
            for key, each in value.items()
            if key in shape or "*" in shape
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(_matches_schema(each, shape[0]) for each in value)
    if isinstance(shape, tuple):
        return isinstance(value, list) and len(value) == len(shape) and all(map(_matches_schema, value, shape))
    if shape is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is shape


def write_config(folder: Path, config: Mapping[str, Any]) -> None:
    """Write config.json into the folder of a run, with a checksum of its content."""
    (folder / CONFIG).write_text(json.dumps(with_checksum(config), ensure_ascii=False, indent=1) + "\n", "utf-8")


RUN_OWNERS = Owners(models_folder)  # of the runs, where several people use one server


def run_folder(name: str) -> Path:
    """Return the folder that a run is read from. Without such a run, return the folder it would be written to."""
    own, shipped = (folder / checked_name(name) for folder in (models_folder(), shipped_models_folder()))
    return shipped if not own.exists() and (shipped / CONFIG).is_file() else own


def list_stored_runs() -> list[str]:
    """Return the names of all runs, with those of the Learn pages, in alphabetical order."""
    folders = {models_folder(), shipped_models_folder()}
    names = {path.parent.name for folder in folders for path in folder.glob(f"*/{CONFIG}")}
    return sorted(filter(is_valid_name, names))
