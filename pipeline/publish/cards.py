"""Cards of lyrics: a verse with its rhymes in colour and syllables beside it; a song, its sections as one bar, its
figures, the lines where it rhymes most densely; a voice, its songs and years, ranks, words, rhymes, and who is near.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.analysis.portrait import ArtistPortrait
from pipeline.analysis.words.structure import song_repetition
from pipeline.core.errors import SettingError
from pipeline.core.translation import format_decimal, format_percentage, t, t_count
from pipeline.corpus.song import display_name
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import RhymeSpan, rhyme_spans
from pipeline.language.syllables import scan_line
from pipeline.publish.canvas import Canvas, Shape, largest_size, shorten_to_width, width
from pipeline.publish.theme import RHYME_COLOURS, SECTION_COLOURS, Mode

_LEADING, _GUTTER = 1.5, 56.0


def _draw_verse_lines(canvas: Canvas, lines: Sequence[str], sounds: Pronunciations, top: float, bottom: float) -> None:
    """Draw lines between two heights, as large as they fit: end rhymes in colour, the syllables of each beside it."""
    most = min(58.0 if canvas.shape != "wide" else 40.0, (bottom - top) / max(len(lines), 1) / _LEADING)
    size = largest_size(list(lines), canvas.inner_width - _GUTTER, (min(22.0, most), most), "verse", 500)
    step = min(size * _LEADING * 1.25, (bottom - top) / max(len(lines), 1))
    first = top + (bottom - top - step * len(lines)) / 2 + size
    ends = [span for span in rhyme_spans(lines, sounds) if span.kind == "end"]
    inks = {
        group: RHYME_COLOURS[at % len(RHYME_COLOURS)]
        for at, group in enumerate(dict.fromkeys(span.group for span in ends))
    }
    widths = []
    for row, line in enumerate(lines):
        row_spans = [(span, inks[span.group]) for span in ends if span.line == row]
        widths.append(
            _draw_rhymed_line(canvas, line, row_spans, first + row * step, size, canvas.inner_width - _GUTTER)
        )
    beside = canvas.margin + min(max(widths, default=0.0) + _GUTTER + 24, canvas.inner_width)
    for row, line in enumerate(lines):
        syllables = str(scan_line(line, sounds).syllables.spoken)
        canvas.text(beside, first + row * step, syllables, 22, face="mono", ink="grey", end=True)


def _draw_figures(canvas: Canvas, figures: Sequence[tuple[str, str]], y: float, size: float = 48) -> float:
    """Draw figures in a row, (name, value), a rule above each; return where what follows may begin."""
    gap = 28.0
    room = (canvas.inner_width - gap * (len(figures) - 1)) / max(len(figures), 1)
    fit = largest_size([value for _, value in figures], room, (24, size), "text", 650)
    for at, (name, value) in enumerate(figures):
        x = canvas.margin + at * (room + gap)
        canvas.rectangle(x, y, room, 3, "ink")
        canvas.text(x, y + 36, shorten_to_width(name, room, "text", 22), 22, ink="grey")
        canvas.text(x, y + 50 + fit * 0.8, shorten_to_width(value, room, "text", fit, 650), fit, weight=650)
    return y + 50 + fit + 30 if figures else y


def _draw_words(
    canvas: Canvas, label: str, words: Sequence[str], y: float, size: float, *, bottom: float, ink: str = "ink"
) -> float:
    """Draw words under a label, in lines of the width, as many as end above `bottom`; return where what follows may
    begin."""
    if not words or y + 40 + size > bottom:
        return y
    canvas.text(canvas.margin, y + 26, label, 22, ink="grey")
    y += 26 + size * 1.25
    for line in _wrap_words(words, canvas.inner_width, size):
        if y > bottom:
            break
        line = shorten_to_width(line, canvas.inner_width, "verse", size, 500)
        canvas.text(canvas.margin, y, line, size, face="verse", weight=500, ink=ink)
        y += size * 1.3
    return y + 12


def _wrap_words(words: Sequence[str], room: float, size: float) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} · {word}" if lines[-1] else word
        if width(longer, "verse", size, 500) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _draw_rhymed_line(
    canvas: Canvas, line: str, ends: Sequence[tuple[RhymeSpan, str]], y: float, size: float, room: float
) -> float:
    """Write a line; what rhymes at its end in the ink of its group, underlined. Return its width."""
    line = shorten_to_width(line, room, "verse", size, 500)
    x, at = float(canvas.margin), 0
    for span, ink in ends:
        if span.stop > len(line):
            break
        x += canvas.text(x, y, line[at : span.start], size, face="verse", weight=500)
        word = line[span.start : span.stop]
        canvas.rectangle(x, y + size * 0.16, width(word, "verse", size, 700), max(2.0, size * 0.06), ink)
        x += canvas.text(x, y, word, size, face="verse", weight=700, ink=ink)
        at = span.stop
    return x + canvas.text(x, y, line[at:], size, face="verse", weight=500) - canvas.margin


MAX_LINES = {"square": 12, "story": 16, "wide": 6}  # lines of a shape; of real lyrics a page passes eight at most
MAX_QUOTED_LINES = 8  # lines of a published song that a card may show


@dataclass(frozen=True)
class VerseCard:
    """title and by stand above the lines, measure below them; source and address at the foot."""

    lines: tuple[str, ...]
    title: str = ""
    by: str = ""
    measure: str = ""
    source: str = ""
    address: str = ""


def draw_verse(card: VerseCard, sounds: Pronunciations, shape: Shape = "square", mode: Mode = "light") -> str:
    """Return the SVG of a card; lines beyond what the shape holds are left out."""
    canvas = Canvas(shape, mode)
    lines = [" ".join(line.split()) for line in card.lines if line.strip()][: MAX_LINES[shape]]
    top = canvas.head(card.title, card.by)
    _draw_verse_lines(canvas, lines, sounds, top, canvas.height - canvas.margin - 30 - (84 if card.measure else 44))
    if card.measure:
        y = canvas.height - canvas.margin - 74
        canvas.text(canvas.margin, y, shorten_to_width(card.measure, canvas.inner_width, "text", 26), 26, ink="accent")
    canvas.foot(card.source, card.address, len(lines))
    counted = t_count("{n} line", "{n} lines", len(lines))
    title = ", ".join(filter(None, [card.title, card.by, counted]))
    return canvas.svg(title, "\n".join([*lines, card.measure]).strip())


_MAX_SONG_LINES_BY_SHAPE = {"square": 4, "story": MAX_QUOTED_LINES, "wide": 2}
_SECTION_BAR_HEIGHTS = {"square": 34, "story": 44, "wide": 24}  # pixels high


@dataclass(frozen=True)
class SongCard:
    """sections: (kind, lines) in order; figures: (name, value); lines: the densest stretch of the song."""

    title: str
    by: str
    sections: tuple[tuple[str, int], ...]
    figures: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    source: str = ""
    address: str = ""


def song_card(corpus: Corpus, phonetic_table: pd.DataFrame, song: int, address: str = "") -> SongCard:
    """Return the card of a song of the corpus. Raise SettingError for one that it does not hold."""
    if song not in corpus.songs.index:
        raise SettingError("There is no song {song} in this part of the corpus.", song=song)
    metadata, lines = corpus.songs.loc[song], corpus.lines[corpus.lines["song"] == song]
    lines = lines.assign(text=corpus.texts_of(lines.index))
    kinds = corpus.sections["kind"].astype(str)
    sections = tuple((kinds[section], len(part)) for section, part in lines.groupby("section", sort=False))
    sounds = phonetic_table.loc[lines.index, ["rhymed_syllables", "vowels"]]
    facts = song_repetition(corpus.where(songs=[song])).iloc[0]
    total = max(int(sounds["vowels"].sum()), 1)
    figures = (
        (t("Lines"), format_decimal(len(lines))),
        (t("Words"), format_decimal(int(facts["words"]))),
        (t("Rhyme density"), format_percentage(sounds["rhymed_syllables"].sum() / total)),
        (t("In repeated lines"), format_percentage(facts["repetition"])),
    )
    year = "" if pd.isna(metadata["year"]) else f", {metadata['year']}"
    artist, title = display_name(metadata["artist"]), display_name(metadata["title"])
    source = f"{artist} · {corpus.name}"
    excerpt = _densest_excerpt(lines, sounds)
    return SongCard(title, f"{artist}{year}", sections, figures, excerpt, source, address)


def draw_song(card: SongCard, sounds: Pronunciations, shape: Shape = "square", mode: Mode = "light") -> str:
    """Return the SVG of a card."""
    canvas = Canvas(shape, mode)
    y = canvas.head(card.title, card.by, (34, 60))
    total = max(sum(bars for _, bars in card.sections), 1)
    x = float(canvas.margin)
    for kind, bars in card.sections:
        wide = canvas.inner_width * bars / total
        canvas.rectangle(x, y + 8, max(wide - 3, 1), _SECTION_BAR_HEIGHTS[shape], SECTION_COLOURS.get(kind, "grey"))
        x += wide
    y = _draw_figures(canvas, card.figures, y + _SECTION_BAR_HEIGHTS[shape] + 40, 48 if shape != "wide" else 36)
    lines = card.lines[: _MAX_SONG_LINES_BY_SHAPE[shape]]
    _draw_verse_lines(canvas, lines, sounds, y, canvas.height - canvas.margin - 50)
    canvas.foot(card.source, card.address, 16)
    description = [*(f"{name}: {value}" for name, value in card.figures), *lines]
    return canvas.svg(", ".join(filter(None, [card.title, card.by])), "\n".join(description))


def _densest_excerpt(lines: pd.DataFrame, sounds: pd.DataFrame) -> tuple[str, ...]:
    """Return up to `MAX_QUOTED_LINES` lines in a row of one section, those with the largest share of rhymed
    syllables.
    """
    best, chosen = -1.0, lines.head(0)
    for _, part in lines.groupby("section", sort=False):
        part = part[part["text"].str.strip() != ""]
        for at in range(max(len(part) - MAX_QUOTED_LINES, 0) + 1):
            excerpt = part.iloc[at : at + MAX_QUOTED_LINES]
            counts = sounds.loc[excerpt.index].sum()
            density = float(counts["rhymed_syllables"]) / max(float(counts["vowels"]), 1.0)
            if len(excerpt) >= min(len(lines), 4) and density > best:
                best, chosen = density, excerpt
    return tuple(chosen["text"]) or tuple(lines["text"].head(MAX_QUOTED_LINES))


_PORTRAIT_TEXT_SIZES = {"square": 38.0, "story": 60.0, "wide": 32.0}


def draw_portrait(
    portrait: ArtistPortrait, corpus: str, address: str = "", shape: Shape = "square", mode: Mode = "light"
) -> str:
    """Return the SVG of the card of a portrait, of the corpus of this name."""
    canvas = Canvas(shape, mode)
    figures = _portrait_figures(portrait)
    y = canvas.head(portrait.artist, portrait_size_text(portrait), (44, 96 if shape != "wide" else 60))
    y = _draw_figures(canvas, figures, y + 20, 52 if shape != "wide" else 38)
    bottom, size = canvas.height - canvas.margin - 66.0, _PORTRAIT_TEXT_SIZES[shape]
    parts = _portrait_words(portrait)
    for label, words, ink in parts:
        y = _draw_words(canvas, label, words, y, size, bottom=bottom, ink=ink)
    canvas.foot(corpus, address, 16)
    description = [f"{name}: {value}" for name, value in figures]
    description += [f"{label}: {', '.join(words)}" for label, words, _ in parts]
    return canvas.svg(f"{portrait.artist}, {portrait_size_text(portrait)}", "\n".join(description))


def portrait_size_text(portrait: ArtistPortrait) -> str:
    """Return the sizes of a voice in a line: songs, words, years."""
    parts = [t_count("{n} song", "{n} songs", portrait.songs), t_count("{n} word", "{n} words", portrait.words)]
    if portrait.first_year is not None and portrait.last_year is not None:
        same = portrait.first_year == portrait.last_year
        parts.append(str(portrait.first_year) if same else f"{portrait.first_year}–{portrait.last_year}")
    return ", ".join(parts)


def _portrait_figures(portrait: ArtistPortrait) -> list[tuple[str, str]]:
    ranks = [(t("Vocabulary"), portrait.richness), (t("Rhyme density"), portrait.density)]
    figures = [
        (name, t("rank {place} of {total}", place=rank.text, total=format_decimal(rank.of)))
        for name, rank in ranks
        if rank is not None
    ]
    if len(portrait.multis):
        longest = int(portrait.multis["longest"].max())
        figures.append((t("Longest rhyme"), t_count("{n} syllable", "{n} syllables", longest)))
    return figures


def _portrait_words(portrait: ArtistPortrait) -> list[tuple[str, list[str], str]]:
    """Return (label, words, ink) of what is told in words."""
    rhymes = [", ".join(examples[:2]) for examples in portrait.rhymes["examples"]] if len(portrait.rhymes) else []
    return [
        (t("Signature words"), [str(word) for word in portrait.typical["word"]], "accent"),
        (t("Favourite rhymes"), rhymes, "ink"),
        (t("Most similar artists"), [str(name) for name in portrait.near["label"]], "ink"),
    ]
