"""The structure of songs: sections and their lengths, shares of refrains, forms, repetition.

One line is counted as one bar (French: mesure), the convention of written rap; "un seize" is a couplet of 16 lines.
Lines that hold no word of the layer are not counted.
"""

from collections.abc import Collection
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
from pipeline.analysis.variants import first_occurrence_mask, line_hashes
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer


def section_table(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row per section that holds words, in order. Cached with the corpus; read-only.

    Columns section, song, title, artist, year, kind, number, performers, position (in its song), first_line (lines of
    the song before it), lines, words.
    """
    return corpus.cached(("sections", layer), lambda: _section_table(corpus, layer))


def _section_table(corpus: Corpus, layer: Layer) -> pd.DataFrame:
    lengths, rows = corpus.line_lengths(layer), section_row_of_each_line(corpus)
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


def songs_with_single_line_sections(corpus: Corpus) -> Ints:
    """Return the ids of the songs in which most sections hold one line, so that blank lines are mere layout.

    Rhymes are counted within sections, so that such a song seems to rhyme less than it does. Songs of four sections or
    more. Cached with the corpus.
    """

    def find_songs_of_single_line_sections() -> Ints:
        alone = corpus.lines.groupby("section").size() == 1
        songs = alone.groupby(corpus.sections["song"].reindex(alone.index)).agg(["size", "mean"])
        return songs.index[(songs["size"] >= _FEWEST_SECTIONS) & (songs["mean"] > 0.5)].to_numpy()

    return corpus.cached("songs of single lines", find_songs_of_single_line_sections)


def couplet_length_distribution(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how many couplets have each number of lines, from 1 to the longest: lines, sections, share."""
    table = section_table(corpus, layer)
    sections = np.bincount(table.loc[table["kind"] == "couplet", "lines"], minlength=2)[1:]
    lines = np.arange(1, len(sections) + 1)
    return pd.DataFrame({"lines": lines, "sections": sections, "share": sections / max(sections.sum(), 1)})


def section_kind_shares(corpus: Corpus, by: GroupingKey | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the share of each kind of section: (the group,) kind, songs, lines, words, line_share, word_share.

    `songs` is the number of songs of the group. Songs of unknown year are excluded by year.
    """
    lengths = corpus.line_lengths(layer)
    (kinds, kind_labels), (codes, labels) = line_group_codes(corpus, "kind"), line_group_codes(corpus, by)
    labels = labels.rename(by or "group")
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
    """Return the sequences of section kinds of songs, most common first: form, songs, share, example, song.

    `form` is "intro – couplet – refrain – …", `example` the title of one such song and `song` its id.
    """
    forms = _form_of_each_song(corpus, layer)
    counted = forms.index.to_series().groupby(forms).agg(songs="size", song="first")
    counted = counted.sort_values("songs", ascending=False, kind="stable").rename_axis("form").reset_index()
    example = corpus.songs["title"].loc[counted["song"]].to_numpy()
    return counted.assign(share=counted["songs"] / max(len(forms), 1), example=example)[
        ["form", "songs", "share", "example", "song"]
    ]


def _form_of_each_song(corpus: Corpus, layer: Layer) -> pd.Series:
    """Return the sequence of section kinds of each song that holds words, by its id."""
    table = section_table(corpus, layer)
    kinds = table["kind"].tolist()
    starts = np.flatnonzero(np.diff(table["song"], prepend=-1))  # sections are in the order of songs
    bounds = [*starts.tolist(), len(kinds)]
    return pd.Series([" – ".join(kinds[a:b]) for a, b in pairwise(bounds)], table["song"].iloc[starts], dtype="str")


def songs_of_form(corpus: Corpus, form: str, layer: Layer = "lyrics") -> Ints:
    """Return the ids of the songs of a form (`song_forms`); artists take turns."""
    forms = _form_of_each_song(corpus, layer)
    songs = forms.index[forms == form].to_numpy()
    artists = corpus.songs.loc[songs, "artist"]
    return songs[np.argsort(artists.groupby(artists).cumcount(), kind="stable")]


def mean_sections_of_forms(corpus: Corpus, forms: Collection[str], layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the sections of some forms (`song_forms`), in order: form, place (from 0), kind, lines, first_line.

    `lines` is the mean over the songs of the form, first_line the sum of those before.
    """
    table = section_table(corpus, layer)
    table = table.assign(form=table["song"].map(_form_of_each_song(corpus, layer)))
    table = table[table["form"].isin(list(forms))]
    table = table.assign(place=table.groupby("song").cumcount())
    means = table.groupby(["form", "place"], as_index=False).agg(kind=("kind", "first"), lines=("lines", "mean"))
    return means.assign(first_line=means.groupby("form")["lines"].cumsum() - means["lines"])


MAX_SIDE_CELLS = 600  # a side of the picture of a song against itself: more are smaller than a pixel


def song_repetition(corpus: Corpus) -> pd.DataFrame:
    """Return how much each song repeats: song, title, artist, year, lines, repeated_lines, words, … , repetition.

    A line is repeated when its words have occurred before in the song; `repetition` is the share of words in such
    lines, as written.
    """
    lengths, rows = corpus.line_lengths(), song_row_of_each_line(corpus)
    again = ~first_occurrence_mask(corpus)
    songs = len(corpus.songs)

    def sum_by_song(weights: npt.ArrayLike) -> npt.NDArray[np.int64]:
        return np.bincount(rows, np.asarray(weights, float), minlength=songs).astype(np.int64)

    words, repeated = sum_by_song(lengths), sum_by_song(lengths * again)
    table = corpus.songs[["title", "artist", "year"]].assign(
        lines=sum_by_song(lengths > 0),
        repeated_lines=sum_by_song(again),
        words=words,
        repeated_words=repeated,
        repetition=np.divide(repeated, words, out=np.full(songs, np.nan), where=words > 0),
    )
    return table.reset_index()


def repetition_by_group(corpus: Corpus, by: str = "artist") -> pd.DataFrame:
    """Return the share of repeated words of each group: the group, songs, words, repetition, low, high.

    Groups are artists, years or values of a facet; songs of an unknown group are excluded. low to high is the 95 %
    interval over songs.
    """
    if by in ("song", "kind"):
        raise SettingError("Repetition cannot be grouped by {by!r}: choose artist or year.", by=by)
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


def song_self_similarity(corpus: Corpus, song: int, cells: int = MAX_SIDE_CELLS) -> tuple[npt.NDArray[np.float32], int]:
    """Return (float32[k, k] similarity of the parts of a song, k <= `cells`; lines per part).

    Up to `cells` lines each part is a line, and the value 2 x words in common / words of both (Dice); a line without
    words is like none. Above, a part is several lines, and the value 2 x lines in common / lines of both.
    """
    if song not in corpus.songs.index:
        raise SettingError("Song {song} is not in this selection.", song=song)
    part = corpus.where(songs=[song])
    lines = -(-len(part.lines) // cells)
    if lines <= 1:
        ids, rows = part.token_table()
        return _dice_similarities(rows, ids, len(part.lines)).astype(np.float32), 1
    keys = line_hashes(part)
    nonempty = np.flatnonzero(keys)
    return _dice_similarities(nonempty // lines, keys[nonempty], -(-len(part.lines) // lines)).astype(np.float32), lines


def _dice_similarities(owner: npt.NDArray[Any], item: npt.NDArray[Any], size: int) -> Floats:
    """Return float[size, size]: Dice similarities of multisets, 2 x items in common / items of both.

    Item i belongs to the multiset `owner[i]`.
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
