"""A training while it runs and afterwards: curves, figures, samples, and the buttons that stop it or go on with it."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import training_charts
from dashboard.components import job_card, page_layout
from dashboard.components.figure_card import card, heading
from dashboard.components.training_form import LONGEST
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import against
from dashboard.queries.training_requests import can_resume, progress_table, request_of, submit
from pipeline import jobs
from pipeline.errors import SeizeError
from pipeline.job_status import BUSY
from pipeline.language_models.units import UNITS
from pipeline.runs.run import list_runs, load_run
from pipeline.runs.summary import Summary, summary
from pipeline.translation import number

STOPPING = "stopping"
SPENT = 1.0  # second left: the fitting has ended, and what follows reports nothing
SHORT = 0.98  # of the budget: below, a training was stopped


def draw(job: jobs.Job, all_jobs: Sequence[jobs.Job]) -> None:
    """Draw one training: its state, curves and samples."""
    status, table = job.status(), progress_table(job, all_jobs)
    heading(job.title)
    if status.state in BUSY:
        text = f"{job_card.WORDS[status.state]}: {escape_markdown(_doing(status, table))}"
        st.progress(min(max(status.share, 0.0), 1.0), text=text)
    elif status.state == "failed":
        page_layout.empty_state(f"It failed. {status.message}")
    else:
        page_layout.remark(
            f"{job_card.WORDS[status.state]}.{_outcome(job.about['name']) if status.state == 'done' else ''}"
        )
    _buttons(job, all_jobs, status, table)
    if table.empty:
        if status.state in BUSY:
            page_layout.remark("The curves begin with the first figures, some seconds after the start.")
        return
    if job.about["level"] == "char":  # a token is a character, but for what its vocabulary lacks
        table = table.assign(valid_bits=table["valid_bits_per_char"].fillna(table["valid_bits"]))
    _figures(table, UNITS[job.about["level"]].noun, busy=status.state in BUSY)
    _curves(job, table)
    _samples(table)


def _doing(status: jobs.Status, table: pd.DataFrame) -> str:
    """Return what a training does: its own words, until its time is spent and it says no more."""
    if status.state == "running" and len(table) and table["seconds_left"].iloc[-1] < SPENT:
        return "it has learnt; now it is judged on the test songs and saved, a minute or two"
    return status.message or "it starts when those before it have ended"


def _outcome(name: str) -> str:
    """Say how good the run is that a training wrote."""
    found = cache.call(_summary, name, cache.run_version(name))
    if found is None or found.test_bits is None or found.difference is None:
        return ""
    return (
        f" The whole model needs {number(found.test_bits, 3)} bits a character on songs that it never read, "
        f"{against(found.difference)} their best n-gram."
    )


def _summary(name: str, version: int) -> Summary | None:
    try:
        return summary(load_run(name))
    except SeizeError:  # deleted since, or damaged: Runs says so
        return None


def _buttons(job: jobs.Job, all_jobs: Sequence[jobs.Job], status: jobs.Status, table: pd.DataFrame) -> None:
    name = job.about["name"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if status.state == "running":
            stopping = st.session_state.get(STOPPING) == job.id
            st.button(
                "Stop, keep the best so far",
                key="stop",
                icon=":material/stop:",
                on_click=_stop,
                args=(job,),
                disabled=stopping,
            )
            if stopping:
                page_layout.remark("Stopping. The best so far is kept; judging it takes a moment.")
        elif status.state == "queued":
            st.button("Take off the queue", key="unqueue", icon=":material/close:", on_click=jobs.cancel, args=(job,))
        elif can_resume(job, all_jobs):
            _go_on(job, table)
        if status.state not in BUSY and name in list_runs():  # stopped early, a resumed one leaves the run of before
            st.page_link(
                page_layout.VIEWS / "runs.py",
                label="See it among the runs",
                icon=":material/leaderboard:",
                query_params={"look": "card", "run": name},
            )
            st.page_link(
                page_layout.VIEWS / "write.py",
                label="Write with it",
                icon=":material/edit_note:",
                query_params={"model": name},
            )


def _stop(job: jobs.Job) -> None:
    jobs.cancel(job)
    st.session_state[STOPPING] = job.id  # nothing can be drawn in a callback of a fragment


def _go_on(job: jobs.Job, table: pd.DataFrame) -> None:
    """Draw the way to resume: up to the minutes that were asked for, or twice as many when these are spent."""
    before = request_of(job)
    spent = table["minutes"].max() >= SHORT * before.minutes
    minutes = st.number_input(
        "Minutes in all",
        0.1,
        LONGEST,
        float(min(LONGEST, before.minutes * (2 if spent else 1))),
        5.0,
        key=f"more-{job.id}",
        width=160,
    )
    if st.button("Resume", key="resume", icon=":material/resume:"):
        try:
            submit(replace(before, minutes=float(minutes)), resume=True)
        except SeizeError as error:
            page_layout.empty_state(str(error))
        else:
            st.rerun()


def _figures(table: pd.DataFrame, unit: str, *, busy: bool) -> None:
    last, best = table.iloc[-1], table["valid_bits"].min()
    shown = {f"Bits a {unit}, best": number(best, 3) if pd.notna(best) else "–"}
    if pd.notna(last["epoch"]):
        shown["Epochs"] = number(last["epoch"], 1)
    speeds = table["tokens_per_second"].dropna()
    if len(speeds):
        shown[f"{unit.capitalize()}s a second"] = number(speeds.iloc[-1] if busy else speeds.median())
    shown["Trained for"] = clock(table["seconds"].max())
    if busy and last["seconds_left"] >= SPENT:
        shown["Left"] = clock(last["seconds_left"])
    page_layout.key_figures(shown)


def _curves(job: jobs.Job, table: pd.DataFrame) -> None:
    """Draw bits a token of both parts; a character model's compare with the n-gram, whose line stands in the figure."""
    char = job.about["level"] == "char"
    baseline = table["baseline_bits"].dropna()
    floors = {"n-gram": float(baseline.iloc[0])} if len(baseline) else {}
    curves = {
        "training": table.assign(bits=table["train_bits"]),
        "validation": table.assign(bits=table["valid_bits"]),
    }
    figure = training_charts.curves(
        curves,
        y=f"bits a {UNITS[job.about['level']].noun}",
        floors=floors if char else None,
        faint=("training",),
    )
    card(
        _finding(table, floors if char else {}),
        figure,
        key="loss",
        note="Lower is better. Training is measured with dropout on, validation on songs that it does not learn from.",
    )
    if not char and table["valid_bits_per_char"].notna().any():
        figure = training_charts.curves(
            {"validation": table.assign(bits=table["valid_bits_per_char"])}, y="bits a character", floors=floors
        )
        last = table["valid_bits_per_char"].dropna().iloc[-1]
        card(f"{number(last, 3)} bits a character on the validation songs", figure, key="per-character")


def _finding(table: pd.DataFrame, floors: dict[str, float]) -> str:
    best = table["valid_bits"].min()
    if pd.isna(best):
        return f"{number(table['train_bits'].dropna().iloc[-1], 3)} bits so far; the first validation is to come"
    text = f"Validation is at {number(best, 3)} bits at best"
    for bits in floors.values():
        gap = 100 * (best / bits - 1)
        text += f", {number(abs(gap), 1)}% {'below' if gap < 0 else 'above'} the n-gram's {number(bits, 3)}"
    return text


def _samples(table: pd.DataFrame) -> None:
    written = table.dropna(subset=["sample"])
    if written.empty:
        return
    heading("What it writes now" if len(written) > 1 else "What it writes")
    st.html(_sample(written.iloc[-1]))
    if len(written) > 1:
        with st.expander(f"How it got there: {len(written) - 1} earlier samples"):
            st.html("".join(map(_sample, (row for _, row in written.iloc[:-1].iterrows()))))


def _sample(row: pd.Series) -> str:
    bits = f", {number(row['valid_bits'], 3)} bits" if pd.notna(row["valid_bits"]) else ""
    return (
        f'<p class="quiet">After {clock(row["seconds"])}{bits}</p>'
        f'<p class="sample" lang="fr">{escape(str(row["sample"]).strip(), quote=False)}</p>'
    )


def clock(seconds: float) -> str:
    """Return minutes and seconds.

    >>> clock(75), clock(4000)
    ('1:15', '1:06:40')
    """
    whole = int(seconds)
    hours = f"{whole // 3600}:{whole // 60 % 60:02d}" if whole >= 3600 else str(whole // 60)
    return f"{hours}:{whole % 60:02d}"
