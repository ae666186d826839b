"""A song while it is written: what the model has read of it, what was said, what is still to be used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import SettingError
from pipeline.generation.constraint_index import ConstraintIndex, phrase_tokens
from pipeline.generation.constraints import Constraints, Phrase, holds, phrases
from pipeline.generation.context import Context, read_seed_tokens
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.novelty import RepeatedNgrams
from pipeline.generation.sampling import Generator
from pipeline.generation.spelling import normalised, read_seed
from pipeline.generation.style import styled_model
from pipeline.language.rhyme import line_endings
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, UNK


@dataclass
class SongState:
    """What the next line has to know of the song.

    lines   every line so far, the seed's too
    to_use  phrases that the song has yet to hold
    """

    index: ConstraintIndex
    settings: WriteSettings
    rng: Generator
    context: Context
    repeated: RepeatedNgrams
    lines: list[str]
    to_use: list[Phrase]

    @classmethod
    def begin(
        cls, index: ConstraintIndex, seed_text: str, settings: WriteSettings, rng: Generator, kind: str = ""
    ) -> "SongState":
        """Read the seed, in a section of this kind; its unfinished last line is for the first line to finish.

        Raises SettingError for a word to rhyme with that has no sound.
        """
        constraints = settings.constraints or Constraints()
        _check_rhyme_with(constraints.rhyme_with, index)
        seed = read_seed(seed_text, index.vocabulary)
        tokens, units = seed.ids.tolist(), index.units
        model = styled_model(index.model, settings.style).with_cache(tokens, settings.memory)
        context = read_seed_tokens(model, seed, units.seed_limit, settings.style.control_tokens(index.vocabulary, kind))
        *lines, before = normalised(seed_text).split("\n")
        words = tokenise(seed_text)
        return cls(
            index=index,
            settings=settings,
            rng=rng,
            context=replace(context, before=before),
            repeated=RepeatedNgrams(units.repeated_order, tokens[-units.seed_limit :]),
            lines=[line for line in lines if line],
            to_use=[phrase for phrase in phrases(constraints.use) if not holds(words, phrase)],
        )

    def add(self, text: str, tokens: Sequence[int]) -> None:
        """Take a line: it is read, and counts for what comes."""
        words = tokenise(text)
        self.to_use = [phrase for phrase in self.to_use if not holds(words, phrase)]
        self.lines.append(text)
        self._read(tokens)

    def begin_section(self, kind: str) -> None:
        """Read an empty line and the control tokens of the section that comes."""
        self._read([LINE])
        self.context = self.context.read_controls(self.settings.style.control_tokens(self.index.vocabulary, kind))

    def can_write(self, phrase: Phrase) -> bool:
        """Whether the model knows its words, or their characters."""
        return UNK not in phrase_tokens(phrase, self.index.vocabulary)

    def _read(self, tokens: Sequence[int]) -> None:
        self.context = self.context.read_line(tokens)
        self.repeated.extend(tokens)


def _check_rhyme_with(phrase: str, index: ConstraintIndex) -> None:
    if phrase and not any(line_endings(scan_line(phrase, index.pronunciations))):
        raise SettingError(
            "rhyme-with-silent", "Nothing rhymes with “{phrase}”: give a word that can be said.", phrase=phrase
        )
