import numpy as np
import pytest
from scipy import sparse

from pipeline.analysis.comparison import similarity
from pipeline.analysis.comparison.similarity import (
    _principal_axes,
    _unit_rows,
    classical_scaling,
    closest_pair,
    cosine_similarities,
    group_word_counts,
    labbe_distances,
    labbe_distances_from,
    nearest_groups,
    similarity_map,
)
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


def rows(*counts):
    return sparse.csr_matrix(np.array(counts))


def test_labbe_by_hand():
    # U = 4/8. Scaled large text: 2, 1, 0.5, 0.5. Small: 2, 0, 2, 0.
    # |2-2| + |2-0.5| over its types, + 1 for the second word (scaled to 1); the fourth is below 1. / (4 + 2 + 1)
    assert labbe_distances(rows([2, 0, 2, 0], [4, 2, 1, 1]))[0, 1] == pytest.approx(2.5 / 7)


def test_labbe_is_its_definition():
    rng = np.random.default_rng(8)
    counts = rng.zipf(1.5, (6, 400)) * (rng.random((6, 400)) < 0.4) * np.array([1, 1, 2, 3, 5, 9])[:, None]
    found = labbe_distances(sparse.csr_matrix(counts))
    for i in range(6):
        assert labbe_distances_from(sparse.csr_matrix(counts), i) == pytest.approx(found[i], abs=1e-6)
        for j in range(6):
            small, large = sorted((counts[i], counts[j]), key=sum)
            scaled = large * (small.sum() / large.sum())
            above = scaled > 1 - 1e-6
            gaps = np.abs(small - scaled)[(small > 0) | above].sum()
            expected = 0 if i == j else gaps / (small.sum() + scaled[above].sum())
            assert found[i, j] == pytest.approx(expected, abs=1e-6)


def test_labbe_is_a_distance_of_proportions():
    d = labbe_distances(rows([3, 3, 0, 0], [30, 30, 0, 0], [0, 0, 5, 5]))
    assert d[0, 1] == pytest.approx(0)
    assert d[0, 2] == pytest.approx(1)
    assert np.array_equal(d, d.T)
    assert not d.diagonal().any()


def test_cosine_by_hand():
    c = cosine_similarities(rows([1, 0], [1, 1], [2, 2]))
    assert c[0, 1] == pytest.approx(1 / np.sqrt(2))
    assert c[1, 2] == pytest.approx(1)


def test_classical_scaling_gives_points_back():
    points = np.random.default_rng(4).normal(size=(12, 2))
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    found, kept = classical_scaling(distances)
    assert kept == pytest.approx(1)
    assert np.linalg.norm(found[:, None] - found[None], axis=2) == pytest.approx(distances)


def test_principal_axes_without_dense_rows():
    unit = _unit_rows(rows(*np.random.default_rng(5).poisson(1, (30, 12))))
    dense = unit.toarray() - unit.toarray().mean(axis=0)
    _, values, _ = np.linalg.svd(dense)
    points, kept = _principal_axes(unit)
    assert np.sqrt((points**2).sum(axis=0)) == pytest.approx(values[:2])
    assert kept == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), rel=1e-6)


@pytest.fixture(scope="module")
def themes():
    def songs(artist, words):
        rng = np.random.default_rng(len(words))
        for k in range(4):
            lines = tuple(Line(" ".join(rng.choice(words.split(), 8))) for _ in range(20))
            yield Song(f"{artist}{k}", artist, (Section("couplet", lines),))

    sea, city = "le bateau la mer le vent la voile", "le métro la rue le bus la nuit"
    return make_corpus("t", [*songs("M", sea), *songs("N", sea + " port"), *songs("V", city), *songs("W", city)])


def test_map_and_neighbours(themes):
    table, kept = similarity_map(themes)
    assert table["label"].tolist() == ["M", "N", "V", "W"]
    at = table.set_index("label")[["x", "y"]]
    assert np.linalg.norm(at.loc["M"] - at.loc["N"]) < 0.5 * np.linalg.norm(at.loc["M"] - at.loc["V"])
    assert 0.5 < kept <= 1
    assert nearest_groups(themes, "V", method="cosine")["label"].iloc[0] == "W"
    near = nearest_groups(themes, "V").set_index("label")["distance"]
    counts, labels = group_word_counts(themes, minimum=100)
    others = labels[:2].append(labels[3:])
    assert near.to_dict() == pytest.approx(
        dict(zip(others, np.delete(labbe_distances(counts)[2], 2), strict=True)), abs=1e-6
    )
    assert near.is_monotonic_increasing
    one, other, distance = closest_pair(themes, minimum=100).iloc[0]
    assert (other, distance) == tuple(*nearest_groups(themes, one)[["label", "distance"]].head(1).to_numpy())
    assert closest_pair(themes, minimum=10_000).empty
    assert set(nearest_groups(themes, 0, by="song", n=3)["label"]) <= set(range(8))
    assert similarity_map(themes, method="cosine")[0]["words"].sum() == 16 * 160
    with pytest.raises(SettingError, match="has artist 'absent'"):
        nearest_groups(themes, "absent")
    with pytest.raises(SettingError, match="no distance"):
        similarity_map(themes, method="x")


def test_many_words_of_few_groups_are_still_mapped_by_their_distances(themes, monkeypatch):
    exact, _ = similarity_map(themes)
    monkeypatch.setattr(similarity, "MAX_DENSE_GROUPS", len(exact))  # of groups; these have more words
    assert similarity_map(themes)[0].equals(exact)


def test_words_taken_out(themes):
    counts, labels = group_word_counts(themes, excluded_words=["le", "la", "inconnu"])
    i, j = labels.get_loc("V"), labels.get_loc("W")
    shared = np.flatnonzero(counts[[i]].multiply(counts[[j]]).toarray())
    assert set(themes.vocabulary.decode(shared)) == {"métro", "rue", "bus", "nuit"}
    assert cosine_similarities(counts)[i, j] > 0
    assert cosine_similarities(counts)[labels.get_loc("M"), i] == 0


def test_nothing(corpus):
    table, _ = similarity_map(corpus.where(years=(1900, 1901)))
    assert table.empty
