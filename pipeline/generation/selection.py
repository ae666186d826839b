"""The next line of a song: candidates are found, checked and compared, and the best is taken with what it lacks.

A constraint is met or reported as violated. A line has a budget of batches (`Policy.search_rows`); then rhyme and
length are let go, one after the other, so that there always is a line and never an endless search.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from pipeline.generation.candidates import find_candidates
from pipeline.generation.clean import unwanted_tokens
from pipeline.generation.constraints import Richness, phrases
from pipeline.generation.endings import Key
from pipeline.generation.form import Slot
from pipeline.generation.last_words import Candidate
from pipeline.generation.line_search import FREE_LENGTH, LineConstraints, LineSearch
from pipeline.generation.line_violations import find_violations
from pipeline.generation.novelty import WORD, are_similar, ending_sounds, share_of_new_pairs, word_sound
from pipeline.generation.sampling import HOTTEST, SamplingSettings
from pipeline.generation.song_state import SongState
from pipeline.generation.violations import Violation
from pipeline.language.rhyme import line_endings
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

PARTNERS = 6  # a word that opens a rhyme has at least so many words to answer it, for each line that has to
# Few words have four vowels that another word has: the answer finds the fourth one in the word before its last.
OPENING: dict[Richness, Richness] = {"multi4": "multi3"}
COMPARED = 4  # lines of which the one that rhymes most within and repeats least is taken
NEAR = 3  # lines before it that it may rhyme with
RECENT = 16  # lines within which a last word does not come again, and another letter of the scheme is another rhyme
ANY_LENGTH = (1, 40)  # syllables, when nothing else was found


@dataclass(frozen=True)
class Choice:
    """A line, and each constraint that it does not meet."""

    candidate: Candidate
    violations: tuple[Violation, ...] = ()

    @property
    def text(self) -> str:
        """The line."""
        return self.candidate.text


@dataclass(frozen=True)
class LineSelection:
    """The choice of the line for a slot.

    answer  the line to rhyme with, "" for none
    group   how many lines will share this line's rhyme
    insist  whether a phrase that the text still has to hold must be in this line
    """

    song: SongState
    slot: Slot
    answer: str = ""
    group: int = 1
    insist: bool = True

    def select(self, count: int = 1) -> list[Choice]:
        """Return `count` lines unlike each other, those that meet everything first; at least one."""
        met, others = self._search(count)
        if len(met) > count:
            known = {pair for line in self.song.lines for pair in pairwise(tokenise(line))}
            return [max(met, key=lambda choice: self._rhymed(choice.text) + share_of_new_pairs(choice.text, known))]
        for choice in sorted(others, key=self._distance):
            if len(met) < count and not are_similar(choice.text, (other.text for other in met)):
                met.append(choice)
        empty = Candidate(self.song.context.before, (LINE,))
        return met or [Choice(empty, (Violation("no-line"),))]

    def _search(self, count: int) -> tuple[list[Choice], list[Choice]]:
        """Return the lines found that meet everything, unlike each other, and all others."""
        enough = COMPARED if count == 1 and self.slot.letter else count
        met: list[Choice] = []
        others: list[Choice] = []
        for constraints, rows in self._rounds():
            relaxed = constraints is not self.constraints
            if len(met) >= count or (relaxed and len(met) + len(others) >= count):
                break
            for candidate in self._ranked(find_candidates(self.line_search(constraints), rows)):
                if are_similar(candidate.text, (choice.text for choice in met)):
                    continue
                choice = Choice(candidate, self.violations(candidate.text))
                (others if choice.violations or self._repeats_ending(candidate.text) else met).append(choice)
                if len(met) == enough:
                    break
        return met, others

    @cached_property
    def constraints(self) -> LineConstraints:
        """What the line has to meet."""
        asked = self.slot.constraints
        avoided = phrases(asked.avoid)
        avoid = unwanted_tokens(avoided, clean=asked.clean)
        endings, after = self._answering(avoid) if self.answer else (self._opening(avoid), {})
        return LineConstraints(
            endings=endings,
            endings_after=after,
            syllables=asked.syllable_range or FREE_LENGTH,
            avoid=avoid,
            avoid_phrases=tuple(phrase for phrase in avoided if len(phrase) > 1),
            include=next(filter(self.song.can_write, self.song.to_use), ()) if self.insist else (),
        )

    def _answering(self, avoid: frozenset[str]) -> tuple[tuple[int, ...], dict[Key, tuple[int, ...]]]:
        """Return the endings that rhyme with the answer, and those that do after some vowels."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness

        def allowed(indices: Iterable[int]) -> tuple[int, ...]:
            words = ((i, endings.words[i]) for i in indices)
            return tuple(i for i, w in words if w.text not in avoid and word_sound(w) not in self._used_endings)

        spoken = line_endings(scan_line(self.answer, self.song.index.pronunciations))
        sounds = [phones for phones in spoken if phones]
        partners = dict.fromkeys(i for phones in sounds for i in endings.partners(phones, richness))
        completing = (pair for phones in sounds for pair in endings.completing(phones, richness).items())
        return allowed(partners), {before: allowed(indices) for before, indices in completing}

    def _opening(self, avoid: frozenset[str]) -> tuple[int, ...]:
        """Return the endings that enough others rhyme with."""
        endings, richness = self.song.index.endings, self.slot.constraints.richness
        chosen = endings.all
        if self.slot.letter and self.group > 1:
            chosen = endings.rhymable(OPENING.get(richness, richness), PARTNERS * (self.group - 1))
        return tuple(i for i in chosen if endings.words[i].text not in avoid) if avoid else chosen

    @cached_property
    def _used_endings(self) -> set[Key]:
        """How recent lines end: an answer has another last word than any of them, an opening another rhyme too."""
        recent = self.song.lines[-RECENT:]
        if self.answer:
            return {end for line in (self.answer, *recent) for end in self._endings(line) if end[0] == WORD}
        return {end for line in recent for end in self._endings(line)}

    def _endings(self, text: str) -> set[Key]:
        richness = self.slot.constraints.richness if self.slot.letter else None
        return ending_sounds(text, self.song.index.pronunciations, richness)

    def _repeats_ending(self, text: str) -> bool:
        return not self._used_endings.isdisjoint(self._endings(text))

    def _rounds(self) -> Iterator[tuple[LineConstraints, int]]:
        """Yield what each batch of the budget has to meet and how many rows it has."""
        rounds = self.song.index.policy.search_rows
        for rows in rounds:
            yield self.constraints, rows
        words = self.song.index.endings.words
        any_ending = tuple(i for i, word in enumerate(words) if word.text not in self.constraints.avoid)
        relaxed = replace(self.constraints, endings=any_ending, endings_after={})
        yield relaxed, rounds[0]
        yield replace(relaxed, syllables=ANY_LENGTH), rounds[0]

    def line_search(self, constraints: LineConstraints) -> LineSearch:
        """Return the search for a line that meets these constraints here."""
        song = self.song
        return LineSearch(
            index=song.index,
            context=song.context.draft() if song.index.policy.drafts else song.context,
            constraints=constraints,
            sampler=self._sampling.make_sampler(song.index.policy.likeliest),
            repeated=song.repeated,
            rng=song.rng,
            bonuses=song.bonuses(),
        )

    @cached_property
    def _sampling(self) -> SamplingSettings:
        own, warmth = self.song.settings.sampling, self.song.index.policy.warmth
        return replace(own, temperature=min(own.temperature * warmth, HOTTEST))

    def _ranked(self, found: Sequence[Candidate]) -> list[Candidate]:
        """Return the lines in a random order that favours heavy weights: each place drawn from those left, by
        exp(weight / temperature).
        """
        weights = np.array([candidate.weight for candidate in found])
        # the Gumbel trick: the largest is such a draw
        keys = weights + self._sampling.temperature * self.song.rng.gumbel(size=len(found))
        return [found[i] for i in np.argsort(-keys, kind="stable")]

    def violations(self, text: str) -> tuple[Violation, ...]:
        """Return what a line lacks."""
        asked, song = self.slot.constraints, self.song
        return find_violations(text, self.answer, asked, self.constraints, song.lines, song.index)

    def _rhymed(self, text: str) -> float:
        """Return the share of a line's syllables that rhyme, within it and with the lines before it."""
        lines = [*self.song.lines[-NEAR:], text]
        marks = find_section_rhymes([scan_line(line, self.song.index.pronunciations) for line in lines]).rhymed()[-1]
        return sum(marks) / max(1, len(marks))

    def _distance(self, choice: Choice) -> tuple[bool, int, float]:
        """How far a line is from what is asked: what is copied comes last, whatever else it has."""
        copied = self.song.index.spans.longest_length(tokenise(choice.text)) > self.slot.constraints.longest_copy
        return copied, len(choice.violations), -choice.candidate.weight
