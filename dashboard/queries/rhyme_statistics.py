"""Syllables, rhymes and vowels of a subcorpus as figures; `sound_examples` has the lines behind them."""

from typing import TypedDict

import pandas as pd

from dashboard.queries.phonetics import Phonetics
from pipeline.analysis.counting import By
from pipeline.analysis.sound.phonetic_table import vowel_palette
from pipeline.analysis.sound.rhymes import factor_table
from pipeline.corpus.table import Corpus


class RhymeSummary(TypedDict):
    """`mean`, `q1`, `q3`: syllables a line. `density`: rhymed syllables / vowels. `longest`: syllables of a rhyme."""

    lines: int
    syllables: int
    mean: float
    q1: float
    q3: float
    density: float
    rhymed_lines: float
    longest: int


def rhyme_summary(corpus: Corpus, phonetic_table: pd.DataFrame) -> RhymeSummary | None:
    """Return the key figures of the lines on which something is said; None when there is none."""
    columns = ["spoken", "vowels", "rhymed_syllables", "group", "longest"]
    table = phonetic_table.loc[corpus.lines.index, columns]
    table = table[table["spoken"] > 0].astype({"spoken": int, "vowels": int, "rhymed_syllables": int})
    if table.empty:
        return None
    spoken = table["spoken"]
    return {
        "lines": len(table),
        "syllables": int(spoken.sum()),
        "mean": spoken.mean(),
        "q1": spoken.quantile(0.25),
        "q3": spoken.quantile(0.75),
        "density": table["rhymed_syllables"].sum() / max(table["vowels"].sum(), 1),
        "rhymed_lines": (table["group"] >= 0).mean(),
        "longest": int(table["longest"].max()),
    }


def factor_by_group(corpus: Corpus, phonetics: Phonetics, by: By) -> pd.DataFrame:
    """Return `factor_table` with the columns: the group, factor, factor_low, factor_high."""
    table = factor_table(corpus, phonetics.pronunciations, by).drop(columns="songs")
    return table.rename(columns={"low": "factor_low", "high": "factor_high"})


def vowel_shares(corpus: Corpus, phonetics: Phonetics) -> pd.DataFrame:
    """Return `vowel_palette` of the lyrics: vowel, count, share."""
    return vowel_palette(corpus, phonetics.vowel_table)
