"""A training while it runs and afterwards: curves, figures, samples, and the buttons that stop it or go on with it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import cache, navigation
from dashboard.charts import training_charts
from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import PLAIN
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.frame.page_layout import button
from dashboard.components.models.run_looks import ngram_difference_text
from dashboard.components.models.training_form import MAX_MINUTES
from dashboard.locale.escaping import escape_html, escape_markdown
from dashboard.queries.training_requests import can_resume, progress_table, submit_training, training_request_of_job
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text, format_decimal, format_percentage, mark, t, t_count
from pipeline.language.vocabulary import UnitLevel
from pipeline.language_models.units import UNITS
from pipeline.processes import jobs
from pipeline.processes.jobs import BUSY
from pipeline.runs.run import list_runs
from pipeline.runs.summary import run_summary

SPEEDS: dict[UnitLevel, str] = {
    "char": mark("Characters per second"), "subword": mark("Subwords per second"), "word": mark("Words per second")
}  # fmt: skip
STOPPING_JOB_KEY = "stopping"
SPENT_SECONDS_LEFT = 1.0  # second left: the fitting has ended, and what follows reports nothing
SPENT_BUDGET_SHARE = 0.98  # of the budget: below, a training was stopped


def draw(job: jobs.Job, all_jobs: Sequence[jobs.Job]) -> None:
    """Draw one training: its state, buttons, curves and samples."""
    status, table = job.status(), progress_table(job, all_jobs)
    heading(training_name(job))
    if status.state in BUSY:
        text = f"{t(job_card.WORDS[status.state])}: {escape_markdown(_activity_text(status, table))}"
        st.progress(min(max(status.share, 0.0), 1.0), text=text)
    elif status.state == "failed":
        page_layout.empty_state(t("It failed. {message}", message=status.translated_message))
    else:
        outcome = _outcome_sentence(job.about["name"]) if status.state == "done" else ""
        page_layout.remark(f"{t(job_card.WORDS[status.state])}. {outcome}".strip())
    _draw_buttons(job, all_jobs, status, table)
    if table.empty:
        if status.state in BUSY:
            page_layout.remark(t("Curves appear a few seconds after the start."))
        return
    if job.about["level"] == "char":  # a token is a character, but for what its vocabulary lacks
        table = table.assign(valid_bits=table["valid_bits_per_char"].fillna(table["valid_bits"]))
    _draw_figures(table, job.about["level"], busy=status.state in BUSY)
    _draw_curves(job, table)
    _draw_samples(table)


def training_name(job: jobs.Job) -> str:
    """Return the title of a training."""
    name = job.about["name"]
    return t("Continue {name}", name=name) if job.about.get("resumed") else t("Train {name}", name=name)


def _activity_text(status: jobs.Status, table: pd.DataFrame) -> str:
    """Return what a training is doing: the report of its job, or in the end that it is testing and saving."""
    if status.state == "running" and len(table) and table["seconds_left"].iloc[-1] < SPENT_SECONDS_LEFT:
        return t("training is done; now testing and saving, a minute or two")
    return status.translated_message or t("it starts when those before it have ended")


def _outcome_sentence(name: str) -> str:
    """Return a sentence on the test score of the run that a training wrote; "" if it is deleted or damaged."""
    with suppress(SeizeError):
        outcome = cache.cached_result_of_run(run_summary, name)
        if outcome.test_bits is not None and outcome.difference is not None:
            return t(
                "The whole model reaches {bits} bits per character on unseen songs, {gap} an n-gram model of what it "
                "read.",
                bits=format_decimal(outcome.test_bits, 3),
                gap=ngram_difference_text(outcome.difference),
            )
    return ""


def _draw_buttons(job: jobs.Job, all_jobs: Sequence[jobs.Job], status: jobs.Status, table: pd.DataFrame) -> None:
    name = job.about["name"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if status.state == "running":
            stopping = st.session_state.get(STOPPING_JOB_KEY) == job.id
            button(t("Stop and keep the best"), "stop", _stop, job, key="stop", disabled=stopping)
            if stopping:
                page_layout.remark(t("Stopping. The best model so far is kept; testing takes a moment."))
        elif status.state == "queued":
            button(t("Remove from the queue"), "close", jobs.cancel, job, key="unqueue")
        elif can_resume(job, all_jobs):
            _draw_resume(job, table)
        if status.state not in BUSY and name in list_runs():  # stopped early, a resumed one leaves the run of before
            navigation.link("runs", label=t("See it among the models"), icon="leaderboard", run=name)
            navigation.link("studio", label=t("Write with it"), icon="edit_note", model=name)


def _stop(job: jobs.Job) -> None:
    jobs.cancel(job)
    st.session_state[STOPPING_JOB_KEY] = job.id  # nothing can be drawn in a callback of a fragment


def _draw_resume(job: jobs.Job, table: pd.DataFrame) -> None:
    """Draw the button that resumes a training, up to the minutes asked for, or twice as many once these are spent."""
    before = training_request_of_job(job)
    spent, key = table["minutes"].max() >= SPENT_BUDGET_SHARE * before.minutes, f"more-{job.id}"
    start = float(min(MAX_MINUTES, before.minutes * (2 if spent else 1)))
    minutes = st.number_input(t("Total minutes"), 0.1, MAX_MINUTES, start, 5.0, key=key, format=PLAIN, width=160)
    if st.button(t("Resume"), key="resume", icon=":material/resume:"):
        try:
            submit_training(replace(before, minutes=float(minutes)), cache.current_visitor(), resume=True)
        except SeizeError as error:
            page_layout.empty_state(error_text(error))
        else:
            st.rerun()


def _draw_figures(table: pd.DataFrame, level: UnitLevel, *, busy: bool) -> None:
    last, best = table.iloc[-1], table["valid_bits"].min()
    shown = {t("Bits per {unit}, best", unit=t(UNITS[level].noun)): format_decimal(best, 3) if pd.notna(best) else "–"}
    if pd.notna(last["epoch"]):
        shown[t("Epochs")] = format_decimal(last["epoch"], 1)
    speeds = table["tokens_per_second"].dropna()
    if len(speeds):
        shown[t(SPEEDS[level])] = format_decimal(speeds.iloc[-1] if busy else speeds.median())
    shown[t("Trained for")] = format_duration(table["seconds"].max())
    if busy and last["seconds_left"] >= SPENT_SECONDS_LEFT:
        shown[t("Time left")] = format_duration(last["seconds_left"])
    page_layout.key_figures(shown)


def _draw_curves(job: jobs.Job, table: pd.DataFrame) -> None:
    """Draw bits per token of training and validation songs. For characters, a level line shows the n-gram's bits."""
    level: UnitLevel = job.about["level"]
    char = level == "char"
    baseline = table["baseline_bits"].dropna()
    floors = {t("n-gram"): float(baseline.iloc[0])} if len(baseline) else {}
    parts = {t("training"): "train_bits", t("validation"): "valid_bits"}
    curves = {name: table.assign(bits=table[bits]) for name, bits in parts.items()}
    unit, own_floors = t(UNITS[level].noun), floors if char else {}
    figure = training_charts.training_curves(
        curves, y=t("bits per {unit}", unit=unit), floors=own_floors, faint=(t("training"),)
    )
    note = t("Lower is better. Training loss is measured with dropout; validation loss on songs not used for training.")
    card(_curves_title(table, own_floors), figure, key="loss", note=note)
    if not char and table["valid_bits_per_char"].notna().any():
        curves = {t("validation"): table.assign(bits=table["valid_bits_per_char"])}
        figure = training_charts.training_curves(curves, y=t("bits per character"), floors=floors)
        last = table["valid_bits_per_char"].dropna().iloc[-1]
        finding = t("{bits} bits per character on the validation songs", bits=format_decimal(last, 3))
        card(finding, figure, key="per-character")


def _curves_title(table: pd.DataFrame, floors: dict[str, float]) -> str:
    best = table["valid_bits"].min()
    if pd.isna(best):
        bits = format_decimal(table["train_bits"].dropna().iloc[-1], 3)
        return t("{bits} bits so far; no validation yet", bits=bits)
    floor = next(iter(floors.values()), None)
    if floor is None:
        return t("Best validation: {bits} bits", bits=format_decimal(best, 3))
    gap = best / floor - 1
    values = {"bits": format_decimal(best, 3), "gap": format_percentage(abs(gap)), "floor": format_decimal(floor, 3)}
    if gap < 0:
        return t("Best validation {bits} bits, {gap} below the n-gram ({floor})", **values)
    return t("Best validation {bits} bits, {gap} above the n-gram ({floor})", **values)


def _draw_samples(table: pd.DataFrame) -> None:
    samples = table.dropna(subset=["sample"])
    if samples.empty:
        return
    heading(t("Sample now") if len(samples) > 1 else t("Sample"))
    st.html(_sample_html(samples.iloc[-1]))
    if len(samples) > 1:
        earlier = t_count("{n} earlier sample", "{n} earlier samples", len(samples) - 1)
        with st.expander(earlier):
            st.html("".join(map(_sample_html, (row for _, row in samples.iloc[:-1].iterrows()))))


def _sample_html(row: pd.Series) -> str:
    time, bits = format_duration(row["seconds"]), row["valid_bits"]
    after = t("After {time}", time=time)
    if pd.notna(bits):
        after = t("After {time}, {bits} bits", time=time, bits=format_decimal(bits, 3))
    return f'<p class="quiet">{after}</p><p class="sample" lang="fr">{escape_html(str(row["sample"]).strip())}</p>'


def format_duration(seconds: float) -> str:
    """Return seconds as minutes and seconds, with hours if there are any.

    >>> format_duration(75), format_duration(4000)
    ('1:15', '1:06:40')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
