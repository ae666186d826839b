"""The names of artists as a source gives them, and the merging of those that are one artist's: name as read -> name.

Merges are a table beside a corpus (`store.save_artist_merges`), applied whenever it is opened: what was read stays as
it is, and an empty table undoes them all.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from string import digits

import pandas as pd

from pipeline.core.errors import SettingError
from pipeline.core.translation import mark
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.tags import letters_and_digits

ORIGIN_LABELS = {  # of `songs.artist_origin`: the surest last
    "inferred": mark("inferred from a file name"),
    "path": mark("name of a file or folder"),
    "sidecar": mark("metadata table"),
    "source": mark("the songs themselves (tag, key or column)"),
}
_NAME = re.compile(r".*[^\W_]", re.DOTALL)  # up to its last letter or digit
_MIN_LETTERS = 3  # letters before a number that is none of the name: L432 is one
_NAME_SEPARATOR = " & "  # names of guests and performers


def artist_table(songs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per artist name as read, most songs first: artist, songs, origin of the name, suggested merge.

    `origin` is the most reliable one of the artist's songs, `suggested` the name that `suggest_merges` gives, "" for
    none."""
    ranks = {origin: rank for rank, origin in enumerate(ORIGIN_LABELS)}
    origin = songs["artist_origin"].astype(str).map(ranks) if "artist_origin" in songs else -1
    table = songs[["artist"]].assign(rank=origin).groupby("artist", sort=True)["rank"].agg(["size", "max"])
    table = table.reset_index().sort_values("size", ascending=False, kind="stable", ignore_index=True)
    table = pd.DataFrame(
        {
            "artist": table["artist"],
            "songs": table["size"],
            "origin": [["", *ORIGIN_LABELS][rank + 1] for rank in table["max"]],
        }
    )
    suggested = suggest_merges(table)
    return table.assign(suggested=[suggested.get(artist, "") for artist in table["artist"]])


def suggest_merges(table: pd.DataFrame) -> dict[str, str]:
    """Return name -> suggested name for artists whose names differ only in case, accents, signs or a final number.

    `table` has rows artist, songs, origin. The name of a group is one without a number at its end and that is not
    inferred, where there is one; of these the one with most songs. Two numbered names alone lose their numbers.

    >>> suggest_merges(pd.DataFrame({"artist": ["Mhd", "MHD", "Untel_10", "113"], "songs": [1, 9, 2, 3], "origin": ""}))
    {'Mhd': 'MHD'}
    """
    groups: dict[str, list[tuple[bool, bool, int, str]]] = {}
    for artist, songs, origin in zip(table["artist"], table["songs"], table["origin"], strict=True):
        if artist != UNKNOWN_ARTIST:
            name = strip_trailing_number(artist)
            spelling = letters_and_digits(name) or artist
            groups.setdefault(spelling, []).append((name == artist, origin != "inferred", songs, artist))
    merges = dict[str, str]()
    for names in groups.values():
        if len(names) > 1:
            plain, *_, artist = max(names)
            target = artist if plain else strip_trailing_number(artist)
            merges |= {name: target for *_, name in names if name != target}
    return merges


def strip_trailing_number(artist: str) -> str:
    """Return an artist's name without the number at its end. The number stays if few letters precede it.

    >>> strip_trailing_number("Untel_10"), strip_trailing_number("113"), strip_trailing_number("L432")
    ('Untel', '113', 'L432')
    """
    name = _NAME.match(artist.rstrip(digits)) if artist[-1:] in digits else None
    rest = name[0] if name else artist
    return rest if sum(map(str.isalpha, rest)) >= _MIN_LETTERS else artist


def resolve_merges(merges: Mapping[str, str], artists: Iterable[str]) -> dict[str, str]:
    """Return merges (name -> new name) with chains resolved: A to B and B to C become A to C.

    Raise SettingError for a name that no song has, an empty one, and names that lead in a circle."""
    present, merged_names = set(artists), dict[str, str]()
    for name in merges:
        if name not in present:
            raise SettingError("No song is by {name!r}, so it cannot be merged.", name=name)
        seen, target = {name}, merges[name].strip()
        while target in merges and target not in seen:
            seen.add(target)
            target = merges[target].strip()
        if not target or target in seen:
            raise SettingError("{name!r} cannot be merged into {target!r}.", name=name, target=merges[name])
        merged_names[name] = target
    return merged_names


def merge_artists(
    songs: pd.DataFrame, sections: pd.DataFrame, merges: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return songs and sections with merged artist names, also those of guests and performers."""
    if not merges:
        return songs, sections
    artist = _rename_column_values(songs["artist"], lambda name: merges.get(name, name))
    guests = _rename_column_values(songs["featuring"], lambda names: _replace_merged_names(names, merges))
    performers = _rename_column_values(sections["performers"], lambda names: _replace_merged_names(names, merges))
    return songs.assign(artist=artist, featuring=guests), sections.assign(performers=performers)


def _rename_column_values(names: "pd.Series[str]", rename: Callable[[str], str]) -> "pd.Series[str]":
    """Apply `rename` to a column of names, once for each different name."""
    return names.map({name: rename(name) for name in names.unique()}).astype(names.dtype)


def _replace_merged_names(names: str, merges: Mapping[str, str]) -> str:
    """Replace merged names in a list joined by " & ", and return it with each name once."""
    if names in merges:
        return merges[names]
    each = names.split(_NAME_SEPARATOR)
    if not any(name in merges for name in each):
        return names
    return _NAME_SEPARATOR.join(dict.fromkeys(merges.get(name, name) for name in each))
