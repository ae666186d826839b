"""What one would tell a friend about a corpus: a few facts, computed, each with the place where it can be looked up.

A finding is a code and values, no sentence; whoever shows it has the words. Each function gives the most striking
one of its kind, None where the corpus has none; `findings` puts the best of different kinds first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analysis.counting import document_frequency, word_counts
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.reuse import shared_runs
from pipeline.analysis.similarity import labbe, profiles
from pipeline.analysis.timeline import first_uses
from pipeline.analysis.word_classes import function_words
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import tokenise

LEAST_WORDS = 1500  # of a voice that is set beside others
VOICES = 60  # set beside each other at most, those with the most songs
BEFORE = 0.25  # of the songs at least are older than a word that arrives
MULTI = 4  # syllables of a match that is worth telling
QUOTED = 5  # words of a refrain that another song takes up


@dataclass(frozen=True)
class Finding:
    """`code` names the kind; `weight` orders findings, 0 to 1: how far the fact stands out of its kind."""

    code: str
    values: Mapping[str, Any]
    weight: float


def findings(corpus: Corpus, phonetic_table: pd.DataFrame | None = None, count: int = 3) -> list[Finding]:
    """Return up to `count` findings of different kinds, the most striking first.

    Without a phonetic table nothing is said of sound.
    """
    found = [word_that_arrives(corpus), closest_voices(corpus), quoted_refrain(corpus), rarest_voice(corpus)]
    if phonetic_table is not None:
        found.append(longest_multi(corpus, phonetic_table))
    return sorted(filter(None, found), key=lambda finding: -finding.weight)[:count]


def word_that_arrives(corpus: Corpus) -> Finding | None:
    """Return the word that most voices take up once it is heard for the first time: word, year, artists, songs."""
    if corpus.year_span is None or corpus.year_span[0] == corpus.year_span[1]:
        return None
    years = corpus.songs["year"].dropna().astype(int)
    table = first_uses(corpus)
    late = [year for year in sorted(years.unique()) if (years < year).mean() >= BEFORE]
    table = table[table["first_year"].isin(late) & ~table["word"].isin(function_words())]
    table = table[table["word"].str.len() > 2]
    if table.empty:
        return None
    best = table.sort_values(["artists", "songs", "word"], ascending=[False, False, True]).iloc[0]
    values = {"word": best["word"], "year": int(best["first_year"]), "artists": int(best["artists"])}
    voices = corpus.songs["artist"].nunique()
    return Finding("word-arrives", {**values, "songs": int(best["songs"])}, min(1.0, 0.4 + values["artists"] / voices))


def closest_voices(corpus: Corpus) -> Finding | None:
    """Return the two voices nearest to each other by Labbé's distance of their content words, and the two farthest:
    first, second, distance, far_first, far_second, far_distance."""
    counts, labels = profiles(corpus, "artist", without=function_words(), minimum=LEAST_WORDS)
    songs = corpus.songs["artist"].value_counts()
    order = sorted(range(len(labels)), key=lambda at: (-songs[labels[at]], labels[at]))[:VOICES]
    if len(order) < 3:
        return None
    distances, names = labbe(counts[order]), [labels[at] for at in order]
    rows, columns = np.triu_indices(len(names), 1)
    between = distances[rows, columns]
    near, far = int(between.argmin()), int(between.argmax())
    spread = float(np.std(between)) or 1.0
    values = {
        "first": names[rows[near]],
        "second": names[columns[near]],
        "distance": float(between[near]),
        "far_first": names[rows[far]],
        "far_second": names[columns[far]],
        "far_distance": float(between[far]),
    }
    return Finding("closest-voices", values, min(1.0, 0.2 * (float(between.mean()) - values["distance"]) / spread))


def longest_multi(corpus: Corpus, phonetic_table: pd.DataFrame) -> Finding | None:
    """Return the line where the longest match of vowels ends: syllables, line, text, artist, title, song."""
    longest = phonetic_table.loc[corpus.lines.index, "longest"].to_numpy()
    if not len(longest) or longest.max() < MULTI:
        return None
    at = int(longest.argmax())
    line = describe_lines(corpus, [int(corpus.lines.index[at])]).iloc[0]
    values = {name: line[name] for name in ("text", "artist", "title")} | {k: int(line[k]) for k in ("line", "song")}
    beyond = float(longest[at] / np.median(longest[longest > 0]))
    return Finding("longest-multi", {"syllables": int(longest[at]), **values}, min(1.0, 0.3 + 0.1 * beyond))


def quoted_refrain(corpus: Corpus) -> Finding | None:
    """Return the words of a refrain that most songs of others hold as well: text, songs, artist, title, line, year."""
    runs = shared_runs(corpus)
    if runs.empty:
        return None
    sections = corpus.lines.loc[~corpus.lines.index.duplicated(), "section"]
    kinds = corpus.sections["kind"].astype(str)
    chorus = runs["line"].map(sections).map(kinds).eq("refrain")
    runs = runs[chorus & (runs["words"] >= QUOTED) & runs["dated"]]
    runs = runs[[len(set(tokenise(text)) - function_words()) > 1 for text in runs["text"]]]
    if runs.empty:
        return None
    others = runs.groupby(["text", "song"], sort=True)["later_song"].nunique()
    text, song = others.idxmax()
    first = runs[(runs["text"] == text) & (runs["song"] == song)].iloc[0]
    values = {name: first[name] for name in ("artist", "title")} | {k: int(first[k]) for k in ("line", "song")}
    year = None if pd.isna(first["year"]) else int(first["year"])
    found = {"text": text, "songs": int(others.max()), "year": year, **values}
    return Finding("quoted-refrain", found, min(1.0, 0.3 + 0.1 * found["songs"]))


def rarest_voice(corpus: Corpus) -> Finding | None:
    """Return the voice with the largest share of words that nobody else uses: artist, share, words, example (its most
    frequent one)."""
    counts, labels = word_counts(corpus, "artist")
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    large = np.flatnonzero(sizes >= LEAST_WORDS)
    if len(large) < 3:
        return None
    used_by = document_frequency(counts)
    own = counts[large][:, used_by == 1]
    share = np.asarray(own.sum(axis=1)).ravel() / sizes[large]
    at = int(share.argmax())
    words = np.flatnonzero(used_by == 1)
    example = corpus.vocabulary.decode([int(words[int(own[[at]].toarray().argmax())])])[0]
    values = {"artist": labels[large[at]], "share": float(share[at]), "words": int(sizes[large[at]])}
    beyond = float(share[at]) / max(float(np.median(share)), 1e-9)
    return Finding("own-words", {**values, "example": example}, min(1.0, 0.25 * beyond))
