"""Controls in the address: keys, labels of before, links, callbacks, values that are no option."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from tests.source_tree import modules, place


def page() -> None:
    import streamlit as st

    from dashboard.components.frame import bound

    cells = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}
    st.text(bound.pick("Cell", cells, key="cell"))
    st.text(bound.pick("Steps", {0: "none", 20: "20 steps"}, 20, key="steps", look="list"))
    st.text(bound.pick_or_none("Task", {"one": "First", "two": "Second"}, key="task"))
    st.button("LSTM", on_click=lambda: st.session_state.update(cell="lstm"))


def visit(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
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


def long_menus() -> None:
    import streamlit as st

    from dashboard.components.frame import bound

    songs = {f"key-{n}": f"Song {n}" for n in range(20_000)}
    st.text(bound.pick("Song", songs, key="song", look="list", listed=15_000))
    st.text(bound.pick_some("Voices", [f"voice {n}" for n in range(20_000)], ["voice 19000"], key="voices"))


def visit_long(**typed: object) -> AppTest:
    """The page after something was typed that a list may not hold, as a browser sends it."""
    app = AppTest.from_function(long_menus)
    for key, value in typed.items():
        app.session_state[key] = value
    return app.run()


def test_a_menu_lists_its_first_options_and_takes_the_others() -> None:
    app = visit_long()
    song, voices = app.selectbox(key="song"), app.multiselect(key="voices")
    assert shown(app) == ["key-0", "('voice 19000',)"]
    assert (len(song.options), len(voices.options)) == (15_000, 5_001)
    assert song.proto.accept_new_options
    assert voices.proto.accept_new_options
    app = visit_long(song="Song 19999", voices=["voice 7", "voice 15000"])
    assert shown(app) == ["key-19999", "('voice 7', 'voice 15000')"]
    assert app.selectbox(key="song").options[-1] == "Song 19999"
    app = visit_long(song="no such song", voices=["nobody " * 100])
    assert shown(app) == ["key-0", "()"]
    assert "nobody nobody" in app.get("html")[0].proto.body
    assert len(app.get("html")[0].proto.body) < 150


def whole_numbers() -> None:
    import streamlit as st

    from dashboard.components.frame import bound

    st.text(bound.integer_box("Take", 0, 9, 3, key="take"))


@pytest.mark.parametrize("asked", ["9" * 400, "-1e999", "inf", "nan", "10", "1e308", "x" * 10_000, ""])
def test_an_address_holds_no_number_outside_its_range(asked: str) -> None:
    app = AppTest.from_function(whole_numbers)
    app.query_params["take"] = asked
    assert shown(app.run()) == ["3"]


def test_whole_numbers_of_an_address_are_read_in_one_place() -> None:
    """The other controls are of fractions, of which Streamlit leaves out the infinite ones."""
    found = {
        module.name
        for module in modules("dashboard")
        for node in module.nodes(ast.Call)
        if getattr(node.func, "attr", "") == "number_input" and any(each.arg == "bind" for each in node.keywords)
    }
    fractions = {"corpus.filters", "models.training_form"}
    assert found == {f"dashboard.components.{name}" for name in {"frame.bound", *fractions}}


def test_a_line_of_text_has_an_end() -> None:
    """Each control into which text is typed says how much it takes: Streamlit cuts what an address holds there."""
    fields = [
        (place(module, node), {keyword.arg for keyword in node.keywords})
        for module in modules("dashboard")
        for node in module.nodes(ast.Call)
        if getattr(node.func, "attr", "") in ("text_input", "text_area", "chat_input")
    ]
    assert len(fields) > 20
    assert [where for where, given in fields if "max_chars" not in given] == []
