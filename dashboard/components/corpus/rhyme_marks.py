"""HTML of lines whose rhymes have a colour, an underline and a letter, at line ends alone or inside lines too.

A line that only assonates has the small letter of the lines it assonates with. A filler after a rhyme (ouais, hein)
is not marked. An underline is the thicker the more syllables match. A letter and a colour belong to one group of a
section whatever is hidden: groups that end a line come first, A, B, C, then those found inside lines only.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from dashboard.components.frame.marked_text import Node, render_marks
from pipeline.analysis.firsts import blank_final_fillers
from pipeline.core.translation import format_decimal, language, mark, t, t_count
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import Scheme, rhyme_group_letter, section_rhyme_scheme
from pipeline.language.section_rhymes import RhymeSpan, rhyme_spans
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import Span, blank_adlibs, token_spans

STYLE_COUNT = 12  # pairs of a colour and an underline in the stylesheet, .r0 to .r11
_SCHEMES = {"free": mark("free"), "mixed": mark("mixed"), "monorhyme": mark("monorhyme")}


def _scheme_text(scheme: Scheme) -> str:
    """Return a rhyme scheme in the visitor's language: a name, letters, or "quatrains mostly" with letters."""
    if scheme.name in _SCHEMES:
        return t(_SCHEMES[scheme.name])
    return t("quatrains mostly {scheme}", scheme=scheme.name) if len(scheme.groups) >= 8 else scheme.name


MAX_UNDERLINE_PIXELS = 6  # pixels of an underline


class RhymeMarks(NamedTuple):
    """HTML of each line of a section, the name of its rhyme scheme in the visitor's language, and the scheme."""

    lines: list[str]
    scheme: str
    rhymes: Scheme


def mark_all_rhymes(lines: Sequence[str], pronunciations: Pronunciations, least: int = 1) -> RhymeMarks:
    """Return the lines of one section with end rhymes marked, and inside lines rhymes of at least `least` syllables."""
    scanned, rhyming = [scan_line(line, pronunciations) for line in lines], blank_final_fillers(lines)
    spans = rhyme_spans(rhyming, pronunciations)
    numbers = group_numbers(spans)
    shown: list[list[RhymeSpan]] = [[] for _ in lines]
    for span in spans:
        if span.kind == "end" or span.syllables >= least:
            shown[span.line].append(span._replace(group=numbers[span.group]))
    scheme = section_rhyme_scheme([scan_line(line, pronunciations) for line in rhyming])
    loose = _assonance_letters(
        scheme.assonances, {s.line: numbers[s.group] for s in spans if s.kind == "end"}, len(numbers)
    )
    html = [_line_html(*line) for line in zip(lines, scanned, shown, loose, strict=True)]
    return RhymeMarks(html, _scheme_text(scheme), scheme)


def _assonance_letters(assonances: Sequence[int | None], ends: Mapping[int, int], first: int) -> list[str]:
    """Return the small letter of each line that assonates but does not rhyme, the same for a group; "" for others.

    `ends` is the group of each line that rhymes; groups of lines that only assonate are numbered from `first` on.
    """
    groups: dict[int, int] = {}
    for line, group in enumerate(assonances):
        if group is not None and line in ends:
            groups.setdefault(group, ends[line])
    letters = []
    for line, group in enumerate(assonances):
        if group is None or line in ends:
            letters.append("")
            continue
        if group not in groups:
            groups[group] = first
            first += 1
        letters.append(rhyme_group_letter(groups[group]).lower())
    return letters


def group_numbers(spans: Sequence[RhymeSpan]) -> dict[int, int]:
    """Return new numbers of rhyme groups by old number: first groups at line ends, then others, as they appear."""
    ends = [span.group for span in spans if span.kind == "end"]
    return {group: number for number, group in enumerate(dict.fromkeys(ends + [span.group for span in spans]))}


def _line_html(text: str, line: LineScansion, spans: Sequence[RhymeSpan], loose: str) -> str:
    end = next((span for span in spans if span.kind == "end"), None)
    words = list(zip(token_spans(blank_adlibs(text)), line.sounds, strict=True))
    inside = render_marks(text, spans, lambda node: _rhyme_html_tags(node, words))
    shown = rhyme_group_letter(end.group) if end else loose
    letter = f'\u00a0<span class="rhyme-letter" aria-hidden="true">{shown}</span>' if shown else ""
    description = [t_count("{n} syllable", "{n} syllables", line.syllables.spoken)]
    if end:
        description.append(t("ends with rhyme {letter}", letter=rhyme_group_letter(end.group)))
    elif loose:
        description.append(t("assonates with {letter}", letter=loose.upper()))
    within = dict.fromkeys(rhyme_group_letter(span.group) for span in spans if span.kind == "internal")
    if within:
        description.append(t("internal rhymes {letters}", letters=", ".join(within)))
    counts = f'class="beats" aria-hidden="true" title="{escape(_syllable_counts_text(line))}"'
    return (
        f'<span title="{escape(line.ipa)}">{inside}</span>{letter}<span {counts}>{line.syllables.spoken}</span>'
        f'<span class="unseen" lang="{language()}">; {escape(", ".join(description))}</span>'
    )


def _syllable_counts_text(line: LineScansion) -> str:
    spoken, verse, fewest, most = line.syllables
    sizes = {"fewest": format_decimal(fewest), "most": format_decimal(most), "verse": format_decimal(verse)}
    if fewest < most:
        return t_count(
            "{n} syllable as spoken, {fewest} to {most} possible, {verse} in classical verse",
            "{n} syllables as spoken, {fewest} to {most} possible, {verse} in classical verse",
            spoken,
            **sizes,
        )
    return t_count(
        "{n} syllable as spoken, {verse} in classical verse",
        "{n} syllables as spoken, {verse} in classical verse",
        spoken,
        **sizes,
    )


def _rhyme_html_tags(node: Node[RhymeSpan], words: Sequence[tuple[Span, str]]) -> tuple[str, str]:
    """Return the HTML before and after a rhyme, given the words of its line with their sounds."""
    span, letter = node.span, rhyme_group_letter(node.span.group)
    length = t_count("rhyme {letter}, {n} syllable", "rhyme {letter}, {n} syllables", span.syllables, letter=letter)
    sounds = (sound for word, sound in words if sound and word.start < node.stop and word.stop > node.start)
    title = f"{' '.join(sounds)} · {length}"
    if span.near > span.syllables:
        title += t(", {n} with a similar vowel", n=format_decimal(span.near))
    thick = min(span.syllables + 1, MAX_UNDERLINE_PIXELS)
    small = f'<sup class="inner-letter" aria-hidden="true">{letter}</sup>' if span.kind == "internal" else ""
    before = f'<span class="rhyme r{span.group % STYLE_COUNT}" style="--t:{thick}px" title="{escape(title)}">'
    return before, f"</span>{small}"
