"""What a writer decides: the first words, the model, how daring it is. Every choice sits in the URL."""

import secrets

import streamlit as st

from dashboard.components.writing import Request
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.sampling import SamplingSettings

BIND = "query-params"
SEED = "J'reviens du"
LONGEST_SEED = 20_000


def request(runs: list[str]) -> Request:
    """Draw the controls and return what they ask for. Raises SettingError for a value out of its range."""
    with st.form("settings", border=False):
        seed = st.text_area("First words", SEED, key="seed", bind=BIND, max_chars=LONGEST_SEED, height=100)
        run = st.selectbox("Model", runs, key="model", bind=BIND)
        daring = st.slider(
            "Daring (temperature)",
            *(0.0, 2.0, 0.8, 0.05),
            key="daring",
            bind=BIND,
            help="0 writes what is likeliest, 1 is the model as it learnt; above, it stumbles and invents.",
        )
        lines = st.slider("Bars", *(4, 64, 16, 4), key="bars", bind=BIND)
        with st.expander("More control"):
            sampling, end, take = _more(daring)
        with st.container(horizontal=True):
            st.form_submit_button("Write", type="primary", icon=":material/edit_note:")
            st.form_submit_button("Another take", on_click=_another_take, icon=":material/casino:")
    return Request(run, seed or "", take, WriteSettings(lines=lines, stop_at_song_end=end, sampling=sampling))


def _more(daring: float) -> tuple[SamplingSettings, bool, int]:
    top_p = st.slider(
        "Keep the likeliest (top-p)",
        *(0.05, 1.0, 1.0, 0.05),
        key="top_p",
        bind=BIND,
        help="Choose only among the likeliest, until together they reach this share.",
    )
    top_k = st.number_input(
        "Choose among at most (top-k)", *(0, 10_000, 0), key="top_k", bind=BIND, help="0 sets no limit."
    )
    min_p = st.slider(
        "Drop the unlikely (min-p)",
        *(0.0, 0.5, 0.02, 0.01),
        key="min_p",
        bind=BIND,
        help="Leave out what is less likely than this share of the likeliest.",
    )
    avoid = st.slider("Avoid repeating (repetition penalty)", *(1.0, 2.0, 1.0, 0.05), key="avoid", bind=BIND)
    end = st.toggle("Let the song end by itself", key="end", bind=BIND)
    take = st.number_input(
        "Take (random seed)",
        *(0, 2**31, 1),
        key="take",
        bind=BIND,
        help="The same take with the same settings writes the same text.",
    )
    sampling = SamplingSettings(
        temperature=daring, top_p=top_p, top_k=int(top_k), min_p=min_p, repetition_penalty=avoid
    )
    return sampling, end, int(take)


def _another_take() -> None:
    st.session_state["take"] = secrets.randbelow(10_000)
