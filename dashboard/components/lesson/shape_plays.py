"""The six shapes at play on the line: guess on, fill a gap, name a class, write from a label, reply, reverse.

A reply passes through one vector or through attention; beside the weights stands what decides.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, pick, slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import marks, player
from dashboard.components.lesson.trained_networks import NOTE_LABELS, open_architecture
from dashboard.lessons.shapes import influence, reply_scene
from dashboard.lessons.study import CELL_LABELS, visible_symbol
from dashboard.locale.phrasing import format_number
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text, format_decimal, format_percentage, mark, t, t_count
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary
from pipeline.learn import classic, cloze, many_to_one, one_to_many, reply, reversal
from pipeline.learn.seq2seq import Seq2Seq

GUESSERS = {
    "left": mark("left side only"),
    "right": mark("right side only"),
    "both": mark("both sides"),
    "left-to-right": mark("a left-to-right network of the same size"),
}


@page_layout.fragment
def show_classic(text: str) -> None:
    """The next character at every step, by three cells and an n-gram."""
    model = open_architecture("classic")
    cell = pick(t("Cell"), CELL_LABELS, "lstm", key="classic_cell")
    table = classic.surprisal(model, text)
    names = {c: name for c, name in {**CELL_LABELS, "ngram": t("5-gram")}.items() if c in table}
    tested = {score["measure"].partition(":")[0]: score for score in model.saved.scores}  # one of each cell's rows
    bits = [f"{CELL_LABELS[c]} {format_decimal(tested[c]['value'], 2)}" for c in CELL_LABELS]
    weights = format_decimal(round(float(np.mean(list(classic.parameter_counts(model).values()))), -3))
    heading(
        t(
            "On {songs} unseen songs, bits per character: {bits}",
            songs=tested[cell]["songs"],
            bits=", ".join([*bits, _best_ngram(model.saved.scores)]),
        ),
        t(
            "A fair comparison: about {weights} weights per network, the same songs and minutes, one random seed; with "
            "more time the order may change. On your line alone, {n} characters: {line}. Hover over a character for "
            "the predictions before it.",
            weights=weights,
            n=len(text),
            line=", ".join(f"{name} {format_decimal(table[c].mean(), 2)}" for c, name in names.items()),
        ),
    )
    hints = [
        ", ".join(
            f"{visible_symbol(c)} {format_percentage(p, 0)}"
            for c, p in zip(part["character"], part["probability"], strict=True)
        )
        for _, part in classic.guesses(model, cell, text).groupby("position")
    ]
    grounds = (table[cell] / max(table[list(names)].max().max(), 1)).tolist()
    st.html(marks.tinted_text(table["character"].tolist(), grounds, hints=hints))


def _best_ngram(scores: Sequence[Mapping[str, Any]]) -> str:
    """The best of the n-grams beside which the networks were scored, and its bits a character."""
    best = min(scores, key=lambda score: score["baseline"])
    return f"{best['baseline_name']} {format_decimal(best['baseline'], 2)}"


@page_layout.fragment
def show_cloze(text: str) -> None:
    """A hidden word, guessed from both sides."""
    words = tokenise(text)
    if not words:
        page_layout.empty_state(t("Your line has no word to hide."))
        return
    hidden = 0
    if (n := len(words)) > 1:
        place = t("Position of the word to guess.")
        hidden = slider(t("Hide the word"), 1, n, min(n, max(1, n - 1)), key="hidden", help=place) - 1
    filled = cloze.guess_hidden_word(open_architecture("cloze"), text, hidden)
    before, after = escape(" ".join(words[:hidden])), escape(" ".join(words[hidden + 1 :]))
    st.html(f'<p class="continued" lang="fr">{before} <b>▢</b> {after}</p>')
    marks.draw_table(
        [t("Predicted by"), t("Best five")],
        [
            [
                t(GUESSERS[str(side)]),
                ", ".join(f"{r.word} {format_percentage(r.probability, 0)}" for r in part.itertuples()),
            ]
            for side, part in filled.guesses.groupby("side", sort=False)
        ],
    )
    states = np.vstack([filled.left[:, :16].T, np.full((1, len(filled.words)), np.nan), filled.right[:, :16].T])
    steps = [f"{i} {w}" for i, w in enumerate(filled.words, 1)]
    figure = learn_heat.heat_map(states, columns=steps, diverging=True, limit=1, hover="%{x}: %{z:+.2f}", height=330)
    figure.update_yaxes(tickvals=[8, 24], ticktext=[t("from the left"), t("from the right")])
    card(
        t("Two rows of states: one reads →, the other ←"),
        learn_heat.label_ticks_with_symbols(figure, steps),
        key="two-rows",
    )


@page_layout.fragment
def show_many_to_one(text: str) -> None:
    """Whose line it is, or of which kind, after each word; what spoke for it; what is confused."""
    model = open_architecture("many-to-one")
    label = pick(t("Predict"), {name: t(NOTE_LABELS.get(name, name)) for name in model.classes}, "voice", key="label")
    after = many_to_one.class_probabilities_by_word(model, text, label)
    final = after.iloc[-1, 1:].astype(float).sort_values(ascending=False)
    best, steps = list(final.index[:8]), [f"{i} {visible_symbol(w)}" for i, w in enumerate(after["word"], 1)]
    figure = learn_heat.heat_map(
        after[best].to_numpy(float).T, columns=steps, rows=best, hover=t("after %{x}: %{y} %{z:.1%}"), height=320
    )
    card(
        t("After the last word: {best}, {share}", best=best[0], share=format_percentage(final.iloc[0])),
        learn_heat.label_ticks_with_symbols(figure, steps),
        key="after-word",
        note=t("Probability of each class after each word."),
    )
    draw_word_attributions(many_to_one.word_attributions(model, text, label), best[0])
    confusion(many_to_one.confusion(model, label))


def draw_word_attributions(table: pd.DataFrame, best: str) -> None:
    """The words on a ground as strong as their push towards the class."""
    peak = max(float(table["push"].abs().max()), 1e-12)
    heading(
        t(
            "The word that contributed most to {best}: {word}",
            best=best,
            word=visible_symbol(table.loc[table["push"].idxmax(), "word"]),
        ),
        t("Darker: the word contributes more, ∂logit/∂x · x. Hover for ‖∂logit/∂x‖ and for negative contributions."),
    )
    pushed = t("contribution {push} of the strongest, gradient {gradient}")
    spans = " ".join(
        f'<span class="tint" style="--share:{100 * max(push, 0) / peak:.0f}%" title="'
        + pushed.format(push=format_number(push / peak, "+.2f"), gradient=format_number(gradient, ".2g"))
        + f'">{escape(visible_symbol(word))}</span>'
        for word, gradient, push in zip(table["word"], table["gradient"], table["push"], strict=True)
    )
    st.html(f'<p class="tints">{spans}</p>')


def confusion(table: pd.DataFrame) -> None:
    """Which classes are taken for which, as shares of the true one."""
    counts = table.to_numpy(float)
    figure = learn_heat.heat_map(
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), columns=list(map(str, table.columns)),
        rows=list(map(str, table.index)), x=t("predicted"), y=t("true"), hover=t("true %{y}, predicted %{x}: %{z:.0%}"),
        height=160 + 18 * len(table),
    )  # fmt: skip
    figure.update_xaxes(tickangle=-45)
    card(t("Confusions, on unseen songs"), figure, key="confusion", note=t("Each row sums to 1."))


@page_layout.fragment
def show_one_to_many(_: str) -> None:
    """A verse from a voice, and whose the classifier says it is."""
    model = open_architecture("one-to-many")
    available = list(model.voices)
    left, right = st.columns([3, 1], gap="large")
    voices = left.multiselect(t("Artists"), available, available[:3], max_selections=4, key="voices", bind=BIND)
    with right:
        seed = bound.whole_number(t("Noise (random seed)"), 0, 9999, 1, key="noise")
    if not voices:
        page_layout.empty_state(t("Choose an artist."))
        return
    table = one_to_many.verses_side_by_side(model, voices[:4], seed)
    for column, row in zip(st.columns(len(table), gap="medium"), table.itertuples(), strict=True):
        with column:
            opinion = t(
                "The classifier says {voice} ({sure}); {own} for the artist requested.",
                voice=row.classified,
                sure=format_percentage(float(str(row.probability)), 0),
                own=format_percentage(float(str(row.own)), 0),
            )
            heading(str(row.voice), opinion)
            st.html(f'<p class="continued" lang="fr">{escape(str(row.verse))}</p>')
    st.caption(
        t("The same noise, different labels. The classifier is the many-to-one network, trained on other songs.")
    )


LINE_TOKEN = "<line>"


@page_layout.fragment
def show_reply(text: str, door: reply.SourceChannel, key: str) -> None:
    """The next line after the line under study, and what passes through the door."""
    model = open_architecture("reply")
    answer = reply.reply_to(model, text, door)
    source, written = " ".join(answer.source), " ".join(w for w in answer.reply if w != LINE_TOKEN)
    marks.draw_continuation(f"{source}\n", written)
    scene = reply_scene(model.networks[door], model.vocabulary, answer.source, answer.reply)
    player.play(scene, key=f"reply-{key}", at=max(1, len(answer.reply) - 1))
    if answer.weights is not None:
        figure, columns, rows, note = attention_figure(answer, answer.weights, model.networks[door], model.vocabulary)
        last = max(0, len(answer.reply) - 2)
        off = np.abs(answer.weights.sum(axis=1) - 1).max()
        entropy = 0.0 if answer.entropy is None else answer.entropy.mean()
        card(
            t(
                "When it writes its last word, {part} of its attention is on the rhyme word of your line",
                part=format_percentage(float(answer.weights[last, -1])),
            ),
            learn_heat.label_ticks_with_symbols(figure, columns, rows),
            key=f"weights-{key}",
            note=t(
                "{note} Rows sum to 1 within {off}; mean entropy {entropy} nats.",
                note=note,
                off=format_number(off, ".0e"),
                entropy=format_decimal(entropy, 2),
            ),
        )
    draw_gains_by_length(model, key)


def draw_gains_by_length(model: reply.Replies, key: str) -> None:
    """What knowing the line is worth, by its length."""
    table = reply.gain_by_source_length(model)
    spans = list(dict.fromkeys(table["words"]))
    figure = learn_curves.line_chart(
        {t(NOTE_LABELS[str(d)]): (range(len(p)), p["gain"]) for d, p in table.groupby("door") if d != "none"},
        x=t("words in the line"), y=t("gain, nats per word"), hover="%{y:.3f}", markers=True, height=280,
    )  # fmt: skip
    figure.update_xaxes(tickvals=list(range(len(spans))), ticktext=spans)
    learn_curves.add_straight_line(figure, y=0)
    card(t("Gain from knowing the line, by its length"), figure, key=f"gain-{key}")


def attention_figure(
    answer: reply.Reply | reversal.ReversalResult, weights: np.ndarray, network: Seq2Seq, vocabulary: Vocabulary
) -> tuple[Figure, list[str], list[str], str]:
    """The weights with what each written word depends on most: figure, columns, rows, and how often both agree."""
    columns = [f"{i} {word}" for i, word in enumerate(answer.source, 1)]
    rows = [f"{i} {visible_symbol(word)}" for i, word in enumerate(answer.reply, 1)]
    hover = t("writing %{y}, it looks at %{x}: %{z:.2f}")
    figure = learn_heat.heat_map(weights, columns=columns, rows=rows, limit=1, hover=hover, height=120 + 26 * len(rows))
    effect = influence(network, vocabulary.encode(answer.source)[None], vocabulary.encode(answer.reply)[None])
    hidden, slope = effect.occlusion.argmax(axis=1), np.abs(effect.gradient).argmax(axis=1)
    learn_heat.add_cell_symbols(figure, columns, rows, hidden, "circle-open", t("%{y}: costs most when %{x} is hidden"))
    learn_heat.add_cell_symbols(figure, columns, rows, slope, "x-thin", t("%{y}: largest gradient for %{x}"))
    same = int((weights.argmax(axis=1) == hidden).sum())
    note = t_count(
        "○ the word that costs most when hidden, ✕ the largest gradient × embedding: the largest weight is on ○ in "
        "{same} of {n} row. Attention is a look, not an explanation.",
        "○ the word that costs most when hidden, ✕ the largest gradient × embedding: the largest weight is on ○ in "
        "{same} of {n} rows. Attention is a look, not an explanation.",
        len(rows),
        same=same,
    )
    return figure, columns, rows, note


@page_layout.fragment
def show_reversal(_: str) -> None:
    """A string reversed, the weights on the anti-diagonal."""
    model = open_architecture("reversal")
    symbols = bound.text(t("Symbols to reverse, a to h"), "abcdefg", key="symbols", longest=reversal.LONGEST).strip()
    try:
        answer = reversal.reverse(model, symbols)
    except SeizeError as error:
        page_layout.empty_state(error_text(error))
        return
    player.play(reply_scene(model.attention, model.saved.vocabulary, answer.source, answer.reply), key="reversal", at=1)
    figure, columns, rows, note = attention_figure(answer, answer.weights, model.attention, model.saved.vocabulary)
    good = "".join(s for s in answer.reply if s != LINE_TOKEN) == symbols[::-1]
    blind = "".join(s for s in answer.without_attention if s != LINE_TOKEN)
    card(
        t("Reversed: the weights are on the anti-diagonal") if good else t("A mistake here"),
        learn_heat.label_ticks_with_symbols(figure, columns, rows),
        key="reversal",
        note=t("{note} Without attention the same network replies {reply}.", note=note, reply=blind),
    )
