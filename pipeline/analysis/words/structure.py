"""How songs are built: sections and their lengths, the share of refrains, the forms that songs take.

One line is counted as one bar (French: mesure), the convention of written rap; "un seize" is a couplet of 16 lines.
Lines that hold no word of the layer are not counted.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import (
    Floats,
    GroupingKey,
    Ints,
    line_group_codes,
    section_row_of_each_line,
    song_group_codes,
    song_row_of_each_line,
)
from pipeline.analysis.intervals import ratio_jackknife
from pipeline.analysis.lines import line_lengths
from pipeline.analysis.variants import first_occurrence_mask, line_hashes
from pipeline.core.errors import SettingError, spelling_suggestion
from pipeline.corpus.song import SECTION_KINDS
from pipeline.corpus.table import Corpus, Layer


def section_table(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row a section that holds words, in order: section, song, title, artist, year, kind, number, performers,
    position (in its song), first_line (lines of the song before it), lines, words.

    Drawn song by song with first_line and lines, it is the picture of songs as bars of coloured sections. Cached with
    the corpus; read-only.
    """
    return corpus.cached(("sections", layer), lambda: _section_table(corpus, layer))


def _section_table(corpus: Corpus, layer: Layer) -> pd.DataFrame:
    lengths, rows = line_lengths(corpus, layer), section_row_of_each_line(corpus)
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


_FEWEST_SECTIONS = 4  # of a song of which it can be said


def songs_of_single_lines(corpus: Corpus) -> Ints:
    """Return the ids of the songs most of whose sections, of four or more, hold one line: blank lines are layout there.

    Rhyme and sections are counted within stanzas: such a song seems to rhyme less than it does. Cached with the corpus.
    """

    def find() -> Ints:
        alone = corpus.lines.groupby("section").size() == 1
        songs = alone.groupby(corpus.sections["song"].reindex(alone.index)).agg(["size", "mean"])
        return songs.index[(songs["size"] >= _FEWEST_SECTIONS) & (songs["mean"] > 0.5)].to_numpy()

    return corpus.cached("songs of single lines", find)


def couplet_lengths(corpus: Corpus, kind: str = "couplet", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how many sections of a kind have each length, empty lengths included: lines, sections, share."""
    if kind not in SECTION_KINDS:
        raise SettingError(
            "There is no section type {value!r}{near}.", value=kind, near=spelling_suggestion(kind, SECTION_KINDS)
        )
    table = section_table(corpus, layer)
    sections = np.bincount(table.loc[table["kind"] == kind, "lines"], minlength=2)[1:]
    lines = np.arange(1, len(sections) + 1)
    return pd.DataFrame({"lines": lines, "sections": sections, "share": sections / max(sections.sum(), 1)})


def kind_shares(corpus: Corpus, by: GroupingKey | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the share of each section kind: (the group,) kind, songs (n of the group), lines, words, line_share,
    word_share. The rows of "refrain" are the refrain share. Unknown years are excluded."""
    lengths = line_lengths(corpus, layer)
    kinds, kind_labels = line_group_codes(corpus, "kind")
    if by is None:
        codes: Ints = np.zeros(len(lengths), np.intp)
        labels = pd.Index(["all"], name="group")
    else:
        codes, labels = line_group_codes(corpus, by)
        labels = labels.rename(by)
    keep = (lengths > 0) & (codes >= 0)
    group, kind = codes[keep], kinds[keep]
    shape = (len(labels), len(kind_labels))
    cells = group * shape[1] + kind
    lines = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    words = np.bincount(cells, lengths[keep], minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)
    in_songs = np.unique(group * len(corpus.songs) + song_row_of_each_line(corpus)[keep]) // max(len(corpus.songs), 1)
    songs = np.bincount(in_songs, minlength=shape[0])
    group_index, k = np.nonzero(lines)
    table = pd.DataFrame(
        {
            labels.name: labels[group_index],
            "kind": kind_labels[k],
            "songs": songs[group_index],
            "lines": lines[group_index, k],
            "words": words[group_index, k],
            "line_share": lines[group_index, k] / lines.sum(axis=1)[group_index],
            "word_share": words[group_index, k] / words.sum(axis=1)[group_index],
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


MAX_SIDE_CELLS = 600  # a side of the picture of a song against itself: more are smaller than a pixel


def song_repetition(corpus: Corpus) -> pd.DataFrame:
    """Return a row a song: song, title, artist, year, lines, repeated_lines, words, repeated_words, repetition.

    A line is repeated when its words have occurred before in the song; `repetition` is the share of words in such
    lines, as written.
    """
    lengths, rows = line_lengths(corpus), song_row_of_each_line(corpus)
    again = ~first_occurrence_mask(corpus)
    songs = len(corpus.songs)

    def add(weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
        return np.bincount(rows, np.asarray(weights, float), minlength=songs).astype(np.int64)

    words, repeated = add(lengths), add(lengths * again)
    table = corpus.songs[["title", "artist", "year"]].assign(
        lines=add(lengths > 0),
        repeated_lines=add(again),
        words=words,
        repeated_words=repeated,
        repetition=np.divide(repeated, words, out=np.full(songs, np.nan), where=words > 0),
    )
    return table.reset_index()


def repetition_by_group(corpus: Corpus, by: str = "artist") -> pd.DataFrame:
    """Return the repetition of each artist, year or value of a facet with its 95 % interval over songs: the group,
    songs, words, repetition, low, high. Songs of an unknown group are excluded.
    """
    if by in ("song", "kind"):
        raise SettingError("Repetition cannot be given by {by!r}: choose artist or year.", by=by)
    codes, labels = song_group_codes(corpus, by)
    table, codes = song_repetition(corpus)[codes >= 0], codes[codes >= 0]
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(labels) + 1)).tolist()
    repeated, words = (table[name].to_numpy()[order] for name in ("repeated_words", "words"))
    rows = []
    for label, (a, b) in zip(labels, pairwise(bounds), strict=True):
        value, (low, high) = ratio_jackknife(repeated[a:b], words[a:b])
        rows.append((label, b - a, int(words[a:b].sum()), value, low, high))
    return pd.DataFrame(rows, columns=[by, "songs", "words", "repetition", "low", "high"])


def line_similarity(corpus: Corpus, song: int) -> Floats:
    """Return float[m, m]: how alike lines i and j of a song are, 2 x words in common / words of both (Dice).

    m is all the song's lines; a line without words is like none. Memory grows with m squared: `song_similarity` does
    not.
    """
    part = _select_song(corpus, song)
    ids, rows = part.token_table()
    return _dice(rows, ids, len(part.lines))


def song_similarity(corpus: Corpus, song: int, cells: int = MAX_SIDE_CELLS) -> tuple[npt.NDArray[np.float32], int]:
    """Return (float32[k, k] with k <= `cells`, lines a cell): the picture of a song of any length against itself.

    Up to `cells` lines each is a cell, and the value `line_similarity`. Above, a cell is a stretch of so many lines,
    and the value 2 x lines in common / lines of both: stretches are alike where the same lines come back, not where
    both are written with the same function words.
    """
    part = _select_song(corpus, song)
    lines = -(-len(part.lines) // cells)
    if lines <= 1:
        return line_similarity(part, song).astype(np.float32), 1
    keys = line_hashes(part)
    nonempty = np.flatnonzero(keys)
    return _dice(nonempty // lines, keys[nonempty], -(-len(part.lines) // lines)).astype(np.float32), lines


def _dice(owner: npt.NDArray[Any], item: npt.NDArray[Any], size: int) -> Floats:
    """Return float[size, size]: 2 x items in common / items of both, of bags; item i lies in the bag `owner[i]`.

    What two bags have in common is a product of matrices once the second of an item in a bag is another item than the
    first.
    """
    _, item = np.unique(item, return_inverse=True)
    order = np.lexsort((item, owner))
    owner, item = owner[order], item[order]
    new = np.flatnonzero((np.diff(owner, prepend=-1) != 0) | (np.diff(item, prepend=-1) != 0))
    time = np.arange(len(item)) - np.repeat(new, np.diff(np.append(new, len(item))))
    _, column = np.unique(item * (time.max(initial=0) + 1) + time, return_inverse=True)
    bags = sparse.csr_matrix((np.ones(len(column)), (owner, column)), (size, column.max(initial=-1) + 1))
    common = (bags @ bags.T).toarray()
    both = np.add.outer(*[np.bincount(owner, minlength=size)] * 2)
    return np.divide(2 * common, both, out=np.zeros_like(common), where=both > 0)


def _select_song(corpus: Corpus, song: int) -> Corpus:
    if song not in corpus.songs.index:
        raise SettingError("Song {song} is not in this selection.", song=song)
    return corpus.where(songs=[song])
