"""Tagged songs whose tags are hidden: what inferring structure is learnt and judged on.

The embedded corpus is far more regular than what people write down, so each song is also made dirty: refrains that vary
by a word, halves of refrains, refrains that are written once, ad-libs, pré-refrains, hooks said over and over, couplets
and refrains with a blank line within, blank lines that are missing. The rates are estimates of real ones, not counts.
"""

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline.core.paths import DEMO_SOURCE, ROOT
from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import clean
from pipeline.corpus.markup import parse, read_drafts
from pipeline.corpus.readers.text import decode, without_front_matter
from pipeline.corpus.structure.section_drafts import SectionDraft

_SHOUTS = ("Ouais, ouais", "Eh, eh", "Yeah", "Hum", "Han, han", "Ok, c'est parti", "Nouvelle école")

Part = tuple[str, list[str]]  # kind, lines


class Hidden(NamedTuple):
    """Lines without tags, the lines after a blank one; and the truth: the kind of each line, where sections begin."""

    name: str
    lines: list[str]
    breaks: set[int]
    kinds: list[str]
    starts: set[int]


def tagged_songs(half: int | None, folder: Path = DEMO_SOURCE) -> Iterator[tuple[str, list[Part]]]:
    """(name, sections) of the songs of one half, by a hash of the name; of all when `half` is None."""
    for path in sorted(folder.glob("*/*.txt")):
        name = path.relative_to(folder).as_posix()
        if half is None or half_of(name) == half:
            text = without_front_matter(path.read_text("utf-8"))
            yield name, [(s.kind, [line.text for line in s.lines]) for s in parse(clean(text))]


def own_songs(folder: Path) -> Iterator[Hidden]:
    """The songs of text files whose every line stands under a tag, with their own blank lines.

    Songs with lines before the first tag, or with a section that swallowed untagged ones, are no truth: left out.
    """
    for path in sorted(folder.rglob("*.txt")):
        text = without_front_matter(decode(path.read_bytes(), path.name).text)
        drafts = read_drafts(clean(text), Tally())
        if not drafts[0].lines and any(draft.lines for draft in drafts) and not any(d.is_overfull() for d in drafts):
            yield _hidden(path.relative_to(folder).as_posix(), [draft for draft in drafts if draft.lines])


def world_songs(seed: int, megabytes: float = 1) -> Iterator[Hidden]:
    """The tagged songs of a world of the tests."""
    sys.path.insert(0, str(ROOT))
    from tests.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        yield from own_songs(make_world("K", Path(folder), megabytes=megabytes, seed=seed).source)


def _hidden(name: str, drafts: Sequence[SectionDraft]) -> Hidden:
    lines, breaks, kinds, starts = list[str](), set[int](), list[str](), set[int]()
    for draft in drafts:
        at = len(lines)
        starts.add(at)
        breaks |= {at + line for line in draft.breaks}
        lines += [line.text for line in draft.lines]
        kinds += [draft.kind or "couplet"] * len(draft.lines)
    return Hidden(name, lines, breaks - {0, len(lines)}, kinds, starts - {0})


def half_of(name: str) -> int:
    """0 or 1, by a hash of the name of a song."""
    return blake2b(name.encode()).digest()[0] % 2


def hide(name: str, parts: Sequence[Part], rng: random.Random | None = None, blank: bool = True) -> Hidden:
    """The song without its tags: clean, or made dirty by `rng`; with its blank lines, or as one block."""
    parts = list(parts) if rng is None else _dirty(parts, rng)
    lines, breaks, kinds, starts = list[str](), set[int](), list[str](), set[int]()
    for kind, own in parts:
        starts.add(len(lines))
        if blank and (rng is None or rng.random() > 0.02):
            breaks.add(len(lines))
        if rng and blank and len(own) >= 8 and rng.random() < 0.06:
            every = rng.choice((4, 4, len(own) // 2))
            breaks |= {len(lines) + at for at in range(every, len(own) - 2, every)}
        lines += own
        kinds += [kind] * len(own)
    return Hidden(name, lines, breaks - {0}, kinds, starts - {0})


def in_quatrains(song: Hidden) -> Hidden:
    """The song with a blank line after each fourth line of its couplets."""
    bounds = pairwise([0, *sorted(song.starts), len(song.lines)])
    couplets = [(first, stop) for first, stop in bounds if song.kinds[first] == "couplet"]
    return song._replace(breaks=song.breaks | {at for first, stop in couplets for at in range(first + 4, stop - 2, 4)})


def _dirty(parts: Sequence[Part], rng: random.Random) -> list[Part]:
    others = [line for kind, lines in parts if kind == "couplet" for line in lines]
    refrain = next((lines for kind, lines in parts if kind == "refrain"), [])
    sung = _sung(refrain, others, rng)
    before = rng.sample(others, 4) if rng.random() < 0.12 and len(others) > 8 else []
    once, never, halved = rng.random() < 0.15, rng.random() < 0.1, rng.random() < 0.25
    made, seen = list[Part](), 0
    for kind, lines in parts:
        if kind == "refrain" and never:
            continue
        if kind == "refrain":
            seen += 1
            if before:
                made.append(("pré-refrain", _varied(before, rng, 0.1)))
            if seen == 1 or not once:
                made.append((kind, _performed(sung, rng) if seen > 1 else sung))
        elif kind == "couplet":
            own = _couplet(lines, others, rng)
            made.append((kind, _halves(own) if halved else own))
        else:
            made.append((kind, lines))
    return _around(made, [] if never else sung, rng)


def _halves(lines: list[str]) -> list[str]:
    """Lines written as two each, half of them."""
    halves = list[str]()
    for line in lines[: len(lines) // 2 + 1]:
        words = line.split()
        halves += [" ".join(part) for part in (words[: len(words) // 2], words[len(words) // 2 :]) if part]
    return halves


def _sung(refrain: list[str], others: list[str], rng: random.Random) -> list[str]:
    """The refrain of a song: as it is, said twice, a hook of one or two lines, or longer."""
    draw = rng.random()
    if not refrain or draw < 0.45:
        return refrain
    if draw < 0.6:
        return refrain + _varied(refrain, rng, 0.3)
    if draw < 0.75:
        hook = refrain[: rng.choice((1, 2))]
        return [line for _ in range(rng.choice((2, 4))) for line in hook]
    if draw < 0.85:
        hook = refrain[0]
        return [line for own in refrain[1:] for line in (hook, own)]
    return refrain + rng.sample(others, min(4, len(others)))


def _performed(sung: list[str], rng: random.Random) -> list[str]:
    draw = rng.random()
    if draw < 0.12 and len(sung) >= 4:
        return _varied(sung[: len(sung) // 2], rng, 0.1)
    if draw < 0.2:
        return sung + sung
    return _varied(sung, rng, 0.15 if draw < 0.6 else 0.0)


def _varied(lines: Sequence[str], rng: random.Random, rate: float) -> list[str]:
    """Some lines with a word changed, an ad-lib more, or a word less."""
    varied = list[str]()
    for line in lines:
        words = line.split()
        if rng.random() < rate and len(words) > 2:
            at = rng.randrange(len(words))
            words[at : at + 1] = rng.choice(([], ["ouais"], [words[at], "(eh)"], [words[-1]]))
        varied.append(" ".join(words))
    return varied


def _couplet(lines: list[str], others: list[str], rng: random.Random) -> list[str]:
    if rng.random() < 0.4 and len(others) > 16:
        lines = lines + rng.sample(others, rng.choice((4, 8)))
    if rng.random() < 0.08:  # an anaphora
        head = " ".join(lines[0].split()[:3])
        lines = [f"{head} {line}" if at % 2 == 0 else line for at, line in enumerate(lines)]
    return lines


def _around(parts: list[Part], sung: list[str], rng: random.Random) -> list[Part]:
    """A song that begins with its refrain, an outro that takes it up, an intro of shouts, a bridge."""
    draw = rng.random()
    if draw < 0.15 and sung:
        parts = [("refrain", sung), *(part for part in parts if part[0] != "intro")]
    elif draw < 0.35:
        shouts = rng.sample(
            ("Ouais, ouais", "Eh, eh", "Yeah", "Hum", "Han, han", "Ok, c'est parti", "Nouvelle école"), 3
        )
        parts = [("intro", shouts), *(part for part in parts if part[0] != "intro")]
    if rng.random() < 0.12 and sung:
        parts = [*(part for part in parts if part[0] != "outro"), ("outro", [sung[-1]] * 2 + ["Ouais, ouais"])]
    if rng.random() < 0.12:
        couplets = [lines for kind, lines in parts if kind == "couplet"]
        refrains = [at for at, (kind, _) in enumerate(parts) if kind == "refrain"]
        at = refrains[-1] if len(refrains) > 2 else max(len(parts) - 1, 1)
        lines = rng.choice((2, 4, 4, 6, 8, 8))
        parts.insert(at, ("pont", rng.sample(couplets[0], min(lines, len(couplets[0])))))
    return parts
