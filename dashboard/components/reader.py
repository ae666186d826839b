"""A song to read: its sections in their colours, its rhymes, its syllables, its ad-libs apart."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts.palette import SECTION_COLOURS
from dashboard.components import page_layout
from dashboard.components.bound import pick
from dashboard.components.sung import sung
from dashboard.components.verse import verse
from pipeline.corpus.table import Corpus

NEVER = 99
LEAST = {1: "All", 2: "2 syllables", 3: "3", 4: "4 or more", NEVER: "None"}


def sensitivity(key: str) -> int:
    """Draw the slider that hides short rhymes and return the fewest syllables of a rhyme inside a line."""
    always = (
        "Rhymes at the ends of lines always show. Hover over a rhyme to see how it sounds. Function words "
        "(le, de, que) never count inside a line."
    )
    return pick("Rhymes inside lines", LEAST, 2, key=key, help=always, look="steps")


@page_layout.fragment
def song(corpus: Corpus, song: int) -> None:
    """Draw the song of this id under a slider."""
    least = sensitivity("least")
    lines = corpus.lines[corpus.lines["song"] == song]
    pronunciations = cache.line_pronunciations(lines["text"], corpus.name)
    for section, part in lines.groupby("section", sort=False):
        about = corpus.sections.loc[section]
        block = sung(part["text"].tolist(), pronunciations, least)
        st.html(_tag(about, len(part), block.scheme) + sheet(block.lines))


def sheet(lines: Sequence[str], start: int = 1) -> str:
    """Return the lines of `sung` as a verse with its syllables in the margin."""
    return f'<div class="sung">{verse(lines, start=start)}</div>'


def _tag(about: pd.Series, lines: int, scheme: str) -> str:
    number = "" if str(about["number"]) == "<NA>" else f" {about['number']}"
    times = f", ×{about['repeat']}" if about["repeat"] > 1 else ""
    who = f" · {escape(about['performers'])}" if about["performers"] else ""
    colour = SECTION_COLOURS[about["kind"]]
    return (
        f'<p class="section-tag" style="--kind:var(--{colour})"><span lang="fr">{about["kind"].capitalize()}</span>'
        f"{number}{times}{who} · {lines} bars · {scheme}</p>"
    )
