"""What every export writes of a song: one row of metadata, and its text as `prepare` reads it."""

import re
from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from pipeline.corpus.table import Corpus

_TAGS = {
    "couplet": "Couplet",
    "refrain": "Refrain",
    "pré-refrain": "Pré-refrain",
    "pont": "Pont",
    "intro": "Intro",
    "outro": "Outro",
    "interlude": "Interlude",
}


def song_metadata(corpus: Corpus) -> pd.DataFrame:
    """One row a song: doc_id (unique, of letters, digits and _), title, artist, album, year, featuring, language, then
    its facets."""
    columns = ["title", "artist", "album", "year", "featuring", "language", *(facet.name for facet in corpus.facets)]
    table = corpus.songs[columns].copy()
    width = len(str(max(corpus.songs.index, default=0)))
    table.insert(0, "doc_id", [f"song_{number:0{width}d}" for number in corpus.songs.index])
    return table.reset_index(drop=True)


def song_texts(corpus: Corpus, *, tags: bool = True) -> Iterator[str]:
    """The text of each song in order, one empty line between sections, with their tags or without.

    A section whose kind was inferred has no tag: it would be a claim of the source.
    """
    sections = corpus.sections
    told = {
        number: _tag(kind, count, performers, repeat)
        for number, kind, count, performers, repeat, inferred in zip(
            sections.index,
            sections["kind"].astype(str),
            sections["number"],
            sections["performers"],
            sections["repeat"],
            sections["inferred"],
            strict=True,
        )
        if tags and not inferred
    }
    lines = corpus.lines
    rows = zip(
        lines["song"].tolist(), lines["section"].tolist(), corpus.texts.tolist(), lines["repeat"].tolist(), strict=True
    )
    for _, song in groupby(rows, key=lambda row: row[0]):
        parts = []
        for section, part in groupby(song, key=lambda row: row[1]):
            head = [told[section]] if section in told else []
            parts.append("\n".join([*head, *(_line(text, repeat, tags) for _, _, text, repeat in part)]))
        yield "\n\n".join(parts) + "\n"


def file_name(text: str, longest: int = 80) -> str:
    """A piece of a file name: letters, digits, spaces, - and _ of the text; never empty, never a path."""
    kept = re.sub(r"[^\w\- ']+", "", text).strip(" .")[:longest].strip()
    return kept or "untitled"


def _tag(kind: str, number: object, performers: str, repeat: int) -> str:
    name = _TAGS[kind] + ("" if pd.isna(number) else f" {number}") + (f" x{repeat}" if repeat > 1 else "")
    return f"[{name} : {performers}]" if performers else f"[{name}]"


def _line(text: str, repeat: int, tags: bool) -> str:
    return f"{text} (x{repeat})" if tags and repeat > 1 else text
