"""Lines whose end rhymes are shown: a colour, an underline and a letter for each rhyme."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from dashboard import cache
from dashboard.components.marked_text import render_marks
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import mark, t
from pipeline.language.scheme import UNRHYMED, end_word, section_scheme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import blank_adlibs, token_spans

STYLES = 6  # colours and underlines in the stylesheet, .r0 to .r5
_SCHEMES = {"free": mark("free"), "mixed": mark("mixed"), "monorhyme": mark("monorhyme")}


class Rhymed(NamedTuple):
    """A section with its rhymes: HTML of each line, the letters, the name of the scheme."""

    lines: list[str]
    letters: tuple[str, ...]
    scheme: str


def mark_rhymes(lines: Sequence[str], corpus: str = DEMO_NAME) -> Rhymed:
    """The lines of one section of a corpus, the words that rhyme at their ends marked."""
    pronunciations = cache.line_pronunciations(lines, corpus)
    scanned = [scan_line(line, pronunciations) for line in lines]
    scheme = section_scheme(scanned)
    html = [
        escape(text, quote=False) if group is None else _mark(text, end_word(line), group, letter)
        for text, line, group, letter in zip(lines, scanned, scheme.groups, scheme.letters, strict=True)
    ]
    return Rhymed(html, scheme.letters, scheme.name)


def scheme_text(name: str) -> str:
    """Return the name of a scheme in the language of the moment: letters stay as they are.

    >>> scheme_text("AABB"), scheme_text("mixed")
    ('AABB', 'mixed')
    """
    return t(_SCHEMES[name]) if name in _SCHEMES else name


def rhyme_count(letters: Sequence[str]) -> int:
    """How many of the lines rhyme."""
    return sum(letter != UNRHYMED for letter in letters)


def _mark(text: str, word: str, group: int, letter: str) -> str:
    spans = [span for span in token_spans(blank_adlibs(text)) if span.token == word][-1:]
    tags = (f'<span class="rhyme r{group % STYLES}">', "</span>")
    return render_marks(text, spans, lambda _: tags) + f'<span class="rhyme-letter">{letter}</span>'
