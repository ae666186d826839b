"""Controls in the address: keys, labels of before, links, callbacks, values that are no option."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.components import bound

    cells = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
    st.text(bound.pick("Cell", cells, key="cell"))
    st.text(bound.pick("Steps", {0: "none", 20: "20 steps"}, 20, key="steps", look="list"))
    st.text(bound.pick_or_none("Task", {"one": "First", "two": "Second"}, key="task"))
    st.button("LSTM", on_click=lambda: st.session_state.update(cell="lstm"))


def visit(**query: str) -> AppTest:
    app = AppTest.from_function(page)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def address(app: AppTest) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in app.query_params.items()}


@pytest.mark.parametrize(
    "query",
    [{"cell": "gru", "steps": "0", "task": "two"}, {"cell": "GRU", "steps": "none", "task": "Second"}],
    ids=["keys", "labels"],
)
def test_an_address_of_keys_or_labels_opens_and_becomes_keys(query: dict[str, str]) -> None:
    app = visit(**query)
    assert shown(app) == ["gru", "0", "two"]
    assert address(app) == {"cell": ["gru"], "steps": ["0"], "task": ["two"]}


def test_defaults_and_nonsense_leave_the_address() -> None:
    app = visit(cell="<b>", steps="20", task="three")
    assert shown(app) == ["rnn", "20", "None"]
    assert address(app) == {}


def test_a_choice_is_written_and_a_callback_is_kept() -> None:
    app = visit(steps="0")
    app.segmented_control(key="cell").set_value("gru").run()
    app.selectbox(key="steps").set_value(20).run()
    assert shown(app)[:2] == ["gru", "20"]
    assert address(app) == {"cell": ["gru"]}
    app.button[0].click().run()
    assert shown(app)[0] == "lstm"
    assert address(app) == {"cell": ["lstm"]}


def test_an_address_that_changes_is_followed() -> None:
    app = visit(cell="gru")
    app.query_params["cell"] = "lstm"  # as Back and Forward do
    assert shown(app.run())[0] == "lstm"
    del app.query_params["cell"]
    assert shown(app.run())[0] == "rnn"
