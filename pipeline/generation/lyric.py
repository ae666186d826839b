"""What writing gives: a Lyric, with all that is needed to write it again and to explain it.

A file of a visitor is checked against the annotations of these dataclasses, which Python itself does not check. Knows
nothing of how a text was written, or where.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.generation.constraints import Constraints, Violation
from pipeline.generation.form import SectionPlan
from pipeline.generation.sampling import SamplingSettings, check_range
from pipeline.generation.style import Style, Theme
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.control_tokens import TEXT_WORDS, text_words_tokens
from pipeline.language_models.units import units_of

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, which JSON can hold and nothing can write down


def conforms(value: Any, kind: Any) -> bool:
    """Whether a value is of a type, as annotated: a class, a dataclass, a union, a tuple, a mapping or a literal.

    A float may be written as an int, and has to be finite; True is no int; a text has whole characters.

    >>> conforms((1, "a"), tuple[int, str]), conforms((1, 2), tuple[str, ...]), conforms(None, int | None)
    (True, False, True)
    >>> conforms((1,), tuple[int, str]), conforms((1, 2), tuple[int, str]), conforms((1, "a", "b"), tuple[int, str])
    (False, False, False)
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(conforms(value, argument) for argument in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and _items_conform(value, arguments)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(
            conforms(key, arguments[0]) and conforms(argument, arguments[1]) for key, argument in value.items()
        )
    if is_dataclass(kind):
        return type(value) is kind and all(
            conforms(getattr(value, name), argument) for name, argument in _type_hints(type(value)).items()
        )
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is kind and (kind is not str or not _LONE_SURROGATE.search(value))


def _items_conform(value: tuple[Any, ...], kinds: tuple[Any, ...]) -> bool:
    if kinds[1:] == (...,):
        return all(conforms(each, kinds[0]) for each in value)
    return len(value) == len(kinds) and all(map(conforms, value, kinds))


@cache
def _type_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


FORMAT = 2
MAX_LINES = 1000
MAX_TOLD_WORDS = 3  # of a theme: as many as texts were told in training


@dataclass(frozen=True, kw_only=True)
class WriteSettings:
    """How much to write, and how daringly.

    `lines` are lines with words on them; the line that the seed leaves unfinished, once finished, is the first.
    Without `stop_at_song_end` the model is not allowed to end the song before they are written. `memory` weighs what a
    mixture remembers of the song so far, so that phrases come back: 0 leaves it out, 1 is as in real songs. `style`
    tells a run that was taught conditions whose voice, which section and when. With `constraints`, what each line must
    do, or a `plan`, the sections of a whole song (then `lines` says nothing), the text is written to measure. The words
    of a `theme` are likelier.
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
        """Whether lines are written to measure; otherwise the model writes freely, token by token."""
        return bool(self.constraints or self.plan)


def control_tokens(settings: WriteSettings, vocabulary: Vocabulary, kind: str = "", number: int = 0) -> tuple[Ids, ...]:
    """Return the control tokens before the section of a number, an array for each voice that speaks in it; before the
    first, the rhyme scheme and words of the theme, for a run that was told those of its texts.

    Raises SettingError for what the run was not taught.
    """
    style, scheme = settings.style, f"rhymes:{settings.constraints.scheme}" if settings.constraints else ""
    if not number and f"<{scheme}>" in vocabulary:
        style = replace(style, told=(*style.told, scheme))
    controls = style.control_tokens(vocabulary, kind, number)
    if number or not settings.theme or TEXT_WORDS not in vocabulary:
        return controls
    words = units_of(vocabulary).phrase([word for word, _ in settings.theme.words[:MAX_TOLD_WORDS]])
    return tuple(np.concatenate([own, text_words_tokens(words, vocabulary)]) for own in controls)


def theme_bonus(settings: WriteSettings, vocabulary: Vocabulary, lines: Iterable[str]) -> WordBonus | None:
    """Return what the line after these gains by words of the theme; None without a theme."""
    used = {word for line in lines for word in tokenise(line)}
    return settings.theme.bonus(vocabulary, used) if settings.theme else None


@dataclass(frozen=True, slots=True)
class TokenPiece:
    """A token as shown, with what a reader may ask about it.

    `text` is what to append (" mot", "é", a line end "\\n"). `probability` is of the model that drew it, before any
    setting; `alternatives` are the likeliest tokens there with theirs, the likeliest first.
    """

    text: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CopiedSpan:
    """The longest run of words of a line that is also in the training corpus, and a song it is from."""

    words: int
    text: str
    source: str = ""


@dataclass(frozen=True)
class Quotation:
    """Where a line is quoted from: the corpus, the song by its number in it, its title and artist."""

    corpus: str
    song: int
    label: str


@dataclass(frozen=True, kw_only=True)
class GeneratedLine:
    """A line as shown. `log_probability` (natural) is summed over its `tokens`, by the model that they were drawn from.

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
    pieces: tuple[TokenPiece, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Lyric:
    """A text with its origin: the same `run`, `seed`, `settings` and `random_seed` write the same text.

    `text` begins with the seed as it was given. `unknown` are the characters or words of the seed that the run never
    saw. `ended` tells whether the model ended the song by itself.
    """

    run: str
    seed: str
    text: str
    lines: tuple[GeneratedLine, ...]
    settings: WriteSettings
    random_seed: int
    unknown: tuple[str, ...] = ()
    ended: bool = False

    @property
    def log_probability(self) -> float:
        """Natural log-probability of everything written after the seed."""
        return sum(line.log_probability for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """A plain JSON object that `from_json` reads back."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Lyric":
        """Read what `to_json` wrote; anybody may have written it.

        Raises SettingError when it is something else: every field is checked for its type and range.
        """
        try:
            if data["format"] != FORMAT:
                raise SettingError(
                    "This text has format {format}; this version reads {known}.", format=data["format"], known=FORMAT
                )
            rest = _known_fields(cls, data)
            lines = tuple(line_from_json(line) for line in rest.pop("lines"))
            unknown = tuple(rest.pop("unknown"))
            lyric = cls(lines=lines, settings=settings_from_json(rest.pop("settings")), unknown=unknown, **rest)
            if not (conforms(lyric, cls) and all(map(_is_in_range, lines)) and lyric.random_seed >= 0):
                raise ValueError("a field is of another type, or out of its range")
            return lyric
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise not_a_lyric_error() from error


def _is_in_range(line: GeneratedLine) -> bool:
    counts = (line.tokens, line.section, line.syllables or 0, *(span.words for span in line.copies))
    shares = [p for piece in line.pieces for p in (piece.probability, *(p for _, p in piece.alternatives))]
    return line.log_probability <= 0 and all(n >= 0 for n in counts) and all(0 <= p <= 1 for p in shares)


def not_a_lyric_error() -> SettingError:
    """Return the error for a file that is something else."""
    return SettingError("This file is not a text saved by Seize. Open another one.")


def settings_from_json(data: Mapping[str, Any]) -> WriteSettings:
    """Return the settings of which `data` is `dataclasses.asdict`.

    Raises SettingError outside their ranges, KeyError, TypeError or ValueError for something else.
    """
    rest = _known_fields(WriteSettings, data)
    constraints = rest.pop("constraints")
    if constraints is not None:
        words = {key: tuple(constraints.get(key, ())) for key in ("use", "avoid", "end_words")}
        constraints = Constraints(**{**_known_fields(Constraints, constraints), **words})
    theme = rest.pop("theme")
    return WriteSettings(
        theme=theme
        and Theme(words=tuple((word, weight) for word, weight in theme["words"]), strength=theme["strength"]),
        sampling=SamplingSettings(**rest.pop("sampling")),
        style=_style_from_json(rest.pop("style")),
        constraints=constraints,
        plan=tuple(map(_part_from_json, rest.pop("plan"))),
        **rest,
    )


def _known_fields(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `data` is a field of a dataclass: a draft of an earlier version opens with what is left of it."""
    return {each.name: data[each.name] for each in fields(kind) if each.name in data}


def _style_from_json(data: Mapping[str, Any]) -> Style:
    known = _known_fields(Style, data)
    return Style(**{**known, "told": tuple(known.get("told", ()))})


def _part_from_json(data: Mapping[str, Any]) -> SectionPlan:
    syllables = data["syllables"]
    return SectionPlan(**{**data, "syllables": tuple(syllables) if isinstance(syllables, list) else syllables})


def line_from_json(data: Mapping[str, Any]) -> GeneratedLine:
    """Return the line of which `data` is `dataclasses.asdict`. Raises KeyError, TypeError or ValueError."""
    rest = _known_fields(GeneratedLine, data)
    copies, quotation = rest.pop("copies", ()), rest.pop("quotation", None)
    violations = tuple(map(Violation.from_json, rest.pop("violations")))
    return GeneratedLine(
        pieces=tuple(
            TokenPiece(piece["text"], piece["probability"], tuple((text, p) for text, p in piece["alternatives"]))
            for piece in rest.pop("pieces")
        ),
        copies=tuple(CopiedSpan(**span) for span in copies),
        quotation=None if quotation is None else Quotation(**quotation),
        violations=violations,
        **rest,
    )


@dataclass(frozen=True)
class WrittenPart:
    """What a writer adds to a text at once: its letters, the line that they finish, if any, whether the song ends."""

    text: str
    line: GeneratedLine | None = None
    ended: bool = False


class TextSoFar(ABC):
    """What follows a seed, as far as it is written.

    written  all that follows the seed
    ended    whether the model ended the song by itself
    unknown  the characters or words of the seed that the run never saw
    """

    def __init__(self, run_name: str, seed: str, settings: WriteSettings, random_seed: int) -> None:
        self.run_name, self.seed, self.settings, self.random_seed = run_name, seed, settings, random_seed
        self.written = ""
        self.ended = False
        self.unknown: tuple[str, ...] = ()

    @property
    @abstractmethod
    def lines(self) -> tuple[GeneratedLine, ...]:
        """The lines that are finished."""

    @property
    def text(self) -> str:
        """The seed and what was written."""
        return self.seed + self.written

    def lyric(self) -> Lyric:
        """Return what is written so far, with all that writes it again."""
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
