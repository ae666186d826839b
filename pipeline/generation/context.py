"""What a model has read when a line begins, and how it reads on: the seed, the control tokens, what was written.

A `Context` is one text, `ContextBatch` are several lines under way. How tokens become text again is in `units`. Knows
nothing of how the next token is chosen.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.core.errors import SettingError
from pipeline.language.tokens import is_clitic, tokenise
from pipeline.language.vocabulary import SONG, UNK, Ids, Vocabulary
from pipeline.language_models.protocol import LanguageModel, State
from pipeline.language_models.units import vocabulary_units


class EncodedSeed(NamedTuple):
    """A seed (the text to continue) as token ids, and the distinct tokens that the vocabulary lacks, in order."""

    ids: Ids
    unknown: tuple[str, ...]


def encode_seed(text: str, vocabulary: Vocabulary) -> EncodedSeed:
    """Return a seed text as tokens, encoded as in training. Any text is accepted; unknown tokens become `<unk>`."""
    tokens = vocabulary_units(vocabulary).tokenise(normalise_text(text))
    ids = vocabulary.encode(tokens)
    unknown = dict.fromkeys(token for token, index in zip(tokens, ids.tolist(), strict=True) if index == UNK)
    return EncodedSeed(ids, tuple(unknown))


def normalise_text(text: str) -> str:
    """Return a text normalised as the training text is: Unicode NFC, one kind of line end, no last line of blanks."""
    head, end, last = text.rpartition("\n")
    text = text if last.strip() else head + end
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()) + ("\n" if text.endswith(("\n", "\r")) else ""))


def space_before_next_word(line: str, word: str = "") -> str:
    """Return the space that must stand between an unfinished line and its next word: " " or "".

    >>> [space_before_next_word(*pair) for pair in (("la rue", "est"), ("rue ", "est"), ("l'", "eau"), ("dis", "-le"))]
    [' ', '', '', '']
    """
    glued = not line or line[-1] == " " or word.startswith("-") or (line[-1] == "'" and is_clitic(tokenise(line)[-1]))
    return "" if glued else " "


class RunForGeneration(Protocol):
    """The parts of a trained run that generation needs; `runs.run.Run` has them."""

    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def training_corpora(self) -> tuple[str, ...]:
        """The names of the corpora that the run was trained on; empty for a run trained on a plain text."""
        ...

    @property
    def training_texts(self) -> tuple[str, ...]:
        """The plain texts that the run was trained on."""
        ...

    def language_model(self) -> LanguageModel: ...


@dataclass(frozen=True)
class Context:
    """A model with its state `(1, …)` and the logits `(V,)` of the next token; `before` is the line's text so far."""

    model: LanguageModel
    logits: Any
    state: State
    before: str = ""

    def feed_line(self, tokens: Sequence[int], before_last: State = None) -> "Context":
        """Return the context after the tokens of a line and its end. The model's cache also reads the line.

        before_last: the state of the model before the last token, where it is known
        """
        self.model.extend_cache(tokens)
        state, rest = (self.state, tokens) if before_last is None else (before_last, tokens[-1:])
        logits, state = self.model.feed_sequences(np.array([rest]), state)
        return Context(self.model, logits[0, -1], state)

    def token_logits(self, tokens: Sequence[int]) -> tuple[Any, State]:
        """Return the logits `(n, V)` that predict each of n ≥ 1 tokens, and the model's state before the last token."""
        first = np.asarray(self.logits)[None]
        if len(tokens) < 2:
            return first, self.state
        logits, state = self.model.feed_sequences(np.array([tokens[:-1]]), self.state)
        return np.concatenate([first, logits[0]]), state

    def feed_tokens(self, tokens: Sequence[int]) -> "Context":
        """Return the context after some tokens, at least one, that are not part of the line's text."""
        logits, state = self.model.feed_sequences(np.array([tokens]), self.state)
        return replace(self, logits=logits[0, -1], state=state)

    def with_faster_model(self) -> "Context":
        """Return the context with the faster model (`LanguageModel.faster_model`) instead."""
        model, state = self.model.faster_model(self.state)
        return replace(self, model=model, state=state)

    def rows(self, count: int = 1) -> "ContextBatch":
        """Return a batch of so many lines, each at this context."""
        logits = np.repeat(np.asarray(self.logits)[None], count, axis=0)
        return ContextBatch(self.model, logits, self.model.select_state_rows(self.state, [0] * count))

    def feed_control_tokens(self, controls: Sequence[Ids]) -> "Context":
        """Return the context after the control tokens of a section, if there are any."""
        logits, state = self.model.feed_control_tokens(controls, self.logits, self.state)
        return replace(self, logits=logits, state=state)


def context_after_seed(model: LanguageModel, seed: EncodedSeed, limit: int, controls: Sequence[Ids]) -> Context:
    """Return the context after `<song>`, the control tokens and at most the last `limit` tokens of the seed."""
    logits, state = model.feed_sequences(np.array([[SONG]]))
    context = Context(model, logits[0, -1], state).feed_control_tokens(controls)
    tokens = seed.ids[1 - limit :]
    if not len(tokens):
        return context
    logits, state = model.feed_sequences(tokens[None], context.state)
    return Context(model, logits[0, -1], state)


@dataclass(frozen=True)
class ContextBatch:
    """A batch of unfinished lines to the model: logits `(n, V)` of the next token of each, and its state."""

    model: LanguageModel
    logits: Any
    state: State

    def select_rows(self, rows: Sequence[int]) -> "ContextBatch":
        """Return a batch of these rows, by number; they may repeat."""
        return ContextBatch(self.model, self.logits[rows], self.model.select_state_rows(self.state, rows))

    def context_of_row(self, row: int) -> Context:
        """Return the context of one row of the batch, at the beginning of a line."""
        return Context(self.model, self.logits[row], self.model.select_state_rows(self.state, [row]))

    def log_probabilities(self) -> Any:
        """Return ln p `(n, V)` of every next token."""
        return self.logits - log_sum_exp(self.logits)[:, None]

    def feed_tokens(self, tokens: Sequence[int]) -> "ContextBatch":
        """Return the batch after reading one token a row."""
        logits, state = self.model.feed_tokens(np.array(tokens), self.state)
        return ContextBatch(self.model, logits, state)

    def token_log_probabilities(self, sequences: Sequence[Sequence[int]]) -> list[Any]:
        """Return ln p of each token of sequences, one a row, of at least one token each."""
        longest = max(map(len, sequences))
        padded = np.array([(*sequence, *[sequence[-1]] * (longest - len(sequence))) for sequence in sequences])
        read = self.model.feed_sequences(padded[:, :-1], self.state)[0] if longest > 1 else self.logits[:, None][:, :0]
        log_p = []
        for row, sequence in enumerate(sequences):
            logits = np.concatenate([self.logits[row : row + 1], read[row, : len(sequence) - 1]])
            log_p.append(logits[range(len(sequence)), sequence] - log_sum_exp(logits))
        return log_p

    def feed_sequences(self, sequences: Sequence[Sequence[int]]) -> tuple["ContextBatch", Any]:
        """Return the batch after reading a sequence of tokens a row, possibly empty, and ln p `(n,)` of each."""
        order = sorted(range(len(sequences)), key=lambda row: -len(sequences[row]))
        rows, total, done = self.select_rows(order), np.zeros(len(sequences)), list[ContextBatch]()
        for at in range(len(sequences[order[0]]) if order else 0):
            going = sum(len(sequence) > at for sequence in sequences)
            done.append(rows.select_rows(range(going, len(rows.logits))))
            rows, tokens = rows.select_rows(range(going)), [sequences[row][at] for row in order[:going]]
            total[order[:going]] += rows.log_probabilities()[np.arange(going), tokens]
            rows = rows.feed_tokens(tokens)
        return concatenate_batches([rows, *reversed(done)]).select_rows(np.argsort(order).tolist()), total


def concatenate_batches(parts: Sequence[ContextBatch]) -> ContextBatch:
    """Return one batch of the rows of several, in order."""
    filled = [part for part in parts if len(part.logits)] or parts[:1]
    model = parts[0].model
    return ContextBatch(
        model, np.concatenate([part.logits for part in filled]), model.join_states([part.state for part in filled])
    )


def random_generator(random_seed: int) -> np.random.Generator:
    """Return the random generator for a text. Raises SettingError unless the seed is a whole number from 0."""
    if not isinstance(random_seed, int | np.integer) or random_seed < 0:
        raise SettingError("The random seed is {random_seed}: use a whole number from 0 up.", random_seed=random_seed)
    return np.random.default_rng(random_seed)
