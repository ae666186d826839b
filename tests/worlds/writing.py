"""Songs -> the physical lines of a file, with the truth of each line entered in the ledger."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from .songs import Row, WorldSong
from .truth import Ledger

_TAG = {"couplet": "Couplet", "refrain": "Refrain", "pont": "Pont", "intro": "Intro", "outro": "Outro",
        "pré-refrain": "Pré-refrain", "interlude": "Interlude"}  # fmt: skip


@dataclass
class Written:
    """A physical line; `section` and `lyric` say what of it is sung ("" for tags, blank lines and dirt)."""

    text: str
    section: int = -1
    lyric: str = ""


def written_lines(song: WorldSong, random: Random, *, tags: bool) -> list[Written]:
    """The lines of a song, its sections apart by a blank line, under tags or not."""
    curly = random.random() < 0.2  # typographic apostrophes, throughout a song
    lines: list[Written] = []
    for at, part in enumerate(song.parts):
        if lines:
            lines.append(Written(""))
        if tags and part.tag != "":
            lines.append(Written(part.tag or _tag(part.kind, part.number, part.performers)))
        if not (tags and part.named):
            lines += [Written(row.written, at, row.lyric) for row in part.rows]
    if curly:
        for line in lines:
            line.text = line.text.replace("'", "’")
    return lines


def enter(ledger: Ledger, song: WorldSong, file: str, *, duplicate_of: int = -1, **facets: Any) -> int:
    """Enter a song and its sections in the ledger; returns its number."""
    number = len(ledger.songs)
    ledger.songs.append(
        {
            "title": song.title, "artist": song.artist, "album": song.album, "year": song.year,
            "featuring": list(song.guests), "file": file, "start": -1, "stop": -1, "duplicate_of": duplicate_of,
            **facets,
        }
    )  # fmt: skip
    for at, part in enumerate(song.parts):
        ledger.sections.append((number, at, part.kind, part.number, list(part.performers), part.repeat, part.language))
        if part.named:
            ledger.lines += [(number, at, text, -1) for text in part.lyrics()]
    ledger.traps += [(number, *trap) for trap in song.traps]
    return number


def enter_lines(
    ledger: Ledger, number: int, lines: Iterable[Written], row: Callable[[int], int] = lambda at: at
) -> None:
    """Enter the sung lines of a song; `row(at)` is where the physical line `at` of the song is found."""
    ledger.lines += [
        (number, line.section, line.lyric, row(at)) for at, line in enumerate(lines) if line.lyric and line.section >= 0
    ]


def plain_text(lines: Iterable[Written]) -> str:
    """The lines as text."""
    return "\n".join(line.text for line in lines)


def _tag(kind: str, number: int | None, performers: tuple[str, ...]) -> str:
    head = _TAG[kind] + (f" {number}" if number else "")
    return f"[{head} : {' & '.join(performers)}]" if performers else f"[{head}]"


def empty_refrains(song: WorldSong, random: Random) -> None:
    """Leave later refrains that repeat the first to their tag alone, in one song of eight."""
    refrains = [part for part in song.parts if part.kind == "refrain"]
    if random.random() < 1 / 8:
        for part in refrains[1:]:
            if part.lyrics() == refrains[0].lyrics() and part.rows == [Row.sung(text) for text in part.lyrics()]:
                part.named = True
