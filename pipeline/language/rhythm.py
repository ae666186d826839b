"""Syllables in time: the sixteen steps of a bar, four a beat, and which step each syllable of a line falls on.

French stresses the last full syllable of a rhythm group, not the word: function words lean on what follows them, and a
group ends at a pause or where a word that carries meaning meets a function word. Stresses are wanted on beats, the
rhyme on a given one (the fourth, as rap has it most), other syllables a sixteenth or an eighth after each other. Where
they fall in a recording is not known: this is a reading, the cheapest by `_placement_cost` and `_distance_cost`.

Di Cristo, Intonation in French (1998), on rhythm groups; Condit-Schultz, MCFlow (2016), for rap on sixteen steps.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.language.section_rhymes import function_words_and_adlibs, vowel_offset
from pipeline.language.syllables import LineScansion
from pipeline.language.tokens import align_tokens, blank_adlibs, pause_positions

STEPS, BEAT = 16, 4  # of a bar, of a beat
MOST_IN_A_BAR = 24  # syllables up to the fourth beat, in half steps; a line of more takes two bars or more
SLOWEST, FASTEST, TEMPO = 60, 180, 90  # beats a minute
_ONSET = re.compile(r"(?:qu|gu|ge|ch|ph|th|gn|[bcdfgptv][lr]|[b-df-hj-np-tv-zç])$")


class Syllable(NamedTuple):
    """A spoken syllable: its letters, whether it is stressed, ends a rhythm group, precedes a pause, and rhymes.

    The letters of all syllables of a line, joined, are the line without its ad-libs."""

    text: str
    stressed: bool
    ends_group: bool
    pause: bool
    rhymes: bool


class TimedLine(NamedTuple):
    """A line in musical time: the step of each syllable (sixteenths of a bar, from 0), and its number of bars."""

    syllables: tuple[Syllable, ...]
    steps: tuple[float, ...]
    bars: int

    def rhyme_position(self) -> float | None:
        """Return the position in the bar, in sixteenths, of the syllable that rhymes; None for a silent line."""
        return next((step for each, step in zip(self.syllables, self.steps, strict=True) if each.rhymes), None)

    def fits_beat(self, beat: int) -> bool:
        """Return whether a line fits one bar in sixteenths, with stresses on eighths and its rhyme on `beat` (1 to 4).

        >>> from pipeline.language.pronunciations import Pronunciations
        >>> from pipeline.language.syllables import scan_line
        >>> text = "Je rentre à la maison"
        >>> place_line_in_bars(text, scan_line(text, Pronunciations())).fits_beat(4)
        True
        """
        steps = [step for each, step in zip(self.syllables, self.steps, strict=True) if each.stressed]
        whole = all(step == int(step) for step in self.steps) and all(step % 2 == 0 for step in steps)
        return self.bars == 1 and whole and self.rhyme_position() == BEAT * (beat - 1)


def place_line_in_bars(text: str, line: LineScansion, beat: int = 4) -> TimedLine:
    """Return the position of each syllable of a line in its bars, the rhyme on `beat` of the last bar if possible."""
    syllables = line_syllables(text, line)
    bars = -(-(len(syllables) + 2 * STEPS - MOST_IN_A_BAR) // (2 * STEPS))  # all but the last hold two a step
    return TimedLine(tuple(syllables), place_syllables(tuple(syllables), bars, beat), bars)


def line_syllables(text: str, line: LineScansion) -> list[Syllable]:
    """Return the spoken syllables of a line, with their letters.

    >>> from pipeline.language.pronunciations import Pronunciations
    >>> from pipeline.language.syllables import scan_line
    >>> text = "J'ai la rage, mon ami"
    >>> [each.text for each in line_syllables(text, scan_line(text, Pronunciations())) if each.stressed]
    ['rage, ', 'mi']
    """
    tokens = [word.text for word in line.words]
    blanked = blank_adlibs(text)
    starts = [span.start for span in align_tokens(blanked, tokens)] if tokens else []
    pieces: list[tuple[str, int]] = []  # letters, word
    silent = ""  # of clitics without a vowel, before the word that they lean on
    for at, (start, stop) in enumerate(pairwise([*starts, len(blanked)])):
        written, count, silent = silent + blanked[start:stop], line.spoken[at], ""
        if count:
            pieces += [(part, at) for part in _split_into_syllables(written, tokens[at], count, line.sounds[at])]
        elif tokens[at].startswith("-") and pieces:  # -je, -ce lean on the word before
            pieces[-1] = (pieces[-1][0] + written, pieces[-1][1])
        else:
            silent = written
    if silent and pieces:
        pieces[-1] = (pieces[-1][0] + silent, pieces[-1][1])
    return _mark_stresses(pieces, blanked, line)


def _split_into_syllables(written: str, token: str, count: int, sound: str) -> list[str]:
    """Return the letters of a word, and of the signs around it, divided into `count` syllables."""
    if count == 1:
        return [written]
    at = max(written.lower().replace("’", "'").find(token.lstrip("-")), 0)
    word = written[at : at + len(token.lstrip("-"))]
    schwa = sound.endswith("ə")  # quatr-e murs
    nuclei = [vowel_offset(word, number, count - schwa) for number in range(1, count - schwa)]
    if schwa:
        nuclei.append(word.lower().rfind("e"))
    cuts = [0]
    for nucleus in nuclei:
        onset = _ONSET.search(word.lower()[:nucleus])
        cuts.append(at + (onset.start() if onset else nucleus) if nucleus > 0 else cuts[-1])
    parts = [written[start:stop] for start, stop in pairwise([*cuts, len(written)])]
    return parts if all(parts) and cuts == sorted(cuts) else [written, *["·"] * (count - 1)]


def _mark_stresses(pieces: Sequence[tuple[str, int]], text: str, line: LineScansion) -> list[Syllable]:
    """Return the syllables with the stress of each rhythm group on its last full syllable."""
    tokens = [word.text for word in line.words]
    last = {word: at for at, (_, word) in enumerate(pieces)}  # the last syllable of each word
    stressed, ends, parted = set[int](), set[int](), set[int]()
    paused = pause_positions(text, tokens)
    for word, at in last.items():
        following = next((other for other in last if other > word), None)
        pause = following is not None and not paused.isdisjoint(range(word, following))
        if following is None or pause or _ends_rhythm_group(tokens[word], tokens[word + 1]):
            full = at - 1 if line.sounds[word].endswith("ə") and pieces[at - 1 : at] and at else at
            stressed.add(full if pieces[full][1] == word else at)
            ends.add(at)
        if pause:
            parted.add(at)
    rhyme = max(stressed, default=-1)
    return [
        Syllable(text, at in stressed, at in ends, at in parted, at == rhyme) for at, (text, _) in enumerate(pieces)
    ]


def _ends_rhythm_group(word: str, following: str) -> bool:
    weak = function_words_and_adlibs()
    return word not in weak and following in weak and not following.startswith("-")


_FORBIDDEN_COST = 1e9


@lru_cache(maxsize=1 << 10)
def place_syllables(syllables: tuple[Syllable, ...], bars: int = 1, beat: int = 4) -> tuple[float, ...]:
    """Return the step of each syllable (sixteenths, ascending): the cheapest placement, by dynamic programming.

    Half steps are used only where the syllables before the rhyme outnumber the steps."""
    if not syllables:
        return ()
    target = STEPS * (bars - 1) + BEAT * (beat - 1)
    before = next(at for at, syllable in enumerate(syllables) if syllable.rhymes)
    parts = 1 if before <= target and len(syllables) - before <= STEPS * bars - target else 2
    places = [number / parts for number in range(STEPS * bars * parts)]
    costs = [_placement_cost(syllables[0], place, target) + 0.02 * place for place in places]
    ways: list[list[int]] = []
    for previous, syllable in pairwise(syllables):
        best, way = [_FORBIDDEN_COST], [0]
        for to in range(1, len(places)):
            options = [
                (costs[start] + _distance_cost(previous, places[to] - places[start]), start)
                for start in range(max(0, to - 12 * parts), to)
            ]
            cost, start = min(options)
            best.append(cost + _placement_cost(syllable, places[to], target))
            way.append(start)
        costs = best
        ways.append(way)
    at = min(range(len(costs)), key=costs.__getitem__)
    order = [at]
    for way in reversed(ways):
        order.append(way[order[-1]])
    return tuple(places[at] for at in reversed(order))


def _placement_cost(syllable: Syllable, step: float, target: int) -> float:
    if syllable.rhymes:
        return 0.0 if step == target else 40.0 + abs(step - target)
    if step != int(step):
        return 10.0 if syllable.stressed else 3.0
    if syllable.stressed:
        return 0.0 if step % BEAT == 0 else 0.7 if step % 2 == 0 else 5.0
    return 0.1 if step % BEAT == 0 else 0.0


def _distance_cost(before: Syllable, gap: float) -> float:
    if gap < 1:
        return 1.0
    longest = 4 if before.pause else 3 if before.ends_group else 2
    shortest = 2 if before.pause else 1
    return max(0.0, gap - longest) + 1.5 * max(0.0, shortest - gap) + (0.15 * (gap - 1) if not before.ends_group else 0)
