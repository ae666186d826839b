"""The map of voices and the words over time, as figures."""

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.distributions import LONGEST_QUERY_LABEL, query_timeline
from dashboard.charts.label_placement import spring_layout
from dashboard.charts.palette import BANDS
from dashboard.charts.plane_charts import similarity_map_chart
from dashboard.queries.words import halves_of_timeline, smooth_over_years


def test_in_a_crowd_the_picked_point_is_named_and_no_other_name_covers_a_point() -> None:
    crowd = np.arange(6) / 1000  # all but on one spot
    table = pd.DataFrame({"label": list("abcdefg"), "name": [*("Marmite",) * 6, "Kobalt"]})
    table = table.assign(words=1, x=[*crowd, 1.0], y=[*crowd, 1.0])
    for picked in ("a", "d"):
        (points,) = similarity_map_chart(table, picked).data
        named = [label for label, name in zip(table["label"], points.text, strict=True) if name]
        assert named == [picked, "g"]


def test_a_long_query_is_cut_beside_its_line() -> None:
    query = "a" * 200
    row = {"query": query, "year": 2000, "share": 0.5, "low": 0.4, "high": 0.6, "per_million": 3.0}
    figure = query_timeline(pd.DataFrame([{**row, "count": 1, "songs_with": 1, "songs": 2}]), with_shares=True)
    assert [note.text for note in figure.layout.annotations] == [query[:LONGEST_QUERY_LABEL] + "…"]


def test_a_crowded_map_names_the_largest_not_the_first_of_the_alphabet() -> None:
    names = [f"Artiste {at:03}" for at in range(80)]
    table = pd.DataFrame({"label": names, "name": names, "words": range(80)})
    (points,) = similarity_map_chart(table.assign(x=[*np.zeros(79), 1.0], y=[*np.zeros(79), 1.0])).data
    named = [name for name in points.text if name]
    assert named[-1] == "Artiste 079"
    assert "Artiste 078" in named
    assert "Artiste 000" not in named


def test_years_are_smoothed_and_those_of_few_songs_left_out() -> None:
    """Five years of ten songs with 0, 5, 10, 5, 0 that hold the word, and one of three songs."""
    years = pd.DataFrame(
        {"query": "nuit", "year": range(2000, 2006), "count": 1, "words": 100, "songs": [10] * 5 + [3]}
    )
    table = years.assign(
        songs=[10] * 5 + [3], songs_with=[0, 5, 10, 5, 0, 3], per_million=1e4, share=0.0, low=0.0, high=1.0
    )
    drawn = smooth_over_years(table)
    assert drawn["year"].tolist() == list(range(2000, 2005))
    assert drawn["share"].iloc[2] == 20 / 50
    assert (drawn["low"] < drawn["share"]).all()
    halves = halves_of_timeline(table)
    assert halves[["first", "last"]].to_numpy().tolist() == [[2000, 2001], [2002, 2005]]
    assert halves["share"].tolist() == [5 / 20, 18 / 33]
    assert halves["z"].tolist() == pytest.approx([2.1037] * 2, abs=1e-3)
    assert halves_of_timeline(table.assign(songs=[90, 1, 1, 1, 1, 1]))["last"].tolist() == [2000, 2005]
    assert smooth_over_years(few := table.assign(songs=3)) is few


def test_each_curve_of_shares_lies_on_a_band_of_its_own_colour() -> None:
    rows = [
        ("nuit", 2000, 0.2, 0.1, 0.3), ("nuit", 2001, 0.1, 0.05, 0.15), ("appli", 2000, 0.0, 0.0, 0.02),
        ("appli", 2001, 0.3, 0.2, 0.4),
    ]  # fmt: skip
    drawn = pd.DataFrame(rows, columns=["query", "year", "share", "low", "high"])
    drawn = drawn.assign(count=1, songs_with=1, songs=9, per_million=1.0)
    traces = query_timeline(drawn, with_shares=True).data
    assert [trace.y.tolist() for trace in traces[1:4:2]] == [[30.0, 15.0], [2.0, 40.0]]
    assert [traces[1].fillcolor, traces[3].fillcolor] == [BANDS[trace.line.color] for trace in traces[4:]]
    assert len(query_timeline(drawn, with_shares=False).data) == 2


def test_parts_of_a_network_without_links_stay_near_and_their_links_long() -> None:
    ends = np.array([[2 * at, 2 * at + 1] for at in range(20)])
    points = spring_layout(40, ends, np.ones(20))
    links = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    assert links.min() > np.ptp(points, axis=0).max() / 25
