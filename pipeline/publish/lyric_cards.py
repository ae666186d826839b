"""Lyrics as cards: a verse with its rhymes in colour and syllables beside it; a song with its sections as one bar, its
figures, and the lines where it rhymes most densely.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.analysis.words.structure import song_repetition
from pipeline.core.errors import SettingError
from pipeline.core.translation import number, share, t, t_count
from pipeline.corpus.song import shown_name
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.publish.blocks import draw_figures, draw_head, draw_lines
from pipeline.publish.canvas import Canvas, Shape, shorten_to_width
from pipeline.publish.theme import SECTION_COLOURS, Mode

MOST = {"square": 12, "story": 16, "wide": 6}  # lines of a shape; of real lyrics a page passes eight at most
LYRICS = 8  # lines of a published song that a card may show


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
    canvas = Canvas(shape, mode, margin=64 if shape == "wide" else 84)
    lines = [" ".join(line.split()) for line in card.lines if line.strip()][: MOST[shape]]
    top = draw_head(canvas, card.title, card.by)
    draw_lines(canvas, lines, sounds, top, canvas.height - canvas.margin - 30 - (84 if card.measure else 44))
    if card.measure:
        y = canvas.height - canvas.margin - 74
        canvas.text(canvas.margin, y, shorten_to_width(card.measure, canvas.inner, "text", 26), 26, ink="accent")
    canvas.foot(card.source, card.address, len(lines))
    counted = t_count("{n} line", "{n} lines", len(lines))
    return canvas.svg(
        ", ".join(filter(None, [card.title, card.by, counted])), "\n".join([*lines, card.measure]).strip()
    )


_LINES = {"square": 4, "story": LYRICS, "wide": 2}
_BAR = {"square": 34, "story": 44, "wide": 24}  # pixels high


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
        raise SettingError("There is no song number {song} in this part of the corpus.", song=song)
    about, lines = corpus.songs.loc[song], corpus.lines[corpus.lines["song"] == song]
    lines = lines.assign(text=corpus.texts_of(lines.index))
    kinds = corpus.sections["kind"].astype(str)
    sections = tuple((kinds[section], len(part)) for section, part in lines.groupby("section", sort=False))
    sounds = phonetic_table.loc[lines.index, ["rhymed_syllables", "vowels"]]
    facts = song_repetition(corpus.where(songs=[song]), compression=False).iloc[0]
    total = max(int(sounds["vowels"].sum()), 1)
    figures = (
        (t("Lines"), number(len(lines))),
        (t("Words"), number(int(facts["words"]))),
        (t("Rhyme density"), share(sounds["rhymed_syllables"].sum() / total)),
        (t("In repeated lines"), share(facts["repetition"])),
    )
    year = "" if pd.isna(about["year"]) else f", {about['year']}"
    artist, title = shown_name(about["artist"]), shown_name(about["title"])
    source = f"{artist} · {corpus.name}"
    stretch = _densest(lines, sounds)
    return SongCard(title, f"{artist}{year}", sections, figures, stretch, source, address)


def draw_song(card: SongCard, sounds: Pronunciations, shape: Shape = "square", mode: Mode = "light") -> str:
    """Return the SVG of a card."""
    canvas = Canvas(shape, mode, margin=64 if shape == "wide" else 84)
    y = draw_head(canvas, card.title, card.by, (34, 60))
    total = max(sum(bars for _, bars in card.sections), 1)
    x = float(canvas.margin)
    for kind, bars in card.sections:
        wide = canvas.inner * bars / total
        canvas.rectangle(x, y + 8, max(wide - 3, 1), _BAR[shape], SECTION_COLOURS.get(kind, "grey"))
        x += wide
    y = draw_figures(canvas, card.figures, y + _BAR[shape] + 40, 48 if shape != "wide" else 36)
    lines = card.lines[: _LINES[shape]]
    draw_lines(canvas, lines, sounds, y, canvas.height - canvas.margin - 50)
    canvas.foot(card.source, card.address, 16)
    description = [*(f"{name}: {value}" for name, value in card.figures), *lines]
    return canvas.svg(", ".join(filter(None, [card.title, card.by])), "\n".join(description))


def _densest(lines: pd.DataFrame, sounds: pd.DataFrame) -> tuple[str, ...]:
    """Return up to `LYRICS` lines in a row of one section, those with the largest share of rhymed syllables."""
    best, chosen = -1.0, lines.head(0)
    for _, part in lines.groupby("section", sort=False):
        part = part[part["text"].str.strip() != ""]
        for at in range(max(len(part) - LYRICS, 0) + 1):
            stretch = part.iloc[at : at + LYRICS]
            heard = sounds.loc[stretch.index].sum()
            density = float(heard["rhymed_syllables"]) / max(float(heard["vowels"]), 1.0)
            if len(stretch) >= min(len(lines), 4) and density > best:
                best, chosen = density, stretch
    return tuple(chosen["text"]) or tuple(lines["text"].head(LYRICS))
