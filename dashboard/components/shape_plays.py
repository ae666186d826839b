"""Four of the six shapes at play on the line: guess on, fill a gap, name a class, write from a label."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components import bound, marks, page_layout
from dashboard.components.bound import BIND, pick, slider
from dashboard.components.figure_card import card, heading
from dashboard.components.trained_shapes import opened
from dashboard.lessons.study import CELLS, visible
from pipeline.language.tokens import tokenise
from pipeline.paths import DEMO_NAME
from pipeline.teaching import classic, cloze, many_to_one, one_to_many, tagging
from pipeline.translation import number, share

GUESSERS = {
    "left": "left side alone",
    "right": "right side alone",
    "both": "both sides",
    "left-to-right": "a left-to-right network of the same size",
}


def show_classic(text: str) -> None:
    """The next character at every step, by three cells and an n-gram."""
    model = opened("classic")
    cell = pick("Cell", CELLS, "lstm", key="classic_cell")
    table = classic.surprisal(model, text)
    names = {c: name for c, name in {**CELLS, "ngram": "5-gram"}.items() if c in table}
    heading(
        "Bits a character on your line: " + ", ".join(f"{name} {table[c].mean():.2f}" for c, name in names.items()),
        "Hover a character for the five guesses made before it.",
    )
    hints = [
        ", ".join(f"{visible(c)} {p:.0%}" for c, p in zip(part["character"], part["probability"], strict=True))
        for _, part in classic.guesses(model, cell, text).groupby("position")
    ]
    grounds = (table[cell] / max(table[list(names)].max().max(), 1)).tolist()
    st.html(marks.tinted_text(table["character"].tolist(), grounds, hints=hints))
    st.caption("Numbers held: " + ", ".join(f"{CELLS[c]} {number(n)}" for c, n in classic.parameters(model).items()))


def show_cloze(text: str) -> None:
    """A hidden word, guessed from both sides."""
    words = tokenise(text)
    if not words:
        page_layout.empty_state("There is no word in your line to hide.")
        return
    hidden = 0
    if (n := len(words)) > 1:
        place = "The place in the line of the word to guess."
        hidden = slider("Hide the word", 1, n, min(n, max(1, n - 1)), key="hidden", help=place) - 1
    found = cloze.fill(opened("cloze"), text, hidden)
    before, after = escape(" ".join(words[:hidden])), escape(" ".join(words[hidden + 1 :]))
    st.html(f'<p class="continued" lang="fr">{before} <b>▢</b> {after}</p>')
    marks.draw_table(
        ["Who guesses", "Best five"],
        [
            [GUESSERS[str(side)], ", ".join(f"{r.word} {r.probability:.0%}" for r in part.itertuples())]
            for side, part in found.guesses.groupby("side", sort=False)
        ],
    )
    states = np.vstack([found.left[:, :16].T, np.full((1, len(found.words)), np.nan), found.right[:, :16].T])
    steps = [f"{i} {w}" for i, w in enumerate(found.words, 1)]
    figure = learn_heat.heat_map(states, columns=steps, diverging=True, limit=1, hover="%{x}: %{z:+.2f}", height=330)
    figure.update_yaxes(tickvals=[8, 24], ticktext=["from the left", "from the right"])
    card("Two rows of states: one reads →, the other ←", learn_heat.label_letters(figure, steps), key="two-rows")


def show_tagging(_: str) -> None:
    """Couplet or refrain, line by line of a song."""
    corpus = cache.open_corpus(DEMO_NAME)
    songs = corpus.songs.head(60)
    names = (songs["title"] + ", " + songs["artist"]).to_dict()
    song = st.selectbox("A song", list(names), format_func=names.__getitem__, key="tag_song")
    table = tagging.tag(opened("tagging"), [line for _, line in corpus.song_lines(song)])
    at = np.arange(1, len(table) + 1)
    curves = {"both sides": (at, table["both"]), "left to right": (at, table["left_to_right"])}
    figure = learn_curves.line_chart(curves, x="line", y="P(refrain)", hover="%{y:.2f}")
    card("Which lines are the refrain?", figure, key="tags")


def show_many_to_one(text: str) -> None:
    """Whose line it is, or of which kind, after each word; what spoke for it; what is confused."""
    model = opened("many-to-one")
    label = pick("Guess its", {name: name for name in model.classes}, "voice", key="label")
    after = many_to_one.after_each_word(model, text, label)
    final = after.iloc[-1, 1:].astype(float).sort_values(ascending=False)
    best, steps = list(final.index[:8]), [f"{i} {visible(w)}" for i, w in enumerate(after["word"], 1)]
    figure = learn_heat.heat_map(
        after[best].to_numpy(float).T, columns=steps, rows=best, hover="after %{x}: %{y} %{z:.1%}", height=320
    )
    card(
        f"After the last word: {best[0]}, {share(final.iloc[0])}",
        learn_heat.label_letters(figure, steps),
        key="after-word",
        note="Probability of each class after each word.",
    )
    evidence(many_to_one.evidence(model, text, label), best[0])
    confusion(many_to_one.confusion(model, label))


def evidence(table: pd.DataFrame, best: str) -> None:
    """The words on a ground as strong as their push towards the class."""
    peak = max(float(table["push"].abs().max()), 1e-12)
    heading(
        f"The word that spoke most for {best}: {visible(table.loc[table['push'].idxmax(), 'word'])}",
        "Ground: how much a word pushes towards it, ∂logit/∂x · x. Hover for ‖∂logit/∂x‖ and for words that push away.",
    )
    spans = " ".join(
        f'<span class="tint" style="--share:{100 * max(push, 0) / peak:.0f}%" '
        f'title="push {push / peak:+.2f} of the strongest, gradient {gradient:.2g}">{escape(visible(word))}</span>'
        for word, gradient, push in zip(table["word"], table["gradient"], table["push"], strict=True)
    )
    st.html(f'<p class="tints">{spans}</p>')


def confusion(table: pd.DataFrame) -> None:
    """Which classes are taken for which, as shares of the true one."""
    counts = table.to_numpy(float)
    figure = learn_heat.heat_map(
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), columns=list(map(str, table.columns)),
        rows=list(map(str, table.index)), x="guessed", y="true", hover="true %{y}, guessed %{x}: %{z:.0%}",
        height=160 + 18 * len(table),
    )  # fmt: skip
    figure.update_xaxes(tickangle=-45)
    card("What it confuses, on songs never seen", figure, key="confusion", note="Each row sums to 1.")


def show_one_to_many(_: str) -> None:
    """A verse from a voice, and whose the classifier says it is."""
    model = opened("one-to-many")
    known = list(model.voices)
    left, right = st.columns([3, 1], gap="large")
    voices = left.multiselect("Voices", known, known[:3], max_selections=4, key="voices", bind=BIND)
    with right:
        seed = bound.number("Noise (random seed)", 0, 9999, 1, key="noise")
    if not voices:
        page_layout.empty_state("Choose a voice.")
        return
    table = one_to_many.side_by_side(model, voices[:4], seed)
    for column, row in zip(st.columns(len(table), gap="medium"), table.itertuples(), strict=True):
        with column:
            opinion = (
                f"The classifier says {row.classified} ({row.probability:.0%}); {row.own:.0%} for the voice asked for."
            )
            heading(str(row.voice), opinion)
            st.html(f'<p class="continued" lang="fr">{escape(str(row.verse))}</p>')
    st.caption("The same noise, different labels. The classifier is the many-to-one network, trained on other songs.")
