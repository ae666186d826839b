"""Blind votes between two texts, kept in the browser session."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pipeline.core.translation import number, t
from pipeline.publish.tables import escape_formula

BALLOTS = "votes"
EQUAL = "equal"
Way = tuple[str, float]  # a model and a temperature


class Vote(NamedTuple):
    """Two ways of writing the same seed, and which was preferred; none of them when they were equally good."""

    seed: str
    first: Way
    second: Way
    better: Way | None


def votes() -> list[Vote]:
    """What this visitor preferred, in order."""
    return st.session_state.setdefault(BALLOTS, [])


def way_key(way: Way) -> str:
    """Return the name of a way of writing, the same in every language: in files and keys.

    >>> way_key(("char-lstm", 0.6))
    'char-lstm at 0.6'
    """
    return f"{way[0]} at {way[1]:.1f}"


def way_name(way: Way) -> str:
    """Return the name of a way of writing, for people."""
    return t("{run} at {temperature}", run=way[0], temperature=number(way[1], 1))


def as_csv(ballots: Sequence[Vote]) -> str:
    """One row a vote. A cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Vote._fields)
    for vote in ballots:
        better = way_key(vote.better) if vote.better else EQUAL
        writer.writerow(map(escape_formula, (vote.seed, way_key(vote.first), way_key(vote.second), better)))
    return out.getvalue()


def tally(ballots: Sequence[Vote]) -> dict[Way, tuple[int, int]]:
    """Wins of each way of writing and the times that it stood for election; the most preferred first."""
    wins = Counter(vote.better for vote in ballots)
    stood = Counter(way for vote in ballots for way in (vote.first, vote.second))
    return {way: (wins[way], stood[way]) for way in sorted(stood, key=lambda way: -wins[way] / stood[way])}
