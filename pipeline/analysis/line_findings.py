"""What one would tell a friend about the lines of a corpus: the longest multi, a refrain that others take up, a line
that returns and returns.

A finding is a code and values, no sentence; whoever shows it has the words. Each function gives the most striking one
of its kind, None where the corpus has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analysis.counting import section_rows
from pipeline.analysis.lines import describe_lines, line_lengths
from pipeline.analysis.reuse import shared_runs
from pipeline.analysis.variants import line_keys
from pipeline.analysis.word_classes import function_words
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise

MULTI = 4  # syllables of a match that is worth telling
NEAR = 2  # lines from one end of a multi to the other, at most
QUOTED, QUOTERS = 5, 2  # words of a refrain that so many other artists take up at least
WHOLE = 0.75  # of its line at least is taken up: less is a turn of phrase
SPREAD = 12  # artists: what more of them say is how everyone speaks
RETURNS = 6  # times that a line stands in its song at least


@dataclass(frozen=True)
class Finding:
    """`code` names the kind; `weight` orders findings, 0 to 1: how far the fact stands out of its kind."""

    code: str
    values: Mapping[str, Any]
    weight: float


def longest_multi(corpus: Corpus, phonetic_table: pd.DataFrame) -> Finding | None:
    """Return the two line ends near each other that match over most syllables: syllables, text, with, and of the
    second line its artist, title, line, song, row (its place in the song, from 0)."""
    sounds = phonetic_table.loc[corpus.lines.index, ["longest", "group"]].to_numpy()
    sections = corpus.lines["section"].to_numpy()
    best = (MULTI - 1, 0, 0)
    for step in range(1, NEAR + 1):
        one, two = sounds[:-step], sounds[step:]
        alike = (one == two).all(axis=1) & (two[:, 1] >= 0) & (sections[:-step] == sections[step:])
        lengths = np.where(alike, two[:, 0], 0)
        if len(lengths) and lengths.max() > best[0]:
            best = (int(lengths.max()), int(lengths.argmax()), step)
    syllables, at, step = best
    if not step:
        return None
    values = {"syllables": syllables, "with": corpus.texts_of([corpus.lines.index[at]])[0], **_place(corpus, at + step)}
    return Finding("longest-multi", values, min(1.0, syllables / 8))


def quoted_refrain(corpus: Corpus) -> Finding | None:
    """Return the words of a refrain that stand again in later songs of most other artists: text, songs, artists, year,
    and where it stands first."""
    if corpus.songs["year"].nunique() < 2:
        return None  # nobody comes later
    refrains = (corpus.sections["kind"] == "refrain").to_numpy()[section_rows(corpus)]
    runs = shared_runs(corpus, artists=SPREAD, least=QUOTED, dated=True, of=refrains)
    known = (runs[["artist", "later_artist"]] != UNKNOWN_ARTIST).all(axis=1)
    lengths = pd.Series(line_lengths(corpus), corpus.lines.index)
    lengths = runs["line"].map(lengths[~lengths.index.duplicated()])
    runs = runs[known & (runs["words"] >= WHOLE * lengths)]
    runs = runs[[len(set(tokenise(text)) - function_words()) > 1 for text in runs["text"]]]
    if runs.empty:
        return None
    others = runs.groupby(["text", "song"], sort=True).agg(
        artists=("later_artist", "nunique"), songs=("later_song", "nunique"), words=("words", "max")
    )
    best = others.sort_values(["artists", "songs", "words"], ascending=False, kind="stable").iloc[0]
    if best["artists"] < QUOTERS:
        return None
    first = runs[(runs["text"] == best.name[0]) & (runs["song"] == best.name[1])].iloc[0]
    found = {"artists": int(best["artists"]), "songs": int(best["songs"]), "year": int(first["year"])}
    place = _place(corpus, corpus.lines.index.get_loc(int(first["line"])))
    return Finding("quoted-refrain", {**place, **found, "text": first["text"]}, min(1.0, 0.25 * found["artists"]))


def returning_line(corpus: Corpus) -> Finding | None:
    """Return the line that stands in one song most often: text, times, and where it stands first."""
    rows = np.flatnonzero((corpus.lines["stop"] - corpus.lines["start"]) >= QUOTED)
    if not len(rows):
        return None
    songs = corpus.lines["song"].to_numpy()[rows]
    words = line_keys(corpus, "all")[rows] ^ songs.astype(np.uint64)  # few lines are left whose texts are compared
    _, which, times = np.unique(words, return_inverse=True, return_counts=True)
    often = times[which] >= RETURNS
    rows, songs = rows[often], songs[often]
    if not len(rows):
        return None
    told = pd.factorize(np.array(corpus.texts_of(corpus.lines.index[rows]), object))[0].astype(np.int64) << 32 | songs
    _, first, times = np.unique(told, return_index=True, return_counts=True)
    if times.max() < RETURNS:
        return None
    at = rows[first[times == times.max()].min()]
    return Finding(
        "line-returns", {"times": int(times.max()), **_place(corpus, int(at))}, min(0.7, int(times.max()) / 40)
    )


def _place(corpus: Corpus, at: int) -> dict[str, Any]:
    """Return text, artist, title, line, song and row in the song of a line, given its row in the corpus."""
    line = describe_lines(corpus, [int(corpus.lines.index[at])]).iloc[0]
    row = int((corpus.lines["song"].to_numpy()[:at] == line["song"]).sum())
    numbers = {"line": int(line["line"]), "song": int(line["song"]), "row": row}
    return {name: str(line[name]) for name in ("text", "artist", "title")} | numbers
