"""Rhyme and syllables by song, artist, year or kind of section, with intervals over songs.

Every function takes the table of `line_sounds` (or one that holds at least the corpus's lines), so that a page
computes it once. A line counts when something of it is said: an ad-lib alone is no line. Intervals leave out one
song at a time (`intervals.jackknife`); with fewer than three songs there is none.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.counting import By, Ints, line_groups, song_rows, word_counts
from pipeline.analysis.intervals import jackknife, ratio_jackknife
from pipeline.analysis.lines import describe_lines
from pipeline.analysis.rhyme_factor import LOOKBACK, VowelText, rhyme_lengths
from pipeline.analysis.verses import quartiles_by
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.echoes import word_vowels
from pipeline.language.ipa import is_vowel, split_phones
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import quatrain_patterns
from pipeline.language.vocabulary import SPECIALS


def rhyme_table(corpus: Corpus, sounds: pd.DataFrame, by: By = "artist") -> pd.DataFrame:
    """Return the rhyme of each group: the group, songs, lines, syllables, then value, _low and _high of

    density        rhymed syllables / syllables, end and internal rhymes (after Hirjee & Brown 2010)
    rhymed_lines   share of lines whose end rhymes in its section; a word repeated is no rhyme
    internal       internal rhyming words a line
    and longest, the syllables of the longest match. Higher is denser in all of them.
    """
    heard, codes, labels, songs = _heard(corpus, sounds, by)
    pieces, piece = np.unique(
        codes * max(len(corpus.songs), 1) + songs, return_inverse=True
    )  # a song's part in a group

    def add(values: Ints | None = None) -> Ints:
        return np.bincount(piece, values, minlength=len(pieces)).astype(np.int64)

    lines, syllables, rhymed = add(), add(heard["vowels"].to_numpy()), add(heard["rhymed_syllables"].to_numpy())
    ends, internal = add(heard["group"].to_numpy() >= 0), add(heard["internal"].to_numpy())
    longest = heard["longest"].groupby(codes).max()
    bounds = np.searchsorted(pieces // max(len(corpus.songs), 1), np.arange(len(labels) + 1))
    rows = []
    for group, (a, b) in enumerate(pairwise(bounds.tolist())):
        if a == b:
            continue
        row = {"songs": b - a, "lines": lines[a:b].sum(), "syllables": syllables[a:b].sum()}
        for name, top, bottom in (
            ("density", rhymed, syllables),
            ("rhymed_lines", ends, lines),
            ("internal", internal, lines),
        ):
            value, interval = ratio_jackknife(top[a:b], bottom[a:b])
            low, high = max(interval.low, 0), interval.high if name == "internal" else min(interval.high, 1)
            row |= {name: value, f"{name}_low": low, f"{name}_high": high}
        rows.append({labels.name or "song": labels[group], **row, "longest": longest[group]})
    return pd.DataFrame(rows)


def syllable_table(corpus: Corpus, sounds: pd.DataFrame, by: By = "artist", count: str = "spoken") -> pd.DataFrame:
    """Return the syllables a line of each group: the group, lines, syllables, mean, sd, q1, median, q3, longest.

    `count` is spoken, verse, minimum or maximum.
    """
    heard, codes, labels, _ = _heard(corpus, sounds, by)
    grouped = heard[count].astype(int).groupby(codes)
    table = pd.DataFrame({"lines": grouped.size(), "syllables": grouped.sum(), **quartiles_by(grouped)})
    table.insert(0, labels.name or "song", labels[table.index])
    return table.reset_index(drop=True)


def syllable_distribution(corpus: Corpus, sounds: pd.DataFrame, count: str = "spoken") -> pd.DataFrame:
    """Return a row a number of syllables from 1 to the most, empty ones included: syllables, lines, share."""
    values = sounds.loc[corpus.lines.index, count].to_numpy()
    lines = np.bincount(values[values > 0], minlength=2)[1:]
    return pd.DataFrame(
        {"syllables": np.arange(1, len(lines) + 1), "lines": lines, "share": lines / max(lines.sum(), 1)}
    )


def scheme_frequencies(corpus: Corpus, sounds: pd.DataFrame, by: By | None = None) -> pd.DataFrame:
    """Return how often each pattern of four lines occurs, most first: (the group,) scheme, quatrains, share."""
    blocks, sections = _quatrains(corpus, sounds)
    about = corpus.sections.loc[sections, ["song", "kind"]]
    if by is None:
        labels = np.full(len(blocks), "all", object)
    elif by == "kind":
        labels = about["kind"].astype(str).to_numpy(object)
    else:
        labels = (about["song"] if by == "song" else corpus.songs.loc[about["song"], by]).to_numpy(object)
    # of each line the first of its block that it rhymes with, 4 where there is none: one number a pattern
    same = (blocks[:, :, None] == blocks[:, None, :]) & (blocks[:, :, None] >= 0)
    codes = np.where(same.sum(axis=2) > 1, same.argmax(axis=2), 4) @ (125, 25, 5, 1)
    group, names = pd.factorize(labels, sort=True)
    known = group >= 0
    cells = np.bincount(group[known] * 625 + codes[known], minlength=625 * len(names)).reshape(-1, 625)
    rows = []
    for label, row in zip(names, cells, strict=True):
        counts = [(_pattern_of(code), int(row[code])) for code in np.flatnonzero(row).tolist()]
        total = row.sum()
        rows += [(label, pattern, n, n / total) for pattern, n in sorted(counts, key=lambda c: (-c[1], c[0]))]
    found = pd.DataFrame(rows, columns=[by or "group", "scheme", "quatrains", "share"])
    return found.drop(columns="group") if by is None else found


def _quatrains(corpus: Corpus, sounds: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return (end rhymes of each full block of four lines that are said, blocks x 4; the section of each block)."""
    heard = sounds.loc[corpus.lines.index, ["group", "spoken"]]
    said = heard["spoken"].to_numpy() > 0
    ends, sections = heard["group"].to_numpy()[said], corpus.lines["section"].to_numpy()[said]
    starts = np.flatnonzero(np.diff(sections, prepend=-1))
    lengths = np.diff(starts, append=len(sections))
    within = np.arange(len(sections)) - np.repeat(starts, lengths)
    full = within < np.repeat(lengths // 4 * 4, lengths)
    return ends[full].reshape(-1, 4), sections[full][::4]


def _pattern_of(code: int) -> str:
    """Return the name of a pattern of `scheme_frequencies`."""
    lines = [code // place % 5 for place in (125, 25, 5, 1)]
    return quatrain_patterns([None if line == 4 else line for line in lines])[0]


def longest_matches(corpus: Corpus, sounds: pd.DataFrame, n: int = 20) -> pd.DataFrame:
    """Return the `n` lines where the longest multisyllabic matches end: `describe_lines` and a column longest."""
    longest = sounds.loc[corpus.lines.index, "longest"].to_numpy()
    order = np.argsort(-longest, kind="stable")[:n]
    return describe_lines(corpus, corpus.lines.index[order]).assign(longest=longest[order])


def factor_table(
    corpus: Corpus, pronunciations: Pronunciations, by: By = "artist", lookback: int = LOOKBACK
) -> pd.DataFrame:
    """Return the rhyme factor of each group, the mean of its songs' factors: the group, songs, factor, low, high.

    Repeated lines of a section are kept (the original drops them): a word never matches itself in any case.
    """
    text, songs = _vowel_text(corpus, pronunciations)
    lengths = rhyme_lengths(text, lookback)
    counted = np.zeros(len(lengths), bool)
    counted[1:] = text.section[1:] == text.section[:-1]
    size = len(corpus.songs)
    words = np.bincount(songs[counted], minlength=size)
    with np.errstate(invalid="ignore"):
        factors = np.bincount(songs[counted], lengths[counted], minlength=size) / words
    groups, labels = _groups_of_songs(corpus, by)
    rows = []
    for group in np.unique(groups[(groups >= 0) & (words > 0)]):
        values = factors[(groups == group) & (words > 0)]
        mean = float(values.mean())
        n = len(values)
        interval = jackknife(mean, (values.sum() - values) / (n - 1)) if n > 2 else jackknife(mean, [])
        rows.append((labels[group], n, mean, interval.low, interval.high))
    return pd.DataFrame(rows, columns=[labels.name or "song", "songs", "factor", "low", "high"])


def vowel_palette(
    corpus: Corpus, pronunciations: Pronunciations, by: By | None = None, layer: Layer = "lyrics"
) -> pd.DataFrame:
    """Return the vowels of each group: (the group,) vowel (IPA, as spoken word by word), count, share; most first."""
    return palette_of(corpus, vowel_counts(corpus, pronunciations), by, layer)


def vowel_counts(corpus: Corpus, pronunciations: Pronunciations) -> pd.DataFrame:
    """Return the vowels of each word of the corpus's vocabulary, as spoken word by word: index, vowel (IPA), count."""
    cells = Counter(
        (at, phone)
        for at, word in enumerate(corpus.vocabulary.index2word)
        if at >= len(SPECIALS)
        for phone in split_phones(pronunciations[word].ipa)
        if is_vowel(phone)
    )
    rows = [(at, vowel, n) for (at, vowel), n in cells.items()]
    return pd.DataFrame(rows, columns=["index", "vowel", "count"]).astype({"index": "int32", "count": "int32"})


def palette_of(corpus: Corpus, vowels: pd.DataFrame, by: By | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return `vowel_palette` from the `vowel_counts` of the corpus's vocabulary."""
    code, names = pd.factorize(vowels["vowel"])
    shape = (len(corpus.vocabulary), len(names))
    matrix = sparse.csr_matrix((vowels["count"].astype(np.int64), (vowels["index"], code)), shape).toarray()
    counts, labels = word_counts(corpus, by, layer) if by else (corpus.counts(layer), ("all",))
    sounded = np.atleast_2d(counts @ matrix)
    rows = []
    for group, row in enumerate(sounded):
        for at in np.argsort(-row, kind="stable"):
            rows.append((labels[group], names[at], row[at], row[at] / max(row.sum(), 1)))
    table = pd.DataFrame(rows, columns=[by or "group", "vowel", "count", "share"])
    return table if by else table.drop(columns="group")


def _heard(corpus: Corpus, sounds: pd.DataFrame, by: By) -> tuple[pd.DataFrame, Ints, pd.Index, Ints]:
    """Return (rows of the lines that are said and whose group is known, group and song row of each, groups' labels)."""
    numbers = [name for name, kind in sounds.dtypes.items() if kind.kind == "i"]  # texts take as long as all of them
    part = sounds.loc[corpus.lines.index, numbers]
    codes, labels = line_groups(corpus, by)
    keep = (part["spoken"].to_numpy() > 0) & (codes >= 0)
    return part[keep], codes[keep], labels, song_rows(corpus)[keep]


def _groups_of_songs(corpus: Corpus, by: By) -> tuple[Ints, pd.Index]:
    if by in ("artist", "year"):
        codes, labels = pd.factorize(corpus.songs[by], sort=True)
        return codes, pd.Index(labels, name=by)
    return np.arange(len(corpus.songs)), corpus.songs.index


def _vowel_text(corpus: Corpus, pronunciations: Pronunciations) -> tuple[VowelText, Ints]:
    """Return (the lyrics of a corpus as vowels, the song row of each word); words without a vowel are left out."""
    ids, rows = corpus.token_table()
    sounds: dict[str, int] = {}
    own = [
        [sounds.setdefault(vowel, len(sounds)) for vowel in word_vowels(pronunciations[word].phones)] if at >= 4 else []
        for at, word in enumerate(corpus.vocabulary.index2word)
    ]
    lengths = np.array([len(vowels) for vowels in own])
    offsets = np.cumsum(lengths) - lengths
    flat = np.array([vowel for vowels in own for vowel in vowels], np.int64)
    said = lengths[ids] > 0
    words, rows = ids[said].astype(np.int64), rows[said]
    stop = np.cumsum(lengths[words])
    first = stop - lengths[words]
    within = np.arange(stop[-1] if len(stop) else 0) - np.repeat(first, lengths[words])
    vowels = flat[np.repeat(offsets[words], lengths[words]) + within]
    sections = corpus.lines["section"].to_numpy()[rows].astype(np.int64)
    return VowelText(vowels, first, stop, words, sections), song_rows(corpus)[rows]
