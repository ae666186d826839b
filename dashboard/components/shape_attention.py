"""Encoder and decoder at play: a reply through one vector or with attention, a string reversed, what decides."""

import numpy as np
from plotly.graph_objects import Figure

from dashboard.charts import learn_curves, learn_heat
from dashboard.components import bound, marks, page_layout
from dashboard.components.figure_card import card
from dashboard.components.trained_shapes import SAID, open_architecture
from dashboard.lessons.influence import influence
from dashboard.lessons.study import visible
from dashboard.locale.number_format import format_number
from pipeline.core.errors import SeizeError
from pipeline.core.translation import error_text, number, share, t, t_count
from pipeline.language.vocabulary import Vocabulary
from pipeline.learn import reply, reversal
from pipeline.learn.seq2seq import Seq2Seq

MARK = "<line>"


def show_reply(text: str, door: reply.Door, key: str) -> None:
    """The next line after the line under study, and what passes through the door."""
    model = open_architecture("reply")
    found = reply.reply_to(model, text, door)
    source, written = " ".join(found.source), " ".join(w for w in found.reply if w != MARK)
    marks.draw_continuation(f"{source}\n", written)
    if found.weights is None:
        vector(found, key)
    else:
        figure, columns, rows, note = looks(found, found.weights, model.networks[door], model.vocabulary)
        last = max(0, len(found.reply) - 2)
        off = np.abs(found.weights.sum(axis=1) - 1).max()
        entropy = 0.0 if found.entropy is None else found.entropy.mean()
        card(
            t(
                "Writing its last word it puts {part} on the rhyme word of your line",
                part=share(float(found.weights[last, -1])),
            ),
            learn_heat.label_letters(figure, columns, rows),
            key=f"weights-{key}",
            note=t(
                "{note} Rows sum to 1 within {off}; mean entropy {entropy} nats.",
                note=note,
                off=format_number(off, ".0e"),
                entropy=number(entropy, 2),
            ),
        )
    gains(model, key)


def vector(found: reply.Reply, key: str) -> None:
    """All that passes without attention."""
    figure = learn_heat.heat_map(
        found.vector[None], diverging=True, limit=1, hover=t("unit %{x}: %{z:+.2f}"), height=120, x=t("unit")
    )
    figure.update_yaxes(showticklabels=False)
    card(t("All that passes: one vector of {size} numbers", size=len(found.vector)), figure, key=f"vector-{key}")


def gains(model: reply.Replies, key: str) -> None:
    """What knowing the line is worth, by its length."""
    table = reply.by_length(model)
    spans = list(dict.fromkeys(table["words"]))
    figure = learn_curves.line_chart(
        {t(SAID[str(d)]): (range(len(p)), p["gain"]) for d, p in table.groupby("door") if d != "none"},
        x=t("words in the line"), y=t("gain, nats a word"), hover="%{y:.3f}", markers=True, height=280,
    )  # fmt: skip
    figure.update_xaxes(tickvals=list(range(len(spans))), ticktext=spans)
    learn_curves.add_rule(figure, y=0)
    card(t("What knowing the line gains, by its length"), figure, key=f"gain-{key}")


def looks(
    found: reply.Reply | reversal.Reversed, weights: np.ndarray, network: Seq2Seq, vocabulary: Vocabulary
) -> tuple[Figure, list[str], list[str], str]:
    """The weights with what each written word depends on most: figure, columns, rows, and how often both agree."""
    columns = [f"{i} {word}" for i, word in enumerate(found.source, 1)]
    rows = [f"{i} {visible(word)}" for i, word in enumerate(found.reply, 1)]
    hover = t("writing %{y}, it looks at %{x}: %{z:.2f}")
    figure = learn_heat.heat_map(weights, columns=columns, rows=rows, limit=1, hover=hover, height=120 + 26 * len(rows))
    effect = influence(network, vocabulary.encode(found.source)[None], vocabulary.encode(found.reply)[None])
    hidden, slope = effect.occlusion.argmax(axis=1), np.abs(effect.gradient).argmax(axis=1)
    learn_heat.mark_cells(figure, columns, rows, hidden, "circle-open", t("%{y}: costs most to hide %{x}"))
    learn_heat.mark_cells(figure, columns, rows, slope, "x-thin", t("%{y}: has the largest gradient: %{x}"))
    same = int((weights.argmax(axis=1) == hidden).sum())
    note = t_count(
        "○ the word that costs most to hide, ✕ the largest gradient × embedding: the heaviest weight is on ○ in {same} "
        "of {n} row. Attention is a look, not an explanation.",
        "○ the word that costs most to hide, ✕ the largest gradient × embedding: the heaviest weight is on ○ in {same} "
        "of {n} rows. Attention is a look, not an explanation.",
        len(rows),
        same=same,
    )
    return figure, columns, rows, note


def show_reversal(_: str) -> None:
    """A string reversed, the weights on the anti-diagonal."""
    model = open_architecture("reversal")
    symbols = bound.text(t("Symbols to reverse, a to h"), "abcdefg", key="symbols", longest=reversal.LONGEST).strip()
    try:
        found = reversal.reverse(model, symbols)
    except SeizeError as error:
        page_layout.empty_state(error_text(error))
        return
    figure, columns, rows, note = looks(found, found.weights, model.attention, model.saved.vocabulary)
    good = "".join(s for s in found.reply if s != MARK) == symbols[::-1]
    blind = "".join(s for s in found.without_attention if s != MARK)
    card(
        t("Reversed: the weights lie on the anti-diagonal") if good else t("It slips here"),
        learn_heat.label_letters(figure, columns, rows),
        key="reversal",
        note=t("{note} Without attention the same network replies {reply}.", note=note, reply=blind),
    )
