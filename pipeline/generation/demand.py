"""What the next line of a song is asked for, what a line lacks of that, and the contract of whoever proposes lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    coarse_words,
    contains_phrase,
    form_violations,
    missing_phrase_violation,
    tokenised_phrases,
    unwanted_tokens,
)
from pipeline.generation.form import Slot
from pipeline.generation.lyric import Quotation
from pipeline.generation.policy import RECENT_LINE_COUNT
from pipeline.generation.search.endings import WHOLE_WORD_KEY_PREFIX, Key, ending_sounds, word_sound
from pipeline.generation.search.last_words import Candidate
from pipeline.generation.search.originality import SpanIndex
from pipeline.generation.search.unfinished_line import FREE_SYLLABLE_RANGE, LineConstraints
from pipeline.generation.song import SongState
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise

LONGEST_COPY = 5  # words in a row that may be as in the corpus; a whole line of it never may
MIN_RHYMING_PARTNERS = 6  # a word that opens a rhyme has at least so many words to answer it, for each line that has to
# Few words have four vowels that another word has: the answer finds the fourth one in the word before its last.
OPENING: dict[Richness, Richness] = {"multi4": "multi3"}


@dataclass(frozen=True)
class CheckedLine:
    """A candidate line, its violations, and its author: a local model (`by`), a quoted song, or if neither the run."""

    candidate: Candidate
    violations: tuple[Violation, ...] = ()
    by: str = ""
    quotation: Quotation | None = None

    @property
    def text(self) -> str:
        return self.candidate.text


@dataclass(frozen=True)
class LineDemand:
    """The demand on a line: everything required of it at its place in a song.

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
        """The word, as a token, that the line has to end with; "" for any."""
        words = self.slot.constraints.end_words[len(self.song.lines) :]
        return tokenise(words[0])[0] if words else ""

    def violations(self, text: str, *, quoted: bool = False) -> tuple[Violation, ...]:
        """Return the constraints that a line violates; a line that is `quoted` may be a copy."""
        constraints, song = self.slot.constraints, self.song
        checks = LineChecks(song.index.pronunciations, song.index.span_index)
        answer = "" if self.end_word else self.answer
        include = self.line_constraints.include
        violations = find_violations(text, answer, constraints, song.lines, checks, include=include)
        if self.end_word and tokenise(text)[-1:] != [self.end_word]:
            violations += (Violation("no-end-word", {"word": self.end_word}),)
        return tuple(each for each in violations if not (quoted and each.is_copy))

    @cached_property
    def line_constraints(self) -> LineConstraints:
        """The constraints on the line: words that may end it, syllables, words to avoid and to include."""
        constraints = self.slot.constraints
        avoid = unwanted_tokens(tokenised_phrases(constraints.avoid), clean=constraints.clean)
        after: Mapping[Key, tuple[int, ...]] = {}
        if self.end_word:
            endings = self.song.index.endings.indices_of(self.end_word)
        elif self.answer:
            endings, after = self._rhyming_endings(avoid)
        else:
            endings = self._endings_to_begin_rhyme(avoid)
        return LineConstraints(
            endings=endings,
            endings_after=after,
            syllables=constraints.syllable_range or FREE_SYLLABLE_RANGE,
            avoid=avoid,
            include=next(filter(self.song.index.can_write, self.song.to_use), ()) if self.insist else (),
        )

    def _rhyming_endings(self, avoid: frozenset[str]) -> tuple[tuple[int, ...], dict[Key, tuple[int, ...]]]:
        """Return (indices of endings that rhyme with `answer`, vowels -> indices of endings that rhyme if these
        precede)."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness

        def allowed_indices(indices: Iterable[int]) -> tuple[int, ...]:
            words = ((i, endings.words[i]) for i in indices)
            return tuple(i for i, w in words if w.text not in avoid and word_sound(w) not in self._used_ending_keys)

        spoken = line_phone_variants(scan_line(self.answer, self.song.index.pronunciations))
        sounds = [phones for phones in spoken if phones]
        partners = dict.fromkeys(i for phones in sounds for i in endings.rhyming_indices(phones, richness))
        completing = (pair for phones in sounds for pair in endings.completions_by_vowels(phones, richness).items())
        return allowed_indices(partners), {before: allowed_indices(indices) for before, indices in completing}

    def _endings_to_begin_rhyme(self, avoid: frozenset[str]) -> tuple[int, ...]:
        """Return the indices of the endings that may begin a rhyme, because enough others rhyme with them."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness
        chosen = endings.all_endings
        if self.slot.letter and self.group > 1:
            opening, answers = OPENING.get(richness, richness), self.group - 1
            chosen = endings.indices_with_rhymes(
                opening, MIN_RHYMING_PARTNERS * answers
            ) or endings.indices_with_rhymes(opening, answers)
        return tuple(i for i in chosen if endings.words[i].text not in avoid) if avoid else chosen

    @cached_property
    def _used_ending_keys(self) -> set[Key]:
        """The last words of recent lines, which must not end this line. If it answers no rhyme, their rhymes also."""
        recent = self.song.lines[-RECENT_LINE_COUNT:]
        keys = {key for line in recent for key in self._ending_keys(line)}
        if self.answer:
            return {key for key in keys | self._ending_keys(self.answer) if key[0] == WHOLE_WORD_KEY_PREFIX}
        return keys

    def _ending_keys(self, text: str) -> set[Key]:
        richness = self.slot.constraints.richness if self.slot.letter else None
        return ending_sounds(text, self.song.index.pronunciations, richness)

    def repeats_ending(self, text: str) -> bool:
        """Return whether a line ends like a recent one. Always False if the line has to end on a given word."""
        return not self.end_word and not self._used_ending_keys.isdisjoint(self._ending_keys(text))

    def can_open_rhyme(self, text: str) -> bool:
        """Return whether some word rhymes with a line. Always True if no later line has to rhyme with it."""
        index, kind, allowed = self.song.index, self.slot.constraints.richness, set(self.line_constraints.endings)
        sounds = line_phone_variants(scan_line(text, index.pronunciations))
        is_met = any(not allowed.isdisjoint(index.endings.rhyming_indices(phones, kind)) for phones in sounds)
        return is_met or bool(self.answer) or not self.slot.letter

    def is_copied(self, words: Sequence[str]) -> bool:
        """Return whether words are copied from the training text of the run."""
        return bool(corpus_copy_violations(words, self.song.index.span_index))

    @cached_property
    def recent_words(self) -> frozenset[str]:
        """The words of recent lines without function words."""
        recent = self.song.lines[-RECENT_LINE_COUNT:]
        return frozenset(word for line in recent for word in tokenise(line)) - function_words()

    @cached_property
    def recent_beginnings(self) -> frozenset[tuple[str, ...]]:
        """The first two words of each recent line, not to be repeated. Empty if the song may repeat phrases."""
        recent = () if self.song.settings.memory else self.song.lines[-RECENT_LINE_COUNT:]
        return frozenset(tuple(tokenise(line)[:2]) for line in recent)


class LineChecks(NamedTuple):
    """The tables that lines are checked with: pronunciations, and the index of the training text."""

    pronunciations: Pronunciations
    spans: SpanIndex


def find_violations(
    text: str,
    answer: str,
    constraints: Constraints,
    lines: Sequence[str],
    checks: LineChecks,
    *,
    include: Phrase = (),
) -> tuple[Violation, ...]:
    """Return the constraints that a line violates: form, rhyme with the line `answer` (if not ""), words to avoid, the
    phrase to `include`, and copies of `lines` or of the corpus."""
    words = tokenise(text)
    return (
        *([] if words else [Violation("no-words")]),
        *form_violations(text, answer, constraints, checks.pronunciations),
        *_phrase_violations(words, constraints, include),
        *corpus_copy_violations(words, checks.spans),
        *([Violation("repeated-line")] if any(tokenise(other) == words for other in lines) else []),
    )


def _phrase_violations(words: Sequence[str], constraints: Constraints, include: Phrase) -> Iterator[Violation]:
    if not contains_phrase(words, include):
        yield missing_phrase_violation(include)
    coarse = coarse_words() if constraints.clean else frozenset[str]()
    avoided = [(word,) for word in dict.fromkeys(words) if word in coarse]
    for phrase in dict.fromkeys([*avoided, *tokenised_phrases(constraints.avoid)]):
        if contains_phrase(words, phrase):
            yield Violation("phrase-avoided", {"phrase": detokenise(phrase)})


def corpus_copy_violations(words: Sequence[str], spans: SpanIndex) -> list[Violation]:
    """Return the violations of a line that copies the corpus: a whole line of it, or too many words in a row."""
    if spans.has_line(words):
        return [Violation("corpus-line")]
    count = spans.longest_copy_length(words)
    return [Violation("corpus-words", {"count": count})] if count > LONGEST_COPY else []


class Proposer(Protocol):
    """A proposer of lines for a place in a song: a trained run, quoted songs, a local model."""

    def can_propose_now(self, demand: LineDemand, ahead: Sequence[Slot] = ()) -> bool:
        """Return whether `propose` can answer at once. If not, start looking for lines, also for the slots `ahead`."""
        return True

    def propose(self, demand: LineDemand, count: int) -> list[CheckedLine]:
        """Return at most `count` dissimilar lines, those that meet all constraints first; possibly none.

        Raises WriterError where whoever is asked gives no answer.
        """


def are_similar(text: str, other: str) -> bool:
    """Return whether two lines end with the same word or share more than half of their words."""
    words, others = tokenise(text), tokenise(other)
    return words[-1:] == others[-1:] or 2 * len(set(words) & set(others)) > len(set(words))


def pick_dissimilar(
    choices: Iterable[CheckedLine], count: int, are_alike: Callable[[str, str], bool] = are_similar, most_alike: int = 1
) -> list[CheckedLine]:
    """Return up to `count` lines, those without violations first. Skip a line that is like `most_alike` chosen ones."""
    chosen = list[CheckedLine]()
    for choice in sorted(choices, key=lambda choice: len(choice.violations)):
        if len(chosen) == count:
            break
        if sum(are_alike(choice.text, other.text) for other in chosen) < most_alike:
            chosen.append(choice)
    return chosen


def gumbel_order(scores: Any, rng: np.random.Generator) -> list[int]:
    """Return the indices of scores `(n,)` in a random order, each drawn from those left with weight exp(score)."""
    order: list[int] = np.argsort(-(scores + rng.gumbel(size=len(scores))), kind="stable").tolist()
    return order  # the Gumbel trick: the largest is such a draw
