"""What a language model's network looks like: its one description, as Keras builds it and as the cells replay it."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from pipeline.cells.registry import CELLS
from pipeline.core.errors import RunError


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """embedding -> recurrent layers -> logits.

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
                "config.json: unknown cell {cell!r}; it is one of {known}.", cell=self.cell, known=", ".join(CELLS)
            )

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "NetworkSpec":
        """Read `to_json`'s; other keys are ignored. Raises RunError when something is missing or the cell unknown."""
        data = data if isinstance(data, Mapping) else {}
        missing = [field.name for field in fields(cls) if field.default is MISSING and field.name not in data]
        if missing:
            raise RunError("config.json: {missing} missing. Train the run again.", missing=", ".join(missing))
        return cls(**{field.name: data[field.name] for field in fields(cls) if field.name in data})

    @property
    def variables(self) -> int:
        """How many Keras variables a recurrent layer has."""
        return len(CELLS[self.cell].keras_shapes(1, 1))

    def shapes(self) -> list[tuple[int, ...]]:
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
