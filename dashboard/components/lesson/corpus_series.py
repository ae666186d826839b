"""Words per line of the embedded corpus as a series, and a small network that guesses on; what TensorFlow runs on."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from dashboard import cache
from dashboard.lessons import series_play
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import t


def words_per_line() -> list[Array]:
    """Return the words per line of each song of the embedded corpus that has more than 12 lines."""
    lines = cache.open_corpus(DEMO_NAME).lines
    lengths = (lines["stop"] - lines["start"]).to_numpy()
    songs = lines.reset_index(drop=True).groupby("song").indices.values()
    return [lengths[rows] for rows in songs if len(rows) > 12]


def bin_edges(num_classes: int) -> Sequence[int]:
    """Return the edges between classes of words per line."""
    _, edges = series_play.bin_values(np.concatenate(cache.call(words_per_line)), num_classes)
    return list(edges.tolist())


def network_forecast(num_classes: int, time_steps: int) -> series_play.Forecast:
    """Train a small network on these classes, and return what it reached."""
    edges = bin_edges(num_classes)
    ids = [np.searchsorted(edges, song, side="right") for song in cache.call(words_per_line)]
    return series_play.evaluate_forecast(ids, len(edges) + 1, time_steps)


def system() -> str:
    """What a training in TensorFlow runs on here, in one line."""
    names = ("numpy", "tensorflow", "keras")
    versions = [f"Python {platform.python_version()}", *(f"{name} {installed_version(name)}" for name in names)]
    card = t("graphics card") if Path("/dev/nvidia0").exists() else t("no graphics card")
    return ", ".join([*versions, t("{n} processors", n=os.cpu_count() or 1), card, t("random seed 1")])


def installed_version(name: str) -> str:
    """The version of a package, or that it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return t("not installed")
