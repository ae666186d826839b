"""A voice as a card: its songs and years, its ranks, its typical words, the sounds it rhymes on, who is near."""

from pipeline.analysis.portrait import Portrait, Rank
from pipeline.core.translation import number, t, t_count
from pipeline.publish.blocks import draw_figures, draw_head, draw_words
from pipeline.publish.canvas import Canvas, Shape
from pipeline.publish.theme import Mode

_SIZE = {"square": 38.0, "story": 60.0, "wide": 32.0}


def draw_portrait(
    portrait: Portrait, corpus: str, address: str = "", shape: Shape = "square", mode: Mode = "light"
) -> str:
    """Return the SVG of the card of a portrait, of the corpus of this name."""
    canvas = Canvas(shape, mode, margin=64 if shape == "wide" else 84)
    figures = _figures(portrait)
    y = draw_head(canvas, portrait.artist, about(portrait), (44, 96 if shape != "wide" else 60))
    y = draw_figures(canvas, figures, y + 20, 52 if shape != "wide" else 38)
    bottom, size = canvas.height - canvas.margin - 66.0, _SIZE[shape]
    parts = _words(portrait)
    for label, words, ink in parts:
        y = draw_words(canvas, label, words, y, size, bottom=bottom, ink=ink)
    canvas.foot(corpus, address, 16)
    description = [f"{name}: {value}" for name, value in figures]
    description += [f"{label}: {', '.join(words)}" for label, words, _ in parts]
    return canvas.svg(f"{portrait.artist}, {about(portrait)}", "\n".join(description))


def about(portrait: Portrait) -> str:
    """Return the sizes of a voice in a line: songs, words, years."""
    parts = [t_count("{n} song", "{n} songs", portrait.songs), t_count("{n} word", "{n} words", portrait.words)]
    if portrait.first_year is not None and portrait.last_year is not None:
        same = portrait.first_year == portrait.last_year
        parts.append(str(portrait.first_year) if same else f"{portrait.first_year}–{portrait.last_year}")
    return ", ".join(parts)


def _figures(portrait: Portrait) -> list[tuple[str, str]]:
    ranks = [(t("Richness of words"), portrait.richness), (t("Rhyme density"), portrait.density)]
    figures = [(name, _place(rank)) for name, rank in ranks if rank is not None]
    if len(portrait.multis):
        longest = int(portrait.multis["longest"].max())
        figures.append((t("Longest rhyme"), t_count("{n} syllable", "{n} syllables", longest)))
    return figures


def _place(rank: Rank) -> str:
    return t("{place} of {total}", place=rank.text, total=number(rank.of))


def _words(portrait: Portrait) -> list[tuple[str, list[str], str]]:
    """Return (label, words, ink) of what is told in words."""
    rhymes = [", ".join(examples[:2]) for examples in portrait.rhymes["examples"]] if len(portrait.rhymes) else []
    return [
        (t("Says more often than the others"), [str(word) for word in portrait.typical["word"]], "accent"),
        (t("Rhymes most on"), rhymes, "ink"),
        (t("Closest voices"), [str(name) for name in portrait.near["label"]], "ink"),
    ]
