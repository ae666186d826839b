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
from pipeline.cells.activations import Array
from pipeline.cells.bptt import one_hot
from pipeline.core.errors import RunError
from pipeline.core.translation import error_text, format_decimal, format_percentage, mark, t, translate_labels
from pipeline.learn import series as trained

SERIES = {"coins": mark("two dependencies"), "words": mark("words per line")}
FLOOR_LABELS = {"nothing": mark("untrained"), "t-3": mark("lag 3 found"), "both": mark("both found")}


@page_layout.fragment
def tensors(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        batch = slider("batch", 1, 16, 4, key="batch", help=t("How many rows of the series are read side by side."))
        cut = t("How many steps of each row are read before the weights change; errors go back no further.")
        time_steps = slider("time_steps", 2, 40, 10, key="time_steps", help=cut)
        goes_on = t("Which batch of the epoch: each continues where the one before ended.")
        window = slider(t("Window"), 1, 12, 1, key="window", help=goes_on)
        side = t("Which row of the batch.")
        row = slider(t("Row of the batch"), 1, batch, 1, key="row", help=side) if batch > 1 else 1
    drawn = trained.draw_series(16 * 40 * 12, np.random.default_rng(1))
    xs, ys = trained.batches(drawn.x, drawn.y, batch, time_steps)
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
        title = t("Row {row} of window {window}: one column per step, a single 1 in each", row=row, window=window)
        note = t("The next window continues where this one ends, in every row: the state is carried over.")
        card(title, figure, key="one-hot", note=note)


def source(_: str) -> None:
    """The text of the network, read and not imported: importing it loads TensorFlow."""
    text = (Path(networks.__file__).parent / "teaching_networks.py").read_text("utf-8")
    with st.expander(t("The code of the network")):
        st.code(text[text.index("class OneHotRNN") :].split("\n\n\n")[0], language="python")


@page_layout.fragment
def data(_: str) -> None:
    """What the two series are made of."""
    kind = pick(t("Series"), translate_labels(SERIES), key="made_of")
    {"coins": draw_coin_series, "words": draw_word_series}[kind]()


def draw_word_series() -> None:
    song = cache.call(corpus_series.words_per_line)[0]
    curves = {t("words"): (np.arange(1, len(song) + 1), song)}
    figure = learn_curves.line_chart(curves, x=t("line"), y=t("words in the line"), hover="%{y}", markers=True)
    edges = corpus_series.bin_edges(4)
    names = ", ".join(series_play.class_names(edges))
    for edge in edges:
        learn_curves.add_straight_line(figure, y=edge - 0.5, dotted=True)
    note = t("Dotted: the boundaries of num_classes = 4 classes of similar size: {classes}.", classes=names)
    title = t("Line by line, the first song has {least} to {most} words", least=song.min(), most=song.max())
    card(title, figure, key="made-of", note=note)


def draw_coin_series() -> None:
    """The made series, and the two coins that decide a step."""
    series = trained.draw_series(48, np.random.default_rng(5))
    why = t("The y to explain; its two coins were tossed three and eight steps before.")
    step = slider(t("Step t"), 9, 48, 20, key="coin_step", help=why) - 1
    card(
        t(
            "x was {near} three steps before and {far} eight steps before: P(y = 1) is {p}, y is {y}",
            near=series.x[step - 3],
            far=series.x[step - 8],
            p=format_decimal(series.p[step], 2),
            y=series.y[step],
        ),
        learn_heat.coin_series_chart(series.x, series.y, step, lags=trained.LAGS),
        key="made-of",
        note=t("Bright is 1. Circles: the two coins that decide, and the result."),
    )


def hidden_series(_: str) -> None:
    try:
        model = trained.SERIES_ARCHITECTURE.load()
    except RunError as error:
        page_layout.empty_state(error_text(error))
        return
    table = trained.predictions(model, trained.draw_series(20_000, np.random.default_rng(5)))
    history = model.saved.run.history()
    steps, notes = history["step"], model.saved.notes
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
    hidden_probabilities(table)


def hidden_probabilities(table: pd.DataFrame) -> None:
    """Sixty steps of what the network says, beside the truth and two baselines."""
    part = table.iloc[100:160]
    curves = {
        t("network"): part["probability"],
        t("truth"): part["true"],
        t("persistence"): persistence_forecast(table["y"])[part.index],
        t("majority"): np.full(len(part), table["y"].mean()),
    }
    figure = learn_curves.line_chart(
        {name: (part["t"], ys) for name, ys in curves.items()}, x=t("step"), y="P(y = 1)",
        dashed=tuple(curves)[1:], inks=("blue", "ink", "orange", "grey"), hover="%{y:.3f}",
    )  # fmt: skip
    off = float((table["probability"] - table["true"]).abs().iloc[20:].mean())
    card(
        t("On average its probabilities are {off} from the true ones", off=format_decimal(off, 3)),
        figure,
        key="series-p",
    )


def persistence_forecast(y: pd.Series) -> Array:
    """P(y = 1) given the y before, counted on the series itself: what persistence says at each step."""
    before = y.shift(fill_value=0)
    return before.map(y.groupby(before).mean()).to_numpy()


def by_hand() -> None:
    page_layout.remark(corpus_series.system())
    job = job_card.latest_job("learn-series")
    status = job_card.draw(
        job,
        t("Train it again, in TensorFlow"),
        "learn-series",
        ["learn", "series", "--replace", "--minutes", "1"],
        in_tensorflow=True,
    )
    steps = pd.DataFrame([step for step in job.progress() if "loss" in step] if job else [])
    if status is None or steps.empty:
        return
    figure = learn_curves.line_chart(
        {t("loss"): (steps["step"], steps["loss"])}, x=t("step"), y=t("nats per step"), hover="%{y:.4f}"
    )
    for floor in trained.LOSS_FLOORS.values():
        learn_curves.add_straight_line(figure, y=floor, dotted=True)
    last = steps.iloc[-1]
    title = t(
        "{state}: {nats} nats at step {step}",
        state=t(job_card.WORDS[status.state]),
        nats=format_decimal(last["loss"], 4),
        step=format_decimal(last["step"]),
    )
    card(title, figure, key="live-series")


@page_layout.fragment
def next_outputs(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        classes = slider("num_classes", 2, 8, 4, key="classes", help=t("How many classes of like size."))
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
    figure, inside = learn_heat.forecast_band_chart(forecast, series_play.class_names(corpus_series.bin_edges(classes)))
    note = t(
        "One unseen song, each line predicted from those before. Band: the middle 80% of the "
        "probability, which contains {part} of the actual values.",
        part=format_percentage(inside, 0),
    )
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


lesson.show(
    "learn_series",
    data,
    hidden_series,
    tensors,
    source,
    job_card.polled_block("learn-series", by_hand),
    next_outputs,
)
