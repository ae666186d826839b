"""Learn 1: how could a machine finish a sentence?"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks, trained_networks
from dashboard.components.lesson.window_plays import draw_window_scores, draw_word_window
from dashboard.lessons import brackets as bracket_task
from dashboard.lessons.study import CELL_LABELS
from pipeline.core.translation import format_percentage, mark, t
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.writing import write_lyric

SCORES_FOLDER = bracket_task.FOLDER
STORY_MODELS = {
    "n-gram": ("lstm", mark("Counts of what followed the last characters.")),
    "RNN": ("rnn", mark("One state, rewritten at each step.")),
    "LSTM": ("lstm", mark("A second state, protected by gates.")),
}
MODEL_LABELS = {"n-gram": mark("n-gram"), "RNN": "RNN", "LSTM": "LSTM"}
# of brackets.csv
BRACKETS = {"RNN": "RNN", "GRU": "GRU", "LSTM": "LSTM", "LSTM, gates open": mark("LSTM, gates open")}


def story_run(kind: str, name: str) -> cache.OpenRun | None:
    """Return the network of this run, or for `n-gram` the n-gram model that was saved with it."""
    return trained_networks.ngram_run(name) if kind == "n-gram" else cache.open_network(name)


def continue_story(kind: str, name: str, opener: str, temperature: float, seed: int) -> str:
    """Return what the network of a run, or its n-gram model, writes after `opener`."""
    settings = LyricSettings(lines=2, sampling=SamplingSettings(temperature=temperature))
    run = story_run(kind, name)
    return write_lyric(run, opener, settings, seed).text[len(opener) :] if run else ""


@page_layout.fragment
def draw_finished_lines(text: str) -> None:
    """Draw how three models go on from the first words of the line; their number, temperature and seed are chosen."""
    words = text.split()
    left, middle, right = st.columns([3, 2, 1], gap="medium")
    with left:
        reads = t("The models read this many words of your line, then write on.")
        given = slider(t("Words of your line"), 1, max(2, len(words)), max(1, len(words) // 2), key="given", help=reads)
        opener = " ".join(words[:given])
    with middle:
        likeliest = t("0 always writes the most likely letter; above 1, more invention and more mistakes.")
        temperature = slider(t("Temperature"), 0.0, 1.5, 0.6, 0.1, key="story_T", help=likeliest)
    with right:
        seed = bound.integer_box(t("Random seed"), 0, 9999, 1, key="story_seed")
    draw_stories(opener, temperature, seed)
    run = trained_networks.character_run("lstm")
    if run and (unknown := sorted({c for c in opener if c not in run.vocabulary})):
        page_layout.remark(
            t("Never seen by the network: {characters}. It does its best.", characters=", ".join(unknown))
        )
    st.caption(t("The same beginning, settings and random seed always produce the same text."))


def draw_stories(opener: str, temperature: float, seed: int) -> None:
    """Draw the continuations of three models beside each other."""
    for column, (kind, (cell, about)) in zip(st.columns(3, gap="large"), STORY_MODELS.items(), strict=True):
        run = trained_networks.character_run(cell)
        with column:
            if run is None or story_run(kind, run.name) is None:
                heading(t(MODEL_LABELS[kind]))
                page_layout.empty_state(t("No character {kind} model yet.", kind=t(MODEL_LABELS[kind])))
                continue
            heading(t(MODEL_LABELS[kind]), t(about))
            marks.draw_continuation(opener, cache.call(continue_story, kind, run.name, opener, temperature, seed))


def draw_bracket_closing(text: str) -> None:
    """Draw how often each model closes a bracket correctly, on held-out songs and along the line."""
    table = pd.read_csv(bracket_task.SCORES)
    names = {name: t(label) for name, label in BRACKETS.items()}
    counted = next(name for name in table["model"] if name not in names)
    names[counted] = t("n-gram of order {order}", order=counted.rpartition(" ")[2])
    left, right = st.columns(2, gap="large")
    with left:
        draw_bracket_closing_accuracy(table, names)
    with right:
        shares = {names[name]: cache.call(bracket_task.closing_probability, name, text) for name in BRACKETS}
        steps = np.arange(1, len(next(iter(shares.values()))) + 1)
        if len(steps) < 2:
            page_layout.empty_state(t("Your line has none of the letters that these networks know: a to z."))
            return
        figure = learn_curves.line_chart(
            {name: (steps, 100 * share_) for name, share_ in shares.items()}, x=t("letters of your line since"),
            y=t("right bracket among four, %"), hover="%{y:.0f}%",
        )  # fmt: skip
        title = t("A bracket opens, your line follows: which model still knows which bracket?")
        card(
            title,
            figure,
            key="bracket-line",
            note=t("The included networks, first seed; mean over the four kinds."),
        )


def draw_bracket_closing_accuracy(table: pd.DataFrame, names: dict[str, str]) -> None:
    """Draw how often each model closes a bracket correctly, by the number of letters in between. Seeds are averaged."""
    means = table.groupby(["model", "length"])["closed_right"].mean()
    figure = learn_curves.line_chart(
        {label: (means[name].index, 100 * means[name]) for name, label in names.items()},
        x=t("letters in between"), y=t("closed correctly, %"), hover="%{y:.0f}%", markers=True, level=25,
    )  # fmt: skip
    far, last = means.xs(table["length"].max(), level="length"), table["length"].max()
    best = far.idxmax()
    card(
        t(
            "After {letters} letters, {model} closes {best} correctly; counting closes {counted}",
            letters=last,
            model=names[best],
            best=format_percentage(far[best], 0),
            counted=format_percentage(far[next(reversed(names))], 0),
        ),
        figure,
        key="brackets",
        note=t(
            "{n} tests per length and seed, {seeds} seeds, on held-out songs; 32 units, 2,000 steps, and as many "
            "examples for the counts. Dotted: chance.",
            n=int(table["n"].iloc[0]),
            seeds=table["seed"].nunique(),
        ),
    )


def draw_delayed_repetition_accuracy(_: str) -> None:
    """Draw how often each cell repeats the symbol that it read some steps ago, by their number."""
    table = pd.read_csv(SCORES_FOLDER / "echo.csv")
    curves = {CELL_LABELS[c]: (part["lag"], 100 * part["accuracy"]) for c, part in table.groupby("cell", sort=False)}
    figure = learn_curves.line_chart(
        curves, x=t("steps ago"), y=t("repeated correctly, %"), hover="%{y:.1f}%", markers=True, level=12.5
    )
    at = table[table["lag"] == 10].set_index("cell")["accuracy"]
    card(
        t(
            "Repeat what was read 10 steps ago: RNN {rnn}, LSTM {lstm}",
            rnn=format_percentage(at["rnn"]),
            lstm=format_percentage(at["lstm"]),
        ),
        figure,
        key="echo",
        note=t("32 units, 8 symbols, 400 steps of Adam, one random seed, measured in advance; dotted: chance."),
    )


lesson.draw_lesson(
    "learn_story",
    draw_finished_lines,
    draw_word_window,
    draw_window_scores,
    draw_bracket_closing,
    draw_delayed_repetition_accuracy,
)
