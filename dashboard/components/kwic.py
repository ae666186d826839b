"""Key word in context: every match in a column down the middle."""

from html import escape
from typing import Any

import pandas as pd

from dashboard.components.line_list import song_link
from pipeline.corpus.song import shown_name


def kwic(rows: pd.DataFrame) -> str:
    """HTML of the rows of a concordance: left, match, right, title, artist, year."""
    return f'<div class="narrow"><ul class="kwic">{"".join(map(_row, rows.itertuples()))}</ul></div>'


def _row(row: Any) -> str:
    left, match, right = (escape(str(getattr(row, name)), quote=False) for name in ("left", "match", "right"))
    artist = escape(shown_name(row.artist), quote=False)
    year = "" if pd.isna(row.year) else f", {row.year}"
    return (
        f'<li><span class="left" lang="fr">{left}</span><b lang="fr">{match}</b><span lang="fr">{right}</span>'
        f'<span class="from">{song_link(row.artist, row.title)}, {artist}{year}</span></li>'
    )
