"""What hovering over a written word shows, as a table: for whoever reads by keyboard, by touch or by ear."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.data_table import named_table
from dashboard.components.exports import exports
from dashboard.components.pages import word_table
from pipeline.generation.lyric import GeneratedLine

COLUMNS = {"word": "Word", "probability": "Likely", "instead": "Likeliest in its place"}


def word_by_word(lines: Sequence[GeneratedLine]) -> None:
    """A fold with the words of one line at a time; nothing when no line is a model's."""
    written = [(number, line) for number, line in enumerate(lines, 1) if line.pieces]
    if not written:
        return
    with st.expander("Word by word"):
        names = [f"{number}. {line.text}" for number, line in written]
        at = st.selectbox("Words of the line", range(len(names)), format_func=names.__getitem__, key=f"of-{len(names)}")
        table = word_table(written[at][1])
        named_table(table, COLUMNS, alt=f"Each word of line {written[at][0]} with its probability and the alternatives")
        exports(table, "words")
