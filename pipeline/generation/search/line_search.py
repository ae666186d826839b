"""The search for lines: many ways to go on to the end of one, written together and ranked by the model.

Rows are drawn from the model, a batch at a time, never allowed to end. Wherever a row has come so far that one more
word can complete the line, that place is kept; from all such places the best allowed last words are then found
together, by a beam search in the tries of the words that may end it. So a rhyme is not hoped for and not glued on:
among thousands of pairs (beginning, last word) the ones the model finds likeliest are read off its own probabilities.
Rows of several searches, which begin and end elsewhere, go through the model as one batch. Knows nothing of songs.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, groupby, pairwise
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Phrase, holds
from pipeline.generation.context import Context, ContextBatch, concatenate_batches
from pipeline.generation.sampling import Generator, Logits, RepeatedNgrams, Sampler, penalise
from pipeline.generation.search.constraint_index import ConstraintIndex, Subtrie
from pipeline.generation.search.endings import Key
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.ipa import vowels_of
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK
from pipeline.language_models.control_tokens import control_tokens_of

FREE_SYLLABLE_RANGE = (5, 15)  # syllables of a line when none are asked for: 5 to 95 % of the embedded corpus


@dataclass(frozen=True, kw_only=True)
class LineConstraints:
    """What one line has to meet: an ending (an index in `Endings`), syllables, words out, and perhaps a phrase in.

    `endings_after` has more endings, for lines that already end on such vowels: a multi across words.
    """

    endings: tuple[int, ...]
    endings_after: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    syllables: tuple[int, int] = FREE_SYLLABLE_RANGE
    avoid: frozenset[str] = frozenset()
    avoid_phrases: tuple[Phrase, ...] = ()  # of several words: looked for once the line stands
    include: Phrase = ()


@dataclass(frozen=True, kw_only=True)
class LineSearch:
    """One line to be found: where it begins (`context`), what it has to meet, and how tokens are drawn.

    told        what the model has been told of the line at the end of its context: the word that ends it
    told_log_p  the log-probability of that
    told_word   the word, "" for none; the line has it at its end alone
    """

    index: ConstraintIndex
    context: Context
    constraints: LineConstraints
    sampler: Sampler
    repeated: RepeatedNgrams
    rng: Generator
    bonus: WordBonus | None = None
    told: tuple[int, ...] = ()
    told_log_p: float = 0.0
    told_word: str = ""
    first_sampler: Sampler | None = None  # of the first tokens of a line, where they are drawn otherwise

    def penalise(self, logits: Any, tokens: Sequence[int], columns: Collection[int] | None = None) -> Any:
        """Return the logits `(V,)` after `tokens`, lower for what would write an n-gram again.

        columns: the tokens whose logits these are, when they are not all.
        """
        if self.sampler.repetition_penalty == 1:
            return logits
        repeats = self.repeated.repeats(tokens)
        if columns is not None:
            repeats = set(np.flatnonzero(np.isin(np.asarray(columns), list(repeats))).tolist())
        return penalise(logits, repeats, self.sampler.repetition_penalty)

    def has_avoided_pair(self, text: str, words: int = 1) -> bool:
        """Whether one of the last `words` words of a text follows a word that it never follows in the corpus."""
        chunk = text.rfind(" ", 0, -1)
        last = tokenise(text[text.rfind(" ", 0, max(chunk, 0)) + 1 :])  # those of two chunks
        return not self.index.avoided.isdisjoint(pairwise(last[-words - 1 :]))

    @cached_property
    def unwritable_mask(self) -> Any:
        """-inf for tokens that are never drawn, else 0: ends, and what may not stand in such a line."""
        vocabulary = self.index.vocabulary
        index = vocabulary.word2index
        words = self.index.units.banned_tokens(self.constraints.avoid)
        controls = (index[word] for word in control_tokens_of(vocabulary))
        penalty = np.zeros(len(vocabulary), np.float32)
        penalty[[PAD, UNK, LINE, SONG, *controls, *(index[word] for word in words if word in index)]] = -np.inf
        return penalty

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Words of the visitor: they are as they are."""
        return frozenset((*tokenise(self.context.before), *self.constraints.include))

    def last_word_syllable_range(self, text: str, *, checked: bool) -> tuple[int, int] | None:
        """Return the fewest and most syllables of a last word after a beginning; None when that is to be given up.

        It is when there is no room left, or its last word is misspelled, unwanted or cannot stand there.
        """
        words = tokenise(text[text.rfind(" ", 0, -1) + 1 :])  # those of the last chunk
        if checked:
            spelled = self.index.words.issuperset(word for word in words if word not in self.own_words)
            wanted = self.constraints.avoid.isdisjoint(words) and self.told_word not in words
            if not (spelled and wanted) or self.has_avoided_pair(text, len(words)):
                return None
        so_far = self.index.spoken_syllables(text)
        fewest, most = (syllables - so_far for syllables in self.constraints.syllables)
        return None if most < 1 else (max(1, fewest), most)

    def endings(self, text: str) -> tuple[int, ...]:
        """Return the words that may end the line after a beginning."""
        constraints = self.constraints
        if not constraints.endings_after:
            return constraints.endings
        vowels = vowels_of(line_phone_variants(scan_line(text, self.index.pronunciations))[0])
        more = [words for before, words in constraints.endings_after.items() if vowels[-len(before) :] == before]
        return tuple(chain(constraints.endings, *more)) if more else constraints.endings


@dataclass
class UnfinishedLine:
    """A line being written: the tokens drawn, as text, and tokens still to come of a phrase put in by force."""

    search: LineSearch
    text: str
    tokens: tuple[int, ...] = ()
    weight: float = 0.0  # log-probability of having kept to what was allowed: not to end, to spell known words
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it
    forced: list[int] = field(default_factory=list)
    words: tuple[str, int] = ("", 0)  # the text up to the word under way, and how many tokens that is

    def add(self, token: int, log_p: float, share: float) -> None:
        """Write a token, of which the model thought so much and of all that was allowed `share`."""
        units, vocabulary = self.search.index.units, self.search.index.vocabulary
        self.tokens, self.log_p, self.weight = (*self.tokens, token), (*self.log_p, log_p), self.weight + share
        before, read = self.words if self.words[1] else (self.search.context.before, 0)
        self.text = units.join(before, [vocabulary.index2word[each] for each in self.tokens[read:]])
        if units.spells and units.begins_word(self.text):  # what comes is written after that: fewer tokens to spell
            self.words = self.text, len(self.tokens)


@dataclass(frozen=True)
class LastWordPlace:
    """A row at the beginning of a word; which words of how many syllables may end it.

    What the model says there is one of many rows, number `at`: most places are never looked at.
    """

    row: UnfinishedLine
    endings: tuple[int, ...]
    read: ContextBatch
    at: int
    syllables: tuple[int, int]


FORCED_PHRASE_PROBABILITY = 0.25  # chance, at the beginning of a word, that a phrase to use is put there


def draw_beginnings(searches: Sequence[LineSearch], batch: int) -> Iterator[LastWordPlace]:
    """Draw so many rows for each search, until each has no room for a last word, and yield each place where one word
    more may end one.
    """
    index, rows = (
        searches[0].index,
        [UnfinishedLine(search, search.context.before) for search in searches for _ in range(batch)],
    )
    begun = concatenate_batches([ContextBatch.from_context(search.context) for search in searches])
    contexts = begun.select([at for at in range(len(searches)) for _ in range(batch)])
    sampler, first = searches[0].sampler.select([0] * len(rows)), searches[0].first_sampler
    first = first and first.select([0] * len(rows))
    for step in range(index.policy.line_limit):
        going: list[int] = []
        for i, row in enumerate(rows):
            begins = index.units.begins_word(row.text)
            if step and not begins:
                going.append(i)
                continue
            room = row.search.last_word_syllable_range(row.text, checked=step > 0)
            if room is None:
                continue
            going.append(i)
            if begins and room[0] <= room[1] and (endings := row.search.endings(row.text)):
                yield LastWordPlace(replace(row), endings, contexts, i, room)
        if not going:
            return
        if len(going) < len(rows):
            rows, contexts, sampler = [rows[i] for i in going], contexts.select(going), sampler.select(going)
            first = first and first.select(going)
        contexts = draw_next_tokens(rows, contexts, first if first and step < LINE_OPENING_TOKENS else sampler)


def draw_next_tokens(rows: Sequence[UnfinishedLine], read: ContextBatch, sampler: Sampler) -> ContextBatch:
    """Draw a token for each row; return what the model says after it."""
    search, normaliser = rows[0].search, log_sum_exp(read.logits)
    for row in rows:
        if row.search.constraints.include:
            _force_phrase(row)
    options = read.logits + search.unwritable_mask
    for i, row in enumerate(rows):
        if row.search.bonus:
            options[i] += row.search.bonus.logit_adjustments(row.text)
    if search.index.orthography is None:
        allowed = log_sum_exp(options)
    else:
        options, allowed = search.index.orthography.restrict(options, [row.text for row in rows])
    history = [row.search.repeated.repeats(row.tokens) for row in rows] if sampler.repetition_penalty != 1 else ()
    drawn = sampler.next(options, history, search.rng).tolist()
    tokens = [row.forced.pop(0) if row.forced else token for row, token in zip(rows, drawn, strict=True)]
    log_p = read.logits[range(len(rows)), tokens] - normaliser
    for row, token, share, expected in zip(rows, tokens, (allowed - normaliser).tolist(), log_p.tolist(), strict=True):
        row.add(token, expected, share)
    return read.step(tokens)


def _force_phrase(row: UnfinishedLine) -> None:
    """At the beginning of a word, now and then, put the phrase to use in a row that does not hold it yet."""
    phrase, index = row.search.constraints.include, row.search.index
    begins = not row.forced and index.units.begins_word(row.text) and not holds(tokenise(row.text), phrase)
    if begins and row.search.rng.random() < FORCED_PHRASE_PROBABILITY:
        row.forced = index.vocabulary.encode(index.units.forced_tokens(phrase)).tolist()


BEAMS_PER_PLACE = 6  # beams of one place, at most
LINE_OPENING_TOKENS = 3  # tokens of a line
LEAST_END_LOG_P = -1.5  # of a last word that was told, and of the end of the line after it


@dataclass(frozen=True, slots=True)
class Beam:
    """A beginning of a last word at a place: its node in the trie there, its tokens, their log-probability."""

    place: int
    node: int
    weight: float
    tokens: tuple[int, ...]
    log_p: tuple[float, ...] = ()
    parent: int = 0  # row in the batch it was extended from

    @property
    def done(self) -> bool:
        """Whether the line has ended."""
        return bool(self.tokens) and self.tokens[-1] == LINE


@dataclass(frozen=True)
class Candidate:
    """A whole line. `tokens` are what was written after `Context.before`, `<line>` last; `told` what the model was told
    before them.

    Its beginning was drawn from the model among what was allowed, its last word was searched for. `weight`, the
    log-probability of what was allowed and of that last word, makes up for both: lines taken in proportion to
    exp(weight) are drawn from the model given the constraints (importance sampling).
    """

    text: str
    tokens: tuple[int, ...]
    weight: float = 0.0
    log_p: tuple[float, ...] = ()  # of each token, as the model predicts it
    told: tuple[int, ...] = ()
    told_log_p: float = 0.0  # of what it was told

    @property
    def expectedness(self) -> float:
        """The log-probability of the line to the model and of what it was told, but for its first tokens: a line may
        begin as it likes.
        """
        return self.told_log_p + sum(self.log_p[LINE_OPENING_TOKENS:])

    @property
    def is_forced(self) -> bool:
        """Whether the model, told the word that ends the line, hardly expects it where it is."""
        return bool(self.told) and sum(self.log_p[1 - len(self.told) :]) < LEAST_END_LOG_P


@dataclass(frozen=True)
class LastWords:
    """Completes the lines that stand at some places, one at least, of searches with the same index."""

    places: Sequence[LastWordPlace]

    def candidates(self) -> list[tuple[LineSearch, Candidate]]:
        """Return the lines found, each with whose it is, shortest last words first; possibly none."""
        beams = [Beam(i, 0, 0.0, ()) for i, trie in enumerate(self._tries) if trie]
        candidates: list[tuple[LineSearch, Candidate]] = []
        if not beams:
            return candidates
        rows = self._rows_at([self.places[beam.place] for beam in beams])
        while beams:
            longer = self._extend_beams(beams, rows.logits)
            ended = ((self.places[beam.place].row.search, self._candidate(beam)) for beam in longer if beam.done)
            candidates += [(search, line) for search, line in ended if not search.has_avoided_pair(line.text)]
            best = self._best([beam for beam in longer if not beam.done])
            if not best:
                break
            rows = rows.select([beam.parent for beam in best]).step([beam.tokens[-1] for beam in best])
            beams = best
        return candidates

    def _rows_at(self, places: Sequence[LastWordPlace]) -> ContextBatch:
        """Return what the model says at each of some places."""
        batches = (list(group) for _, group in groupby(places, key=lambda place: id(place.read)))
        return concatenate_batches([batch[0].read.select([place.at for place in batch]) for batch in batches])

    @property
    def _index(self) -> ConstraintIndex:
        return self.places[0].row.search.index

    @cached_property
    def _tries(self) -> list[Subtrie]:
        made = dict[tuple[int, tuple[int, int]], Subtrie]()  # by identity: endings are thousands of numbers to hash
        for place in self.places:
            key = id(place.endings), place.syllables
            if key not in made:
                made[key] = self._index.trie(place.endings, *place.syllables)
        return [made[id(place.endings), place.syllables] for place in self.places]

    def _extend_beams(self, beams: Sequence[Beam], logits: Logits) -> list[Beam]:
        """Return each beam with each of its `BEAMS_PER_PLACE` likeliest next tokens."""
        longer, normaliser = [], log_sum_exp(logits)
        for i, beam in enumerate(beams):
            tokens, nodes = self._tries[beam.place].children(beam.node)
            row = self.places[beam.place].row
            log_p = logits[i, tokens] - normaliser[i]
            gains = row.search.penalise(logits[i, tokens], (*row.tokens, *beam.tokens), tokens) - normaliser[i]
            if row.search.bonus:
                gained = row.search.bonus.logit_adjustments(self._text(beam))
                gains = gains + np.broadcast_to(gained, logits.shape[1:])[tokens]
            order = (
                np.argpartition(gains, -BEAMS_PER_PLACE)[-BEAMS_PER_PLACE:]
                if len(gains) > BEAMS_PER_PLACE
                else range(len(gains))
            )
            for at in order:
                weight = beam.weight + float(gains[at])
                extended = (*beam.tokens, int(tokens[at])), (*beam.log_p, float(log_p[at]))
                longer.append(Beam(beam.place, int(nodes[at]), weight, *extended, i))
        return longer

    def _best(self, beams: Sequence[Beam]) -> list[Beam]:
        """Return the best beams, at most `BEAMS_PER_PLACE` of one place."""
        policy, best, of_place = self._index.policy, list[Beam](), Counter[int]()
        begun = [place.row.weight for place in self.places]
        for beam in sorted(beams, key=lambda beam: -begun[beam.place] - beam.weight):
            if of_place[beam.place] < BEAMS_PER_PLACE:
                of_place[beam.place] += 1
                best.append(beam)
                if len(best) == policy.search_width:
                    break
        return best

    def _text(self, beam: Beam) -> str:
        """Return the line with the beginning of its last word."""
        index, row = self._index, self.places[beam.place].row
        words = [index.vocabulary.index2word[token] for token in beam.tokens]
        return index.units.join(row.text, words) if words else row.text

    def _candidate(self, beam: Beam) -> Candidate:
        row, index = self.places[beam.place].row, self._index
        tokens, before = row.tokens + beam.tokens, row.search.context.before
        words = [index.vocabulary.index2word[token] for token in tokens[:-1]]
        text = before + "".join(map(index.units.detokeniser(before).next_text, words))
        return Candidate(
            text, tokens, row.weight + beam.weight, row.log_p + beam.log_p, row.search.told, row.search.told_log_p
        )


MAX_LAST_WORD_PLACES = 160  # where a last word is searched for, at most, in one batch


def find_candidates(searches: Sequence[LineSearch], batch: int) -> list[list[Candidate]]:
    """Return for each search the lines that meet its constraints as far as steering can, from so many rows; possibly
    none.
    """
    places = list(draw_beginnings(searches, batch))
    if len(places) > MAX_LAST_WORD_PLACES:
        places = [places[i] for i in sorted(searches[0].rng.choice(len(places), MAX_LAST_WORD_PLACES, replace=False))]
    candidates = LastWords(places).candidates() if places else []
    return [[line for search, line in candidates if search is each] for each in searches]
