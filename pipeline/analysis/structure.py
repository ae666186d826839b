"""How songs are built: sections and their lengths, the share of refrains, the forms that songs take.

One line is counted as one bar (French: mesure), the convention of written rap; "un seize" is a couplet of 16 lines.
Lines that hold no word of the layer are not counted.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.analysis.counting import By, Ints, line_groups, section_rows, song_rows
from pipeline.analysis.lines import line_lengths
from pipeline.corpus.table import Corpus, Layer


def section_table(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a section that holds words, in order: section, song, title, artist, year, kind, number, performers,
    position (in its song), first_line (lines of the song before it), lines, words.

    Drawn song by song with first_line and lines, it is the picture of songs as bars of coloured sections. Cached with
    the corpus; read-only.
    """
    return corpus.cached(("sections", layer), lambda: _section_table(corpus, layer))


def _section_table(corpus: Corpus, layer: Layer) -> pd.DataFrame:
    lengths, rows = line_lengths(corpus, layer), section_rows(corpus)
    lines = np.bincount(rows[lengths > 0], minlength=len(corpus.sections))
    words = np.bincount(rows, lengths, minlength=len(corpus.sections)).astype(np.int64)
    table = corpus.sections[["song", "kind", "number", "performers", "position"]].assign(lines=lines, words=words)
    table = table[table["lines"] > 0].reset_index()
    table["first_line"] = table.groupby("song")["lines"].cumsum() - table["lines"]
    songs = corpus.songs.loc[table["song"], ["title", "artist", "year"]].reset_index(drop=True)
    table = pd.concat([table.astype({"kind": "str"}), songs], axis=1)
    return table[
        [
            "section", "song", "title", "artist", "year", "kind", "number", "performers", "position", "first_line",
            "lines", "words",
        ]
    ]  # fmt: skip


def couplet_lengths(corpus: Corpus, kind: str = "couplet", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how many sections of a kind have each length, empty lengths included: lines, sections, share."""
    table = section_table(corpus, layer)
    sections = np.bincount(table.loc[table["kind"] == kind, "lines"], minlength=2)[1:]
    lines = np.arange(1, len(sections) + 1)
    return pd.DataFrame({"lines": lines, "sections": sections, "share": sections / max(sections.sum(), 1)})


def kind_shares(corpus: Corpus, by: By | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the share of each section kind: (the group,) kind, songs (n of the group), lines, words, line_share,
    word_share. The rows of "refrain" are the refrain share. Unknown years are excluded."""
    lengths = line_lengths(corpus, layer)
    kinds, kind_labels = line_groups(corpus, "kind")
    if by is None:
        codes: Ints = np.zeros(len(lengths), np.intp)
        labels = pd.Index(["all"], name="group")
    else:
        codes, labels = line_groups(corpus, by)
        labels = labels.rename(by)
    keep = (lengths > 0) & (codes >= 0)
    group, kind = codes[keep], kinds[keep]
    shape = (len(labels), len(kind_labels))
    cells = group * shape[1] + kind
    lines = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    words = np.bincount(cells, lengths[keep], minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)
    in_songs = np.unique(group * len(corpus.songs) + song_rows(corpus)[keep]) // max(len(corpus.songs), 1)
    songs = np.bincount(in_songs, minlength=shape[0])
    g, k = np.nonzero(lines)
    table = pd.DataFrame(
        {
            labels.name: labels[g],
            "kind": kind_labels[k],
            "songs": songs[g],
            "lines": lines[g, k],
            "words": words[g, k],
            "line_share": lines[g, k] / lines.sum(axis=1)[g],
            "word_share": words[g, k] / words.sum(axis=1)[g],
        }
    )
    return table.drop(columns="group") if by is None else table


def song_forms(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the forms of songs, the most common first: form ("intro – couplet – refrain – …"), songs, share, example
    (a title), song (its id). Sections of one kind in a row are each written.
    """
    table = section_table(corpus, layer)
    kinds = table["kind"].tolist()
    starts = np.flatnonzero(np.diff(table["song"], prepend=-1))  # sections are in the order of songs
    bounds = [*starts.tolist(), len(kinds)]
    forms = pd.Series([" – ".join(kinds[a:b]) for a, b in pairwise(bounds)], dtype="str")
    songs = table["song"].iloc[starts].reset_index(drop=True)
    counted = songs.groupby(forms).agg(songs="size", song="first")
    counted = counted.sort_values("songs", ascending=False, kind="stable").rename_axis("form").reset_index()
    example = corpus.songs["title"].loc[counted["song"]].to_numpy()
    return counted.assign(share=counted["songs"] / max(len(forms), 1), example=example)[
        ["form", "songs", "share", "example", "song"]
    ]
