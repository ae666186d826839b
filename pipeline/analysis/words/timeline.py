"""Words and phrases over the years: how often, in what share of songs, and which artists used them first.

Two denominators, both given: the words of a year and its songs. The band around the share of songs is Wilson's; one
around a frequency of words would be false, since the words of a song come together.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import false_discovery_control, norm

from pipeline.analysis.counting import GroupingKey, document_frequency, line_group_codes, word_counts
from pipeline.analysis.firsts import meaningful_word_mask, named_artists_subcorpus
from pipeline.analysis.intervals import wilson
from pipeline.analysis.words.query import find_matches
from pipeline.corpus.table import Corpus, Layer


def query_timeline(
    corpus: Corpus,
    queries: Sequence[str],
    layer: Layer = "lyrics",
    accents: bool = True,
    *,
    by: GroupingKey | None = None,
) -> pd.DataFrame:
    """Return how often queries occur in each year, years without songs included: a row per query and year.

    Columns query, year, count, words, per_million, songs_with, songs, share, low, high, artists: `words` and `songs`
    are those of the year, `songs_with` and `artists` hold the query; share = songs_with / songs with its 95 % Wilson
    limits, nan in a year without songs. With `by` each group has its own rows, and a first column names it.
    """
    if by is not None:
        codes, labels = line_group_codes(corpus, by)
        lines = [corpus.lines.index[codes == code] for code in range(len(labels))]
        parts = [query_timeline(corpus.where(lines=each), queries, layer, accents) for each in lines]
        return pd.concat(parts, keys=labels, names=[by, None]).reset_index(level=0).reset_index(drop=True)
    span = corpus.year_span
    if span is None:
        columns = ["year", "count", "words", "per_million", "songs_with", "songs", "share", "low", "high", "artists"]
        return pd.DataFrame({"query": pd.array([], dtype="str"), **{name: np.empty(0) for name in columns}})
    years = np.arange(span[0], span[1] + 1)
    song_year = corpus.songs["year"].astype("float64")
    songs = song_year.value_counts().reindex(years, fill_value=0).to_numpy()
    codes, labels = line_group_codes(corpus, "year")
    _, rows = corpus.token_table(layer)
    per_year = pd.Series(np.bincount(codes[rows] + 1, minlength=len(labels) + 1)[1:], labels.astype(int))
    words = per_year.reindex(years, fill_value=0).to_numpy()
    parts = []
    for query in queries:
        hits = _songs_matching(corpus, query, layer, accents).groupby("year")
        count = hits["count"].sum().reindex(years, fill_value=0).to_numpy()
        songs_with = hits.size().reindex(years, fill_value=0).to_numpy()
        low, high = wilson(songs_with, songs)
        parts.append(
            pd.DataFrame(
                {
                    "query": pd.array([query] * len(years), dtype="str"),
                    "year": years,
                    "count": count,
                    "words": words,
                    "per_million": np.divide(count * 1e6, words, out=np.full(len(years), np.nan), where=words > 0),
                    "songs_with": songs_with,
                    "songs": songs,
                    "share": np.divide(songs_with, songs, out=np.full(len(years), np.nan), where=songs > 0),
                    "low": low,
                    "high": high,
                    "artists": hits["artist"].nunique().reindex(years, fill_value=0).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else query_timeline(corpus.where(songs=[]), [], layer)


def adoption_by_artist(corpus: Corpus, query: str, layer: Layer = "lyrics", accents: bool = True) -> pd.DataFrame:
    """Return the artists who use a query, by their first year: artist, first_year, title, songs, count, artists.

    `artists` counts those who use it by then. Songs of unknown year are excluded.
    """
    hits = _songs_matching(corpus, query, layer, accents).dropna(subset="year").sort_values("year", kind="stable")
    by_artist = hits.groupby("artist", sort=False)
    table = pd.DataFrame(
        {
            "first_year": by_artist["year"].first().astype("int64"),
            "title": by_artist["title"].first(),
            "songs": by_artist.size(),
            "count": by_artist["count"].sum(),
        }
    ).reset_index()
    return table.assign(artists=np.arange(1, len(table) + 1))


def first_uses(corpus: Corpus, layer: Layer = "lyrics", minimum_artists: int = 2) -> pd.DataFrame:
    """Return words by their first year, the latest and most spread first.

    Columns word, index, first_year, artists, songs, count. Words of fewer than `minimum_artists` artists and songs of
    unknown year are excluded.
    """
    dated = corpus.where(years=corpus.year_span or (0, 0))
    by_song, _ = word_counts(dated, "song", layer)
    turned = by_song.tocsc()
    songs = np.diff(turned.indptr)
    codes, names = pd.factorize(dated.songs["artist"])
    songs_of_artists = sparse.csr_matrix(
        (np.ones(len(codes), np.int32), (codes, np.arange(len(codes)))), (len(names), len(codes))
    )
    artists = document_frequency(sparse.csr_matrix(songs_of_artists @ by_song))
    years = dated.songs["year"].to_numpy(np.int64)
    counts = dated.word_counts(layer)
    index = np.flatnonzero(songs)
    first = np.minimum.reduceat(years[turned.indices], turned.indptr[index]) if len(index) else np.empty(0, int)
    spread_enough = artists[index] >= minimum_artists
    index, first = index[spread_enough], first[spread_enough]
    table = pd.DataFrame(
        {
            "word": pd.array(corpus.vocabulary.decode(index), dtype="str"),
            "index": index,
            "first_year": first,
            "artists": artists[index],
            "songs": songs[index],
            "count": counts[index],
        }
    )
    return table.sort_values(["first_year", "artists"], ascending=[False, False], kind="stable").reset_index(drop=True)


def _songs_matching(corpus: Corpus, query: str, layer: Layer, accents: bool) -> pd.DataFrame:
    """Return the songs that hold a query, in corpus order: artist, title, year, count."""
    matches = find_matches(corpus, query, layer, accents)
    counts = pd.Series(corpus.lines["song"].to_numpy()[matches.row]).value_counts(sort=False).sort_index()
    songs = corpus.songs.loc[counts.index, ["artist", "title", "year"]]
    return songs.assign(year=songs["year"].astype("float64"), count=counts.to_numpy())


MIN_MOVED_SONGS, MIN_MOVED_SHARE = 10, 0.01  # songs that a word which moved is in, and their share of all
MOVED_Q = 0.05  # false discovery rate of the words whose share is said to have changed


def words_whose_share_moved(corpus: Corpus, count: int = 2) -> pd.DataFrame:
    """Return the words whose share of songs changed most from the earlier to the later half of the dated songs.

    Columns word, early, late (shares), q; rising and falling words by turns, those of the largest z first. z compares
    two proportions, q is its false discovery rate (Benjamini & Hochberg 1995) over all meaningful words in enough
    songs. Empty where no change is significant.
    """
    years = corpus.songs["year"].dropna().astype(int)
    dated = named_artists_subcorpus(corpus.where(songs=years.index)) if len(years) else corpus
    counts, songs = word_counts(dated, "song")
    years = years.reindex(songs).to_numpy() if len(years) else np.empty(0)
    later = years >= np.median(years) if len(years) else np.empty(0, bool)
    n_early, n_late = int((~later).sum()), int(later.sum())
    columns = ["word", "early", "late", "q"]
    if min(n_early, n_late) < MIN_MOVED_SONGS:
        return pd.DataFrame(columns=columns)
    enough = np.flatnonzero(document_frequency(counts) >= max(MIN_MOVED_SONGS, MIN_MOVED_SHARE * len(years)))
    words = np.array(corpus.vocabulary.decode(enough.tolist()), object)
    telling = meaningful_word_mask(words, corpus)
    enough, words = enough[telling], words[telling]
    early = document_frequency(counts[~later])[enough] / n_early
    late = document_frequency(counts[later])[enough] / n_late
    pooled = (early * n_early + late * n_late) / (n_early + n_late)
    z = (late - early) / np.sqrt(np.maximum(pooled * (1 - pooled) * (1 / n_early + 1 / n_late), 1e-12))
    table = pd.DataFrame({"word": words, "early": early, "late": late, "z": z})
    table["q"] = false_discovery_control(2 * norm.sf(np.abs(z))) if len(z) else 1.0
    table = table[table["q"] < MOVED_Q].sort_values("z", key=np.abs, ascending=False, kind="stable")
    turn = table.groupby(table["z"] > 0).cumcount()
    order = np.lexsort((table["z"] < 0, turn))
    return table.iloc[order].head(count)[columns].reset_index(drop=True)
