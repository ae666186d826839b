"""Words and groups on shared axes; the analysis itself is compared with R's `ca` in test_correspondence."""

import numpy as np
import pytest

from pipeline.analysis.comparison.correspondence import words_and_groups
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus


def test_words_and_groups_of_a_corpus(corpus: Corpus) -> None:
    found = words_and_groups(corpus, "song", words=3, without=["la"], axes=2)
    assert found.words["label"].tolist() == ["nuit", "rue", "j'"]  # "la" is excluded, "suis" is the fourth
    assert found.words["count"].tolist() == [5, 3, 1]
    assert list(found.words.columns[:5]) == ["label", "count", "x1", "contribution1", "cos2_1"]
    assert set(found.groups["label"]) <= set(corpus.songs.index)
    np.testing.assert_allclose(found.words["contribution1"].sum(), 1)
    assert found.analysis.total_inertia >= found.analysis.inertia.sum() - 1e-12


def test_supplementary_groups_lie_where_the_active_ones_do_and_weigh_nothing(corpus: Corpus) -> None:
    alone = words_and_groups(corpus, "song")
    found = words_and_groups(corpus, "song", supplementary="song")
    np.testing.assert_allclose(found.groups["x1"], alone.groups["x1"])
    for name in ("label", "count", "x1", "cos2_1"):
        assert found.supplementary[name].tolist() == pytest.approx(found.groups[name].tolist())
    assert "contribution1" not in found.supplementary


def test_small_groups_are_excluded(corpus: Corpus) -> None:
    sizes = words_and_groups(corpus, "song").groups["count"]
    least = int(sizes.sort_values().iloc[1])
    kept = words_and_groups(corpus, "song", least=least).groups["count"]
    assert len(kept) < len(sizes)
    assert kept.min() >= least
    with pytest.raises(SettingError, match="two rows and two columns"):
        words_and_groups(corpus, "song", least=10**6)
