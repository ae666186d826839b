"""Gradient descent and its three companions, as functions from one state to the next; and clipping, which cures
exploding gradients only (Pascanu, Mikolov & Bengio 2013).

Each optimiser is a frozen set of constants; `initial_state(weights)` gives its first state, `step(weights, gradients,
state)` new weights and the next state. Weights `{"Waa": …}` meet gradients `{"dWaa": …}`; other gradients are ignored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.cells.activations import Array

Weights = Mapping[str, Array]
Slots = dict[str, Array]


def clip_by_global_norm(gradients: Weights, limit: float) -> dict[str, Array]:
    """Return the gradients times min(1, limit/‖g‖₂), with the norm of all arrays together. Their direction stays.

    Keras: global_clipnorm.
    """
    norm = global_norm(gradients.values())
    factor = min(1.0, limit / norm) if norm else 1.0
    return {name: g * factor for name, g in gradients.items()}


def global_norm(arrays: Iterable[Array]) -> float:
    """Return the norm of all arrays together: √ of the sum of all squares."""
    return float(np.sqrt(sum(float(np.vdot(g, g).real) for g in arrays)))


@dataclass(frozen=True)
class OptimiserState:
    """Steps taken, and up to two moving averages for each weight: of g (v) and of g² (s)."""

    t: int
    v: Slots
    s: Slots


@dataclass(frozen=True)
class SGD:
    """w ← w − α·g, or with momentum β: v ← β·v − α·g, w ← w + v (Polyak 1964, as Keras writes it)."""

    learning_rate: float = 0.01
    momentum: float = 0.0

    def initial_state(self, weights: Weights) -> OptimiserState:
        return _zeros(weights)

    def step(self, weights: Weights, gradients: Weights, state: OptimiserState) -> tuple[Slots, OptimiserState]:
        v = {q: self.momentum * state.v[q] - self.learning_rate * gradients[f"d{q}"] for q in weights}
        return {q: w + v[q] for q, w in weights.items()}, OptimiserState(state.t + 1, v, state.s)


@dataclass(frozen=True)
class RMSprop:
    """s ← ρ·s + (1 − ρ)·g², w ← w − α·g/√(s + ε): ε inside the root, as Keras has it (Hinton 2012)."""

    learning_rate: float = 0.001
    rho: float = 0.9
    epsilon: float = 1e-7

    def initial_state(self, weights: Weights) -> OptimiserState:
        return _zeros(weights)

    def step(self, weights: Weights, gradients: Weights, state: OptimiserState) -> tuple[Slots, OptimiserState]:
        s = {q: _average(state.s[q], gradients[f"d{q}"] ** 2, self.rho) for q in weights}
        moved = {
            q: w - self.learning_rate * gradients[f"d{q}"] / np.sqrt(s[q] + self.epsilon) for q, w in weights.items()
        }
        return moved, OptimiserState(state.t + 1, state.v, s)


@dataclass(frozen=True)
class Adam:
    """Kingma & Ba 2015: w ← w − α·v̂/(√ŝ + ε), with v̂ = v/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ).

    Keras folds the corrections into the rate, so its ε ("epsilon hat") meets the uncorrected √s: `keras=True`.
    """

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    keras: bool = False

    def initial_state(self, weights: Weights) -> OptimiserState:
        return _zeros(weights)

    def step(self, weights: Weights, gradients: Weights, state: OptimiserState) -> tuple[Slots, OptimiserState]:
        t = state.t + 1
        v = {q: _average(state.v[q], gradients[f"d{q}"], self.beta_1) for q in weights}
        s = {q: _average(state.s[q], gradients[f"d{q}"] ** 2, self.beta_2) for q in weights}
        first, root = 1 - self.beta_1**t, np.sqrt(1 - self.beta_2**t)
        epsilon = self.epsilon / root if self.keras else self.epsilon
        rate = self.learning_rate / first
        moved = {q: w - rate * v[q] / (np.sqrt(s[q]) / root + epsilon) for q, w in weights.items()}
        return moved, OptimiserState(t, v, s)


Optimiser = SGD | RMSprop | Adam
OPTIMISERS: dict[str, Callable[[float], Optimiser]] = {  # the four of the article, by name, from a learning rate
    "SGD": lambda rate: SGD(rate),
    "Momentum": lambda rate: SGD(rate, momentum=0.9),
    "RMSprop": lambda rate: RMSprop(rate),
    "Adam": lambda rate: Adam(rate),
}


def _average(old: Array, new: Array, keep: float) -> Array:
    return keep * old + (1 - keep) * new


def _zeros(weights: Weights) -> OptimiserState:
    return OptimiserState(
        0, {q: np.zeros_like(w) for q, w in weights.items()}, {q: np.zeros_like(w) for q, w in weights.items()}
    )
