"""What writing gives: a Lyric, with all that is needed to write it again and to explain it.

A file of a visitor is checked against the annotations of these dataclasses (`core.plain_data`). Knows nothing of how a
text was written, or where.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.core.plain_data import from_plain_data
from pipeline.core.translation import mark
from pipeline.generation.constraints import Constraints, Violation
from pipeline.generation.form import SectionPlan
from pipeline.generation.sampling import SamplingSettings, check_range
from pipeline.generation.style import Style, Theme
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.control_tokens import TEXT_WORDS, required_words_control_tokens
from pipeline.language_models.units import vocabulary_units

FORMAT = 2  # raised where an old file would mean something else; a new setting with a default is read as that
MAX_LINES = 1000
MAX_TOLD_WORDS = 3  # of a theme: as many as texts were told in training


@dataclass(frozen=True, kw_only=True)
class LyricSettings:
    """Settings of a text to write; with `constraints` or a `plan`, lines are written under constraints.

    lines             lines with words on them; the line that the seed leaves unfinished, once finished, is the first
    stop_at_song_end  whether the model may end the song before they are written
    memory            what the words of the song so far weigh to a mixture: 0 nothing, 1 as in real songs
    constraints       what each line must do
    plan              the sections of a whole song; then `lines` says nothing
    theme             words that become likelier
    """

    lines: int = 16
    stop_at_song_end: bool = False
    memory: float = 0.0
    style: Style = field(default_factory=Style)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    constraints: Constraints | None = None
    plan: tuple[SectionPlan, ...] = ()
    theme: Theme | None = None

    def __post_init__(self) -> None:
        check_range(mark("number of lines"), self.lines, 1, MAX_LINES)
        check_range(mark("memory"), self.memory, 0, 10)

    @property
    def is_constrained(self) -> bool:
        """Whether lines are written under constraints; otherwise the model generates freely, token by token."""
        return bool(self.constraints or self.plan)


def control_tokens(settings: LyricSettings, vocabulary: Vocabulary, kind: str = "", number: int = 0) -> tuple[Ids, ...]:
    """Return the control tokens before section `number`, one array for each voice in it; before the first section also
    rhyme scheme and theme words, for a run that was trained with those.

    Raises SettingError for what the run was not taught.
    """
    style, scheme = settings.style, f"rhymes:{settings.constraints.scheme}" if settings.constraints else ""
    if not number and f"<{scheme}>" in vocabulary:
        style = replace(style, controls=(*style.controls, scheme))
    controls = style.control_tokens(vocabulary, kind, number)
    if number or not settings.theme or TEXT_WORDS not in vocabulary:
        return controls
    words = vocabulary_units(vocabulary).phrase_tokens([word for word, _ in settings.theme.words[:MAX_TOLD_WORDS]])
    return tuple(np.concatenate([own, required_words_control_tokens(words, vocabulary)]) for own in controls)


def theme_bonus(settings: LyricSettings, vocabulary: Vocabulary, lines: Iterable[str]) -> WordBonus | None:
    """Return what theme words add to the logits of the line that follows `lines`; None if there is no theme."""
    used = {word for line in lines for word in tokenise(line)}
    return settings.theme.word_bonus(vocabulary, used) if settings.theme else None


@dataclass(frozen=True, slots=True)
class WrittenToken:
    """A token of a written line: its text, its probability, and the likeliest other tokens there.

    `text` is what to append (" mot", "é", a line end "\\n"). `probability` is of the model that drew it, before any
    setting; `alternatives` are the likeliest tokens there with theirs, the likeliest first.
    """

    text: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CopiedSpan:
    """The longest run of words that a line shares with the training corpus, and a song that contains it."""

    words: int
    text: str
    source: str = ""


@dataclass(frozen=True)
class Quotation:
    """The origin of a quoted line: the corpus, the song by its number there, its title and artist."""

    corpus: str
    song: int
    label: str


@dataclass(frozen=True, kw_only=True)
class GeneratedLine:
    """A written line with its statistics. `log_probability` is natural, summed over its tokens under the drawing model.

    `syllables` (spoken), `rhyme` (its letter in the scheme), `rhyme_key`, `rhyme_kind` (with the line it answers),
    `violations` (each constraint that is not met) are filled when writing under constraints. `copies` are runs of four
    words and more that the run learnt from. `by` is the partner who wrote it, `quotation` the song that it is of; where
    there is neither, the run wrote it, or, where it has no `tokens`, a person.
    """

    text: str
    log_probability: float
    tokens: int
    section: int = 0
    kind: str = ""
    syllables: int | None = None
    rhyme: str | None = None
    rhyme_key: str | None = None
    rhyme_kind: str | None = None
    copies: tuple[CopiedSpan, ...] = ()
    violations: tuple[Violation, ...] = ()
    by: str = ""
    quotation: Quotation | None = None
    pieces: tuple[WrittenToken, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Lyric:
    """A written text with its origin: the same `run`, `seed`, `settings` and `random_seed` write the same text.

    `text` begins with the seed as it was given. `unknown` are the characters or words of the seed that the run never
    saw. `ended` tells whether the model ended the song by itself.
    """

    run: str
    seed: str
    text: str
    lines: tuple[GeneratedLine, ...]
    settings: LyricSettings
    random_seed: int
    unknown: tuple[str, ...] = ()
    ended: bool = False

    @property
    def log_probability(self) -> float:
        """Natural log-probability of all text written after the seed."""
        return sum(line.log_probability for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """Return the lyric as a JSON object that `from_json` reads."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Lyric":
        """Return the lyric that `to_json` encoded; checked, since anybody may have written it.

        Raises SettingError when it is something else: every field is checked for its type and range.
        """
        try:
            if data["format"] != FORMAT:
                raise SettingError(
                    "This text has format {format}; this version reads {known}.", format=data["format"], known=FORMAT
                )
            lyric: Lyric = from_plain_data(cls, data)
            if not all(map(_is_in_range, lyric.lines)) or lyric.random_seed < 0:
                raise ValueError("a number is out of its range")
            return lyric
        except (KeyError, TypeError, ValueError) as error:
            raise not_a_lyric_error() from error


def _is_in_range(line: GeneratedLine) -> bool:
    counts = (line.tokens, line.section, line.syllables or 0, *(span.words for span in line.copies))
    shares = [p for piece in line.pieces for p in (piece.probability, *(p for _, p in piece.alternatives))]
    return line.log_probability <= 0 and all(n >= 0 for n in counts) and all(0 <= p <= 1 for p in shares)


def not_a_lyric_error() -> SettingError:
    """Return the error for a file that does not contain a saved text."""
    return SettingError("This file is not a text saved by Seize. Open another one.")


@dataclass(frozen=True)
class WrittenPart:
    """A piece of text as it is written: its characters, the line that they finish if any, whether the song ends."""

    text: str
    line: GeneratedLine | None = None
    ended: bool = False


class TextSoFar:
    """A text being written after a seed, as far as it is finished.

    written  all that follows the seed
    lines    the lines of it that are finished
    ended    whether the model ended the song by itself
    unknown  the characters or words of the seed that the run never saw
    """

    def __init__(self, run_name: str, seed: str, settings: LyricSettings, random_seed: int) -> None:
        self.run_name, self.seed, self.settings, self.random_seed = run_name, seed, settings, random_seed
        self.written = ""
        self.ended = False
        self.lines: tuple[GeneratedLine, ...] = ()
        self.unknown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The seed and the text written after it."""
        return self.seed + self.written

    def as_lyric(self) -> Lyric:
        """Return the text written so far, with the run, seeds and settings that write it again."""
        return Lyric(
            run=self.run_name,
            seed=self.seed,
            text=self.seed + self.written.rstrip("\n"),
            lines=self.lines,
            settings=self.settings,
            random_seed=self.random_seed,
            unknown=self.unknown,
            ended=self.ended,
        )
