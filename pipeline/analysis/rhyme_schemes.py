"""Rhyme schemes of blocks of four lines (AABB, ABAB, …): how often each occurs in a corpus or a group."""

import numpy as np
import pandas as pd

from pipeline.analysis.counting import By, Ints, song_groups
from pipeline.corpus.table import Corpus
from pipeline.language.scheme import quatrain_patterns


def scheme_frequencies(corpus: Corpus, phonetic_table: pd.DataFrame, by: By | None = None) -> pd.DataFrame:
    """Return how often each pattern of four lines occurs, most first: (the group,) scheme, quatrains, share."""
    blocks, sections = _quatrain_ends(corpus, phonetic_table)
    about = corpus.sections.loc[sections, ["song", "kind"]]
    if by is None:
        group, names = np.zeros(len(blocks), np.intp), pd.Index(["all"])
    elif by == "kind":
        group, names = pd.factorize(about["kind"].astype(str), sort=True)
    else:
        of_songs, names = song_groups(corpus, by)
        group = of_songs[corpus.songs.index.get_indexer(about["song"])]
    # One number a pattern, a quarter of the time that naming each block takes: of each line the first of its block
    # that it rhymes with, 4 where there is none, in base 5.
    same = (blocks[:, :, None] == blocks[:, None, :]) & (blocks[:, :, None] >= 0)
    codes = np.where(same.sum(axis=2) > 1, same.argmax(axis=2), 4) @ (125, 25, 5, 1)
    known = group >= 0
    cells = np.bincount(group[known] * 625 + codes[known], minlength=625 * len(names)).reshape(-1, 625)
    rows = []
    for label, row in zip(names, cells, strict=True):
        counts = [(_decode_pattern(code), int(row[code])) for code in np.flatnonzero(row).tolist()]
        total = row.sum()
        rows += [(label, pattern, n, n / total) for pattern, n in sorted(counts, key=lambda c: (-c[1], c[0]))]
    found = pd.DataFrame(rows, columns=[by or "group", "scheme", "quatrains", "share"])
    return found.drop(columns="group") if by is None else found


def _quatrain_ends(corpus: Corpus, phonetic_table: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return (end rhymes of each full block of four lines that are said, blocks x 4; the section of each block)."""
    voiced = phonetic_table.loc[corpus.lines.index, ["group", "spoken"]]
    said = voiced["spoken"].to_numpy() > 0
    ends, sections = voiced["group"].to_numpy()[said], corpus.lines["section"].to_numpy()[said]
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    lengths = np.diff(starts, append=len(sections))
    within = np.arange(len(sections)) - np.repeat(starts, lengths)
    full = within < np.repeat(lengths // 4 * 4, lengths)
    return ends[full].reshape(-1, 4), sections[full][::4]


def _decode_pattern(code: int) -> str:
    """Return the name of a pattern of `scheme_frequencies`."""
    lines = [code // place % 5 for place in (125, 25, 5, 1)]
    return quatrain_patterns([None if line == 4 else line for line in lines])[0]
