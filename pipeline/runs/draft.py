"""A run that is not saved yet: it can be scored as any other, and is written once, whole, when all of it is known."""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.core.checksums import checksum_of
from pipeline.core.errors import RunError, os_errors_as
from pipeline.core.folders import replace_folder_atomically
from pipeline.core.paths import checked_name, models_folder
from pipeline.core.translation import mark
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.config import FORMAT_VERSION, write_config
from pipeline.runs.run import CARD, FILES_WITHOUT_CHECKSUM, HISTORY, VOCABULARY, WEIGHTS, Arrays, Run, load_run


@dataclass(frozen=True)
class RunDraft:
    """All parts of a trained model (a run) in memory, before it is saved.

    `weights` writes model.keras at a path, because only Keras can; `weight_arrays` are the arrays in it.
    """

    name: str
    config: Mapping[str, Any]
    vocabulary: Vocabulary
    weights: Callable[[Path], object] | None = None
    arrays: Mapping[str, Arrays] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    card: str = ""
    weight_arrays: Sequence[Array] = ()

    def as_run(self) -> Run:
        """Return a `Run` that reads its parts from this draft, so that the model can be scored before it is saved."""
        return _DraftRun(self.name, Path(), self.config, self.vocabulary, self)

    def with_config(self, **changes: Any) -> "RunDraft":
        """Return a copy of the draft with these entries of config.json added or replaced."""
        return replace(self, config={**self.config, **changes})

    def with_npz_files(self, arrays: Mapping[str, Arrays]) -> "RunDraft":
        """Return a copy of the draft with these .npz parts (file name -> arrays) added or replaced."""
        return replace(self, arrays={**self.arrays, **arrays})


@dataclass(frozen=True, eq=False)
class _DraftRun(Run):
    """A run that reads its parts from a draft in memory instead of a folder."""

    draft: RunDraft

    def weights(self) -> list[Array]:
        return list(self.draft.weight_arrays)

    def read_npz(self, file: str) -> Arrays:
        return self.draft.arrays[file]

    def read_json(self, file: str) -> Any:
        return self.draft.parts[file]

    def has_file(self, file: str) -> bool:
        return file in self.draft.arrays or file in self.draft.parts


def save_run(draft: RunDraft) -> Run:
    """Save a draft in models/<name>/, completely or not at all, in place of an earlier run; return the run."""
    target = models_folder() / checked_name(draft.name)
    unsaved = mark("The model {name!r} could not be saved in {folder} ({reason}).")
    with (
        os_errors_as(RunError, unsaved, name=draft.name, folder=target.parent),
        replace_folder_atomically(target) as place,
    ):
        _write_parts(draft, place)
    return load_run(draft.name)


def _write_parts(draft: RunDraft, folder: Path) -> None:
    if draft.weights is not None:
        draft.weights(folder / WEIGHTS)
        _compress_keras_file(folder / WEIGHTS)
    for file, arrays in draft.arrays.items():
        np.savez_compressed(folder / file, **dict(arrays))  # type: ignore[arg-type]
    for file, content in {VOCABULARY: draft.vocabulary.to_json(), **draft.parts}.items():
        (folder / file).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    draft.history.to_csv(folder / HISTORY, index=False)
    (folder / CARD).write_text(draft.card, "utf-8")
    files = {
        path.name: checksum_of(path) for path in sorted(folder.iterdir()) if path.name not in FILES_WITHOUT_CHECKSUM
    }
    config = {
        "format": FORMAT_VERSION,
        **draft.config,
        "level": draft.vocabulary.level,
        "vocabulary_size": len(draft.vocabulary),
        "files": files,
    }
    write_config(folder, config)


def round_weights(arrays: Sequence[Array]) -> list[Array]:
    """Return weights as float32, rounded to the float16 precision in which they will be stored."""
    return [array.astype(np.float16).astype(np.float32) for array in arrays]


def _compress_keras_file(path: Path) -> None:
    """Compress a .keras file, a zip that Keras writes uncompressed; weights rounded to float16 shrink by half."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
