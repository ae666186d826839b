"""Lexical worlds as their page asks for them: the names of classes, the plane of their words. No Streamlit."""

from collections.abc import Mapping

import pandas as pd

from pipeline.analysis.worlds.class_agreement import labbe_separation, mutual_information
from pipeline.analysis.worlds.lexical_worlds import Worlds

PLANE_WORDS = 90  # that weigh most on the first two axes


def class_names(worlds: Worlds, words: int = 3) -> list[str]:
    """Return for each class its most typical active words."""
    tables = [worlds.words(number) for number in range(worlds.count)]
    return [", ".join(table.loc[table["active"], "word"].head(words)) or "…" for table in tables]


def plane_tables(worlds: Worlds) -> tuple[pd.DataFrame, pd.DataFrame, tuple[float, float]] | None:
    """Return (words: label, x, y, class; classes: label, x, y; the two shares of inertia); None below three classes."""
    if worlds.count < 3:
        return None
    found = worlds.plane()
    chosen = found.heaviest_rows(PLANE_WORDS)
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


def compare_methods(worlds: Mapping[str, Worlds]) -> pd.DataFrame:
    """Return the figures of the study, a row a method: method, classes, chi2_per_n, cramers_v, labbe, and the NMI with
    each method, under its name."""
    rows = []
    for name, found in worlds.items():
        agreement = {f"nmi_{other}": mutual_information(found, each) for other, each in worlds.items() if other != name}
        figures = {**found.separation(), "labbe": labbe_separation(found)}
        rows.append({"method": name, "classes": found.count, **figures, **agreement})
    return pd.DataFrame(rows)
