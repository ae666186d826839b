"""Products written out in numbers, the table of dimensions, and small pictures in HTML."""

from html import escape

import numpy as np

from dashboard.lessons.study import END, visible_symbol
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, format_percentage, t


def vector(v: Array) -> str:
    """A column lying down."""
    return "[" + " ".join(f"{value:+.3f}" for value in v.ravel()) + "]"


def format_product(name: str, W: Array, right: str, v: Array, result: Array) -> str:
    """W·v = result, written out row by row."""
    rows = [
        f"  [{' '.join(f'{w:+.2f}' for w in row)}]  [{b:+.3f}]  =  [{r:+.3f}]"
        for row, b, r in zip(W, v[:, 0], result[:, 0], strict=True)
    ]
    return "\n".join([f"{name} · {right}:", *rows])


def dimension_table(cell: str, n_x: int, n_a: int, n_y: int, m: int, T: int) -> list[list[str]]:
    """Rows: tensor, shape in letters, shape here, how many numbers."""
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


def guess_list(targets: list[str], surprisal: Array, guesses: list[list[tuple[str, float]]]) -> str:
    """Each character with the guesses made before it came, best on top, as HTML."""
    worst = max(float(surprisal.max()), 1.0)
    items = []
    for target, loss, best in zip(targets, surprisal, guesses, strict=True):
        below = "".join(
            f'<i style="--p:{100 * p:.0f}%"{" class=hit" if s == target else ""} title="{format_percentage(p)}">{escape(visible_symbol(s))}</i>'
            for s, p in best
        )
        title = t(
            "{symbol}: {nats} nats, probability {share}",
            symbol=visible_symbol(target),
            nats=format_decimal(loss, 2),
            share=format_percentage(np.exp(-loss)),
        )
        items.append(
            f'<li><b style="--share:{100 * loss / worst:.0f}%" title="{escape(title)}">{escape(visible_symbol(target))}</b>{below}</li>'
        )
    return f'<ul class="guesses" lang="fr">{"".join(items)}</ul>'


def unrolled_drawing(text: str, at: int) -> str:
    """The graph unrolled around step `at` (from 1): the same cell, used again, as an SVG."""
    first = max(1, min(at - 1, len(text) - 3))
    shown = range(first, min(first + 4, len(text) + 1))
    symbols = (*text, END)
    parts = []
    for place, step in enumerate(shown):
        x = 30 + 105 * place
        on = step == at
        box = "--box:var(--accent)" if on else "--box:var(--blue)"
        parts.append(
            f'<rect x="{x}" y="70" width="60" height="40" style="{box}"/><text x="{x + 30}" y="95" text-anchor="middle">a{step}</text>'
            f'<line x1="{x + 30}" y1="138" x2="{x + 30}" y2="112"/><text x="{x + 30}" y="155" text-anchor="middle">{escape(visible_symbol(symbols[step - 1]))}</text>'
            f'<line x1="{x + 30}" y1="68" x2="{x + 30}" y2="42"/><text x="{x + 30}" y="34" text-anchor="middle">{escape(visible_symbol(symbols[step]))}</text>'
            f'<line x1="{x - 42}" y1="90" x2="{x - 2}" y2="90"/><text class="small" x="{x - 22}" y="84" text-anchor="middle">Waa</text>'
            f'<text class="small" x="{x + 34}" y="129">Wax</text><text class="small" x="{x + 34}" y="58">Wya</text>'
        )
    alt = t("The same cell at steps {first} to {last}", first=first, last=first + len(shown) - 1)
    return f'<svg class="wires" viewBox="-15 0 450 170" role="img" aria-label="{escape(alt)}">{"".join(parts)}</svg>'
