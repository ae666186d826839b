"""Scenes of the lessons: parts with numbers that change step by step, as the player draws them (static/player.js).

A scene is plain data. A track is one of its figures: bars, curves or a text that change at each step. The steps are the
characters of a line, those that an error goes back, or those of a training; the cells computed every number.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons import gates
from dashboard.lessons.course import MAP_PARTS
from dashboard.lessons.diagrams import draw_network_map
from dashboard.lessons.overrides import GATES, INPUT_LETTER_NAME, Override, trace_cell
from dashboard.lessons.study import (
    Descent,
    likeliest,
    visible_symbol,
    weights_of,
)
from dashboard.locale.phrasing import format_number, localise_numbers
from pipeline.cells.activations import Array
from pipeline.cells.bptt import cost_and_gradients, one_hot
from pipeline.cells.optimisers import SGD, clip_by_global_norm, global_norm
from pipeline.cells.registry import CELLS
from pipeline.cells.replay import Network
from pipeline.core.translation import format_decimal, format_percentage, t
from pipeline.language.vocabulary import LINE, Vocabulary

Track = dict[str, Any]
CELL_UNITS, GATE_UNITS = 6, 2  # units of the map's network that are shown, and of its gates
RATE, LIMIT = 0.5, 1.0  # of the one update that the map shows: its step, and where its gradient is cut


class ScenePart(NamedTuple):
    """Bars, curves and texts that change at each step, shown under one title; `lesson` is the page that explains them."""

    title: str
    tracks: Sequence[Track]
    about: str = ""
    lesson: str = ""


class Scene(NamedTuple):
    """Animated parts that move in step with each other; `symbols` name the steps.

    With a drawing, `diagram`, one part is shown at a time, part number `part` first, and each step goes through all.
    """

    parts: Sequence[ScenePart]
    symbols: Sequence[str]
    seconds: float = 0.8  # of each step, or of each part of it
    moved: Sequence[float] = ()  # how far overrides move the predictions of each step, 0 to 1
    captions: Sequence[str] | None = None  # a sentence for each step
    diagram: dict[str, Any] | None = None  # of `diagrams`
    part: int = 0
    backwards: bool = False  # its steps go through the symbols from the last to the first
    foot: Sequence[Track] = ()  # shown below whichever part is shown


def animated_bars(
    names: Sequence[Any],
    values: Array,
    *,
    before: Array | None = None,
    label: str = "",
    limit: float = 1.0,
    digits: int = 3,
    as_curves: bool = False,
) -> Track:
    """Return bars from 0 to ±limit whose `values` `(steps, names)` change at each step. A mark shows each value
    `before` a visitor changed a number. A name may be a list with a name for each step. Bars `as_curves` have the
    colours of the curves above them."""
    return {
        "kind": "bars", "names": list(names), "values": round_values(values), "limit": limit, "digits": digits, "label": label, "as_curves": as_curves,
        "before": None if before is None else round_values(before),
    }  # fmt: skip


def animated_curves(
    names: Sequence[str], values: Array, top: float, label: str = "", *, x: str, first: int = 1, bottom: float = 0.0
) -> Track:
    """Return curves that grow step by step: `values` `(steps, names)` up to `top`. `first` is the first step's number.

    With a `bottom` above 0, a power of ten, their axis is logarithmic from there.
    """
    if bottom:
        ticks = 10.0 ** np.arange(np.log10(bottom), np.log10(top) + 1e-9)
    else:
        steps = (step * 10.0**power for power in range(-12, 12) for step in (1, 2, 5))
        ticks = np.arange(0, top * (1 + 1e-9), next(step for step in steps if top <= 4 * step))
    return {
        "kind": "curve", "names": list(names), "values": round_values(values), "top": top, "bottom": bottom, "label": label,
        "x": x, "first": first, "ticks": [[tick, format_number(tick, "g")] for tick in ticks.tolist()],
    }  # fmt: skip


def animated_text(values: Sequence[str]) -> Track:
    """Return a text that changes with each step."""
    return {"kind": "text", "values": list(values)}


def animated_formula(formulas: Sequence[str]) -> Track:
    """Return a formula that changes with each step, its numbers written as in the visitor's language."""
    return animated_text(list(map(localise_numbers, formulas)))


def animated_symbols(symbols: Sequence[str], shares: Array, label: str = "") -> Track:
    """Return symbols whose shades change with each step: shares `(steps, symbols)`, from 0 to 1."""
    return {"kind": "shades", "symbols": list(symbols), "values": round_values(shares), "label": label}


def make_editable(track: Track, name: str, rows: Sequence[int], **more: Any) -> Track:
    """Return the bars with numbers that a visitor may edit: bar i shows entry `rows[i]` of the tensor `name`."""
    return {**track, "touch": {"name": name, "rows": list(rows), **more}}


def animated_input_letter(ids: Array, alphabet: Sequence[str], label: str) -> Track:
    """Return the letter read at each step, which a visitor may change; `ids` are places in the alphabet."""
    track = {"kind": "letter", "values": ids.tolist(), "options": list(map(visible_symbol, alphabet)), "label": label}
    return make_editable(track, INPUT_LETTER_NAME, [0])


def round_values(values: Array) -> list[Any]:
    """Return numbers for the browser as nested lists: finite, rounded to five decimals."""
    return list(np.round(np.nan_to_num(values, nan=99, posinf=99, neginf=-99), 5).tolist())


def animated_predictions(y_hat: Array, symbols: Sequence[str], before: Array | None = None) -> Track:
    """Return bars of the likeliest symbols at each step, best first, by ŷ `(T, V)`. Marks show ŷ `before` a change."""
    names, shares = likeliest(y_hat, symbols)
    if before is not None:
        before = np.take_along_axis(before, np.argsort(-y_hat, axis=1, kind="stable")[:, : shares.shape[1]], 1)
    return animated_bars(
        list(map(list, zip(*names, strict=True))), shares, before=before, label=t("its predictions, best first")
    )


def likeliest_symbol_texts(y_hat: Array, symbols: Sequence[str]) -> list[list[str]]:
    """Return the three likeliest next symbols of each step with their probabilities, as texts: ŷ is `(T, V)`."""
    rows = zip(*likeliest(y_hat, symbols, 3), strict=True)
    return [[f"{name}  {format_percentage(p, 0)}" for name, p in zip(*row, strict=True)] for row in rows]


def compare_optimisers(courses: dict[str, Descent]) -> Scene:
    """Return the scene of several optimisers side by side, step by step: `courses` maps their names to their trainings."""
    losses = np.column_stack([np.nan_to_num(course.loss, nan=99).clip(max=99) for course in courses.values()])
    moved = np.column_stack([np.insert(course.update_norms, 0, 0.0) for course in courses.values()])
    highest, furthest = 1.5 * float(losses[0].max()), max(float(np.nanmax(moved[np.isfinite(moved)])), 1e-9)
    bottom, top = 10.0 ** np.floor(np.log10(max(losses.min(), 1e-3))), 10.0 ** np.ceil(np.log10(highest))
    tracks = [
        animated_curves(list(courses), losses, top, label=t("nats per character (log scale)"), x=t("step"), first=0, bottom=bottom),
        animated_bars(list(courses), losses, limit=highest, label=t("current loss; a full bar is {top}", top=format_decimal(highest, 2)), as_curves=True),
        animated_bars(list(courses), moved, limit=furthest, label=t("how far this step moved the weights, ‖Δw‖; a full bar is {top}", top=format_decimal(furthest, 2)), as_curves=True),
    ]  # fmt: skip
    return Scene([ScenePart("", tracks)], [t("step {step}", step=step) for step in range(len(losses))], 0.25)


def to_bptt_arrays(network: Network) -> dict[str, Array]:
    """Return the weights and first states of a trained one-layer network as `cells.bptt` names them, for one-hot
    inputs. The input weights include the embedding, and Wya includes a projection of the output."""
    layer = network.layers[0]
    leaves, units, embedding = layer.parameters(), layer.units, network.embedding.T.astype(float)
    for name, W in leaves.items():
        if name == "Wax":
            leaves[name] = W @ embedding
        elif name.startswith("W") and name != "Waa":
            leaves[name] = np.hstack([W[:, :units], W[:, units:] @ embedding])
    start = {name: np.zeros((units, 1)) for name in CELLS[layer.cell].initial_state_names}
    kernel = network.output_kernel if network.projection is None else network.projection @ network.output_kernel
    output = {"Wya": kernel.T.astype(float), "by": network.output_bias[:, None].astype(float)}
    return {**start, **leaves, **output}


class NetworkTrace(NamedTuple):
    """All numbers of a line read by a trained network and of one step of descent: V symbols, T steps, u units shown."""

    ids: Array  # of the symbol read at each step, (T,)
    units: int  # of the network
    shown: Array  # numbers of the units shown, (u,)
    came: Array  # ids of the symbol after each, (T,)
    embedding: Array  # (T, width)
    gates: dict[str, Array]  # each (T, u)
    y_hat: Array  # (V, T)
    loss: Array  # (T,)
    influence: Array  # ‖∂E⟨t⟩/∂x⟨k⟩‖, the strongest of each step 1, (T, T)
    norm: float  # of the gradient of the mean loss over all weights, before it is clipped
    update: Array  # probability of the actual symbol before and after the step of descent, (T, 2)


def trace_line(
    network: Network, vocabulary: Vocabulary, line: str, overrides: Sequence[Override] = (), units: Sequence[int] = ()
) -> NetworkTrace:
    """Run a network forward and back over a line, and take one step of descent on it. `overrides` are applied before.

    `units` are those to show, by default the ones whose state varies most.
    """
    tokens = gates.tokens_of(line, vocabulary)
    targets, size, T = np.append(tokens[1:], LINE), network.vocabulary_size, len(tokens)
    folded = to_bptt_arrays(network)
    plain = trace_cell("lstm", folded, tokens)
    played = trace_cell("lstm", folded, tokens, overrides) if overrides else plain
    leaves = {**played.leaves, "x": one_hot(played.ids[None], size)}
    y = one_hot(targets[None], size)
    most_moved = np.sort(np.argsort(-plain.values["a"].std(axis=0), kind="stable")[:CELL_UNITS])
    shown = np.array(units) if units else most_moved
    each = {q: np.repeat(leaf, T, axis=1) if q in ("a0", "c0", "x") else leaf for q, leaf in leaves.items()}
    dx = cost_and_gradients("lstm", each, np.repeat(y, T, axis=1), np.eye(T))[1]["dx"]  # (V, T examples, T steps)
    influence = np.linalg.norm(dx, axis=0)
    _, gradients = cost_and_gradients("lstm", leaves, y)
    weights = weights_of(leaves)
    mean_gradients = {f"d{q}": gradients[f"d{q}"] / T for q in weights}
    optimiser = SGD(RATE)
    moved, _ = optimiser.step(weights, clip_by_global_norm(mean_gradients, LIMIT), optimiser.initial_state(weights))
    after = trace_cell("lstm", {**played.leaves, **moved}, played.ids).y_hat
    steps = np.arange(T)
    return NetworkTrace(
        played.ids, network.layers[0].units, shown, targets, network.embedding[played.ids].astype(float),
        {name: values[:, shown] for name, values in played.values.items()}, played.y_hat.T,
        -np.log(played.y_hat[steps, targets]), influence / np.maximum(influence.max(axis=1, keepdims=True), 1e-300),
        global_norm(mean_gradients.values()),
        np.stack([played.y_hat[steps, targets], after[steps, targets]], axis=1),
    )  # fmt: skip


def apply_overrides(trace: NetworkTrace, network: Network, overrides: Sequence[Override]) -> NetworkTrace:
    """Return the trace with the gates and states of `overrides`; its gradients stay those of the network itself."""
    played = trace_cell(
        "lstm", to_bptt_arrays(network), trace.ids, [each for each in overrides if each.name != INPUT_LETTER_NAME]
    )
    values = {name: values[:, trace.shown] for name, values in played.values.items()}
    loss = -np.log(played.y_hat[np.arange(len(trace.ids)), trace.came])
    return trace._replace(gates=values, y_hat=played.y_hat.T, loss=loss)


def sample_symbols(y_hat: Array, seed: int = 1) -> tuple[Array, Array]:
    """Return a uniform random number for each step, and the id that it draws from ŷ `(V, T)`: each `(T,)`."""
    drawn: Array = np.random.default_rng(seed).random(y_hat.shape[1:])
    order = np.argsort(-y_hat, axis=0, kind="stable")
    places = (np.cumsum(np.take_along_axis(y_hat, order, 0), 0) < drawn).sum(0).clip(max=len(y_hat) - 1)
    return drawn, order[places, np.arange(len(drawn))]


def network_map_scene(
    trace: NetworkTrace, alphabet: Sequence[str], base: NetworkTrace | None = None, roles: Sequence[str] = ()
) -> Scene:
    """Return the scene of the first Learn page: the nine parts of a network with their numbers as it reads a line.
    Marks show the numbers of `base`, without overrides. `roles` name what the shown units do."""
    base = base or trace
    T, V = len(trace.ids), len(alphabet)
    input_symbols, target_symbols = (
        [visible_symbol(alphabet[i]) for i in ids.tolist()] for ids in (trace.ids, trace.came)
    )
    p_target, (uniform, sampled) = trace.y_hat[trace.came, np.arange(T)], sample_symbols(trace.y_hat)
    drawn = [visible_symbol(alphabet[i]) for i in sampled.tolist()]
    mean = np.cumsum(trace.loss) / np.arange(1, T + 1)
    limit = max(1.0, float(np.abs(trace.gates["c"]).max()))
    names = [f"c{unit + 1}" for unit in trace.shown.tolist()]
    named = "; ".join(f"{name}: {role}" for name, role in zip(names, roles, strict=False))
    tracks: dict[str, list[Track]] = {
        "characters": [
            animated_input_letter(trace.ids, alphabet, t("reads")),
            animated_text([t("next: {symbol}, number {place} of {all}", symbol=c, place=format_decimal(i), all=format_decimal(V)) for c, i in zip(target_symbols, trace.came.tolist(), strict=True)]),
        ],
        "vectors": [animated_bars([f"e{i}" for i in range(1, 7)], trace.embedding[:, :6], before=base.embedding[:, :6], limit=float(np.abs(trace.embedding).max()), label=t("6 of {all} numbers", all=trace.embedding.shape[1]))],
        "gates": [
            *(_shown_units(trace, base, name, GATE_UNITS, t(gates.NAMES[GATES[name]])) for name in ("Γf", "Γi", "Γo")),
        ],
        "state": [_shown_units(trace, base, "c", len(names), named or t("{shown} of {all} cells", shown=len(names), all=trace.units), limit)],
        "scores": [animated_predictions(trace.y_hat.T, alphabet, base.y_hat.T)],
        "draw": [animated_text([t("random draw {number} → {symbol}", number=format_decimal(u, 3), symbol=c) for u, c in zip(uniform, drawn, strict=True)])],
        "loss": [
            animated_text([t("−log {given} = {nats} nats for {symbol}", given=format_decimal(p, 3), nats=format_decimal(e, 2), symbol=c) for p, e, c in zip(p_target, trace.loss, target_symbols, strict=True)]),
            animated_curves([t("mean so far")], mean[:, None], float(max(mean.max(), 1e-9)), t("nats"), x=t("letter")),
        ],
        "gradients": [animated_symbols(input_symbols, trace.influence, label=t("what influenced this prediction (by gradient)"))],
        "update": [animated_text(_describe_update(trace, target_symbols)), animated_bars([t("before"), t("after")], trace.update, label=t("probability of the actual letter"))],
    }  # fmt: skip
    parts = [ScenePart(t(name), tracks[part], t(about), lesson) for part, (name, about, lesson) in MAP_PARTS.items()]
    values: dict[str, Sequence[str]] = {
        "characters": input_symbols, "draw": drawn,
        "vectors": [f"{format_number(row[0], '+.1f')} …" for row in trace.embedding],
        "gates": [f"Γf {format_decimal(value, 2)}" for value in trace.gates["Γf"][:, 0]],
        "state": [f"c {format_number(value, '+.2f')}" for value in trace.gates["c"][:, 0]],
        "scores": [best for best, *_ in likeliest_symbol_texts(trace.y_hat.T, alphabet)],
        "loss": [t("{nats} nats", nats=format_decimal(e, 2)) for e in trace.loss],
        "gradients": [t("norm {norm}", norm=format_decimal(trace.norm, 2))] * T,
        "update": [f"{c} {100 * a:.0f} → {format_percentage(b, 0)}" for c, (a, b) in zip(target_symbols, trace.update, strict=True)],
    }  # fmt: skip
    moved = round_values(np.abs(trace.y_hat - base.y_hat).sum(axis=0) / 2)
    return Scene(parts, input_symbols, 1.2, moved, diagram=draw_network_map(dict(values)))


def _describe_update(trace: NetworkTrace, came: Sequence[str]) -> list[str]:
    """Return a text for each step: whether the gradient is clipped, and whether the actual letter gets more probable."""
    norm, T = format_decimal(trace.norm, 2), len(came)
    if trace.norm > LIMIT:
        clipped = t(
            "The gradient of the line has norm {norm}, above {limit}: it is clipped, each entry multiplied by {factor}.",
            norm=norm, limit=format_decimal(LIMIT), factor=format_decimal(LIMIT / trace.norm, 2),
        )  # fmt: skip
    else:
        clipped = t("The gradient of the line has norm {norm}, not above {limit}: it is not clipped.", norm=norm, limit=format_decimal(LIMIT))  # fmt: skip
    before, after = trace.update.T
    line = t(
        "One step at α = {rate}: {rising} of {all} probabilities rise; mean loss {before} → {after} nats.",
        rate=format_decimal(RATE, 1), all=T, rising=int((after > before).sum()),
        before=format_decimal(float(-np.log(before).mean()), 3), after=format_decimal(float(-np.log(after).mean()), 3),
    )  # fmt: skip
    own = [
        t("The probability of {symbol} rises here.", symbol=c) if b > a
        else t("The probability of {symbol} falls here: the step improves the whole line, not each letter.", symbol=c)
        for c, a, b in zip(came, before, after, strict=True)
    ]  # fmt: skip
    return [f"{clipped} {line} {each}" for each in own]


def _shown_units(
    trace: NetworkTrace, base: NetworkTrace, name: str, count: int, label: str, limit: float = 1.0
) -> Track:
    """Return bars of one gate or state for the first `count` shown units. A visitor may change their values."""
    names = [f"{name}{unit + 1}" for unit in trace.shown[:count].tolist()]
    values, before = (each.gates[name][:, :count] for each in (trace, base))
    return make_editable(
        animated_bars(names, values, before=before, label=label, limit=limit), name, trace.shown[:count].tolist()
    )
