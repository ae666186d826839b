"""Titles as pages write them: "Titre by Groupe (Ft. A, B & C)", "Groupe – Titre Lyrics" -> title, performer, guests.

Titles are lyrics too: "Dubai by night" is by nobody, "Reste avec moi" has no guest, "Encore des paroles" keeps its last
word. So a mark counts where pages put it: a no-break space after "by", brackets around guests, a dash before "Lyrics".
"""

import ast
import re
from typing import NamedTuple

from pipeline.corpus.tags import fold_accents

CERTAIN_BY = " by\u00a0"  # which only pages write

_EMPTY = re.compile(r"\s*+(?:nan|none|null|n/?a|nat|<na>|\[\]|\{\}|-+|\?+|unknown|0+)?\s*+", re.I)
_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?(?:,|;|&|\bet\b|\band\b|\bfeat\.?\s|\bft\.?\s)\s*+", re.I)
_GUESTS = re.compile(r"(?:ft|feat|featuring)\b\.?:?\s+|avec\s+", re.I)
_WITH = re.compile(r"avec\s", re.I)
_TRAILING = re.compile(r"\s+(?:ft|feat|featuring)\b\.?\s+(?P<names>\S.*)$", re.I)
_BY = re.compile(r"^(?P<title>.+?)\s+by (?P<artist>\S.*)$", re.S)
_PAGE_WORDS = re.compile(r"(?:(?<!\s)\s++)?(?:[-–—|]\s*+(?:lyrics|paroles)|[(\[](?:lyrics|paroles)[)\]])\s*+$", re.I)
_BARE_LYRICS = re.compile(r"(?<!\s)\s++(?:Lyrics|LYRICS)\s*+$")
_DASH = re.compile(r"\s*[–—-]\s+(?=\S)")
_OPEN, _CLOSE = "([", ")]"


class FullTitle(NamedTuple):
    """A title taken apart. `artist` is empty where the title does not name a performer."""

    title: str
    artist: str = ""
    guests: tuple[str, ...] = ()


def split_title(text: str, artist: str = "") -> FullTitle:
    """The parts of a title; `artist`, if known, is who may stand in it.

    >>> split_title("Le port by\\u00a0Untel (Ft. Un (Deux), Trois & Quatre)")
    FullTitle(title='Le port', artist='Untel', guests=('Un (Deux)', 'Trois', 'Quatre'))
    >>> split_title("Dubai by night", "Untel"), split_title("Reste avec moi").guests
    (FullTitle(title='Dubai by night', artist='', guests=()), ())
    """
    head, mark, tail = text.rpartition(CERTAIN_BY)
    if mark and head.strip():
        performer, guests = _without_guests(tail.strip())
        title = head.strip()
    else:
        title, guests = _without_guests(text.strip())
        by = _BY.match(title)
        performer = by["artist"].strip() if by else ""
        if by and _is_performer(performer, artist, bool(guests) and title != text):
            title = by["title"].strip()
        else:
            performer = ""
    name = performer or artist
    if name and title[: len(name)].lower() == name.lower() and (match := _DASH.match(title, len(name))):
        title = title[match.end() :]
    title = _BARE_LYRICS.sub("", _PAGE_WORDS.sub("", title)).strip() or text.strip()
    return FullTitle(title, performer, guests)


def read_names(text: str) -> tuple[str, ...]:
    """The names in a list of artists: "A, B & C", or a Python or JSON list. Brackets stay with their name.

    >>> read_names("A, B (C & D) & E"), read_names("['A', 'B']"), read_names("[]")
    (('A', 'B (C & D)', 'E'), ('A', 'B'), ())
    """
    text = text.strip()
    parts = _literal(text) if text.startswith(("[", "(", "{")) else _split_names(text)
    names = (_strip_brackets(part.strip(" '\"")) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name and not _EMPTY.fullmatch(name)))


def _is_performer(name: str, artist: str, has_guests: bool) -> bool:
    """Whether what follows a plain "by" is who performs: the artist, or a name where guests stand behind it in
    brackets or nobody is known."""
    if artist and fold_accents(name) == fold_accents(artist):
        return True
    return (has_guests or not artist) and (name[:1].isupper() or name[:1].isdigit())


def _without_guests(text: str) -> tuple[str, tuple[str, ...]]:
    """(the text without its guests, them): bracketed ones anywhere, "feat. X" at the end."""
    for start, stop in _brackets(text):
        inside = text[start + 1 : stop - 1].strip()
        match = _GUESTS.match(inside)
        if match and not (_WITH.match(inside) and inside[match.end() :][:1].islower()):
            rest = f"{text[:start].rstrip()} {text[stop:].lstrip()}".strip()
            return rest or text, read_names(inside[match.end() :])
    match = _TRAILING.search(text)
    if match and match.start():
        return text[: match.start()].rstrip(" ([-–"), read_names(match["names"].rstrip(")] "))
    return text, ()


def _brackets(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed spans, brackets included; one that is never closed ends with the text."""
    spans, depth, start = list[tuple[int, int]](), 0, 0
    for at, character in enumerate(text):
        if character in _OPEN:
            start = at if depth == 0 else start
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, at + 1))
    return spans


def _split_names(text: str) -> list[str]:
    """Cut at separators that stand outside brackets."""
    inside = _brackets(text)
    parts, at = list[str](), 0
    for match in _SEPARATOR.finditer(text):
        if not any(start < match.start() < stop for start, stop in inside):
            parts.append(text[at : match.start()])
            at = match.end()
    return [*parts, text[at:]]


def _strip_brackets(name: str) -> str:
    """Without brackets that belong to the list: around it all, or without their other half."""
    spans = _brackets(name)
    if spans and spans[0] == (0, len(name)):
        return name[1:-1].strip()
    whole = sum(character in _OPEN for character in name) == sum(character in _CLOSE for character in name)
    return name if whole and spans else name.strip(" ()[]")


def _literal(text: str) -> list[str]:
    """The strings of a list, a tuple or a set as Python or JSON prints it."""
    try:
        items = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        items = text.strip("[](){}").split(",")
    items = items if isinstance(items, list | tuple | set) else [items]
    return [str(item.get("name", "") if isinstance(item, dict) else item) for item in items]
