"""Which constraints a line does not meet."""

from collections.abc import Iterator, Sequence

from pipeline.generation.constraint_index import ConstraintIndex
from pipeline.generation.constraints import Constraints, Phrase, holds
from pipeline.generation.line_search import LineConstraints
from pipeline.generation.violations import Violation
from pipeline.language.rhyme import RHYME_KINDS, compare
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise


def find_violations(
    text: str,
    answer: str,
    asked: Constraints,
    line: LineConstraints,
    lines: Sequence[str],
    index: ConstraintIndex,
) -> tuple[Violation, ...]:
    """Return what a line lacks: of a rhyme with `answer` ("" for none), of what was asked of the song, of what this
    line has to hold or to avoid, and of being unlike `lines` and the corpus.
    """
    words = tokenise(text)
    return (
        *([] if words else [Violation("no-words")]),
        *_measure(text, answer, asked, index),
        *_phrases(words, line),
        *_copies(words, asked.longest_copy, index),
        *([Violation("repeated-line")] if any(tokenise(other) == words for other in lines) else []),
    )


def missing(phrase: Phrase, *, in_text: bool = False) -> Violation:
    """Return the violation of a line, or of the whole text, that does not hold a phrase."""
    return Violation("phrase-missing-in-text" if in_text else "phrase-missing", {"phrase": detokenise(phrase)})


def _measure(text: str, answer: str, asked: Constraints, index: ConstraintIndex) -> Iterator[Violation]:
    count = scan_line(text, index.pronunciations).syllables.spoken
    if asked.syllable_range and not asked.syllable_range[0] <= count <= asked.syllable_range[1]:
        least, most = asked.syllable_range
        yield Violation("syllables", {"count": count, "least": least, "most": most})
    if answer and not _rhymes(text, answer, asked, index):
        yield Violation("no-rhyme", {"richness": asked.richness, "answer": answer})


def _rhymes(text: str, answer: str, asked: Constraints, index: ConstraintIndex) -> bool:
    sounds = index.pronunciations
    last, theirs = (end_word(scan_line(line, sounds)) for line in (text, answer))
    return last != theirs and RHYME_KINDS[asked.richness].accepts(compare(answer, text, sounds))


def _phrases(words: Sequence[str], line: LineConstraints) -> Iterator[Violation]:
    if not holds(words, line.include):
        yield missing(line.include)
    avoided: list[Phrase] = [(word,) for word in dict.fromkeys(words) if word in line.avoid]
    for phrase in avoided + [phrase for phrase in line.avoid_phrases if holds(words, phrase)]:
        yield Violation("phrase-avoided", {"phrase": detokenise(phrase)})


def _copies(words: Sequence[str], longest: int, index: ConstraintIndex) -> Iterator[Violation]:
    if index.spans.has_line(words):
        yield Violation("corpus-line")
    elif (count := index.spans.longest_length(words)) > longest:
        yield Violation("corpus-words", {"count": count})
