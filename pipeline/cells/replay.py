"""A language model's network: its one description, as Keras builds it, and its replay. Keras trained it, these few
products play it.

embedding → recurrent layers → (a projection, when the output is tied to the embedding) → logits. Knows nothing of text:
tokens in, logits out. Equal to Keras within 5e-6 in float32 and 1e-13 in float64 (tests/cells/test_replay.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.cells.activations import Array
from pipeline.cells.cell import Gates, GateTransform, LayerState, RecurrentLayer
from pipeline.cells.registry import CELLS
from pipeline.core.errors import RunError


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """The sizes of a network: embedding -> recurrent layers -> logits.

    cell               a name in `registry.CELLS`
    tied               whether the embedding matrix serves as output matrix too, after a projection if the sizes differ
    dropout            share of the hidden values left out at each step of training
    recurrent_dropout  share of the recurrent weights left out, one draw a window
    conditions         control tokens: the last entries of the vocabulary, which are read and never predicted
    """

    cell: str
    units: int
    layers: int
    embedding: int
    tied: bool
    vocabulary_size: int
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    conditions: int = 0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise RunError(
                "config.json: unknown cell {cell!r}; choose one of {known}.", cell=self.cell, known=", ".join(CELLS)
            )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "NetworkSpec":
        """Read what `to_json` wrote, ignoring other keys. Raise RunError when a key is missing or the cell unknown."""
        data = data if isinstance(data, Mapping) else {}
        missing = [field.name for field in fields(cls) if field.default is MISSING and field.name not in data]
        if missing:
            raise RunError("config.json: {missing} missing. Train the model again.", missing=", ".join(missing))
        return cls(**{field.name: data[field.name] for field in fields(cls) if field.name in data})

    @property
    def variables(self) -> int:
        """How many Keras variables a recurrent layer has."""
        return len(CELLS[self.cell].keras_shapes(1, 1))

    def weight_shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the weights, in Keras's order: embedding `(V, E)`; the variables of each layer; then, untied,
        kernel `(units, V)` and bias `(V,)`; or, tied, a projection `(units, E)` if units ≠ E, and the bias.
        """
        shapes: list[tuple[int, ...]] = [(self.vocabulary_size, self.embedding)]
        n_x = self.embedding
        for _ in range(self.layers):
            shapes += CELLS[self.cell].keras_shapes(n_x, self.units)
            n_x = self.units
        if not self.tied:
            shapes.append((self.units, self.vocabulary_size))
        elif self.units != self.embedding:
            shapes.append((self.units, self.embedding))
        return [*shapes, (self.vocabulary_size,)]


State = tuple[LayerState, ...]  # one per layer: (h,), or (h, c) for an LSTM; each (batch, units)
# embedding·kernel + bias of every token is kept as a table up to this many numbers (36 MB in float32): all models of
# characters, those of 4,132 pieces, and small word models. Above, that product is computed when a token is read, and
# kept up to as many numbers.
MAX_TABLE_NUMBERS = 9_000_000
STEPS_PER_BLOCK = 256  # time steps whose projections are held at once: bounds memory on a long text


@dataclass(frozen=True)
class NetworkTrace:
    """All numbers of a network that reads tokens: logits `(batch, time, V)`, each layer's gates `(batch, time, units)`.

    Gates by cell: rnn: hidden; lstm: input, forget, candidate, output, cell, hidden; gru: update, reset, candidate,
    hidden.
    """

    logits: Array
    layers: tuple[Gates, ...]
    state: State


@dataclass(frozen=True)
class Network:
    """The weights of a language model, laid out for stepping. Build one with `network_from_weights`.

    embedding `(V, E)`, table `(V, g·units)` or None, projection `(units, E)` or None, output_kernel `(units or E, V)`.
    """

    embedding: Array
    table: Array | None
    layers: tuple[RecurrentLayer, ...]
    projection: Array | None
    output_kernel: Array
    output_bias: Array

    @property
    def vocabulary_size(self) -> int:
        return int(self.embedding.shape[0])

    def initial_state(self, batch: int = 1) -> State:
        """Return zero states, as before the first token."""
        return tuple(layer.initial_state(batch) for layer in self.layers)

    def step(
        self, tokens: npt.ArrayLike, state: State, alter: Mapping[int, GateTransform] | None = None
    ) -> tuple[Array, State]:
        """Read one token: tokens int `(batch,)` → logits `(batch, V)` and the next state.

        `alter` maps a layer's index to a function from its gates to the gates to use instead.
        """
        logits, state, _ = self._step(tokens, state, alter or {})
        return logits, state

    def run(self, tokens: npt.ArrayLike, state: State | None = None) -> tuple[Array, State]:
        """Read whole sequences: tokens int `(batch, time)` → logits `(batch, time, V)` and the last state."""
        tokens = np.asarray(tokens)
        batch, time = tokens.shape
        state = self.initial_state(batch) if state is None else state
        logits = np.empty((batch, time, self.vocabulary_size), self.embedding.dtype)
        for start in range(0, time, STEPS_PER_BLOCK):
            block = slice(start, start + STEPS_PER_BLOCK)
            hidden, state = self._run_layers(tokens[:, block].T, state)
            logits[:, block] = self.read_out(hidden).swapaxes(0, 1)
        return logits, state

    def states(self, tokens: npt.ArrayLike) -> Array:
        """Return the last layer's hidden states `(batch, time, units)` on sequences of tokens, int `(batch, time)`."""
        tokens = np.asarray(tokens)
        return self._run_layers(tokens.T, self.initial_state(len(tokens)))[0].swapaxes(0, 1)

    def trace(
        self, tokens: npt.ArrayLike, state: State | None = None, alter: Mapping[int, GateTransform] | None = None
    ) -> NetworkTrace:
        """Read whole sequences as `run` does, and return every gate of every layer at every step."""
        tokens = np.asarray(tokens)
        state = self.initial_state(len(tokens)) if state is None else state
        logits, steps = [], []
        for column in tokens.T:
            step_logits, state, gates = self._step(column, state, alter or {})
            logits.append(step_logits)
            steps.append(gates)
        layers = tuple(
            {name: np.stack([step[i][name] for step in steps], axis=1) for name in steps[0][i]}
            for i in range(len(self.layers))
        )
        return NetworkTrace(np.stack(logits, axis=1), layers, state)

    def read_out(self, hidden: Array) -> Array:
        """Return the logits `(…, V)` of the last layer's hidden states `(…, units)`."""
        if self.projection is not None:
            hidden = hidden @ self.projection
        one_row = hidden.ndim < 2 or hidden.shape[-2] == 1
        logits: Array = hidden @ (self.output_kernel if one_row else self._output_rows)
        logits += self.output_bias
        return logits

    @cached_property
    def _output_rows(self) -> Array:
        """The output kernel as a contiguous array. A transposed embedding would be 1.5 times slower for 8 to 32 rows.

        It would also add the products of one row in another order, and so write another text.
        """
        return np.ascontiguousarray(self.output_kernel)

    def _project_tokens(self, tokens: npt.ArrayLike) -> Array:
        """Return the first layer's input projection of tokens, from a table or cache if possible."""
        rows = np.asarray(tokens)
        if self.table is not None:
            return self.table[rows]
        if rows.shape == (1,):  # a text being written
            return self._cached_input_projection(int(rows[0]))
        return self.layers[0].project(self.embedding[rows])

    def _cached_input_projection(self, token: int) -> Array:
        row = self._input_projection_cache.get(token)
        if row is None:
            row = self.layers[0].project(self.embedding[[token]])
            if len(self._input_projection_cache) * row.size < MAX_TABLE_NUMBERS:
                self._input_projection_cache[token] = row
        return row

    @cached_property
    def _input_projection_cache(self) -> dict[int, Array]:
        """A cache, by token id, of the first layer's input projections of single tokens. Batches round differently."""
        return {}

    def _step(
        self, tokens: npt.ArrayLike, state: State, alter: Mapping[int, GateTransform]
    ) -> tuple[Array, State, list[Gates]]:
        projected = self._project_tokens(tokens)
        after: list[LayerState] = []
        gates: list[Gates] = []
        for i, (layer, layer_state) in enumerate(zip(self.layers, state, strict=True)):
            if i:
                projected = layer.project(after[-1][0])
            following, layer_gates = layer.step(projected, layer_state, alter.get(i))
            after.append(following)
            gates.append(layer_gates)
        return self.read_out(after[-1][0]), tuple(after), gates

    def _run_layers(self, tokens: Array, state: State) -> tuple[Array, State]:
        """Read tokens `(time, batch)` a layer at a time; return the last layer's hidden states and the last states."""
        hidden, following = self.layers[0].run(self._project_tokens(tokens), state[0])
        after = [following]
        for layer, layer_state in zip(self.layers[1:], state[1:], strict=True):
            hidden, following = layer.run(layer.project(hidden), layer_state)
            after.append(following)
        return hidden, tuple(after)


def network_from_weights(spec: NetworkSpec, weights: Sequence[Array], dtype: npt.DTypeLike = np.float32) -> Network:
    """Return a network from its specification and its Keras weights, in Keras's order (`NetworkSpec.weight_shapes`).

    Tied, logits = h·projection·embeddingᵀ + bias. Raise RunError when the weights do not fit the specification.
    """
    arrays = [np.ascontiguousarray(w, dtype) for w in weights]
    if (actual := [w.shape for w in arrays]) != (expected := spec.weight_shapes()):
        raise RunError(
            "The weights and config.json of this model do not match: shapes {found} instead of {expected}. Train the "
            "model again or restore both files from one copy.",
            found=actual,
            expected=expected,
        )
    end, step = 1 + spec.variables * spec.layers, spec.variables
    embedding, rest = arrays[0], arrays[end:]
    layers = tuple(CELLS[spec.cell].layer.from_keras(*arrays[i : i + step]) for i in range(1, end, step))
    table_size = len(embedding) * layers[0].kernel.shape[1]
    table = layers[0].project(embedding) if table_size <= MAX_TABLE_NUMBERS else None
    projection = rest[0] if spec.tied and len(rest) == 2 else None
    output_kernel = embedding.T if spec.tied else rest[0]
    return Network(embedding, table, layers, projection, output_kernel, rest[-1])
