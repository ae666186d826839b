"""Lines that hold given words: a beam search over which of them are copied, and what the model draws between them.

A lattice of partial lines grows by a word at a time, which a model of any units reads or draws. `Moves` say what may
come after a partial line (a given word, a word of the model, words left out) and what it costs; the model says how
likely it is. Partial lines that compete (the same number of words used, the same cost) are pruned among themselves, so
that no way of editing dies out early. Knows nothing of what the visitor asked.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from pipeline.generation.context import ContextBatch, space_after
from pipeline.generation.sampling import Generator, Sampler
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.line_search import Candidate, LastWordPlace, LastWords, LineSearch, UnfinishedLine
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import is_clitic, tokenise
from pipeline.language.vocabulary import LINE, SPECIALS, UNK
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.subword_units import CAPITAL, CAPITALS

LONGEST_WORD = 24  # tokens


@dataclass(frozen=True)
class WordSampler:
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
            letters = list(space_after(line, word) + word)
        else:
            letters = units.forced_tokens((word,)) if word else []
        return tuple(vocabulary.encode(letters).tolist())

    @cached_property
    def _space(self) -> int | None:
        """The space as a token of its own; None where it is part of the word before it, or of none."""
        spaced = self.index.units.spells and self.index.units.forced_tokens(("a",))[-1] == " "
        return self.index.vocabulary.word2index.get(" ") if spaced else None

    def draw(self, rows: ContextBatch, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Return up to `count` different words to go on with after each line: its number, the word, the tokens."""
        return (self._spell if self.index.units.spells else self._choose)(rows, lines, count)

    def _choose(self, rows: ContextBatch, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Draw tokens that are words, without replacement (the Gumbel trick)."""
        words = self.index.vocabulary.index2word
        options = np.array(rows.logits, np.float64)
        options[:, self._forbidden] = -np.inf
        options = self.sampler.filter_logits(options)
        keys = options + self.rng.gumbel(size=options.shape)
        best = np.argsort(-keys, axis=1)[:, :count]
        places = ((row, int(token)) for row, chosen in enumerate(best) for token in chosen)
        return [(row, words[token], (token,)) for row, token in places if np.isfinite(options[row, token])]

    def _spell(self, rows: ContextBatch, lines: Sequence[str], count: int) -> list[tuple[int, str, tuple[int, ...]]]:
        """Draw words token by token, as many rows for each line as words, as the corpus spells them.

        A word ends before a sign or a space that is a token, after a token that ends with a space, after a clitic.
        """
        owner = np.repeat(np.arange(len(lines)), count).tolist()
        starts = [line + space_after(line) for line in lines]
        before = [self.tokens(line, "") for line in lines]
        rows, sampler = rows.advance(before)[0].select(owner), self.sampler.select([0] * len(owner))
        texts, token_paths = [starts[line] for line in owner], [before[line] for line in owner]
        entries, words = self.index.vocabulary.index2word, list[tuple[int, str, tuple[int, ...]]]()
        for _ in range(LONGEST_WORD):
            tokens, going = self._letters(rows, texts, sampler), list[int]()
            for row, token in enumerate(tokens):
                letters = entries[token].rstrip(" ")
                goes_on = bool(letters) and all(letter.isalnum() or letter in "'-" for letter in letters)
                if goes_on:
                    texts[row], token_paths[row] = texts[row] + letters, (*token_paths[row], token)
                word = texts[row].removeprefix(starts[owner[row]])
                if goes_on and letters == entries[token] and not is_clitic(word):
                    going.append(row)
                elif goes_on or self._space is not None:
                    words.append((owner[row], word, token_paths[row]))
            if not going:
                break
            rows, sampler = rows.select(going).step([tokens[row] for row in going]), sampler.select(going)
            texts, token_paths = [texts[row] for row in going], [token_paths[row] for row in going]
            owner = [owner[row] for row in going]
        return [each for each in dict.fromkeys(words) if self._is_word(each[1])]

    def _letters(self, rows: ContextBatch, texts: Sequence[str], sampler: Sampler) -> list[int]:
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
        unwanted = (
            *marks,
            *conditions_of(self.index.vocabulary),
            *self.index.units.banned_tokens(frozenset(self.avoid)),
        )
        return [*range(len(SPECIALS)), UNK, *(index[word] for word in unwanted if word in index)]


MAX_LAST_WORD_PLACES = 48  # where a last word is looked for


@dataclass(frozen=True)
class PartLine:
    """A beginning of a line. `text` is what the model reads of it, `weight` its ln p.

    used   how many of the given words lie behind it, copied or left out
    drawn  words of the model since the last copied one
    edits  what it cost
    """

    words: tuple[str, ...] = ()
    text: str = ""
    tokens: tuple[int, ...] = ()
    weight: float = 0.0
    used: int = 0
    drawn: int = 0
    edits: int = 0


class CompletedLine(NamedTuple):
    """A whole line: its words, its tokens (`<line>` last), its ln p."""

    words: tuple[str, ...]
    tokens: tuple[int, ...]
    weight: float


class Move(NamedTuple):
    """A word to come: a given one, or None for one of the model; `used` and `edits` are those after it."""

    word: str | None
    used: int
    edits: int


class Moves(Protocol):
    """What may come after a partial line."""

    def next_moves(self, partial: PartLine) -> Iterable[Move]:
        """Return the words that may come."""

    def may_end(self, partial: PartLine) -> bool:
        """Whether the line may end here."""

    def may_find_last(self, partial: PartLine) -> bool:
        """Whether one more word may end the line here."""

    def competition_key(self, partial: PartLine) -> Hashable | None:
        """Return what partial lines share that compete with each other; None for one to be given up."""

    @property
    def most_edits(self) -> int:
        """What a line may cost."""

    @property
    def most_rivals(self) -> int:
        """How many of those that compete are kept."""


@dataclass
class LineLattice:
    """The search for lines. `width` partial lines are kept, for each of which `draws` words are drawn."""

    search: LineSearch
    moves: Moves
    width: int
    draws: int
    _found: list[CompletedLine] = field(default_factory=list)
    _places: list[tuple[tuple[int, float], LastWordPlace]] = field(default_factory=list)
    _words: dict[tuple[int, ...], tuple[str, ...]] = field(default_factory=dict)  # of the tokens before a last word

    def complete_lines(self) -> list[CompletedLine]:
        """Return the lines found, in no order."""
        rows, partials = ContextBatch.from_context(self.search.context), [PartLine()]
        for _ in range(self.search.index.policy.line_limit):
            self._collect_finished(partials, rows)
            partials, rows = self._grow(partials, rows)
            if not partials:
                break
        best = sorted(self._places, key=lambda each: each[0], reverse=True)[:MAX_LAST_WORD_PLACES]
        return self._found + [self._completed_line(each) for each in self._last_words([place for _, place in best])]

    def _last_words(self, places: Sequence[LastWordPlace]) -> list[Candidate]:
        return [line for _, line in LastWords(places).candidates()] if places else []

    def _completed_line(self, candidate: Candidate) -> CompletedLine:
        """Return a line that `LastWords` ended with the words that its tokens may not know."""
        tokens = candidate.tokens
        prefix = next(size for size in range(len(tokens), -1, -1) if tokens[:size] in self._words)
        index = self.search.index
        rest = tokenise(index.units.text([index.vocabulary.index2word[token] for token in tokens[prefix:-1]]))
        return CompletedLine((*self._words[tokens[:prefix]], *rest), tokens, candidate.weight)

    @cached_property
    def _word_sampler(self) -> WordSampler:
        search = self.search
        return WordSampler(search.index, search.sampler, search.rng, search.constraints.avoid)

    def _collect_finished(self, partials: Sequence[PartLine], rows: ContextBatch) -> None:
        """Take the lines that are whole, and the places where a last word may be found."""
        if not partials:
            return
        ends = rows.log_probabilities()[:, LINE]
        for partial, end in zip(partials, ends, strict=True):
            if partial.words and self.moves.may_end(partial):
                weight = partial.weight + float(end)
                self._found.append(CompletedLine(partial.words, (*partial.tokens, LINE), weight))
        self._places += self._last_word_places(partials, rows)

    def _last_word_places(
        self, partials: Sequence[PartLine], rows: ContextBatch
    ) -> Iterator[tuple[tuple[int, float], LastWordPlace]]:
        chosen = [row for row, partial in enumerate(partials) if self.moves.may_find_last(partial)]
        spaces = [self._word_sampler.tokens(partials[row].text, "") for row in chosen]
        at, weights = rows.select(chosen).advance(spaces)
        for number, (row, space) in enumerate(zip(chosen, spaces, strict=True)):
            partial, room = partials[row], self._last_word_syllable_range(partials[row])
            text = partial.text + space_after(partial.text)
            written = UnfinishedLine(
                self.search, text, (*partial.tokens, *space), partial.weight + float(weights[number])
            )
            if room[0] <= room[1]:
                self._words.setdefault(written.tokens, partial.words)
                endings = self.search.constraints.endings
                yield (
                    (-partial.edits, partial.weight / max(1, len(partial.words))),
                    LastWordPlace(written, endings, at, number, room),
                )

    def _last_word_syllable_range(self, partial: PartLine) -> tuple[int, int]:
        """Return the fewest and most syllables of a last word."""
        fewest, most = self.search.constraints.syllables
        so_far = scan_line(partial.text, self.search.index.pronunciations).syllables.spoken
        return max(1, fewest - so_far), most - so_far

    def _grow(self, partials: Sequence[PartLine], rows: ContextBatch) -> tuple[list[PartLine], ContextBatch]:
        """Return the partial lines that are a word longer."""
        options = self._best(self._options(partials, rows), 2 * self.width)
        if not options:
            return [], rows
        parents = [parent for parent, _ in options]
        sequences = [grown.tokens[len(partials[parent].tokens) :] for parent, grown in options]
        after, gains = rows.select(parents).advance(sequences) if self.search.index.units.spells else (rows, None)
        if gains is not None:
            exact = [partials[parent].weight + float(gain) for parent, gain in zip(parents, gains, strict=True)]
            options = [
                (row, replace(grown, weight=w)) for row, ((_, grown), w) in enumerate(zip(options, exact, strict=True))
            ]
        best = self._best(options, self.width)
        after = after.select([parent for parent, _ in best])
        return [grown for _, grown in best], after if gains is not None else after.step([g.tokens[-1] for _, g in best])

    def _options(self, partials: Sequence[PartLine], rows: ContextBatch) -> list[tuple[int, PartLine]]:
        """Return longer lines with the row that each grew from; their weight counts the first of their new tokens."""
        steps, log_p = self._word_sampler, rows.log_probabilities()
        moves = [list(self.moves.next_moves(partial)) for partial in partials]
        draws = [row for row, each in enumerate(moves) if any(move.word is None for move in each)]
        drawn = steps.draw(rows.select(draws), [partials[row].text for row in draws], self.draws) if draws else []
        words: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        for number, word, tokens in drawn:
            words.setdefault(draws[number], []).append((word, tokens))
        options = list[tuple[int, PartLine]]()
        for row, partial in enumerate(partials):
            for move in moves[row]:
                for word, tokens in words.get(row, ()) if move.word is None else [self._given_word(partial, move.word)]:
                    if tokens:
                        weight = partial.weight + float(log_p[row, tokens[0]])
                        options.append((row, self._extend_line(partial, move, word, tokens, weight)))
        return options

    def _given_word(self, partial: PartLine, word: str) -> tuple[str, tuple[int, ...]]:
        """Return a given word as it stands after a partial line, and its tokens."""
        cased = word if partial.text else word[:1].upper() + word[1:]
        return cased, self._word_sampler.tokens(partial.text, cased)

    def _extend_line(self, partial: PartLine, move: Move, word: str, tokens: Sequence[int], weight: float) -> PartLine:
        return PartLine(
            words=(*partial.words, *tokenise(word)),
            text=partial.text + space_after(partial.text, word) + word,
            tokens=(*partial.tokens, *tokens),
            weight=weight,
            used=move.used,
            drawn=partial.drawn + 1 if move.word is None else 0,
            edits=move.edits,
        )

    def _best(self, options: Iterable[tuple[int, PartLine]], width: int) -> list[tuple[int, PartLine]]:
        """Return the best partial lines: at most `most_rivals` that compete, and equally many of each cost."""
        best, seen, rivals, levels = list[tuple[int, PartLine]](), set[Hashable](), Counter[Hashable](), Counter[int]()
        for row, partial in sorted(options, key=lambda option: -option[1].weight):
            group, line = self.moves.competition_key(partial), (partial.words, partial.used)
            full = levels[partial.edits] * (self.moves.most_edits + 1) >= width
            if group is None or line in seen or rivals[group] == self.moves.most_rivals or full:
                continue
            seen.add(line)
            rivals[group] += 1
            levels[partial.edits] += 1
            best.append((row, partial))
            if len(best) == width:
                break
        return best
