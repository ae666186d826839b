"""The shapes made of one table or JSON file: M, L, G and D. Like `text_shapes`."""

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from . import rates
from .songs import Cast, WorldSong
from .text_shapes import SONG_BYTES, tagged_song
from .traps import set_traps
from .truth import Ledger
from .writing import Written, enter, enter_lines, plain_text, written_lines

LRFAF_COLUMNS = (
    "artist", "title", "year", "lyrics", "pageviews", "contributors", "url", "topic", "topic_clean", "ranking",
    "n_je", "n_profanity", "n_verlan", "n_french_words", "means_word_length", "n_unique_words", "n_words",
    "pageviews_corrected", "n_non_french_words", "n_argot", "n_onomatopee", "n_negative", "n_positive",
    "birthdate_artist", "age_artist", "pageview_mean", "pageviews_2", "n_sexe", "hate", "sexism", "n_lines",
    "sentiment2", "born_in_france",
)  # fmt: skip
_TOPICS = ("ego trip", "rue", "amour", "argent", "politique", "fête", "famille")


def write_m(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """A CSV with lists as Python reprs, no tags, stanzas by blank lines."""
    cast = Cast.of(max(8, round(size / SONG_BYTES / 12)), random)
    path, written = folder / "songs.csv", 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Year", "Song Title", "Artist", "Lyrics", "Number of featured artists", "Featured artists"])
        while written < size:
            song = cast.draw_song(random.choice(cast.names), guests=0.3, short=True)
            song.album = ""
            lines = _untagged(song, random, ledger, path.name)
            guests = list(song.guests)
            written += writer.writerow([song.year, song.title, song.artist, plain_text(lines), len(guests), guests])
    return path


def write_l(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """A CSV of LRFAF's 33 columns; lyrics begin with a newline, years are 1998.0 or empty."""
    cast = Cast.of(max(8, round(size / SONG_BYTES / 20)), random)
    born = {name: (random.randint(1968, 2000), random.random() < 0.7) for name in cast.names}
    path, written = folder / "lrfaf.csv", 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LRFAF_COLUMNS)
        while written < size:
            artist = random.choice(cast.names)
            song = cast.draw_song(artist)
            song.album = ""
            song.year = song.year if random.random() < rates.L_WITH_YEAR else None
            facets = _lrfaf_facets(song, born[artist], random)
            lines = _untagged(song, random, ledger, path.name, facets)
            cells = {"artist": artist, "title": song.title, "lyrics": "\n" + plain_text(lines), **facets}
            cells["year"] = f"{song.year}.0" if song.year else ""
            written += writer.writerow(["" if cells[name] is None else cells[name] for name in LRFAF_COLUMNS])
    return path


def write_g(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """A .csv that is none: one song a line, ` *BREAK* ` for line breaks, commas unquoted, no header, no names."""
    cast = Cast.of(max(4, round(size / SONG_BYTES / 20)), random)
    path, written = folder / "songs.csv", 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        while written < size:
            song = cast.draw_song(random.choice(cast.names))
            song.artist = song.title = song.album = ""
            song.year, song.guests = None, ()
            song.parts += cast.draw_song(cast.names[0]).parts[:1]  # long songs: 612 words each
            for part in song.parts:
                part.performers = ()
            lines = _untagged(song, random, ledger, path.name)
            written += file.write(" *BREAK* ".join(line.text.replace('"', "'") for line in lines) + "\n")
    return path


def write_d(folder: Path, size: int, random: Random, ledger: Ledger) -> Path:
    """JSON: {artist: {songs: [{song, lyrics}]}}, tagged."""
    cast = Cast.of(max(4, round(size / SONG_BYTES / rates.D_SONGS_AN_ARTIST)), random)
    path, written, tree = folder / "songs.json", 0, dict[str, Any]()
    while written < size:
        artist = random.choice(cast.names)
        song = tagged_song(cast, artist, 0.0)
        song.album, song.year = "", None
        lines = written_lines(song, random, tags=True)
        enter_lines(ledger, enter(ledger, song, path.name), lines, lambda at: len(ledger.songs) - 1)
        tree.setdefault(artist, {"songs": []})["songs"].append({"song": song.title, "lyrics": plain_text(lines)})
        written += len(plain_text(lines))
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    return path


def _untagged(
    song: WorldSong, random: Random, ledger: Ledger, file: str, facets: dict[str, Any] | None = None
) -> list[Written]:
    """The lines of a song without tags, entered as a row of a table."""
    if song.artist:
        set_traps(song, random, tags=False)
    lines = written_lines(song, random, tags=False)
    if facets is not None and random.random() < rates.L_TAG_LINES * len(lines):
        lines.insert(0, Written("[Intro]"))
    number = enter(ledger, song, file, **(facets or {}))
    enter_lines(ledger, number, lines, lambda at: number)
    return lines


def _lrfaf_facets(song: WorldSong, born: tuple[int, bool], random: Random) -> dict[str, Any]:
    """The 29 columns of LRFAF beside artist, title, year and lyrics, each plausible in kind and range."""
    words = [word.lower() for part in song.parts for line in part.lyrics() for word in line.split()]
    counts, views = Counter(words), round(10 ** random.uniform(2, 6.5))
    topic = random.choice(_TOPICS)
    foreign = random.randint(0, len(words) // 20)
    return {
        "pageviews": views if random.random() < 0.9 else None,
        "contributors": random.randint(1, 60),
        "url": f"https://example.org/{random.getrandbits(40):x}-lyrics",
        "topic": f"{topic}, {random.choice(_TOPICS)}", "topic_clean": topic, "ranking": random.randint(1, 40_000),
        "n_je": counts["je"] + counts["j'ai"], "n_profanity": random.randint(0, 30), "n_verlan": random.randint(0, 15),
        "n_french_words": len(words) - foreign,
        "means_word_length": round(sum(map(len, words)) / max(len(words), 1), 6),
        "n_unique_words": len(counts), "n_words": len(words), "pageviews_corrected": round(views / 1.37, 2),
        "n_non_french_words": foreign, "n_argot": random.randint(0, 25), "n_onomatopee": random.randint(0, 9),
        "n_negative": random.randint(0, 50), "n_positive": random.randint(0, 50),
        "birthdate_artist": f"{born[0]}-{random.randint(1, 12):02}-01" if random.random() < 0.7 else None,
        "age_artist": float(song.year - born[0]) if song.year else None,
        "pageview_mean": round(random.uniform(100, 90_000), 3), "pageviews_2": views**2,
        "n_sexe": random.randint(0, 9), "hate": round(random.random(), 6), "sexism": round(random.random(), 6),
        "n_lines": sum(len(part.lyrics()) for part in song.parts), "sentiment2": round(random.uniform(-1, 1), 4),
        "born_in_france": born[1],
    }  # fmt: skip
