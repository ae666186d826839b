"""How well can a network learn these songs? Choose, see what it takes, start; then watch, stop, go on."""

import streamlit as st

from dashboard import cache
from dashboard.components.frame import access, job_card, page_layout
from dashboard.components.frame.bound import pick_or_none
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.page_layout import button, show_stored_error, store_error
from dashboard.components.models import training_form, training_live
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_timestamp
from dashboard.queries.training_requests import JOB_KIND, TrainingRequest, submit_training
from pipeline.core.translation import error_text, format_percentage, t, t_count
from pipeline.networks.quiet_start import tensorflow_missing_error
from pipeline.processes import jobs
from pipeline.processes.jobs import BUSY


def draw_form() -> None:
    """Draw the controls of a training, its estimate and the button that starts it."""
    with page_layout.show_errors():
        request, selection = training_form.draw_training_controls()
        training_form.draw_estimate(request, selection)
        show_stored_error(JOB_KIND)
        waiting = sum(job.status().state in BUSY for job in jobs.list_jobs(JOB_KIND))
        label = t("Train {name}", name=escape_markdown(request.name))
        with st.container(horizontal=True, vertical_alignment="center"):
            missing = tensorflow_missing_error() if request.kind != "ngram" else None
            off = missing is not None
            button(label, "model_training", start_training, request, key="start", type="primary", disabled=off)
            if missing is not None:
                page_layout.remark(error_text(missing))
            elif waiting:
                message = t_count("Queued behind {n} training run.", "Queued behind {n} training runs.", waiting)
                page_layout.remark(message)


def start_training(request: TrainingRequest) -> None:
    """Queue a training and show it. Empty the field with its name, for the next training."""
    with store_error(JOB_KIND):
        st.session_state["training"] = submit_training(request, cache.current_visitor()).id
        st.session_state["name"] = ""


def draw_trainings() -> None:
    """Draw the chosen training. Without a choice, draw the running training, or the last one."""
    jobs.start_next_job(JOB_KIND)
    trainings = job_card.visible_jobs(JOB_KIND)
    if not trainings:
        message = t("Nothing trained here yet. Start above: even five minutes give a first, rougher model.")
        page_layout.empty_state(message)
        return
    by_id = {job.id: job for job in trainings}
    shown, titles = trainings[-1], dict[str, str]()
    waiting = list[str]()
    for job in trainings:
        name, status = job.about["name"], job.status()
        state = (
            format_percentage(status.share, 0) if status.state == "running" else t(job_card.WORDS[status.state]).lower()
        )
        titles = {job.id: f"{name} · {state} · {format_timestamp(job.created)}"} | titles  # the newest first
        waiting += [name] if status.state == "queued" else []
        shown = job if status.state == "running" else shown
    if len(trainings) > 1:
        hint = t("Current or latest")
        picked = pick_or_none(t("Training run"), titles, key="training", hint=hint, look="list")
        shown = by_id.get(picked or "", shown)
    if waiting:
        page_layout.remark(t("Queued, in this order: {names}.", names=", ".join(waiting)))
    training_live.draw(shown, trainings)


page_layout.draw_question(t("How well can a network learn these songs?"))
message = t("Choose what it reads and how large it is. Training continues when you close the page.")
page_layout.draw_answer(message)
if access.require_editor(t("Only editors of this server can train models.")):
    draw_form()
    with st.container(key="card-trainings"):
        heading(t("Training runs"))
        job_card.draw_with_job_polling(JOB_KIND, draw_trainings)
