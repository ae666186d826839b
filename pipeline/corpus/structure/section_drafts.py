"""What stands under each tag of a song -> Sections: tags stay the truth, what they do not reach is inferred.

- Lines before any tag, in a song without or with tags, get their stanzas and kinds inferred.
- A section under a tag is one, unless it is overfull: a refrain that swallowed the untagged couplet after it, an intro
  that holds a whole song. Then its first stanza keeps the tag, and the others are inferred.
- An empty [Refrain] or [Pré-refrain] repeats the earlier one of its kind, if it is sure where that one ends; any other
  empty section leaves.
- A repeat mark on a line of its own repeats the stanza before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.core.translation import mark
from pipeline.corpus.account import EMPTY_SIZE, Tally, text_size
from pipeline.corpus.song import Line, Section, SectionKind
from pipeline.corpus.structure.stanzas import Recurrence, find_recurrence, guess_kinds, stanza_starts
from pipeline.corpus.tags import Tag

MOST_LINES = 1000  # that are compared with each other; a longer text is no song, and what no tag names is a couplet
FEWEST_LINES = 8  # of a song whose structure can be inferred; shorter ones are a couplet, for want of anything to tell
_SHORT_SONG_CERTAINTY = 0.5  # certainty of such a couplet
_MAX_QUATRAIN_LINES = 5  # lines up to which stanzas that follow each other are parts of one couplet
_MAX_MERGED_COUPLET_LINES = 16  # lines that such parts fill up to

# Lines from which a section that holds several stanzas is overfull, and from which one stanza is no sure refrain.
_FULL: dict[SectionKind, int] = {
    "refrain": 16, "pré-refrain": 12, "intro": 16, "interlude": 16, "pont": 20, "outro": 24,
}  # fmt: skip
_MAX_COUPLET_LINES = 48  # and some of its stanzas come back
_MAX_REPEATED_REFRAIN_LINES = 24  # lines of a refrain that an empty tag still repeats
_MIN_SWALLOWED_LINES = 8  # lines of the shortest stanza that a refrain is seen to have swallowed
_REPEATABLE: tuple[SectionKind, ...] = ("refrain", "pré-refrain")
_REPEATED_REFRAIN_NOTE = "tag-repeats", mark("An empty chorus: the earlier one is repeated")
_MAX_REPEATED_STANZA_LINES = 8  # lines up to which an inferred stanza with a repeat mark is a refrain


class SectionSpan(NamedTuple):
    """The lines `first` to `stop` of a song as a section. Its kind is given by a tag or inferred with a certainty."""

    first: int
    stop: int
    kind: SectionKind
    certainty: float
    tagged: bool


def infer_structure(
    lines: Sequence[str], breaks: Collection[int], tagged: Sequence[tuple[int, SectionKind | None]] = ()
) -> list[SectionSpan]:
    """Divide all lines of a song into sections and return these in order. Kinds given by tags (`tagged`) stay.

    `breaks` holds the lines that follow a blank one; `tagged` (first line, kind) of parts that tags open, None for a
    kind to be inferred."""
    n = len(lines)
    if n == 0:
        return []
    openings = sorted(tagged) if tagged else [(0, None)]
    if not FEWEST_LINES <= n <= MOST_LINES:
        return _spans_from_tags(n, openings)
    recurrence = find_recurrence(lines)
    starts = _stanza_starts(recurrence, breaks, openings)
    kinds = list(map(dict(openings).get, starts))
    guesses = guess_kinds(recurrence, np.array(starts), kinds)
    stretches = [
        SectionSpan(first, stop, guess.kind, guess.certainty, kind is not None)
        for first, stop, guess, kind in zip(starts, [*starts[1:], n], guesses, kinds, strict=True)
    ]
    opened = {first for first, _ in openings}
    return _merge_quatrains(stretches, opened)


def _spans_from_tags(n: int, openings: Sequence[tuple[int, SectionKind | None]]) -> list[SectionSpan]:
    """Return the sections that begin with a tag. A tag without a kind gives a couplet of low certainty."""
    stops = [first for first, _ in openings[1:]] + [n]
    return [
        SectionSpan(first, stop, kind or "couplet", 1.0 if kind else _SHORT_SONG_CERTAINTY, kind is not None)
        for (first, kind), stop in zip(openings, stops, strict=True)
    ]


def _stanza_starts(
    recurrence: Recurrence, breaks: Collection[int], openings: Sequence[tuple[int, SectionKind | None]]
) -> list[int]:
    """Return the first line of each stanza. Parts without a tag are divided by the function `stanza_starts`."""
    firsts = [first for first, _ in openings]
    starts = stanza_starts(recurrence, {*breaks, *firsts}).tolist()
    opened = [openings[bisect_right(firsts, at) - 1] for at in starts]  # what each stands under
    return [at for at, (first, kind) in zip(starts, opened, strict=True) if kind is None or at == first]


def _merge_quatrains(stretches: Sequence[SectionSpan], opened: Collection[int]) -> list[SectionSpan]:
    """Return the sections. Inferred couplets of up to 5 lines in a row are merged into couplets of up to 16 lines."""
    merged = list[SectionSpan]()
    begun = 0  # lines of the last quatrain
    for stretch in stretches:
        before = merged[-1] if merged else None
        fits = (
            before is not None
            and begun <= _MAX_QUATRAIN_LINES
            and stretch.stop - before.first <= _MAX_MERGED_COUPLET_LINES
        )
        begun = stretch.stop - stretch.first
        if before and fits and _are_parts_of_one_couplet(before, stretch) and stretch.first not in opened:
            certainty = min(before.certainty, stretch.certainty)
            merged[-1] = before._replace(stop=stretch.stop, certainty=certainty)
        else:
            merged.append(stretch)
    return merged


def _are_parts_of_one_couplet(before: SectionSpan, stretch: SectionSpan) -> bool:
    inferred = not (before.tagged or stretch.tagged)
    couplets = before.kind == stretch.kind == "couplet"
    return inferred and couplets and stretch.stop - stretch.first <= _MAX_QUATRAIN_LINES


@dataclass
class SectionDraft:
    """The lines under a tag, not yet divided into sections. `breaks` are the lines after blank lines.

    `again` maps a line to how often the stanza before it is performed, `repeat` is how often the whole section is."""

    tag: Tag
    lines: list[Line] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    again: dict[int, int] = field(default_factory=dict)
    repeat: int = 1

    @property
    def kind(self) -> SectionKind | None:
        """The kind of section given by the tag: a couplet if it names only performers, None without a tag."""
        return self.tag.kind or ("couplet" if self.tag.performers else None)

    def tagged_starts(self) -> list[tuple[int, SectionKind | None]]:
        """Return (first line, kind) of each part of the draft. A kind of None must be inferred."""
        if self.kind is None or not self.is_too_long():
            return [(0, self.kind)]
        return [(0, self.kind), (self.breaks[0], None)]

    def is_too_long(self) -> bool:
        """Return whether a section is too long for its tag, so that its later stanzas probably lack tags."""
        if not self.breaks or self.kind is None or self.breaks[0] >= len(self.lines):
            return False
        if self.kind == "couplet":
            return len(self.lines) > _MAX_COUPLET_LINES and len(self.breaks) > 1 and self._has_repeated_stanza()
        first = self.breaks[0]
        longest = max(b - a for a, b in zip(self.breaks, [*self.breaks[1:], len(self.lines)], strict=True))
        swallows = self.kind in _REPEATABLE and longest >= _MIN_SWALLOWED_LINES and longest > 1.25 * first
        return (swallows or len(self.lines) > _FULL[self.kind]) and not (swallows and self._has_repeated_stanza())

    def _has_repeated_stanza(self) -> bool:
        bounds = [0, *self.breaks, len(self.lines)]
        texts = [tuple(line.text for line in self.lines[a:b]) for a, b in pairwise(bounds)]
        return len(set(texts)) < len(texts)


def sections_from_drafts(drafts: Sequence[SectionDraft], tally: Tally) -> Iterator[Section]:
    """Yield the sections of a song in order."""
    stretches = _spans_of_drafts(drafts, tally)
    earlier: dict[SectionKind, tuple[Line, ...]] = {}
    for draft, own in zip(drafts, stretches, strict=True):
        kind = draft.tag.kind
        if own:
            for section in _draft_sections(draft, own):
                if section.kind in _REPEATABLE:
                    earlier[section.kind] = section.lines
                yield section
        elif kind in earlier and len(earlier[kind]) <= _MAX_REPEATED_REFRAIN_LINES:
            lines = earlier[kind]
            tally.count_edit(*_REPEATED_REFRAIN_NOTE, lines=len(lines))
            tally.add_dropped(*_REPEATED_REFRAIN_NOTE, EMPTY_SIZE - text_size("\n".join(line.text for line in lines)))
            yield Section(kind, lines, draft.tag.number, draft.tag.performers, draft.repeat)
        elif kind in earlier:
            what = mark("An empty chorus; the earlier one is too long for its end to be known: not repeated")
            tally.count_edit("tag-unsure", what, before=earlier[kind][0].text)
        elif draft.tag != Tag(None):
            tally.count_edit("tag-empty", mark("An empty section with no earlier one: left out"))


def _spans_of_drafts(drafts: Sequence[SectionDraft], tally: Tally) -> list[list[SectionSpan]]:
    """Return the sections of each draft; lines are numbered from the draft's first."""
    if all(draft.kind and not draft.is_too_long() for draft in drafts if draft.lines):
        return [_whole_draft_span(draft) for draft in drafts]
    lines, breaks, openings, firsts = list[str](), set[int](), list[tuple[int, SectionKind | None]](), list[int]()
    for draft in drafts:
        at = len(lines)
        firsts.append(at)
        breaks |= {at + line for line in (*draft.breaks, *draft.again)}
        if draft.lines:
            openings += [(at + line, kind) for line, kind in draft.tagged_starts()]
        lines += [line.text for line in draft.lines]
        if draft.kind and draft.lines and draft.is_too_long():
            what = mark("A section that includes untagged ones: what follows its first stanza is inferred")
            tally.count_edit(
                "tag-swallowed", what, lines=len(draft.lines) - draft.breaks[0], before=draft.lines[0].text
            )
    stretches = infer_structure(lines, breaks, openings)
    _count_inferred_lines(stretches, lines, tally)
    bounds = [bisect_left(stretches, first, key=lambda stretch: stretch.first) for first in (*firsts, len(lines))]
    return [
        [s._replace(first=s.first - first, stop=s.stop - first) for s in stretches[start:end]]
        for first, (start, end) in zip(firsts, pairwise(bounds), strict=True)
    ]


def _whole_draft_span(draft: SectionDraft) -> list[SectionSpan]:
    return [SectionSpan(0, len(draft.lines), draft.kind or "couplet", 1.0, True)] if draft.lines else []


def _count_inferred_lines(stretches: Sequence[SectionSpan], lines: Sequence[str], tally: Tally) -> None:
    inferred = [stretch for stretch in stretches if not stretch.tagged]
    if inferred:
        what = mark("Lines in untagged sections: stanzas and their types are inferred, and marked as inferred")
        count = sum(stretch.stop - stretch.first for stretch in inferred)
        tally.count_edit(
            "structure-inferred", what, lines=count, before=lines[inferred[0].first], after=inferred[0].kind
        )


def _draft_sections(draft: SectionDraft, stretches: Sequence[SectionSpan]) -> Iterator[Section]:
    lines = _apply_stanza_repeats(draft, stretches)
    for stretch in stretches:
        section_lines = tuple(lines[stretch.first : stretch.stop])
        repeat = _repeat_count(draft, stretch)
        if stretch.tagged:
            tag = draft.tag
            yield Section(stretch.kind, section_lines, tag.number, tag.performers, max(repeat, draft.repeat))
        else:
            kind, certainty = stretch.kind, stretch.certainty
            if repeat > 1 and kind == "couplet" and len(section_lines) <= _MAX_REPEATED_STANZA_LINES:
                kind, certainty = "refrain", max(certainty, 1 - certainty)
            yield Section(kind, section_lines, repeat=repeat, inferred=True, certainty=round(certainty, 3))


def _repeat_count(draft: SectionDraft, stretch: SectionSpan) -> int:
    """Return how often a section of one stanza is performed, by the repeat mark at its end."""
    inside = bisect_left(draft.breaks, stretch.stop) > bisect_right(draft.breaks, stretch.first)
    return 1 if inside else draft.again.get(stretch.stop, 1)


def _apply_stanza_repeats(draft: SectionDraft, stretches: Sequence[SectionSpan]) -> list[Line]:
    """Return the lines of a draft. The lines of a repeated stanza in a section get its number of repeats."""
    lines = list(draft.lines)
    whole = {stretch.stop for stretch in stretches if _repeat_count(draft, stretch) > 1}
    starts = sorted({0, *draft.breaks, *draft.again})
    for end, times in draft.again.items():
        if end not in whole:
            start = starts[bisect_left(starts, end) - 1]
            lines[start:end] = [replace(line, repeat=line.repeat * times) for line in lines[start:end]]
    return lines
