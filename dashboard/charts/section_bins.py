"""The sections of songs, so that a row of a figure holds no more bars than can be told apart."""

import numpy as np
import pandas as pd

BARS = 400  # of one song: a bar of a wide figure is then two pixels
REACH = 2.5  # the axis goes to so many times the length of the upper quartile of the songs in the figure


def shown_sections(table: pd.DataFrame) -> tuple[pd.DataFrame, int | None]:
    """Return (the sections that a figure draws, the line at which longer songs are cut; None where none is).

    One song of thousands of lines would leave the others a pixel. A song of more than `BARS` sections is drawn in
    stretches of equal length, each of the kind that has most of it. Columns song, title, kind, lines, first_line.
    """
    lengths = table.groupby("song")["lines"].sum()
    limit = int(lengths.quantile(0.75) * REACH) + 1
    cut = limit if (lengths > limit).any() else None
    if cut is not None:
        table = table[table["first_line"] < cut]
        table = table.assign(lines=np.minimum(table["lines"], cut - table["first_line"]))
    many = table["song"].map(table["song"].value_counts()) > BARS
    if not many.any():
        return table, cut
    stretches = [_stretches(part) for _, part in table[many].groupby("song")]
    return pd.concat([table[~many], *stretches]).sort_values("song", kind="stable"), cut


def _stretches(song: pd.DataFrame) -> pd.DataFrame:
    """Return one song as runs of stretches of the same kind."""
    codes, kinds = pd.factorize(song["kind"])
    lines = np.repeat(codes, song["lines"])
    step = -(-len(lines) // BARS)
    cells = np.bincount(
        np.arange(len(lines)) // step * len(kinds) + lines, minlength=-(-len(lines) // step) * len(kinds)
    )
    most = cells.reshape(-1, len(kinds)).argmax(axis=1)
    runs = np.flatnonzero(np.diff(most, prepend=-1))
    first = runs * step
    row = song.iloc[0]
    return pd.DataFrame(
        {
            "song": row["song"],
            "title": row["title"],
            "kind": kinds[most[runs]],
            "lines": np.diff(np.append(first, len(lines))),
            "first_line": first,
        }
    )
