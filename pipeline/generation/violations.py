"""What a written line or text lacks: a code and values, which become a sentence where somebody reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.core.translation import mark, t
from pipeline.generation.constraints import Constraints, Phrase, holds
from pipeline.language.rhyme import RHYME_KINDS, compare
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise

if TYPE_CHECKING:  # a lyric holds violations, and they are found with more than a lyric needs
    from pipeline.generation.search.constraint_index import ConstraintIndex
    from pipeline.generation.search.line_search import LineConstraints

# code -> (English template, type of each value)
_CODES: dict[str, tuple[str, dict[str, type]]] = {
    "no-line": (mark("no line could be written here"), {}),
    "no-words": (mark("no words"), {}),
    "syllables": (mark("{count} syllables instead of {least} to {most}"), {"count": int, "least": int, "most": int}),
    "no-rhyme": (mark("no rhyme ({richness} or better) with “{answer}”"), {"richness": str, "answer": str}),
    "phrase-missing": (mark("does not hold “{phrase}”"), {"phrase": str}),
    "phrase-missing-in-text": (mark("the text does not hold “{phrase}”"), {"phrase": str}),
    "phrase-avoided": (mark("holds “{phrase}”"), {"phrase": str}),
    "corpus-line": (mark("a line of the corpus"), {}),
    "corpus-words": (mark("{count} words in a row from the corpus"), {"count": int}),
    "repeated-line": (mark("repeats a line"), {}),
}
CODES = tuple(_CODES)


@dataclass(frozen=True)
class Violation:
    """One constraint that is not met. Raises ValueError for a code that is none, or values that are not those of it."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        types = _CODES[self.code][1] if self.code in CODES else None
        if types is None or {name: type(value) for name, value in self.values.items()} != types:
            raise ValueError(f"{self.code!r} with {dict(self.values)!r} is no violation.")

    @classmethod
    def from_json(cls, data: Any) -> "Violation":
        """Read an object with `code` and `values`. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(data["code"], dict(data["values"]))


def violation_text(violation: Violation) -> str:
    """Return what is lacking.

    >>> violation_text(Violation("syllables", {"count": 9, "least": 11, "most": 13}))
    '9 syllables instead of 11 to 13'
    """
    return t(_CODES[violation.code][0], **violation.values)


def find_violations(
    text: str,
    answer: str,
    constraints: Constraints,
    of_line: "LineConstraints",
    lines: Sequence[str],
    index: "ConstraintIndex",
) -> tuple[Violation, ...]:
    """Return what a line lacks: of a rhyme with `answer` ("" for none), of what was asked of the song, of what this
    line has to hold or to avoid, and of being unlike `lines` and the corpus.
    """
    words = tokenise(text)
    return (
        *([] if words else [Violation("no-words")]),
        *_measure(text, answer, constraints, index),
        *_phrases(words, of_line),
        *_copies(words, constraints.longest_copy, index),
        *([Violation("repeated-line")] if any(tokenise(other) == words for other in lines) else []),
    )


def missing(phrase: Phrase, *, in_text: bool = False) -> Violation:
    """Return the violation of a line, or of the whole text, that does not hold a phrase."""
    return Violation("phrase-missing-in-text" if in_text else "phrase-missing", {"phrase": detokenise(phrase)})


def _measure(text: str, answer: str, constraints: Constraints, index: "ConstraintIndex") -> Iterator[Violation]:
    count = scan_line(text, index.pronunciations).syllables.spoken
    if constraints.syllable_range and not constraints.syllable_range[0] <= count <= constraints.syllable_range[1]:
        least, most = constraints.syllable_range
        yield Violation("syllables", {"count": count, "least": least, "most": most})
    if answer and not _rhymes(text, answer, constraints, index):
        yield Violation("no-rhyme", {"richness": constraints.richness, "answer": answer})


def _rhymes(text: str, answer: str, constraints: Constraints, index: "ConstraintIndex") -> bool:
    sounds = index.pronunciations
    last, answer_word = (end_word(scan_line(line, sounds)) for line in (text, answer))
    return last != answer_word and RHYME_KINDS[constraints.richness].accepts(compare(answer, text, sounds))


def _phrases(words: Sequence[str], line: "LineConstraints") -> Iterator[Violation]:
    if not holds(words, line.include):
        yield missing(line.include)
    avoided: list[Phrase] = [(word,) for word in dict.fromkeys(words) if word in line.avoid]
    for phrase in avoided + [phrase for phrase in line.avoid_phrases if holds(words, phrase)]:
        yield Violation("phrase-avoided", {"phrase": detokenise(phrase)})


def _copies(words: Sequence[str], longest: int, index: "ConstraintIndex") -> Iterator[Violation]:
    if index.spans.has_line(words):
        yield Violation("corpus-line")
    elif (count := index.spans.longest_length(words)) > longest:
        yield Violation("corpus-words", {"count": count})
