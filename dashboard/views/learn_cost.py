"""Learn 8: how does it learn?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components import lesson, page_layout
from dashboard.components.figure_card import card
from dashboard.lessons import descent
from dashboard.lessons.study import Setting, read
from pipeline.cells.loss import bits, perplexity
from pipeline.cells.optimisers import OPTIMISERS, Optimiser

BIND, SMALL, STEPS = "query-params", Setting("rnn", 16), 60
STARTS = {"SGD": 0.03, "Momentum": 0.002, "RMSprop": 0.01, "Adam": 0.02}
LETTERS = {"learning_rate": "α", "momentum": "β", "rho": "β", "beta_1": "β₁", "beta_2": "β₂", "epsilon": "ε"}


@page_layout.fragment
def conventions(text: str) -> None:
    surprise = cache.call(read, text, Setting("rnn", 32, trained=30)).surprise
    T = len(text)
    real = st.slider(
        "Real steps; the rest counts as padding",
        1,
        T,
        max(1, 2 * T // 3),
        key="real",
        bind=BIND,
        help="In a batch short lines are filled up to the longest. What is filled in must not count.",
    )
    kept = surprise[:real]
    mean = float(kept.mean())
    lesson.plain_table(
        ["Convention", "Formula", "Here"],
        [
            ["Course: sum over steps, mean over examples", "J = 1/m · ΣΣ μE", f"{kept.sum():.3f} nats"],
            ["Keras: mean over the valid steps", "J · m / Σμ", f"{mean:.4f} nats"],
            ["Mean over all steps, padding counted by mistake", "J / T", f"{kept.sum() / T:.4f} nats"],
            ["Perplexity", "exp(mean E)", f"{perplexity(mean):.3f}"],
            ["Bits a character", "mean E / ln 2", f"{bits(mean):.3f}"],
        ],
    )


@page_layout.fragment
def racing(text: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        rates = {
            name: 10
            ** st.slider(
                f"{name}: learning rate, 10^",
                -4.0,
                1.0,
                float(np.round(np.log10(start), 1)),
                0.1,
                key=f"rate_{name}",
                bind=BIND,
                help="α as a power of ten: −2 is 0.01. One to the right is ten times the step.",
            )
            for name, start in STARTS.items()
        }
        step = st.slider(
            "Step of the table below",
            1,
            STEPS,
            STEPS,
            key="race_step",
            bind=BIND,
            help="Which step of the descent the table shows.",
        )
    courses = {name: cache.call(descent.race, text, SMALL, name, round(rate, 6), STEPS) for name, rate in rates.items()}
    steps = np.arange(STEPS + 1)
    with right:
        figure = learn_curves.lines(
            {name: (steps, np.nan_to_num(c.loss, nan=20).clip(max=20)) for name, c in courses.items()},
            x="step", y="nats a character", hover="%{y:.3f}", height=420,
        )  # fmt: skip
        winner = min(courses, key=lambda name: np.nan_to_num(courses[name].loss[-1], nan=np.inf))
        burst = [name for name, c in courses.items() if descent.explosion(c.loss.tolist()) is not None]
        title = f"{winner} is ahead after {STEPS} steps, at {courses[winner].loss[-1]:.3f} nats"
        learn_curves.rule(figure, x=step, dotted=True)
        card(title, figure, key="race", note=f"Exploded on the way: {', '.join(burst)}." if burst else "None exploded.")
    lesson.plain_table(
        ["Optimiser", "Constants", f"Step {step}: loss before", "‖Δw‖", "Loss after"],
        [
            [name, constants(OPTIMISERS[name](round(rates[name], 6))), f"{c.loss[step - 1]:.4f}", f"{c.moved[step - 1]:.4f}", f"{c.loss[step]:.4f}"]
            for name, c in courses.items()
        ],
    )  # fmt: skip


def constants(optimiser: Optimiser) -> str:
    """Its constants by the letters of the formulas; those that are 0 are left out."""
    held = ((letter, getattr(optimiser, name, 0)) for name, letter in LETTERS.items())
    return ", ".join(f"{letter} = {value:.3g}" for letter, value in held if value)


def rates(text: str) -> None:
    found = {name: cache.call(descent.by_rate, text, Setting("rnn", 8), name, 15) for name in OPTIMISERS}
    figure = learn_curves.lines(
        {name: (r, loss.clip(max=8)) for name, (r, loss) in found.items()}, x="learning rate", y="nats after 15 steps",
        hover="%{y:.2f}", markers=True,
    )  # fmt: skip
    figure.update_xaxes(type="log", range=[-4.05, 1.05], exponentformat="power", dtick=1)
    for note in figure.layout.annotations:
        note.x = np.log10(note.x)
    best = {name: r[int(np.argmin(loss))] for name, (r, loss) in found.items()}
    card(
        "Each optimiser has its own valley: best near "
        + ", ".join(f"{rate:.2g} ({name})" for name, rate in best.items()),
        figure,
        key="rates",
        note="Left of the valley it crawls, right of it it bursts. Losses above 8 are cut.",
    )


@page_layout.fragment
def watching(text: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        patience = st.slider(
            "Patience, in validations",
            1,
            40,
            10,
            key="patience",
            bind=BIND,
            help="So many steps without a better loss on the watched half, and training ends.",
        )
        rate = 10 ** st.slider(
            "Adam's learning rate, 10^",
            -3.0,
            1.0,
            -1.5,
            0.25,
            key="watch_rate",
            bind=BIND,
            help="α as a power of ten. Near 1 the loss explodes and the detector rings.",
        )
    seen = cache.call(descent.watched, text, patience, round(rate, 6))
    with left:
        st.markdown(
            f"Best checkpoint at step **{seen.best}** ({seen.valid[seen.best]:.3f} nats), stopped at step **{seen.stopped}**. "
            + (
                f"The detector rang at step **{seen.exploded}**: the loss was {descent.EXPLODED:g} times its best."
                if seen.exploded is not None
                else "The loss never exploded."
            )
        )
    with right:
        steps = np.arange(len(seen.train))
        figure = learn_curves.lines(
            {"learnt half": (steps, seen.train.clip(max=20)), "watched half": (steps, seen.valid.clip(max=20))},
            x="step", y="nats a character", hover="%{y:.3f}",
        )  # fmt: skip
        learn_curves.rule(figure, x=seen.best, dotted=True)
        learn_curves.rule(figure, x=seen.stopped)
        card(
            "It learns the first half by heart and gets worse on the second",
            figure,
            key="watched",
            note="Dotted: the checkpoint that is kept. Solid: where patience ran out.",
        )


text = lesson.line()
lesson.opening(
    8,
    "How does it learn?",
    "The article announces *cost function and optimisation* and leaves the heading empty. The cost is the mean surprise; "
    "optimisation is walking downhill in the space of all weights. What differs is how long each step is, and what it remembers of the last ones.",
)
lesson.part(
    "J1",
    "What exactly is the cost?",
    "Two libraries can report two numbers for the same network. Before comparing gradients, compare conventions.",
)
conventions(text)
lesson.part("J2", "Four optimisers, one line, one start")
lesson.formula(
    r"\text{SGD: } w\leftarrow w-\alpha g\qquad\text{momentum: } v\leftarrow\beta v-\alpha g,\; w\leftarrow w+v\qquad\text{RMSprop: } s\leftarrow\beta s+(1-\beta)g^2,\; w\leftarrow w-\alpha\,g/\sqrt{s+\epsilon}\qquad\text{Adam: } w\leftarrow w-\alpha\,\frac{v/(1-\beta_1^t)}{\sqrt{s/(1-\beta_2^t)}+\epsilon}",
    key="optimisers",
)
racing(text)
rates(text)
lesson.part(
    "J3",
    "When to stop",
    "Training longer always helps on what is learnt, and sooner or later hurts elsewhere. Keep the best checkpoint; stop after some patience; ring when the loss explodes, as a widely read Keras report saw it do, from 1.3 to 11 after 70 epochs.",
)
watching(text)
lesson.ask(
    "Keras's Adam and the paper's Adam take slightly different first steps. Why?",
    "Keras folds both corrections into the rate, so its $\\hat\\epsilon$ meets the *uncorrected* $\\sqrt s$. It matters where the gradient is tiny. Page 12 compares all four optimisers with Keras, within 1e-6.",
)
lesson.closing(8)
