"""Lines under way, a row each, that a model of any units reads and draws word by word.

Knows nothing of which words a line is to hold (`line_lattice`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraint_index import ConstraintIndex
from pipeline.generation.context import Context
from pipeline.generation.sampler import Generator, Sampler
from pipeline.generation.spelling import space_after
from pipeline.language.tokens import is_clitic, tokenise
from pipeline.language.vocabulary import SPECIALS, UNK
from pipeline.language_models.byte_pairs import CAPITAL, CAPITALS
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.protocol import LanguageModel, State

LONGEST_WORD = 24  # tokens


@dataclass(frozen=True)
class Rows:
    """What the model says after each of some lines under way: logits `(n, V)`, and its state there."""

    model: LanguageModel
    logits: Any
    state: State

    @classmethod
    def of(cls, context: Context) -> "Rows":
        """Return the one row that a line begins with."""
        return cls(context.model, np.asarray(context.logits)[None], context.state)

    def select(self, rows: Sequence[int]) -> "Rows":
        """Return these rows; they may repeat."""
        return Rows(self.model, self.logits[rows], self.model.select(self.state, rows))

    def log_probabilities(self) -> Any:
        """Return ln p `(n, V)` of each token that may come next."""
        return self.logits - log_sum_exp(self.logits)[:, None]

    def step(self, tokens: Sequence[int]) -> "Rows":
        """Return the rows after a token each."""
        logits, state = self.model.step(np.array(tokens), self.state)
        return Rows(self.model, logits, state)

    def read(self, sequences: Sequence[Sequence[int]]) -> tuple["Rows", Any]:
        """Return the rows after so many tokens each, which may be none, and ln p `(n,)` of these."""
        order = sorted(range(len(sequences)), key=lambda row: -len(sequences[row]))
        rows, total, done = self.select(order), np.zeros(len(sequences)), list[Rows]()
        for at in range(len(sequences[order[0]]) if order else 0):
            going = sum(len(sequence) > at for sequence in sequences)
            done.append(rows.select(range(going, len(rows.logits))))
            rows, tokens = rows.select(range(going)), [sequences[row][at] for row in order[:going]]
            total[order[:going]] += rows.log_probabilities()[np.arange(going), tokens]
            rows = rows.step(tokens)
        return join([rows, *reversed(done)]).select(np.argsort(order).tolist()), total


def join(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several as those of one, in order."""
    filled = [part for part in parts if len(part.logits)] or parts[:1]
    model = parts[0].model
    return Rows(model, np.concatenate([part.logits for part in filled]), model.join([part.state for part in filled]))


@dataclass(frozen=True)
class WordSteps:
    """Reads words of a visitor and draws words of the model.

    avoid  words that are never drawn
    """

    index: ConstraintIndex
    sampler: Sampler
    rng: Generator
    avoid: Collection[str] = ()

    def tokens(self, line: str, word: str) -> tuple[int, ...]:
        """Return the tokens of a word after a line under way; where spaces are tokens, that before it is among them."""
        units, vocabulary = self.index.units, self.index.vocabulary
        if self._space is not None:
            written = list(space_after(line, word) + word)
        else:
            written = units.forced((word,)) if word else []
        return tuple(vocabulary.encode(written).tolist())

    @cached_property
    def _space(self) -> int | None:
        """The space as a token of its own; None where it is part of the word before it, or of none."""
        spaced = self.index.units.spells and self.index.units.forced(("a",))[-1] == " "
        return self.index.vocabulary.word2index.get(" ") if spaced else None

    def draw(self, rows: Rows, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Return up to `count` different words to go on with after each line: its number, the word, the tokens."""
        return (self._spell if self.index.units.spells else self._choose)(rows, lines, count)

    def _choose(self, rows: Rows, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Draw tokens that are words, without replacement (the Gumbel trick)."""
        words = self.index.vocabulary.index2word
        options = np.array(rows.logits, np.float64)
        options[:, self._forbidden] = -np.inf
        options = self.sampler.options(options)
        keys = options + self.rng.gumbel(size=options.shape)
        best = np.argsort(-keys, axis=1)[:, :count]
        places = ((row, int(token)) for row, chosen in enumerate(best) for token in chosen)
        return [(row, words[token], (token,)) for row, token in places if np.isfinite(options[row, token])]

    def _spell(self, rows: Rows, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Draw words token by token, as many rows for each line as words, as the corpus spells them.

        A word ends before a sign or a space that is a token, after a token that ends with a space, after a clitic.
        """
        owner = np.repeat(np.arange(len(lines)), count).tolist()
        starts = [line + space_after(line) for line in lines]
        before = [self.tokens(line, "") for line in lines]
        rows, sampler = rows.read(before)[0].select(owner), self.sampler.select([0] * len(owner))
        texts, taken = [starts[line] for line in owner], [before[line] for line in owner]
        entries, found = self.index.vocabulary.index2word, list[tuple[int, str, tuple[int, ...]]]()
        for _ in range(LONGEST_WORD):
            tokens, going = self._letters(rows, texts, sampler), list[int]()
            for row, token in enumerate(tokens):
                letters = entries[token].rstrip(" ")
                goes_on = bool(letters) and all(letter.isalnum() or letter in "'-" for letter in letters)
                if goes_on:
                    texts[row], taken[row] = texts[row] + letters, (*taken[row], token)
                word = texts[row].removeprefix(starts[owner[row]])
                if goes_on and letters == entries[token] and not is_clitic(word):
                    going.append(row)
                elif goes_on or self._space is not None:
                    found.append((owner[row], word, taken[row]))
            if not going:
                break
            rows, sampler = rows.select(going).step([tokens[row] for row in going]), sampler.select(going)
            texts, taken = [texts[row] for row in going], [taken[row] for row in going]
            owner = [owner[row] for row in going]
        return [each for each in dict.fromkeys(found) if self._is_word(each[1])]

    def _letters(self, rows: Rows, texts: Sequence[str], sampler: Sampler) -> list[int]:
        options = np.array(rows.logits, np.float64)
        options[:, self._forbidden] = -np.inf
        if self.index.orthography is not None:
            options, _ = self.index.orthography.restrict(options, texts)
        return [int(token) for token in sampler.next(options, (), self.rng)]

    def _is_word(self, word: str) -> bool:
        words = tokenise(word)
        return bool(words) and self.index.words.issuperset(words) and not set(words) & set(self.avoid)

    @cached_property
    def _forbidden(self) -> list[int]:
        index = self.index.vocabulary.word2index
        marks = (CAPITAL, CAPITALS)  # a line gets its capital where it is shown
        unwanted = (*marks, *conditions_of(self.index.vocabulary), *self.index.units.unwritable(frozenset(self.avoid)))
        return [*range(len(SPECIALS)), UNK, *(index[word] for word in unwanted if word in index)]
