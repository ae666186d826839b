"""What a trained head of attention looks at on a line, and how order matters to it.

The head is the shipped one of `brackets`, which has learnt letters between brackets: the line is read behind one.
"""

from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons import brackets
from dashboard.lessons.diagrams import draw_self_attention
from dashboard.lessons.scenes import (
    Scene,
    ScenePart,
    animated_bars,
    animated_predictions,
    animated_symbols,
    animated_text,
    likeliest_symbol_texts,
)
from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array, softmax
from pipeline.cells.bptt import one_hot
from pipeline.cells.output_layer import dense_forward
from pipeline.cells.self_attention import head_forward
from pipeline.core.translation import format_percentage, t

HEAD_NETWORK_NAME = "self-attention"
LOOKS_SHOWN = 5  # letters that are shown of those that a step looks at


class AttentionOutput(NamedTuple):
    """Scores and weights α `(T, T)` of a head on T symbols, and its predictions ŷ `(V, T)`."""

    symbols: str
    scores: Array
    alpha: Array
    y_hat: Array


def apply_head(symbols: str, waves: float = 1.0) -> AttentionOutput:
    """Apply the trained attention head to symbols of `brackets.ALPHABET`. `waves` scales the position encodings."""
    weights = brackets.load_network(HEAD_NETWORK_NAME)
    x = one_hot(brackets.encode_letters(symbols)[None], len(brackets.ALPHABET))
    (a,), (cache,) = head_forward(x, weights, waves=waves)
    scores = cache.q[:, 0].T @ cache.k[:, 0] / np.sqrt(len(a))
    return AttentionOutput(
        symbols, scores, cache.alpha[0], softmax(dense_forward(a, weights["Wya"], weights["by"]))[:, 0]
    )


def head_scene(line: str) -> Scene:
    """Return the scene of the trained attention head reading a bracket and the line: attention and predictions."""
    attention = apply_head(brackets.OPEN[0] + brackets.normalise_letters(line))
    shown, T = list(map(visible_symbol, attention.symbols)), len(attention.symbols)
    order = np.argsort(-attention.alpha, axis=1, kind="stable")[:, :LOOKS_SHOWN]
    # at its beginning a line has fewer letters to look at
    names = [
        [f"{i + 1} {shown[i]}" if place <= step else "·" for place, i in enumerate(row)]
        for step, row in enumerate(order)
    ]
    columns = list(map(list, zip(*names, strict=True)))
    strongest = np.take_along_axis(attention.alpha, order, 1)
    top_scores = np.where(strongest > 0, np.take_along_axis(attention.scores, order, 1), 0.0)
    shares = [format_percentage(row[0], 0) for row in strongest]
    captions = [
        t(
            "“{symbol}” looks most at “{best}”, letter {place} ({part}).",
            symbol=symbol,
            best=shown[i],
            place=i + 1,
            part=share,
        )
        for symbol, i, share in zip(shown, order[:, 0].tolist(), shares, strict=True)
    ]
    parts = [
        ScenePart(t("Read the input"), [animated_text([t("e = We · x + p: the vector of the letter plus that of its position.")] * T)]),
        ScenePart(t("Query"), [animated_text(["q = Wq · e\nk = Wk · e\nv = Wv · e"] * T)]),
        ScenePart(
            t("Look"),
            [
                animated_symbols(shown, attention.alpha, label=t("where it looks: the stronger the colour, the larger α")),
                animated_bars(columns, strongest, label=t("the largest weights α; a full bar is 1")),
                animated_bars(columns, top_scores, label=t("their scores q·k / √n; left of the middle is below 0"), limit=max(1.0, float(np.abs(top_scores).max()))),
            ],
        ),
        ScenePart(t("Add"), [animated_text(["a = e + Wo · Σ α v"] * T)]),
        ScenePart(t("Predict"), [animated_predictions(attention.y_hat.T, brackets.ALPHABET)]),
    ]  # fmt: skip
    values: dict[str, Any] = {
        "letter": shown,
        "best": [row[0] for row in names],
        "share": [f"α {share}" for share in shares],
        "guesses": likeliest_symbol_texts(attention.y_hat.T, brackets.ALPHABET),
    }
    return Scene(parts, shown, 1.2, captions=captions, diagram=draw_self_attention(values), part=2)


def order_effect(line: str) -> tuple[float, float]:
    """Return how far the prediction after the line moves, in total variation, when all but its last letter are reversed:
    with positions, and without."""
    letters = brackets.normalise_letters(line)
    turned = letters[-2::-1] + letters[-1:]
    moved = [
        0.5 * np.abs(apply_head(letters, waves).y_hat[:, -1] - apply_head(turned, waves).y_hat[:, -1]).sum()
        for waves in (1.0, 0.0)
    ]
    return float(moved[0]), float(moved[1])
