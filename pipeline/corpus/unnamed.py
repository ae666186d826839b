"""What stands for an artist or a title that no source names: stored as a code, said in the reader's language.

shown_name(song.artist)
"""

from pipeline.core.translation import mark, t

UNKNOWN_ARTIST = mark("Unknown artist")
UNTITLED = mark("Untitled")
_BETWEEN = " · "


def shown_name(name: str) -> str:
    """Return a title or the name of an artist as people read it.

    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"):
    ...     shown_name("Unknown artist"), shown_name("Kobalt")
    ('Artiste inconnu', 'Kobalt')
    """
    return t(name) if name in (UNKNOWN_ARTIST, UNTITLED) else name


def song_label(title: str, artist: str) -> str:
    """Return a song as one text, as it is stored: `shown_song` says it to a reader."""
    return f"{title}{_BETWEEN}{artist}"


def shown_song(label: str) -> str:
    """Return a `song_label` as people read it.

    >>> from pipeline.core.translation import in_language
    >>> with in_language("fr"):
    ...     shown_song(song_label("Béton · 2", "Unknown artist"))
    'Béton · 2 · Artiste inconnu'
    """
    title, between, artist = label.rpartition(_BETWEEN)
    return shown_name(title) + between + shown_name(artist)
