"""A cell at play on a line: its drawing, and its numbers, which can be changed; and two trainings side by side.

Every number is drawn beside what it is where nothing was changed, so that a change shows as far as it reaches.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons import descent, diagrams
from dashboard.lessons.overrides import CellTrace, Override, trace_cell
from dashboard.lessons.scenes import (
    Scene,
    ScenePart,
    Track,
    animated_bars,
    animated_curves,
    animated_formula,
    animated_input_letter,
    animated_predictions,
    animated_symbols,
    animated_text,
    likeliest_symbol_texts,
    make_editable,
    round_values,
)
from dashboard.lessons.steps import format_product
from dashboard.lessons.study import END, Leaves, NetworkSetting, encode_line, network_arrays, visible_symbol
from dashboard.lessons.through_time import remaining_share_text
from pipeline.cells.activations import Array, sigmoid
from pipeline.cells.bptt import hidden_states
from pipeline.cells.output_layer import cross_entropy_backward, dense_backward, dense_forward
from pipeline.cells.registry import CELLS
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count

LABELS = {
    "Γf": mark("forget gate Γf"), "Γi": mark("input gate Γi"), "c̃": mark("candidate c̃"), "Γo": mark("output gate Γo"),
    "Γz": mark("update gate Γz"), "Γr": mark("reset gate Γr"), "a": mark("state a"), "c": mark("cell c"),
}  # fmt: skip
TRAINING_STEPS, RNN_UNITS = 50, 3  # of the small RNN that learns the line: so many numbers can be read at once


def weight_matrix(
    trace: CellTrace, leaves: Leaves, name: str, columns: Sequence[str], rows: Sequence[str] = ()
) -> Track:
    """Return a matrix of weights, collapsed until a click, which a visitor may change; it is the same at every step."""
    now, before = trace.leaves[name], leaves[name]
    track = {
        "kind": "grid",
        "values": round_values(now),
        "before": round_values(before),
        "columns": list(columns),
        "label": name,
    }
    if rows:
        track["rows"] = list(rows)
    return weights_in_expander(name, [make_editable(track, name, range(len(now)))])  # fmt: skip


def weights_in_expander(name: str, tracks: Sequence[Track]) -> Track:
    """Return figures of the weights `name`, collapsed until a click."""
    return {"kind": "fold", "label": t("Change the weights {name}", name=name), "tracks": list(tracks)}


def weight_bars(trace: CellTrace, leaves: Leaves, name: str, units: Sequence[int], columns: Array) -> Track:
    """Return editable bars of a weight per unit: entries of `name` in column `columns[t]` at step t (0 for a bias)."""
    rows = np.array(units)[:, None]
    now, before = (each[name][rows, columns].T for each in (trace.leaves, leaves))
    track = animated_bars(
        [f"{name}{u + 1}" for u in units], now, before=before, label=name, limit=_bar_limit(now), digits=2
    )
    return make_editable(track, name, units, columns=columns.tolist())


def value_bars(now: CellTrace, base: CellTrace, name: str, units: Sequence[int]) -> Track:
    """Return bars of a gate or state of some units, which a visitor may change, beside its unchanged value."""
    values, before = (each.values[name][:, units] for each in (now, base))
    track = animated_bars(
        [f"{name}{u + 1}" for u in units], values, before=before, label=t(LABELS[name]), limit=_bar_limit(values)
    )
    return make_editable(track, name, units)


def rnn_scene(line: str, overrides: tuple[Override, ...] = ()) -> Scene:
    """Return the scene of a small RNN trained on the line: two products, their sum, tanh, the prediction, the loss."""
    study, leaves = (
        encode_line(line),
        network_arrays(line, NetworkSetting("rnn", RNN_UNITS, trained=TRAINING_STEPS)),
    )
    ids, units, alphabet = study.ids[:-1], list(range(RNN_UNITS)), list(map(visible_symbol, study.alphabet))
    base = trace_cell("rnn", leaves, ids)
    now = trace_cell("rnn", leaves, ids, overrides) if overrides else base
    read, remembered = now.leaves["Wax"][:, now.ids].T, now.before["a"] @ now.leaves["Waa"].T  # each (T, units)
    z, ba = read + remembered + now.leaves["ba"][:, 0], now.leaves["ba"]
    came, steps = study.ids[1:], range(len(ids))
    zeros = np.zeros_like(ids)
    sums = [
        "\n".join(f"z{u + 1} = {read[s, u]:+.3f} {remembered[s, u]:+.3f} {ba[u, 0]:+.3f} ≈ {z[s, u]:+.3f}" for u in units)
        + "\n" + "\n".join(f"a{u + 1} = tanh({z[s, u]:+.3f}) ≈ {np.tanh(z[s, u]):+.3f}" for u in units)
        + _overrides_caption(overrides, s)
        for s in steps
    ]  # fmt: skip
    products = [format_product("Waa", now.leaves["Waa"], "a⟨t−1⟩", now.before["a"][s][:, None], remembered[s][:, None]) for s in steps]  # fmt: skip
    columns = [t("x is one-hot: Wax · x is column {column} of Wax, that of {letter}.", column=i + 1, letter=alphabet[i]) for i in now.ids]  # fmt: skip
    parts = [
        ScenePart(t("Read the input"), [animated_text(columns), animated_input_letter(now.ids, study.alphabet, t("reads")), weights_in_expander("Wax", [weight_bars(now, leaves, "Wax", units, now.ids)])]),
        ScenePart(t("Remember"), [animated_formula(products), weight_matrix(now, leaves, "Waa", [f"a{u + 1}" for u in units])]),
        ScenePart(t("Add, then squash"), [animated_formula(sums), value_bars(now, base, "a", units), weights_in_expander("ba", [weight_bars(now, leaves, "ba", units, zeros)])]),
        ScenePart(t("Predict"), [animated_text(["ŷ = softmax(Wya · a + by)"] * len(ids)), animated_predictions(now.y_hat, study.alphabet, base.y_hat), weight_matrix(now, leaves, "Wya", [f"a{u + 1}" for u in units], alphabet)]),
        ScenePart(t("Compare, pass on"), [animated_text(_loss_sentences(now, came, alphabet)), animated_text([t("The state a is all that the next step knows about the line.")] * len(ids))]),
    ]  # fmt: skip
    values = {
        "letter": [alphabet[i] for i in now.ids], "read": round_values(read), "remembered": round_values(remembered),
        "past": round_values(now.before["a"]), "a": round_values(now.values["a"]), "guesses": likeliest_symbol_texts(now.y_hat, alphabet),
        "came": [alphabet[i] for i in came], "loss": round_values(_target_losses(now, came)),
    }  # fmt: skip
    return _cell_scene(parts, now, base, came, alphabet, diagrams.draw_rnn(values))


def back_scene(line: str, at: int) -> Scene:
    """Return the scene of the error of one prediction, that of step `at` (from 1), as it goes back through the RNN of
    `rnn_scene`: at each step through tanh, into the gradient of Waa, and through Waaᵀ to the step before."""
    study, leaves = encode_line(line), network_arrays(line, NetworkSetting("rnn", RNN_UNITS, trained=TRAINING_STEPS))
    a, caches = hidden_states("rnn", leaves)
    mask = np.zeros((1, len(line)))
    mask[0, at - 1] = 1
    wrong = cross_entropy_backward(dense_forward(a, leaves["Wya"], leaves["by"]), study.targets, mask)
    da = dense_backward(wrong, a, leaves["Wya"]).da[:, :, at - 1]
    backs, arriving = [], [da]
    for held in reversed(caches[:at]):
        backs.append(CELLS["rnn"].cell_backward(arriving[-1], held))
        arriving.append(backs[-1]["da_prev"])
    states, past = (np.array([getattr(held, name)[:, 0] for held in reversed(caches[:at])]) for name in ("a", "a_prev"))
    arrived, passed = (np.array(rows)[:, :, 0] for rows in (arriving[:-1], arriving[1:]))  # (steps back, units)
    error, products = np.array([back["dba"][:, 0] for back in backs]), np.array([back["dWaa"] for back in backs])
    norms, learnt = np.linalg.norm(error, axis=1), np.linalg.norm(np.cumsum(products, axis=0), axis=(1, 2))
    left, units, steps = norms / max(float(norms[0]), 1e-300), range(RNN_UNITS), range(at)
    letters = [visible_symbol(symbol) for symbol in reversed(line[:at])]
    captions = [
        t_count("Step {step}, “{letter}”: {n} step back, {share} of the error is left.",
                "Step {step}, “{letter}”: {n} steps back, {share} of the error is left.", s,
                step=at - s, letter=letters[s], share=remaining_share_text(float(left[s])))
        if s else t("Step {step}, “{letter}”: the error of this prediction starts here.", step=at, letter=letters[0])
        for s in steps
    ]  # fmt: skip
    comes = [
        t("From step {step}:", step=at - s + 1) + "\nda = Waaᵀ · dz" if s else t("From this step's prediction:") + "\nda = Wyaᵀ · (ŷ − y)"
        for s in steps
    ]  # fmt: skip
    bends = ["\n".join(f"dz{u + 1} = {arrived[s, u]:+.3f} · (1 − {abs(states[s, u]):.3f}²) ≈ {error[s, u]:+.3f}" for u in units) for s in steps]  # fmt: skip
    outer = ["\n".join(["dz · a⟨t−1⟩ᵀ:", *(f"  [{' '.join(f'{w:+.3f}' for w in row)}]" for row in products[s])]) for s in steps]  # fmt: skip
    returns = [format_product("Waaᵀ", leaves["Waa"].T, "dz", error[s][:, None], passed[s][:, None]) for s in steps]
    parts = [
        ScenePart(t("The error arrives"), [animated_text(comes)]),
        ScenePart(t("Through tanh"), [animated_formula(bends), animated_text([t("Where the state is near ±1, hardly anything passes.")] * at)]),
        ScenePart(t("Teach the weights"), [animated_formula(outer), animated_text([t("Added to ∂E/∂Waa, as Waa was used at this step too.")] * at)]),
        ScenePart(t("Through Waaᵀ, one step back"), [animated_formula(returns)]),
    ]  # fmt: skip
    values = {
        "arrived": round_values(arrived), "slope": round_values(1 - states**2), "error": round_values(error),
        "past": round_values(past), "passed": round_values(passed), "learnt": round_values(learnt),
        "loss": [t("step {step}", step=at), *["–"] * (at - 1)],
    }  # fmt: skip
    curve = animated_curves(
        [t("share of the error left")], left[:, None], float(left.max()), x=t("steps back"), first=0
    )
    return Scene(
        parts, letters, 1.2, captions=captions, diagram=diagrams.draw_back(values), foot=[curve], backwards=True
    )


def unit_scene(
    cell: str,
    leaves: Leaves,
    ids: Array,
    came: Array,
    symbols: Sequence[str],
    unit: int,
    overrides: tuple[Override, ...] = (),
) -> Scene:
    """Return the scene of one unit of a trained LSTM or GRU: its gates and state, and what the network predicts.

    `ids` are read and `came` are the actual next ones, `(T,)` each; `symbols` is the alphabet.
    """
    alphabet = list(map(visible_symbol, symbols))
    base = trace_cell(cell, leaves, ids)
    now = trace_cell(cell, leaves, ids, overrides) if overrides else base
    v = {name: rows[:, unit] for name, rows in now.values.items()}
    before = {name: rows[:, unit] for name, rows in now.before.items()}
    steps, bars = range(len(ids)), partial(value_bars, now, base, units=[unit])
    read = ScenePart(
        t("Read the input"),
        [animated_input_letter(now.ids, symbols, t("reads")), animated_text([t("The letter and the {n} numbers of a⟨t−1⟩ go to every gate.", n=now.before["a"].shape[1])] * len(ids))],
    )  # fmt: skip
    guess = ScenePart(
        t("Predict"),
        [animated_text(_loss_sentences(now, came, alphabet)), animated_predictions(now.y_hat, symbols, base.y_hat)],
    )
    gates = {name: _gate_tracks(name, now, leaves, unit, overrides) for name in v if name in _GATE_WEIGHTS[cell]}
    if cell == "lstm":
        kept, written = v["Γf"] * before["c"], v["Γi"] * v["c̃"]
        keeps = [f"Γf · c⟨t−1⟩ = {v['Γf'][s]:.3f} · {before['c'][s]:+.3f} = {kept[s]:+.3f}" for s in steps]
        writes = [
            f"Γi · c̃ = {v['Γi'][s]:.3f} · {v['c̃'][s]:+.3f} = {written[s]:+.3f}\n"
            f"c⟨t⟩ = {kept[s]:+.3f} {written[s]:+.3f} ≈ {kept[s] + written[s]:+.3f}{_overrides_caption(overrides, s, 'c')}"
            for s in steps
        ]
        shows = [
            f"a⟨t⟩ = Γo · tanh(c⟨t⟩)\n     = {v['Γo'][s]:.3f} · {np.tanh(v['c'][s]):+.3f} "
            f"≈ {v['Γo'][s] * np.tanh(v['c'][s]):+.3f}{_overrides_caption(overrides, s)}"
            for s in steps
        ]
        parts = [
            read,
            ScenePart(t("Keep: the forget gate"), [animated_formula(keeps), bars("Γf"), *gates["Γf"]]),
            ScenePart(t("Write: input gate × candidate"), [animated_formula(writes), bars("Γi"), bars("c̃"), bars("c"), *gates["Γi"], *gates["c̃"]]),
            ScenePart(t("Show: the output gate"), [animated_formula(shows), bars("Γo"), bars("a"), *gates["Γo"]]),
            guess,
        ]  # fmt: skip
        extra, draw = {"kept": kept, "written": written, "c before": before["c"]}, diagrams.draw_lstm
    else:
        kept, written = v["Γz"] * before["a"], (1 - v["Γz"]) * v["c̃"]
        proposes = [f"ã = tanh(letter + Γr · past)\n  = {v['c̃'][s]:+.3f},  Γr = {v['Γr'][s]:.3f}" for s in steps]
        mixes = [
            f"Γz · a⟨t−1⟩ = {v['Γz'][s]:.3f} · {before['a'][s]:+.3f} = {kept[s]:+.3f}\n"
            f"(1 − Γz) · ã = {1 - v['Γz'][s]:.3f} · {v['c̃'][s]:+.3f} = {written[s]:+.3f}\n"
            f"a⟨t⟩ = {kept[s]:+.3f} {written[s]:+.3f} ≈ {kept[s] + written[s]:+.3f}{_overrides_caption(overrides, s)}"
            for s in steps
        ]
        parts = [
            read,
            ScenePart(t("Propose: the reset gate"), [animated_formula(proposes), bars("Γr"), *gates["Γr"]]),
            ScenePart(t("Mix: the update gate"), [animated_formula(mixes), bars("Γz"), bars("a"), *gates["Γz"]]),
            guess,
        ]  # fmt: skip
        extra, draw = (
            {"kept": kept, "written": written, "a before": before["a"], "1 − Γz": 1 - v["Γz"]},
            diagrams.draw_gru,
        )
    values = {"letter": [alphabet[i] for i in now.ids], "guesses": likeliest_symbol_texts(now.y_hat, alphabet)}
    values |= {name: round_values(row) for name, row in {**v, **extra}.items()}
    return _cell_scene(parts, now, base, came, alphabet, draw(values, unit, now.before["a"].shape[1]), part=1)


_GATE_WEIGHTS = {"lstm": {"Γf": "f", "Γi": "i", "c̃": "c", "Γo": "o"}, "gru": {"Γz": "z", "Γr": "r"}}


def overrides_of_cell(cell: str, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """Return those overrides whose tensors exist in this cell, an LSTM or a GRU."""
    letters = _GATE_WEIGHTS[cell]
    own = {"x", "a", *letters, *(f"{kind}{q}" for kind in "Wb" for q in letters.values())}
    return tuple(o for o in overrides if o.name in own or (o.name, cell) == ("c", "lstm"))


def _gate_tracks(name: str, now: CellTrace, leaves: Leaves, unit: int, overrides: tuple[Override, ...]) -> list[Track]:
    """Return two animated figures of a gate: its formula in numbers, and its weights, which a visitor may change."""
    q = {**_GATE_WEIGHTS["lstm"], **_GATE_WEIGHTS["gru"]}[name]
    W, b, n_a = now.leaves[f"W{q}"], float(now.leaves[f"b{q}"][unit, 0]), now.before["a"].shape[1]
    past, letter = now.before["a"] @ W[unit, :n_a], W[unit, n_a + now.ids]
    bend, function = ("tanh", np.tanh) if name == "c̃" else ("σ", sigmoid)
    sums = [
        t("{gate} = {bend}(past + letter + bias)", gate=name, bend=bend)
        + f"\n   = {bend}({p:+.2f} {x:+.2f} {b:+.2f}) ≈ {function(p + x + b):.3f}{_overrides_caption(overrides, s, (name,))}"
        for s, (p, x) in enumerate(zip(past, letter, strict=True))
    ]
    weights = [
        weight_bars(now, leaves, f"b{q}", [unit], 0 * now.ids),
        weight_bars(now, leaves, f"W{q}", [unit], n_a + now.ids),
    ]
    return [animated_formula(sums), weights_in_expander(f"b{q}, W{q}", weights)]


def _cell_scene(
    parts: Sequence[ScenePart], now: CellTrace, base: CellTrace, came: Array, alphabet: Sequence[str], drawing: Any,
    part: int = 0,
) -> Scene:  # fmt: skip
    """Return the scene of a cell: its parts, its drawing, captions, and how far overrides move the predictions."""
    moved = np.abs(now.y_hat - base.y_hat).sum(axis=1) / 2
    read = [alphabet[i] for i in now.ids]
    return Scene(parts, read, 1.2, round_values(moved), _captions(now, base, came, alphabet), drawing, part)


def _target_losses(now: CellTrace, came: Array) -> Array:
    """Return the loss of each step, in nats, `(T,)`."""
    return -np.log(np.maximum(now.y_hat[np.arange(len(came)), came], 1e-30))


def _loss_sentences(now: CellTrace, came: Array, alphabet: Sequence[str]) -> list[str]:
    """Return a sentence for each step: the actual next letter, its probability and the loss."""
    return [
        t("Actual next letter: {came} ({share}). E = −log {p} = {nats} nats.", came=alphabet[i], share=format_percentage(p, 0), p=format_decimal(p, 3), nats=format_decimal(e, 2))
        for i, e in zip(came, _target_losses(now, came), strict=True) for p in [np.exp(-e)]
    ]  # fmt: skip


def _captions(now: CellTrace, base: CellTrace, came: Array, alphabet: Sequence[str]) -> list[str]:
    """Return a caption for each step: what is read, predicted and actual, and the prediction without changes."""
    rows = []
    for id_, p, before, target in zip(now.ids, now.y_hat, base.y_hat, came, strict=True):
        best, once = int(p.argmax()), int(before.argmax())
        caption = t(
            "Reads “{read}”, predicts “{guess}” ({share}); actual: “{came}” ({given}).",
            read=alphabet[id_], guess=alphabet[best], share=format_percentage(p[best], 0), came=alphabet[target], given=format_percentage(p[target], 0),
        )  # fmt: skip
        other = t(
            "Without your changes: “{guess}” ({share}).", guess=alphabet[once], share=format_percentage(before[once], 0)
        )
        rows.append(f"{caption} {other}" if best != once else caption)
    return rows


def _overrides_caption(overrides: tuple[Override, ...], step: int, names: Sequence[str] = "a") -> str:
    """Return a line that says which of these gates or states a visitor set at a step, or nothing."""
    own = [
        f"{each.name}{each.row + 1} = {each.value:g}"
        for each in overrides
        if each.step == step + 1 and each.name in names
    ]
    return "\n" + t("Set by hand: {numbers}", numbers=", ".join(own)) if own else ""


def _bar_limit(weight: Array) -> float:
    return max(1.0, float(np.abs(weight).max()))


class CellTrainingSetting(NamedTuple):
    """How a network is trained on the visitor's line: its cell (a key of `CELL_LABELS`), and whether gradients are clipped."""

    cell: str = "rnn"
    clipped: bool = True


def train_cell_on_line(line: str, setting: CellTrainingSetting) -> tuple[Array, Array]:
    """Return ŷ `(T, n_y)` of the line after training on it, and the loss at each step of training, in nats."""
    weights, loss = descent.train_cell(line, *setting)
    return trace_cell(setting.cell, weights, encode_line(line).ids[:-1]).y_hat, loss


def compared_trainings_scene(line: str, runs: Sequence[tuple[str, CellTrainingSetting]]) -> Scene:
    """Return the scene of two trained cells that read one line at the same time: what each predicts at each step."""
    study, parts = encode_line(line), []
    targets, T = study.ids[1:], len(line)
    for name, setting in runs:
        y_hat, losses = train_cell_on_line(line, setting)
        p = np.nan_to_num(y_hat, nan=0.0)
        p_target = p[np.arange(T), targets]
        best = p.argmax(axis=1)
        captions = [
            t(
                "predicts {bet} ({sure}); actual: {came} ({given})",
                sure=format_percentage(row[i], 0), bet=visible_symbol(study.alphabet[i]), came=visible_symbol(study.alphabet[target]), given=format_percentage(p_, 0),
            )
            for row, i, target, p_ in zip(p, best.tolist(), targets.tolist(), p_target, strict=True)
        ]  # fmt: skip
        right = t("{n} of {all} correct", n=format_decimal(int((best == targets).sum())), all=format_decimal(T))
        shown = np.where(np.arange(T)[None] <= np.arange(T)[:, None], p_target[None], 0.0)
        tracks = [
            animated_text(captions),
            animated_symbols([*map(visible_symbol, line[1:]), END], shown, label=t("probability of each actual letter so far")),
            animated_predictions(p, study.alphabet),
        ]  # fmt: skip
        learnt = t(
            "trained to {nats} nats per character in {n} steps",
            nats=format_decimal(float(losses[-1]), 2),
            n=len(losses) - 1,
        )
        parts.append(ScenePart(name, tracks, about=f"{right} · {learnt}"))
    return Scene(parts, list(map(visible_symbol, line)))
