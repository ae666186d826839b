"""Rhyme schemes of blocks of four lines (AABB, ABAB, …): how often each occurs in a corpus or a group."""

import numpy as np
import pandas as pd

from pipeline.analysis.counting import By, Ints, song_groups
from pipeline.corpus.table import Corpus
from pipeline.language.scheme import quatrain_patterns


def scheme_frequencies(corpus: Corpus, phonetic_table: pd.DataFrame, by: By | None = None) -> pd.DataFrame:
    """Return how often each pattern of four lines occurs, most first: (the group,) scheme, quatrains, share."""
    blocks, codes = _quatrains(corpus, phonetic_table)
    about = corpus.sections.loc[corpus.lines["section"].to_numpy()[blocks[:, 0]], ["song", "kind"]]
    if by is None:
        group, names = np.zeros(len(blocks), np.intp), pd.Index(["all"])
    elif by == "kind":
        group, names = pd.factorize(about["kind"].astype(str), sort=True)
    else:
        of_songs, names = song_groups(corpus, by)
        group = of_songs[corpus.songs.index.get_indexer(about["song"])]
    known = group >= 0
    cells = np.bincount(group[known] * 625 + codes[known], minlength=625 * len(names)).reshape(-1, 625)
    rows = []
    for label, row in zip(names, cells, strict=True):
        counts = [(_decode_pattern(code), int(row[code])) for code in np.flatnonzero(row).tolist()]
        total = row.sum()
        rows += [(label, pattern, n, n / total) for pattern, n in sorted(counts, key=lambda c: (-c[1], c[0]))]
    found = pd.DataFrame(rows, columns=[by or "group", "scheme", "quatrains", "share"])
    return found.drop(columns="group") if by is None else found


def quatrains_of(corpus: Corpus, phonetic_table: pd.DataFrame, scheme: str) -> Ints:
    """Return the rows in `corpus.lines` of the blocks of four lines of that scheme, int[blocks, 4]."""
    blocks, codes = _quatrains(corpus, phonetic_table)
    wanted = [code for code in np.unique(codes).tolist() if _decode_pattern(code) == scheme]
    return blocks[np.isin(codes, wanted)]


def _quatrains(corpus: Corpus, phonetic_table: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return (rows of each full block of four lines that are said, int[blocks, 4]; the number of its pattern).

    One number a pattern, a quarter of the time that naming each block takes: of each line the first of its block
    that it rhymes with, 4 where there is none, in base 5.
    """
    voiced = phonetic_table.loc[corpus.lines.index, ["group", "spoken"]]
    said = voiced["spoken"].to_numpy() > 0
    rows = np.flatnonzero(said)
    sections = corpus.lines["section"].to_numpy()[rows]
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    lengths = np.diff(starts, append=len(sections))
    within = np.arange(len(sections)) - np.repeat(starts, lengths)
    full = within < np.repeat(lengths // 4 * 4, lengths)
    blocks = rows[full].reshape(-1, 4)
    ends = voiced["group"].to_numpy()[blocks]
    same = (ends[:, :, None] == ends[:, None, :]) & (ends[:, :, None] >= 0)
    return blocks, np.where(same.sum(axis=2) > 1, same.argmax(axis=2), 4) @ np.array((125, 25, 5, 1))


def _decode_pattern(code: int) -> str:
    """Return the name of a pattern of `scheme_frequencies`."""
    lines = [code // place % 5 for place in (125, 25, 5, 1)]
    return quatrain_patterns([None if line == 4 else line for line in lines])[0]
