"""What a model has read when a line begins, and how it reads on: the seed, the control tokens, what was written.

Knows nothing of how the next token is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.generation.spelling import Seed
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.protocol import LanguageModel, State


class WritableRun(Protocol):
    """What is needed of a trained run: `runs.run.Run` has it."""

    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def corpus_name(self) -> str: ...
    def language_model(self) -> LanguageModel: ...


@dataclass(frozen=True)
class Context:
    """A model with its state `(1, …)` and the logits `(V,)` of what comes next; `before` is what stands on the line."""

    model: LanguageModel
    logits: Any
    state: State
    before: str = ""

    def read_line(self, tokens: Sequence[int], read: int = 0) -> "Context":
        """Return the context after a line, the last of `tokens` being its end; the cache of the model reads it too.

        read: how many of them this context has read already.
        """
        self.model.extend_cache(tokens)
        logits, state = self.model.run(np.array([tokens[read:]]), self.state)
        return Context(self.model, logits[0, -1], state)

    def trace(self, tokens: Sequence[int]) -> tuple[Any, "Context"]:
        """Return the logits `(n, V)` of what comes at each of n tokens, and the context before the last of them."""
        if len(tokens) < 2:
            return np.asarray(self.logits)[None], self
        read, state = self.model.run(np.array([tokens[:-1]]), self.state)
        return np.concatenate([np.asarray(self.logits)[None], read[0]]), Context(self.model, read[0, -1], state)

    def draft(self) -> "Context":
        """Return the context as the draft of the model goes on from it; what comes next is known already."""
        model, state = self.model.draft(self.state)
        return replace(self, model=model, state=state)

    def read_controls(self, controls: Sequence[Ids]) -> "Context":
        """Return the context after the control tokens of a section, if there are any."""
        logits, state = self.model.condition(controls, self.logits, self.state)
        return replace(self, logits=logits, state=state)


def read_seed_tokens(model: LanguageModel, seed: Seed, limit: int, controls: Sequence[Ids]) -> Context:
    """Return the context after `<song>`, the control tokens and the seed: all in all its last `limit` tokens."""
    logits, state = model.run(np.array([[SONG]]))
    context = Context(model, logits[0, -1], state).read_controls(controls)
    tokens = seed.ids[1 - limit :]
    if not len(tokens):
        return context
    logits, state = model.run(tokens[None], context.state)
    return Context(model, logits[0, -1], state)


def random_generator(random_seed: int) -> np.random.Generator:
    """Return the random numbers of a text. Raises SettingError unless `random_seed` is a whole number from 0 up."""
    if not isinstance(random_seed, int | np.integer) or random_seed < 0:
        raise SettingError("The random seed is {random_seed}: take a whole number from 0 up.", random_seed=random_seed)
    return np.random.default_rng(random_seed)
