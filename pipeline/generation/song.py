"""A song under way: what the model has read of it, what was written, what is still to be used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.errors import SettingError
from pipeline.generation.constraints import Constraints, Phrase, contains_phrase, tokenised_phrases
from pipeline.generation.context import Context, context_after_seed, encode_seed, normalise_text
from pipeline.generation.lyric import LyricSettings, control_tokens, theme_bonus
from pipeline.generation.own_line import Template
from pipeline.generation.sampling import MAX_TEMPERATURE, Generator
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.search.unfinished_line import ONE_HOLE, LineConstraints, LineSearch
from pipeline.generation.style import styled_model
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

OPENING_WARMTH = 1.5  # times the temperature, for the first tokens of a line: it may begin as it likes
EMPTY_LINE = Candidate("", (LINE,))


@dataclass
class SongState:
    """A song being written: its lines, and the model's state after them.

    lines   every line so far, the seed's too, empty ones apart
    to_use  phrases that the song has yet to hold
    section         the number of the section under way
    before_section  how many of the lines are of sections before it
    is_at_top       whether nothing stands before the next line, or an empty line does
    """

    index: ConstraintIndex
    settings: LyricSettings
    rng: Generator
    context: Context
    lines: list[str]
    to_use: list[Phrase]
    section: int = 0
    before_section: int = 0
    is_at_top: bool = False

    @classmethod
    def from_seed(
        cls, index: ConstraintIndex, seed_text: str, settings: LyricSettings, rng: Generator, kind: str = ""
    ) -> "SongState":
        """Return a song that begins with a seed, in a section of this kind; its first line completes the seed's last.

        Raises SettingError for a word to rhyme with that has no sound, or to end with that the run cannot write.
        """
        constraints = settings.constraints or Constraints()
        _check_rhyme_with(constraints.rhyme_with, index)
        index = index.with_added_endings(token for word in constraints.end_words for token in tokenise(word))
        seed, policy = encode_seed(seed_text, index.vocabulary), index.decoding_policy
        tokens = seed.ids.tolist()[-policy.seed_limit :]
        model = styled_model(index.model, settings.style).with_cache(tokens, settings.memory)
        context = context_after_seed(model, seed, policy.seed_limit, control_tokens(settings, index.vocabulary, kind))
        *lines, before = normalise_text(seed_text).split("\n")
        words = tokenise(seed_text)
        return cls(
            index=index,
            settings=settings,
            rng=rng,
            context=replace(context, before=before),
            lines=[line for line in lines if line],
            before_section=_lines_before_section(lines),
            to_use=[phrase for phrase in tokenised_phrases(constraints.use) if not contains_phrase(words, phrase)],
            is_at_top=not before and not any(lines[-1:]),
        )

    def add_line(self, line: Candidate) -> None:
        """Append a line to the song; the model reads it."""
        words = tokenise(line.text)
        self.to_use = [phrase for phrase in self.to_use if not contains_phrase(words, phrase)]
        self.lines.append(line.text)
        self.is_at_top = False
        self._feed_line_to_model(line)

    def begin_section(self, kind: str = "", gap: Candidate = EMPTY_LINE) -> None:
        """Let the model read an empty line and the control tokens of the next section."""
        self._feed_line_to_model(gap)
        self.section, self.before_section, self.is_at_top = self.section + 1, len(self.lines), True
        controls = control_tokens(self.settings, self.index.vocabulary, kind, self.section)
        self.context = self.context.feed_control_tokens(controls)

    def _feed_line_to_model(self, line: Candidate) -> None:
        self.context = self.context.feed_line((*line.end_tokens, *line.tokens), line.state)

    def as_candidate(self, text: str) -> Candidate:
        """Return a text of the next line as a candidate. Its tokens continue the context's unfinished line, if any."""
        rest = text.removeprefix(self.context.before)
        return Candidate(text, (*encode_seed(rest, self.index.vocabulary).ids.tolist(), LINE))

    def with_logits(self, line: Candidate) -> Candidate:
        """Return a candidate for the next line with the logits that the generating model has for each of its tokens.
        Add the model's state before the last token if the song is read by the same model."""
        if len(line.logits):
            return line
        read = self.context.with_faster_model()
        logits, state = read.token_logits((*line.end_tokens, *line.tokens))
        own_state = state if read.model is self.context.model else None
        return replace(line, logits=logits[len(line.end_tokens) :], state=own_state)

    def line_search(self, constraints: LineConstraints, context: Context, template: Template = ONE_HOLE) -> LineSearch:
        """Return a search for a line that continues a context of the song under these constraints."""
        sampling, warmth = self.settings.sampling, OPENING_WARMTH if template == ONE_HOLE else 1.0
        return LineSearch(
            index=self.index,
            context=context,
            constraints=constraints,
            sampling=sampling,
            opening=replace(sampling, temperature=min(warmth * sampling.temperature, MAX_TEMPERATURE)),
            rng=self.rng,
            bonus=theme_bonus(self.settings, self.index.vocabulary, self.lines),
            template=template,
        )


def _check_rhyme_with(phrase: str, index: ConstraintIndex) -> None:
    if phrase and not any(line_phone_variants(scan_line(phrase, index.pronunciations))):
        raise SettingError("Nothing rhymes with “{phrase}”: give a word that can be pronounced.", phrase=phrase)


def _lines_before_section(lines: Sequence[str]) -> int:
    """Return the number of lines before the last empty one.

    >>> _lines_before_section(["un", "deux", "", "trois"])
    2
    """
    return sum(bool(line) for at, line in enumerate(lines) if "" in lines[at:])
