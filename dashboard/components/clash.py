"""A clash: two ways of writing take turns in one text, four lines each, and each reads what the other wrote."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from dashboard import cache
from dashboard.components.pages import given_lines, paper
from dashboard.components.votes import Way
from dashboard.components.writing_sheet import write_whole
from pipeline.core.translation import t
from pipeline.generation.lyric import GeneratedLine
from pipeline.writers.requests import WriteRequest

ROUNDS, LINES = 2, 4
WRITTEN = "clash-turns"  # not the key of the toggle


class ClashTurn(NamedTuple):
    """What one side wrote in its turn."""

    way: Way
    lines: tuple[GeneratedLine, ...]


def clash(pair: tuple[Way, Way], seed: str, request: Callable[[Way, str, int], WriteRequest]) -> list[ClashTurn]:
    """Return the turns of two sides; written once. `request` asks for what a side adds to a text in which turn."""
    first = request(pair[0], seed, 0)
    key = (pair, first)
    if st.session_state.get(WRITTEN, (None,))[0] != key:
        st.session_state[WRITTEN] = (key, _write(pair, seed, request))
    return st.session_state[WRITTEN][1]


def _write(pair: tuple[Way, Way], seed: str, request: Callable[[Way, str, int], WriteRequest]) -> list[ClashTurn]:
    text, turns = seed, list[ClashTurn]()
    for number in range(2 * ROUNDS):
        way = pair[number % 2]
        lyric = write_whole(request(way, text, number))
        turns.append(ClashTurn(way, lyric.lines))
        text = f"{lyric.text}\n"
    return turns


def draw_clash(turns: list[ClashTurn], seed: str) -> None:
    """Draw the turns under A and B, whose names the vote tells."""
    for number, turn in enumerate(turns):
        side = "AB"[number % 2]
        given = given_lines(seed) if not number else []
        verse = paper([*given, *turn.lines], cache.writer_pronunciations(turn.way[0]))
        with st.container(key=f"card-turn-{number}"):
            st.html(
                f'<h2>{t("{side}, round {n}", side=side, n=number // 2 + 1)}</h2><div class="paper small">{verse}</div>'
            )
