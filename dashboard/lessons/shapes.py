"""The six shapes that sequences take: names, tasks, a drawing of each; and a reply as it is written."""

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons.diagrams import draw_encoder_decoder
from dashboard.lessons.scenes import (
    Scene,
    ScenePart,
    animated_bars,
    animated_predictions,
    animated_symbols,
    animated_text,
    likeliest_symbol_texts,
    round_values,
)
from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import softmax
from pipeline.core.translation import format_percentage, mark, t
from pipeline.language.vocabulary import PAD, SONG, UNK, Vocabulary
from pipeline.learn.seq2seq import Seq2Seq, shift_right


class SequenceShape(NamedTuple):
    """An arrangement of inputs and outputs over time, such as many to one. `row` is its identifier, such as "F2".

    runs             the trained architectures that show it
    inputs, outputs  which of four steps read and write
    kind             the extra part of its drawing: both, feed, bottleneck or attention
    """

    row: str
    name: str
    runs: tuple[str, ...]
    task: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    kind: str = ""


SHAPES = (
    SequenceShape("F1", mark("Many to many, Tx = Ty"), ("classic",), mark("Guess the next character at every step."), (0, 1, 2, 3), (0, 1, 2, 3)),
    SequenceShape("F2", mark("Bidirectional"), ("cloze",), mark("Fill in a hidden word from both sides."), (0, 1, 2, 3), (0, 1, 2, 3), "both"),
    SequenceShape("F3", mark("Many to one"), ("many-to-one",), mark("Input: a section. Output: its artist, type or decade."), (0, 1, 2, 3), (3,)),
    SequenceShape("F4", mark("One to many"), ("one-to-many",), mark("Input: an artist. Output: a verse."), (0,), (0, 1, 2, 3), "feed"),
    SequenceShape("F5", mark("Encoder and decoder"), ("reply",), mark("Input: a line. Output: the next line, through one vector."), (0, 1), (2, 3), "bottleneck"),
    SequenceShape("F6", mark("With attention"), ("reversal", "reply"), mark("The same, with a weighted look at every word of the line."), (0, 1), (2, 3), "attention"),
)  # fmt: skip


def shape_svg(shape: SequenceShape) -> str:
    """Return an SVG of four time steps of a network with this arrangement of inputs and outputs."""
    parts = []
    for step in range(4):
        x = 20 + 105 * step
        encodes = shape.kind in ("bottleneck", "attention")
        decoder = encodes and step > 1
        ink, state = ("vermilion", "s") if decoder else ("blue", "h" if encodes else "a")
        time = f"⟨{step - 1 if decoder else step + 1}⟩"  # the decoder has its own
        parts.append(
            f'<rect x="{x}" y="70" width="62" height="36" style="--box:var(--{ink})"/><text x="{x + 31}" y="93" text-anchor="middle">{state}{time}</text>'
        )
        if step:
            parts.append(
                f'<line x1="{x - 43}" y1="88" x2="{x - 2}" y2="88"/><path d="M{x - 9} 84 L{x - 2} 88 L{x - 9} 92"/>'
            )
        if shape.kind == "both":
            parts.append(
                f'<rect x="{x}" y="118" width="62" height="30" style="--box:var(--orange)"/><text x="{x + 31}" y="138" text-anchor="middle">a′{time}</text>'
            )
            if step:
                parts.append(
                    f'<line x1="{x - 43}" y1="133" x2="{x - 2}" y2="133"/><path d="M{x - 36} 129 L{x - 43} 133 L{x - 36} 137"/>'
                )
        base = 150 if shape.kind == "both" else 108
        if step in shape.inputs:
            parts.append(
                f'<line x1="{x + 31}" y1="{base + 26}" x2="{x + 31}" y2="{base}"/><text x="{x + 31}" y="{base + 42}" text-anchor="middle">x{time}</text>'
            )
        if step in shape.outputs:
            parts.append(
                f'<line x1="{x + 31}" y1="68" x2="{x + 31}" y2="42"/><text x="{x + 31}" y="34" text-anchor="middle">ŷ{time}</text>'
            )
        if shape.kind == "feed" and step:
            parts.append(f'<path d="M{x - 74} 50 C{x - 40} 50 {x - 40} 150 {x + 12} 108" stroke-dasharray="4 3"/>')
        if shape.kind == "attention" and step > 1:
            parts += [
                f'<path d="M{51 + 105 * read} 68 C{51 + 105 * read} 40 {x} 40 {x + 12} 68" stroke-dasharray="4 3"/>'
                for read in (0, 1)
            ]
    if shape.kind == "attention":
        parts.append('<text class="small" x="130" y="34">α, ctx</text>')
    if shape.kind == "bottleneck":
        passed = t("one vector (n_a, m)")
        parts.append(f'<text class="small" x="170" y="124">{passed}</text>')
    alt = escape(t(shape.name))
    return f'<svg class="wires" viewBox="0 12 430 190" role="img" aria-label="{alt}">{"".join(parts)}</svg>'


def seq2seq_scene(network: Seq2Seq, vocabulary: Vocabulary, source: Sequence[str], reply: Sequence[str]) -> Scene:
    """Return the scene of an encoder-decoder that writes `reply` to `source`, a word a step, with its predictions."""
    ids, target = vocabulary.encode(source)[None], vocabulary.encode(reply)[None]
    encoded = network.encode(ids)
    logits, alpha = network.decode(encoded, shift_right(target))
    logits[:, :, [PAD, UNK, SONG]] = -np.inf  # never written
    y_hat, T = softmax(logits[0].astype(float), axis=1), len(reply)
    symbols, written = list(map(visible_symbol, reply)), ["¶", *map(visible_symbol, reply[:-1])]
    read = ScenePart(
        t("Read the input"),
        [
            animated_text([" ".join(source)] * T),
            animated_text([t("The encoder reads each word of the line; it leaves a state h for each.")] * T),
        ],
    )
    write = ScenePart(
        t("Write"),
        [
            animated_text(
                [
                    t("The decoder reads what it wrote last, {word}, and keeps a state s of its own.", word=word)
                    for word in written
                ]
            )
        ],
    )
    guess = ScenePart(t("Predict"), [animated_predictions(y_hat, vocabulary.index2word)])
    values: dict[str, Any] = {"written": written, "guesses": likeliest_symbol_texts(y_hat, vocabulary.index2word)}
    if alpha is None:
        vector = round_values(encoded.vector)[0]
        handed = t(
            "All that is passed on: one vector of {size} numbers, three of which are shown. The decoder starts with it.",
            size=len(vector),
        )
        parts = [read, ScenePart(t("Hand over"), [animated_text([handed] * T)]), write, guess]
        values["vector"] = [vector[:3]] * T
    else:
        heaviest = alpha[0].argmax(axis=1)
        values["best"] = [source[place] for place in heaviest.tolist()]
        values["share"] = [f"α {format_percentage(row.max(), 0)}" for row in alpha[0]]
        look = [
            animated_symbols([f"{word} " for word in source], alpha[0], label=t("where it looks: α, one row per step")),
            animated_bars(source, alpha[0], label="α"),
        ]
        parts = [read, write, ScenePart(t("Look"), look), guess]
    return Scene(parts, symbols, 1.2, diagram=draw_encoder_decoder(source, values, attention=alpha is not None), part=1 if alpha is None else 2)  # fmt: skip
