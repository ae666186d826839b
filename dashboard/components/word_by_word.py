"""What hovering over a written word shows, as a table: for whoever reads by keyboard, by touch or by ear."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.pages import word_table
from pipeline.core.translation import mark, t, t_each
from pipeline.generation.lyric import GeneratedLine

COLUMNS = {"word": mark("Word"), "probability": mark("Likely"), "instead": mark("Likeliest in its place")}


def word_by_word(lines: Sequence[GeneratedLine]) -> None:
    """A fold with the words of one line at a time; nothing when no line is a model's."""
    written = [(number, line) for number, line in enumerate(lines, 1) if line.pieces]
    if not written:
        return
    with st.expander(t("Word by word")):
        names = [f"{number}. {line.text}" for number, line in written]
        at = st.selectbox(
            t("Words of the line"), range(len(names)), format_func=names.__getitem__, key=f"of-{len(names)}"
        )
        table = word_table(written[at][1])
        alt = t("Each word of line {line} with its probability and the alternatives", line=written[at][0])
        named_table(table, t_each(COLUMNS), alt=alt)
        exports(table, "words")
