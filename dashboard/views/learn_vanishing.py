"""Learn 6: how far does an error reach?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components import lesson, marks, page_layout
from dashboard.components.bound import pick, slider
from dashboard.components.figure_card import card, heading
from dashboard.lessons import descent, memory
from dashboard.lessons.study import CELLS, Setting
from pipeline.cells.activations import Array
from pipeline.translation import number

TRAINED = {0: "as they are drawn", 30: "trained 30 steps on the line", 100: "trained 100 steps on the line"}


@page_layout.fragment
def reach(text: str) -> None:
    columns, T = st.columns(3, gap="large"), 3
    with columns[0]:
        turned = "Multiplies all weights that meet the state, after the training. Drawn at 1 they are a rotation."
        scale = slider("Scale of the state weights", 0.2, 4.0, 1.0, 0.1, key="scale", help=turned)
    with columns[1]:
        moved = "At 1, as Keras starts it, Γf is near 0.73. Moved after the training."
        bias = slider("Forget bias of the LSTM", -2.0, 5.0, 1.0, 0.5, key="forget_bias", help=moved)
    if len(text) > T:
        with columns[2]:
            T = slider("Steps, T", T, len(text), len(text), key="reach_T", help="How many characters of the line are read.")  # fmt: skip
    trained = pick("Weights", TRAINED, key="reach_trained")
    settings = {cell: Setting(cell, 32, scale, bias if cell == "lstm" else 1.0, trained) for cell in CELLS}
    by_lag({cell: cache.call(memory.reach, text, setting, T) for cell, setting in settings.items()}, T)
    spectrum(*cache.call(memory.spectrum, text, settings["rnn"]))


def by_lag(found: dict[str, memory.Reach], T: int) -> None:
    """The norms of the Jacobians of all cells by lag, with the LSTM's gates alone and the bound of the RNN."""
    lags = np.arange(T + 1)
    curves: dict[str, tuple[Array, Array | None]] = {
        CELLS[cell]: (lags, reached.norms) for cell, reached in found.items()
    }
    curves |= {"∏Γf alone": (lags, found["lstm"].forget), "RNN bound": (lags, found["rnn"].bound)}
    figure = learn_curves.line_chart(
        curves, x="lag", y="‖∂state(T)/∂state(T − lag)‖", log=True, dashed=("∏Γf alone", "RNN bound"),
        inks=("blue", "vermilion", "green", "orange", "grey"), hover="%{y:.1e}", height=430,
    )  # fmt: skip
    card(
        f"After {T} steps an error keeps: "
        + ", ".join(f"{CELLS[cell]} {reached.norms[-1]:.0e}" for cell, reached in found.items()),
        figure,
        key="reach",
        note="Spectral norm of the exact Jacobian; for the LSTM that of its cell c. The bound is (γ·σ_max)^lag with γ = max tanh′ = 1.",
    )


def spectrum(eigen: Array, singular: Array) -> None:
    """Eigenvalues in the plane, singular values by rank."""
    left, right = st.columns(2, gap="large")
    with left:
        inside = int((np.abs(eigen) < 1 - 1e-9).sum())
        largest = f"the largest {np.abs(eigen).max():.2f}"
        title = f"Eigenvalues of W_aa: {inside} of {len(eigen)} inside the circle, {largest}"
        card(title, learn_curves.eigenvalue_plot(eigen), key="circle")
    with right:
        ranks = np.arange(1, len(singular) + 1)
        curves = {"σ": (ranks, singular)}
        figure = learn_curves.line_chart(curves, x="rank", y="singular value", hover="%{y:.3f}", markers=True)
        figure.update_yaxes(rangemode="tozero")
        verdict = "vanishing is certain" if singular.max() < 1 else "explosion is possible, not certain"
        card(f"σ_max = {singular.max():.2f}: {verdict}", figure, key="singular")


@page_layout.fragment
def hangs_on(text: str) -> None:
    followed = "The step of the line whose loss is followed back."
    t = lesson.step_slider("The guess made at step", text, key="hang_t", help=followed, first=2)
    heading(
        "On which characters does this guess hang?",
        "‖∂E_t/∂x_k‖ for each character read, the strongest 1, all trained 100 steps on the line.",
    )
    after = len(text) - t
    for cell, name in CELLS.items():
        norms = cache.call(memory.input_gradient, text, Setting(cell, 32, trained=100), t - 1)
        shares = norms / max(float(norms.max()), 1e-300)
        back = float((np.arange(len(norms))[::-1] * norms).sum() / max(float(norms.sum()), 1e-300))
        hints = [f"{v:.1e}" for v in norms] + [""] * after
        st.html(
            f"<h3>{name}: {back:.1f} steps back on average</h3>"
            + marks.tinted_text(list(text), [*shares, *[0.0] * after], picked=t - 1, hints=hints)
        )


@page_layout.fragment
def clipping(text: str) -> None:
    how = pick("Clip", descent.CLIPPING_NAMES, key="clip")
    left, right = lesson.two_columns()
    with left:
        limits = "−1 is θ = 0.1: the largest entry, or norm, that is let through."
        limit = slider("Limit θ, as a power of ten", -3.0, 2.0, -1.0, 0.25, key="clip_limit", help=limits)
        found = cache.call(descent.clip_gradient, text, Setting("rnn", 32, scale=1.8), how, 10.0**limit)
        st.markdown(
            f"Norm before **{found.norm_before:.3g}**, after **{found.norm_after:.3g}**.  \n"
            f"Angle between the two: **{np.degrees(np.arccos(min(1.0, found.cosine))):.1f}°** (cosine {found.cosine:.4f})."
        )
    with right:
        edges = np.linspace(-1, 1, 42) * np.abs(found.before).max()
        middle = (edges[1:] + edges[:-1]) / 2
        figure = learn_curves.line_chart(
            {name: (middle, np.histogram(values, edges)[0] + 0.5) for name, values in (("before", found.before), ("after", found.after))},
            x="entry of the gradient", y="how many (log)", log=True, hover="%{y:.0f}", height=320,
        )  # fmt: skip
        title = "By value bends the step" if found.cosine < 0.9999 else "The direction of the step is kept"
        card(f"{title}: cosine {found.cosine:.3f}", figure, key="clip")
    clipped_descent(text)


def clipped_descent(text: str) -> None:
    """The same descent with clipping and without."""
    length = "α: how long a step is, in units of the gradient."
    rate = slider("Learning rate of the descent below", 0.01, 1.0, 0.2, 0.01, key="clip_rate", help=length)
    start = Setting("rnn", 16, scale=1.3)
    off, on = (cache.call(descent.descend, text, start, rate, cut) for cut in (None, 1.0))
    at = np.arange(len(on.loss))
    figure = learn_curves.line_chart(
        {"clipped at 1": (at, on.loss), "not clipped": (np.arange(len(off.loss)), np.minimum(off.loss, 60))},
        x="step", y="nats a character", inks=("blue", "vermilion"), hover="%{y:.2f}",
    )  # fmt: skip
    card(
        f"After {len(on.loss)} steps: {on.loss[-1]:.2f} nats clipped, {off.loss[-1]:.2f} not; the largest gradient had norm {number(off.moved.max(), 1)}",
        figure,
        key="clip-descent",
        note="An RNN of 16 units, W_aa scaled by 1.3, plain descent.",
    )


lesson.show("learn_vanishing", reach, hangs_on, clipping)
