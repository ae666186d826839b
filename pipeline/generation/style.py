"""What a text is to be like: whose voice, which kind of section, which year; and its theme.

A run that knows control tokens is conditioned on voice, section and year. Two voices are blended as two readings of the
same text, each conditioned on its own, whose probabilities are mixed. A theme is words that the text is to be about:
one is worth its weight times `strength` nats to a line (`WordBonus`), less once it was used.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.analysis.words.word_classes import function_words
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.translation import mark
from pipeline.generation.sampling import check_range
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Ids, Vocabulary
from pipeline.language_models.control_tokens import (
    END_LINE,
    END_WORD,
    TEXT_WORDS,
    control_token,
    control_token_value,
    control_tokens_of,
    period_token,
)
from pipeline.language_models.network import ConditionBlend
from pipeline.language_models.protocol import LanguageModel

DEFAULT_SOURCE = "<source:texts>"  # what a run writes that learnt from texts of several kinds, where nothing is said
_NO_CONDITIONS_SENTENCE = Sentence("no artists, sections or years")


@dataclass(frozen=True, kw_only=True)
class Style:
    """The style of a text as control tokens of a run: whose voice, and of which year.

    other     a second voice, blended with the first; with `turns` they take turns instead, a section each
    share     the share of the second voice, 0 to 1, where two are blended
    controls  other control tokens of the run, such as "who:je", "tense:présent", "section:refrain"
    """

    voice: str = ""
    other: str = ""
    share: float = 0.5
    year: int | None = None
    turns: bool = False
    controls: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_range(mark("share of the second artist"), self.share, 0, 1)
        if self.other and not self.voice:
            raise SettingError("To mix two artists, give the first one too.")

    @property
    def is_blend(self) -> bool:
        """Whether the style blends two voices."""
        return bool(self.other) and not self.turns

    def voice_of_section(self, section: int) -> str:
        """Return the name of the voice of section number `section`, the first of two that are blended."""
        return self.other if self.turns and section % 2 else self.voice

    def control_tokens(self, vocabulary: Vocabulary, kind: str = "", number: int = 0) -> tuple[Ids, ...]:
        """Return the control tokens of section `number` of a `kind`: one array for each voice in it.

        `kind` is the plan's word for the section.
        Raises SettingError for what the run was not taught.
        """
        other_tokens = [period_token(self.year)] if self.year is not None else []
        if kind and control_token("section", kind) in vocabulary:
            other_tokens.append(control_token("section", kind))
        controls = [f"<{each}>" for each in self.controls]
        if DEFAULT_SOURCE in vocabulary and not any(entry.startswith("<source:") for entry in controls):
            controls.insert(0, DEFAULT_SOURCE)
        other_tokens = [*controls, *other_tokens]
        return tuple(
            _condition_ids([*([control_token("voice", name)] if name else []), *other_tokens], vocabulary)
            for name in ((self.voice, self.other) if self.is_blend else (self.voice_of_section(number),))
        )


def _condition_ids(entries: Sequence[str], vocabulary: Vocabulary) -> Ids:
    for entry in entries:
        if entry not in vocabulary:
            conditions = [
                each for each in control_tokens_of(vocabulary) if each not in (END_WORD, END_LINE, TEXT_WORDS)
            ]
            available = ", ".join(map(control_token_value, conditions)) or _NO_CONDITIONS_SENTENCE
            raise SettingError(
                "This model does not know {entry!r}: it knows {known}.",
                entry=control_token_value(entry),
                known=available,
            )
    return vocabulary.encode(entries)


def styled_model(model: LanguageModel, style: Style) -> LanguageModel:
    """Return the model, or for a style of two voices the blend of its predictions for each voice."""
    return ConditionBlend(model, style.share) if style.is_blend else model


THEME_STRENGTH = 3.0  # nats
USED_THEME_WORD_SHARE = 0.3  # of its worth is left to a word that the text has used


def words_of_theme(text: str) -> tuple[tuple[str, float], ...]:
    """Return the words of a text, without function words, as (theme word, weight 1) pairs.

    >>> words_of_theme("La nuit, en ville")
    (('nuit', 1.0), ('ville', 1.0))
    """
    return tuple((word, 1.0) for word in dict.fromkeys(tokenise(text)) if word not in function_words())


@dataclass(frozen=True, kw_only=True)
class Theme:
    """The theme of a text: words with weights from 0 to 1; weight 1 adds `strength` nats to a word's logit."""

    words: tuple[tuple[str, float], ...]
    strength: float = THEME_STRENGTH

    def __post_init__(self) -> None:
        check_range(mark("weight of the theme"), self.strength, 0, 20)
        for _, weight in self.words:
            check_range(mark("weight of a word of the theme"), weight, 0, 1)

    def word_bonus(self, vocabulary: Vocabulary, used: Collection[str] = ()) -> WordBonus:
        """Return what theme words add to the logits of a line. Words in `used`, already in the text, add less."""
        worth = {
            word: self.strength * weight * (USED_THEME_WORD_SHARE if word in used else 1.0)
            for word, weight in self.words
        }
        return WordBonus(vocabulary, worth)
