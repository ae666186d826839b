"""What a song is called in an address: words of its artist and title, whatever its place in the corpus."""

import re
import unicodedata
from collections import Counter

from pipeline.corpus.table import Corpus

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def song_key(artist: str, title: str) -> str:
    """Return the key of a song, without accents and capitals.

    >>> song_key("Kobalt", "Dernier métro (remix)"), song_key("Kobalt", "…")
    ('kobalt--dernier-metro-remix', 'kobalt--')
    """
    return f"{_words(artist)}--{_words(title)}"


def song_keys(corpus: Corpus) -> dict[int, str]:
    """Return the key of each song of a whole corpus; the second of the same name ends on -2, in the corpus's order."""
    times: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for song, artist, title in corpus.songs[["artist", "title"]].itertuples():
        key = song_key(artist, title)
        times[key] += 1
        keys[song] = key if times[key] == 1 else f"{key}-{times[key]}"
    return keys


def _words(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub("-", plain).strip("-")
