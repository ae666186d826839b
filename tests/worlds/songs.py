"""Songs of a world before any shape writes them: sections of rows, each with what is written and what is sung."""

from dataclasses import dataclass, field
from random import Random

from . import rates
from .material import artist_names, couplet_lines, material, new_line, new_title, refrain_lines

# Kinds in order, and how often; 7.0 sections on average where tags were counted, 3.4 in M.
_TAGGED_FORMS = (
    ("i c r c r p r o", 25), ("i c r c r c r o", 20), ("c q r c q r p r", 15), ("c r c r p r o", 13),
    ("c r c r c r", 12), ("c r c r", 10), ("c c", 3), ("c", 2),
)  # fmt: skip
_SHORT_FORMS = (("c r c r", 40), ("c r c", 25), ("i c r", 15), ("c c c", 10), ("c c", 10))
_KINDS = {"i": "intro", "c": "couplet", "r": "refrain", "p": "pont", "o": "outro", "q": "pré-refrain"}
_SHORT_LINES = {"intro": (2, 4), "outro": (2, 4), "pont": (4, 8), "pré-refrain": (2, 4)}


@dataclass
class Row:
    """A line as the file has it, and the words that are sung in it ("" when it is no lyric)."""

    written: str
    lyric: str = ""

    @classmethod
    def sung(cls, line: str) -> "Row":
        """A line that is written as it is sung."""
        return cls(line, line)


@dataclass
class Part:
    """A section. `tag` is its tag as written, None for the usual spelling, "" for none; `named` means that only the
    tag is written and that it repeats the section before of its kind."""

    kind: str
    rows: list[Row]
    number: int | None = None
    performers: tuple[str, ...] = ()
    repeat: int = 1
    language: str = "fr"
    tag: str | None = None
    named: bool = False

    def lyrics(self) -> list[str]:
        """The lines that are sung, once."""
        return [row.lyric for row in self.rows if row.lyric]


@dataclass
class WorldSong:
    """A song and what is true of it; `traps` are (name, as written, what is right)."""

    title: str
    artist: str
    album: str
    year: int | None
    guests: tuple[str, ...]
    parts: list[Part]
    traps: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Cast:
    """Artists, each with a voice of the embedded corpus, and albums as they come."""

    random: Random
    names: list[str]
    _albums: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int, random: Random) -> "Cast":
        """`count` artists."""
        return cls(random, artist_names(count, random))

    def draw_song(self, artist: str, *, guests: float = 0.0, short: bool = False) -> WorldSong:
        """A song of `artist`, with other artists as guests in that share of songs."""
        random = self.random
        voices = list(material().couplets)
        voice = voices[sum(map(ord, artist)) % len(voices)]
        album, year = self._album(artist)
        others = [name for name in self.names if name != artist and "&" not in name]
        featured = tuple(random.sample(others, min(len(others), random.choice((1, 1, 1, 2, 3)))))
        song = WorldSong(new_title(random), artist, album, year, featured if random.random() < guests else (), [])
        song.parts = _draw_parts(voice, random, _SHORT_FORMS if short else _TAGGED_FORMS)
        if song.guests:
            for part in song.parts:
                if part.kind == "couplet":
                    part.performers = (random.choice((artist, *song.guests)),)
        return song

    def _album(self, artist: str) -> tuple[str, int]:
        if artist not in self._albums or self.random.random() < 0.08:
            self._albums[artist] = new_title(self.random), self.random.randint(1990, 2023)
        return self._albums[artist]


def _draw_parts(voice: str, random: Random, forms: tuple[tuple[str, int], ...]) -> list[Part]:
    kinds = random.choices([form for form, _ in forms], [weight for _, weight in forms])[0].split()
    parts: list[Part] = []
    refrain = refrain_lines(voice, random)
    near = random.random() > rates.L_REPEATS_TO_THE_LETTER / 0.92  # of songs that have a refrain twice
    couplets = 0
    for letter in kinds:
        kind = _KINDS[letter]
        if kind == "refrain":
            parts.append(Part(kind, [Row.sung(line) for line in _sung_again(refrain, near, random)]))
            continue
        count = random.randint(*_SHORT_LINES[kind]) if kind in _SHORT_LINES else _couplet_length(random)
        couplets += kind == "couplet"
        lines = couplet_lines(voice, count, random)
        parts.append(Part(kind, [Row.sung(line) for line in lines], couplets if kind == "couplet" else None))
    return parts


def _couplet_length(random: Random) -> int:
    if random.random() < rates.OF_SIXTEEN:
        return 16
    return random.choice((8, 8, 10, 10, 12, 12, 12, 13, 14, 15, 18, 20))


def _sung_again(refrain: list[str], near: bool, random: Random) -> list[str]:
    """The refrain as it is, or nearly: one line another, or the whole once more and half again."""
    if not near:
        return refrain
    if random.random() < 0.3:
        return refrain + refrain[: len(refrain) // 2]
    at = random.randrange(len(refrain))
    return [*refrain[:at], new_line(refrain[at], random), *refrain[at + 1 :]]
