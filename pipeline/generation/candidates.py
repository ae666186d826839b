"""Many ways to go on to the end of one line, written together and ranked by the model.

Rows are drawn from the model, a batch at a time, never allowed to end. Wherever a row has come so far that one more
word can complete the line, that place is kept; from all such places the best allowed last words are then searched
for together, by beam search in a trie of the words that may end the line. So a rhyme is not hoped for and not glued
on: among thousands of pairs (beginning, last word) the ones the model finds likeliest are read off its own
probabilities. Knows nothing of songs; what is asked of the line is a `Demand`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Any

import numpy as np

from pipeline.cells.activations import log_sum_exp
from pipeline.generation.constraints import Phrase, holds
from pipeline.generation.endings import Key, vowels_of
from pipeline.generation.sampling import Generator, SamplingSettings, adjusted, draw
from pipeline.generation.spelling import Speller
from pipeline.generation.workshop import Workshop, phrase_tokens
from pipeline.generation.writer import LINE_LIMIT
from pipeline.language.rhyme import line_endings
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, is_clitic, tokenise
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.protocol import LanguageModel, State

FREE_LENGTH = (5, 15)  # syllables of a line when none are asked for: 5 to 95 % of the embedded corpus
PLACES = 160  # where a last word is searched for, at most, in one batch
WIDTH = 128  # beams kept in that search
EACH = 6  # of which one place may have this many
LIKELIEST = 256  # a word model's options at each step: the rest has less than a hundredth of the probability


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one line is asked for: one of these `endings` (indices), syllables, words out, and perhaps a phrase in.

    `after` has more endings, for lines that already end on such vowels: a multi across words.
    """

    endings: tuple[int, ...]
    after: Mapping[Key, tuple[int, ...]] = field(default_factory=dict)
    syllables: tuple[int, int] = FREE_LENGTH
    avoid: frozenset[str] = frozenset()
    avoid_phrases: tuple[Phrase, ...] = ()  # of several words: looked for once the line stands
    include: Phrase = ()


@dataclass(frozen=True)
class Context:
    """Where a line begins: the model, its state `(1, …)` and logits `(V,)`, what is on the line already (a seed)."""

    model: LanguageModel
    logits: Any
    state: State
    before: str = ""


@dataclass(frozen=True)
class Candidate:
    """A whole line. `tokens` are what was written after `Context.before`, `<line>` last.

    Its beginning was drawn from the model among what was allowed, its last word was searched for. `weight`, the
    log-probability of what was allowed and of that last word, makes up for both: lines taken in proportion to
    exp(weight) are drawn from the model given the demand (importance sampling).
    """

    text: str
    tokens: tuple[int, ...]
    log_probability: float
    weight: float = 0.0


@dataclass
class _Row:
    """A line being written: the tokens drawn, as text, and tokens still to come of a word put in by force."""

    text: str
    tokens: tuple[int, ...] = ()
    log_probability: float = 0.0
    weight: float = 0.0  # log-probability of having kept to what was allowed: not to end, to spell known words
    forced: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """A row at the beginning of a word, with the model's state there; which words of how many syllables may end it."""

    row: _Row
    endings: tuple[int, ...]
    logits: Any
    state: State
    room: tuple[int, int]


def candidates(
    workshop: Workshop,
    context: Context,
    demand: Demand,
    sampling: SamplingSettings,
    batch: int,
    rng: Generator,
) -> list[Candidate]:
    """Lines that meet the demand as far as steering can; possibly none."""
    places = list(_places(workshop, context, demand, sampling, batch, rng))
    if len(places) > PLACES:
        places = [places[i] for i in sorted(rng.choice(len(places), PLACES, replace=False))]
    return _closed(workshop, places, context) if places else []


def _places(
    workshop: Workshop,
    context: Context,
    demand: Demand,
    sampling: SamplingSettings,
    batch: int,
    rng: Generator,
) -> Iterator[_Place]:
    """Draw rows and yield the places where a last word may stand."""
    model, rows = context.model, [_Row(context.before) for _ in range(batch)]
    repeated = np.zeros(batch, np.intp)
    logits, state = np.asarray(context.logits)[None][repeated], model.select(context.state, repeated)
    forbidden, own = _forbidden(workshop, demand), frozenset((*tokenise(context.before), *demand.include))
    for step in range(LINE_LIMIT[workshop.level]):
        going = []
        for i, row in enumerate(rows):
            begins = _is_boundary(row, workshop.level)
            if step and not begins:
                going.append(i)
                continue
            room = _room(workshop, demand, row, own, checked=step > 0)
            if room is None:
                continue
            going.append(i)
            if begins and room[0] <= room[1] and (endings := _endings(workshop, demand, row)):
                yield _Place(replace(row), endings, logits[i], model.select(state, [i]), room)
        if not going:
            return
        if len(going) < len(rows):
            rows, logits, state = [rows[i] for i in going], logits[going], model.select(state, going)
        if demand.include:
            _force(workshop, demand.include, rows, rng)
        options, mass = _options(workshop, logits, rows, forbidden)
        tokens = _drawn(options, rows, sampling, rng)
        gains = logits[np.arange(len(rows)), tokens] - log_sum_exp(logits)
        for row, token, gain, share in zip(rows, tokens.tolist(), gains.tolist(), mass.tolist(), strict=True):
            row.tokens += (token,)
            row.log_probability += gain
            row.weight += share
            row.text = _text(workshop, context.before, row.tokens)
        logits, state = model.step(tokens, state)


def _options(workshop: Workshop, logits: Any, rows: Sequence[_Row], forbidden: Sequence[int]) -> tuple[Any, Any]:
    """Logits with -inf for what may not come, and the log-probability `(rows,)` of what may."""
    options = np.array(logits)
    options[:, forbidden] = -np.inf
    if workshop.orthography is not None:
        options[~np.stack([workshop.orthography.mask(row.text) for row in rows])] = -np.inf
    return options, log_sum_exp(options) - log_sum_exp(logits)


def _drawn(options: Any, rows: Sequence[_Row], sampling: SamplingSettings, rng: Generator) -> Any:
    if options.shape[1] > 4 * LIKELIEST:
        kept = np.argpartition(options, -LIKELIEST, axis=1)[:, -LIKELIEST:]
        chosen = draw(adjusted(np.take_along_axis(options, kept, 1), sampling), rng)
        tokens = kept[np.arange(len(rows)), chosen]
    else:
        tokens = draw(adjusted(options, sampling), rng)
    for i, row in enumerate(rows):
        if row.forced:
            tokens[i] = row.forced.pop(0)
    return tokens


def _forbidden(workshop: Workshop, demand: Demand) -> list[int]:
    """Tokens that may not be drawn: ends, brackets and quotes (an ad-lib would hide the rhyme), words to avoid."""
    index = workshop.vocabulary.word2index
    words = demand.avoid if workshop.level == "word" else '()[]{}«»“”"—–'
    conditions = conditions_of(workshop.vocabulary)
    return [
        PAD,
        UNK,
        LINE,
        SONG,
        *(index[word] for word in conditions),
        *(index[word] for word in words if word in index),
    ]


def _is_boundary(row: _Row, level: str) -> bool:
    """Whether a word may begin here: at the start of the line, after a space, or an elided clitic."""
    if level == "word" or not row.text:
        return True
    return row.text.endswith(" ") or (row.text.endswith("'") and is_clitic(tokenise(row.text)[-1]))


def _room(workshop: Workshop, demand: Demand, row: _Row, own: Set[str], *, checked: bool) -> tuple[int, int] | None:
    """Fewest and most syllables of a last word here; None when the row is to be given up.

    A row is given up when there is no room left, or its last word is misspelled, unwanted or cannot stand there; words
    of the visitor's `own` are as they are.
    """
    words = tokenise(row.text[row.text.rfind(" ", 0, -1) + 1 :])  # those of the last chunk
    if checked and not (
        demand.avoid.isdisjoint(words) and workshop.words.issuperset(word for word in words if word not in own)
    ):
        return None
    if checked and _clashes(workshop, row.text, len(words)):
        return None
    so_far = scan_line(row.text, workshop.pronunciations).syllables.spoken
    fewest, most = demand.syllables[0] - so_far, demand.syllables[1] - so_far
    return None if most < 1 else (max(1, fewest), most)


def _clashes(workshop: Workshop, text: str, words: int = 1) -> bool:
    """Whether one of its last words follows a word that it never follows."""
    chunk = text.rfind(" ", 0, -1)
    last = tokenise(text[text.rfind(" ", 0, max(chunk, 0)) + 1 :])  # those of two chunks
    return not workshop.avoided.isdisjoint(pairwise(last[-words - 1 :]))


def _endings(workshop: Workshop, demand: Demand, row: _Row) -> tuple[int, ...]:
    """The words that may end the line here."""
    if not demand.after:
        return demand.endings
    vowels = vowels_of(line_endings(scan_line(row.text, workshop.pronunciations))[0])
    joined = [words for before, words in demand.after.items() if vowels[-len(before) :] == before]
    return tuple(chain(demand.endings, *joined)) if joined else demand.endings


def _force(workshop: Workshop, phrase: Phrase, rows: Sequence[_Row], rng: Generator) -> None:
    """At the beginning of a word, now and then, put a phrase in a row that does not hold it yet."""
    space = " " if workshop.level == "char" else ""
    tokens = [*phrase_tokens(phrase, workshop.vocabulary), *workshop.vocabulary.encode(space).tolist()]
    for row in rows:
        begins = not row.forced and _is_boundary(row, workshop.level) and not holds(tokenise(row.text), phrase)
        if begins and rng.random() < 0.25:
            row.forced = list(tokens)


def _text(workshop: Workshop, before: str, tokens: Sequence[int]) -> str:
    words = workshop.vocabulary.index2word
    if workshop.level == "char":
        return before + "".join(words[token] for token in tokens)
    return f"{before} {detokenise(words[token] for token in tokens)}"


def _closed(workshop: Workshop, places: Sequence[_Place], context: Context) -> list[Candidate]:
    """The best last words at these places: a beam search, all places at once."""
    tries = [workshop.trie(place.endings, *place.room) for place in places]
    beams = [_Beam(i, 0, 0.0, ()) for i, trie in enumerate(tries) if trie]
    model, rows = context.model, [beam.place for beam in beams]
    logits = np.stack([place.logits for place in places])[rows]
    state = model.select(model.join([place.state for place in places]), rows)
    found: list[Candidate] = []
    while beams:
        longer = _extended(beams, logits, tries)
        ended = (_candidate(workshop, places[beam.place].row, beam, context.before) for beam in longer if beam.done)
        found += [candidate for candidate in ended if not _clashes(workshop, candidate.text)]
        kept = _kept([beam for beam in longer if not beam.done])
        if not kept:
            break
        parents = [beam.parent for beam in kept]
        logits, state = model.step(np.array([beam.tokens[-1] for beam in kept]), model.select(state, parents))
        beams = kept
    return found


@dataclass(frozen=True, slots=True)
class _Beam:
    place: int
    node: int
    gain: float  # log-probability since the place
    tokens: tuple[int, ...]
    parent: int = 0  # row in the batch it was extended from

    @property
    def done(self) -> bool:
        return bool(self.tokens) and self.tokens[-1] == LINE


def _extended(beams: Sequence[_Beam], logits: Any, tries: Sequence[Any]) -> list[_Beam]:
    """Each beam by its `EACH` likeliest next tokens."""
    longer, normaliser = [], log_sum_exp(logits)
    for i, beam in enumerate(beams):
        tokens, nodes = tries[beam.place].children(beam.node)
        gains = logits[i, tokens] - normaliser[i]
        order = np.argpartition(gains, -EACH)[-EACH:] if len(gains) > EACH else range(len(gains))
        for at in order:
            gain = beam.gain + float(gains[at])
            longer.append(_Beam(beam.place, int(nodes[at]), gain, (*beam.tokens, int(tokens[at])), i))
    return longer


def _kept(beams: list[_Beam]) -> list[_Beam]:
    """The best `WIDTH`, at most `EACH` of one place."""
    beams.sort(key=lambda beam: -beam.gain)
    kept, of_place = [], dict[int, int]()
    for beam in beams:
        if of_place.get(beam.place, 0) < EACH:
            of_place[beam.place] = of_place.get(beam.place, 0) + 1
            kept.append(beam)
            if len(kept) == WIDTH:
                break
    return kept


def _candidate(workshop: Workshop, row: _Row, beam: _Beam, before: str) -> Candidate:
    tokens = row.tokens + beam.tokens
    words = [workshop.vocabulary.index2word[token] for token in tokens[:-1]]
    speller = Speller(workshop.level, before)
    text = before + "".join(words if workshop.level == "char" else map(speller.spell, words))
    return Candidate(text, tokens, row.log_probability + beam.gain, row.weight + beam.gain)
