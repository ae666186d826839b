"""A run and a seed -> lyrics, as they are written or all at once.

The model is received as a `LanguageModel`, the randomness as a number: the same run, seed, settings and number write
the same text.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.errors import SettingError
from pipeline.generation.lyric import GeneratedLine, Lyric, Piece, WriteSettings
from pipeline.generation.sampling import Logits, adjusted, draw
from pipeline.generation.spelling import Seed, Speller, normalised, read_seed
from pipeline.generation.style import player
from pipeline.language.vocabulary import LINE, SONG, UNK, Ids, Vocabulary
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.protocol import LanguageModel, State

# Only the last tokens of a long seed are read. After the last 500 the next-token distribution is that after all of
# them (benchmarks/generation.py prints the difference), and a seed of a whole book still answers at once.
MEMORY = {"char": 500, "word": 200}
LINE_LIMIT = {"char": 160, "word": 32}  # tokens after which a line ends anyway: an untrained model may never end one
REPEAT_ORDER = {"char": 8, "word": 2}  # the repetition penalty is for n-grams of this length already written
ALTERNATIVES = 5


class Run(Protocol):
    """What is needed of a trained run: `runs.run.Run` has it."""

    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    def player(self) -> LanguageModel: ...


def write(
    run: Run, seed_text: str = "", settings: WriteSettings | None = None, random_seed: int = 0
) -> Iterator[Piece]:
    """The pieces of text that follow the seed, as they are written. Raises SettingError for a negative random seed."""
    return (piece for piece, _ in _written(run, seed_text, settings or WriteSettings(), generator(random_seed)))


def write_lyric(run: Run, seed_text: str = "", settings: WriteSettings | None = None, random_seed: int = 0) -> Lyric:
    """The whole text that `write` gives, line by line with log-probabilities."""
    settings = settings or WriteSettings()
    lines = Lines(seed_text)
    written = list(_written(run, seed_text, settings, generator(random_seed)))
    for piece, _ in written:
        lines.add(piece)
    return Lyric(
        run=run.name,
        seed=seed_text,
        text=seed_text + "".join(piece.text for piece, _ in written).rstrip("\n"),
        lines=lines.finish(),
        settings=settings,
        random_seed=random_seed,
        unknown=read_seed(seed_text, run.vocabulary).unknown,
        ended=written[-1][1] == SONG,
    )


def read_context(model: LanguageModel, seed: Seed, level: str, told: Sequence[Ids]) -> tuple[Any, State]:
    """Read `<song>`, what is told of it and the seed (its last `MEMORY` tokens): the logits `(V,)` of what comes next,
    and the state.
    """
    logits, state = model.run(np.array([[SONG]]))
    logits, state = model.condition(told, logits[0, -1], state)
    tokens = seed.ids[1 - MEMORY[level] :]
    if len(tokens):
        logits, state = model.run(tokens[None], state)
        logits = logits[0, -1]
    return logits, state


def generator(random_seed: int) -> np.random.Generator:
    """The random numbers of a text. Raises SettingError unless `random_seed` is a whole number from 0 up."""
    if not isinstance(random_seed, int | np.integer) or random_seed < 0:
        raise SettingError(f"The random seed is {random_seed}: take a whole number from 0 up.")
    return np.random.default_rng(random_seed)


def _written(
    run: Run, seed_text: str, settings: WriteSettings, rng: np.random.Generator
) -> Iterator[tuple[Piece, int]]:
    """Pieces with their tokens, until the lines are written or the song ends."""
    vocabulary, model = run.vocabulary, player(run.player(), settings.style)
    level, told = vocabulary.level, settings.style.told(vocabulary)
    seed = read_seed(seed_text, vocabulary)
    logits, state = read_context(model, seed, level, told)
    words = len(vocabulary) - len(conditions_of(vocabulary))
    page, speller = _Page(seed.ids.tolist(), level, words), Speller(level, normalised(seed_text))
    model, line = model.with_cache(page.tokens, settings.memory), []
    while page.lines < settings.lines:
        options = page.allowed(np.asarray(logits, np.float64), settings)
        token = int(draw(adjusted(options, settings.sampling, page.repeats()), rng))
        page.add(token)
        line.append(token)
        yield piece_of(speller, logits, token, vocabulary), token
        if token == SONG:
            return
        if token == LINE:
            model.extend_cache(line)
            line = []
        logits, state = model.step(np.array([token]), state)
        logits = logits[0]
        if page.begins_section:
            logits, state = model.condition(told, logits, state)


def piece_of(speller: Speller, logits: Any, token: int, vocabulary: Vocabulary) -> Piece:
    """A token that was chosen where the model gave these logits `(V,)`."""
    probability = softmax(np.asarray(logits, np.float64), axis=-1)
    words, count = vocabulary.index2word, min(ALTERNATIVES, len(vocabulary))
    best = np.argpartition(probability, -count)[-count:].tolist()
    likely = sorted(((float(probability[i]), -i) for i in best), reverse=True)
    alternatives = tuple((words[-i], round(p, 6)) for p, i in likely)
    return Piece(speller.spell(words[token]), float(probability[token]), alternatives)


class _Page:
    """What stands on the page so far, as tokens, and what may come next."""

    def __init__(self, before: list[int], level: str, words: int) -> None:
        self.order, self.limit, self.words = REPEAT_ORDER[level], LINE_LIMIT[level], words
        self.tokens: list[int] = []
        self.seen: dict[tuple[int, ...], set[int]] = {}  # n-gram without its last token -> last tokens written
        self.lines = self.length = 0
        self.open = False  # does the line have something on it
        for token in before[-MEMORY[level] :]:
            self.add(token)
        self.lines = self.length = 0  # lines ended, and tokens on the present one, since the seed

    def add(self, token: int) -> None:
        self.seen.setdefault(self._last(), set()).add(token)
        self.tokens.append(token)
        if token in (LINE, SONG):
            self.lines += self.open
            self.open, self.length = False, 0
        else:
            self.open, self.length = True, self.length + 1

    def repeats(self) -> set[int]:
        """Tokens that would write an n-gram again, line ends apart."""
        return self.seen.get(self._last(), set()) - {LINE, SONG}

    @property
    def begins_section(self) -> bool:
        """Whether an empty line was just written."""
        return self.tokens[-2:] == [LINE, LINE]

    def allowed(self, logits: Logits, settings: WriteSettings) -> Logits:
        """Logits with -inf for what cannot stand here: padding, the unknown, empty lines at the top or in a row."""
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

    def _last(self) -> tuple[int, ...]:
        return tuple(self.tokens[len(self.tokens) + 1 - self.order :])


class Lines:
    """Gathers pieces into GeneratedLines; the seed's unfinished line is part of the first."""

    def __init__(self, seed_text: str) -> None:
        self._before = normalised(seed_text).rsplit("\n", 1)[-1]
        self._pieces: list[Piece] = []
        self._done: list[GeneratedLine] = []
        self._section = 0

    @property
    def unfinished(self) -> str:
        """The line under way."""
        return self._before + "".join(piece.text for piece in self._pieces)

    def add(self, piece: Piece) -> None:
        """Take the next piece; a line end or the end of the song finishes the line."""
        self._pieces.append(piece)
        if piece.text in ("\n", ""):
            self._end()

    def finish(self) -> tuple[GeneratedLine, ...]:
        """The lines that are finished."""
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
    """Natural log-probability of pieces that follow each other; a piece counts -708 at the least."""
    probabilities = np.array([piece.probability for piece in pieces])
    return float(np.log(np.maximum(probabilities, np.finfo(float).tiny)).sum())
