"""A language model of one's own as a proposer of lines: asked for a quatrain at a time, checked exactly.

Seize chooses the words that lines may end on, counts syllables and hears rhymes; the model writes. What is nearly right
is mended, what is missing is said and asked for again; what stays open is for whoever is asked next, the network.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipeline.core.errors import WriterError
from pipeline.core.translation import in_language
from pipeline.generation.constraints import Violation, contains_phrase, violation_text
from pipeline.generation.demand import CheckedLine, LineDemand, Proposer, pick_dissimilar
from pipeline.generation.form import Slot
from pipeline.generation.partner.answer import AnswerText, extract_lines
from pipeline.generation.partner.exchange import HttpRequest
from pipeline.generation.partner.mending import variants_by_syllable_count
from pipeline.generation.partner.server import LocalServer
from pipeline.generation.search.endings import word_sound
from pipeline.language.pronunciations import Word
from pipeline.language.rhyme import RHYME_KINDS
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import detokenise, tokenise

GROUP_LINES = 4  # asked for at once
VERSIONS = 3  # of a group, in one answer
ROUNDS = 3  # how often a group is asked for
END_WORDS = 6  # that the lines of one rhyme may end on
DRAWN_AMONG = 400  # of the most frequent endings, one to begin a rhyme
WAIT_SECONDS = 0.25  # for an answer, before others are served
INSTRUCTIONS = (
    "Tu écris des vers de rap en français simple et parlé. Chaque vers est une phrase entière, compréhensible, qui "
    "suit ce qui précède. Réponds seulement par des vers, un par ligne, sans numéro, sans guillemets, sans commentaire."
)
# For a model that goes on with a text: what a group looks like. Ours, of twelve syllables.
EXAMPLE = """Rimes : nuit, ennui / amour, retour
La lune est sur le toit, je regarde la nuit
On partage le pain, un café et l'ennui
On rêvait de partir, on rêvait de l'amour
Je compte les étoiles et j'attends ton retour
"""


@dataclass
class _LineGroup:
    """Lines requested together from the model: their first place in the song, their slots, possible end words."""

    start: int
    slots: Sequence[Slot]
    end_words: Sequence[Sequence[str]]
    rounds: int = 0
    first: int = 0  # of the slots, the first that the last question is about
    lines: list[tuple[int, str]] = field(default_factory=list)  # (which of the slots it was written for, a line)


@dataclass
class PartnerProposer(Proposer):
    """A proposer of lines written by a language model on this machine, for one text."""

    server: LocalServer
    proposed: int = 0  # lines that it gave
    accepted: int = 0  # of which stand in the text
    seconds: float = 0.0  # that were waited for it
    _group: _LineGroup | None = None
    _answer: HttpRequest | None = None
    _text: AnswerText = field(default_factory=lambda: AnswerText(""))
    _read: int = 0  # lines of the answer
    _choices: dict[str, CheckedLine] = field(default_factory=dict)  # for the place `_at`, by the line as it was given
    _at: int = -1

    def can_propose_now(self, demand: LineDemand, ahead: Sequence[Slot] = ()) -> bool:
        """Request lines for this place and the next ones, wait a moment, and return whether `propose` need not wait."""
        if demand.song.context.before:  # it has no way to finish a line that was begun
            return True
        group = self._current_line_group(demand, ahead)
        self._receive_lines(group)
        if self._accepted_lines(demand, group):
            return True
        if self._answer is None:
            if group.rounds == ROUNDS:
                return True
            self._ask_model(demand, group)
        return False

    def propose(self, demand: LineDemand, count: int) -> list[CheckedLine]:
        """Return the model's lines that meet all constraints, their syllables corrected where possible; maybe none."""
        while not self.can_propose_now(demand):
            pass
        met = [] if demand.song.context.before or self._group is None else self._accepted_lines(demand, self._group)
        chosen = pick_dissimilar(met, count)
        self.accepted += len(chosen)
        return chosen

    def usage(self) -> dict[str, Any]:
        """Return the arguments of `describe_accepted_lines`: model, lines proposed and accepted, seconds waited."""
        return {
            "name": self.server.model,
            "proposed": self.proposed,
            "accepted": self.accepted,
            "seconds": self.seconds,
        }

    def _current_line_group(self, demand: LineDemand, ahead: Sequence[Slot]) -> _LineGroup:
        at, group = len(demand.song.lines), self._group
        if at != self._at:
            self._at, self._choices = at, {}
        if group is None or at not in range(group.start, group.start + len(group.slots)):
            self._close_response()
            same = [slot for slot in ahead if slot.section == demand.slot.section and slot.repeats is None]
            slots = (demand.slot, *same)[:GROUP_LINES]
            group = self._group = _LineGroup(at, slots, list(_allowed_end_words(demand, slots)))
        return group

    def _ask_model(self, demand: LineDemand, group: _LineGroup) -> None:
        group.rounds, group.first = group.rounds + 1, len(demand.song.lines) - group.start
        request, beginning = _chat_prompt(demand, group, self._violation_sentences()), _completion_prompt(demand, group)
        self._answer = self.server.request_lines(INSTRUCTIONS, request, beginning)
        self._text, self._read = AnswerText(self._answer.url), 0

    def _receive_lines(self, group: _LineGroup) -> None:
        """Read the part of the answer that has come; the answer is closed once all versions of the lines are there."""
        if self._answer is None:
            return
        began, answer, is_over = time.perf_counter(), self._answer, False
        try:
            part = answer.receive_bytes(WAIT_SECONDS)
            if part is None:
                is_over = True
                if not answer.is_abandoned:
                    self._text.read_end_of_answer()
                elif not self._read:
                    group.rounds -= 1  # whoever reads the text had stopped: it is asked again
            else:
                self._text.add_bytes(part)
        except WriterError:
            if not self._read:
                self._close_response()
                raise
            is_over = True  # lines came before it broke off
        self.seconds += time.perf_counter() - began
        lines = extract_lines(self._text.text, whole=is_over)
        known = {text for _, text in group.lines}
        own = [(place, text) for place, text in lines[self._read :] if text not in known and not _is_example_copy(text)]
        fresh = [(group.first + place, text) for place, text in own]
        self._read = len(lines)
        self.proposed += len(fresh)
        group.lines += fresh
        if is_over or self._read > VERSIONS * len(group.slots):
            self._close_response()

    def _close_response(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _accepted_lines(self, demand: LineDemand, group: _LineGroup) -> list[CheckedLine]:
        """Return the received lines that meet all constraints. Those that the model wrote for this line come first."""
        place = len(demand.song.lines) - group.start
        for _, text in group.lines:
            if text not in self._choices:
                self._choices[text] = self._check_or_mend(demand, text)
        ordered = [self._choices[text] for _, text in sorted(group.lines, key=lambda line: line[0] != place)]
        met = (choice for choice in ordered if not choice.violations)
        return [each for each in met if not demand.repeats_ending(each.text) and demand.can_open_rhyme(each.text)]

    def _check_or_mend(self, demand: LineDemand, text: str) -> CheckedLine:
        """Return a line with its violations, or corrected where one word or elision gives it the right syllables."""
        song, name = demand.song, self.server.model
        violations, syllables = _line_violations(demand, text), demand.slot.constraints.syllable_range
        if [each.code for each in violations] == ["syllables"] and syllables:
            count, (least, most) = scan_line(text, song.index.pronunciations).syllables.spoken, syllables
            for mended in variants_by_syllable_count(text, count - (most if count > most else least)):
                if not _line_violations(demand, mended):
                    return CheckedLine(song.as_candidate(mended), by=f"{name} + Seize")
        return CheckedLine(song.as_candidate(text), violations, by=name)

    def _violation_sentences(self) -> list[str]:
        with in_language("fr"):
            return [
                f"« {choice.text} » : {', '.join(map(violation_text, choice.violations))}"
                for choice in [*self._choices.values()][-GROUP_LINES:]
                if choice.violations
            ]


def _line_violations(demand: LineDemand, text: str) -> tuple[Violation, ...]:
    """Return the constraints that a line violates, and its pairs of words that the training texts never have."""
    apart = [pair for pair in pairwise(tokenise(text)) if pair in demand.song.index.avoided_word_pairs]
    return (*demand.violations(text), *(Violation("never-together", {"words": detokenise(pair)}) for pair in apart))


def _is_example_copy(text: str) -> bool:
    """Return whether a line shares four words in a row with the example in the prompt."""
    words, ours = tokenise(text), [*map(tokenise, EXAMPLE.splitlines())]
    return any(contains_phrase(line, tuple(words[at : at + 4])) for line in ours for at in range(len(words) - 3))


def _allowed_end_words(demand: LineDemand, slots: Sequence[Slot]) -> Iterator[Sequence[str]]:
    """Yield for each slot the words that its line may end on, which rhyme for slots of the same letter."""
    endings, families, keys = demand.song.index.endings, dict[str, list[str]]({"": []}), set[object]()
    given = demand.slot.constraints.end_words[len(demand.song.lines) :]
    for number, slot in enumerate(slots):
        if number < len(given):
            yield [given[number]]
            continue
        if slot.letter not in families:
            is_first, kind = number == 0, RHYME_KINDS[slot.constraints.richness]
            words = [endings.words[at] for at in (demand.line_constraints.endings if is_first else endings.all_endings)]
            if is_first and demand.answer:
                family = words[:END_WORDS]
            else:
                families_of = (_rhyming_words(demand, word, slot) for word in _words_to_begin_rhyme(demand, words))
                new = (each for each in families_of if len(each) > 2 and kind.rhyme_phones(each[0].phones) not in keys)
                family = next(new, [])
            keys.update(kind.rhyme_phones(word.phones) for word in family[:1])
            families[slot.letter] = [word.text for word in family]
        yield families[slot.letter]


def _words_to_begin_rhyme(demand: LineDemand, words: Sequence[Word]) -> Iterator[Word]:
    """Yield words to begin a rhyme with, drawn among the most frequent, those of the theme first."""
    song = demand.song
    theme = {word for word, _ in song.settings.theme.words} if song.settings.theme else set[str]()
    drawn = (words[at] for at in song.rng.permutation(min(DRAWN_AMONG, len(words))).tolist())
    fresh = (word for word in drawn if not demand.repeats_ending(word.text))
    yield from sorted(fresh, key=lambda word: word.text not in theme) if theme else fresh


def _rhyming_words(demand: LineDemand, opening: Word, slot: Slot) -> list[Word]:
    """Return a word and the most frequent words that rhyme with it, one of each sound."""
    endings = demand.song.index.endings
    rhyming = [endings.words[at] for at in endings.rhyming_indices(opening.phones, slot.constraints.richness)]
    allowed = (word for word in rhyming if word.text not in demand.line_constraints.avoid)
    return [*{word_sound(word): word for word in (opening, *allowed)}.values()][:END_WORDS]


def _chat_prompt(demand: LineDemand, group: _LineGroup, missing: Sequence[str]) -> str:
    """Return the request for lines to a chat model, in French."""
    song, place = demand.song, len(demand.song.lines) - group.start
    context = "\n".join(song.lines[-3 * GROUP_LINES :]) or "(rien encore)"
    slots, words = group.slots[place:], group.end_words[place:]
    parts = [f"Le texte jusqu'ici :\n{context}\n", f"Écris les {len(slots)} vers qui suivent."]
    for number, (slot, ends) in enumerate(zip(slots, words, strict=True), 1):
        asked = [f"{slot.constraints.syllables} syllabes comptées comme on parle"] if slot.constraints.syllables else []
        asked += [f"le dernier mot est un de ceux-ci : {', '.join(ends)}"] if ends else []
        parts += [f"Vers {number} : {' ; '.join(asked)}."] if asked else []
    if theme := song.settings.theme:
        parts.append(f"Thème : {', '.join(word for word, _ in theme.words[:5])}.")
    if song.to_use:
        parts.append(f"À employer : {', '.join(map(detokenise, song.to_use))}.")
    if avoid := demand.slot.constraints.avoid:
        parts.append(f"À ne pas employer : {', '.join(avoid)}.")
    parts += [f"Donne {VERSIONS} versions différentes, séparées par une ligne vide."]
    return "\n".join([*parts, *(f"À corriger : {each}" for each in missing)])


def _completion_prompt(demand: LineDemand, group: _LineGroup) -> str:
    """Return the text that a model without chat has to continue: an example, the lines before, the rhymes."""
    place = len(demand.song.lines) - group.start
    words = [", ".join(ends[:2]) for ends in dict.fromkeys(map(tuple, group.end_words[place:])) if ends]
    context = "".join(f"{line}\n" for line in demand.song.lines[-GROUP_LINES:])
    return f"{EXAMPLE}\n{context}\nRimes : {' / '.join(words)}\n"
