"""Free writing: a run and a seed -> lines, each token of which is drawn from what the model predicts."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.core.errors import SeizeError
from pipeline.generation.constraints import Constraints
from pipeline.generation.context import WritableRun, context_after_seed, normalise_text, read_seed
from pipeline.generation.learnt_text import learnt_text
from pipeline.generation.lyric import GeneratedLine, TokenPiece, WriteSettings, WrittenPart, control_tokens, theme_bonus
from pipeline.generation.policy import RECENT_LINE_COUNT, policy_of
from pipeline.generation.sampling import Generator, Logits, RepeatedNgrams, Sampler
from pipeline.generation.search.originality import SpanIndex, index_spans
from pipeline.generation.style import styled_model
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, SONG, UNK, Vocabulary
from pipeline.language_models.control_tokens import control_tokens_of
from pipeline.language_models.protocol import LanguageModel, State
from pipeline.language_models.unit_contract import Detokeniser
from pipeline.language_models.units import units_of

MAX_ALTERNATIVES = 5


def make_piece(detokeniser: Detokeniser, logits: Any, token: int, vocabulary: Vocabulary) -> TokenPiece:
    """Return the piece of a token that was chosen where the model gave these logits `(V,)`."""
    probability = softmax(np.asarray(logits, np.float64), axis=-1)
    words, count = vocabulary.index2word, min(MAX_ALTERNATIVES, len(vocabulary))
    best = np.argpartition(probability, -count)[-count:].tolist()
    likely = sorted(((float(probability[i]), -i) for i in best), reverse=True)
    alternatives = tuple((words[-i], round(p, 6)) for p, i in likely)
    return TokenPiece(detokeniser.next_text(words[token]), float(probability[token]), alternatives)


def log_probability(pieces: Sequence[TokenPiece]) -> float:
    """Return the natural log-probability of pieces that follow each other; a piece counts -708 at the least."""
    probabilities = np.array([piece.probability for piece in pieces])
    return float(np.log(np.maximum(probabilities, np.finfo(float).tiny)).sum())


TRIES = 6  # lines drawn for one, at most


def decode_freely(run: WritableRun, seed_text: str, settings: WriteSettings, rng: Generator) -> Iterator[WrittenPart]:
    """Yield lines, and the empty ones between sections, until all are written or the song ends.

    A line is drawn again, `TRIES` times in all, that stands in what the run learnt from or shares more words in a row
    with it than lines to measure may, and one that begins as a line shortly before it.
    """
    text = _FreeText.from_seed(run, seed_text, settings)
    spans = learnt_spans(run)
    section = written = 0
    while text.lines < settings.lines:
        before = text.line_beginning
        for _ in range(TRIES):
            line = text.draw_line(rng)
            if not (line.words and (_is_copied(line.words, spans) or text.repeats_beginning(line.words))):
                break
        letters = "".join(piece.text for piece in line.pieces)
        finished = _finished_line(before + letters.rstrip("\n"), line, section, spans)
        section += bool(written and finished is None)
        written += finished is not None
        yield WrittenPart(letters, finished, ended=line.tokens[-1] == SONG)
        if line.tokens[-1] == SONG:
            return
        text.add(line)


def _finished_line(text: str, line: "_Line", section: int, spans: SpanIndex | None) -> GeneratedLine | None:
    """Return a line as it is shown; None where nothing stands on it."""
    if not text:
        return None
    return GeneratedLine(
        text=text,
        log_probability=log_probability(line.pieces),
        tokens=len(line.pieces),
        section=section,
        copies=spans.copies(line.words) if spans else (),
        pieces=tuple(line.pieces),
    )


def learnt_spans(run: WritableRun) -> SpanIndex | None:
    """Return what copies are looked for in; None where it is not on this machine, and the run writes freely anyway."""
    try:
        return index_spans(learnt_text(run))
    except SeizeError:
        return None


def _is_copied(words: Sequence[str], spans: SpanIndex | None) -> bool:
    return spans is not None and (spans.has_line(words) or spans.longest_length(words) > Constraints.longest_copy)


@dataclass(frozen=True)
class _Line:
    """A line as it was drawn, its end the last token: what stands on it in words, and where the model is after it."""

    tokens: list[int]
    pieces: list[TokenPiece]
    words: list[str]
    logits: Any
    state: State
    sampler: Sampler


@dataclass
class _FreeText:
    """A text written freely, at the beginning of a line. `lines` counts those with something on them since the seed."""

    vocabulary: Vocabulary
    settings: WriteSettings
    model: LanguageModel
    logits: Any
    state: State
    sampler: Sampler
    text: str
    ngrams: RepeatedNgrams
    last: tuple[int, ...]  # two tokens
    lines: int = 0
    section: int = 0

    @classmethod
    def from_seed(cls, run: WritableRun, seed_text: str, settings: WriteSettings) -> "_FreeText":
        """Read the seed; its unfinished last line is for the first line to finish."""
        vocabulary, policy = run.vocabulary, policy_of(run.vocabulary)
        seed, model = read_seed(seed_text, vocabulary), styled_model(run.language_model(), settings.style)
        tokens = seed.ids.tolist()[-policy.seed_limit :]
        context = context_after_seed(model, seed, policy.seed_limit, control_tokens(settings, vocabulary))
        return cls(
            vocabulary=vocabulary,
            settings=settings,
            model=model.with_cache(tokens, settings.memory),
            logits=context.logits,
            state=context.state,
            sampler=settings.sampling.make_sampler(),
            text=normalise_text(seed_text),
            ngrams=RepeatedNgrams(policy.repeated_order, tokens),
            last=tuple(tokens[-2:]),
        )

    @property
    def line_beginning(self) -> str:
        """What stands on the line already."""
        return self.text.rpartition("\n")[2]

    def draw_line(self, rng: Generator) -> _Line:
        """Return a line that may come next; the text stays as it is."""
        units, words, before = units_of(self.vocabulary), self.vocabulary.index2word, self.line_beginning
        logits, state, sampler = self.logits, self.state, copy(self.sampler)
        detokeniser, tokens, pieces = units.detokeniser(before), list[int](), list[TokenPiece]()
        bonus = theme_bonus(self.settings, self.vocabulary, self.text.split("\n"))
        while not tokens or tokens[-1] not in (LINE, SONG):
            if tokens:
                scores, state = self.model.step(np.array(tokens[-1:]), state)
                logits = scores[0]
            options = self._mask_forbidden(np.asarray(logits, np.float64), tokens)
            if bonus:  # of the line with the space that is due
                options = options + bonus.logit_adjustments(units.join(before, [words[token] for token in tokens]))
            history = [self.ngrams.repeats(tokens)] if sampler.repetition_penalty != 1 else ()
            tokens.append(int(sampler.next(options, history, rng)))
            pieces.append(make_piece(detokeniser, logits, tokens[-1], self.vocabulary))
        text = before + "".join(piece.text for piece in pieces)
        return _Line(tokens, pieces, tokenise(text), logits, state, sampler)

    def repeats_beginning(self, words: Sequence[str]) -> bool:
        """Whether one of the last lines begins with the same two words, where phrases are not to come back."""
        if self.settings.memory:
            return False
        finished = self.text.split("\n")[:-1]
        return tuple(words[:2]) in {tuple(tokenise(line)[:2]) for line in finished[-RECENT_LINE_COUNT:]}

    def add(self, line: _Line) -> None:
        """Write a line: it is read, and counts for what comes."""
        self.lines += bool(self.line_beginning or len(line.tokens) > 1)
        self.text += "".join(piece.text for piece in line.pieces)
        self.ngrams.extend(line.tokens)
        self.last, self.sampler = (*self.last, *line.tokens)[-2:], line.sampler
        self.model.extend_cache(line.tokens)
        logits, self.state = self.model.step(np.array(line.tokens[-1:]), line.state)
        self.logits = logits[0]
        if self.last == (LINE, LINE):
            self.section += 1
            controls = control_tokens(self.settings, self.vocabulary, number=self.section)
            self.logits, self.state = self.model.read_control_tokens(controls, self.logits, self.state)

    def _mask_forbidden(self, logits: Logits, tokens: Sequence[int]) -> Logits:
        """Return logits with -inf for what cannot come: padding, the unknown, empty lines at the top or in a row."""
        if len(tokens) >= policy_of(self.vocabulary).line_limit:
            return np.where(np.arange(len(logits)) == LINE, logits, -np.inf)
        last = (*self.last, *tokens)[-2:]
        logits = logits.copy()
        logits[: UNK + 1] = -np.inf  # padding and the unknown are the first two
        logits[len(self.vocabulary) - len(control_tokens_of(self.vocabulary)) :] = -np.inf
        if not self.settings.stop_at_song_end or not last:
            logits[SONG] = -np.inf
        if not last or last == (LINE, LINE):
            logits[LINE] = -np.inf
        return logits
