"""The six shapes at play on the line: predict on, fill a gap, name a class, write from a label, reply, reverse."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from plotly.graph_objects import Figure

from dashboard.charts import learn_curves, learn_heat
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, pick, slider
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import marks, player
from dashboard.components.lesson.trained_networks import SCORE_LABELS, open_architecture
from dashboard.lessons.shapes import seq2seq_scene
from dashboard.lessons.study import CELL_LABELS, visible_symbol
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text, format_decimal, format_percentage, mark, t
from pipeline.language.tokens import tokenise
from pipeline.learn import classic, cloze, many_to_one, one_to_many, reply, reversal

GUESSERS = {
    "left": mark("left side only"),
    "right": mark("right side only"),
    "both": mark("both sides"),
    "left-to-right": mark("a left-to-right network of the same size"),
}


@page_layout.fragment
def draw_character_surprisal(text: str) -> None:
    """Draw the line coloured by the surprisal of each character, for a chosen cell, and scores on unseen songs."""
    model = open_architecture("classic")
    table = classic.surprisal_by_model(model, text)
    names = {c: name for c, name in {**CELL_LABELS, "ngram": t("5-gram")}.items() if c in table}
    tested = {score["measure"].partition(":")[0]: score for score in model.saved.scores}  # one of each cell's rows
    counted = min(model.saved.scores, key=lambda score: score["baseline"])  # the best n-gram
    bits = {CELL_LABELS[c]: tested[c]["value"] for c in CELL_LABELS} | {
        t(SCORE_LABELS[counted["baseline_name"]]): counted["baseline"]
    }
    best, *others = sorted(bits, key=bits.__getitem__)
    weights = format_decimal(round(float(np.mean(list(classic.parameter_counts(model).values()))), -3))
    heading(
        t(
            "{best} does best on {songs} unseen songs: {bits} bits per character; then {others}",
            best=best,
            songs=counted["songs"],
            bits=format_decimal(bits[best], 2),
            others=", ".join(f"{name} {format_decimal(bits[name], 2)}" for name in others),
        ),
        t(
            "A fair comparison: about {weights} weights per network, the same songs and minutes, one random seed; with "
            "more time the order may change. On your line alone, {n} characters: {line}.",
            weights=weights,
            n=len(text),
            line=", ".join(f"{name} {format_decimal(table[c].mean(), 2)}" for c, name in names.items()),
        ),
    )
    cell = pick(t("Your line, as read by"), CELL_LABELS, "lstm", key="classic_cell")
    hints = [
        ", ".join(
            f"{visible_symbol(c)} {format_percentage(p, 0)}"
            for c, p in zip(part["character"], part["probability"], strict=True)
        )
        for _, part in classic.likeliest_characters(model, cell, text).groupby("position")
    ]
    grounds = (table[cell] / max(table[list(names)].max().max(), 1)).tolist()
    st.html(marks.tinted_text(table["character"].tolist(), grounds, hints=hints))
    st.caption(
        t(
            "Strong colour: the {cell} did not expect this character. Hover over one for the predictions before it.",
            cell=CELL_LABELS[cell],
        )
    )


@page_layout.fragment
def draw_cloze(text: str) -> None:
    """Draw the line with a word hidden, and what is predicted from the left, the right and both sides."""
    words = tokenise(text)
    if not words:
        page_layout.empty_state(t("Your line has no word to hide."))
        return
    hidden = 0
    if (n := len(words)) > 1:
        place = t("Position of the word to guess.")
        hidden = slider(t("Hide the word"), 1, n, min(n, max(1, n - 1)), key="hidden", help=place) - 1
    predictions = cloze.guess_hidden_word(open_architecture("cloze"), text, hidden)
    before, after = escape(" ".join(words[:hidden])), escape(" ".join(words[hidden + 1 :]))
    st.html(f'<p class="continued" lang="fr">{before} <b>▢</b> {after}</p>')
    marks.draw_table(
        [t("Predicted by"), t("Best five")],
        [
            [
                t(GUESSERS[str(side)]),
                ", ".join(f"{r.word} {format_percentage(r.probability, 0)}" for r in part.itertuples()),
            ]
            for side, part in predictions.groupby("side", sort=False)
        ],
    )


@page_layout.fragment
def draw_many_to_one(text: str) -> None:
    """Draw the probability of each class after each word."""
    model = open_architecture("many-to-one")
    label = pick(t("Predict"), {name: t(SCORE_LABELS.get(name, name)) for name in model.classes}, "voice", key="label")
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


@page_layout.fragment
def draw_one_to_many(_: str) -> None:
    """Draw a verse for each chosen artist, and the artist to whom the classifier attributes it."""
    model = open_architecture("one-to-many")
    available = list(model.voices)
    left, right = st.columns([3, 1], gap="large")
    voices = left.multiselect(t("Artists"), available, available[:3], max_selections=4, key="voices", bind=BIND)
    with right:
        seed = bound.integer_box(t("Noise (random seed)"), 0, 9999, 1, key="noise")
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
def draw_seq2seq_reply(text: str, door: reply.SourceChannel, key: str) -> None:
    """Draw the line that a network writes in reply to the visitor's line, through one vector or with attention."""
    model = open_architecture("reply")
    answer = reply.reply_to(model, text, door)
    source, written = " ".join(answer.source), " ".join(w for w in answer.reply if w != LINE_TOKEN)
    marks.draw_continuation(f"{source}\n", written)
    scene = seq2seq_scene(model.networks[door], model.vocabulary, answer.source, answer.reply)
    player.play_scene(scene, key=f"reply-{key}", at=max(1, len(answer.reply) - 1))
    if answer.weights is not None:
        last = max(0, len(answer.reply) - 2)
        figure = attention_map(answer.source, answer.reply, answer.weights)
        part = format_percentage(float(answer.weights[last, -1]))
        title = t("When it writes its last word, {part} of its attention is on the rhyme word of your line", part=part)
        note = t("Each row sums to 1. Attention shows where it looks, not why it decides.")
        card(title, figure, key=f"weights-{key}", note=note)
    draw_reply_gain_by_line_length(model, key)


def draw_reply_gain_by_line_length(model: reply.ReplyNetworks, key: str) -> None:
    """Draw the gain in nats per word from knowing the line before, by the number of words in that line."""
    table = reply.gain_by_source_length(model)
    spans = list(dict.fromkeys(table["words"]))
    figure = learn_curves.line_chart(
        {t(SCORE_LABELS[str(d)]): (range(len(p)), p["gain"]) for d, p in table.groupby("door") if d != "none"},
        x=t("words in the line"), y=t("gain, nats per word"), hover="%{y:.3f}", markers=True, height=280,
    )  # fmt: skip
    figure.update_xaxes(tickvals=list(range(len(spans))), ticktext=spans)
    learn_curves.add_straight_line(figure, y=0)
    card(t("Gain from knowing the line, by its length"), figure, key=f"gain-{key}")


def attention_map(source: Sequence[str], reply: Sequence[str], weights: np.ndarray) -> Figure:
    """Return a heat map of the weights `(reply, source)`: which word each written word looks at."""
    columns = [f"{i} {word}" for i, word in enumerate(source, 1)]
    rows = [f"{i} {visible_symbol(word)}" for i, word in enumerate(reply, 1)]
    hover = t("writing %{y}, it looks at %{x}: %{z:.2f}")
    figure = learn_heat.heat_map(weights, columns=columns, rows=rows, limit=1, hover=hover, height=120 + 26 * len(rows))
    return learn_heat.label_ticks_with_symbols(figure, columns, rows)


@page_layout.fragment
def draw_reversal(_: str) -> None:
    """Draw symbols reversed by an encoder and a decoder, with the weights of attention."""
    model = open_architecture("reversal")
    symbols = bound.text_box(
        t("Symbols to reverse, a to h"), "abcdefg", key="symbols", longest=reversal.LONGEST
    ).strip()
    try:
        answer = reversal.reverse(model, symbols)
    except SeizeError as error:
        page_layout.empty_state(error_text(error))
        return
    scene = seq2seq_scene(model.attention, model.saved.vocabulary, answer.source, answer.reply)
    player.play_scene(scene, key="reversal", at=1)
    good = "".join(s for s in answer.reply if s != LINE_TOKEN) == symbols[::-1]
    blind = "".join(s for s in answer.without_attention if s != LINE_TOKEN)
    card(
        t("Reversed: the weights are on the anti-diagonal") if good else t("A mistake here"),
        attention_map(answer.source, answer.reply, answer.weights),
        key="reversal",
        note=t("Without attention the same network replies {reply}.", reply=blind),
    )
