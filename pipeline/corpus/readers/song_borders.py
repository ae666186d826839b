"""Where the songs of a file begin, when nothing says so: the borders that explain best what the text shows.

Signs for a border are words glued together (`…fin du premierDébut du second`), a tag amid a line, an intro, rulers,
wide gaps, a title alone on its line. Signs that there must be one in between are conflicts: numbers of couplets that
begin anew, an intro after other sections, anything after an outro, refrains that differ. A refrain says the title of
its song: a line that occurs several times after it, and more often than before it. A line of lyrics that stands alone
is hardly ever such a line, four in ten titles are; so where a tenth of the lines alone occur afterwards, all of them
are taken for titles, otherwise only these.

Borders have weights, conflicts that they settle, and songs have a usual length. The borders with the highest sum of all
that are found by dynamic programming (as by Utiyama & Isahara 2001, a statistical model for
domain-independent text segmentation). What stays too long to be a song is cut into pseudo-songs of stanzas, marked as
such; where it has none, at lines some 500 words apart.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.corpus.duplicates import connected_groups
from pipeline.corpus.song import BoundaryOrigin, SectionKind
from pipeline.corpus.tags import read_tag

FEWEST_WORDS = 1_500  # of a file that is recognised as one of several songs by such signs alone
CERTAIN_WORDS = 5_000  # of a file that is one of several songs, whatever it shows
FEWEST_SONGS = 3  # that such a file shows; two where a ruler stands in it

CHARACTERS_PER_WORD = 5.6  # characters a word, the blank after it included
_LONGEST_LINE = 200  # characters
_LONGEST_TITLE = 60  # characters
_TITLE_REACH = 3_000  # characters in which a title recurs: one song
_RULED, _TITLED = 3.0, 6.0  # how much a ruler or a wide gap speaks for a border, and one above a line alone
_RECURS, _ALONE = 3.0, 2.5  # how much a line alone speaks for a border
_FEWEST, _SHARE = 2, 0.1  # of the lines alone that recur, where all are titles

_LOWER, _UPPER = "a-zß-öø-ÿœ", "A-ZÀ-ÖØ-ÞŒ"
_CLOSE = re.compile(rf"\S(?=[{_UPPER}«(—–])")  # where the next two may match
_GLUED = re.compile(rf"(?<=[{_LOWER}]{{2}})(?=[{_UPPER}](?:[{_LOWER}'’]| [{_LOWER}:]))")
_GLUED_MARK = re.compile(  # fin.Début   fin »Début   fin"Début   fin« Début   [Refrain]Début
    rf"(?:(?<=[.!?…)»])|(?<=[\w.!?…]\"))(?=[{_UPPER}][{_LOWER}'’ ])|(?<=[\w)»\"!?.…])"
    rf"(?=[(«][ \"]?[{_UPPER}{_LOWER}]|[—–] )"
    rf"|(?<=[^\s\[]\])(?=[{_UPPER}][{_LOWER}'’ ])"
)
_LINE_ALONE = re.compile(rf"[^\[\n]{{2,{_LONGEST_TITLE}}}\n[ \t]*\n")
_GAP = re.compile(r"\n(?:[ \t]*\n){3,}")
RULER = re.compile(r"^[ \t]*+(?P<rule>[-=*_~#])(?P=rule){2,}+[ \t]*+\n++", re.M)
BLANK_LINES_PATTERN = re.compile(r"\n[ \t]*\n+")
_TAG = re.compile(r"\[\s*([^\[\]\n]{2,80})")
_WORD = re.compile(r"[^\W\d_]+")
PSEUDO_WORDS = 500  # of a pseudo-song, about
LONGEST_SONG = 2_000  # words

_USUAL, _SPREAD = np.log(430), 0.6  # words of a song: mean and standard deviation of the logarithm
_MIN_LENGTH_ZSCORE = -2.2  # standard deviations below the mean, where a song is no less likely for being shorter
_BORDER_COST = 1.5  # of a border, whatever speaks for it
# characters a candidate, below which only the likeliest of so many characters are looked at
_MIN_CANDIDATE_SPACING = 80
_REACH = 3 * LONGEST_SONG * CHARACTERS_PER_WORD  # characters of the longest stretch without a border

ConflictTable = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], float]


class TagPosition(NamedTuple):
    """A section tag in a text: its offset, kind, number, and whether text precedes it on its line (`amid`)."""

    at: int
    kind: SectionKind
    number: int | None
    amid: bool


class PassageConflict(NamedTuple):
    """Two passages (character offsets) that are unlikely to be in one song, and the cost of having both in one."""

    first: int
    second: int
    weight: float


def find_section_tags(text: str) -> Iterator[TagPosition]:
    """Yield the section tags of a text, in order."""
    last = 0  # bracket, which is text before this one when both are on one line
    for match in _TAG.finditer(text):
        tag = read_tag(match[1])
        if tag is not None and tag.kind is not None:
            before = text[last : match.start()].rpartition("\n")[2]
            yield TagPosition(match.start(), tag.kind, tag.number, bool(before.strip()))
        last = match.start()


def looks_like_several_songs(text: str) -> bool:
    """Return whether a text probably holds several songs: it is very long, or has inferred borders between songs."""
    words, has_ruler = len(text) / CHARACTERS_PER_WORD, RULER.search(text) is not None
    if words > CERTAIN_WORDS or (words < FEWEST_WORDS and not has_ruler):
        return words > CERTAIN_WORDS
    return sum(span.extent == "inferred" for span in find_songs(text)) >= (2 if has_ruler else FEWEST_SONGS)


def _numbering_conflicts(sections: Sequence[TagPosition]) -> list[PassageConflict]:
    couplets = [section for section in sections if section.kind == "couplet" and section.number]
    return [
        PassageConflict(a.at, b.at, 4.0 if b.number == 1 else 2.0)
        for a, b in pairwise(couplets)
        if (b.number or 0) <= (a.number or 0)
    ]


def _section_order_conflicts(sections: Sequence[TagPosition]) -> list[PassageConflict]:
    intros = [PassageConflict(a.at, b.at, 2.0) for a, b in pairwise(sections) if b.kind == "intro"]
    ended = ((a, b) for a, b in pairwise(sections) if a.kind == "outro" and b.kind not in ("intro", "outro"))
    return intros + [PassageConflict(a.at, b.at, 1.5) for a, b in ended]


def _refrain_conflicts(text: str, sections: Sequence[TagPosition]) -> list[PassageConflict]:
    stops = [*(section.at for section in sections), len(text)][1:]
    sung = [
        (section.at, _first_lines(text[section.at : stop]))
        for section, stop in zip(sections, stops, strict=True)
        if section.kind == "refrain"
    ]
    sung = [(at, lines) for at, lines in sung if lines]
    return [PassageConflict(a, b, 1.5) for (a, ours), (b, theirs) in pairwise(sung) if not ours & theirs]


def _first_lines(section: str) -> set[str]:
    """Return the first words of each of the first lines after a tag, for comparing refrains."""
    lines = section.split("\n")[:7]
    lines[0] = lines[0].partition("]")[2]
    words = (" ".join(_WORD.findall(line.lower())[:6]) for line in lines)
    return {line for line in words if len(line) > 8}


def score_border_candidates(
    text: str, sections: Sequence[TagPosition], conflicts: Sequence[PassageConflict]
) -> list[tuple[int, float]]:
    """Return (character offset, weight of the evidence for a border between songs there), in order."""
    weights = dict(_glued_word_candidates(text))
    for match in chain(RULER.finditer(text), _GAP.finditer(text)):
        weights[match.end()] = _TITLED if _LINE_ALONE.match(text, match.end()) else _RULED
    for at, weight in find_title_lines(text):
        weights[at] = max(weight, weights.get(at, weight))
    disputed = _ConflictStretches(conflicts)
    for section in sections:
        begins = section.kind == "intro" or (section.kind == "couplet" and section.number == 1)
        if section.amid or begins or disputed.contains(section.at):
            at = section.at if section.amid else line_start_offset(text, section.at)
            weight = (2.0 if section.amid else 0.0) + (1.0 if begins else -1.0) + (section.kind == "intro")
            weights[at] = max(weight, weights.get(at, weight))
    outros = np.array([section.at for section in sections if section.kind == "outro"], np.intp)
    for match in BLANK_LINES_PATTERN.finditer(text):
        at = match.end()
        if at not in weights and disputed.contains(at):
            last = np.searchsorted(outros, at) - 1
            ended = last >= 0 and not BLANK_LINES_PATTERN.search(text, int(outros[last]), match.start())
            weights[at] = 1.0 if ended else -1.0
    return sorted((at, weight) for at, weight in weights.items() if 0 < at < len(text))


class _ConflictStretches:
    """The stretches of a text between two conflicting passages. Each needs a border between songs."""

    def __init__(self, conflicts: Sequence[PassageConflict]) -> None:
        spans = sorted((conflict.first, conflict.second) for conflict in conflicts)
        self.firsts = np.array([first for first, _ in spans], np.intp)
        self.latest = np.maximum.accumulate(np.array([second for _, second in spans], np.intp))

    def contains(self, at: int) -> bool:
        """Return whether a border at this offset would separate two conflicting passages."""
        before = np.searchsorted(self.firsts, at) - 1
        return bool(before >= 0 and at <= self.latest[before])


def line_start_offset(text: str, at: int) -> int:
    """Return the offset at which the line around an offset begins."""
    return text.rfind("\n", 0, at) + 1


def _glued_word_candidates(text: str) -> Iterator[tuple[int, float]]:
    """Yield (offset, weight) where a line's last word seems joined to the next line's first word: "finDébut"."""
    near = [match.end() for match in _CLOSE.finditer(text)]
    positions = [at for at in near if _GLUED.match(text, at)]
    counts = Counter(_WORD.findall(text.lower())) if positions else Counter[str]()
    for at in positions:
        start, stop = _line_window(text, at)
        left, right = _last_word(text[start:at]), _first_word(text[at:stop])
        common = (counts[left] > 1) + (counts[right] > 1)
        again = counts[left + right] > 1
        whole = (text[start:at].count(" ") >= 1) + (text[at:stop].count(" ") >= 1)
        yield at, 1.0 + common + 0.75 * whole - 4 * again
    for at in near:
        if _GLUED_MARK.match(text, at):
            start, stop = _line_window(text, at)
            after_tag = text[at - 1] == "]"
            if (after_tag or text[start:at].count(" ") >= 2) and text[at:stop].count(" ") >= 1:
                yield at, 1.0 if after_tag else 1.5


def _line_window(text: str, at: int) -> tuple[int, int]:
    start = max(text.rfind("\n", max(at - _LONGEST_LINE, 0), at) + 1, at - _LONGEST_LINE, 0)
    stop = text.find("\n", at, at + _LONGEST_LINE)
    return start, min(at + _LONGEST_LINE, len(text)) if stop < 0 else stop


def _last_word(text: str) -> str:
    words = _WORD.findall(text[-40:])
    return words[-1].lower() if words else ""


def _first_word(text: str) -> str:
    match = _WORD.match(text)
    return match[0].lower() if match else ""


def find_title_lines(text: str) -> Iterator[tuple[int, float]]:
    """Yield (offset, weight) of the lone lines of a text that are probably titles of songs."""
    lone_lines = list(_find_lone_lines(text))
    if len(lone_lines) < _FEWEST:  # as in most files: their words need no look
        return
    recurring = _recurs_after(text, lone_lines)
    titled = sum(recurring) >= max(_FEWEST, _SHARE * len(lone_lines))
    for (start, _), recurs in zip(lone_lines, recurring, strict=True):
        if recurs or titled:
            yield start, _RECURS if recurs else _ALONE


def _find_lone_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of single lines between blank lines that a stanza follows."""
    blanks = [(match.start(), match.end()) for match in BLANK_LINES_PATTERN.finditer(text)]
    stanzas = list(pairwise([0, *(at for blank in blanks for at in blank), len(text)]))[::2]
    for (start, stop), below in pairwise(stanzas):
        line, stanza = text[start:stop].strip(), text[slice(*below)].strip()
        begins = line[:1].isupper() or line[:1].isdigit()
        if begins and 2 <= len(line) <= _LONGEST_TITLE and "\n" not in line and "\n" in stanza:
            yield start, stop


def _recurs_after(text: str, lines: list[tuple[int, int]]) -> list[bool]:
    """Return whether each line recurs at least twice in the text after it, and more often than before it."""
    words = [(match.start(), match[0].lower()) for match in _WORD.finditer(text)]
    starts = np.array([start for start, _ in words], np.intp)
    spoken = f" {' '.join(word for _, word in words)} "
    positions = np.cumsum([1, *(len(word) + 1 for _, word in words)])
    recurring = []
    for line in lines:
        first, after = (int(positions[at]) for at in np.searchsorted(starts, line))
        phrase = spoken[first - 1 : after]
        before = spoken.count(phrase, max(0, first - _TITLE_REACH), first)
        recurring.append(len(phrase) > 4 and spoken.count(phrase, after - 1, after + _TITLE_REACH) > max(before, 1))
    return recurring


class SongSpan(NamedTuple):
    """A song as a span of a text, from the character `start` to `stop`."""

    start: int
    stop: int
    extent: BoundaryOrigin


@lru_cache(2)
def find_songs(text: str) -> Sequence[SongSpan]:
    """Divide a whole text into songs and return their spans; cached for the next call with the same text."""
    sections = list(find_section_tags(text))
    conflicts = _numbering_conflicts(sections) + _section_order_conflicts(sections) + _refrain_conflicts(text, sections)
    borders = _choose_borders(score_border_candidates(text, sections, conflicts), conflicts, len(text))
    spans = [SongSpan(start, stop, "inferred") for start, stop in pairwise([0, *borders, len(text)])]
    if len(spans) == 1 and len(text) <= LONGEST_SONG * CHARACTERS_PER_WORD:
        return [SongSpan(0, len(text), "given")]
    return [part for span in spans for part in _pseudo_songs(text, span, sections)]


def _thin_candidates(candidates: Sequence[tuple[int, float]], length: int) -> Sequence[tuple[int, float]]:
    """Return the candidates. If they are too dense for a text of songs, return the best one per 800 characters."""
    if len(candidates) < _REACH / _MIN_CANDIDATE_SPACING or len(candidates) < length / _MIN_CANDIDATE_SPACING:
        return candidates
    best: dict[int, tuple[int, float]] = {}
    for at, weight in candidates:
        place = at // (10 * _MIN_CANDIDATE_SPACING)
        if place not in best or weight > best[place][1]:
            best[place] = at, weight
    return list(best.values())


def _choose_borders(
    candidates: Sequence[tuple[int, float]], conflicts: Sequence[PassageConflict], end: int
) -> list[int]:
    """Return the offsets of the borders with the highest total score: weights less conflicts and unlikely lengths."""
    candidates = _thin_candidates(candidates, end)
    positions = np.array([0, *(at for at, _ in candidates), end])
    weights = np.array([0.0, *(weight - _BORDER_COST for _, weight in candidates), 0.0])
    tables = _conflict_offsets_by_weight(conflicts)
    best, before = np.zeros(len(positions)), np.zeros(len(positions), np.intp)
    for at in range(1, len(positions)):
        first = min(int(positions.searchsorted(positions[at] - _REACH)), at - 1)
        starts = positions[first:at]
        totals = best[first:at] + _score_song_lengths(starts, int(positions[at]), tables)
        chosen = int(totals.argmax())
        best[at], before[at] = totals[chosen] + weights[at], first + chosen
    borders, at = list[int](), len(positions) - 1
    while at > 0:
        at = int(before[at])
        if at > 0:
            borders.append(int(positions[at]))
    return borders[::-1]


def _conflict_offsets_by_weight(conflicts: Sequence[PassageConflict]) -> list[ConflictTable]:
    tables = list[ConflictTable]()
    for weight in sorted({conflict.weight for conflict in conflicts}):
        own = sorted(conflict[:2] for conflict in conflicts if conflict.weight == weight)
        firsts, seconds = np.array(own, np.intp).T
        tables.append((firsts, np.sort(seconds), weight))
    return tables


def _score_song_lengths(
    starts: npt.NDArray[np.intp], stop: int, tables: Sequence[ConflictTable]
) -> npt.NDArray[np.float64]:
    """Return float[starts]: the log-likelihood, by length and conflicts, of a song from each start to `stop`."""
    away = (np.log(np.maximum((stop - starts) / CHARACTERS_PER_WORD, 1)) - _USUAL) / _SPREAD
    scores = -0.5 * np.maximum(away, _MIN_LENGTH_ZSCORE) ** 2
    for firsts, seconds, weight in tables:
        ended = seconds.searchsorted(stop)  # conflicts whose second place is before the stop
        scores -= weight * np.maximum(ended - firsts.searchsorted(starts), 0)
    return scores


def _pseudo_songs(text: str, span: SongSpan, sections: Sequence[TagPosition]) -> Iterator[SongSpan]:
    """Yield the span of a song. A span too long for a song is cut between stanzas into spans of usual length."""
    if span.stop - span.start <= LONGEST_SONG * CHARACTERS_PER_WORD:
        yield span
        return
    tags = (line_start_offset(text, section.at) for section in sections)
    blanks = (match.end() for match in BLANK_LINES_PATTERN.finditer(text, span.start, span.stop))
    marks = sorted({at for at in (*tags, *blanks) if span.start < at < span.stop})
    bounds = pairwise([span.start, *marks, span.stop])
    starts = sorted({*marks, *(at for first, stop in bounds for at in _cuts_of_long_stanza(text, first, stop))})
    cuts = _choose_borders([(at - span.start, _BORDER_COST) for at in starts], (), span.stop - span.start)
    for start, stop in pairwise([0, *cuts, span.stop - span.start]):
        yield SongSpan(span.start + start, span.start + stop, "pseudo")


def _cuts_of_long_stanza(text: str, start: int, stop: int) -> Iterator[int]:
    """Yield the offsets at which a long stanza may be cut: a line start about every `PSEUDO_WORDS` (500) words."""
    length = int(PSEUDO_WORDS * CHARACTERS_PER_WORD)
    for at in range(start + length, stop - length, length):
        yield text.find("\n", at, at + _LONGEST_LINE) + 1 or at


def link_songs_sharing_lines(songs: Sequence[str]) -> list[int]:
    """Return for each song the index of the first song in its group. Songs that share a line are in one group."""
    seen: dict[str, int] = {}
    links = (
        (at, first)
        for at, song in enumerate(songs)
        for line in {line.strip().lower() for line in song.split("\n")}
        if line.count(" ") >= 3 and not line.startswith("[") and (first := seen.setdefault(line, at)) != at
    )
    return connected_groups(len(songs), links)
