"""Long tails: a figure of lengths goes to the 99.5th percentile, and one bar holds all that is longer."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.core.translation import t

FROM = 40  # columns from which on a tail is folded: as many are wide enough to be seen
PERCENTILE = 0.995
MORE = "+"  # ends the mark of a bar that holds all from its number on


class Lengths(NamedTuple):
    """The rows that a figure draws, the last of which holds the rest when `more` says from which length on."""

    table: pd.DataFrame
    more: int | None


def fold_tail(table: pd.DataFrame, x: str, y: str) -> Lengths:
    """Fold the rows above the 99.5th percentile of `y` into one; rows are in the order of `x`, whole numbers.

    >>> table = pd.DataFrame({"words": range(1, 101), "lines": [100] * 10 + [1] + [0] * 87 + [1, 1]})
    >>> folded = fold_tail(table, "words", "lines")
    >>> folded.more, folded.table.tail(2).to_numpy().tolist()
    (11, [[10, 100], [11, 3]])
    """
    if len(table) <= FROM:
        return Lengths(table, None)
    kept = table[table[y] > 0]
    reach = np.cumsum(kept[y].to_numpy()) / kept[y].sum()
    last = int(np.searchsorted(reach, PERCENTILE))
    if last + 1 >= len(kept):
        return Lengths(kept, None)
    rest = kept.iloc[[last + 1]].assign(**{y: kept[y].iloc[last + 1 :].sum()})
    return Lengths(pd.concat([kept.iloc[: last + 1], rest]), int(rest[x].iloc[0]))


def length_marks(table: pd.DataFrame, x: str, y: str) -> dict[str, str]:
    """Return mark -> label of every length that occurs, and of the bar that holds the rest: "58+", 58 or more."""
    marks = {str(length): str(length) for length in table.loc[table[y] > 0, x].tolist()}
    more = fold_tail(table, x, y).more
    return marks if more is None else marks | {f"{more}{MORE}": mark_text(f"{more}{MORE}")}


def mark_text(mark: str) -> str:
    """Return a mark as it is read.

    >>> mark_text("58"), mark_text("58+")
    ('58', '58 or more')
    """
    return t("{length} or more", length=mark.removesuffix(MORE)) if mark.endswith(MORE) else mark


def lengths_of(mark: str, longest: int) -> tuple[int, ...]:
    """Return the lengths that a mark stands for.

    >>> lengths_of("8", 12), lengths_of("10+", 12)
    ((8,), (10, 11, 12))
    """
    first = int(mark.removesuffix(MORE))
    return tuple(range(first, longest + 1)) if mark.endswith(MORE) else (first,)
