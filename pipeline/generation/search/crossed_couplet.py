"""The choice of a couplet of crossed lines: the one that is most likely to be understood of those that meet everything.

What the choice goes by was read off 83 of them, marked line by line (docs/decisions/writers.md): how well the network
expects a line, and how much less it expects the end of it than in the line that the end is from.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.generation.context import Rows
from pipeline.generation.line_bonus import takes_up
from pipeline.generation.search.constraint_index import ConstraintIndex
from pipeline.generation.search.crossover import Couplet
from pipeline.generation.search.line_search import BEGINNING, FREE_LENGTH, Candidate
from pipeline.generation.search.selection import Choice, LineSelection, SongState
from pipeline.language.vocabulary import UNK

EXPECTED, LOST = 0.6, 0.1  # marks that a nat is worth: of a token on average, of an end in all
SHARPNESS = 6.0  # in the exponent of a draw, for each mark of a line

_Line = tuple[str, Any]  # its text and its tokens


def select_crossed(first: LineSelection, following: Callable[[SongState], LineSelection]) -> list[Choice]:
    """Return two lines, none where nothing that is crossed meets everything, or the two are not to rhyme together.

    `following` makes the choice of the second line, as for `selection.select_pair`.
    """
    song, index = first.song, first.song.index
    second = following(replace(song, lines=[*song.lines, ""]))
    if not index.crossovers or song.context.before or first.answer or not first.rhymes_with(second):
        return []
    ranges = [each.slot.constraints.syllable_range or FREE_LENGTH for each in (first, second)]
    theme = dict(song.settings.theme.words) if song.settings.theme else {}
    drawn, read, answered = index.policy.crossed
    richness = first.slot.constraints.richness
    couplets = index.crossovers.couplets(song.rng, richness, ranges, drawn, theme)
    fresh = [not (any(first.stale(each[:1])) or any(second.stale(each[1:2]))) for each in couplets]
    couplets = [
        couplet
        for couplet, new in zip(couplets, fresh, strict=True)
        if new and takes_up(couplet.first, couplet.second) and not first.repeats_ending(couplet.first)
    ]
    lines = [_encoded(couplet, index) for couplet in couplets]
    usable = [at for at, line in enumerate(lines) if UNK not in np.concatenate([tokens for _, tokens in line])]
    begun = Rows.of(song.context.draft())
    for count, number in ((read, 0), (answered, 1), (answered, 2)):
        if not usable:
            return []
        if number:
            sequences = [np.concatenate([t for _, t in lines[at][:number]]).tolist() for at in usable]
            traced = begun.select([0] * len(usable)).trace(sequences)
            expected = [float(log_p[BEGINNING:].mean()) for log_p in traced]
        else:
            scores = index.model.sketch().score([np.concatenate([t for _, t in lines[at]]) for at in usable])
            expected = [float(log_p.mean()) for log_p in scores]
        if number < 2:
            best = np.argsort(-np.array(expected), kind="stable")[:count]
            usable = [usable[at] for at in best]
    return _best(first, following, [(couplets[at], lines[at], log_p) for at, log_p in zip(usable, traced, strict=True)])


def _encoded(couplet: Couplet, index: ConstraintIndex) -> list[_Line]:
    return [(line, index.units.encode(line + "\n", index.vocabulary)) for line in (couplet.first, couplet.second)]


def _best(
    first: LineSelection,
    following: Callable[[SongState], LineSelection],
    read: Sequence[tuple[Couplet, list[_Line], Any]],
) -> list[Choice]:
    """Return the lines of a couplet that is drawn from those that were read, each with ln p of its tokens."""
    song, options, keys = first.song, list[list[tuple[LineSelection, Candidate]]](), list[float]()
    for couplet, lines, log_p in read:
        parts = np.split(log_p, [len(lines[0][1])])
        selections = [first, following(replace(song, lines=[*song.lines, couplet.first]))]
        candidates = [
            Candidate(text, tuple(tokens.tolist()), log_p=tuple(part.tolist()))
            for (text, tokens), part in zip(lines, parts, strict=True)
        ]
        options.append(list(zip(selections, candidates, strict=True)))
        key = sum(map(_understood, candidates, song.index.expected_as_written(couplet.ends)))
        cost = sum(selection.reuse([line])[0] for selection, line in options[-1])
        keys.append(SHARPNESS * key - float(cost) + float(song.rng.gumbel()))
    for at in np.argsort(-np.array(keys), kind="stable"):
        choices = [selection.check(line) for selection, line in options[at]]
        repeats = any(selection.repeats_ending(line.text) for selection, line in options[at])
        if not repeats and not any(choice.violations for choice in choices):
            return choices
    return []


def _understood(line: Candidate, as_written: tuple[Any, Any]) -> float:
    """Return how much of a mark a line is expected to get, given the tokens of the line that its end is from, and ln p
    of each: what of the end they share the model expects less now is lost at the joint.
    """
    own, (tokens, log_p) = np.array(line.log_p), as_written
    most = min(len(own), len(tokens))
    alike = np.array(line.tokens)[-most:][::-1] == tokens[-most:][::-1]
    size = most if alike.all() else int(alike.argmin())
    lost = float((own[-size:] - log_p[-size:]).sum()) if size else 0.0
    return EXPECTED * float(own[BEGINNING:].mean()) + LOST * lost
