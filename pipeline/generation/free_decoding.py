"""Free writing: a run and a seed -> pieces of text, each a token drawn from what the model predicts."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.generation.context import WritableRun, normalise_text, read_seed, read_seed_tokens
from pipeline.generation.lyric import GeneratedLine, Piece, WriteSettings
from pipeline.generation.policy import Policy, policy_of
from pipeline.generation.sampler import Generator, Logits, RepeatedNgrams
from pipeline.generation.style.speaker import LineBonus, line_bonuses
from pipeline.generation.style.style import styled_model
from pipeline.language.vocabulary import LINE, SONG, UNK, Vocabulary
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.unit_contract import Speller
from pipeline.language_models.units import units_of

ALTERNATIVES = 5


def make_piece(speller: Speller, logits: Any, token: int, vocabulary: Vocabulary) -> Piece:
    """Return the piece of a token that was chosen where the model gave these logits `(V,)`."""
    probability = softmax(np.asarray(logits, np.float64), axis=-1)
    words, count = vocabulary.index2word, min(ALTERNATIVES, len(vocabulary))
    best = np.argpartition(probability, -count)[-count:].tolist()
    likely = sorted(((float(probability[i]), -i) for i in best), reverse=True)
    alternatives = tuple((words[-i], round(p, 6)) for p, i in likely)
    return Piece(speller.spell(words[token]), float(probability[token]), alternatives)


class LineGatherer:
    """Gathers pieces into GeneratedLines; the seed's unfinished line is part of the first."""

    def __init__(self, seed_text: str) -> None:
        self._before = normalise_text(seed_text).rsplit("\n", 1)[-1]
        self._pieces: list[Piece] = []
        self._done: list[GeneratedLine] = []
        self._section = 0

    @property
    def unfinished(self) -> str:
        """The line under way."""
        return self._before + "".join(piece.text for piece in self._pieces)

    def add(self, piece: Piece, *, ends: bool) -> None:
        """Take the next piece; `ends` says whether the line ends with it, or the song."""
        self._pieces.append(piece)
        if ends:
            self._end()

    def add_line(self, line: GeneratedLine) -> None:
        """Take a whole line."""
        self._done.append(line)
        self._before, self._pieces = "", []

    def finished(self) -> tuple[GeneratedLine, ...]:
        """Return the lines that are finished."""
        return tuple(self._done)

    def _end(self) -> None:
        text = self._before + "".join(piece.text for piece in self._pieces).rstrip("\n")
        if text:
            self._done.append(
                GeneratedLine(
                    text=text,
                    log_probability=log_probability(self._pieces),
                    tokens=len(self._pieces),
                    section=self._section,
                    pieces=tuple(self._pieces),
                )
            )
        elif self._done:
            self._section += 1
        self._before, self._pieces = "", []


def log_probability(pieces: Sequence[Piece]) -> float:
    """Return the natural log-probability of pieces that follow each other; a piece counts -708 at the least."""
    probabilities = np.array([piece.probability for piece in pieces])
    return float(np.log(np.maximum(probabilities, np.finfo(float).tiny)).sum())


def decode_freely(
    run: WritableRun, seed_text: str, settings: WriteSettings, rng: Generator
) -> Iterator[tuple[Piece, int]]:
    """Yield pieces with their tokens as they are drawn, until the lines are written or the song ends."""
    vocabulary, model = run.vocabulary, styled_model(run.language_model(), settings.style)
    units, controls = units_of(vocabulary), settings.style.control_tokens(vocabulary)
    seed = read_seed(seed_text, vocabulary)
    policy, sampler = policy_of(vocabulary), settings.sampling.make_sampler()
    context = read_seed_tokens(model, seed, policy.seed_limit, controls)
    logits, state = context.logits, context.state
    words = len(vocabulary) - len(conditions_of(vocabulary))
    page, speller = _Page(seed.ids.tolist(), policy, words), units.speller(normalise_text(seed_text))
    model, line, section = model.with_cache(page.tokens, settings.memory), list[int](), 0
    penalised = sampler.repetition_penalty != 1
    bonuses = _LineBonuses(settings, vocabulary, normalise_text(seed_text))
    while page.lines < settings.lines:
        options = page.allowed(np.asarray(logits, np.float64), settings)
        for gains in bonuses.gains():
            options = options + gains
        token = int(sampler.next(options, [page.ngrams.repeats()] if penalised else (), rng))
        page.add(token)
        line.append(token)
        piece = make_piece(speller, logits, token, vocabulary)
        bonuses.add(piece.text, vocabulary.index2word[token])
        yield piece, token
        if token == SONG:
            return
        if token == LINE:
            model.extend_cache(line)
            line = []
        logits, state = model.step(np.array([token]), state)
        logits = logits[0]
        if page.begins_section:
            section += 1
            controls = settings.style.control_tokens(vocabulary, number=section)
            logits, state = model.condition(controls, logits, state)


class _LineBonuses:
    """The text so far, and what its line under way gains by a word of the theme and by who speaks."""

    def __init__(self, settings: WriteSettings, vocabulary: Vocabulary, text: str) -> None:
        self.settings, self.vocabulary, self.text = settings, vocabulary, text
        self._units, self._before, self._entries = units_of(vocabulary), text.rpartition("\n")[2], list[str]()
        self.bonuses = self._of_line()

    def gains(self) -> Iterator[Any]:
        """Yield what each token gains now."""
        line = self._units.join(self._before, self._entries) if self.bonuses else ""  # with the space that is due
        return (bonus.after(line) for bonus in self.bonuses)

    def add(self, text: str, token: str) -> None:
        """Write on: what is shown, and the token that it is of."""
        self.text += text
        self._entries.append(token)
        if text.endswith("\n"):
            self._before, self._entries = "", []
            self.bonuses = self._of_line()

    def _of_line(self) -> tuple[LineBonus, ...]:
        section = self.text.rpartition("\n\n")[2]
        return line_bonuses(self.settings, self.vocabulary, self.text.split("\n"), section.split("\n"))


class _Page:
    """What stands on the page so far, as tokens, and what may come next."""

    def __init__(self, before: list[int], policy: Policy, words: int) -> None:
        self.limit, self.words = policy.line_limit, words
        self.tokens: list[int] = []
        self.ngrams = RepeatedNgrams(policy.repeated_order)
        self.lines = self.length = 0
        self.open = False  # does the line have something on it
        for token in before[-policy.seed_limit :]:
            self.add(token)
        self.lines = self.length = 0  # lines ended, and tokens on the present one, since the seed

    def add(self, token: int) -> None:
        """Write a token."""
        self.ngrams.add(token)
        self.tokens.append(token)
        if token in (LINE, SONG):
            self.lines += self.open
            self.open, self.length = False, 0
        else:
            self.open, self.length = True, self.length + 1

    @property
    def begins_section(self) -> bool:
        """Whether an empty line was just written."""
        return self.tokens[-2:] == [LINE, LINE]

    def allowed(self, logits: Logits, settings: WriteSettings) -> Logits:
        """Return logits with -inf for what cannot come: padding, the unknown, empty lines at the top or in a row."""
        if self.length >= self.limit:
            return np.where(np.arange(len(logits)) == LINE, logits, -np.inf)
        logits = logits.copy()
        logits[: UNK + 1] = -np.inf  # padding and the unknown are the first two
        logits[self.words :] = -np.inf
        if not settings.stop_at_song_end or not self.tokens:
            logits[SONG] = -np.inf
        if not self.tokens or self.begins_section:
            logits[LINE] = -np.inf
        return logits
