import numpy as np
import pytest

from pipeline.analysis import diversity as d
from pipeline.analysis.moving_windows import mattr
from pipeline.analysis.mtld import mtld
from pipeline.analysis.rankings import MEASURES, diversity_ranking, diversity_table
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from tests.corpora import make_corpus


@pytest.fixture(scope="module")
def voices():
    """Three artists of 12 songs, their words drawn from 60, 61 and 600: the first two cannot be told apart."""
    rng = np.random.default_rng(2)

    def song(artist, k, size):
        words = [f"mot{i}" for i in rng.integers(0, size, 60)]
        lines = tuple(Line(" ".join(words[i : i + 6])) for i in range(0, 60, 6))
        return Song(f"{artist}{k}", artist, (Section("couplet", lines),), year=2000 + k)

    # songs of the artists alternate, so that an artist's tokens do not stand together
    return make_corpus("v", [song(*pair) for k in range(12) for pair in (("A", k, 60), ("B", k, 61), ("C", k, 600))])


def test_table_is_the_functions_on_each_text(voices):
    table = diversity_table(voices).set_index("artist")
    part = voices.where(artists=["B"])
    s = d.spectrum(part.counts())
    assert table.loc["B", ["songs", "tokens"]].tolist() == [12, 720]
    for name, measure in MEASURES.items():
        if measure.of_spectrum:
            assert table.loc["B", name] == pytest.approx(measure.of_spectrum(s), nan_ok=True), name
    ids, _ = part.token_table()
    assert table.loc["B", "mattr_50"] == pytest.approx(mattr(ids, 50))
    assert table.loc["B", "mtld"] == pytest.approx(mtld(ids))


@pytest.mark.parametrize("measure", ["mattr_50", "mtld", "hdd", "yule_k"])
def test_ranking_shows_no_order_where_intervals_overlap(voices, measure):
    table = diversity_ranking(voices, measure)
    whole = diversity_table(voices).set_index("artist")[measure]
    assert table["value"].tolist() == pytest.approx(whole[table["artist"]].tolist())
    assert table["artist"].iloc[0] == "C"
    assert table["rank"].tolist() == ["1", "2–3", "2–3"]
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()


def test_ranking_leaves_out_what_is_too_short(voices):
    assert diversity_ranking(voices, "rarefied_5000").empty
    with pytest.raises(SettingError, match="no measure 'ttttr'"):
        diversity_ranking(voices, "ttttr")


def test_families_take_any_number(voices):
    ids, _ = voices.where(artists=["B"]).token_table()
    for name, value in (("mattr_75", mattr(ids, 75)), ("mtld_1", mtld(ids, minimum=1))):
        assert diversity_ranking(voices, name).set_index("artist").loc["B", "value"] == pytest.approx(value)
    s = d.spectrum(voices.where(artists=["B"]).counts())
    for name, value in (("rarefied_123", d.rarefaction(s, 123)), ("hdd_30", d.hdd(s, 30))):
        assert diversity_ranking(voices, name).set_index("artist").loc["B", "value"] == pytest.approx(value)
    for bad in ("mattr_1", "rarefied_9", "mattr_99999999999", "mattr_x", "yule_3"):
        with pytest.raises(SettingError):
            diversity_ranking(voices, bad)


def test_small_groups_are_not_ranked(voices):
    few = voices.where(songs=[0, 3, *range(1, 36, 3), *range(2, 36, 3)])  # two songs of A
    assert diversity_ranking(few, "mattr_50")["songs"].min() == 2
    assert set(diversity_ranking(few, "mattr_50", least_songs=3)["artist"]) == {"B", "C"}
    assert set(diversity_ranking(few, "mattr_50", least_words=200)["artist"]) == {"B", "C"}


@pytest.mark.parametrize("by", ["song", "year", "kind"])
def test_other_groupings(voices, by):
    assert diversity_table(voices, by)["tokens"].sum() == 36 * 60


@pytest.mark.parametrize("by", ["artist", "song", "year", "kind"])
def test_a_group_of_one_song_has_a_value_and_no_limits(voices, by):
    """Warnings are errors here: what is left of such a group has no words to divide by."""
    one = voices.where(songs=[int(voices.songs.index[0])])
    for measure in MEASURES:
        table = diversity_ranking(one, measure, by)
        assert table["low"].isna().all(), measure
