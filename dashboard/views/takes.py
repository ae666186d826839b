"""Which one writes better? The same seed through several models or temperatures, named or blind."""

import secrets
from collections.abc import Iterable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, integer_box, text_box, toggle
from dashboard.components.frame.data_table import exports
from dashboard.components.writing import blind_tests, controls, drafts
from dashboard.components.writing.blind_tests import RunAtTemperature, run_temperature_key, run_temperature_label
from dashboard.components.writing.text_report import constraint_summary
from dashboard.components.writing.writing_sheet import wait_for_whole_text
from dashboard.components.writing.written_lines import finished_seed_lines, human_line, lines_html
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import mark, t, t_count
from pipeline.generation.lyric import Lyric, LyricSettings
from pipeline.writers.requests import WriteRequest

MAX_TEXTS = 4  # texts side by side
SAME_TEXT = mark("These settings produce the same text. Choose other models or temperatures.")
TEMPERATURES = [0.4, 0.6, 0.8, 1.0, 1.2]


def pick_runs_and_temperatures(runs: list[str], place: DeltaGenerator, other: DeltaGenerator) -> list[RunAtTemperature]:
    """Draw the choice of models in `place` and of temperatures in `other`. Return all pairs of the two."""
    bound.report_unknown("models", runs)
    models = place.multiselect(t("Models"), runs, runs[:2], key="models", bind=BIND, max_selections=MAX_TEXTS)
    temperatures = other.pills(
        t("Temperature"),
        TEMPERATURES,
        selection_mode="multi",
        default=[0.6] if len(runs) > 1 else [0.6, 1.0],
        key="temperatures",
        bind=BIND,
    )
    return [(run, temperature) for run in models for temperature in temperatures]


def write_texts(requests: dict[RunAtTemperature, WriteRequest]) -> dict[RunAtTemperature, Lyric]:
    """Return the texts of requests, each written once per session."""
    before: dict[WriteRequest, Lyric] = st.session_state.get("takes", {})
    lyrics = {request: before.get(request) or wait_for_whole_text(request) for request in requests.values()}
    st.session_state["takes"] = lyrics
    return {way: lyrics[request] for way, request in requests.items()}


def draw_side_by_side(lyrics: dict[RunAtTemperature, Lyric]) -> None:
    for column, (way, lyric) in zip(st.columns(len(lyrics)), lyrics.items(), strict=True):
        with column, st.container(key=f"card-{run_temperature_key(way).replace(' ', '-').replace('.', '-')}"):
            text = lines_html([*finished_seed_lines(lyric.seed), *lyric.lines], cache.writer_pronunciations(way[0]))
            st.html(f'<h2>{escape_html(run_temperature_label(way))}</h2><div class="paper small">{text}</div>')
            verdict_text = (
                t("Without constraints.") if lyric.settings.constraints is None else constraint_summary(lyric.lines)
            )
            page_layout.remark(f"{t_count('{n} line.', '{n} lines.', len(lyric.lines))} {verdict_text}")
            drafts.draw_save_button(lyric, key=f"keep-{run_temperature_key(way)}")


def sample_pair(ways: Iterable[RunAtTemperature], seed: str, take: int) -> list[RunAtTemperature]:
    """Return two of the models in a random order that stays until the texts change."""
    key = (tuple(ways), seed, take, len(blind_tests.votes()))
    if st.session_state.get("blind", (None,))[0] != key:
        st.session_state["blind"] = (key, secrets.SystemRandom().sample(key[0], 2))
    return st.session_state["blind"][1]


def distinct_texts(lyrics: dict[RunAtTemperature, Lyric]) -> dict[RunAtTemperature, Lyric]:
    """Return one entry for each different text: two models that wrote the same words cannot be told apart."""
    by_text = {lyric.text: way for way, lyric in reversed(lyrics.items())}
    return {way: lyric for way, lyric in lyrics.items() if way in by_text.values()}


def draw_blind_vote(lyrics: dict[RunAtTemperature, Lyric], seed: str, take: int) -> None:
    """Draw two different texts, 1 and 2, without their authors, and the vote on them below. Rhymes are marked by the
    same dictionary in both. Sources and probabilities are hidden, since they would tell the author."""
    different = distinct_texts(lyrics)
    if len(different) < 2:
        page_layout.empty_state(t(SAME_TEXT))
        return
    pair = sample_pair(different, seed, take)
    sounds = cache.writer_pronunciations(min(pair)[0])
    first, second = pair
    for number, (column, way) in enumerate(zip(st.columns(2), pair, strict=True), 1):
        with column, st.container(key=f"card-text-{number}"):
            text = lines_html([human_line(line) for line in lyrics[way].text.split("\n")], sounds)
            st.html(f'<h2>{escape_html(t("Text {n}", n=number))}</h2><div class="paper small">{text}</div>')
    ballot = blind_tests.Vote(seed, first, second, None)
    with st.container(horizontal=True):
        draw_vote_button(t("Text {n} is better", n=1), ballot._replace(better=first), "1")
        draw_vote_button(t("Equal"), ballot, "equal")
        draw_vote_button(t("Text {n} is better", n=2), ballot._replace(better=second), "2")


def draw_vote_button(label: str, ballot: blind_tests.Vote, key: str) -> None:
    number = len(blind_tests.votes())
    st.button(label, on_click=blind_tests.cast_vote, args=(ballot, number), key=f"vote-{key}-{number}")


def draw_votes() -> None:
    ballots = blind_tests.votes()
    if not ballots:
        return
    last = ballots[-1]
    names = {"first": run_temperature_label(last.first), "second": run_temperature_label(last.second)}
    message = t("Text 1 was {first}, text 2 was {second}. You called it a tie.", **names)
    if last.better is not None:
        names["better"] = run_temperature_label(last.better)
        message = t("Text 1 was {first}, text 2 was {second}. You preferred {better}.", **names)
    page_layout.remark(message)
    tally = blind_tests.count_wins(ballots).items()
    page_layout.key_figures(
        {run_temperature_label(way): t("{wins} of {times}", wins=won, times=of) for way, (won, of) in tally}
    )
    exports(blind_tests.vote_table(ballots), "votes")


def draw_takes() -> None:
    """Which one writes better? The same seed through several models or temperatures, named or blind."""
    head = t(
        "The same opening words, continued by several models or temperatures. Vote first; the names are shown "
        "afterwards."
    )
    if not (runs := controls.draw_writer_page_head(t("Which one writes better?"), head)):
        return
    with st.form("settings", border=False), st.container(key="ways"):
        what, which, how = st.columns(3)
        with what:
            seed = text_box(t("First words"), controls.SEED, key="seed", longest=2000)
        chosen = pick_runs_and_temperatures(runs, which, how)
        scheme, syllables, much = st.columns(3)
        with much, st.container(horizontal=True, vertical_alignment="bottom"):
            lines = st.slider(t("Lines"), *(4, 16, 8, 4), key="bars", bind=BIND)
            st.form_submit_button(t("Write"), type="primary", icon=":material/edit_note:")
        constraints = controls.pick_scheme_and_syllables(scheme, syllables)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        take = integer_box(t("Version (random seed)"), *(0, 2**31, 1), key="take", width=200)
        hidden = toggle(t("Blind: hide the names"), True, key="blindly")
    draw_votes()
    if len(chosen) < 2:
        page_layout.empty_state(t("Choose at least two models or two temperatures."))
        return
    if len(chosen) > MAX_TEXTS:
        page_layout.remark(t("Showing the first {most} of {n} combinations.", n=len(chosen), most=MAX_TEXTS))
    wished = None if constraints.scheme == "free" and constraints.syllables is None else constraints
    requests = {}
    for run, temperature in chosen[:MAX_TEXTS]:
        sampling = replace(cache.default_sampling_settings(run), temperature=temperature)
        settings = LyricSettings(lines=lines, sampling=sampling, constraints=wished)
        requests[run, temperature] = WriteRequest(run, seed, take, settings)
    with st.spinner(t("Writing…")):
        lyrics = write_texts(requests)
    if hidden:
        draw_blind_vote(lyrics, seed, take)
    else:
        draw_side_by_side(lyrics)
