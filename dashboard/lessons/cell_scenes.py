"""A cell at play on a line, in numbers that can be touched; and two of them side by side.

Every number is drawn beside what it is where nothing was changed, so that a touch shows as far as it reaches.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dashboard.lessons import descent
from dashboard.lessons.scenes import (
    NUM_GUESSES_SHOWN,
    Scene,
    ScenePart,
    Track,
    bar_track,
    curve_track,
    letter_track,
    make_touchable,
    round_values,
    text_track,
)
from dashboard.lessons.steps import format_product, vector
from dashboard.lessons.study import CELL_LABELS, END, NetworkSetting, line_of, network_leaves, visible_symbol
from dashboard.lessons.touches import CellTrace, Touch, trace_cell
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, format_percentage, mark, t
from pipeline.language_models.kneser_ney import train_kneser_ney

LABELS = {
    "Γf": mark("Γf, kept"), "Γi": mark("Γi, written"), "c̃": mark("c̃, offered"), "Γo": mark("Γo, shown"),
    "Γz": mark("Γz, kept"), "Γr": mark("Γr, seen"), "a": mark("the state after, a"), "c": mark("the cell after, c"),
}  # fmt: skip


def grid(weight: Array, before: Array, name: str, columns: Sequence[str]) -> Track:
    """A matrix of weights, the same at every step."""
    track = {
        "kind": "grid",
        "values": round_values(weight),
        "before": round_values(before),
        "columns": list(columns),
        "label": name,
    }
    return make_touchable(track, name, range(len(weight)))  # fmt: skip


def cell_scene(line: str, setting: NetworkSetting, touches: tuple[Touch, ...] = ()) -> Scene:
    """Each step of a cell on the line: what is read, its gates and the state that they make, the bets, what came."""
    study, parameters = line_of(line), network_leaves(line, setting)
    ids = study.ids[:-1]
    base = trace_cell(setting.cell, parameters, ids)
    now = trace_cell(setting.cell, parameters, ids, touches) if touches else base
    units = range(setting.n_a)
    tracks: list[Track] = [
        text_track(_describe_steps(now, base, study.ids[1:], study.alphabet)),
        letter_track(now.ids, study.alphabet, t("reads")),
        text_track([_step_calculation(setting.cell, now, step, touches) for step in range(len(line))]),
    ]
    for name, values in now.values.items():
        track = bar_track(
            [f"{name}{u + 1}" for u in units], values, before=base.values[name], label=t(LABELS[name]),
            limit=max(1.0, float(np.abs(values).max())),
        )  # fmt: skip
        tracks.append(track if setting.cell == "gru" and name == "c̃" else make_touchable(track, name, units))
    tracks += [prediction_track(now, base, study.alphabet), _weights(setting.cell, now, parameters, study.alphabet)]
    moved = np.abs(now.y_hat - base.y_hat).sum(axis=1) / 2
    read = [visible_symbol(study.alphabet[i]) for i in now.ids.tolist()]
    return Scene([ScenePart("", tracks)], read, moved=round_values(moved))


def prediction_track(now: CellTrace, base: CellTrace, alphabet: Sequence[str]) -> Track:
    """The likeliest next symbols of each step, with what each was where nothing is changed."""
    order = np.argsort(-now.y_hat, axis=1, kind="stable")[:, :NUM_GUESSES_SHOWN]
    columns = [[visible_symbol(alphabet[i]) for i in row] for row in order.T.tolist()]
    shares, before = (np.take_along_axis(each.y_hat, order, 1) for each in (now, base))
    return bar_track(columns, shares, before=before, label=t("its bets, best first"))


def _describe_steps(now: CellTrace, base: CellTrace, came: Array, alphabet: Sequence[str]) -> list[str]:
    """What each step reads, bets on and is surprised by; and what it would have bet on, where that is another."""
    rows = []
    for step, (id_, p, before, target) in enumerate(zip(now.ids, now.y_hat, base.y_hat, came, strict=True), 1):
        best, once = int(p.argmax()), int(before.argmax())
        said = t(
            "Step {step}: reads {read}, bets {sure} on {bet}; {came} came, at {given}: E = {nats} nats.",
            step=step, read=visible_symbol(alphabet[id_]), sure=format_percentage(p[best], 0), bet=visible_symbol(alphabet[best]),
            came=visible_symbol(alphabet[target]), given=format_percentage(p[target], 0), nats=format_decimal(-np.log(p[target]), 2),
        )  # fmt: skip
        if best != once:
            other = t(
                "Unchanged it bets {sure} on {bet}.",
                sure=format_percentage(before[once], 0),
                bet=visible_symbol(alphabet[once]),
            )
            said = f"{said} {other}"
        rows.append(said)
    return rows


def _step_calculation(cell: str, now: CellTrace, step: int, touches: tuple[Touch, ...]) -> str:
    """The formula of a step with its numbers, and which of its results were set by hand."""
    own = [
        f"{each.name}{each.row + 1} = {each.value:g}" for each in touches if each.step == step + 1 and each.name in "ac"
    ]
    by_hand = t("Set by hand: {numbers}", numbers=", ".join(own)) if own else ""
    return "\n".join([_formula(cell, now, step), *filter(None, [by_hand])])


def _formula(cell: str, now: CellTrace, step: int) -> str:
    a, before = now.values["a"][step], {name: rows[step] for name, rows in now.before.items()}
    if cell == "rnn":
        Waa, ba, look_up = now.leaves["Waa"], now.leaves["ba"], now.leaves["Wax"][:, now.ids[step]]
        past = Waa @ before["a"]
        sums = {t("Wax·x<t>, column {row} of Wax", row=int(now.ids[step]) + 1): look_up, "ba": ba}
        sums |= {t("z, the sum"): past + look_up + ba[:, 0], "a<t> = tanh(z)": a}
        wide = max(map(len, sums))
        product = format_product("Waa", Waa, "a<t-1>", before["a"][:, None], past[:, None])
        return "\n".join([product, "", *(f"{name:{wide}} = {vector(values)}" for name, values in sums.items())])
    v = {name: rows[step] for name, rows in now.values.items()}
    if cell == "lstm":
        rows = [
            f"c{u + 1} = Γf·c + Γi·c̃ = {v['Γf'][u]:.3f}·{before['c'][u]:+.3f} + {v['Γi'][u]:.3f}·{v['c̃'][u]:+.3f} = {v['c'][u]:+.3f}   "
            f"a{u + 1} = Γo·tanh(c) = {v['Γo'][u]:.3f}·{np.tanh(v['c'][u]):+.3f} = {a[u]:+.3f}"
            for u in range(len(a))
        ]
    else:
        rows = [
            f"a{u + 1} = Γz·a + (1 − Γz)·ã = {v['Γz'][u]:.3f}·{before['a'][u]:+.3f} + {1 - v['Γz'][u]:.3f}·{v['c̃'][u]:+.3f} = {a[u]:+.3f}"
            for u in range(len(a))
        ]
    return "\n".join(rows)


def _weights(cell: str, now: CellTrace, held: dict[str, Array], alphabet: Sequence[str]) -> Track:
    """The weights that meet the state, those of the letter read, and the biases, folded."""
    n_a = len(held["a0"])
    units, states = range(n_a), [f"a{u + 1}" for u in range(n_a)]
    tracks = []
    for name in now.leaves:
        weight, before = now.leaves[name], held[name]
        if name.startswith("W") and name not in ("Wax", "Wya"):
            tracks.append(grid(weight[:, :n_a], before[:, :n_a], name, states))
        elif name == "Wax":
            columns, rows = now.ids.tolist(), {"names": [f"{name}{u + 1}" for u in units]}
            track = bar_track(rows["names"], weight[:, now.ids].T, before=before[:, now.ids].T, label=t("{weight}, the column of the letter read", weight=name), limit=_limit(weight))  # fmt: skip
            tracks.append(make_touchable(track, name, units, columns=columns))
        elif name.startswith("b") and name != "by":
            values, old = (np.tile(each[:, 0], (len(now.ids), 1)) for each in (weight, before))
            track = bar_track([f"{name}{u + 1}" for u in units], values, before=old, label=name, limit=_limit(weight))
            tracks.append(make_touchable(track, name, units, columns=[0] * len(now.ids)))
        elif name == "Wya":
            tracks.append(grid(weight, before, name, states) | {"rows": list(map(visible_symbol, alphabet))})
    return {"kind": "fold", "label": t("The weights: change one, and every step follows"), "tracks": tracks}


def _limit(weight: Array) -> float:
    return max(1.0, float(np.abs(weight).max()))


# What can stand side by side, all learnt from the line alone
SIDE_MODEL_LABELS = {"n-gram": mark("n-gram of order 3"), **CELL_LABELS}


class SideSetting(NamedTuple):
    """One of two runs: a model of `SIDE_MODEL_LABELS`; of a network whether its gradient is clipped, where the forget bias of an
    LSTM starts, and from which step on its state is frozen (0: never)."""

    kind: str = "lstm"
    clipped: bool = True
    forget_bias: float = 1.0
    frozen: int = 0


class SideRun(NamedTuple):
    """What it foresees, ŷ `(T, n_y)`, and the loss as it learnt; empty for counts."""

    y_hat: Array
    loss: Array


def run_side(line: str, side: SideSetting) -> SideRun:
    """Learn the line, and read it."""
    study = line_of(line)
    if side.kind == "n-gram":
        model = train_kneser_ney([study.ids.astype(np.int32) + 4], len(study.alphabet) + 4, 3)  # after the marks
        contexts = model.contexts(study.ids.astype(np.int32) + 4)
        p = model.probabilities(contexts)[1:-1, 4:]
        return SideRun(p / p.sum(axis=1, keepdims=True), np.zeros(0))
    weights, loss = descent.learn_line(line, side.kind, side.forget_bias, 1.0 if side.clipped else None)
    return SideRun(trace_cell(side.kind, weights, study.ids[:-1], frozen=side.frozen or None).y_hat, loss)


def side_by_side(line: str, sides: Sequence[tuple[str, SideSetting]]) -> Scene:
    """Two runs over one line on one clock: name -> what it foresees at each step, and how it learnt."""
    study, parts = line_of(line), []
    targets, T = study.ids[1:], len(line)
    for name, side in sides:
        run = run_side(line, side)
        p = np.nan_to_num(run.y_hat, nan=0.0)
        p_target = p[np.arange(T), targets]
        nats = -np.log(np.maximum(p_target, 1e-12))
        best = p.argmax(axis=1)
        captions = [
            t(
                "bets {sure} on {bet}; {came} came, at {given}",
                sure=format_percentage(row[i], 0), bet=visible_symbol(study.alphabet[i]), came=visible_symbol(study.alphabet[target]), given=format_percentage(p_, 0),
            )
            for row, i, target, p_ in zip(p, best.tolist(), targets.tolist(), p_target, strict=True)
        ]  # fmt: skip
        right = t("{n} of {all} foreseen", n=format_decimal(int((best == targets).sum())), all=format_decimal(T))
        played = CellTrace(study.ids[:-1], {}, {}, {}, p)
        shown = np.where(np.arange(T)[None] <= np.arange(T)[:, None], p_target[None], 0.0)
        tracks = [
            text_track(captions),
            {"kind": "shades", "symbols": [*map(visible_symbol, line[1:]), END], "values": round_values(shown), "label": t("share of each letter that came, so far")},
            prediction_track(played, played, study.alphabet),
            curve_track([t("nats a character, so far")], (np.cumsum(nats) / np.arange(1, T + 1))[:, None], float(np.log(len(study.alphabet)) * 2)),
        ]  # fmt: skip
        learnt = t("learnt to {nats} nats in {n} steps", nats=format_decimal(float(run.loss[-1]), 2), n=len(run.loss) - 1) if len(run.loss) else t("counted once")  # fmt: skip
        parts.append(ScenePart(name, tracks, about=f"{right} · {learnt}"))
    return Scene(parts, list(map(visible_symbol, line)))
