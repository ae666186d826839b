"""Blind votes between two texts, kept in the browser session."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from pipeline.analysis.export import escape_formula

BALLOTS = "votes"


class Vote(NamedTuple):
    """Two ways of writing the same seed, and which was preferred: the name of one of them, or "equal"."""

    seed: str
    first: str
    second: str
    better: str


def votes() -> list[Vote]:
    """What this visitor preferred, in order."""
    return st.session_state.setdefault(BALLOTS, [])


def as_csv(ballots: Sequence[Vote]) -> str:
    """One row a vote. A cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Vote._fields)
    writer.writerows(map(escape_formula, vote) for vote in ballots)
    return out.getvalue()


def tally(ballots: Sequence[Vote]) -> dict[str, str]:
    """Wins of each way of writing, of the times that it stood for election; the most preferred first."""
    wins = Counter(vote.better for vote in ballots)
    stood = Counter(name for vote in ballots for name in (vote.first, vote.second))
    return {
        name: f"{wins[name]} of {stood[name]}" for name in sorted(stood, key=lambda name: -wins[name] / stood[name])
    }
