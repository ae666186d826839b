"""Many ways to go on to the end of one line, written together and ranked by the model.

Rows are drawn from the model, a batch at a time, never allowed to end. Wherever a row has come so far that one more
word can complete the line, that place is kept; from all such places the best allowed last words are then searched
for together (`line_search`). So a rhyme is not hoped for and not glued on: among thousands of pairs (beginning, last
word) the ones the model finds likeliest are read off its own probabilities. Knows nothing of songs; what is asked of
the line are its `LineConstraints`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import holds
from pipeline.generation.context import Rows
from pipeline.generation.sampler import Sampler
from pipeline.generation.search.line_search import Candidate, LastWords, LineSearch, Place, Row
from pipeline.language.ipa import vowels_of
from pipeline.language.rhyme import line_endings
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK
from pipeline.language_models.control_tokens import conditions_of

FORCED = 0.25  # chance, at the beginning of a word, that a phrase to use is put there


@dataclass(frozen=True)
class LineBeginnings:
    """Draws rows that are never allowed to end, and yields each place where one word more may end one."""

    search: LineSearch

    def places(self, batch: int) -> Iterator[Place]:
        """Draw so many rows, until each has no room for a last word."""
        units, rows = self.search.index.units, [Row(self.search.context.before) for _ in range(batch)]
        read, sampler = Rows.of(self.search.context).select([0] * batch), self.search.sampler.select([0] * batch)
        for step in range(self.search.index.policy.line_limit):
            going: list[int] = []
            for i, row in enumerate(rows):
                begins = units.begins_word(row.text)
                if step and not begins:
                    going.append(i)
                    continue
                room = self._room(row, checked=step > 0)
                if room is None:
                    continue
                going.append(i)
                if begins and room[0] <= room[1] and (endings := self._endings(row)):
                    yield Place(replace(row), endings, read, i, room)
            if not going:
                return
            if len(going) < len(rows):
                rows, read, sampler = [rows[i] for i in going], read.select(going), sampler.select(going)
            read = self._write(rows, read, sampler)

    def _write(self, rows: Sequence[Row], read: Rows, sampler: Sampler) -> Rows:
        """Draw a token for each row; return what the model says after it."""
        if self.search.constraints.include:
            self._force_phrase(rows)
        options, shares = self._options(rows, read.logits)
        tokens = self._draw(rows, options, sampler).tolist()
        log_p = read.logits[range(len(rows)), tokens] - log_sum_exp(read.logits)
        for row, token, share, expected in zip(rows, tokens, shares.tolist(), log_p.tolist(), strict=True):
            row.log_p += (expected,)
            row.tokens += (token,)
            row.weight += share
            row.text = self._text(row.tokens)
        return read.step(tokens)

    def _options(self, rows: Sequence[Row], logits: Any) -> tuple[Any, Any]:
        """Return logits with -inf for what may not come, and the log-probability `(rows,)` of what may."""
        options, orthography = logits + self._unwritable, self.search.index.orthography
        for bonus in self.search.bonuses:
            options += bonus.rows([row.text for row in rows])
        if orthography is None:
            return options, log_sum_exp(options) - log_sum_exp(logits)
        options, mass = orthography.restrict(options, [row.text for row in rows])
        return options, mass - log_sum_exp(logits)

    def _draw(self, rows: Sequence[Row], options: Any, sampler: Sampler) -> Any:
        penalised = sampler.repetition_penalty != 1
        history = [self.search.repeated.repeats(row.tokens) for row in rows] if penalised else ()
        tokens = sampler.next(options, history, self.search.rng)
        for i, row in enumerate(rows):
            if row.forced:
                tokens[i] = row.forced.pop(0)
        return tokens

    @cached_property
    def _unwritable(self) -> Any:
        """-inf for tokens that are never drawn, else 0: ends, and what may not stand in such a line."""
        vocabulary = self.search.index.vocabulary
        index = vocabulary.word2index
        words = self.search.index.units.unwritable(self.search.constraints.avoid)
        controls = (index[word] for word in conditions_of(vocabulary))
        penalty = np.zeros(len(vocabulary), np.float32)
        penalty[[PAD, UNK, LINE, SONG, *controls, *(index[word] for word in words if word in index)]] = -np.inf
        return penalty

    @cached_property
    def _own_words(self) -> frozenset[str]:
        """Words of the visitor: they are as they are."""
        return frozenset((*tokenise(self.search.context.before), *self.search.constraints.include))

    def _room(self, row: Row, *, checked: bool) -> tuple[int, int] | None:
        """Return the fewest and most syllables of a last word here; None when the row is to be given up.

        A row is given up when there is no room left, or its last word is misspelled, unwanted or cannot stand there.
        """
        index, wanted = self.search.index, self.search.constraints
        words = tokenise(row.text[row.text.rfind(" ", 0, -1) + 1 :])  # those of the last chunk
        if checked:
            spelled = index.words.issuperset(word for word in words if word not in self._own_words)
            if not (spelled and wanted.avoid.isdisjoint(words)) or self.search.has_avoided_pair(row.text, len(words)):
                return None
        so_far = index.spoken_syllables(row.text)
        fewest, most = wanted.syllables[0] - so_far, wanted.syllables[1] - so_far
        return None if most < 1 else (max(1, fewest), most)

    def _endings(self, row: Row) -> tuple[int, ...]:
        """Return the words that may end the line here."""
        wanted = self.search.constraints
        if not wanted.endings_after:
            return wanted.endings
        vowels = vowels_of(line_endings(scan_line(row.text, self.search.index.pronunciations))[0])
        more = [words for before, words in wanted.endings_after.items() if vowels[-len(before) :] == before]
        return tuple(chain(wanted.endings, *more)) if more else wanted.endings

    def _force_phrase(self, rows: Sequence[Row]) -> None:
        """At the beginning of a word, now and then, put the phrase to use in a row that does not hold it yet."""
        phrase, units = self.search.constraints.include, self.search.index.units
        tokens = self.search.index.vocabulary.encode(units.forced(phrase)).tolist()
        for row in rows:
            begins = not row.forced and units.begins_word(row.text) and not holds(tokenise(row.text), phrase)
            if begins and self.search.rng.random() < FORCED:
                row.forced = list(tokens)

    def _text(self, tokens: Sequence[int]) -> str:
        words, index = self.search.index.vocabulary.index2word, self.search.index
        return index.units.join(self.search.context.before, [words[token] for token in tokens])


PLACES = 160  # where a last word is searched for, at most, in one batch


def find_candidates(search: LineSearch, batch: int) -> list[Candidate]:
    """Return lines that meet the constraints as far as steering can, from a batch of so many rows; possibly none."""
    places = list(LineBeginnings(search).places(batch))
    if len(places) > PLACES:
        places = [places[i] for i in sorted(search.rng.choice(len(places), PLACES, replace=False))]
    return LastWords(search, places).candidates() if places else []
