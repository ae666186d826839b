"""Lines that hold given words: a template of words and holes, whose holes the model fills as it writes any line.

Rows are drawn as in `line_search`. Where a hole may end, the words that were given after it are read by force; the last
hole ends where the line then has its syllables. A hole at the end of the line ends on a word that may end one. Knows
nothing of what the words were before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.generation.context import ContextBatch, space_after
from pipeline.generation.own_line import Template
from pipeline.generation.search.line_search import (
    Candidate,
    LastWordPlace,
    LastWords,
    LineSearch,
    UnfinishedLine,
    draw_next_tokens,
)
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

MAX_WORDS_PER_HOLE = 5
EARLY_END = 0.5  # chance that a hole ends where it may, when another hole comes after it


class FilledLine(NamedTuple):
    """A line with its words, those that were given as they were given, and how likely it is to the model."""

    words: tuple[str, ...]
    candidate: Candidate


@dataclass
class _Row:
    """A line being written: what of its template is to come, the words before, where its hole begins in the text."""

    line: UnfinishedLine
    to_come: Template
    words: tuple[str, ...] = ()
    hole_start: int | None = None

    @property
    def hole_words(self) -> tuple[str, ...]:
        """The words drawn so far into the hole."""
        return () if self.hole_start is None else tuple(tokenise(self.line.text[self.hole_start :]))

    def read_given_words(self) -> None:
        """Put the given words up to the next hole, or to the end, in the way of the row."""
        self.words, self.hole_start = (*self.words, *self.hole_words), None
        text = self.line.text
        while self.to_come and (word := self.to_come[0]) is not None:
            self.line.forced += _word_tokens(self.line.search, text, word)
            self.words, self.to_come = (*self.words, word), self.to_come[1:]
            text += space_after(text, word) + word
        if self.to_come and not text.endswith(" "):
            self.line.forced += _word_tokens(self.line.search, text, "")

    def begin_hole(self) -> None:
        """Begin to draw the words of the hole that comes."""
        self.hole_start, self.to_come = len(self.line.text), self.to_come[1:]


def _word_tokens(search: LineSearch, line: str, word: str) -> list[int]:
    """Return the tokens of a word after a line under way; where a space is a token of its own, that before it too."""
    units, vocabulary = search.index.units, search.index.vocabulary
    if units.spells and units.forced_tokens(("a",))[-1] != "a ":  # characters
        return vocabulary.encode(list(space_after(line, word) + word)).tolist()
    return vocabulary.encode(units.forced_tokens((word,)) if word else []).tolist()


def fill_templates(search: LineSearch, templates: Sequence[Template], rows_each: int) -> list[FilledLine]:
    """Return lines that fill some templates, from so many rows for each; possibly none."""
    filled, places, words_before = list[FilledLine](), list[LastWordPlace](), dict[tuple[int, ...], tuple[str, ...]]()
    for found, row in _write_rows(search, templates, rows_each):
        if isinstance(found, LastWordPlace):
            places.append(found)
            words_before[row.line.tokens] = (*row.words, *row.hole_words)
        else:
            filled.append(FilledLine(row.words, found))
    for _, candidate in LastWords(places).candidates() if places else ():
        size = next(size for size in range(len(candidate.tokens), -1, -1) if candidate.tokens[:size] in words_before)
        last = search.index.units.text([search.index.vocabulary.index2word[at] for at in candidate.tokens[size:-1]])
        filled.append(FilledLine((*words_before[candidate.tokens[:size]], *tokenise(last)), candidate))
    return filled


def _write_rows(
    search: LineSearch, templates: Sequence[Template], rows_each: int
) -> Iterator[tuple[LastWordPlace | Candidate, _Row]]:
    """Yield each place where a last word may end a line, and each line that its given words end, with its row."""
    rows = [_Row(UnfinishedLine(search, ""), template) for template in templates for _ in range(rows_each)]
    contexts = ContextBatch.from_context(search.context).select([0] * len(rows))
    sampler = search.sampler.select([0] * len(rows))
    for row in rows:
        row.read_given_words()
    for _ in range(search.index.policy.line_limit):
        going: list[int] = []
        for at, row in enumerate(rows):
            if row.line.forced:
                going.append(at)
                continue
            if not row.to_come and row.hole_start is None:
                yield Candidate("", (*row.line.tokens, LINE), sum(row.line.log_p), row.line.log_p), row
                continue
            if row.hole_start is None:
                row.begin_hole()
                going.append(at)
                continue
            if not search.index.units.begins_word(row.line.text):
                going.append(at)
                continue
            room = search.last_word_syllable_range(row.line.text, checked=True)
            if room is None or len(row.hole_words) > MAX_WORDS_PER_HOLE:
                continue
            if not row.to_come:
                if room[0] <= room[1]:
                    endings = search.endings(row.line.text)
                    yield LastWordPlace(replace(row.line), endings, contexts, at, room), replace(row)
                going.append(at)
            elif (ends := _hole_ends(row)) is not None:
                if ends:
                    row.read_given_words()
                going.append(at)
        if not going:
            return
        rows, contexts, sampler = [rows[at] for at in going], contexts.select(going), sampler.select(going)
        contexts = draw_next_tokens([row.line for row in rows], contexts, sampler)


def _hole_ends(row: _Row) -> bool | None:
    """Whether the hole of a row ends here; None where its line has become too long."""
    search, (fewest, most) = row.line.search, row.line.search.constraints.syllables
    sounds = search.index.pronunciations
    given = sum(sounds[word].syllables for word in row.to_come if word is not None)
    syllables = search.index.spoken_syllables(row.line.text) + given
    if syllables > most:
        return None
    if not row.hole_words:
        return False
    if None in row.to_come:
        return bool(search.rng.random() < EARLY_END)
    return syllables >= fewest
