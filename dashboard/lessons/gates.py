"""A trained character network over a line: its gates, the units that fire somewhere, what changes when one is forced."""

from collections.abc import Callable
from typing import Any

import numpy as np

from pipeline.cells.activations import Array, softmax
from pipeline.cells.replay import Network
from pipeline.core.translation import mark
from pipeline.language.vocabulary import LINE, SONG, Vocabulary

NAMES = {
    "input": mark("input gate Γi"),
    "forget": mark("forget gate Γf"),
    "candidate": mark("candidate c̃"),
    "output": mark("output gate Γo"),
    "cell": mark("new cell state c"),
    "hidden": mark("state a"),
    "update": mark("update gate Γz"),
    "reset": mark("reset gate Γr"),
}
Intervention = Callable[[int], Callable[[Any], Any] | None]  # step -> what changes its gates, or None


def tokens_of(text: str, vocabulary: Vocabulary) -> Array:
    """Return `<song>` and the characters of the line as ids, int `(T + 1,)`; unknown characters are `<unk>`."""
    return np.concatenate([[SONG], vocabulary.encode(text)])


def trace_gates(network: Network, tokens: Array) -> dict[str, Array]:
    """Return every gate of the last layer after each character, `(T, units)`, without the step that reads `<song>`."""
    traced = network.trace(tokens[None])
    return {name: values[0, 1:] for name, values in traced.layers[-1].items()}


def force_gate(gate: str, unit: int | None, value: float, at: int | None) -> Intervention:
    """Return an intervention that sets `gate` of one unit (None: all) to `value` at one step (None: every step)."""

    def at_step(t: int) -> Callable[[Any], Any] | None:
        if at is not None and t != at:
            return None

        def set_gate(gates: Any) -> Any:
            changed = getattr(gates, gate).copy()
            changed[:, slice(None) if unit is None else unit] = value
            return gates._replace(**{gate: changed})

        return set_gate

    return at_step


def continue_text(
    network: Network, tokens: Array, intervene: Intervention | None, length: int = 60
) -> tuple[list[int], Array]:
    """Read the line with an intervention, then continue it greedily; return the ids, and ŷ after the line `(V,)`."""
    state = network.initial_state()
    logits = np.zeros((1, network.vocabulary_size))
    for step, token in enumerate(tokens.tolist()):
        change = intervene(step) if intervene else None
        logits, state = network.step([token], state, {len(network.layers) - 1: change} if change else None)
    first = softmax(logits[0].astype(float))
    generated: list[int] = []
    for _ in range(length):
        masked = logits[0].copy()
        masked[:SONG] = np.where(np.arange(SONG) == LINE, masked[:SONG], -np.inf)  # no <pad>, no <unk>
        token = int(masked.argmax())
        generated.append(token)
        if token == SONG:
            break
        logits, state = network.step([token], state)
    return generated, first
