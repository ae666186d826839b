"""Numbers that a visitor changes (weights, gates, states, the letter read), and what becomes of the line.

A touch names a tensor, the step at which it is changed (0: a weight, the same at every step), and its entry. Touches
travel as text, in the address: `Waa.0.1.2=0.5 c.7.3=-1 x.4=12`. Other text is ignored.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from dashboard.lessons.study import Leaves, weights_of
from pipeline.cells.activations import Array, softmax
from pipeline.cells.registry import CELLS

MOST, LARGEST = 24, 9.99
INPUT_LETTER_NAME = "x"  # the letter that is read: its value is a number of the alphabet
# tensor -> its name among what a layer's step reports
GATES = {"Γf": "forget", "Γi": "input", "c̃": "candidate", "Γo": "output", "Γz": "update", "Γr": "reset"}
STATES = {"a": "hidden", "c": "cell"}
_TOUCH_PATTERN = re.compile(r"([^\s.=]{1,4})\.(\d{1,3})\.(\d{1,4})(?:\.(\d{1,4}))?=(-?\d{1,4}(?:\.\d{1,5})?)")


class Touch(NamedTuple):
    """One number that a visitor changed: entry `row`, of a matrix also `column`, both from 0, at a step (0: a weight)."""

    name: str
    step: int
    row: int
    column: int
    value: float

    @property
    def place(self) -> tuple[str, int, int, int]:
        """Which number it is: name, step, row and column."""
        return self[:4]


def read_touches(text: str) -> tuple[Touch, ...]:
    """Return the touches of a text, each number once, `MOST` at most.

    >>> read_touches("c.7.3=-1 nonsense Waa.0.1.2=0.5 c.7.3=2")
    (Touch(name='c', step=7, row=3, column=0, value=2.0), Touch(name='Waa', step=0, row=1, column=2, value=0.5))
    """
    touches = {}
    for name, step, row, column, value in _TOUCH_PATTERN.findall(text):
        largest = np.inf if name == INPUT_LETTER_NAME else LARGEST
        touch = Touch(name, int(step), int(row), int(column or 0), float(np.clip(float(value), -largest, largest)))
        touches[touch.place] = touch
    return tuple(touches.values())[-MOST:]


def write_touches(touches: Iterable[Touch]) -> str:
    """Return touches as text that `read_touches` reads.

    >>> write_touches(read_touches("Waa.0.1.2=0.50 c.7.3=-1"))
    'Waa.0.1.2=0.5 c.7.3.0=-1'
    """
    return " ".join(f"{t.name}.{t.step}.{t.row}.{t.column}={t.value:g}" for t in touches)


class CellTrace(NamedTuple):
    """All numbers of a cell that reads a line; the first axis is the step, T."""

    ids: Array  # read, (T,)
    leaves: Leaves  # with the weights that were touched
    before: dict[str, Array]  # states before each step, (T, n_a): a, and c of an LSTM
    values: dict[str, Array]  # every gate and state of `GATES` and `STATES`, (T, n_a)
    y_hat: Array  # (T, n_y)


def trace_cell(cell: str, start: Leaves, ids: Array, touches: Iterable[Touch] = ()) -> CellTrace:
    """Read ids with these leaves, step by step, with the numbers changed that `touches` name.

    Touches of numbers that do not exist are ignored.
    """
    ids, leaves, by_step = ids.copy(), dict(start), _sorted_by_step(touches)
    for touch in by_step.get(0, []):
        _set_weight(leaves, touch)
    for step, step_touches in by_step.items():
        for touch in step_touches:
            if touch.name == INPUT_LETTER_NAME and 0 < step <= len(ids) and 0 <= touch.value < start["Wya"].shape[0]:
                ids[step - 1] = int(touch.value)
    layer = CELLS[cell].layer.from_keras(*CELLS[cell].to_keras(leaves))
    projected = layer.project(np.eye(layer.kernel.shape[0])[ids])[:, None]  # (T, 1, g·n_a)
    state = tuple(leaves[name].T for name in CELLS[cell].first_states)
    before: list[tuple[Array, ...]] = []
    reports: list[dict[str, Array]] = []
    for step, z in enumerate(projected, 1):
        step_touches, held_state = by_step.get(step, []), state
        after, gates = layer.step(z, state, lambda gates, step_touches=step_touches: _with_gates(gates, step_touches))  # type: ignore[misc]
        state, report = _with_states(after, dict(gates), step_touches)
        before.append(held_state)
        reports.append(report)
    values = {
        name: np.concatenate([report[key] for report in reports])
        for name, key in {**GATES, **STATES}.items()
        if key in reports[0]
    }
    y_hat = softmax(values["a"] @ leaves["Wya"].T + leaves["by"][:, 0], axis=1)
    names = CELLS[cell].states
    carried = {name: np.concatenate([row[i] for row in before]) for i, name in enumerate(names)}
    return CellTrace(ids, leaves, carried, values, y_hat)


def _sorted_by_step(touches: Iterable[Touch]) -> Mapping[int, list[Touch]]:
    by_step: dict[int, list[Touch]] = {}
    for touch in touches:
        by_step.setdefault(touch.step, []).append(touch)
    return by_step


def _set_weight(leaves: Leaves, touch: Touch) -> None:
    weight = leaves.get(touch.name)
    if (
        weight is None
        or touch.name not in weights_of(leaves)
        or touch.row >= weight.shape[0]
        or touch.column >= weight.shape[1]
    ):
        return
    leaves[touch.name] = weight = weight.copy()
    weight[touch.row, touch.column] = touch.value


def _with_gates(gates: Any, touches: Iterable[Touch]) -> Any:
    """Return the gates of a step with the touched ones changed; the gates of an RNN are its state."""
    for touch in touches:
        name = GATES.get(touch.name, "")
        if hasattr(gates, name) and touch.row < getattr(gates, name).shape[1]:
            changed = getattr(gates, name).copy()
            changed[0, touch.row] = touch.value
            gates = gates._replace(**{name: changed})
    return gates


def _with_states(
    state: tuple[Array, ...], report: dict[str, Array], touches: Iterable[Touch]
) -> tuple[tuple[Array, ...], dict[str, Array]]:
    """Return the states of a step and its report with the touched ones changed; a changed c also changes a."""
    parts = dict(zip("ac", state, strict=False))
    for touch in sorted(touches, key=lambda touch: touch.name, reverse=True):  # c first
        if touch.name in parts and touch.row < parts[touch.name].shape[1]:
            parts[touch.name] = parts[touch.name].copy()
            parts[touch.name][0, touch.row] = touch.value
            if touch.name == "c":
                parts["a"] = report["output"] * np.tanh(parts["c"])
    report |= {STATES[name]: part for name, part in parts.items()}
    return tuple(parts.values()), report
