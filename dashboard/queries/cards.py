"""What the cards to share show of a verse, a song or an artist; static/share.js draws them."""

from dataclasses import dataclass

import pandas as pd

from dashboard.locale.phrasing import year_span
from pipeline.analysis.portrait import ArtistPortrait
from pipeline.analysis.words.structure import song_repetition
from pipeline.core.errors import SettingError
from pipeline.core.translation import format_decimal, format_percentage, t, t_count
from pipeline.corpus.song import display_name
from pipeline.corpus.table import Corpus

MAX_QUOTED_LINES = 8  # lines of a published song that a card may show


@dataclass(frozen=True)
class ShareCard:
    """The contents of a card, from its top to its foot.

    sections  (kind, lines) of a song in order, drawn as one bar
    figures   (name, value), in a row
    words     (label, words, colour), each in rows of its own
    lines     lyrics, which take the room that is left
    note      a sentence below them
    """

    title: str = ""
    by: str = ""
    sections: tuple[tuple[str, int], ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    lines: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    address: str = ""


def song_card(corpus: Corpus, phonetic_table: pd.DataFrame, song: int, address: str = "") -> ShareCard:
    """Return the card of a song of the corpus. Raise SettingError for one that it does not hold."""
    if song not in corpus.songs.index:
        raise SettingError("There is no song {song} in this part of the corpus.", song=song)
    metadata, lines = corpus.songs.loc[song], corpus.lines[corpus.lines["song"] == song]
    lines = lines.assign(text=corpus.texts_of(lines.index))
    kinds = corpus.sections["kind"].astype(str)
    sounds = phonetic_table.loc[lines.index, ["rhymed_syllables", "vowels"]]
    facts = song_repetition(corpus.where(songs=[song])).iloc[0]
    artist, year = display_name(metadata["artist"]), metadata["year"]
    return ShareCard(
        title=display_name(metadata["title"]),
        by=artist if pd.isna(year) else f"{artist}, {year}",
        sections=tuple((kinds[section], len(part)) for section, part in lines.groupby("section", sort=False)),
        figures=(
            (t("Lines"), format_decimal(len(lines))),
            (t("Words"), format_decimal(int(facts["words"]))),
            (t("Rhyme density"), format_percentage(sounds["rhymed_syllables"].sum() / max(sounds["vowels"].sum(), 1))),
            (t("In repeated lines"), format_percentage(facts["repetition"])),
        ),
        lines=_densest_excerpt(lines, sounds),
        source=f"{artist} · {corpus.name}",
        address=address,
    )


def _densest_excerpt(lines: pd.DataFrame, sounds: pd.DataFrame) -> tuple[str, ...]:
    """Return the text of up to `MAX_QUOTED_LINES` consecutive lines of one section: those with the largest share of
    rhymed syllables."""
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


def portrait_card(portrait: ArtistPortrait, corpus: str, address: str = "") -> ShareCard:
    """Return the card of an artist of the corpus of this name."""
    sizes = [t_count("{n} song", "{n} songs", portrait.songs), t_count("{n} word", "{n} words", portrait.words)]
    if portrait.first_year is not None and portrait.last_year is not None:
        sizes.append(year_span(portrait.first_year, portrait.last_year))
    ranks = [(t("Vocabulary"), portrait.richness), (t("Rhyme density"), portrait.density)]
    figures = [
        (name, t("rank {place} of {total}", place=rank.text, total=format_decimal(rank.of)))
        for name, rank in ranks
        if rank is not None
    ]
    if len(portrait.multis):
        longest = int(portrait.multis["longest"].max())
        figures.append((t("Longest rhyme"), t_count("{n} syllable", "{n} syllables", longest)))
    words = (
        (t("Signature words"), tuple(map(str, portrait.typical["word"])), "accent"),
        (t("Favourite rhymes"), tuple(", ".join(rhyme.examples[:2]) for rhyme in portrait.rhymes.itertuples()), "ink"),
        (t("Most similar artists"), tuple(map(str, portrait.near["label"])), "ink"),
    )
    return ShareCard(portrait.artist, ", ".join(sizes), (), tuple(figures), words, source=corpus, address=address)
