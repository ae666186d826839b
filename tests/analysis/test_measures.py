"""Which groups are ranked: one rule for headlines, rankings, findings and cards."""

import pandas as pd
import pytest

from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS, rankable_groups, rankable_mask


@pytest.mark.parametrize(
    ("columns", "ranked"),
    [
        ({"songs": [3, 2, 3], "words": [1000, 1000, 999]}, [True, False, False]),
        ({"songs": [3, 2], "tokens": [1000, 999]}, [True, False]),
        ({"songs": [3, 3], "lines": [100, 100], "syllables": [1300, 20]}, [True, False]),
        ({"words": [1000, 14]}, [True, False]),
        ({"lines": [1, 2]}, [True, True]),  # nothing tells their size
        # of all words 510 / 5200 are rated: a group needs half of that share
        ({"songs": [9, 9], "words": [4000, 1200], "rated": [500, 10]}, [True, False]),
    ],
)
def test_what_is_small_or_hardly_covered_is_not_ranked(columns: dict[str, list[int]], ranked: list[bool]) -> None:
    assert rankable_mask(pd.DataFrame(columns)).tolist() == ranked


def test_where_nobody_is_large_all_are_set_beside_each_other() -> None:
    table = pd.DataFrame({"artist": ["A", "B"], "songs": [1, 2], "words": [14, 80]})
    assert rankable_groups(table)["artist"].tolist() == ["A", "B"]
    large = pd.DataFrame({"artist": ["C"], "songs": [LEAST_SONGS], "words": [LEAST_WORDS]})
    assert rankable_groups(pd.concat([table, large]))["artist"].tolist() == ["C"]
