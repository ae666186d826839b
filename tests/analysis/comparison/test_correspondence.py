"""Correspondence analysis against the R package `ca` 0.71.1 (Nenadić & Greenacre 2007) and its definition."""

import numpy as np
import pytest

from pipeline.analysis.comparison.correspondence import confidence_ellipses, correspondence_analysis, word_group_biplot
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from tests.corpora import make_corpus

# data(smoke) of the package: staff groups by smoking (none, light, medium, heavy); Greenacre 1984
SMOKE = np.array([[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]])
# ca(smoke): sv; rowcoord %*% diag(sv); colcoord %*% diag(sv)
SINGULAR = [0.2734211145572991, 0.1000858656965546, 0.0203365208395199]
ROWS = [
    [-0.065768383880259, -0.1937370036216102, 0.07098102841256382],
    [0.258958421430402, -0.2433045749014622, -0.03370518973718305],
    [-0.380594887050213, -0.0106599072048895, -0.00515575749725049],
    [0.232951908222718, 0.0577439077532158, 0.00330537091909927],
    [-0.201089121884109, 0.0789112309292166, -0.00808107623159500],
]
COLUMNS = [
    [-0.393308448578718, -0.03049207110918736, -0.00089048268610864],
    [0.099455920793377, 0.14106428920014946, 0.02199803492964852],
    [0.196320956395290, 0.00735910858674767, -0.02565908669510783],
    [0.293775985243675, -0.19776565634898602, 0.02621084989460497],
]
ROW_DISTANCES = [0.216559029562395, 0.356921027697902, 0.380779048144395, 0.240024740191778, 0.216169195538928]
# ca(rbind(smoke, c(42, 29, 20, 9)), suprow = 6)
NATIONAL = [-0.258368127627500, 0.1176478473376564, 0.15895474833352402]
# m <- outer(1:30, 1:8, function(i, j) ((i*37 + j*j*11 + i*j*5) %% 23) + 1); ca(m)
LARGE = np.array([[(i * 37 + j * j * 11 + i * j * 5) % 23 + 1 for j in range(1, 9)] for i in range(1, 31)])
LARGE_SINGULAR = [
    *(0.305950544939430, 0.254773928553007, 0.233172864077286, 0.207773481271996),
    *(0.152114355551544, 0.116236483790957, 0.113570853825698),
]
LARGE_COS2 = [
    [0.393347118979546, 0.363271271259926809, 0.0181828127844441],
    [0.126625171146052, 0.620341644031628947, 0.1035242800666221],
    [0.753768324565066, 0.000377850220068798, 0.1582137386118092],
]
LARGE_CONTRIBUTIONS = [
    [0.0491853498263164, 0.065506340631746401, 0.0039144189561691],
    [0.0177914103440466, 0.125693772820870797, 0.0250425758467107],
    [0.1536734159381494, 0.000111089506076157, 0.0555330469501558],
]


def turned(found: np.ndarray, expected: list[list[float]]) -> np.ndarray:
    """Axes in the direction of the package: a sign is free."""
    return found * np.sign((found * np.array(expected)).sum(axis=0))


def test_coordinates_are_those_of_the_package() -> None:
    found = correspondence_analysis(SMOKE)
    np.testing.assert_allclose(found.singular_values, SINGULAR, atol=1e-12)
    np.testing.assert_allclose(turned(found.rows, ROWS), ROWS, atol=1e-10)
    np.testing.assert_allclose(turned(found.columns, COLUMNS), COLUMNS, atol=1e-10)
    np.testing.assert_allclose(found.row_distances, ROW_DISTANCES, atol=1e-12)


def test_contributions_and_cos2_are_those_of_the_package() -> None:
    found = correspondence_analysis(LARGE)
    np.testing.assert_allclose(found.singular_values, LARGE_SINGULAR, atol=1e-12)
    np.testing.assert_allclose(found.row_cos2[:3, :3], LARGE_COS2, atol=1e-10)
    np.testing.assert_allclose(found.row_contributions[:3, :3], LARGE_CONTRIBUTIONS, atol=1e-10)


def test_inertia_is_chi_squared_over_n() -> None:
    expected = np.outer(SMOKE.sum(axis=1), SMOKE.sum(axis=0)) / SMOKE.sum()
    chi_squared = ((SMOKE - expected) ** 2 / expected).sum()
    found = correspondence_analysis(SMOKE)
    assert found.total_inertia == pytest.approx(chi_squared / SMOKE.sum(), abs=1e-14)
    assert found.inertia.sum() == pytest.approx(found.total_inertia, abs=1e-14)
    assert found.shares.sum() == pytest.approx(1)
    for shares in (found.row_contributions, found.column_contributions):
        np.testing.assert_allclose(shares.sum(axis=0), 1)
    np.testing.assert_allclose(found.row_cos2.sum(axis=1), 1)
    np.testing.assert_allclose(found.column_cos2.sum(axis=1), 1)


def test_supplementary_points() -> None:
    found = correspondence_analysis(SMOKE)
    np.testing.assert_allclose(found.project_columns(SMOKE), found.columns, atol=1e-12)
    turned = correspondence_analysis(SMOKE.T)
    sign = np.sign((turned.columns * np.array(ROWS)).sum(axis=0))
    national = turned.project_columns(np.array([[42, 29, 20, 9]]).T)[0]
    np.testing.assert_allclose(national * sign, NATIONAL, atol=1e-10)


def test_a_table_and_its_transpose_say_the_same() -> None:
    wide, tall = correspondence_analysis(LARGE.T), correspondence_analysis(LARGE)
    np.testing.assert_allclose(wide.singular_values, tall.singular_values, atol=1e-12)
    np.testing.assert_allclose(np.abs(wide.columns), np.abs(tall.rows), atol=1e-10)


def test_the_first_axes_alone_are_the_same_axes() -> None:
    np.testing.assert_array_equal(
        correspondence_analysis(LARGE, axes=2).rows, correspondence_analysis(LARGE).rows[:, :2]
    )


@pytest.mark.parametrize("table", [[[1, 2]], [[1, 0], [3, 0]], [[0, 0], [1, 2]]])
def test_a_table_without_two_full_rows_and_columns_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(SettingError, match="two rows and two columns"):
        correspondence_analysis(table)


def test_proportional_rows_lie_on_the_centroid() -> None:
    found = correspondence_analysis([[1, 2], [2, 4], [3, 6]])
    assert found.singular_values.size == 0
    assert found.total_inertia == pytest.approx(0, abs=1e-12)


def test_supplementary_cos2_is_that_of_active_columns() -> None:
    found = correspondence_analysis(SMOKE)
    np.testing.assert_allclose(found.projected_cos2(SMOKE), found.column_cos2, atol=1e-10)


def test_words_and_groups_of_a_corpus(corpus: Corpus) -> None:
    found = word_group_biplot(corpus, "song", words=3, without=["la"], axes=2)
    assert found.words["label"].tolist() == ["nuit", "rue", "j'"]  # "la" is excluded, "suis" is the fourth
    assert found.words["count"].tolist() == [5, 3, 1]
    assert list(found.words.columns[:5]) == ["label", "count", "x1", "contribution1", "cos2_1"]
    assert set(found.groups["label"]) <= set(corpus.songs.index)
    np.testing.assert_allclose(found.words["contribution1"].sum(), 1)
    assert found.analysis.total_inertia >= found.analysis.inertia.sum() - 1e-12


@pytest.mark.parametrize("without", [["la"], ["la", "j'"], ["nuit"]])
def test_the_words_are_all_that_occur_but_those_left_out_the_commonest_first(
    corpus: Corpus, without: list[str]
) -> None:
    """However many are asked for: a word that is left out is none of the rarest either."""
    occurring = {word for word, n in zip(corpus.vocabulary.index2word, corpus.word_counts(), strict=True) if n}
    many = word_group_biplot(corpus, "song", words=1000, without=without).words
    assert set(many["label"]) == occurring - set(without)
    assert many["count"].is_monotonic_decreasing
    for words in (2, 3):
        few = word_group_biplot(corpus, "song", words=words, without=without).words
        assert few["label"].tolist() == many["label"].tolist()[:words]


def test_supplementary_groups_lie_where_the_active_ones_do_and_weigh_nothing(corpus: Corpus) -> None:
    alone = word_group_biplot(corpus, "song")
    found = word_group_biplot(corpus, "song", supplementary="song")
    np.testing.assert_allclose(found.groups["x1"], alone.groups["x1"])
    for name in ("label", "count", "x1", "cos2_1"):
        assert found.supplementary[name].tolist() == pytest.approx(found.groups[name].tolist())
    assert "contribution1" not in found.supplementary


def test_small_groups_are_excluded(corpus: Corpus) -> None:
    sizes = word_group_biplot(corpus, "song").groups["count"]
    least = int(sizes.sort_values().iloc[1])
    kept = word_group_biplot(corpus, "song", least=least).groups["count"]
    assert len(kept) < len(sizes)
    assert kept.min() >= least
    songs = ("nuit rue mer " * 9, "nuit nuit rue vent " * 9, "lampadaire " * 9)  # the third has fewer words
    parts = [Song(f"{n}", "a", (Section("couplet", (Line(text),)),)) for n, text in enumerate(songs)]
    words = word_group_biplot(make_corpus("small groups", parts), "song", least=20).words["label"]
    assert set(words) == {"nuit", "rue", "mer", "vent"}
    with pytest.raises(SettingError, match="two rows and two columns"):
        word_group_biplot(corpus, "song", least=10**6)


def test_ellipses_hold_the_groups_and_halve_with_four_times_the_songs() -> None:
    def sizes(songs: int) -> float:
        rng = np.random.default_rng(16)
        words, rates = [f"mot{n}" for n in range(12)], rng.dirichlet(np.ones(12), 3)
        texts = [
            (artist, " ".join(rng.choice(words, 60, p=rates[artist]))) for artist in range(3) for _ in range(songs)
        ]
        bags = [(f"{n}", f"a{artist}", Section("couplet", (Line(text),))) for n, (artist, text) in enumerate(texts)]
        corpus = make_corpus("bags", [Song(title, artist, (section,)) for title, artist, section in bags])
        analysed = word_group_biplot(corpus, "artist")
        table = confidence_ellipses(corpus, "artist", analysed)
        assert table["label"].tolist() == ["a0", "a1", "a2"]
        gap = table[["x", "y"]].to_numpy() - analysed.groups[["x1", "x2"]].to_numpy()
        assert (np.abs(gap).max(axis=1) < table["major"]).all()
        assert confidence_ellipses(corpus, "kind", analysed).empty
        return float(table["major"].mean())

    assert sizes(48) == pytest.approx(sizes(12) / 2, rel=0.25)
