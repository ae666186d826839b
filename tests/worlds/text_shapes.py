"""The shapes made of text files: K, R, F, T and S. Each writes into `folder` until `size` bytes are reached, enters the
truth in the ledger, and returns what `prepare` is to be given."""

import csv
import re
import unicodedata
from pathlib import Path
from random import Random

from . import rates
from .material import new_title
from .real_mix import make_real
from .songs import Cast, WorldSong
from .traps import set_traps
from .truth import Ledger
from .writing import Written, empty_refrains, enter, enter_lines, plain_text, written_lines

SONG_BYTES = 2_900  # of a song, about
_GENRES = ("rap", "trap", "boom-bap", "rap conscient", "cloud")


def tagged_song(cast: Cast, artist: str, guests: float) -> WorldSong:
    """A song for a shape that keeps tags, traps set."""
    song = cast.draw_song(artist, guests=guests)
    empty_refrains(song, cast.random)
    set_traps(song, cast.random, tags=True)
    return song


def write_k(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """Tagged songs in Files/, metadata in Metadata/songs.csv; songs with guests stand under guests' names too."""
    cast = Cast.of(max(8, round(size / SONG_BYTES / rates.K_SONGS_AN_ARTIST)), random)
    _add_awkward_names(cast)
    counts: dict[str, int] = {}
    (folder / "Files").mkdir(parents=True)
    rows: list[list[object]] = []
    written = 0
    while written < size:
        song = tagged_song(cast, random.choice(cast.names), rates.K_WITH_GUESTS)
        song.year = song.year if random.random() < rates.K_WITH_YEAR else None
        lines = written_lines(song, random, tags=True)
        first, copies = -1, [song.artist]
        if song.guests and random.random() < rates.K_REPEATED / (1 - rates.K_REPEATED) / rates.K_WITH_GUESTS:
            copies.append(random.choice(song.guests))
        for searched in copies:
            shortcut = _shortcut(searched, counts)
            number = enter(
                ledger, song, f"Files/{shortcut}.txt", duplicate_of=first, searched_artist=searched, song_id=len(rows)
            )
            first = number if first < 0 else first
            enter_lines(ledger, number, lines)
            written += _write(folder / "Files" / f"{shortcut}.txt", plain_text(lines))
            rows.append(_metadata_row(song, shortcut, searched, first + 100_000, random))
        if random.random() < 0.5:  # songs of the metadata that were never saved
            lost = WorldSong(new_title(random), song.artist, song.album, song.year, (), [])
            rows.append(_metadata_row(lost, f"LOST{len(rows)}", song.artist, len(rows), random))
    (folder / "Metadata").mkdir()
    with open(folder / "Metadata" / "songs.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["songShortcut", "geniusName", "title", "releaseDate", "songId", "albumName", "pageViews"])
        writer.writerows(rows)
    return folder


def write_r(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """decade/genre/Album-artist-Artist/Title.txt: most double-spaced, none tagged, some twice, some empty."""
    cast = Cast.of(max(8, round(size / SONG_BYTES / 9)), random)
    genres = {name: random.choice(_GENRES) for name in cast.names}
    tracks: dict[str, list[int] | None] = {}
    written = 0
    while written < size:
        song = cast.draw_song(random.choice(cast.names))
        set_traps(song, random, tags=False)
        lines = written_lines(song, random, tags=False)
        spaced = random.random() < rates.R_DOUBLE_SPACED
        dense = _dense_lines(lines, random) if spaced else len(lines)
        text = _double_spaced(lines, dense)
        first, copies = -1, [song.album]
        if random.random() < rates.R_REPEATED:
            copies.append("Le meilleur de")
        for album in copies:
            decade = f"{(song.year or 0) // 10 * 10}s"
            name = f"{decade}/{genres[song.artist]}/{_plain(album)}-artist-{_plain(song.artist)}"
            counter = tracks.setdefault(name, [0] if random.random() < rates.R_NUMBERED_ALBUMS else None)
            path = _free(folder / name, _numbered(song.title, counter))
            number = enter(
                ledger, song, path.relative_to(folder).as_posix(), duplicate_of=first, decade=decade,
                genre=genres[song.artist], double_spaced=spaced, dense_lines=dense,
            )  # fmt: skip
            title = path.stem.split(" - ", 1)[1] if counter else path.stem
            said = {"title": title, "artist": _plain(song.artist), "album": album, "year": None, "featuring": []}
            ledger.songs[number] |= said  # by the path
            first = number if first < 0 else first
            enter_lines(ledger, number, lines, lambda at, dense=dense: at + max(at - dense + 1, 0))  # type: ignore[misc]
            written += _write(path, text)
            if random.random() < rates.R_EMPTY:
                empty = _free(path.parent, _numbered(new_title(random), counter))
                _write(empty, random.choice(("", "\n", " \n\n")))
                ledger.empty.append(empty.relative_to(folder).as_posix())
    return folder


def _dense_lines(lines: list[Written], random: Random) -> int:
    """How many lines of a double-spaced song come before the first that has a blank one after it: none in most, in
    others the first stanza, or half of the song."""
    if random.random() >= rates.R_SPACED_IN_PART:
        return 1
    ends = [at for at, line in enumerate(lines) if at >= 3 and not line.text.strip()]
    half = random.random() < 0.2
    return next((at for at in ends if not half or at >= len(lines) // 2), 1)


def _double_spaced(lines: list[Written], dense: int) -> str:
    """The lines, a blank one more after each from line `dense` on, counted from 1."""
    texts = plain_text(lines).split("\n")
    return "\n".join([*texts[:dense], *(part for text in texts[dense:] for part in ("", text))])


def write_f(folder: Path, size: int, random: Random, ledger: Ledger, real: bool = False) -> Path:
    """A file an artist, all songs glued without a newline, tags kept, some broken over lines; a quarter is empty.

    `real` gives them the mix of a real collection.
    """
    songs_a_file = rates.F_SONGS / rates.F_FULL
    cast = Cast.of(max(3, round(size / SONG_BYTES / songs_a_file)), random)
    left = size
    for at, artist in enumerate(cast.names):
        file = re.sub(r"[^\w&.]+", "_", artist) + ".txt"
        text = ""
        while len(text) < left / (len(cast.names) - at) * random.uniform(0.7, 1.3) or text.count("[") < 8:
            song = tagged_song(cast, artist, 0.3)
            if real:
                make_real(song, random)
            lines = [part for line in written_lines(song, random, tags=True) for part in _maybe_broken(line, random)]
            if text and random.random() < rates.F_GLUED_WORDS:
                text, lines = _ready_to_glue(text, lines, ledger)
            rows = text.count("\n")
            number = enter(ledger, song, file)
            ledger.songs[number] |= {"title": "", "album": "", "year": None, "featuring": []}  # nothing says them
            ledger.songs[number] |= {"start": len(text), "stop": len(text) + len(plain_text(lines))}
            enter_lines(ledger, number, lines, lambda at, rows=rows: rows + at)  # type: ignore[misc]
            text += plain_text(lines)
        left -= _write(folder / file, text)
        if random.random() < rates.F_EMPTY / (1 - rates.F_EMPTY):
            empty = f"{new_title(random).replace(' ', '_')}.txt"
            _write(folder / empty, "")
            ledger.empty.append(empty)
    return folder


def write_t(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """Four files, an artist each; songs apart by empty lines with trailing spaces."""
    _glued_files(folder, size, Cast.of(rates.T_ARTISTS, random), ledger, "\n" + "   \n" * 3)
    return folder


def write_s(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """Files without an ending, three songs each under `Titre :`, 23 of 32 in cp1252."""
    files = max(4, round(size / SONG_BYTES / rates.S_SONGS * rates.S_FILES))
    cast = Cast.of(files, random)
    for at, artist in enumerate(cast.names):
        encoding = "cp1252" if at % rates.S_FILES < rates.S_CP1252 else "utf-8"
        file = re.sub(r"[^\w&.]+", " ", artist).strip(" .")
        text = ""
        for _ in range(round(rates.S_SONGS / rates.S_FILES)):
            song = tagged_song(cast, artist, 0.2)
            song.parts = [part for part in song.parts if part.language != "ru"] or song.parts
            _make_encodable(song, encoding)
            lines = written_lines(song, random, tags=True)
            text += f"Titre : {song.title}\n"
            number = enter(ledger, song, file, encoding=encoding)
            ledger.songs[number] |= {"artist": file, "album": "", "year": None, "featuring": [], "start": len(text)}
            rows = text.count("\n")
            enter_lines(ledger, number, lines, lambda at, rows=rows: rows + at)  # type: ignore[misc]
            text += plain_text(lines) + "\n\n"
            ledger.songs[number] |= {"stop": len(text) - 2}
        _write(folder / file, text, encoding)
    return folder


def _make_encodable(song: WorldSong, encoding: str) -> None:
    """Letters that the encoding lacks lose their accents, as whoever typed them would have done: Gdańsk, Gdansk."""
    song.title = _without_lacking(song.title, encoding)
    for row in (row for part in song.parts for row in part.rows):
        row.written, row.lyric = (_without_lacking(text, encoding) for text in (row.written, row.lyric))


def _without_lacking(text: str, encoding: str) -> str:
    lacking = {c for c in text if not c.encode(encoding, "ignore")}
    return text.translate({ord(c): unicodedata.normalize("NFD", c)[0] for c in lacking})


def _glued_files(folder: Path, size: int, cast: Cast, ledger: Ledger, glue: str) -> None:
    for artist in cast.names:
        file, text = f"{_plain(artist)}.txt", ""
        while len(text) < size / len(cast.names):
            song = tagged_song(cast, artist, 0.2)
            lines = written_lines(song, cast.random, tags=True)
            text += glue if text else ""
            rows = text.count("\n")
            number = enter(ledger, song, file)
            ledger.songs[number] |= {"title": "", "album": "", "year": None, "featuring": []}
            ledger.songs[number] |= {"start": len(text), "stop": len(text) + len(plain_text(lines))}
            enter_lines(ledger, number, lines, lambda at, rows=rows: rows + at)  # type: ignore[misc]
            text += plain_text(lines)
        _write(folder / file, text)


def _ready_to_glue(text: str, lines: list[Written], ledger: Ledger) -> tuple[str, list[Written]]:
    """An end and a beginning that make one word of two: the tag and the punctuation between them left out."""
    while not lines[0].lyric:
        lines = lines[1:]
    lines[0].text = re.sub(r"^\W+", "", lines[0].text)
    text = text.rstrip(" .,;:!?…»)\n")
    ledger.songs[-1] |= {"stop": len(text)}
    return text, lines


def _maybe_broken(line: Written, random: Random) -> list[Written]:
    """A tag with performers, broken at its links: [Couplet 1 :, Untel, ]."""
    head, colon, names = line.text.partition(" : ")
    if line.lyric or not colon or not line.text.startswith("[") or random.random() > rates.F_BROKEN_TAGS:
        return [line]
    return [Written(f"{head} :"), Written(names[:-1]), Written("]")]


def _metadata_row(song: WorldSong, shortcut: str, searched: str, number: int, random: Random) -> list[object]:
    guests = f" (Ft. {_listed(song.guests)})" if song.guests else ""
    date = f"{song.year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}" if song.year else ""
    title = f"{song.title} by\xa0{song.artist}{guests}"
    return [shortcut, searched, title, date, number, song.album, random.randint(50, 900_000)]


def _listed(names: tuple[str, ...]) -> str:
    return " & ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _add_awkward_names(cast: Cast) -> None:
    """One artist in forty has a name in brackets behind the name."""
    for at in range(3, len(cast.names), 40):
        cast.names[at] = f"{cast.names[at].split(' &')[0]} ({cast.names[at - 1].split()[0]})"


def _shortcut(artist: str, counts: dict[str, int]) -> str:
    key = "".join(c for c in artist.upper() if c.isalnum())
    counts[key] = counts.get(key, 0) + 1
    return f"{key}{counts[key]}" if not key[-1].isdigit() else f"{key}_{counts[key]}"


def _numbered(title: str, counter: list[int] | None) -> str:
    if counter is None:
        return _plain(title)
    counter[0] += 1
    return f"{counter[0]:02} - {_plain(title)}"


def _plain(name: str) -> str:
    return re.sub(r"[^\w&'’() !?,.-]+", " ", name).strip(" .") or "Sans titre"


def _free(folder: Path, stem: str) -> Path:
    at, path = 1, folder / f"{stem}.txt"
    while path.exists():
        at, path = at + 1, folder / f"{stem} ({at + 1}).txt"
    return path


def _write(path: Path, text: str, encoding: str = "utf-8") -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode(encoding)
    path.write_bytes(data)
    return len(data)
