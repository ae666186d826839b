"""Runs of words that songs share, as a list: the words, where they stand first, where they stand again."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard.components.line_list import song_origin
from pipeline.core.translation import t, t_count

PAGE = 12
PLACES = 5  # of a run that are named


def run_list(runs: pd.DataFrame) -> None:
    """Draw runs of `shared_runs`, a page at a time: each once, with all songs that have it."""
    texts = runs["text"].drop_duplicates()
    st.html(f"<h3>{escape(t_count('{n} different run', '{n} different runs', len(texts)))}</h3>")
    slot = st.container()
    pages = -(-len(texts) // PAGE)
    page = st.pagination(pages, key="page-runs") if pages > 1 else 1
    shown = texts.iloc[(page - 1) * PAGE : page * PAGE]
    found = dict(iter(runs[runs["text"].isin(shown)].groupby("text")))
    with slot:
        items = "".join(_item(text, found[text]) for text in shown)
        st.html(f'<div class="narrow"><ul class="lines">{items}</ul></div>')


def _item(text: str, runs: pd.DataFrame) -> str:
    places = _places(runs)
    first, *others = (song_origin(row.artist, row.title, row.year) for row in places.head(PLACES).itertuples())
    again = " · ".join(others)
    order = t("{first}, then {again}", first=first, again=again) if runs["dated"].all() else f"{first} · {again}"
    if (more := len(places) - PLACES) > 0:
        order += f" · {t_count('{n} more song', '{n} more songs', more)}"
    return f'<li><span class="text" lang="fr">{escape(text, quote=False)}</span><span class="from">{order}</span></li>'


def _places(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the songs that have a run, the earliest first: song, artist, title, year."""
    names = ["song", "artist", "title", "year"]
    later = runs[[f"later_{name}" for name in names]].set_axis(names, axis=1)
    songs = pd.concat([runs[names], later]).drop_duplicates("song")
    return songs.sort_values("year", kind="stable", na_position="last")
