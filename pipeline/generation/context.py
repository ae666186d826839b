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
from pipeline.language_models.units import units_of


class Seed(NamedTuple):
    """A seed as tokens, with the distinct entries the vocabulary lacks, in order of appearance."""

    ids: Ids
    unknown: tuple[str, ...]


def read_seed(text: str, vocabulary: Vocabulary) -> Seed:
    """Return a text as tokens, encoded as in training. Nothing is an error; what is unknown becomes `<unk>`."""
    tokens = units_of(vocabulary).tokens(normalise_text(text))
    ids = vocabulary.encode(tokens)
    unknown = dict.fromkeys(token for token, index in zip(tokens, ids.tolist(), strict=True) if index == UNK)
    return Seed(ids, tuple(unknown))


def normalise_text(text: str) -> str:
    """Return the text as the training text is: accents composed (NFC), one kind of line end, and no line of blanks left
    unfinished.
    """
    head, end, last = text.rpartition("\n")
    text = text if last.strip() else head + end
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()) + ("\n" if text.endswith(("\n", "\r")) else ""))


def space_after(line: str, word: str = "") -> str:
    """Return the space that stands between a line under way and its next word, where one does.

    >>> space_after("la rue", "est"), space_after("la rue ", "est"), space_after("l'", "eau"), space_after("dis", "-le")
    (' ', '', '', '')
    """
    glued = not line or line[-1] == " " or word.startswith("-") or (line[-1] == "'" and is_clitic(tokenise(line)[-1]))
    return "" if glued else " "


class WritableRun(Protocol):
    """A trained run, as far as writing needs it: `runs.run.Run` is one."""

    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it learnt from; none where it learnt from a plain text."""
        ...

    @property
    def texts(self) -> tuple[str, ...]:
        """The plain texts that it learnt from."""
        ...

    def language_model(self) -> LanguageModel: ...


@dataclass(frozen=True)
class Context:
    """A model with its state `(1, …)` and the logits `(V,)` of what comes next; `before` is what stands on the line."""

    model: LanguageModel
    logits: Any
    state: State
    before: str = ""

    def read_line(self, tokens: Sequence[int], before_last: State = None) -> "Context":
        """Return the context after a line, the last of `tokens` being its end; the cache of the model reads it too.

        before_last: the state of the model before the last token, where it is known
        """
        self.model.extend_cache(tokens)
        state, rest = (self.state, tokens) if before_last is None else (before_last, tokens[-1:])
        logits, state = self.model.run(np.array([rest]), state)
        return Context(self.model, logits[0, -1], state)

    def token_logits(self, tokens: Sequence[int]) -> tuple[Any, State]:
        """Return the logits `(n, V)` of what comes at each of n tokens, one at least, and the state before the last."""
        first = np.asarray(self.logits)[None]
        if len(tokens) < 2:
            return first, self.state
        logits, state = self.model.run(np.array([tokens[:-1]]), self.state)
        return np.concatenate([first, logits[0]]), state

    def after(self, tokens: Sequence[int]) -> "Context":
        """Return the context after some tokens that are no words of the line, one at least."""
        logits, state = self.model.run(np.array([tokens]), self.state)
        return replace(self, logits=logits[0, -1], state=state)

    def with_draft_model(self) -> "Context":
        """Return the context with the faster draft of the model (`LanguageModel.draft_model`), for all that follows."""
        model, state = self.model.draft_model(self.state)
        return replace(self, model=model, state=state)

    def read_controls(self, controls: Sequence[Ids]) -> "Context":
        """Return the context after the control tokens of a section, if there are any."""
        logits, state = self.model.read_control_tokens(controls, self.logits, self.state)
        return replace(self, logits=logits, state=state)


def context_after_seed(model: LanguageModel, seed: Seed, limit: int, controls: Sequence[Ids]) -> Context:
    """Return the context after `<song>`, the control tokens and the seed: all in all its last `limit` tokens."""
    logits, state = model.run(np.array([[SONG]]))
    context = Context(model, logits[0, -1], state).read_controls(controls)
    tokens = seed.ids[1 - limit :]
    if not len(tokens):
        return context
    logits, state = model.run(tokens[None], context.state)
    return Context(model, logits[0, -1], state)


@dataclass(frozen=True)
class ContextBatch:
    """What the model says after each of some lines under way: logits `(n, V)`, and its state there."""

    model: LanguageModel
    logits: Any
    state: State

    @classmethod
    def from_context(cls, context: Context) -> "ContextBatch":
        """Return a batch of one row, that of the context."""
        return cls(context.model, np.asarray(context.logits)[None], context.state)

    def select(self, rows: Sequence[int]) -> "ContextBatch":
        """Return a batch of these rows, by number; they may repeat."""
        return ContextBatch(self.model, self.logits[rows], self.model.select_rows(self.state, rows))

    def context(self, row: int) -> Context:
        """Return the context of a row at which no word stands on the line."""
        return Context(self.model, self.logits[row], self.model.select_rows(self.state, [row]))

    def log_probabilities(self) -> Any:
        """Return ln p `(n, V)` of each token that may come next."""
        return self.logits - log_sum_exp(self.logits)[:, None]

    def step(self, tokens: Sequence[int]) -> "ContextBatch":
        """Return the batch after it has read a token a row."""
        logits, state = self.model.step(np.array(tokens), self.state)
        return ContextBatch(self.model, logits, state)

    def token_log_probabilities(self, sequences: Sequence[Sequence[int]]) -> list[Any]:
        """Return ln p of each token of a sequence a row, each of one token at least."""
        longest = max(map(len, sequences))
        padded = np.array([(*sequence, *[sequence[-1]] * (longest - len(sequence))) for sequence in sequences])
        read = self.model.run(padded[:, :-1], self.state)[0] if longest > 1 else self.logits[:, None][:, :0]
        log_p = []
        for row, sequence in enumerate(sequences):
            logits = np.concatenate([self.logits[row : row + 1], read[row, : len(sequence) - 1]])
            log_p.append(logits[range(len(sequence)), sequence] - log_sum_exp(logits))
        return log_p

    def advance(self, sequences: Sequence[Sequence[int]]) -> tuple["ContextBatch", Any]:
        """Return the batch after it has read a sequence of tokens a row, possibly empty, and ln p `(n,)` of each."""
        order = sorted(range(len(sequences)), key=lambda row: -len(sequences[row]))
        rows, total, done = self.select(order), np.zeros(len(sequences)), list[ContextBatch]()
        for at in range(len(sequences[order[0]]) if order else 0):
            going = sum(len(sequence) > at for sequence in sequences)
            done.append(rows.select(range(going, len(rows.logits))))
            rows, tokens = rows.select(range(going)), [sequences[row][at] for row in order[:going]]
            total[order[:going]] += rows.log_probabilities()[np.arange(going), tokens]
            rows = rows.step(tokens)
        return concatenate_batches([rows, *reversed(done)]).select(np.argsort(order).tolist()), total


def concatenate_batches(parts: Sequence[ContextBatch]) -> ContextBatch:
    """Return one batch of the rows of several, in order."""
    filled = [part for part in parts if len(part.logits)] or parts[:1]
    model = parts[0].model
    return ContextBatch(
        model, np.concatenate([part.logits for part in filled]), model.join_rows([part.state for part in filled])
    )


def random_generator(random_seed: int) -> np.random.Generator:
    """Return the random generator of a text. Raises SettingError unless the seed is a whole number from 0 up."""
    if not isinstance(random_seed, int | np.integer) or random_seed < 0:
        raise SettingError("The random seed is {random_seed}: use a whole number from 0 up.", random_seed=random_seed)
    return np.random.default_rng(random_seed)
