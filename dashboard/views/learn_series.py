"""Learn 9: can a network by hand find what is hidden in a series?"""

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import BIND, pick, slider
from dashboard.components.frame.figure_card import card
from dashboard.components.lesson import corpus_series, lesson, marks
from dashboard.lessons import series_play
from dashboard.locale.phrasing import format_number
from pipeline import networks
from pipeline.cells.bptt import one_hot
from pipeline.core.errors import RunError
from pipeline.core.translation import error_text, format_decimal, mark, t, translate_labels
from pipeline.learn import series as trained

SERIES = {"coins": mark("made by a rule"), "words": mark("words per line of a song")}
FLOOR_LABELS = {"nothing": mark("untrained"), "t-3": mark("lag 3 found"), "both": mark("both found")}


@page_layout.fragment
def draw_one_hot_windows(_: str) -> None:
    """Draw a row of a batch of windows as one-hot columns, with the shapes of the tensors."""
    left, right = lesson.two_columns()
    with left:
        batch = slider("batch", 1, 16, 4, key="batch", help=t("How many rows of the series are read side by side."))
        cut = t("How many steps of each row are read before the weights change; errors go back no further.")
        time_steps = slider("time_steps", 2, 40, 10, key="time_steps", help=cut)
        goes_on = t("Which batch of the epoch: each continues where the one before ended.")
        window = slider(t("Window"), 1, 12, 1, key="window", help=goes_on)
        side = t("Which row of the batch.")
        row = slider(t("Row of the batch"), 1, batch, 1, key="row", help=side) if batch > 1 else 1
    drawn = trained.sample_series(16 * 40 * 12, np.random.default_rng(1))
    xs, ys = trained.cut_batches(drawn.x, drawn.y, batch, time_steps)
    batch_x, batch_y = xs[window - 1], ys[window - 1]
    hot = np.moveaxis(one_hot(batch_x, trained.NUM_CLASSES), 0, -1)  # (batch, time_steps, num_classes)
    with left:
        marks.draw_table(
            [t("Tensor"), t("Format")],
            [
                ["batch_x, batch_y", str(batch_x.shape)],
                ["one_hot(batch_x)", str(hot.shape)],
                [t("its argmax = batch_x"), t("yes") if (hot.argmax(-1) == batch_x).all() else t("NO")],
            ],
        )
    with right:
        figure = learn_heat.heat_map(
            np.vstack([hot[row - 1].T, batch_y[row - 1]]), rows=[t("x is 0"), t("x is 1"), "y"], columns=[str(step) for step in range(1, time_steps + 1)],
            x=t("time step"), height=230, limit=1, hover=t("%{y}, step %{x}: %{z}"),
        )  # fmt: skip
        title = t(
            "Row {row} of window {window}: x as one column per step, a single 1 in each; y below it",
            row=row,
            window=window,
        )
        note = t("Yellow is 1, dark blue 0. The next window continues where this one ends: the state is carried over.")
        card(title, figure, key="one-hot", note=note)


def draw_network_code(_: str) -> None:
    """Show the code of the network, read as text: importing it would load TensorFlow."""
    text = (Path(networks.__file__).parent / "teaching_networks.py").read_text("utf-8")
    with st.expander(t("The code of the network")):
        st.code(text[text.index("class OneHotRNN") :].split("\n\n\n")[0], language="python")


@page_layout.fragment
def draw_two_series(_: str) -> None:
    """Draw one of two series, as the visitor chooses: made by a rule, or taken from the corpus."""
    kind = pick(t("Series"), translate_labels(SERIES), key="made_of")
    {"coins": draw_coin_series, "words": draw_word_series}[kind]()


def draw_word_series() -> None:
    """Draw the words per line of the first song, with the borders of their classes."""
    song = cache.call(corpus_series.words_per_line)[0]
    curves = {t("words"): (np.arange(1, len(song) + 1), song)}
    figure = learn_curves.line_chart(curves, x=t("line"), y=t("words in the line"), hover="%{y}", markers=True)
    edges = corpus_series.bin_edges(4)
    names = ", ".join(series_play.class_names(edges))
    for edge in edges:
        learn_curves.add_straight_line(figure, y=edge - 0.5, dotted=True)
    note = t("Dotted: the boundaries of num_classes = 4 classes of similar size: {classes}.", classes=names)
    title = t("The first song has {least} to {most} words per line", least=song.min(), most=song.max())
    card(title, figure, key="made-of", note=note)


def draw_coin_series() -> None:
    """Draw a series made from coin tosses, and for a chosen step the two tosses that decide it."""
    series = trained.sample_series(48, np.random.default_rng(5))
    why = t("The y to explain; its two coins were tossed three and eight steps before.")
    place = st.container()
    step = slider(t("Step t"), 9, 48, 20, key="coin_step", help=why) - 1
    with place:
        card(
            t(
                "Step {t}: x(t−3) = {near} and x(t−8) = {far}, so P(y = 1) = {p}; the toss gave y = {y}",
                t=step + 1,
                near=series.x[step - 3],
                far=series.x[step - 8],
                p=format_decimal(series.p[step], 2),
                y=series.y[step],
            ),
            learn_heat.coin_flip_series_chart(series.x, series.y, step, lags=trained.LAGS),
            key="made-of",
            note=t("Yellow is 1, dark blue 0. Discs: the two coins that decide; diamond: the y that they decide."),
        )


def draw_series_loss(_: str) -> None:
    """Draw the loss of the trained network above its known lower bounds, and the network's predictions."""
    try:
        model = trained.SERIES_ARCHITECTURE.load()
    except RunError as error:
        page_layout.empty_state(error_text(error))
        return
    table = trained.predictions(model, trained.sample_series(20_000, np.random.default_rng(5)))
    history = model.saved.run.history()
    steps, notes = history["step"], model.saved.training_notes
    curves = {t("loss"): (steps, history["loss"])}
    floors = translate_labels(FLOOR_LABELS)
    curves |= {name: (steps, np.full(len(steps), trained.LOSS_FLOORS[floor])) for floor, name in floors.items()}
    figure = learn_curves.line_chart(
        curves, x=t("step"), y=t("nats per step"), dashed=tuple(floors.values()), inks=("blue", "grey", "orange", "green"),
        hover="%{y:.4f}", height=400,
    )  # fmt: skip
    card(
        t(
            "{nats} nats on {steps} new steps; the lower bound is {floor}",
            nats=format_decimal(table["nats"].mean(), 4),
            steps=format_decimal(len(table)),
            floor=format_decimal(trained.LOSS_FLOORS["both"], 4),
        ),
        figure,
        key="floors",
        note=t(
            "time_steps {time_steps}, {units} units, raw matrix products under a GradientTape.",
            time_steps=notes["time_steps"],
            units=notes["state_size"],
        ),
    )
    draw_series_probabilities(table)


def draw_series_probabilities(table: pd.DataFrame) -> None:
    """Draw the probabilities of sixty steps by the network beside the true ones."""
    part = table.iloc[100:160]
    curves = {t("network"): (part["t"], part["probability"]), t("truth"): (part["t"], part["true"])}
    figure = learn_curves.line_chart(curves, x=t("step"), y="P(y = 1)", dashed=(t("truth"),), hover="%{y:.3f}")
    off = float((table["probability"] - table["true"]).abs().iloc[20:].mean())
    card(
        t("On average its probabilities differ from the true ones by {off}", off=format_decimal(off, 3)),
        figure,
        key="series-p",
    )


def draw_series_retraining() -> None:
    """Draw the job that trains the network again."""
    job_card.draw(
        job_card.latest_job("learn-series"),
        t("Train it again, in TensorFlow"),
        "learn-series",
        ["learn", "series", "--replace", "--minutes", "1"],
        in_tensorflow=True,
    )


@page_layout.fragment
def draw_line_length_forecast(_: str) -> None:
    """Draw how a small network predicts the length of the next line, beside two simple guesses."""
    left, right = lesson.two_columns()
    with left:
        classes = slider("num_classes", 2, 8, 4, key="classes", help=t("How many classes of similar size."))
        back = t("How many lines are read before the weights change; errors go back no further.")
        steps = st.select_slider("time_steps", [4, 6, 8, 10], 8, key="corpus_steps", bind=BIND, help=back)
        with st.spinner(t("Training a small network…")):
            forecast = cache.call(corpus_series.network_forecast, classes, steps)
        scores = {
            t("RNN, 16 units"): forecast.network,
            t("Persistence: repeat the last value"): forecast.persistence,
            t("Majority: ignore the past"): forecast.majority,
        }
        rows = [[name, format_decimal(nats, 4)] for name, nats in scores.items()]
        marks.draw_table([t("On unseen songs"), t("Nats per step")], rows)
        guesses = format_decimal(forecast.steps)
        st.caption(t("{guesses} predictions on songs not seen in training. NumPy, 120 steps of Adam.", guesses=guesses))
    names = series_play.class_names(corpus_series.bin_edges(classes))
    lines = np.arange(2, len(forecast.sequence) + 1)
    curves = {
        t("actual"): (lines, forecast.sequence[1:]),
        t("network, median"): (lines, series_play.median_class_per_row(forecast.p)),
    }
    figure = learn_curves.line_chart(curves, x=t("line of the song"), y="", markers=True, dashed=(t("actual"),))
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names)
    note = t("One unseen song, each line predicted from those before.")
    gain = forecast.persistence - forecast.network
    with right:
        title = (
            t("The network beats persistence by {gain} nats", gain=format_decimal(gain, 3))
            if gain > 0.002
            else t(
                "The network does not beat persistence ({loss} nats): there is little to predict here",
                loss=format_number(-gain, "+.3f"),
            )
        )
        card(title, figure, key="corpus-series", note=note)


lesson.draw_lesson(
    "learn_series",
    draw_two_series,
    draw_series_loss,
    draw_one_hot_windows,
    draw_network_code,
    job_card.polled_figure("learn-series", draw_series_retraining),
    draw_line_length_forecast,
)
