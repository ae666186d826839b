"""Songs whose structure is hidden, which inferring it is learnt and judged on; and songs that are glued together.

    python benchmarks/hidden_tags.py            the half of the embedded corpus that nothing was tuned on; two worlds
    python benchmarks/hidden_tags.py FOLDER     tagged songs of your own, one a file, an artist a folder

A border is found when it is at the first character of a song, blank space aside. Intervals are 95 % bootstraps over
files.

Of tagged songs the tags are hidden (`structure.py` judges what is inferred). The embedded corpus is far more regular
than what people write down, so each song is also made dirty: refrains that vary by a word, halves of refrains, refrains
that are written once, ad-libs, pré-refrains, hooks said over and over, couplets and refrains with a blank line within,
blank lines that are missing. The rates are estimates of real ones, not counts.
"""

import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from pipeline.core.paths import DEMO_SOURCE, ROOT
from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import clean_lyrics
from pipeline.corpus.markup import parse_sections, read_section_drafts
from pipeline.corpus.readers.glued import split_into_songs
from pipeline.corpus.readers.text import decode, without_front_matter
from pipeline.corpus.structure.section_drafts import SectionDraft

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


DEVELOPMENT, TEST = 0, 1  # halves

Counts = np.ndarray  # int[songs, 3]: right, inferred, true


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
            yield name, [(s.kind, [line.text for line in s.lines]) for s in parse_sections(clean_lyrics(text))]


def own_songs(folder: Path) -> Iterator[Hidden]:
    """The songs of text files whose every line stands under a tag, with their own blank lines.

    Songs with lines before the first tag, or with a section that swallowed untagged ones, are no truth: left out.
    """
    for path in sorted(folder.rglob("*.txt")):
        text = without_front_matter(decode(path.read_bytes(), path.name).text)
        drafts = read_section_drafts(clean_lyrics(text), Tally())
        if not drafts[0].lines and any(draft.lines for draft in drafts) and not any(d.is_too_long() for d in drafts):
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
        return [line for own in refrain[1:] for line in (refrain[0], own)]
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


def f1(counts: Counts) -> float:
    """2 right / (inferred + true), over all songs."""
    right, inferred, true = counts.sum(axis=0)
    return 2 * right / max(inferred + true, 1)


def interval(counts: Counts, measure: Callable[[Counts], float] = f1, rounds: int = 1000) -> tuple[float, float]:
    """Of 95 %, over songs drawn with replacement."""
    rng = np.random.default_rng(16)
    draws = [measure(counts[rng.integers(0, len(counts), len(counts))]) for _ in range(rounds)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)


_TAG_LINE = re.compile(r"^\[[^\]\n]*\]\n", re.M)
_FIRST_TAG = re.compile(r"\A\[[^\]\n]*\]\n")

_TITLE = re.compile(r"^title: (.+)$", re.M)

Glue = Callable[[str, str, Random], tuple[str, str]]  # song, title -> what stands before it, the song as it is glued


def without_newline(song: str, title: str, random: Random) -> tuple[str, str]:
    """…la fin[Couplet 1]."""
    return "", song


def as_one_word(song: str, title: str, random: Random) -> tuple[str, str]:
    """…la finLe début: four in five begin without their tag."""
    return "", _FIRST_TAG.sub("", song) if random.random() < 0.8 else song


def with_stray_rulers(song: str, title: str, random: Random) -> tuple[str, str]:
    """…la fin[Couplet 1], and a ruler between songs or amid one in ten."""
    draw = random.random()
    stanzas = song.split("\n\n")
    amid = "\n\n".join([*stanzas[:2], "****", *stanzas[2:]]) if draw > 0.95 else song
    return ("\n---\n" if draw < 0.05 else ""), amid


def with_rulers(song: str, title: str, random: Random) -> tuple[str, str]:
    """Rulers between songs but for one in ten, no tags."""
    return ("\n\n" if random.random() < 0.1 else "\n\n***\n\n"), _TAG_LINE.sub("", song)


def with_newline(song: str, title: str, random: Random) -> tuple[str, str]:
    """Only tags tell."""
    return "\n", song


def with_blank_line(song: str, title: str, random: Random) -> tuple[str, str]:
    """As between sections; and one tag in five is missing."""
    return "\n\n", "".join(line for line in song.splitlines(True) if line[0] != "[" or random.random() < 0.8)


def without_tags(song: str, title: str, random: Random) -> tuple[str, str]:
    """Nothing but the words: what is found is luck."""
    return "\n\n", _TAG_LINE.sub("", song)


def under_its_title(song: str, title: str, random: Random) -> tuple[str, str]:
    """Its title alone above it, no tags."""
    return "\n\n", f"{title}\n\n{_TAG_LINE.sub('', song)}"


def with_title_and_tags(song: str, title: str, random: Random) -> tuple[str, str]:
    """Its title alone above it; one tag in five is missing."""
    return "\n\n", f"{title}\n\n{with_blank_line(song, title, random)[1]}"


def with_lines_alone(song: str, title: str, random: Random) -> tuple[str, str]:
    """No titles, but the first or last line of a stanza in four stands alone; one tag in five is missing."""
    stanzas = with_blank_line(song, title, random)[1].split("\n\n")
    return "\n\n", "\n\n".join(_with_line_alone(stanza, random) for stanza in stanzas)


def _with_line_alone(stanza: str, random: Random) -> str:
    lines = stanza.split("\n")
    if len(lines) < 4 or random.random() > 0.25:
        return stanza
    at = len(lines) - 1 if random.random() < 0.5 or lines[0].startswith("[") else 1
    return "\n".join(lines[:at]) + "\n\n" + "\n".join(lines[at:])


GLUES: dict[str, Glue] = {
    "glued, tags kept": without_newline,
    "glued to one word": as_one_word,
    "glued, a stray ruler": with_stray_rulers,
    "rulers, no tags": with_rulers,
    "a newline, tags kept": with_newline,
    "a blank line, tags missing": with_blank_line,
    "a blank line, no tags": without_tags,
    "titles alone, no tags": under_its_title,
    "titles alone, tags missing": with_title_and_tags,
    "lines alone, tags missing": with_lines_alone,
}


def songs_by_artist(folder: Path, half: int | None) -> dict[str, list[tuple[str, str]]]:
    """(text, title) of the songs of each folder; the file's name where no front matter says the title."""
    songs = defaultdict(list)
    for path in sorted(folder.rglob("*.txt")):
        if half is None or half_of(path.relative_to(folder).as_posix()) == half:
            text = path.read_text("utf-8")
            title = _TITLE.search(text)
            songs[path.parent.name].append((without_front_matter(text).strip(), title[1] if title else path.stem))
    return songs


def glue(songs: Sequence[tuple[str, str]], way: Glue, random: Random) -> tuple[str, list[int]]:
    """(the text, where its songs begin)."""
    text, starts = "", list[int]()
    for song, title in songs:
        between, song = way(song, title, random)
        text += between if text else ""
        starts.append(len(text))
        text += song
    return text, starts[1:]


def judge(text: str, starts: Sequence[int]) -> tuple[int, int, int]:
    """(right, found, true) borders of one file."""
    true = {_at_word(text, at) for at in starts}
    found, at = set[int](), 0
    for piece in split_into_songs(text):
        if piece.lyrics:
            at = text.index(piece.lyrics, at)
            found |= {_at_word(text, at)} if at and piece.extent != "pseudo" else set()
            at += len(piece.lyrics)
    return len(true & found), len(found), len(true)


def _at_word(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def report(title: str, files: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Print F1, precision and recall of the borders."""
    counts = np.array([judge(text, starts) for text, starts in files])
    right, found, true = counts.sum(axis=0)
    low, high = interval(counts)
    print(
        f"  {title:28} F1 {f1(counts):.3f} [{low:.3f}, {high:.3f}]  precision {right / max(found, 1):.3f}  "
        f"recall {right / max(true, 1):.3f}  (n = {len(files)} files, {true} borders)"
    )


def judge_worlds(shapes: str = "FT", megabytes: float = 2, seed: int = 99) -> None:
    """Judge on worlds of the tests."""
    sys.path.insert(0, str(ROOT))
    from tests.worlds import make_world

    for shape in shapes:
        with tempfile.TemporaryDirectory() as folder:
            truth = make_world(shape, Path(folder), megabytes=megabytes, seed=seed)
            files = [
                ((truth.source / file).read_text("utf-8"), sorted(songs["start"])[1:])
                for file, songs in truth.songs.groupby("file")
            ]
        report(f"world {shape}", files)


def main(arguments: Sequence[str]) -> None:
    """Judge."""
    folder, half = (Path(arguments[0]), None) if arguments else (DEMO_SOURCE, TEST)
    songs: Mapping[str, list[tuple[str, str]]] = songs_by_artist(folder, half)
    for title, way in GLUES.items():
        report(title, [glue(own, way, Random(f"{title} {artist}")) for artist, own in songs.items() if len(own) > 1])
    if not arguments:
        judge_worlds()


if __name__ == "__main__":
    main(sys.argv[1:])
