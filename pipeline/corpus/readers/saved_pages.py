"""HTML pages saved from lyrics sites: the containers of lyrics that Genius had and has, and what other sites call
lyrics or paroles. Everything else of the page is set aside."""

import re
from html.parser import HTMLParser
from itertools import pairwise

from pipeline.core.errors import SourceError
from pipeline.core.translation import mark
from pipeline.corpus.account import Account, text_size
from pipeline.corpus.cleaning.metadata import FRENCH_PAGE_TITLE
from pipeline.corpus.readers import Reader, ReadingHints
from pipeline.corpus.readers.text import decode_text
from pipeline.corpus.song import RawSong, ReaderItems

_LYRICS_CLASS_PATTERN = re.compile(r"(?:^|[\s_-])(?:lyrics|paroles|song-?text|lyrics__container)(?:$|[\s_-])", re.I)
_NOT_LYRICS = re.compile(r"header|footer|title|button|sidebar|nav|related|album|ad\b", re.I)
_VOID = frozenset(("br", "img", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed"))
_BLOCKS = frozenset(("p", "div", "li", "tr", "section", "h1", "h2", "h3"))
_SKIPPED_ELEMENTS = frozenset(("script", "style", "noscript", "svg", "button", "template"))
_TITLE = re.compile(r"^(?P<artist>[^\n]{1,100}?) [–-] (?P<title>[^\n|]{1,150}?)(?: (?:Lyrics|Paroles))?(?: ?\||$)")


class _LyricsPageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lyrics: list[str] = []
        self.title: list[str] = []
        self.rest: list[str] = []
        self._open: list[str] = []
        self._container = 0  # depth at which a container opened; 0 outside
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" and self._container:
            self.lyrics.append("\n")
        if tag in _VOID:
            return
        self._open.append(tag)
        self._silent += tag in _SKIPPED_ELEMENTS
        if not self._container and tag in ("div", "section", "p", "pre", "article") and _is_lyrics_element(attrs):
            self._container = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open[-50:]:
            return
        while self._open:
            closed = self._open.pop()
            self._silent -= closed in _SKIPPED_ELEMENTS
            if self._container and closed in _BLOCKS:
                self.lyrics.append("\n")
            if len(self._open) < self._container:
                self._container = 0
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._container:
            self.lyrics.append(data)
        else:
            (self.title if self._open[-1:] == ["title"] else self.rest).append(data)


def _is_lyrics_element(attrs: list[tuple[str, str | None]]) -> bool:
    """Return whether an HTML element with these attributes contains the lyrics of a page."""
    for name, value in attrs:
        if name == "data-lyrics-container" and value == "true":
            return True
        if name in ("class", "id") and value and _LYRICS_CLASS_PATTERN.search(value) and not _NOT_LYRICS.search(value):
            return True
    return False


def read_page(data: bytes, name: str, hints: ReadingHints) -> ReaderItems:
    """Yield the song of a saved HTML page. Raises SourceError if no part of it is marked as lyrics."""
    text = decode_text(data, name)
    page = _LyricsPageParser()
    page.feed(text.text)
    page.close()
    lyrics = _tidy_blank_lines("".join(page.lyrics))
    if not lyrics:
        raise SourceError("{name} is a page with no part marked as lyrics. Save its lyrics as text.", name=name)
    title = " ".join("".join(page.title).split())
    match = FRENCH_PAGE_TITLE.match(title) or _TITLE.match(title)
    fields = {key: value.strip() for key, value in match.groupdict().items()} if match else {}
    yield RawSong(lyrics, name, encoding=text.encoding).with_metadata(hints.names.fields | fields, hints.names.facets)
    account = Account(text_size(lyrics))
    rest = text_size("".join(page.rest)) + text_size(title)
    account.add_dropped("page", mark("The page around the lyrics"), rest)
    account.read += rest
    yield account


def _tidy_blank_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    spaced = [line for before, line in pairwise(["", *lines]) if line or before]
    return "\n".join(spaced).strip()


PAGE_READER = Reader("page", read_page, (".html", ".htm", ".xhtml"), one_song=True)
