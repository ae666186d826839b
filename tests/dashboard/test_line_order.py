"""Lines that are put in another order, whatever a browser sends."""

import pytest
import streamlit as st

from dashboard.components.writing import typing_marks as line_order


@pytest.mark.parametrize(("dropped", "moved"), [([0, 2], [(0, 2)]), ([2, 1], [(2, -1)]), ([7, 0], []), ("x", [])])
def test_a_line_goes_where_it_is_dropped(monkeypatch, dropped, moved) -> None:
    """Whatever a browser sends: only numbers of lines that there are."""
    calls: list[tuple[int, int]] = []
    callbacks = {}

    def component(*_, **__):
        return lambda **kwargs: callbacks.update(kwargs)

    monkeypatch.setattr(st.components.v2, "component", component)
    monkeypatch.setattr(st, "session_state", {"order": {"move": dropped}})
    line_order.line_order(["un", "deux", "trois"], lambda at, by: calls.append((at, by)), key="order")
    callbacks["on_move_change"]()
    assert calls == moved
