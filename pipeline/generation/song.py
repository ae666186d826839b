"""A song under way: what the model has read of it, what was written, what is still to be used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.core.errors import SettingError
from pipeline.generation.constraints import Constraints, Phrase, holds, phrases
from pipeline.generation.context import Context, context_after_seed, normalise_text, read_seed
from pipeline.generation.lyric import WriteSettings, control_tokens, theme_bonus
from pipeline.generation.sampling import Generator, RepeatedNgrams
from pipeline.generation.search.constraint_index import ConstraintIndex, phrase_tokens
from pipeline.generation.search.line_search import Candidate
from pipeline.generation.style import styled_model
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, UNK


@dataclass
class SongState:
    """A song as far as it is written.

    lines   every line so far, the seed's too
    to_use  phrases that the song has yet to hold
    before_section  how many of the lines are of sections before this one
    """

    index: ConstraintIndex
    settings: WriteSettings
    rng: Generator
    context: Context
    repeated: RepeatedNgrams
    lines: list[str]
    to_use: list[Phrase]
    section: int = 0
    before_section: int = 0

    @classmethod
    def from_seed(
        cls, index: ConstraintIndex, seed_text: str, settings: WriteSettings, rng: Generator, kind: str = ""
    ) -> "SongState":
        """Read the seed, in a section of this kind; its unfinished last line is for the first line to finish.

        Raises SettingError for a word to rhyme with that has no sound, or to end with that the run cannot write.
        """
        constraints = settings.constraints or Constraints()
        _check_rhyme_with(constraints.rhyme_with, index)
        index = index.with_endings(token for word in constraints.end_words for token in tokenise(word))
        seed = read_seed(seed_text, index.vocabulary)
        tokens, policy = seed.ids.tolist(), index.policy
        model = styled_model(index.model, settings.style).with_cache(tokens, settings.memory)
        context = context_after_seed(model, seed, policy.seed_limit, control_tokens(settings, index.vocabulary, kind))
        *lines, before = normalise_text(seed_text).split("\n")
        words = tokenise(seed_text)
        return cls(
            index=index,
            settings=settings,
            rng=rng,
            context=replace(context, before=before),
            repeated=RepeatedNgrams(policy.repeated_order, tokens[-policy.seed_limit :]),
            lines=[line for line in lines if line],
            before_section=_lines_before_section(lines),
            to_use=[phrase for phrase in phrases(constraints.use) if not holds(words, phrase)],
        )

    def add(self, line: Candidate) -> None:
        """Take a line: it is read, and counts for what comes."""
        words = tokenise(line.text)
        self.to_use = [phrase for phrase in self.to_use if not holds(words, phrase)]
        self.lines.append(line.text)
        self._advance_context((*line.told, *line.tokens))

    def as_candidate(self, text: str) -> Candidate:
        """Return a line that somebody else wrote, as the model reads it here."""
        rest = text.removeprefix(self.context.before)
        return Candidate(text, (*read_seed(rest, self.index.vocabulary).ids.tolist(), LINE))

    def token_logits(self, line: Candidate) -> Any:
        """Return the logits `(n, V)` at each token of a line that comes next, of the model that draws."""
        return self.context.with_draft_model().token_logits((*line.told, *line.tokens))[len(line.told) :]

    def bonus(self) -> WordBonus | None:
        """Return what the next line gains by words of the theme, less by those that were used; None without a theme."""
        return theme_bonus(self.settings, self.index.vocabulary, self.lines)

    def begin_section(self, kind: str) -> None:
        """Read an empty line and the control tokens of the section that comes."""
        self._advance_context([LINE])
        self.section, self.before_section = self.section + 1, len(self.lines)
        controls = control_tokens(self.settings, self.index.vocabulary, kind, self.section)
        self.context = self.context.read_controls(controls)

    def can_write(self, phrase: Phrase) -> bool:
        """Whether the model knows its words, or their characters."""
        return UNK not in phrase_tokens(phrase, self.index.vocabulary)

    def _advance_context(self, tokens: Sequence[int]) -> None:
        self.context = self.context.read_line(tokens)
        self.repeated.extend(tokens)


def _check_rhyme_with(phrase: str, index: ConstraintIndex) -> None:
    if phrase and not any(line_phone_variants(scan_line(phrase, index.pronunciations))):
        raise SettingError("Nothing rhymes with “{phrase}”: give a word that can be pronounced.", phrase=phrase)


def _lines_before_section(lines: Sequence[str]) -> int:
    """Return how many lines stand before the last empty one.

    >>> _lines_before_section(["un", "deux", "", "trois"])
    2
    """
    return sum(bool(line) for at, line in enumerate(lines) if "" in lines[at:])
