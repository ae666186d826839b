"""Lexical worlds as their page asks for them: classes by name, the plane of their words. No Streamlit."""

import numpy as np
import pandas as pd

from pipeline.analysis.lexical_worlds import Worlds, find_worlds
from pipeline.analysis.topics import find_topics
from pipeline.corpus.table import Corpus, Layer

PLANE_WORDS = 90  # that weigh most on the first two axes


def classify_by(corpus: Corpus, method: str, k: int, words: int, lemmas: bool, layer: Layer) -> Worlds:
    """Return the segments in classes, by Reinert's method or as topics. Raise SettingError as these do."""
    if method == "reinert":
        return find_worlds(corpus, k, words=words, lemmas=lemmas, layer=layer)
    return find_topics(corpus, k, method, words=words, lemmas=lemmas, layer=layer)  # type: ignore[arg-type]


def class_names(worlds: Worlds, words: int = 3) -> list[str]:
    """Return for each class its most typical active words."""
    tables = [worlds.words(number) for number in range(worlds.count)]
    return [", ".join(table.loc[table["active"], "word"].head(words)) or "…" for table in tables]


def plane_tables(worlds: Worlds) -> tuple[pd.DataFrame, pd.DataFrame, tuple[float, float]] | None:
    """Return (words: label, x, y, class; classes: label, x, y; the two shares of inertia); None below three classes."""
    if worlds.count < 3:
        return None
    found = worlds.plane()
    weight = found.row_contributions[:, :2] @ found.inertia[:2]
    chosen = np.argsort(-weight, kind="stable")[:PLANE_WORDS]
    index = worlds.plane_words[chosen]
    words = pd.DataFrame(
        {
            "label": worlds.corpus.vocabulary.decode(index),
            "x": found.rows[chosen, 0],
            "y": found.rows[chosen, 1],
            "class": worlds.chi_squared[:, index].argmax(axis=0),
        }
    )
    classes = pd.DataFrame(
        {"label": [str(n) for n in range(1, worlds.count + 1)], "x": found.columns[:, 0], "y": found.columns[:, 1]}
    )
    return words, classes, (float(found.shares[0]), float(found.shares[1]))
