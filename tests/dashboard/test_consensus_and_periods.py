"""Figures of a consensus tree and of periods: the rows, what stands where."""

import pandas as pd

from dashboard.charts.distributions import period_spans
from dashboard.charts.plane_charts import consensus


def test_groups_of_a_consensus_stand_in_rows_that_do_not_cross() -> None:
    figure = consensus([("A", "D"), ("A", "B", "D"), ("C", "E")], [1.0, 0.6, 0.8])
    rows = list(figure.layout.yaxis.ticktext)
    assert sorted(rows) == ["A", "B", "C", "D", "E"]
    assert abs(rows.index("A") - rows.index("D")) == abs(rows.index("C") - rows.index("E")) == 1
    assert {rows.index(name) for name in "ABD"} in ({0, 1, 2}, {2, 3, 4})
    assert sorted(note.text for note in figure.layout.annotations) == ["100%", "60%", "80%"]
    deepest = max(note.x for note in figure.layout.annotations)
    assert [note.text for note in figure.layout.annotations if note.x == deepest] == ["60%"]  # it holds another


def test_each_number_of_periods_is_a_row_of_bars() -> None:
    spans = pd.DataFrame(
        [(2, 1994, 1999), (2, 2000, 2003), (3, 1994, 1995), (3, 1996, 1999), (3, 2000, 2003)],
        columns=["periods", "first", "last"],
    )
    (bars,) = period_spans(spans).data
    assert list(bars.y) == ["2 periods"] * 2 + ["3 periods"] * 3
    assert [round(start + length, 2) for start, length in zip(bars.base, bars.x, strict=True)][:2] == [1999.45, 2003.45]
