"""What misleads readers of lyrics, put into songs, each with what is right. One function a trap: it changes a song and
returns (as written, what is right), or None when the song has no place for it."""

from collections.abc import Callable
from random import Random

from . import rates
from .songs import Part, Row, WorldSong

Trap = Callable[[WorldSong, Random], tuple[str, str] | None]

TITLES = (  # the whole is the title: no artist, no guest, no number of a track, no note of a page in it
    "Dubai by night", "I can't cope by myself", "93 mesures", "69 année érotique", "Reste avec moi",
    "Encore des paroles", "Stand by me", "24 heures", "Seul avec toi", "Les paroles restent",
)  # fmt: skip
_ENGLISH = (
    "Yeah, you know that I was born in this city", "They never gave us anything but trouble and pain",
    "We do this for the people on the corner tonight", "And when the morning comes I will be on my way",
    "I told my brother that the money would be waiting", "But nobody was there when we came back home",
)  # fmt: skip
_ARABIC = (
    "Ya khouya rani ghrib f had el bled", "Wallah ma nensa el houma w nass el hay",
    "Hamdoulilah 3la koul chi, rabi m3ana", "Yemma la tebki 3liya, ghedwa nrja3 lik",
)  # fmt: skip
_RUSSIAN = ("Я помню наш двор и холодный подъезд", "Мы ждали рассвета, но он не придёт", "Там снег на перронах")
_BRANDS = ("Gucci, Prada, Louis Vuitton, Dior", "Audi, Porsche, Ferrari, Lambo", "Nike, Lacoste, Sergio, Air Max")


def set_traps(song: WorldSong, random: Random, *, tags: bool) -> None:
    """Put traps into a song at their rates; those of tags only where tags are written."""
    for name, trap in TRAPS.items():
        if random.random() < rates.TRAPS[name] and (tags or name not in _OF_TAGS):
            found = trap(song, random)
            if found:
                song.traps.append((name, *found))


def _any_line(song: WorldSong, random: Random) -> Row | None:
    rows = [row for part in song.parts for row in part.rows if row.lyric == row.written]
    return random.choice(rows) if rows else None


def _bare_repeat(song: WorldSong, random: Random) -> tuple[str, str]:
    part, times = random.choice(song.parts), random.choice((2, 2, 3))
    part.rows.append(Row(f"x{times}"))
    part.repeat = times
    return f"x{times}", f"repeats the {part.kind} before it; no lyric"


def _bracketed_repeat(song: WorldSong, random: Random) -> tuple[str, str]:
    part = random.choice(song.parts)
    part.rows.append(Row("(x2)"))
    part.repeat = 2
    return "(x2)", f"repeats the {part.kind} before it; no lyric"


def _line_repeat(song: WorldSong, random: Random) -> tuple[str, str] | None:
    if row := _any_line(song, random):
        row.written += " (x2)"
        return row.written, "the line is sung twice"
    return None


def _bracketed_lyric(song: WorldSong, random: Random) -> tuple[str, str] | None:
    if row := _any_line(song, random):
        row.written = f"[{row.lyric}]"
        return row.written, row.lyric
    return None


def _names_first(song: WorldSong, random: Random) -> tuple[str, str] | None:
    if part := _numbered_couplet(song, random):
        part.performers = (random.choice((song.artist, *song.guests)),)
        part.tag = f"[{part.performers[0]} - Couplet {part.number}]"
        return part.tag, f"couplet {part.number} by {part.performers[0]}"
    return None


def _numbered_part(song: WorldSong, random: Random) -> tuple[str, str] | None:
    if part := _numbered_couplet(song, random):
        part.performers = ()
        part.tag = f"[{random.choice(('Round', 'Morceau', 'Partie'))} {part.number}]"
        return part.tag, "a couplet without performers"
    return None


def _speaker(song: WorldSong, random: Random) -> tuple[str, str]:
    part = random.choice(song.parts)
    part.performers = (random.choice((song.artist, *song.guests)),)
    part.rows.insert(0, Row(f"{part.performers[0]} :"))
    return part.rows[0].written, f"performed by {part.performers[0]}; no lyric"


def _swallowed_couplet(song: WorldSong, random: Random) -> tuple[str, str] | None:
    at = next((at for at, part in enumerate(song.parts) if part.kind == "refrain"), None)
    if at is None or not any(part.kind == "refrain" for part in song.parts[at + 1 :]):
        return None
    lines = [row.lyric for part in song.parts if part.kind == "couplet" for row in part.rows if row.lyric][:8]
    refrain = song.parts[at]
    for part in song.parts[at + 1 :]:
        if part.kind == "refrain":
            part.rows, part.named, part.tag = [Row.sung(line) for line in refrain.lyrics()], True, None
    sung = [Row.sung(" ".join(reversed(line.split()))) for line in lines]
    song.parts.insert(at + 1, Part("couplet", sung, tag=""))
    return f"{len(lines)} lines below a refrain, no tag", "a couplet; [Refrain] repeats the refrain alone"


def _asterisks(song: WorldSong, random: Random) -> tuple[str, str] | None:
    if row := _any_line(song, random):
        words = random.choice(("No limit", "bête noire", "vida loca", "hors série"))
        row.lyric = f"{row.lyric}, {words}"
        row.written = f"{row.written}, *{words}*"
        return row.written, row.lyric
    return None


def _sound_note(song: WorldSong, random: Random) -> tuple[str, str]:
    note = random.choice(("*bruit de porte*", "*coups de feu*", "*sonnerie de téléphone*", "*rires du public*"))
    random.choice(song.parts).rows.append(Row(note))
    return note, "no lyric"


def _header(song: WorldSong, random: Random) -> tuple[str, str]:
    song.parts[0].rows.insert(0, Row(f"Paroles de la chanson {song.title} par {song.artist}"))
    return song.parts[0].rows[0].written, "no lyric"


def _glued_credits(song: WorldSong, random: Random) -> tuple[str, str] | None:
    row = next((row for row in reversed(song.parts[-1].rows) if row.written == row.lyric), None)
    if row is None:
        return None
    row.written += "Paroles rédigées et annotées par la communauté"
    return row.written, row.lyric


def _note(text: str) -> Trap:
    def trap(song: WorldSong, random: Random) -> tuple[str, str]:
        random.choice(song.parts).rows.append(Row(text))
        return text, "no lyric"

    return trap


def _in_language(lines: tuple[str, ...], language: str) -> Trap:
    def trap(song: WorldSong, random: Random) -> tuple[str, str]:
        rows = [Row.sung(line) for line in random.choices(lines, k=max(4, len(lines)))]
        part = Part("interlude", rows, language=language)
        song.parts.insert(random.randrange(1, len(song.parts) + 1), part)
        return rows[0].written, language

    return trap


def _vocalise(song: WorldSong, random: Random) -> tuple[str, str]:
    syllables = random.choice(("na", "la", "oh", "eh", "lo lé", "da dum"))
    return _in_language(tuple(", ".join([syllables.capitalize(), *[syllables] * n]) for n in (5, 7, 8)), "fr")(
        song, random
    )


def _title(song: WorldSong, random: Random) -> tuple[str, str]:
    song.title = random.choice(TITLES)
    return song.title, song.title


def _numbered_couplet(song: WorldSong, random: Random) -> Part | None:
    parts = [part for part in song.parts if part.kind == "couplet" and part.number and part.tag is None]
    return random.choice(parts) if parts else None


TRAPS: dict[str, Trap] = {
    "swallowed-couplet": _swallowed_couplet,
    "title": _title,
    "bare-repeat": _bare_repeat,
    "bracketed-repeat": _bracketed_repeat,
    "line-repeat": _line_repeat,
    "bracketed-lyric": _bracketed_lyric,
    "names-first": _names_first,
    "numbered-part": _numbered_part,
    "speaker": _speaker,
    "asterisks": _asterisks,
    "sound-note": _sound_note,
    "header": _header,
    "glued-credits": _glued_credits,
    "to-transcribe": _note("À RETRANSCRIRE"),
    "image": _note('Img src="https://example.org/x.jpg"'),
    "being-written": _note("En cours d'écriture…"),
    "english": _in_language(_ENGLISH, "en"),
    "vocalise": _vocalise,
    "brands": _in_language(_BRANDS, "fr"),
    "arabic": _in_language(_ARABIC, "ar"),
    "russian": _in_language(_RUSSIAN, "ru"),
}
_OF_TAGS = ("swallowed-couplet", "names-first", "numbered-part", "bracketed-lyric")
