"""A listening history, as streaming services export it -> the songs of a corpus that one has heard.

Spotify's account data holds `StreamingHistory*.json`, its extended history `Streaming_History_Audio*.json`; others are
lists of plays with an artist and a title too. Songs are matched by both without accents, guests and marks.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.core.errors import SourceError
from pipeline.corpus.cleaning.metadata import split_title
from pipeline.corpus.readers.blobs import open_source
from pipeline.corpus.table import Corpus
from pipeline.corpus.tags import letters_and_digits

MIN_PLAY_MILLISECONDS = 30_000  # milliseconds from which on a song counts as heard, as the services count
_TITLES = ("master_metadata_track_name", "trackName", "track_name", "title", "name")
_ARTISTS = ("master_metadata_album_artist_name", "artistName", "artist_name", "artist")
_TIMES = ("ms_played", "msPlayed")

Plays = Counter[tuple[str, str]]  # (artist, title), folded -> times heard


def read_history(path: Path) -> Plays:
    """Return how often each song was heard, by the JSON files of an export: one of them, their folder or their zip.

    Raise SourceError when there is no play in it.
    """
    plays: Plays = Counter()
    for blob in open_source(path)[0]:
        if blob.suffix == ".json":
            try:
                entries = json.loads(blob.load().decode("utf-8-sig"))
            except (ValueError, RecursionError):
                continue  # other files of an export: the account, playlists
            plays.update(_plays(entries))
    if not plays:
        raise SourceError(
            "{path} contains no listening history. Give the JSON files of an export, with the title and artist of each "
            "play.",
            path=path,
        )
    return plays


def _plays(entries: Any) -> Iterator[tuple[str, str]]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            title, artist = _text(entry, _TITLES), _text(entry, _ARTISTS)
            time = next(
                (entry[name] for name in _TIMES if isinstance(entry.get(name), int | float)), MIN_PLAY_MILLISECONDS
            )
            if title and artist and time >= MIN_PLAY_MILLISECONDS:
                yield _key(artist, title)


def _text(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((entry[name] for name in names if isinstance(entry.get(name), str)), "")


def _key(artist: str, title: str) -> tuple[str, str]:
    """Artist and title by their letters and digits; what stands behind a dash, "- Remastered", aside.

    >>> _key("Kéry Untel", "Le port (feat. X) - Remix 2004")
    ('keryuntel', 'leport')
    """
    plain = split_title(title.partition(" - ")[0], artist).title
    folded = [letters_and_digits(name) for name in (artist, plain)]
    return folded[0], folded[1]


def heard_songs(corpus: Corpus, plays: Plays) -> list[int]:
    """Return the ids of the songs of a corpus that a history holds."""
    named = zip(corpus.songs.index.tolist(), corpus.songs["artist"], corpus.songs["title"], strict=True)
    return [song for song, artist, title in named if plays[_key(artist, title)]]
