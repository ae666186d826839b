"""The next line of a song: candidates are asked for, judged, and the best is taken with what it lacks.

A demand is met or reported as not met. A line has a budget of batches (`ROUNDS`); then rhyme and length are let go,
one after the other, so that there always is a line and never an endless search.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pipeline.errors import SettingError
from pipeline.generation.candidates import FREE_LENGTH, Candidate, Context, Demand, candidates
from pipeline.generation.clean import unwanted
from pipeline.generation.constraints import Constraints, Phrase, Richness, holds, phrases
from pipeline.generation.endings import Key, ending_key, rich_enough
from pipeline.generation.form import Slot
from pipeline.generation.lyric import GeneratedLine, Piece, WriteSettings
from pipeline.generation.pairs import Pair
from pipeline.generation.sampling import Generator, SamplingSettings
from pipeline.generation.spelling import Speller, normalised, read_seed
from pipeline.generation.style import player
from pipeline.generation.workshop import Workshop, phrase_tokens
from pipeline.generation.writer import log_probability, piece_of, read_context
from pipeline.language.pronunciations import Word
from pipeline.language.rhyme import compare, line_endings, rhyme_key
from pipeline.language.scheme import end_word
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise
from pipeline.language.vocabulary import LINE, UNK

ROUNDS = {"char": (16, 24, 48, 96), "word": (16, 24, 32, 64)}  # rows of each batch that a line may cost
PARTNERS = 6  # a word that opens a rhyme has at least so many words to answer it, for each line that has to
# Few words have four vowels that another word has: the answer finds the fourth one in the word before its last.
OPENING: dict[Richness, Richness] = {"multi4": "multi3"}
LISTENED_TO = 4  # lines of which the one that rhymes most within and repeats least is taken
ECHO = 3  # lines before it that it may rhyme with
RECENT = 16  # lines within which a last word does not come again, and another letter of the scheme is another rhyme


WHOLE = "word"  # before the sound of a whole word, beside keys that hold the end of one


@dataclass
class Song:
    """What has been written so far, for the lines to come."""

    workshop: Workshop
    context: Context
    sampling: SamplingSettings
    rng: Generator
    lines: list[str]  # every line, the seed's too
    to_use: list[Phrase]  # still to be used
    settings: WriteSettings

    @classmethod
    def begin(
        cls, workshop: Workshop, seed_text: str, settings: WriteSettings, rng: Generator, kind: str = ""
    ) -> "Song":
        """A song that begins with the seed, in a section of this kind; its unfinished last line is for the first line
        to finish.
        """
        seed = read_seed(seed_text, workshop.vocabulary)
        tokens, constraints = seed.ids.tolist(), settings.constraints or Constraints()
        model = player(workshop.model, settings.style).with_cache(tokens, settings.memory)
        told = settings.style.told(workshop.vocabulary, kind)
        logits, state = read_context(model, seed, workshop.level, told)
        *lines, before = normalised(seed_text).split("\n")
        held = tokenise(seed_text)
        if constraints.rhyme_with and not any(line_endings(scan_line(constraints.rhyme_with, workshop.pronunciations))):
            raise SettingError(f"Nothing rhymes with “{constraints.rhyme_with}”: give a word that can be said.")
        use = [phrase for phrase in phrases(constraints.use) if not holds(held, phrase)]
        context = Context(model, logits, state, before)
        return cls(workshop, context, settings.sampling, rng, [line for line in lines if line], use, settings)

    def read(self, tokens: Sequence[int]) -> None:
        """Let the model read what was written, and remember it."""
        here = self.context
        here.model.extend_cache(tokens)
        logits, state = here.model.run(np.array([tokens]), here.state)
        self.context = Context(here.model, logits[0, -1], state)

    def begin_section(self, kind: str) -> None:
        """Let the model read an empty line, and be told what comes."""
        self.read([LINE])
        told, here = self.settings.style.told(self.workshop.vocabulary, kind), self.context
        logits, state = here.model.condition(told, here.logits, here.state)
        self.context = replace(here, logits=logits, state=state)

    def add(self, choice: "Choice") -> None:
        """Take a line: it is read, and counts for what comes."""
        words = tokenise(choice.candidate.text)
        self.to_use = [phrase for phrase in self.to_use if not holds(words, phrase)]
        self.lines.append(choice.candidate.text)
        self.read(choice.candidate.tokens)

    def can_write(self, phrase: Phrase) -> bool:
        """Whether the model knows its words, or their characters."""
        return UNK not in phrase_tokens(phrase, self.workshop.vocabulary)

    def given(self, text: str) -> "Choice":
        """A line that is there already, as if it had been chosen."""
        rest = text.removeprefix(self.context.before)
        return Choice(Candidate(text, (*read_seed(rest, self.workshop.vocabulary).ids.tolist(), LINE), 0.0), ())


@dataclass(frozen=True)
class Choice:
    """A line, and in words each demand it does not meet."""

    candidate: Candidate
    unmet: tuple[str, ...]


def choose(song: Song, slot: Slot, answer: str, *, group: int = 1, count: int = 1, insist: bool = True) -> list[Choice]:
    """`count` lines unlike each other for a slot, those that meet everything first; at least one.

    answer: the line to rhyme with, "" for none; group: how many lines will share this line's rhyme;
    insist: whether a word that the text still has to hold must be in this line.
    """
    enough = LISTENED_TO if count == 1 and slot.letter else count
    stale = _stale(song, slot, answer)
    full = _demand(song, slot, answer, group, insist, stale)
    met: list[Choice] = []
    others: list[Choice] = []
    for demand, rows in _budget(song, full):
        if len(met) >= count or (demand is not full and len(met) + len(others) >= count):
            break
        found = candidates(song.workshop, song.context, demand, song.sampling, rows, song.rng)
        for candidate in _ranked(found, song.sampling.temperature, song.rng):
            if _alike(candidate, met):
                continue
            unmet = _unmet(song, slot, answer, full, candidate.text)
            old = not stale.isdisjoint(_ends(song, slot, candidate.text))
            (others if unmet or old else met).append(Choice(candidate, unmet))
            if len(met) == enough:
                break
    if len(met) > count:
        said = {pair for line in song.lines for pair in pairwise(tokenise(line))}
        return [max(met, key=lambda choice: _rhymed(song, choice.candidate.text) + _new(said, choice.candidate.text))]
    for choice in sorted(others, key=lambda choice: _lacking(song, slot, choice)):
        if len(met) < count and not _alike(choice.candidate, met):
            met.append(choice)
    return met or [replace(song.given(song.context.before), unmet=("no line could be written here",))]


def _lacking(song: Song, slot: Slot, choice: Choice) -> tuple[bool, int, float]:
    """How far a line is from what is asked: what is copied comes last, whatever else it has."""
    copied = song.workshop.spans.longest_length(tokenise(choice.candidate.text)) > slot.constraints.longest_copy
    return copied, len(choice.unmet), -choice.candidate.weight


def _rhymed(song: Song, text: str) -> float:
    """Share of a line's syllables that rhyme, within it and with the lines before it."""
    lines = [*song.lines[-ECHO:], text]
    marks = find_section_rhymes([scan_line(line, song.workshop.pronunciations) for line in lines]).rhymed()[-1]
    return sum(marks) / max(1, len(marks))


def _new(said: Set[Pair], text: str) -> float:
    """Share of a line's pairs of words that the song has not said yet."""
    pairs = list(pairwise(tokenise(text)))
    return sum(pair not in said for pair in pairs) / max(1, len(pairs))


def _stale(song: Song, slot: Slot, answer: str) -> set[Key]:
    """How the lines before end: an answer has another last word than any of them, an opening another rhyme too."""
    lines = [answer, *song.lines[-RECENT:]] if answer else song.lines[-RECENT:]
    ends = {end for line in lines for end in _ends(song, slot, line)}
    return {end for end in ends if end[0] == WHOLE} if answer else ends


def _ends(song: Song, slot: Slot, text: str) -> set[Key]:
    """The last word as it sounds (porte and portes are one word), and the rhyme that the slot's letter stands for."""
    scanned = scan_line(text, song.workshop.pronunciations)
    last = end_word(scanned)
    if not last:
        return set()
    richness = slot.constraints.richness
    keys = [ending_key(phones, richness) for phones in line_endings(scanned)] if slot.letter else []
    return {_whole(song.workshop.pronunciations[last]), *(key for key in keys if key)}


def _whole(word: Word) -> Key:
    return WHOLE, word.ipa.replace("ə", "")


def _budget(song: Song, full: Demand) -> Iterator[tuple[Demand, int]]:
    rounds = ROUNDS[song.workshop.level]
    for rows in rounds:
        yield full, rows
    any_ending = tuple(i for i, word in enumerate(song.workshop.endings.words) if word.text not in full.avoid)
    yield replace(full, endings=any_ending, after={}), rounds[0]
    yield replace(full, endings=any_ending, after={}, syllables=(1, 40)), rounds[0]


def _ranked(found: Sequence[Candidate], temperature: float, rng: Generator) -> list[Candidate]:
    """In a random order that favours heavy weights: each place drawn from those left, by exp(weight / temperature)."""
    weights = np.array([candidate.weight for candidate in found])
    keys = weights + temperature * rng.gumbel(size=len(found))  # the Gumbel trick: the largest is such a draw
    return [found[i] for i in np.argsort(-keys, kind="stable")]


def _alike(candidate: Candidate, chosen: Sequence[Choice]) -> bool:
    """Whether it ends with the same word as one of `chosen`, or shares half of its words with it."""
    words = tokenise(candidate.text)
    for other in (tokenise(choice.candidate.text) for choice in chosen):
        if words[-1:] == other[-1:] or 2 * len(set(words) & set(other)) > len(set(words)):
            return True
    return False


def _demand(song: Song, slot: Slot, answer: str, group: int, insist: bool, stale: Set[Key]) -> Demand:
    wanted, endings = slot.constraints, song.workshop.endings
    avoided = phrases(wanted.avoid)
    avoid = unwanted(avoided, clean=wanted.clean)
    after: dict[Key, tuple[int, ...]] = {}
    if answer:
        sounds = [phones for phones in line_endings(scan_line(answer, song.workshop.pronunciations)) if phones]
        allowed = dict.fromkeys(i for phones in sounds for i in endings.partners(phones, wanted.richness))

        def fit(indices: Iterable[int]) -> tuple[int, ...]:
            words = ((i, endings.words[i]) for i in indices)
            return tuple(i for i, word in words if word.text not in avoid and _whole(word) not in stale)

        chosen = fit(allowed)
        for phones in sounds:
            for before, indices in endings.completing(phones, wanted.richness).items():
                after[before] = fit(indices)
    else:
        opening = OPENING.get(wanted.richness, wanted.richness)
        chosen = endings.rhymable(opening, PARTNERS * (group - 1)) if slot.letter and group > 1 else endings.all
        chosen = tuple(i for i in chosen if endings.words[i].text not in avoid) if avoid else chosen
    return Demand(
        endings=chosen,
        after=after,
        syllables=wanted.syllable_range or FREE_LENGTH,
        avoid=avoid,
        avoid_phrases=tuple(phrase for phrase in avoided if len(phrase) > 1),
        include=next(filter(song.can_write, song.to_use), ()) if insist else (),
    )


def _unmet(song: Song, slot: Slot, answer: str, demand: Demand, text: str) -> tuple[str, ...]:
    """What a line lacks, each in words; nothing when it meets every demand."""
    workshop, wanted = song.workshop, slot.constraints
    words, scanned = tokenise(text), scan_line(text, workshop.pronunciations)
    lacks = [] if words else ["no words"]
    length, spoken = wanted.syllable_range, scanned.syllables.spoken
    if length and not length[0] <= spoken <= length[1]:
        lacks.append(f"{spoken} syllables instead of {length[0]} to {length[1]}")
    if answer and not _answers(song, answer, text, wanted):
        lacks.append(f"no rhyme ({wanted.richness} or better) with “{answer}”")
    if not holds(words, demand.include):
        lacks.append(does_not_hold(demand.include))
    lacks += [f"holds “{word}”" for word in dict.fromkeys(words) if word in demand.avoid]
    lacks += [f"holds “{detokenise(phrase)}”" for phrase in demand.avoid_phrases if holds(words, phrase)]
    if workshop.spans.has_line(words):
        lacks.append("a line of the corpus")
    elif (copied := workshop.spans.longest_length(words)) > wanted.longest_copy:
        lacks.append(f"{copied} words in a row from the corpus")
    if any(tokenise(line) == words for line in song.lines):
        lacks.append("repeats a line")
    return tuple(lacks)


def does_not_hold(phrase: Phrase) -> str:
    """What a line or a text lacks, in words."""
    return f"does not hold “{detokenise(phrase)}”"


def _answers(song: Song, answer: str, text: str, wanted: Constraints) -> bool:
    sounds = song.workshop.pronunciations
    last, theirs = (end_word(scan_line(line, sounds)) for line in (text, answer))
    return last != theirs and rich_enough(compare(answer, text, sounds), wanted.richness)


def as_line(song: Song, slot: Slot, choice: Choice, answer: str) -> GeneratedLine:
    """A choice with all that explains it; to be called before the song has read it."""
    workshop, text = song.workshop, choice.candidate.text
    pieces = _pieces(song, choice.candidate)
    scanned = scan_line(text, workshop.pronunciations)
    return GeneratedLine(
        text=text,
        log_probability=log_probability(pieces),
        tokens=len(pieces),
        section=slot.section,
        kind=slot.kind,
        syllables=scanned.syllables.spoken,
        rhyme=slot.letter or None,
        rhyme_key=rhyme_key(scanned) or None,
        rhyme_kind=compare(answer, text, workshop.pronunciations).kind if answer else None,
        copied=workshop.spans.longest(tokenise(text)),
        unmet=choice.unmet,
        pieces=pieces,
    )


def _pieces(song: Song, candidate: Candidate) -> tuple[Piece, ...]:
    """Each token of a line with its probability, from one reading by the model."""
    workshop, context = song.workshop, song.context
    logits = [context.logits]
    if len(candidate.tokens) > 1:
        read, _ = context.model.run(np.array([candidate.tokens[:-1]]), context.state)
        logits += list(read[0])
    speller = Speller(workshop.level, context.before)
    pairs = zip(logits, candidate.tokens, strict=True)
    return tuple(piece_of(speller, row, token, workshop.vocabulary) for row, token in pairs)
