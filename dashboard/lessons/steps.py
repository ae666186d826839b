"""Products written out in numbers, the table of dimensions, and small pictures in HTML."""

from html import escape

import numpy as np

from dashboard.lessons.study import visible_symbol
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, format_percentage, t


def format_product(name: str, W: Array, right: str, v: Array, result: Array) -> str:
    """Return W·v = result written out row by row."""
    rows = [
        f"  [{' '.join(f'{w:+.2f}' for w in row)}]  [{b:+.3f}]  =  [{r:+.3f}]"
        for row, b, r in zip(W, v[:, 0], result[:, 0], strict=True)
    ]
    return "\n".join([f"{name} · {right}:", *rows])


def dimension_table(cell: str, n_x: int, n_a: int, n_y: int, m: int, T: int) -> list[list[str]]:
    """Return a row for each tensor: name, shape in letters, shape in numbers, count of numbers."""
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    inner = [
        ("x", "(n_x, m, T)", (n_x, m, T)),
        ("a", "(n_a, m, T)", (n_a, m, T)),
        *([("c", "(n_a, m, T)", (n_a, m, T))] if cell == "lstm" else []),
        ("W_ax" if gates == 1 else f"W_ax × {gates}", "(n_a, n_x)", (gates, n_a, n_x)),
        ("W_aa" if gates == 1 else f"W_aa × {gates}", "(n_a, n_a)", (gates, n_a, n_a)),
        ("b_a" if gates == 1 else f"b_a × {gates}", "(n_a, 1)", (gates, n_a, 1)),
        *([("b_x", "(n_a, 1)", (1, n_a, 1))] if cell == "gru" else []),
        ("W_ya", "(n_y, n_a)", (n_y, n_a)),
        ("b_y", "(n_y, 1)", (n_y, 1)),
        ("ŷ", "(n_y, m, T)", (n_y, m, T)),
    ]
    return [
        [name, letters, _format_shape(shape), format_decimal(int(np.prod(shape)))] for name, letters, shape in inner
    ]


def _format_shape(shape: tuple[int, ...]) -> str:
    gates, rest = (shape[0], shape[1:]) if len(shape) == 3 and shape[0] in (1, 3, 4) and shape[1] > 1 else (1, shape)
    return (f"{gates} × " if gates > 1 else "") + "(" + ", ".join(map(format_decimal, rest)) + ")"


def guess_list(targets: list[str], surprisal: Array, guesses: list[list[str]], shares: Array) -> str:
    """Return each character with the predictions before it, best on top, as HTML."""
    worst = max(float(surprisal.max()), 1.0)
    items = []
    for target, loss, best, p_best in zip(map(visible_symbol, targets), surprisal, guesses, shares, strict=True):
        below = "".join(
            f'<i style="--p:{100 * p:.0f}%"{" class=hit" if s == target else ""} title="{format_percentage(p)}">{escape(s)}</i>'
            for s, p in zip(best, p_best, strict=True)
        )
        title = t(
            "{symbol}: {nats} nats, probability {share}",
            symbol=target,
            nats=format_decimal(loss, 2),
            share=format_percentage(np.exp(-loss)),
        )
        items.append(
            f'<li><b style="--share:{100 * loss / worst:.0f}%" title="{escape(title)}">{escape(target)}</b>{below}</li>'
        )
    return f'<ul class="guesses" lang="fr">{"".join(items)}</ul>'
