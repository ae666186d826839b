"""Lines as they were written, on paper: rhymes in colour, syllables in the margin, copies underlined, what is missing,
who wrote a line.

Every text is escaped here. Lines come from the model or from the visitor; those of the visitor have no pieces.
"""

import re
from collections.abc import Container, Iterator, Sequence
from html import escape
from itertools import groupby, pairwise
from math import prod
from typing import NamedTuple

import pandas as pd

from dashboard import cache
from dashboard.charts.palette import SECTION_COLOURS
from dashboard.components.corpus.rhyme_marks import STYLE_COUNT
from dashboard.components.frame.marked_text import render_marks
from dashboard.locale.phrasing import section_name
from dashboard.navigation import address
from pipeline.core.translation import format_percentage, language, t, t_count
from pipeline.corpus.song import display_song_label
from pipeline.generation.constraints import violation_text
from pipeline.generation.context import normalise_text
from pipeline.generation.lyric import GeneratedLine, Quotation, WrittenToken
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import rhyme_group_letter, section_rhyme_scheme
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import blank_adlibs, token_spans, tokenise

_WORD = re.compile(r"\S+")


class RhymeMark(NamedTuple):
    """The letter of a line's rhyme and the number of its colour."""

    letter: str
    colour: int


class StyledSpan(NamedTuple):
    """A part of a line with its CSS classes and its tooltip."""

    start: int
    stop: int
    css: str
    title: str


def human_line(text: str) -> GeneratedLine:
    """Return a line that no model wrote."""
    return GeneratedLine(text=text, log_probability=0.0, tokens=0)


def finished_seed_lines(seed: str) -> list[GeneratedLine]:
    """Return the finished lines of a seed; an unfinished last one is part of the first line written."""
    return [human_line(line) for line in normalise_text(seed).split("\n")[:-1] if line.strip()]


def lines_html(lines: Sequence[GeneratedLine], sounds: Pronunciations) -> str:
    """Return the HTML of lines in their sections."""
    blocks, start = [], 1
    parts = [list(part) for _, part in groupby(lines, key=lambda line: line.section)]
    for part in parts:
        rhymes = zip(part, rhyme_marks_by_line(part, sounds), strict=True)
        items = [_line_html(line, rhyme, origin_html(line, lines)) for line, rhyme in rhymes]
        blocks.append(_section_tag_html(part[0].kind) + _line_list_html(items, start))
        start += len(part)
    return "".join(blocks) or _line_list_html([], 1)


def listbox_html(lines: Sequence[GeneratedLine], sounds: Pronunciations, locked: Container[str]) -> str:
    """Return the HTML of lines as a list box of selectable options, sections as groups, with the place for the next
    line."""
    blocks, at = [], 0
    for _, section in groupby(lines, key=lambda line: line.section):
        part, items = list(section), []
        for number, (line, rhyme) in enumerate(zip(part, rhyme_marks_by_line(part, sounds), strict=True), at):
            lock = f'<span class="lock">{t("locked")}</span>' if line.text in locked else ""
            html = _line_html(line, rhyme, lock + origin_html(line, lines, linked=False))
            items.append(_listbox_line_html(number, html, number + 1))
        tag = _section_tag_html(part[0].kind, ' aria-hidden="true"')  # the group says it
        blocks.append(tag + _listbox_section_html("".join(items), part[0].kind or t("section")))
        at += len(part)
    more = _listbox_line_html(at, f'<span lang="{language()}">{t("Next line")}</span>', css="next")
    return "".join([*blocks, _listbox_section_html(more, t("Next line"))])


def _listbox_section_html(items: str, label: str) -> str:
    return f'<div class="sung"><ol class="verse" lang="fr" role="group" aria-label="{escape(label)}">{items}</ol></div>'


def _listbox_line_html(at: int, html: str, bar: int = 0, css: str = "") -> str:
    number = f' data-bar="{bar}"' if bar and bar % 4 == 0 else ""
    tab = 0 if at == 0 else -1  # one stop for the tab key; arrows lead from line to line
    named = f' class="{css}"' if css else ""
    return f'<li role="option" aria-selected="false" tabindex="{tab}" data-line="{at}"{number}{named}>{html}</li>'


def rhyme_marks_by_line(lines: Sequence[GeneratedLine], sounds: Pronunciations) -> list[RhymeMark | None]:
    """Return the rhyme of each line as it is heard, or None; assonances that were asked for have a letter too."""
    groups = list(section_rhyme_scheme([scan_line(line.text, sounds) for line in lines]).groups)
    openings: dict[str, int] = {}
    for at, line in enumerate(lines):
        opening = openings.setdefault(line.rhyme, at) if line.rhyme else at
        if opening != at and groups[at] is None and line.rhyme_kind and not line.violations:
            if groups[opening] is None:
                groups[opening] = 1 + max((group for group in groups if group is not None), default=-1)
            groups[at] = groups[opening]
    order = list(dict.fromkeys(group for group in groups if group is not None))
    numbers = [None if group is None else order.index(group) for group in groups]
    return [None if group is None else RhymeMark(rhyme_group_letter(group), group) for group in numbers]


def _section_tag_html(kind: str, unseen: str = "") -> str:
    if not kind:
        return ""
    colour = SECTION_COLOURS.get(kind, "grey")
    shown = escape(section_name(kind).capitalize())
    return f'<p class="section-tag"{unseen} style="--kind:var(--{colour})">{shown}</p>'


def _line_list_html(items: Sequence[str], start: int) -> str:
    bars = "".join(
        f"<li{f' data-bar={bar}' if bar % 4 == 0 else ''}>{item}</li>" for bar, item in enumerate(items, start)
    )
    return f'<div class="sung"><ol class="verse" lang="fr">{bars}</ol></div>'


def author(line: GeneratedLine) -> str:
    """Return who wrote a line: the song that it is quoted from, a local model by name, the network, or the visitor."""
    return (
        display_song_label(line.quotation.label)
        if line.quotation
        else line.by or (t("the model") if line.tokens else t("you"))
    )


def origin_html(line: GeneratedLine, lines: Sequence[GeneratedLine], *, linked: bool = True) -> str:
    """Return the author of a line as HTML, or a link to the song it quotes; "" for the author of over half of `lines`.

    An option of a list box holds nothing to click: there it is not `linked`.
    """
    if 2 * [author(each) for each in lines].count(author(line)) > len(lines) and not line.quotation:
        return ""
    name = author(line) if line.quotation else t("by {name}", name=author(line))
    name = escape(name, quote=False)
    if linked and line.quotation and (place := song_address(line.quotation)):
        name = f'<a href="{escape(place)}" target="_self">{name}</a>'
    return f'<span class="origin" lang="{language()}">{name}</span>'


def song_address(quotation: Quotation) -> str:
    """Return the address of the song of a quotation; "" where its corpus is missing or has changed."""
    if quotation.corpus not in cache.corpus_names():
        return ""
    key = cache.song_url_keys(quotation.corpus).get(quotation.song)
    return address("song", song=key, corpus=quotation.corpus) if key else ""


def _line_html(line: GeneratedLine, rhyme: RhymeMark | None, origin: str) -> str:
    """Return the HTML of a line with its rhyme, its syllables, and, where a model wrote it, the constraints that it
    violates."""
    letter = f'<span class="rhyme-letter" aria-hidden="true">{escape(rhyme.letter)}</span>' if rhyme else ""
    beats = f'<span class="beats" aria-hidden="true">{escape(str(line.syllables))}</span>' if line.syllables else ""
    about = [t_count("{n} syllable", "{n} syllables", line.syllables)] if line.syllables else []
    about += [t("rhyme {letter}", letter=rhyme.letter)] if rhyme else []
    unseen = f'<span class="unseen" lang="{language()}">; {escape(", ".join(about))}</span>' if about else ""
    violations = (escape(violation_text(violation), quote=False) for violation in line.violations if line.tokens)
    lacks = "".join(f'<span class="lacks" lang="{language()}">{text}</span>' for text in violations)
    return f'<span class="words">{marked_line(line, rhyme)}</span>{letter}{beats}{unseen}{lacks}{origin}'


def marked_line(line: GeneratedLine, rhyme: RhymeMark | None = None) -> str:
    """Return the HTML of a line's words with their probabilities, its rhyme and copied phrases marked."""
    marks = [*_probability_marks(line), *_copied_phrase_spans(line), *_rhyme_marks(line.text, rhyme)]
    return render_marks(line.text, _split_overlapping_marks(marks), lambda node: (_span_tag(node.span), "</span>"))


def _split_overlapping_marks(marks: Sequence[StyledSpan]) -> Iterator[StyledSpan]:
    """Yield marks that do not overlap, each with the classes and tooltips of all marks over it."""
    cuts = sorted({cut for mark in marks for cut in mark[:2]})
    for start, stop in pairwise(cuts):
        over = [mark for mark in marks if mark.start <= start and stop <= mark.stop]
        css = " ".join(mark.css for mark in over if mark.css)
        title = "\n".join(mark.title for mark in over if mark.title)
        if css or title:
            yield StyledSpan(start, stop, css, title)


def _span_tag(mark: StyledSpan) -> str:
    """Return the opening <span> tag of a part of a line, with its tooltip. `word_table` has the tooltips as a table."""
    tip = f' data-tip="{escape(mark.title)}"' if mark.title else ""
    return "<span" + (f' class="{mark.css}"' if mark.css else "") + tip + ">"


def word_table(line: GeneratedLine) -> pd.DataFrame:
    """Return a table of the words that a model wrote in a line: word, probability, likeliest alternatives."""
    rows = [
        (line.text[start:stop], prod(piece.probability for piece in over), _alternatives_text(over))
        for start, stop, over in _generated_words(line)
    ]
    return pd.DataFrame(rows, columns=["word", "probability", "instead"])


def _probability_marks(line: GeneratedLine) -> Iterator[StyledSpan]:
    """Yield a span for each word that the network wrote, with its probability and alternatives."""
    if line.by:
        return
    for start, stop, over in _generated_words(line):
        value = prod(piece.probability for piece in over)
        likely = format_percentage(value) if value >= 0.0005 else t("below {share}", share=format_percentage(0.001))
        title = t("probability {share}", share=likely)
        if instead := _alternatives_text(over):
            title = t("probability {share} · most likely here: {words}", share=likely, words=instead)
        yield StyledSpan(start, stop, "", title)


def _generated_words(line: GeneratedLine) -> Iterator[tuple[int, int, list[WrittenToken]]]:
    """Yield the (start, stop, token pieces) of each word that the model wrote."""
    spelling = "".join(piece.text for piece in line.pieces).rstrip("\n")
    offset = len(line.text) - len(spelling)
    spans, at = [], offset
    for piece in line.pieces:
        spans.append((at, at + len(piece.text), piece))
        at += len(piece.text)
    for match in _WORD.finditer(line.text, max(offset, 0)):
        over = [piece for start, stop, piece in spans if start < match.end() and stop > match.start()]
        over = [piece for piece in over if piece.text.strip()]
        if over:
            yield match.start(), match.end(), over


def _alternatives_text(pieces: Sequence[WrittenToken]) -> str:
    """Return the likeliest tokens at the beginning of a word with their probabilities."""
    return ", ".join(
        f"{t('end of line') if text == '<line>' else text} {format_percentage(p)}"
        for text, p in pieces[0].alternatives
        if not text.startswith("<") or text == "<line>"
    )


def _copied_phrase_spans(line: GeneratedLine) -> Iterator[StyledSpan]:
    spans, start = token_spans(line.text), 0
    tokens = [span.token for span in spans]
    for copy in line.copies:
        words = tokenise(copy.text)
        for at in range(start, len(tokens) - len(words) + 1):
            if words and tokens[at : at + len(words)] == words:
                title = t(
                    "{n} consecutive words found in {source}", n=copy.words, source=display_song_label(copy.source)
                )
                start = at + len(words)
                yield StyledSpan(spans[at].start, spans[start - 1].stop, "copied", title)
                break


def _rhyme_marks(text: str, rhyme: RhymeMark | None) -> Iterator[StyledSpan]:
    """Yield the last word of a line if it rhymes."""
    spans = token_spans(blank_adlibs(text))
    if rhyme and spans:
        yield StyledSpan(spans[-1].start, spans[-1].stop, f"rhyme r{rhyme.colour % STYLE_COUNT}", "")
