"""The next line of a song: candidates are found, checked and compared, and the best is taken with what it lacks.

A constraint is met or reported as violated. A line has a budget of batches (`Policy.search_rows`); then rhyme and
length are let go, one after the other, so that there always is a line and never an endless search. What it has to know
of the song (what the model has read, what was written, what is still to be used) is the `SongState`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from pipeline.analysis.words.word_classes import function_words
from pipeline.core.errors import SettingError
from pipeline.generation.constraints import (
    Constraints,
    Phrase,
    Richness,
    Violation,
    find_violations,
    holds,
    phrases,
    unwanted_tokens,
)
from pipeline.generation.context import Context, ContextBatch, context_after_seed, normalise_text, read_seed
from pipeline.generation.form import Slot
from pipeline.generation.line_bonus import LineBonus, line_bonuses, pronoun_has_antecedent
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.policy import RECENT_LINE_COUNT
from pipeline.generation.sampling import MAX_TEMPERATURE, Generator, RepeatedNgrams, Sampler, SamplingSettings
from pipeline.generation.search.constraint_index import ConstraintIndex, phrase_tokens
from pipeline.generation.search.endings import WHOLE_WORD_KEY_PREFIX, Key, ending_sounds, word_sound
from pipeline.generation.search.line_search import (
    FREE_SYLLABLE_RANGE,
    Candidate,
    LineConstraints,
    LineSearch,
    find_candidates,
)
from pipeline.generation.style import styled_model
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, UNK


@dataclass
class SongState:
    """What the next line has to know of the song.

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
    _traced: tuple[tuple[int, ...], Context] | None = None  # the tokens that were traced last, and the context there

    @classmethod
    def from_seed(
        cls, index: ConstraintIndex, seed_text: str, settings: WriteSettings, rng: Generator, kind: str = ""
    ) -> "SongState":
        """Read the seed, in a section of this kind; its unfinished last line is for the first line to finish.

        Raises SettingError for a word to rhyme with that has no sound.
        """
        constraints = settings.constraints or Constraints()
        _check_rhyme_with(constraints.rhyme_with, index)
        seed = read_seed(seed_text, index.vocabulary)
        tokens, policy = seed.ids.tolist(), index.policy
        model = styled_model(index.model, settings.style).with_cache(tokens, settings.memory)
        context = context_after_seed(
            model, seed, policy.seed_limit, settings.style.control_tokens(index.vocabulary, kind)
        )
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

    def add(self, choice: "Choice") -> None:
        """Take a line: it is read, and counts for what comes."""
        words = tokenise(choice.text)
        self.to_use = [phrase for phrase in self.to_use if not holds(words, phrase)]
        self.lines.append(choice.text)
        self._advance_context(choice.candidate.tokens)

    def states_after_choices(self, choices: Sequence["Choice"]) -> list["SongState"]:
        """Return the song as it would stand after each of some lines, to search for what follows.

        The draft of the model alone reads them, as one batch.
        """
        draft, penalised = self.context.with_draft_model(), self.settings.sampling.repetition_penalty != 1
        rows = (
            ContextBatch.from_context(draft)
            .select([0] * len(choices))
            .advance([choice.candidate.tokens for choice in choices])[0]
        )
        songs = []
        for at, choice in enumerate(choices):
            read, words = rows.select([at]), tokenise(choice.text)
            song = replace(
                self,
                context=Context(draft.model, read.logits[0], read.state),
                lines=[*self.lines, choice.text],
                to_use=[phrase for phrase in self.to_use if not holds(words, phrase)],
                repeated=deepcopy(self.repeated) if penalised else self.repeated,
                _traced=None,
            )
            if penalised:
                song.repeated.extend(choice.candidate.tokens)
            songs.append(song)
        return songs

    def trace(self, tokens: Sequence[int]) -> Any:
        """Return the logits `(n, V)` of what comes at each token of a line that the song may go on with."""
        logits, before_last = self.context.token_logits(tokens)
        self._traced = tuple(tokens), before_last
        return logits

    def bonuses(self) -> tuple[LineBonus, ...]:
        """Return what the next line gains by words of the theme, those that were used less, and by who speaks."""
        section = self.lines[self.before_section :]
        return line_bonuses(self.settings, self.index.vocabulary, self.lines, section)

    def begin_section(self, kind: str) -> None:
        """Read an empty line and the control tokens of the section that comes."""
        self._advance_context([LINE])
        self.section, self.before_section = self.section + 1, len(self.lines)
        controls = self.settings.style.control_tokens(self.index.vocabulary, kind, self.section)
        self.context = self.context.read_controls(controls)

    def can_write(self, phrase: Phrase) -> bool:
        """Whether the model knows its words, or their characters."""
        return UNK not in phrase_tokens(phrase, self.index.vocabulary)

    def _advance_context(self, tokens: Sequence[int]) -> None:
        traced, context = self._traced or ((), self.context)
        if traced == tuple(tokens):  # what a line is described by has been read
            self.context = context.read_line(tokens, len(tokens) - 1)
        else:
            self.context = self.context.read_line(tokens)
        self._traced = None
        self.repeated.extend(tokens)


def _check_rhyme_with(phrase: str, index: ConstraintIndex) -> None:
    if phrase and not any(line_phone_variants(scan_line(phrase, index.pronunciations))):
        raise SettingError("Nothing rhymes with “{phrase}”: give a word that can be said.", phrase=phrase)


def _lines_before_section(lines: Sequence[str]) -> int:
    """Return how many lines stand before the last empty one.

    >>> _lines_before_section(["un", "deux", "", "trois"])
    2
    """
    return sum(bool(line) for at, line in enumerate(lines) if "" in lines[at:])


MIN_RHYMING_PARTNERS = 6  # a word that opens a rhyme has at least so many words to answer it, for each line that has to
# Few words have four vowels that another word has: the answer finds the fourth one in the word before its last.
OPENING: dict[Richness, Richness] = {"multi4": "multi3"}
RHYME_CONTEXT_LINES = 3  # lines before it that it may rhyme with
ANY_SYLLABLE_RANGE = (1, 40)  # syllables, when nothing else was found
NEW_PAIR_COSTS_NATS = (
    4.0,
    8.0,
)  # nats that a pair of words costs which the corpus never has, and the last one of a line besides
USED_WORD_COST_NATS = 2.0  # nats that a word of content costs which stands in a line before
# what a pair loses whose second line begins with a pronoun that the first has no subject for
MISSING_ANTECEDENT_COST = 12.0
COMMON_BEGINNING_PERIOD = 5  # every so manieth line may begin as many lines of the corpus do
REPEATED_BEGINNING_COST = 1e6  # what a line loses that comes after all others


@dataclass(frozen=True)
class Choice:
    """A line, each constraint that it does not meet, and the partner whose it is, "" for the run."""

    candidate: Candidate
    violations: tuple[Violation, ...] = ()
    by: str = ""

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

    def select(self, count: int = 1, least: int | None = None) -> list[Choice]:
        """Return `count` lines unlike each other, those that meet everything first; at least one.

        least: how many of those that meet everything are enough; `count` where it is None.
        """
        met, others = self._search(count, count if least is None else least)
        if len(met) > count:
            pairs = {pair for line in self.song.lines for pair in pairwise(tokenise(line))}
            return [
                max(met, key=lambda choice: self._rhymed_share(choice.text) + share_of_new_pairs(choice.text, pairs))
            ]
        for choice in sorted(others, key=self._violation_sort_key):
            if len(met) < count and not are_similar(choice.text, (other.text for other in met)):
                met.append(choice)
        empty = Candidate(self.song.context.before, (LINE,))
        return met or [Choice(empty, (Violation("no-line"),))]

    def _search(self, count: int, least: int) -> tuple[list[Choice], list[Choice]]:
        """Return the lines found that meet everything, unlike each other, and all others."""
        enough = self.song.index.policy.compared if count == 1 and self.slot.letter else count
        met: list[Choice] = []
        violating: list[Choice] = []
        for constraints, rows in self._rounds():
            relaxed = constraints is not self.constraints
            if len(met) >= least or (relaxed and len(met) + len(violating) >= count):
                break
            (candidates,) = find_candidates([self.line_search(constraints)], rows)
            for candidate in self._rank(candidates):
                if are_similar(candidate.text, (choice.text for choice in met)):
                    continue
                choice = self.check(candidate)
                (violating if choice.violations or self.repeats_ending(candidate.text) else met).append(choice)
                if len(met) == enough:
                    break
        return met, violating

    def check(self, candidate: Candidate) -> Choice:
        """Return a line with what it lacks."""
        return Choice(candidate, self.violations(candidate.text))

    @cached_property
    def constraints(self) -> LineConstraints:
        """What the line has to meet."""
        constraints = self.slot.constraints
        avoided = phrases(constraints.avoid)
        avoid = unwanted_tokens(avoided, clean=constraints.clean)
        endings, after = self._rhyming_endings(avoid) if self.answer else (self._rhymable_endings(avoid), {})
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
            chosen = endings.rhymable(OPENING.get(richness, richness), MIN_RHYMING_PARTNERS * (self.group - 1))
        if avoid:
            chosen = tuple(i for i in chosen if endings.words[i].text not in avoid)
        return chosen

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
        """Whether a line ends as one shortly before it does."""
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
        yield replace(relaxed, syllables=ANY_SYLLABLE_RANGE), rounds[0]

    def line_search(self, constraints: LineConstraints) -> LineSearch:
        """Return the search for a line that meets these constraints here."""
        song = self.song
        return LineSearch(
            index=song.index,
            context=song.context.with_draft_model() if song.index.policy.drafts else song.context,
            constraints=constraints,
            sampler=self._sampler(),
            first_sampler=self._sampler(warmer) if (warmer := song.index.policy.beginning) != 1 else None,
            repeated=song.repeated,
            rng=song.rng,
            bonuses=song.bonuses(),
        )

    def _sampler(self, warmth: float = 1.0) -> Sampler:
        temperature = min(warmth * self._sampling.temperature, MAX_TEMPERATURE)
        return replace(self._sampling, temperature=temperature).make_sampler(self.song.index.policy.likeliest)

    @cached_property
    def _sampling(self) -> SamplingSettings:
        own, warmth = self.song.settings.sampling, self.song.index.policy.warmth
        return replace(own, temperature=min(own.temperature * warmth, MAX_TEMPERATURE))

    def _rank(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the lines in a random order, each place drawn from those left: by exp(weight / temperature), or, where
        the policy goes by it, by exp(sense), those last that begin as a line before them or, mostly, as many lines do.
        """
        return [candidates[i] for i in np.argsort(-self.ranking_keys(candidates), kind="stable")]

    def ranking_keys(self, candidates: Sequence[Candidate]) -> Any:
        """Return a number `(n,)` for each line, the larger the sooner it is taken."""
        noise = self.song.rng.gumbel(size=len(candidates))  # the Gumbel trick: the largest is such a draw
        if not self.song.index.policy.expectedness:
            return np.array([line.weight for line in candidates]) + self._sampling.temperature * noise
        return self.intelligibility(candidates) + noise - self.repetition_cost(candidates)

    def intelligibility(self, candidates: Sequence[Candidate]) -> Any:
        """Return how likely each line is to be understood `(n,)`, as far as that shows: what the model expects, and
        pairs of words that the corpus has.
        """
        index = self.song.index
        lost = index.pairs.count_new([line.text for line in candidates]) @ NEW_PAIR_COSTS_NATS
        return index.policy.expectedness * (np.array([line.expectedness for line in candidates]) - lost)

    def repetition_cost(self, candidates: Sequence[Candidate]) -> Any:
        """Return what each line loses `(n,)` for words of content that stand in the lines before, and for beginning
        as one of them does or, mostly, as many lines do.
        """
        recent, texts = self.song.lines[-RECENT_LINE_COUNT:], [line.text for line in candidates]
        used = {word for line in recent for word in tokenise(line)} - function_words()
        again = np.array([len(used.intersection(tokenise(text))) for text in texts], float)
        return USED_WORD_COST_NATS * self.song.index.policy.expectedness * again + REPEATED_BEGINNING_COST * np.array(
            self.are_beginnings_repeated(texts), float
        )

    @cached_property
    def _stale_beginnings(self) -> Set[tuple[str, ...]]:
        """The first two words of recent lines and, where it is not its turn, those that many lines begin with."""
        common = frozenset[tuple[str, ...]](
            self.song.index.common if (len(self.song.lines) + 1) % COMMON_BEGINNING_PERIOD else ()
        )
        return common | {tuple(tokenise(line)[:2]) for line in self.song.lines[-RECENT_LINE_COUNT:]}

    def are_beginnings_repeated(self, lines: Sequence[str]) -> list[bool]:
        """Return whether each line begins as one of those before it, or, where it is not its turn, as many lines do."""
        return [tuple(tokenise(line)[:2]) in self._stale_beginnings for line in lines]

    def violations(self, text: str) -> tuple[Violation, ...]:
        """Return what a line lacks."""
        constraints, song = self.slot.constraints, self.song
        return find_violations(text, self.answer, constraints, self.constraints, song.lines, song.index)

    def _rhymed_share(self, text: str) -> float:
        """Return the share of a line's syllables that rhyme, within it and with the lines before it."""
        lines = [*self.song.lines[-RHYME_CONTEXT_LINES:], text]
        marks = find_section_rhymes(
            [scan_line(line, self.song.index.pronunciations) for line in lines]
        ).rhymed_vowel_mask()[-1]
        return sum(marks) / max(1, len(marks))

    def _violation_sort_key(self, choice: Choice) -> tuple[bool, int, float]:
        """How far a line is from what is asked: what is copied comes last, whatever else it has."""
        copied = self.song.index.spans.longest_length(tokenise(choice.text)) > self.slot.constraints.longest_copy
        return copied, len(choice.violations), -choice.candidate.weight


def are_similar(text: str, others: Iterable[str]) -> bool:
    """Whether a line ends with the same word as another, or shares more than half of its words with it."""
    words = tokenise(text)
    for other in map(tokenise, others):
        if words[-1:] == other[-1:] or 2 * len(set(words) & set(other)) > len(set(words)):
            return True
    return False


def share_of_new_pairs(text: str, known_pairs: Set[tuple[str, str]]) -> float:
    """Return the share of pairs of words, side by side in a line, that are not among the known ones."""
    pairs = list(pairwise(tokenise(text)))
    return sum(pair not in known_pairs for pair in pairs) / max(1, len(pairs))


def select_pair(first: LineSelection, following: Callable[[SongState], LineSelection]) -> list[Choice]:
    """Return two lines that were chosen together, or the first of them where nothing was found to follow it.

    Several openings are gone on from in one batch, each with what rhymes with it; the pair is drawn from all of their
    lines, so that an opening is taken knowing what answers it. `following` makes the choice of the second line.
    """
    policy = first.song.index.policy
    choices = first.select(policy.openings, 2)
    openings = [choice for choice in choices if not choice.violations]
    if not openings:
        return choices[:1]
    answers = [following(song) for song in first.song.states_after_choices(openings)]
    for rows in policy.answer_rows:
        candidates = find_candidates([answer.line_search(answer.constraints) for answer in answers], rows)
        pairs = [(at, line) for at, lines in enumerate(candidates) for line in lines]
        if not pairs:
            continue
        keys = np.concatenate([answer.ranking_keys(lines) for answer, lines in zip(answers, candidates, strict=True)])
        keys += first.intelligibility([line.candidate for line in openings])[[at for at, _ in pairs]]
        keys -= MISSING_ANTECEDENT_COST * np.array(
            [not pronoun_has_antecedent(openings[at].text, line.text) for at, line in pairs], float
        )
        for best in np.argsort(-keys, kind="stable"):
            at, line = pairs[best]
            choice = answers[at].check(line)
            if not choice.violations and not answers[at].repeats_ending(line.text):
                return [openings[at], choice]
    return openings[:1]
