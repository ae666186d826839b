"""Whose voice, which kind of section, which year: what a run that was taught conditions is told before it writes.

Two voices are blended as two readings of the same text, each told its own voice, whose probabilities are mixed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import SettingError
from pipeline.generation.sampling import check_range, softmax
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.control_tokens import conditions_of, period, readable, section, voice

State = Any


@dataclass(frozen=True, kw_only=True)
class Style:
    """Empty parts are left out. `share` is that of the `other` voice, 0 to 1, when two are blended."""

    voice: str = ""
    other: str = ""
    share: float = 0.5
    section: str = ""
    year: int | None = None

    def __post_init__(self) -> None:
        check_range("share of the other voice", self.share, 0, 1)
        if self.other and not self.voice:
            raise SettingError("To blend two voices, give the first one too.")

    @property
    def blended(self) -> bool:
        """Whether there are two voices."""
        return bool(self.other)

    def told(self, vocabulary: Vocabulary, kind: str = "") -> tuple[Ids, ...]:
        """The tokens that stand before a section: of each voice an array. `kind` is the plan's word for the section.

        Raises SettingError for what the run was not taught.
        """
        rest = [period(self.year)] if self.year is not None else []
        rest += [section(self.section)] if self.section else []
        if kind and not self.section and section(kind) in vocabulary:
            rest.append(section(kind))
        return tuple(
            _known([*([voice(name)] if name else []), *rest], vocabulary)
            for name in ((self.voice, self.other) if self.blended else (self.voice,))
        )


def _known(entries: Sequence[str], vocabulary: Vocabulary) -> Ids:
    for entry in entries:
        if entry not in vocabulary:
            known = ", ".join(map(readable, conditions_of(vocabulary))) or "no voices, sections or years"
            raise SettingError(f"This run was not taught {readable(entry)!r}: it knows {known}.")
    return vocabulary.encode(entries)


@dataclass(frozen=True)
class Blend:
    """A model read twice: p = (1 - share) p_first + share p_second. Its state is that of both."""

    model: Any
    share: float

    def remembering(self, song: Sequence[int] | Ids, weight: float) -> "Blend":
        """The same with the memory of a song, if its model has one."""
        return Blend(remembering(self.model, song, weight), self.share)

    def remember(self, tokens: Sequence[int] | Ids) -> None:
        """Let that memory read on in its song."""
        remember(self.model, tokens)

    def initial_state(self, batch: int = 1) -> State:
        """Nothing read yet."""
        return self.model.initial_state(batch), self.model.initial_state(batch)

    def step(self, tokens: Any, state: State) -> tuple[Any, State]:
        """int `(batch,)` -> log-probabilities `(batch, V)` and the next state."""
        (first, one), (second, other) = (self.model.step(tokens, part) for part in state)
        return self.mixed(first, second), (one, other)

    def run(self, tokens: Any, state: State | None = None) -> tuple[Any, State]:
        """int `(batch, time)` -> log-probabilities `(batch, time, V)` and the last state."""
        state = self.initial_state(len(tokens)) if state is None else state
        (first, one), (second, other) = (self.model.run(tokens, part) for part in state)
        return self.mixed(first, second), (one, other)

    def mixed(self, first: Any, second: Any) -> npt.NDArray[np.float64]:
        """Log-probabilities of two readings whose logits `(…, V)` these are."""
        p, q = (softmax(np.asarray(logits, np.float64)) for logits in (first, second))
        return np.log((1 - self.share) * p + self.share * q)


def player(model: Any, style: Style) -> Any:
    """What plays a model in a style."""
    return Blend(model, style.share) if style.blended else model


def tell(model: Any, told: Sequence[Ids], logits: Any, state: State) -> tuple[Any, State]:
    """Logits `(V,)` of what comes next and the state, once the conditions, if any, were read."""
    if not any(map(len, told)):
        return logits, state
    if not isinstance(model, Blend):
        read, state = model.run(told[0][None], state)
        return read[0, -1], state
    (first, one), (second, other) = (
        model.model.run(tokens[None], part) for tokens, part in zip(told, state, strict=True)
    )
    return model.mixed(first[0, -1], second[0, -1]), (one, other)


def remembering(model: Any, song: Sequence[int] | Ids, weight: float) -> Any:
    """The model after these tokens of the song, if it is one that remembers (see `mixture`), else as it is."""
    again = getattr(model, "remembering", None)
    return again(song, weight) if again else model


def remember(model: Any, tokens: Sequence[int] | Ids) -> None:
    """Let the memory of a model, if it has one, read on in its song."""
    on = getattr(model, "remember", None)
    if on:
        on(tokens)
