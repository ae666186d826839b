"""How well the tone of lines agrees with a reader: 300 lines, rated by hand (`tone.tsv`).

    python benchmarks/tone.py           share of the same sign, and rank correlation

Drawn at random of those that hold a word that the lexicon rates 0.05 or more away from 0: 150 of the embedded corpus
(seed 20), then 75 of it and 75 of a world of scraped text (tests/worlds, K, 1 MB; seed 21). Rated -1, 0 or 1 by one
reader each time, before any score was seen. Tone is the mean of a line's rated words, dark below -0.1, light above 0.1.

Measured: the same sign for 132 of 300, 44.0 % [38.5 - 49.7]; guessing neutral 60.3 %; 62 of 83 that both call dark
or light; rank correlation 0.37.
"""

from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from pipeline.analysis.intervals import wilson
from pipeline.analysis.words.tone import word_tone
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus

NEUTRAL = 0.1


def main() -> None:
    """Print the agreement, and that of guessing the commonest rating."""
    rows = [row.split("\t") for row in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()[1:]]
    ratings = np.array([int(rating) for rating, _ in rows])
    lines = tuple(Line(text) for _, text in rows)
    values, line = word_tone(make_corpus("rated", [Song("title", "artist", (Section("couplet", lines),))]))
    rated = ~np.isnan(values)
    count = np.bincount(line[rated], minlength=len(rows))
    tone = np.bincount(line[rated], values[rated], minlength=len(rows)) / np.maximum(count, 1)
    sign = np.where(np.abs(tone) <= NEUTRAL, 0, np.sign(tone))
    right = int((sign == ratings).sum())
    low, high = (float(limit) for limit in wilson(right, len(rows)))
    print(f"same sign: {right} of {len(rows)}, {right / len(rows):.1%} [{low:.1%} - {high:.1%}]")
    print(f"always guessing the commonest: {np.unique(ratings, return_counts=True)[1].max() / len(rows):.1%}")
    toned = (ratings != 0) & (sign != 0)
    print(f"both not neutral: {int((sign == ratings)[toned].sum())} of {int(toned.sum())} agree")
    print(f"rank correlation {spearmanr(tone, ratings).statistic:.2f}")


if __name__ == "__main__":
    main()
