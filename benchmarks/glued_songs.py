"""How well the songs of a file are found where nothing parts them, judged on songs glued together.

    python benchmarks/glued_songs.py            the half of the embedded corpus that nothing was tuned on; two worlds
    python benchmarks/glued_songs.py FOLDER     tagged songs of your own, one a file, an artist a folder

A border is found when it is at the first character of a song, blank space aside. Intervals are 95 % bootstraps over
files.
"""

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

import numpy as np
from hidden_tags import half_of
from structure import TEST, f1, interval

from pipeline.core.paths import DEMO_SOURCE, ROOT
from pipeline.corpus.readers.glued import cut_pieces
from pipeline.corpus.readers.text import without_front_matter

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
    for piece in cut_pieces(text):
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
