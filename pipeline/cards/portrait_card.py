"""A voice as a card: its songs and years, its ranks, its typical words, the sounds it rhymes on, who is near."""

from pipeline.analysis.portrait import Portrait, Rank
from pipeline.cards.blocks import draw_figures, draw_head, draw_words
from pipeline.cards.canvas import Canvas, Shape
from pipeline.cards.theme import Mode
from pipeline.core.translation import number, t, t_count

_SIZE = {"square": 38.0, "story": 60.0, "wide": 32.0}


def draw_portrait(
    found: Portrait, corpus: str, address: str = "", shape: Shape = "square", mode: Mode = "light"
) -> str:
    """Return the SVG of the card of a portrait, of the corpus of this name."""
    canvas = Canvas(shape, mode, margin=64 if shape == "wide" else 84)
    figures = _figures(found)
    y = draw_head(canvas, found.artist, about(found), (44, 96 if shape != "wide" else 60))
    y = draw_figures(canvas, figures, y + 20, 52 if shape != "wide" else 38)
    bottom, size = canvas.height - canvas.margin - 66.0, _SIZE[shape]
    parts = _words(found)
    for label, words, ink in parts:
        y = draw_words(canvas, label, words, y, size, bottom=bottom, ink=ink)
    canvas.foot(corpus, address, 16)
    said = [f"{name}: {value}" for name, value in figures]
    said += [f"{label}: {', '.join(words)}" for label, words, _ in parts]
    return canvas.svg(f"{found.artist}, {about(found)}", "\n".join(said))


def about(found: Portrait) -> str:
    """Return the sizes of a voice in a line: songs, words, years."""
    parts = [t_count("{n} song", "{n} songs", found.songs), t_count("{n} word", "{n} words", found.words)]
    if found.first_year is not None and found.last_year is not None:
        same = found.first_year == found.last_year
        parts.append(str(found.first_year) if same else f"{found.first_year}–{found.last_year}")
    return ", ".join(parts)


def _figures(found: Portrait) -> list[tuple[str, str]]:
    ranks = [(t("Richness of words"), found.richness), (t("Rhyme density"), found.density)]
    figures = [(name, _place(rank)) for name, rank in ranks if rank is not None]
    if len(found.multis):
        longest = int(found.multis["longest"].max())
        figures.append((t("Longest rhyme"), t_count("{n} syllable", "{n} syllables", longest)))
    return figures


def _place(rank: Rank) -> str:
    return t("{place} of {total}", place=rank.text, total=number(rank.of))


def _words(found: Portrait) -> list[tuple[str, list[str], str]]:
    """Return (label, words, ink) of what is told in words."""
    rhymes = [", ".join(examples[:2]) for examples in found.rhymes["examples"]] if len(found.rhymes) else []
    return [
        (t("Says more often than the others"), [str(word) for word in found.typical["word"]], "accent"),
        (t("Rhymes most on"), rhymes, "ink"),
        (t("Closest voices"), [str(name) for name in found.near["label"]], "ink"),
    ]
