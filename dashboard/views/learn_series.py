"""Learn 9: can a network by hand find what is hidden in a series?"""

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat, learn_series
from dashboard.components import corpus_series, job_card, lesson, marks, page_layout
from dashboard.components.bound import BIND, pick, slider
from dashboard.components.figure_card import card
from dashboard.components.system_table import system
from pipeline import networks
from pipeline.cells.activations import Array
from pipeline.cells.initial import one_hot
from pipeline.errors import RunError
from pipeline.paths import DEMO_NAME
from pipeline.teaching import series as trained
from pipeline.translation import number

COINS = "coins"
FLOORS = {"nothing learnt": "nothing", "lag 3 found": "t-3", "both found": "both"}


@page_layout.fragment
def tensors(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        batch = slider("batch", 1, 16, 4, key="batch", help="How many pieces of the series are read side by side.")
        cut = "How many steps of each piece before the weights move; errors go back no further."
        time_steps = slider("time_steps", 2, 40, 10, key="time_steps", help=cut)
        goes_on = "Which batch of the epoch: each goes on where the one before ended."
        window = slider("Window", 1, 12, 1, key="window", help=goes_on)
        side = "Which of the pieces side by side."
        row = slider("Row of the batch", 1, batch, 1, key="row", help=side) if batch > 1 else 1
    drawn = trained.draw(16 * 40 * 12, np.random.default_rng(1))
    xs, ys = trained.batches(drawn.x, drawn.y, batch, time_steps)
    batch_x, batch_y = xs[window - 1], ys[window - 1]
    hot = np.moveaxis(one_hot(batch_x, trained.NUM_CLASSES), 0, -1)  # (batch, time_steps, num_classes)
    with left:
        marks.draw_table(
            ["Tensor", "Shape"],
            [
                ["batch_x, batch_y", str(batch_x.shape)],
                ["one_hot(batch_x)", str(hot.shape)],
                ["argmax of it = batch_x", str(bool((hot.argmax(-1) == batch_x).all()))],
            ],
        )
    with right:
        figure = learn_heat.heat_map(
            np.vstack([hot[row - 1].T, batch_y[row - 1]]), rows=["x is 0", "x is 1", "y"], columns=[str(t) for t in range(1, time_steps + 1)],
            x="time step", height=230, limit=1, hover="%{y}, step %{x}: %{z}",
        )  # fmt: skip
        title = f"Row {row} of window {window}: one column a step, one 1 in it"
        note = "The next window goes on where this one ends, in every row: the state is carried."
        card(title, figure, key="one-hot", note=note)
    st.caption(
        "In TensorFlow 1, batch_x and batch_y were placeholders that a session filled. In TensorFlow 2 they are plain arguments."
    )


def source(_: str) -> None:
    """The text of the network, read and not imported: importing it loads TensorFlow."""
    text = (Path(networks.__file__).parent / "time_series.py").read_text("utf-8")
    with st.expander("The network, as it runs"):
        st.code(text[text.index("class OneHotRNN") :].split("\n\n\n")[0], language="python")


@page_layout.fragment
def data(_: str) -> None:
    """What the three series are made of."""
    kind = pick("Series", {COINS: "two dependencies", **corpus_series.NAMES}, key="made_of")
    {COINS: made_of_coins, corpus_series.WORDS: made_of_words, corpus_series.RHYMES: made_of_letters}[kind]()


def made_of_words() -> None:
    song = cache.call(corpus_series.sequences, corpus_series.WORDS)[0]
    curves = {"words": (np.arange(1, len(song) + 1), song)}
    figure = learn_curves.line_chart(curves, x="line", y="words in the line", hover="%{y}", markers=True)
    edges, names = corpus_series.bins(4)
    for edge in edges:
        learn_curves.add_rule(figure, y=edge - 0.5, dotted=True)
    note = f"Dotted: the edges of num_classes = 4 classes of like size: {', '.join(names)}."
    card(f"Line by line the first song has {song.min()} to {song.max()} words", figure, key="made-of", note=note)


def made_of_letters() -> None:
    letters, names = cache.call(corpus_series.sequences, corpus_series.RHYMES)[0], corpus_series.LETTERS
    steps = [str(line) for line in range(1, len(letters) + 1)]
    figure = learn_heat.heat_map(one_hot(letters, len(names)), columns=steps, rows=names, x="line", limit=1, height=230)
    scheme = "".join(names[letter] if letter < 4 else "x" for letter in letters)
    title = f"Line by line the first couplet rhymes {scheme}"
    card(title, figure, key="made-of", note=f"One of {DEMO_NAME}'s couplets, as it is heard.")


def made_of_coins() -> None:
    """The made series, and the two coins that decide a step."""
    drawn = trained.draw(48, np.random.default_rng(5))
    why = "The y to explain; its coins are three and eight steps before."
    t = slider("Step t", 9, 48, 20, key="coin_step", help=why) - 1
    card(
        f"x was {drawn.x[t - 3]} three steps before and {drawn.x[t - 8]} eight before: P(y = 1) is {drawn.p[t]:.2f}, "
        f"y is {drawn.y[t]}",
        learn_series.coins(drawn.x, drawn.y, t, lags=(3, 8)),
        key="made-of",
        note="Bright is 1. Circles: the two coins that decide, and what came of them.",
    )


def hidden_series(_: str) -> None:
    try:
        model = trained.load()
    except RunError as error:
        page_layout.empty_state(str(error))
        return
    table = trained.predictions(model, trained.draw(20_000, np.random.default_rng(5)))
    history = model.saved.run.history()
    steps, notes = history["step"], model.saved.notes
    curves = {"loss": (steps, history["loss"])}
    curves |= {name: (steps, np.full(len(steps), trained.FLOORS[floor])) for name, floor in FLOORS.items()}
    figure = learn_curves.line_chart(
        curves, x="step", y="nats a step", dashed=tuple(FLOORS), inks=("blue", "grey", "orange", "green"),
        hover="%{y:.4f}", height=400,
    )  # fmt: skip
    reached = f"Reached {table['nats'].mean():.4f} nats on {number(len(table))} new steps"
    card(
        f"{reached}; nobody can go below {trained.FLOORS['both']:.4f}",
        figure,
        key="floors",
        note=f"time_steps {notes['time_steps']}, {notes['state_size']} units, raw matrix products under a GradientTape.",
    )
    hidden_probabilities(table)


def hidden_probabilities(table: pd.DataFrame) -> None:
    """Sixty steps of what the network says, beside the truth and two baselines."""
    part = table.iloc[100:160]
    curves = {
        "network": part["probability"],
        "truth": part["true"],
        "persistence": after_last(table["y"])[part.index],
        "majority": np.full(len(part), table["y"].mean()),
    }
    figure = learn_curves.line_chart(
        {name: (part["t"], ys) for name, ys in curves.items()}, x="step", y="P(y = 1)",
        dashed=("truth", "persistence", "majority"), inks=("blue", "ink", "orange", "grey"), hover="%{y:.3f}",
    )  # fmt: skip
    off = float((table["probability"] - table["true"]).abs().iloc[20:].mean())
    card(f"Its probabilities are {off:.3f} from the true ones on average", figure, key="series-p")


def after_last(y: pd.Series) -> Array:
    """P(y = 1) given the y before, counted on the series itself: what persistence says at each step."""
    before = y.shift(fill_value=0)
    return before.map(y.groupby(before).mean()).to_numpy()


def by_hand() -> None:
    job = job_card.latest_job("learn-series")
    status = job_card.draw(
        job,
        "Train it again, in TensorFlow",
        "learn-series",
        ["learn", "series", "--replace", "--minutes", "1"],
        in_tensorflow=True,
    )
    steps = pd.DataFrame([step for step in job.progress() if "loss" in step] if job else [])
    if status is None or steps.empty:
        return
    figure = learn_curves.line_chart(
        {"loss": (steps["step"], steps["loss"])}, x="step", y="nats a step", hover="%{y:.4f}"
    )
    for floor in trained.FLOORS.values():
        learn_curves.add_rule(figure, y=floor, dotted=True)
    last = steps.iloc[-1]
    title = f"{job_card.WORDS[status.state]}: {last['loss']:.4f} nats at step {int(last['step']):,}"
    card(title, figure, key="live-series")


@page_layout.fragment
def next_outputs(_: str) -> None:
    left, right = lesson.two_columns()
    with left:
        kind = pick("Series", corpus_series.NAMES, key="what")
        rhymes = kind == corpus_series.RHYMES
        five = "Rhyme letters have five: A to D, and any other or none."
        classes = slider("num_classes", 2, 8, 4, key="classes", disabled=rhymes, help=five)
        back = "How many lines are read before the weights move; errors go back no further."
        steps = st.select_slider("time_steps", [4, 6, 8, 10], 8, key="corpus_steps", bind=BIND, help=back)
        with st.spinner("Training a small network…"):
            found, names = cache.call(corpus_series.evaluate_next, kind, classes, steps)
        scores = {
            "RNN, 16 units": found.network,
            "Persistence: given the last": found.persistence,
            "Majority: no past at all": found.majority,
        }
        rows = [[name, f"{nats:.4f}"] for name, nats in scores.items()]
        marks.draw_table(["On unseen songs", "Nats a step"], rows)
        st.caption(f"{number(found.steps)} guesses on songs that training never saw. NumPy, 120 steps of Adam.")
    if rhymes:
        figure = learn_series.guessed_classes(found, names)
        note = (
            "Probability of each class at each line of one unseen couplet. ○ what came, ✕ what persistence says; majority "
            f"always says {names[found.commonest]}."
        )
    else:
        figure, inside = learn_series.guessed_band(found, names)
        note = (
            "One unseen song, each line guessed from those before it. Band: the middle 80% of the probability, which holds "
            f"{inside:.0%} of what came."
        )
    gain = found.persistence - found.network
    with right:
        title = (
            f"The network beats persistence by {gain:.3f} nats"
            if gain > 0.002
            else f"The network does not beat persistence ({-gain:+.3f} nats): little is hidden here"
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
    system,
)
