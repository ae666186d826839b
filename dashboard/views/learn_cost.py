"""Learn 8: how does it learn?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components import lesson, marks, page_layout
from dashboard.components.bound import slider
from dashboard.components.figure_card import card
from dashboard.lessons import descent
from dashboard.lessons.study import Setting, read_line
from pipeline.cells.loss import bits, perplexity
from pipeline.cells.optimisers import OPTIMISERS, Optimiser

SMALL, STEPS = Setting("rnn", 16), 60
STARTS = {"SGD": 0.03, "Momentum": 0.002, "RMSprop": 0.01, "Adam": 0.02}
LETTERS = {"learning_rate": "α", "momentum": "β", "rho": "β", "beta_1": "β₁", "beta_2": "β₂", "epsilon": "ε"}


@page_layout.fragment
def conventions(text: str) -> None:
    T, surprisal = len(text), cache.call(read_line, text, Setting("rnn", 32, trained=30)).surprisal
    padded = "In a batch short lines are filled up to the longest. What is filled in must not count."
    real = slider("Real steps; the rest counts as padding", 1, T, max(1, 2 * T // 3), key="real", help=padded)
    total, mean = float(surprisal[:real].sum()), float(surprisal[:real].mean())
    marks.draw_table(
        ["Convention", "Formula", "Here"],
        [
            ["Course: sum over steps, mean over examples", "J = 1/m · ΣΣ μE", f"{total:.3f} nats"],
            ["Keras: mean over the valid steps", "J · m / Σμ", f"{mean:.4f} nats"],
            ["Mean over all steps, padding counted by mistake", "J / T", f"{total / T:.4f} nats"],
            ["Perplexity", "exp(mean E)", f"{perplexity(mean):.3f}"],
            ["Bits a character", "mean E / ln 2", f"{bits(mean):.3f}"],
        ],
    )


def power_of_ten(label: str, low: float, high: float, start: float, step: float, *, key: str, help: str) -> float:
    """A slider over powers of ten: the number itself."""
    return round(10.0 ** slider(f"{label}, 10^", low, high, start, step, key=key, help=help), 6)


@page_layout.fragment
def racing(text: str) -> None:
    left, right = lesson.two_columns()
    with left:
        alpha = "α as a power of ten: −2 is 0.01. One to the right is ten times the step."
        rates = {
            name: power_of_ten(
                f"{name}: learning rate", -4.0, 1.0, round(float(np.log10(start)), 1), 0.1, key=f"rate_{name}", help=alpha
            )
            for name, start in STARTS.items()
        }  # fmt: skip
        which = "Which step of the descent the table shows."
        step = slider("Step of the table below", 1, STEPS, STEPS, key="race_step", help=which)
    courses = {name: cache.call(descent.race, text, SMALL, name, rate, STEPS) for name, rate in rates.items()}
    with right:
        race(courses, step)
    marks.draw_table(
        ["Optimiser", "Constants", f"Step {step}: loss before", "‖Δw‖", "Loss after"],
        [
            [name, constants(OPTIMISERS[name](rates[name])), f"{c.loss[step - 1]:.4f}", f"{c.moved[step - 1]:.4f}", f"{c.loss[step]:.4f}"]
            for name, c in courses.items()
        ],
    )  # fmt: skip


def race(courses: dict[str, descent.Course], step: int) -> None:
    """The four losses over the steps."""
    figure = learn_curves.line_chart(
        {name: (np.arange(STEPS + 1), np.nan_to_num(c.loss, nan=20).clip(max=20)) for name, c in courses.items()},
        x="step", y="nats a character", hover="%{y:.3f}", height=420,
    )  # fmt: skip
    learn_curves.add_rule(figure, x=step, dotted=True)
    winner = min(courses, key=lambda name: np.nan_to_num(courses[name].loss[-1], nan=np.inf))
    burst = [name for name, c in courses.items() if descent.explosion(c.loss.tolist()) is not None]
    title = f"{winner} is ahead after {STEPS} steps, at {courses[winner].loss[-1]:.3f} nats"
    card(title, figure, key="race", note=f"Exploded on the way: {', '.join(burst)}." if burst else "None exploded.")


def constants(optimiser: Optimiser) -> str:
    """Its constants by the letters of the formulas; those that are 0 are left out."""
    held = ((letter, getattr(optimiser, name, 0)) for name, letter in LETTERS.items())
    return ", ".join(f"{letter} = {value:.3g}" for letter, value in held if value)


def valleys(text: str) -> None:
    found = {name: cache.call(descent.loss_by_rate, text, Setting("rnn", 8), name, 15) for name in OPTIMISERS}
    figure = learn_curves.line_chart(
        {name: (rates, loss.clip(max=8)) for name, (rates, loss) in found.items()}, x="learning rate",
        y="nats after 15 steps", hover="%{y:.2f}", markers=True,
    )  # fmt: skip
    best = ", ".join(f"{rates[int(np.argmin(loss))]:.2g} ({name})" for name, (rates, loss) in found.items())
    card(
        f"Each optimiser has its own valley: best near {best}",
        learn_curves.set_log_x(figure, -4.05, 1.05),
        key="rates",
        note="Left of the valley it crawls, right of it it bursts. Losses above 8 are cut.",
    )


@page_layout.fragment
def watching(text: str) -> None:
    left, right = lesson.two_columns()
    with left:
        ends = "So many steps without a better loss on the watched half, and training ends."
        patience = slider("Patience, in validations", 1, 40, 10, key="patience", help=ends)
        rings = "α as a power of ten. Near 1 the loss explodes and the detector rings."
        rate = power_of_ten("Adam's learning rate", -3.0, 1.0, -1.5, 0.25, key="watch_rate", help=rings)
        seen = cache.call(descent.train_with_patience, text, patience, rate)
        exploded = (
            f"The detector rang at step **{seen.exploded}**: the loss was {descent.EXPLODED:g} times its best."
            if seen.exploded is not None
            else "The loss never exploded."
        )
        st.markdown(
            f"Best checkpoint at step **{seen.best}** ({seen.valid[seen.best]:.3f} nats), "
            f"stopped at step **{seen.stopped}**. {exploded}"
        )
    steps = np.arange(len(seen.train))
    curves = {"learnt half": (steps, seen.train.clip(max=20)), "watched half": (steps, seen.valid.clip(max=20))}
    figure = learn_curves.line_chart(curves, x="step", y="nats a character", hover="%{y:.3f}")
    learn_curves.add_rule(figure, x=seen.best, dotted=True)
    learn_curves.add_rule(figure, x=seen.stopped)
    with right:
        note = "Dotted: the checkpoint that is kept. Solid: where patience ran out."
        card("It learns the first half by heart and gets worse on the second", figure, key="watched", note=note)


lesson.show("learn_cost", conventions, racing, valleys, watching)
