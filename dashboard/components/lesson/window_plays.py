"""The network that sees the last k words: its examples, its predictions, and its score by k."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks
from dashboard.lessons import context_windows
from dashboard.lessons.study import visible_symbol
from dashboard.locale.escaping import escape_markdown
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, mark, t, t_count
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Ids

# of story.csv
OTHER_MODEL_LABELS = {"n-gram of order 3": mark("n-gram of order 3"), "RNN": "RNN", "LSTM": "LSTM"}


def encoded_training_lines() -> tuple[list[Ids], Array]:
    """Return the first 2,000 training lines as ids, and the lengths of all of them."""
    lines, _ = context_windows.split_corpus_lines(cache.open_corpus(DEMO_NAME))
    return lines[:2000], np.array(list(map(len, lines)))


def words_of_ids(ids: Iterable[int]) -> list[str]:
    """Return the words of these ids, those outside the vocabulary as “(rarer)”."""
    words, rarer = cache.open_corpus(DEMO_NAME).vocabulary.decode(ids), t("(rarer)")
    return [rarer if word == "<unk>" else visible_symbol(word) for word in words]


@page_layout.fragment
def draw_word_window(text: str) -> None:
    """Draw examples and predictions of a window of k words, and that a word before the window has no effect."""
    seen = t("How many words the network sees before the word it predicts.")
    k = slider(t("The last k words"), 1, 9, 4, key="k", help=seen)
    left, right = lesson.two_columns(3, 2)
    with left:
        draw_window_examples(k)
    network, ids = (
        cache.resource(context_windows.load_window, k),
        context_windows.ids_of(tokenise(text), cache.open_corpus(DEMO_NAME).vocabulary),
    )
    full = np.concatenate([np.zeros(k, int), ids])
    y_hat = context_windows.predict(network, full[-k:][None])[:, 0]
    with right:
        best = np.argsort(-y_hat, kind="stable")[:6]
        figure = learn_curves.share_bars(words_of_ids(best), y_hat[best], height=240)
        card(t("After your line it predicts {word}", word=words_of_ids(best[:1])[0]), figure, key="bet")
    if len(ids) <= k:
        st.markdown(
            t_count(
                "Your line has {n} word: it is in the window.",
                "Your line has {n} words: all of them are in the window.",
                len(ids),
            )
        )
        return
    other = full.copy()
    other[-k - 1] = (other[-k - 1] + 7) % context_windows.WORDS
    same = bool((context_windows.predict(network, other[-k:][None])[:, 0] == y_hat).all())
    changed = {"word": escape_markdown(tokenise(text)[-k - 1]), "back": format_decimal(k + 1)}
    st.markdown(
        t(
            "Change the word **{word}**, {back} words back: the prediction stays **bit-identical**. A window sees "
            "nothing beyond its edge.",
            **changed,
        )
        if same
        else t("Change the word **{word}**, {back} words back: the prediction does NOT stay the same.", **changed)
    )


def draw_window_examples(k: int) -> None:
    """Tabulate examples that a window of k words learns from."""
    lines, lengths = cache.resource(encoded_training_lines)
    x, y = context_windows.clearest_examples(*context_windows.window_examples(lines, k), count=6)
    heading(
        t_count(
            "{examples} examples of {n} word and the next",
            "{examples} examples of {n} words and the next",
            k,
            examples=format_decimal((lengths - k).clip(0).sum()),
        ),
        t(
            "Σ max(0, length − k) over the lines of 80% of the songs; the 396 most frequent words, all others as "
            "(rarer), and the end of line ⏎ as a word."
        ),
    )
    words = words_of_ids(np.column_stack([x, y]).ravel().tolist())
    rows = [[" ".join(words[at : at + k]), words[at + k]] for at in range(0, len(words), k + 1)]
    marks.draw_table([t("{k} in", k=k), t("1 out")], rows)


def draw_window_scores(_: str) -> None:
    """Draw the perplexity by the width of the window, beside that of recurrent networks."""
    table = pd.read_csv(Path(context_windows.__file__).with_name("story.csv"))
    wins, others = table[table["k"] > 0], table[table["k"] == 0]
    curves = {t("window"): (wins["k"], wins["perplexity"])}
    recurrent_lines = {
        t(OTHER_MODEL_LABELS[str(row.model)]): ([1, 9], [row.perplexity] * 2) for row in others.itertuples()
    }
    figure = learn_curves.line_chart(
        curves | recurrent_lines,
        x=t("k, words in the window"),
        y=t("perplexity on held-out songs"),
        dashed=tuple(recurrent_lines),
        hover="%{y:.1f}",
        markers=True,
    )
    best = table.loc[table["perplexity"].idxmin()]
    card(
        t(
            "Best on unseen songs: {model}, perplexity {perplexity}",
            model=t("a window of {k}", k=best["k"]) if best["k"] else t(OTHER_MODEL_LABELS[best["model"]]),
            perplexity=format_decimal(best["perplexity"], 1),
        ),
        figure,
        key="story",
        note=t(
            "Measured in advance: the same 400 words, 250 steps of Adam per network. After so few steps the "
            "RNN and the LSTM trail the windows, and counting beats them all."
        ),
    )
