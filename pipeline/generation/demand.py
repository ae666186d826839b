"""What the next line of a song is asked for, what a line lacks of that, and the contract of whoever proposes lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from pipeline.analysis.words.word_classes import function_words
from pipeline.generation.constraints import (
    Constraints,
    Phrase,
    Richness,
    Violation,
    holds,
    missing_phrase_violation,
    phrases,
    unwanted_tokens,
)
from pipeline.generation.form import Slot
from pipeline.generation.lyric import Quotation
from pipeline.generation.policy import RECENT_LINE_COUNT
from pipeline.generation.search.endings import WHOLE_WORD_KEY_PREFIX, Key, ending_sounds, word_sound
from pipeline.generation.search.line_search import FREE_SYLLABLE_RANGE, Candidate, LineConstraints
from pipeline.generation.search.originality import SpanIndex
from pipeline.generation.song import SongState
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS, compare_rhyme, line_phone_variants
from pipeline.language.rhythm import place_line
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise

MIN_RHYMING_PARTNERS = 6  # a word that opens a rhyme has at least so many words to answer it, for each line that has to
# Few words have four vowels that another word has: the answer finds the fourth one in the word before its last.
OPENING: dict[Richness, Richness] = {"multi4": "multi3"}


@dataclass(frozen=True)
class Choice:
    """A line, each constraint that it does not meet, and who wrote it: a partner by name, or the song that it quotes;
    neither for the run.
    """

    candidate: Candidate
    violations: tuple[Violation, ...] = ()
    by: str = ""
    quotation: Quotation | None = None

    @property
    def text(self) -> str:
        """The line."""
        return self.candidate.text


@dataclass(frozen=True)
class LineDemand:
    """What the line for a slot is asked for.

    answer  the line to rhyme with, "" for none; it says nothing where the word at the end is given
    group   how many lines will share this line's rhyme
    insist  whether a phrase that the text still has to hold must be in this line
    """

    song: SongState
    slot: Slot
    answer: str = ""
    group: int = 1
    insist: bool = True

    @property
    def end_word(self) -> str:
        """The word, as a token, that the line is to end with; "" for any."""
        words = self.slot.constraints.end_words[len(self.song.lines) :]
        return tokenise(words[0])[0] if words else ""

    def check(self, candidate: Candidate) -> Choice:
        """Return a line with what it lacks."""
        return Choice(candidate, self.violations(candidate.text))

    def violations(self, text: str, *, quoted: bool = False) -> tuple[Violation, ...]:
        """Return what a line lacks; one that is quoted may be a copy."""
        constraints, song = self.slot.constraints, self.song
        checks = LineChecks(song.index.pronunciations, song.index.spans)
        answer = "" if self.end_word else self.answer
        violations = find_violations(text, answer, constraints, self.constraints, song.lines, checks)
        if self.end_word and tokenise(text)[-1:] != [self.end_word]:
            violations += (Violation("no-end-word", {"word": self.end_word}),)
        return tuple(each for each in violations if not (quoted and each.is_copy))

    @cached_property
    def constraints(self) -> LineConstraints:
        """What the line has to meet."""
        constraints = self.slot.constraints
        avoided = phrases(constraints.avoid)
        avoid = unwanted_tokens(avoided, clean=constraints.clean)
        after: Mapping[Key, tuple[int, ...]] = {}
        if self.end_word:
            endings = self.song.index.endings.indices_of(self.end_word)
        elif self.answer:
            endings, after = self._rhyming_endings(avoid)
        else:
            endings = self._rhymable_endings(avoid)
        return LineConstraints(
            endings=endings,
            endings_after=after,
            syllables=constraints.syllable_range or FREE_SYLLABLE_RANGE,
            avoid=avoid,
            avoid_phrases=tuple(phrase for phrase in avoided if len(phrase) > 1),
            include=next(filter(self.song.can_write, self.song.to_use), ()) if self.insist else (),
        )

    def _rhyming_endings(self, avoid: frozenset[str]) -> tuple[tuple[int, ...], dict[Key, tuple[int, ...]]]:
        """Return the endings that rhyme with the answer, and those that do after some vowels."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness

        def allowed(indices: Iterable[int]) -> tuple[int, ...]:
            words = ((i, endings.words[i]) for i in indices)
            return tuple(i for i, w in words if w.text not in avoid and word_sound(w) not in self._used_endings)

        spoken = line_phone_variants(scan_line(self.answer, self.song.index.pronunciations))
        sounds = [phones for phones in spoken if phones]
        partners = dict.fromkeys(i for phones in sounds for i in endings.rhyming_indices(phones, richness))
        completing = (pair for phones in sounds for pair in endings.completions_by_vowels(phones, richness).items())
        return allowed(partners), {before: allowed(indices) for before, indices in completing}

    def _rhymable_endings(self, avoid: frozenset[str]) -> tuple[int, ...]:
        """Return the endings that enough others rhyme with."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness
        chosen = endings.all_indices
        if self.slot.letter and self.group > 1:
            opening, answers = OPENING.get(richness, richness), self.group - 1
            chosen = endings.rhymable(opening, MIN_RHYMING_PARTNERS * answers) or endings.rhymable(opening, answers)
        return tuple(i for i in chosen if endings.words[i].text not in avoid) if avoid else chosen

    @cached_property
    def _used_endings(self) -> set[Key]:
        """How recent lines end: an answer has another last word than any of them, an opening another rhyme too."""
        recent = self.song.lines[-RECENT_LINE_COUNT:]
        if self.answer:
            return {
                end for line in (self.answer, *recent) for end in self._endings(line) if end[0] == WHOLE_WORD_KEY_PREFIX
            }
        return {end for line in recent for end in self._endings(line)}

    def _endings(self, text: str) -> set[Key]:
        richness = self.slot.constraints.richness if self.slot.letter else None
        return ending_sounds(text, self.song.index.pronunciations, richness)

    def repeats_ending(self, text: str) -> bool:
        """Whether a line ends as one shortly before it does, unless it was asked to."""
        return not self.end_word and not self._used_endings.isdisjoint(self._endings(text))

    def can_be_answered(self, text: str) -> bool:
        """Whether enough words rhyme with a line that others are to rhyme with."""
        index, kind, allowed = self.song.index, self.slot.constraints.richness, set(self.constraints.endings)
        sounds = line_phone_variants(scan_line(text, index.pronunciations))
        is_met = any(not allowed.isdisjoint(index.endings.rhyming_indices(phones, kind)) for phones in sounds)
        return is_met or bool(self.answer) or not self.slot.letter

    @cached_property
    def recent_words(self) -> frozenset[str]:
        """The words of content in the lines shortly before."""
        recent = self.song.lines[-RECENT_LINE_COUNT:]
        return frozenset(word for line in recent for word in tokenise(line)) - function_words()

    @cached_property
    def recent_beginnings(self) -> frozenset[tuple[str, ...]]:
        """The first two words of each line shortly before."""
        return frozenset(tuple(tokenise(line)[:2]) for line in self.song.lines[-RECENT_LINE_COUNT:])


class LineChecks(NamedTuple):
    """What checking a line looks things up in."""

    pronunciations: Pronunciations
    spans: SpanIndex


def find_violations(
    text: str,
    answer: str,
    constraints: Constraints,
    of_line: LineConstraints,
    lines: Sequence[str],
    checks: LineChecks,
) -> tuple[Violation, ...]:
    """Return what a line lacks: of a rhyme with `answer` ("" for none), of what was asked of the song, of what this
    line has to hold or to avoid, and of being unlike `lines` and the corpus.
    """
    words = tokenise(text)
    return (
        *([] if words else [Violation("no-words")]),
        *_form_violations(text, answer, constraints, checks),
        *_phrase_violations(words, of_line),
        *_copy_violations(words, constraints.longest_copy, checks),
        *([Violation("repeated-line")] if any(tokenise(other) == words for other in lines) else []),
    )


def _form_violations(text: str, answer: str, constraints: Constraints, checks: LineChecks) -> Iterator[Violation]:
    scanned = scan_line(text, checks.pronunciations)
    count = scanned.syllables.spoken
    if constraints.syllable_range and not constraints.syllable_range[0] <= count <= constraints.syllable_range[1]:
        least, most = constraints.syllable_range
        yield Violation("syllables", {"count": count, "least": least, "most": most})
    beat = constraints.rhyme_beat
    if beat is not None and not place_line(text, scanned, beat).fits(beat):
        yield Violation("off-beat", {"beat": beat})
    if answer and not _rhymes(text, answer, constraints, checks):
        yield Violation("no-rhyme", {"richness": constraints.richness, "answer": answer})


def _rhymes(text: str, answer: str, constraints: Constraints, checks: LineChecks) -> bool:
    sounds = checks.pronunciations
    last, answer_word = (end_word(scan_line(line, sounds)) for line in (text, answer))
    return last != answer_word and RHYME_KINDS[constraints.richness].accepts(compare_rhyme(answer, text, sounds))


def _phrase_violations(words: Sequence[str], line: LineConstraints) -> Iterator[Violation]:
    if not holds(words, line.include):
        yield missing_phrase_violation(line.include)
    avoided: list[Phrase] = [(word,) for word in dict.fromkeys(words) if word in line.avoid]
    for phrase in avoided + [phrase for phrase in line.avoid_phrases if holds(words, phrase)]:
        yield Violation("phrase-avoided", {"phrase": detokenise(phrase)})


def _copy_violations(words: Sequence[str], longest: int, checks: LineChecks) -> Iterator[Violation]:
    if checks.spans.has_line(words):
        yield Violation("corpus-line")
    elif (count := checks.spans.longest_length(words)) > longest:
        yield Violation("corpus-words", {"count": count})


class Proposer(Protocol):
    """Whoever has lines for a place in a song: a trained run, a quotation, a local model."""

    def is_ready(self, demand: LineDemand, ahead: Sequence[Slot] = ()) -> bool:
        """Return whether `propose` answers at once; else look for lines, for later slots too. Raises as it does."""
        return True

    def propose(self, demand: LineDemand, count: int) -> list[Choice]:
        """Return at most `count` lines unlike each other, those that meet everything first; possibly none.

        Raises WriterError where whoever is asked gives no answer.
        """


def are_similar(text: str, others: Iterable[str]) -> bool:
    """Whether a line ends with the same word as another, or shares more than half of its words with it."""
    words = tokenise(text)
    for other in map(tokenise, others):
        if words[-1:] == other[-1:] or 2 * len(set(words) & set(other)) > len(set(words)):
            return True
    return False


def unlike_each_other(choices: Sequence[Choice], count: int) -> list[Choice]:
    """Return the first `count` of the choices that are unlike those before them, met demands first."""
    chosen = list[Choice]()
    for choice in sorted(choices, key=lambda choice: len(choice.violations)):
        if len(chosen) < count and not are_similar(choice.text, (other.text for other in chosen)):
            chosen.append(choice)
    return chosen


def gumbel_order(scores: Any, rng: np.random.Generator) -> list[int]:
    """Return the indices of scores `(n,)` in a random order, each place drawn from those left by exp(score)."""
    order: list[int] = np.argsort(-(scores + rng.gumbel(size=len(scores))), kind="stable").tolist()
    return order  # the Gumbel trick: the largest is such a draw
