"""What are the next sixteen bars?"""

import json

import streamlit as st

from dashboard import cache
from dashboard.components import controls, frame, writing
from dashboard.components.copy import copy_button
from dashboard.words import count, number
from pipeline.generation.spelling import read_seed
from pipeline.generation.writer import write_lyric


def remarks(page: writing.Page) -> None:
    request, run = page.request, cache.run(page.request.run)
    unknown = read_seed(request.seed, run.vocabulary).unknown
    if unknown:
        frame.quiet(f"The model has never seen: {', '.join(unknown[:20])}. It reads on as best it can.")
    if not page.done:
        frame.quiet(f"Stopped after {count(len(page.lines), 'bar')}. Write starts over.")
    new = len(page.text) - len(request.seed)
    speed = f", {number(new / page.seconds)} characters a second" if page.seconds else ""
    frame.quiet(
        f"{request.run}, take {request.take}: {number(new)} characters{speed}. "
        "The address of this page writes it again."
    )


def keep(page: writing.Page) -> None:
    request = page.request
    with st.container(horizontal=True, gap="small"):
        copy_button("Copy", page.text, key="copy")
        st.download_button("Save as text", page.text, "seize.txt", "text/plain", on_click="ignore")
        st.download_button(
            "Save with its settings", lambda: lyric_json(request), "seize.json", "application/json", on_click="ignore"
        )


def lyric_json(request: writing.Request) -> str:
    lyric = write_lyric(cache.run(request.run), request.seed, request.settings, request.take)
    return json.dumps(lyric.to_json(), ensure_ascii=False, indent=1)


frame.question("What are the next sixteen bars?")
runs = cache.runs()
if not runs:
    frame.empty("There is no model yet. Train one: python -m pipeline train demo --level char --cell gru --minutes 5")
    st.stop()
frame.answer("Give the first words. A small network, trained on the corpus, writes on from there.")
left, right = st.columns([2, 3], gap="large")
with left:
    request = controls.request(runs)
with right, st.container(key="card-paper"):
    stop = st.empty()
    page = st.session_state.get("written")
    if page is None or page.request != request:
        stop.button("Stop", icon=":material/stop:", key="stop")
        page = writing.stream(request)
        stop.empty()
    else:
        st.html(writing.paper(page))
    remarks(page)
    keep(page)
frame.how_to_read("write")
