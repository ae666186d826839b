"""Who writes: the network, a centon of songs, a local model, or whoever sits here; and which songs a centon quotes."""

from dataclasses import replace
from typing import Literal

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick
from dashboard.components.frame.page_layout import button, store_error
from dashboard.locale.phrasing import section_name
from pipeline.core.translation import mark, t
from pipeline.corpus.song import SECTION_KINDS
from pipeline.generation.partner import server
from pipeline.writers.requests import QuotedPart

FOUND_KEY = "local-models"  # key: the models that answered
ChosenWriter = Literal["network", "centon", "partner", "person"]
WRITERS: dict[ChosenWriter, str] = {
    "network": mark("Network"),
    "centon": mark("Centon"),
    "partner": mark("Local model"),
    "person": mark("Me"),
}
FIRST_WRITER: ChosenWriter = "centon"  # what reads best: docs/decisions/generation.md
ABOUT: dict[ChosenWriter, str] = {
    "network": mark("Each word is chosen at random from the model's predictions. Copied phrases are underlined."),
    "centon": mark(
        "A centon is made of quotations: whole lines from different songs that rhyme and have the right number of "
        "syllables. A network picks the lines that follow on best. Each line names its song; the first shares as many "
        "words with yours as possible."
    ),
    "partner": mark(
        "A language model on the computer that runs Seize suggests lines. Those that meet all settings are used, some "
        "corrected by a word or an elision; the network writes the others, and each line names its author."
    ),
    "person": mark("You write. Syllables and rhymes are counted as you type."),
}


def pick_writer() -> ChosenWriter:
    """Draw the choice of who writes, with what it means, and return it."""
    is_named = server.is_server_configured()
    may_look = cache.current_visitor().is_operator and not is_named
    offered = {name: t(label) for name, label in WRITERS.items() if name != "partner" or is_named or may_look}
    writer: ChosenWriter = pick(t("Who writes?"), offered, "network", key="by", everywhere=True)
    page_layout.remark(t(ABOUT[writer]))
    if writer == "partner" and may_look:
        _draw_local_models()
    return writer


def _draw_local_models() -> None:
    """Draw the choice of a local model, and the button that looks for those that answer."""
    chosen = server.chosen_server()
    if chosen is not None:
        page_layout.remark(
            t("Lines are suggested by {model}, at {address}.", model=chosen.model, address=chosen.address)
        )
    if st.button(t("Look for a model on this computer"), icon=":material/search:", key="look-for-models"):
        st.session_state[FOUND_KEY] = server.find_servers()
    found: list[server.LocalServer] | None = st.session_state.get(FOUND_KEY)
    if found == []:
        page_layout.remark(
            t("Nothing found on the ports of {programs}. Start one of them, with a model.",
              programs=", ".join(f"{name} ({port})" for name, port in server.USUAL_PORTS.items()))
        )  # fmt: skip
    if found:
        names = [f"{each.model} · {each.address.removeprefix('http://')}" for each in found]
        at = st.selectbox(t("Model found"), range(len(found)), format_func=names.__getitem__, key="found-model")
        completes = st.checkbox(
            t("Completion only"), key="completes", help=t("For a base model, which was not trained to chat.")
        )
        button(t("Use it"), "check", _choose_local_server, replace(found[at], completes=completes), key="take-model")


def _choose_local_server(found: server.LocalServer) -> None:
    with store_error("writing"):
        server.choose_server(found)
    st.session_state.pop(FOUND_KEY)


def pick_quoted_songs(first_words: str) -> QuotedPart:
    """Draw the choice of the songs that a centon quotes, and return it. The centon should begin with the last line of
    `first_words`."""
    names = cache.corpus_names()
    corpus = pick(t("Corpus"), {name: name for name in names}, names[0], key="quoted", look="list", everywhere=True)
    any_one = {"": t("Any")}
    songs = cache.open_corpus(corpus)
    artists = sorted(songs.songs["artist"].dropna().unique())
    with st.container(horizontal=True, gap="small"):
        artist = pick(
            t("Artist"), any_one | {name: name for name in artists}, key="quoted_artist", look="list", everywhere=True
        )
        kind = pick(
            t("Type of section"), any_one | {kind: section_name(kind) for kind in SECTION_KINDS}, key="quoted_kind",
            look="list", everywhere=True,
        )  # fmt: skip
    years, span = None, songs.year_span
    if span and span[0] < span[1]:
        chosen = st.slider(t("Years"), *span, span, key=f"quoted_years-{corpus}", bind=BIND)
        years = None if chosen == span else chosen
    return QuotedPart(
        corpus,
        artists=(artist,) if artist else (),
        years=years,
        kinds=(kind,) if kind else (),
        first_words=first_words.split("\n")[-1].strip(),
    )
