"""A blind vote between two texts, and the results of all votes, which last as long as the browser session."""

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard.components.frame.marked_text import verse_html
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import format_decimal, t

VOTES_KEY = "votes"
EQUAL = "equal"
RunAtTemperature = tuple[str, float]  # a model and a temperature


class Vote(NamedTuple):
    """Two ways of writing from the same seed, and the preferred one; None where they were equally good."""

    seed: str
    first: RunAtTemperature
    second: RunAtTemperature
    better: RunAtTemperature | None


def votes() -> list[Vote]:
    """Return the votes of this visitor, in order."""
    return st.session_state.setdefault(VOTES_KEY, [])


def vote(ballot: Vote, number: int) -> None:
    """Count the vote of this number once: a second click on the same two texts counts nothing."""
    if number == len(votes()):
        votes().append(ballot)
        st.session_state["take"] = secrets.randbelow(10_000)


def run_temperature_key(way: RunAtTemperature) -> str:
    """Return the name of a way of writing, the same in every language: in files and keys.

    >>> run_temperature_key(("char-lstm", 0.6))
    'char-lstm at 0.6'
    """
    return f"{way[0]} at {way[1]:.1f}"


def run_temperature_label(way: RunAtTemperature) -> str:
    """Return the name of a way of writing, for people."""
    return t("{run} at {temperature}", run=way[0], temperature=format_decimal(way[1], 1))


def vote_table(ballots: Sequence[Vote]) -> pd.DataFrame:
    """Return one row a vote: seed, first, second, better."""
    rows = [
        (vote.seed, *(run_temperature_key(way) if way else EQUAL for way in (vote.first, vote.second, vote.better)))
        for vote in ballots
    ]
    return pd.DataFrame(rows, columns=Vote._fields)


def tally(ballots: Sequence[Vote]) -> dict[RunAtTemperature, tuple[int, int]]:
    """Return (wins, votes that it was part of) of each way of writing, the most preferred first."""
    wins = Counter(vote.better for vote in ballots)
    shown = Counter(way for vote in ballots for way in (vote.first, vote.second))
    return {way: (wins[way], shown[way]) for way in sorted(shown, key=lambda way: -wins[way] / shown[way])}


def plain_verse(lines: Sequence[str]) -> str:
    """Return lines on paper as HTML, words alone: marks of rhymes, sources and odds would tell who wrote them."""
    return f'<div class="paper small">{verse_html([escape_html(line) for line in lines])}</div>'
