"""Words per line of the embedded corpus as a series, and a small network that predicts the next."""

from collections.abc import Sequence

import numpy as np

from dashboard import cache
from dashboard.lessons import series_play
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME


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
    """Train a small network on the words per line of the corpus, binned into `num_classes`, and return its forecast."""
    edges = bin_edges(num_classes)
    ids = [np.searchsorted(edges, song, side="right") for song in cache.call(words_per_line)]
    return series_play.evaluate_forecast(ids, len(edges) + 1, time_steps)
