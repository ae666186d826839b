"""Numbers that a visitor changes (weights, gates, states, the letter read), and what becomes of the line.

An override names a tensor, the step at which it is changed (0: a weight, the same at every step), its entry and its
value. Overrides are written as text, in the address: `Waa.0.1.2=0.5 c.7.3=-1 x.4=12`. Other text is ignored.
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
_OVERRIDE_PATTERN = re.compile(r"([^\s.=]{1,4})\.(\d{1,3})\.(\d{1,4})(?:\.(\d{1,4}))?=(-?\d{1,4}(?:\.\d{1,5})?)")


class Override(NamedTuple):
    """A value that a visitor sets in a network: the entry (`row`, `column`), from 0, of the tensor `name` at a step,
    from 1. A weight has step 0: it is the same at all steps."""

    name: str
    step: int
    row: int
    column: int
    value: float

    @property
    def number_location(self) -> tuple[str, int, int, int]:
        """Where the changed number is: name of the tensor, step, row and column."""
        return self[:4]


def parse_number_overrides(text: str) -> tuple[Override, ...]:
    """Return the overrides in the text of an address, at most `MOST`. Of several for one number the last one counts.

    >>> parse_number_overrides("c.7.3=-1 nonsense Waa.0.1.2=0.5 c.7.3=2")
    (Override(name='c', step=7, row=3, column=0, value=2.0), Override(name='Waa', step=0, row=1, column=2, value=0.5))
    """
    overrides = {}
    for name, step, row, column, value in _OVERRIDE_PATTERN.findall(text):
        largest = np.inf if name == INPUT_LETTER_NAME else LARGEST
        number = float(np.clip(float(value), -largest, largest))
        override = Override(name, int(step), int(row), int(column or 0), number)
        overrides[override.number_location] = override
    return tuple(overrides.values())[-MOST:]


def write_overrides(overrides: Iterable[Override]) -> str:
    """Return overrides as the text that `parse_number_overrides` reads.

    >>> write_overrides(parse_number_overrides("Waa.0.1.2=0.50 c.7.3=-1"))
    'Waa.0.1.2=0.5 c.7.3.0=-1'
    """
    return " ".join(f"{t.name}.{t.step}.{t.row}.{t.column}={t.value:g}" for t in overrides)


class CellTrace(NamedTuple):
    """All numbers of a cell that reads a line; the first axis is the step, T."""

    ids: Array  # read, (T,)
    leaves: Leaves  # with the overridden weights
    before: dict[str, Array]  # states before each step, (T, n_a): a, and c of an LSTM
    values: dict[str, Array]  # every gate and state of `GATES` and `STATES`, (T, n_a)
    y_hat: Array  # (T, n_y)


def trace_cell(cell: str, start: Leaves, ids: Array, overrides: Iterable[Override] = ()) -> CellTrace:
    """Run a cell with these weights over ids, step by step. The values of `overrides` replace computed ones.

    Overrides of numbers that do not exist are ignored.
    """
    ids, leaves, by_step = ids.copy(), dict(start), _group_by_step(overrides)
    for override in by_step.get(0, []):
        _override_weight(leaves, override)
    for step, step_overrides in by_step.items():
        for override in step_overrides:
            is_letter = override.name == INPUT_LETTER_NAME and 0 < step <= len(ids)
            if is_letter and 0 <= override.value < start["Wya"].shape[0]:
                ids[step - 1] = int(override.value)
    layer = CELLS[cell].layer.from_keras(*CELLS[cell].to_keras(leaves))
    projected = layer.project(np.eye(layer.kernel.shape[0])[ids])[:, None]  # (T, 1, g·n_a)
    state = tuple(leaves[name].T for name in CELLS[cell].initial_state_names)
    before: list[tuple[Array, ...]] = []
    reports: list[dict[str, Array]] = []
    for step, z in enumerate(projected, 1):
        own, held_state = by_step.get(step, []), state
        after, gates = layer.step(z, state, lambda gates, own=own: _override_gates(gates, own))  # type: ignore[misc]
        state, report = _override_states(after, dict(gates), own)
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


def _group_by_step(overrides: Iterable[Override]) -> Mapping[int, list[Override]]:
    by_step: dict[int, list[Override]] = {}
    for override in overrides:
        by_step.setdefault(override.step, []).append(override)
    return by_step


def _override_weight(leaves: Leaves, override: Override) -> None:
    weight = leaves.get(override.name)
    if (
        weight is None
        or override.name not in weights_of(leaves)
        or override.row >= weight.shape[0]
        or override.column >= weight.shape[1]
    ):
        return
    leaves[override.name] = weight = weight.copy()
    weight[override.row, override.column] = override.value


def _override_gates(gates: Any, overrides: Iterable[Override]) -> Any:
    """Return the gates of a step with the overridden ones replaced; the gates of an RNN are its state."""
    for override in overrides:
        name = GATES.get(override.name, "")
        if hasattr(gates, name) and override.row < getattr(gates, name).shape[1]:
            changed = getattr(gates, name).copy()
            changed[0, override.row] = override.value
            gates = gates._replace(**{name: changed})
    return gates


def _override_states(
    state: tuple[Array, ...], report: dict[str, Array], overrides: Iterable[Override]
) -> tuple[tuple[Array, ...], dict[str, Array]]:
    """Return the states and the recorded values of a step with overrides applied. A new c also changes a."""
    parts = dict(zip("ac", state, strict=False))
    for override in sorted(overrides, key=lambda each: each.name, reverse=True):  # c first
        if override.name in parts and override.row < parts[override.name].shape[1]:
            parts[override.name] = parts[override.name].copy()
            parts[override.name][0, override.row] = override.value
            if override.name == "c":
                parts["a"] = report["output"] * np.tanh(parts["c"])
    report |= {STATES[name]: part for name, part in parts.items()}
    return tuple(parts.values()), report
