"""The writers, whom all visitors share, and what a page asks of them. Who the visitor is, is known here alone."""

import secrets

import streamlit as st

from pipeline.writers.pool import Pool, open_pool
from pipeline.writers.requested_text import RequestedText
from pipeline.writers.requests import OriginalityRequest, ProposalRequest, WriteRequest, request_to_json
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


def ask_writers(request: ProposalRequest | OriginalityRequest) -> Ask:
    """Put a request in line; its reply is plain data."""
    return _pool().ask(_visitor(), {"request": request_to_json(request)})
