"""Learn 9: can a network by hand find what is hidden in a series?"""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.charts.palette import INK
from dashboard.components import job_card, lesson, page_layout
from dashboard.components.choices import choice
from dashboard.components.figure_card import card
from dashboard.components.rhymes import rhymed
from dashboard.lessons import series
from dashboard.locale.formats import number
from pipeline import networks
from pipeline.cells.initial import one_hot
from pipeline.corpus.table import Corpus
from pipeline.errors import RunError
from pipeline.paths import DEMO_NAME
from pipeline.teaching import series as trained

BIND = "query-params"
HIDDEN, CORPUS_SERIES = "two dependencies", ("words per line", "rhyme letters")
LETTERS = ["A", "B", "C", "D", "other"]


def system() -> None:
    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "not installed"

    gpu = "yes" if Path("/dev/nvidia0").exists() else "none"
    lesson.plain_table(
        ["What", "Here"],
        [
            ["Python", platform.python_version()],
            *[[name, installed(name)] for name in ("numpy", "tensorflow", "keras", "streamlit")],
            ["Processors", f"{os.cpu_count()}, of which {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} for this process"],
            ["Graphics card", gpu],
            ["oneDNN (may reorder sums)", "off" if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0" else "on, TensorFlow's default"],
            ["Random seed of the job", "1: weights and series are drawn from it"],
            ["Determinism", "the same seed gives the same losses on one machine; another processor may round otherwise"],
            ["TensorFlow beside this page", "never loaded: it runs in a job"],
        ],
    )  # fmt: skip


@page_layout.fragment
def tensors() -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        batch = st.slider(
            "batch", 1, 16, 4, key="batch", bind=BIND, help="How many pieces of the series are read side by side."
        )
        time_steps = st.slider(
            "time_steps",
            2,
            40,
            10,
            key="time_steps",
            bind=BIND,
            help="How many steps of each piece before the weights move; errors go back no further.",
        )
        window = st.slider(
            "Window",
            1,
            12,
            1,
            key="window",
            bind=BIND,
            help="Which batch of the epoch: each goes on where the one before ended.",
        )
        row = (
            st.slider("Row of the batch", 1, batch, 1, key="row", bind=BIND, help="Which of the pieces side by side.")
            if batch > 1
            else 1
        )
    drawn = trained.draw(16 * 40 * 12, np.random.default_rng(1))
    xs, ys = trained.batches(drawn.x, drawn.y, batch, time_steps)
    batch_x, batch_y = xs[window - 1], ys[window - 1]
    hot = np.moveaxis(one_hot(batch_x, trained.NUM_CLASSES), 0, -1)  # (batch, time_steps, num_classes)
    with left:
        lesson.plain_table(
            ["Tensor", "Shape"],
            [
                ["batch_x, batch_y", str(batch_x.shape)],
                ["one_hot(batch_x)", str(hot.shape)],
                ["argmax of it = batch_x", str(bool((hot.argmax(-1) == batch_x).all()))],
            ],
        )
    with right:
        figure = learn_heat.heat(
            np.vstack([hot[row - 1].T, batch_y[row - 1]]), rows=["x is 0", "x is 1", "y"], columns=[str(t) for t in range(1, time_steps + 1)],
            x="time step", height=230, limit=1, hover="%{y}, step %{x}: %{z}",
        )  # fmt: skip
        card(
            f"Row {row} of window {window}: one column a step, one 1 in it",
            figure,
            key="one-hot",
            note="The next window goes on where this one ends, in every row: the state is carried.",
        )
    st.caption(
        "In TensorFlow 1, batch_x and batch_y were placeholders that a session filled. In TensorFlow 2 they are plain arguments."
    )


def source_of(name: str) -> str:
    """The text of a class of `pipeline.networks.time_series`, read and not imported: importing loads TensorFlow."""
    text = (Path(networks.__file__).parent / "time_series.py").read_text("utf-8")
    return text[text.index(f"class {name}") :].split("\n\n\n")[0]


@page_layout.fragment
def data() -> None:
    """What the three series are made of."""
    what = choice("Series", {kind: kind for kind in (HIDDEN, *CORPUS_SERIES)}, "made_of")
    if what == HIDDEN:
        coins()
        return
    corpus = cache.open_corpus(DEMO_NAME)
    if what == "words per line":
        song = cache.call(series_of, what)[0]
        figure = learn_curves.lines(
            {"words": (np.arange(1, len(song) + 1), song)}, x="line", y="words in the line", hover="%{y}", markers=True
        )
        _, edges = series.binned(np.concatenate(cache.call(series_of, what)), 4)
        for edge in edges:
            learn_curves.rule(figure, y=edge - 0.5, dotted=True)
        names = ", ".join(series.class_names(edges))
        title = f"Line by line the first song has {song.min()} to {song.max()} words"
        card(title, figure, key="made-of", note=f"Dotted: the edges of num_classes = 4 classes of like size: {names}.")
        return
    letters = cache.call(series_of, what)[0]
    steps = [str(line) for line in range(1, len(letters) + 1)]
    figure = learn_heat.heat(one_hot(letters, 5), columns=steps, rows=LETTERS, x="line", limit=1, height=230)
    scheme = "".join(LETTERS[letter] if letter < 4 else "x" for letter in letters)
    card(
        f"Line by line the first couplet rhymes {scheme}",
        figure,
        key="made-of",
        note=f"One of {corpus.name}'s couplets, as it is heard.",
    )


def coins() -> None:
    """The made series, and the two coins that decide a step."""
    drawn = trained.draw(48, np.random.default_rng(5))
    step = st.slider(
        "Step t",
        9,
        48,
        20,
        key="coin_step",
        bind=BIND,
        help="The y to explain; its coins are three and eight steps before.",
    )
    t = step - 1
    steps = [str(t) for t in range(1, 49)]
    figure = learn_heat.heat(
        np.vstack([drawn.x, drawn.y]), rows=["coin x", "y"], columns=steps, x="step", limit=1, height=190,
        hover="%{y}, step %{x}: %{z}",
    )  # fmt: skip
    for lag in (3, 8):
        learn_heat.marked(figure, steps, ["coin x"], [t - lag], "circle-open", f"lag {lag}, step")
    learn_heat.marked(figure, steps, ["y"], [t], "circle-open", "step")
    figure.update_xaxes(dtick=8, tick0=7)
    card(
        f"x was {drawn.x[t - 3]} three steps before and {drawn.x[t - 8]} eight before: P(y = 1) is {drawn.p[t]:.2f}, "
        f"y is {drawn.y[t]}",
        figure,
        key="made-of",
        note="Bright is 1. Circles: the two coins that decide, and what came of them.",
    )


def hidden_series() -> None:
    floors = {
        "nothing learnt": trained.FLOORS["nothing"],
        "lag 3 found": trained.FLOORS["t-3"],
        "both found": trained.FLOORS["both"],
    }
    try:
        model = trained.load()
    except RunError as error:
        page_layout.empty_state(str(error))
        return
    drawn = trained.draw(20_000, np.random.default_rng(5))
    table = trained.predictions(model, drawn)
    reached = float(table["nats"].mean())
    history = model.saved.run.history()
    curves = {"loss": (history["step"], history["loss"])} | {
        name: (history["step"], np.full(len(history), floor)) for name, floor in floors.items()
    }
    figure = learn_curves.lines(
        curves,
        x="step",
        y="nats a step",
        dashed=tuple(floors),
        inks=("blue", "grey", "orange", "green"),
        hover="%{y:.4f}",
        height=400,
    )
    card(
        f"Reached {reached:.4f} nats on {number(len(table))} new steps; nobody can go below {trained.FLOORS['both']:.4f}",
        figure,
        key="floors",
        note=f"time_steps {model.saved.notes['time_steps']}, {model.saved.notes['state_size']} units, raw matrix products under a GradientTape.",
    )
    part = table.iloc[100:160]
    figure = learn_curves.lines(
        {
            "network": (part["t"], part["probability"]),
            "truth": (part["t"], part["true"]),
            "persistence": (part["t"], after_last(table["y"])[part.index]),
            "majority": (part["t"], np.full(len(part), table["y"].mean())),
        },
        x="step",
        y="P(y = 1)",
        dashed=("truth", "persistence", "majority"),
        inks=("blue", "ink", "orange", "grey"),
        hover="%{y:.3f}",
    )
    off = float((table["probability"] - table["true"]).abs().iloc[20:].mean())
    card(f"Its probabilities are {off:.3f} from the true ones on average", figure, key="series-p")


def after_last(y: pd.Series) -> np.ndarray:
    """P(y = 1) given the y before, counted on the series itself: what persistence says at each step."""
    before = y.shift(fill_value=0)
    return before.map(y.groupby(before).mean()).to_numpy()


def by_hand() -> None:
    job = job_card.latest("learn-series")
    status = job_card.draw(job, "Train it again, in TensorFlow", "learn-series", ["learn", "series", "--minutes", "1"])
    if job is None or status is None:
        return
    steps = pd.DataFrame([s for s in job.progress() if "loss" in s])
    if steps.empty:
        return
    figure = learn_curves.lines({"loss": (steps["step"], steps["loss"])}, x="step", y="nats a step", hover="%{y:.4f}")
    for floor in trained.FLOORS.values():
        learn_curves.rule(figure, y=floor, dotted=True)
    card(
        f"{job_card.WORDS[status.state]}: {steps['loss'].iloc[-1]:.4f} nats at step {int(steps['step'].iloc[-1]):,}",
        figure,
        key="live-series",
    )


def words_of_lines(corpus: Corpus) -> list[np.ndarray]:
    """Words per line of each song."""
    lengths = (corpus.lines["stop"] - corpus.lines["start"]).to_numpy()
    return [
        lengths[rows] for rows in corpus.lines.reset_index(drop=True).groupby("song").indices.values() if len(rows) > 12
    ]


def letters_of_lines(corpus: Corpus, sections: int = 140) -> list[np.ndarray]:
    """Rhyme letters of couplets as classes: A to D, 4 for another letter or none."""
    texts = corpus.lines.groupby("section")["text"].agg(list)
    couplets = corpus.sections.index[corpus.sections["kind"] == "couplet"]
    chosen = [texts[s][:16] for s in couplets if s in texts.index and len(texts[s]) >= 12][
        :: max(1, len(couplets) // sections)
    ]
    return [np.array([min("ABCD".find(letter) % 5, 4) for letter in rhymed(lines).letters]) for lines in chosen]


def series_of(what: str) -> list[np.ndarray]:
    corpus = cache.open_corpus(DEMO_NAME)
    return words_of_lines(corpus) if what == "words per line" else letters_of_lines(corpus)


def judged(what: str, num_classes: int, time_steps: int) -> tuple[series.Judged, list[str]]:
    """What the network reached, and the names of the classes."""
    found = series_of(what)
    if what == "rhyme letters":
        return series.judge(found, 5, time_steps), LETTERS
    _, edges = series.binned(np.concatenate(found), num_classes)
    ids = [np.searchsorted(edges, song, side="right") for song in found]
    return series.judge(ids, len(edges) + 1, time_steps), series.class_names(edges)


@page_layout.fragment
def corpus_series() -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        what = choice("Series", {kind: kind for kind in CORPUS_SERIES}, "what")
        classes = st.slider(
            "num_classes",
            2,
            8,
            4,
            key="classes",
            bind=BIND,
            disabled=what == "rhyme letters",
            help="Rhyme letters have five: A to D, and any other or none.",
        )
        steps = st.select_slider(
            "time_steps",
            [4, 6, 8, 10],
            8,
            key="corpus_steps",
            bind=BIND,
            help="How many lines are read before the weights move; errors go back no further.",
        )
        with st.spinner("Training a small network…"):
            found, names = cache.call(judged, what, classes, steps)
        lesson.plain_table(
            ["On unseen songs", "Nats a step"],
            [
                ["RNN, 16 units", f"{found.network:.4f}"],
                ["Persistence: given the last", f"{found.persistence:.4f}"],
                ["Majority: no past at all", f"{found.majority:.4f}"],
            ],
        )
        st.caption(f"{number(found.steps)} guesses on songs that training never saw. NumPy, 120 steps of Adam.")
    with right:
        figure, note = guessed_classes(found, names) if what == "rhyme letters" else guessed_band(found, names)
        gain = found.persistence - found.network
        title = (
            f"The network beats persistence by {gain:.3f} nats"
            if gain > 0.002
            else f"The network does not beat persistence ({-gain:+.3f} nats): little is hidden here"
        )
        card(
            title,
            figure,
            key="corpus-series",
            note=note,
        )


def guessed_classes(found: series.Judged, names: list[str]) -> tuple[Figure, str]:
    """Classes without an order: the probability of each, and what came."""
    lines = [str(line) for line in range(2, len(found.sequence) + 1)]
    figure = learn_heat.heat(
        found.p.T, columns=lines, rows=names, x="line", y="class", limit=1, height=330, numbers=".2f",
        hover="line %{x}, class %{y}: %{z:.2f}",
    )  # fmt: skip
    for symbol, classes, hover in (
        ("circle-open", found.sequence[1:], "came, line"),
        ("x-thin", found.sequence[:-1], "persistence says so, line"),
    ):
        figure.add_scatter(
            x=lines, y=[names[k] for k in classes], mode="markers", hovertemplate=f"%{{y}} {hover} %{{x}}<extra></extra>",
            marker={"symbol": symbol, "size": 15, "color": INK["vermilion"], "line_width": 2, "line_color": INK["vermilion"]},
        )  # fmt: skip
    return figure, (
        "Probability of each class at each line of one unseen couplet. ○ what came, ✕ what persistence says; majority "
        f"always says {names[found.commonest]}."
    )


def guessed_band(found: series.Judged, names: list[str]) -> tuple[Figure, str]:
    """Classes in order: the middle 80 % of what the network expects, with its median."""
    low, middle, high = series.band(found.p)
    lines = np.arange(2, len(found.sequence) + 1)
    figure = learn_curves.stepped_band(lines, low, high, height=360)
    for name, classes, ink, dash, mode in (
        ("network, median", middle, "blue", "solid", "lines"),
        ("persistence", found.sequence[:-1], "orange", "dot", "lines"),
        ("majority", np.full(len(lines), found.commonest), "grey", "dash", "lines"),
        ("what came", found.sequence[1:], "ink", "solid", "markers"),
    ):
        learn_curves.step_trace(figure, lines, classes, name=name, ink=ink, dash=dash, mode=mode, names=names)
    figure.update_xaxes(title_text="line of the song")
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[-0.6, len(names) - 0.4])
    inside = float(np.mean((found.sequence[1:] >= low) & (found.sequence[1:] <= high)))
    return figure, (
        "One unseen song, each line guessed from those before it. Band: the middle 80% of the probability, which holds "
        f"{inside:.0%} of what came."
    )


text = lesson.line()
lesson.opening(
    9,
    "Can a network by hand find what is hidden in a series?",
    "Recurrent networks read any series. This one is made for the test: a fair coin $x$, and a $y$ that secretly depends on the coin three and eight steps before. "
    "Because the rule is known, so is the least possible loss; a network cannot hide behind a pretty curve.",
)
lesson.formula(
    r"P(y_t=1)=\tfrac12+\tfrac12\,x_{t-3}-\tfrac14\,x_{t-8},\qquad \text{floors in nats: } 0.6616\;(\text{nothing}),\qquad 0.5192\;(t-3),\qquad 0.4545\;(\text{both})",
    key="rule",
)
lesson.part("K2", "What our data is made of", "Three series: one made by a rule, two heard in the corpus.")
data()
lesson.part("reached", "What was reached on the first")
hidden_series()
st.markdown(
    "**A finding.** With the state carried from window to window the loss falls below the $t-3$ floor even with windows of 4 or 5 steps (0.495 and 0.469 nats, measured): truncation blocks the *gradient*, not the *memory*. Four units stop at 0.514."
)
lesson.part("K3", "One-hot inputs: batch_x, batch_y, time_steps, num_classes")
tensors()
lesson.part("K4", "By hand in TensorFlow", "No Keras layer: raw matrix products, a tape, an optimiser written out.")
with st.expander("The network, as it runs"):
    st.code(source_of("OneHotRNN"), language="python")
job_card.polled("learn-series", by_hand)
lesson.part("K5", "The same on lyrics: what comes next?", "Two series of the corpus, against persistence and majority.")
corpus_series()
lesson.part("K1", "The system")
system()
lesson.ask(
    "The loss stays at 0.52. What has the network found, and what not?",
    "The lag of three: its floor is 0.5192. The lag of eight moves the probability only by a quarter, and an error needs to travel eight steps back to teach it.",
)
lesson.closing(9)
