"""How densely a verse rhymes beside a corpus: sections are counted, with their arithmetic."""

import numpy as np
import pandas as pd

from pipeline.analysis.density_rank import density_text, lines_density, share_less_dense
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.pronunciations import Pronunciations
from tests.corpora import make_corpus


def test_sections_of_four_lines_or_more_are_compared() -> None:
    """Densities 0, 1/2 and 1; one of two lines does not count."""
    sections = tuple(Section("couplet", tuple(Line(f"mot {n}") for n in range(size))) for size in (4, 4, 5, 2))
    corpus = make_corpus("mine", [Song("Une", "Aube", sections)])
    rhymed = [0] * 4 + [1] * 4 + [2] * 5 + [2] * 2
    table = pd.DataFrame({"rhymed_syllables": rhymed, "vowels": 2}, index=corpus.lines.index)
    assert [share_less_dense(corpus, table, density) for density in (0, 0.5, 0.6, 1.1)] == [0, 1 / 3, 2 / 3, 1]
    assert np.isnan(share_less_dense(corpus.where(songs=[]), table, 0.5))


def test_the_measure_of_lines_that_rhyme() -> None:
    assert lines_density(["Dans la maison", "T'as pas raison"], Pronunciations()) > 0
    assert lines_density(["Rien"], Pronunciations()) == 0
    assert density_text(0.5, float("nan")) == ""
