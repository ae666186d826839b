"""An exercise on its page: it takes an answer, checks it, and helps after misses. Progress is the session's."""

import streamlit as st

from dashboard.components.frame import page_layout
from dashboard.lessons.calculator import LONGEST
from dashboard.lessons.document import parse
from dashboard.lessons.exercises import Attempt, Exercise, Kind, exercises_of
from dashboard.navigation import LESSONS
from pipeline.core.errors import SettingError
from pipeline.core.translation import error_text, format_decimal, mark, t, t_count

PROGRESS = "progress-of-lessons"
HINTS: dict[Kind, str] = {
    "number": mark("Your answer, a number or a calculation"),
    "shape": mark("Your answer, one size per axis"),
    "numpy": mark("Your answer, a line of NumPy with {names}"),
    "choice": "",
}


def progress() -> dict[str, Attempt]:
    """Return this visitor's attempts by the names of the exercises."""
    return st.session_state.setdefault(PROGRESS, {})


def all_exercises() -> dict[str, Exercise]:
    """Return every exercise of the course by name, in the visitor's language."""
    return {
        name: exercise
        for file in LESSONS
        for name, exercise in exercises_of(parse(page_layout.load_page_text(file)), file).items()
    }


@page_layout.fragment
def draw_exercise(exercise: Exercise, name: str) -> None:
    """Draw an exercise: its question, the field for the answer, and the feedback."""
    attempt = progress().get(name, Attempt())
    with st.container(key=f"exercise-{name}", gap="small"):
        title = t("Exercise {n}", n=format_decimal(int(name.partition("-")[2])))
        st.html(f'<p class="lesson-number">{title}{" ✓" if attempt.solved else ""}</p>')
        st.markdown(exercise.question)
        with st.form(f"form-{name}", border=False):
            given = _draw_answer_field(exercise, name)
            asked = st.form_submit_button(t("Check the answer"))
        unread, right = "", True
        if asked:
            try:
                if not (given or "").strip():
                    raise SettingError("Give an answer first.")
                right = exercise.check(str(given))
                if not attempt.solved:
                    attempt = progress()[name] = Attempt(attempt.misses + (not right), right)
            except SettingError as error:
                unread = error_text(error)
        if unread or (attempt.solved and not right):
            page_layout.remark(unread or t("This answer is not right. The exercise stays solved."))
        else:
            _draw_feedback(exercise, attempt)


def _draw_answer_field(exercise: Exercise, name: str) -> str | None:
    """Draw the field of an answer, and return what it holds."""
    if exercise.kind == "choice":
        return st.radio(t("Answer"), exercise.options, index=None, key=f"answer-{name}", label_visibility="collapsed")
    shapes = exercise.array_shapes if exercise.kind == "numpy" else {}
    names = ", ".join(f"{array} ({' × '.join(map(str, shape))})" for array, shape in shapes.items())
    return st.text_input(t(HINTS[exercise.kind], names=names), key=f"answer-{name}", max_chars=LONGEST)


def _draw_feedback(exercise: Exercise, attempt: Attempt) -> None:
    """Draw whether the answer was right, and the help that is due."""
    if attempt.solved:
        st.markdown(f"**{t('Right.')}** {exercise.way}")
    elif attempt.misses:
        missed = t_count("Not yet: {n} error.", "Not yet: {n} errors.", attempt.misses)
        help_ = {"": "", "hint": f"*{exercise.hint}*", "way": exercise.way}[attempt.help]
        st.markdown(f"{missed} {help_}")
