"""A blind vote between two texts, and the results of all votes, which last as long as the browser session."""

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pipeline.core.translation import format_decimal, t

VOTES_KEY = "votes"
EQUAL = "equal"
RunAtTemperature = tuple[str, float]  # a model and a temperature


class Vote(NamedTuple):
    """A vote between two texts from the same seed: the models and temperatures that wrote them, and the better one;
    None for a tie."""

    seed: str
    first: RunAtTemperature
    second: RunAtTemperature
    better: RunAtTemperature | None


def votes() -> list[Vote]:
    """Return the votes of this visitor in this session, in order."""
    return st.session_state.setdefault(VOTES_KEY, [])


def cast_vote(ballot: Vote, number: int) -> None:
    """Add a vote, unless one of this number is there: a second click on the same two texts adds none."""
    if number == len(votes()):
        votes().append(ballot)
        st.session_state["take"] = secrets.randbelow(10_000)


def run_temperature_key(way: RunAtTemperature) -> str:
    """Return a model with its temperature as a name for files and keys, the same in every language.

    >>> run_temperature_key(("char-lstm", 0.6))
    'char-lstm at 0.6'
    """
    return f"{way[0]} at {way[1]:.1f}"


def run_temperature_label(way: RunAtTemperature) -> str:
    """Return a model with its temperature in the language of the visitor."""
    return t("{run} at {temperature}", run=way[0], temperature=format_decimal(way[1], 1))


def vote_table(ballots: Sequence[Vote]) -> pd.DataFrame:
    """Return a table of votes with the columns seed, first, second and better."""
    rows = [
        (vote.seed, *(run_temperature_key(way) if way else EQUAL for way in (vote.first, vote.second, vote.better)))
        for vote in ballots
    ]
    return pd.DataFrame(rows, columns=Vote._fields)


def count_wins(ballots: Sequence[Vote]) -> dict[RunAtTemperature, tuple[int, int]]:
    """Return (wins, votes) of each model at a temperature, the largest share of wins first."""
    wins = Counter(vote.better for vote in ballots)
    shown = Counter(way for vote in ballots for way in (vote.first, vote.second))
    return {way: (wins[way], shown[way]) for way in sorted(shown, key=lambda way: -wins[way] / shown[way])}
