"""Which one writes better? The same seed through several models or temperatures, named or blind."""

import secrets

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.components import address, controls, drafts, page_layout, votes
from dashboard.components.pages import given_lines, paper
from dashboard.components.writing_sheet import write_whole
from dashboard.locale.escaping import escape_html
from dashboard.locale.phrasing import count
from pipeline.generation.lyric import Lyric, WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.writers.requests import WriteRequest

MOST = 4  # texts side by side
TEMPERATURES = [0.4, 0.6, 0.8, 1.0, 1.2]
Way = tuple[str, float]


def ways(runs: list[str]) -> list[Way]:
    """Pairs of model and temperature to compare."""
    address.report_unknown("models", runs, "model")
    models = st.multiselect("Models", runs, runs[:1], key="models", bind="query-params", max_selections=MOST)
    daring = st.pills(
        "Daring (temperature)",
        TEMPERATURES,
        selection_mode="multi",
        default=[0.6, 1.0],
        key="temperatures",
        bind="query-params",
    )
    return [(run, temperature) for run in models for temperature in daring]


def name(way: Way) -> str:
    return f"{way[0]} at {way[1]:.1f}"


def written(requests: dict[Way, WriteRequest]) -> dict[Way, Lyric]:
    """The texts, each written once: a vote or a look at the names does not write them again."""
    before: dict[WriteRequest, Lyric] = st.session_state.get("takes", {})
    lyrics = {request: before.get(request) or write_whole(request) for request in requests.values()}
    st.session_state["takes"] = lyrics
    return {way: lyrics[request] for way, request in requests.items()}


def side_by_side(lyrics: dict[Way, Lyric]) -> None:
    for column, (way, lyric) in zip(st.columns(len(lyrics)), lyrics.items(), strict=True):
        with column, st.container(key=f"card-{name(way).replace(' ', '-').replace('.', '-')}"):
            st.html(f"<h2>{escape_html(name(way))}</h2>")
            st.html(verse(lyric, way))
            page_layout.remark(f"{count(len(lyric.lines), 'bar')}. {verdict(lyric)}")
            drafts.save_button(lyric, key=f"keep-{name(way)}")


def verdict(lyric: Lyric) -> str:
    """How many lines do what was asked, if anything was."""
    if lyric.settings.constraints is None:
        return "Written freely."
    short = sum(bool(line.violations) for line in lyric.lines)
    lack = "lacks" if short == 1 else "lack"
    return f"{short} of them {lack} something." if short else "Every line does what was asked."


def verse(lyric: Lyric, way: Way) -> str:
    text = paper([*given_lines(lyric.seed), *lyric.lines], cache.writer_pronunciations(way[0]))
    return f'<div class="paper small">{text}</div>'


def drawn(lyrics: dict[Way, Lyric], seed: str, take: int) -> list[Way]:
    """Two of the ways in an order that nobody knows, the same until the texts change."""
    key = (tuple(lyrics), seed, take, len(votes.votes()))
    if st.session_state.get("blind", (None,))[0] != key:
        rng = np.random.default_rng(secrets.randbits(64))
        pair = [list(lyrics)[i] for i in rng.permutation(len(lyrics))[:2]]
        st.session_state["blind"] = (key, pair)
    return st.session_state["blind"][1]


def blind(lyrics: dict[Way, Lyric], seed: str, take: int) -> None:
    """A and B without names, and the vote."""
    pair = drawn(lyrics, seed, take)
    for column, letter, way in zip(st.columns(2), "AB", pair, strict=True):
        with column, st.container(key=f"card-{letter}"):
            st.html(f"<h2>{letter}</h2>" + verse(lyrics[way], way))
    names = [name(way) for way in pair]
    with st.container(horizontal=True, gap="small"):
        choices = (("a", "A is better", names[0]), ("b", "B is better", names[1]), ("equal", "Equal", "equal"))
        for key, label, better in choices:
            st.button(label, on_click=vote, args=(votes.Vote(seed, names[0], names[1], better),), key=f"vote-{key}")


def vote(ballot: votes.Vote) -> None:
    votes.votes().append(ballot)
    st.session_state["take"] = secrets.randbelow(10_000)


def results() -> None:
    ballots = votes.votes()
    if not ballots:
        return
    last = ballots[-1]
    page_layout.remark(f"That was {last.first} as A and {last.second} as B. You preferred: {last.better}.")
    page_layout.key_figures(votes.tally(ballots))
    st.download_button(
        "Save the votes", votes.as_csv(ballots), "seize-votes.csv", "text/csv", on_click="ignore", key="save-votes"
    )


page_layout.question("Which one writes better?")
runs = cache.writer_names()
if not runs:
    page_layout.no_model()
    st.stop()
page_layout.answer("The same first words through several models or temperatures. Vote blind to be fair.")
with st.form("settings", border=False), st.container(key="ways"):
    what, how, much = st.columns([4, 5, 4], gap="large")
    with what:
        seed = st.text_input("First words", controls.SEED, key="seed", bind="query-params", max_chars=2000)
        chosen = ways(runs)
    with how:
        constraints = controls.measure()
    with much:
        lines = st.slider("Bars", *(4, 16, 8, 4), key="bars", bind="query-params")
        take = int(st.number_input("Take (random seed)", *(0, 2**31, 1), key="take", bind="query-params"))
        st.form_submit_button("Write", type="primary", icon=":material/edit_note:")
hidden = st.toggle("Blind: hide which is which", key="blindly", bind="query-params")
results()
if len(chosen) < 2:
    page_layout.empty_state("Choose two models or two temperatures at least.")
    st.stop()
if len(chosen) > MOST:
    page_layout.remark(f"Of {len(chosen)} combinations the first {MOST} are shown.")
free = constraints.scheme == "free" and constraints.syllables is None
requests = {
    (run, temperature): WriteRequest(
        run,
        seed or "",
        take,
        WriteSettings(
            lines=lines,
            sampling=SamplingSettings(temperature=temperature),
            constraints=None if free else constraints,
        ),
    )
    for run, temperature in chosen[:MOST]
}
with st.spinner("Writing…"):
    lyrics = written(requests)
if hidden:
    blind(lyrics, seed or "", take)
else:
    side_by_side(lyrics)
page_layout.how_to_read("takes")
