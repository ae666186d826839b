"""The writers, whom all visitors share, and what a page asks of them. Who the visitor is, is known here alone."""

import secrets

import streamlit as st

from dashboard.cache.run_cache import run_sampling, writer_names
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import WriteSettings
from pipeline.writers.pool import IDLE, Pool, open_pool, process_count
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import LineRequest, OriginalityRequest, ProposalRequest, WriteRequest, request_to_json
from pipeline.writers.turns import Ask


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    return open_pool()


def _visitor() -> str:
    """Return who asks, for turns between visitors: a browser tab."""
    return str(st.session_state.setdefault("visitor", secrets.token_hex(8)))


def begin_text(request: WriteRequest) -> RequestedText:
    """Return the text of a request; it is written while it is read."""
    return RequestedText(_pool(), _visitor(), request)


@st.cache_resource(show_spinner=False, ttl=IDLE)
def start_writers() -> None:
    """Let the writers open the run that Write begins with: it takes seconds, a line a tenth of one.

    Does nothing when it did so within the time after which they give their memory back.
    """
    if process_count() and (runs := writer_names()):
        constraints = Constraints(scheme="AABB", syllables=12)
        settings = WriteSettings(lines=1, constraints=constraints, sampling=run_sampling(runs[0]))
        request = WriteRequest(runs[0], "", 0, settings)
        _pool().ask(_visitor(), {"request": request_to_json(request), "have": 0})


def ask_writers(request: ProposalRequest | LineRequest | OriginalityRequest) -> Ask:
    """Put a request in line; its reply is plain data."""
    return _pool().ask(_visitor(), {"request": request_to_json(request)})
