"""A job on a page: start it, see how far it is, cancel it."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import button, show_stored_error, store_error
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.visitors import check_visitor_is_editor, own_jobs, submit_job_for
from pipeline.core.owners import Owners
from pipeline.core.translation import error_text, mark, t
from pipeline.networks.quiet_start import tensorflow_missing_error
from pipeline.processes import jobs
from pipeline.processes.jobs import BUSY

PRIVATE_JOB_KINDS = ("import", "train")  # kinds whose jobs hold what a visitor brought
WORDS = {
    "queued": mark("Queued"), "running": mark("Running"), "done": mark("Done"), "failed": mark("Failed"),
    "cancelled": mark("Cancelled"),
}  # fmt: skip


def latest_job(kind: str) -> jobs.Job | None:
    """Return the last job of this kind that the visitor may see, or None."""
    visible = visible_jobs(kind)
    return visible[-1] if visible else None


def visible_jobs(kind: str) -> list[jobs.Job]:
    """Return the jobs of a kind that the visitor may see, oldest first. Private jobs are for their owners."""
    return own_jobs(kind, cache.current_visitor()) if kind in PRIVATE_JOB_KINDS else jobs.list_jobs(kind)


def is_busy(kind: str) -> bool:
    """Return whether a job of this kind that the visitor may see is queued or running."""
    return any(job.status().state in BUSY for job in visible_jobs(kind))


def draw_with_job_polling(kind: str, body: Callable[[], None]) -> None:
    """Draw `body` as a fragment that runs again every two seconds while a job of this kind is queued or running."""
    before = is_busy(kind)

    def draw_body() -> None:
        body()
        if is_busy(kind) != before:
            st.rerun()  # start or stop repeating

    page_layout.fragment(draw_body, run_every="2s" if before else None)()


def polled_figure(kind: str, body: Callable[[], None]) -> Callable[[str], None]:
    """Return the function of a lesson figure that draws `body` by `draw_with_job_polling`."""

    @wraps(body)
    def draw_with_polling(line: str) -> None:
        draw_with_job_polling(kind, body)

    return draw_with_polling


def draw(
    job: jobs.Job | None,
    label: str,
    kind: str,
    command: Sequence[str],
    about: Mapping[str, Any] | None = None,
    *,
    in_tensorflow: bool = False,
    makes: tuple[Owners, str] | None = None,
) -> jobs.Status | None:
    """Draw a button that starts a job, or its progress with a button that cancels it. Return its status, if any.

    `makes` is the name of what the job writes, among the corpora or the runs, which becomes the visitor's.

    A job that runs `in_tensorflow` cannot be started without it: how to add it is said below the button.
    """
    status, closed = job.status() if job else None, not cache.current_visitor().editor
    if job and status and status.state in BUSY:
        jobs.start_next_job(kind)
        what = escape_markdown(status.translated_message or job.title)  # which may name files of a visitor
        text = t("{state}: {what}", state=t(WORDS[status.state]), what=what)
        st.progress(min(max(status.share, 0.0), 1.0), text=text)
        button(t("Cancel"), "stop", jobs.cancel, job, key=f"cancel-{kind}", disabled=closed)
    else:
        missing = tensorflow_missing_error() if in_tensorflow else None
        request = (makes, kind, label, list(command), dict(about or {}))
        help, off = t("Only editors of this server can start this.") if closed else None, closed or missing is not None
        button(escape_markdown(label), "play_arrow", _submit, *request, key=f"start-{kind}", disabled=off, help=help)
        if missing is not None:
            page_layout.remark(error_text(missing))
        if not show_stored_error(kind) and status is not None and status.state == "failed":
            page_layout.empty_state(t("The last job failed. {message}", message=status.translated_message))
    return status


def _submit(owned_output: tuple[Owners, str] | None, kind: str, *job: Any) -> None:
    """Queue a job for the visitor, who will own its output. Store an error such as a full queue for `draw`."""
    visitor = cache.current_visitor()
    with store_error(kind):  # `draw` says why a job could not be started, such as a full queue
        if owned_output is not None:
            submit_job_for(visitor, kind, *job, owners=owned_output[0], name=owned_output[1])
        else:
            check_visitor_is_editor(visitor)
            jobs.submit(kind, *job)
