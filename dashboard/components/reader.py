"""A song to read: its sections in their colours, its end rhymes, its ad-libs apart."""

from html import escape

import streamlit as st

from dashboard.charts.palette import SECTION_COLOURS
from dashboard.components.rhymes import rhymed
from dashboard.components.verse import verse
from pipeline.corpus.table import Corpus


def song(corpus: Corpus, song: int) -> None:
    """Draw the song of this id."""
    lines = corpus.lines[corpus.lines["song"] == song]
    for section, part in lines.groupby("section", sort=False):
        about = corpus.sections.loc[section]
        block = rhymed(part["text"].tolist())
        st.html(_tag(about, len(part), block.scheme) + verse(block.lines))


def _tag(about: object, lines: int, scheme: str) -> str:
    number = "" if str(about["number"]) == "<NA>" else f" {about['number']}"
    times = f", ×{about['repeat']}" if about["repeat"] > 1 else ""
    who = f" · {escape(about['performers'])}" if about["performers"] else ""
    colour = SECTION_COLOURS[about["kind"]]
    return (
        f'<p class="section-tag" style="--kind:var(--{colour})"><span lang="fr">{about["kind"].capitalize()}</span>'
        f"{number}{times}{who} · {lines} bars · {scheme}</p>"
    )
