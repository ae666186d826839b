"""Phrases that songs of different artists share: who took a line from whom, or both from somewhere else.

A phrase is four consecutive words or more within a line (Olsen, Horton & Roe 2011, on text reuse by shared n-grams).
One that many artists have is a set phrase and is excluded; one that a song repeats counts once. The earlier song comes
first where both are dated. That two songs share a phrase does not say that one took it from the other. Two that share
most of their words are one song under two titles or two names (`same_song`), and nothing was borrowed.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pipeline.analysis.counting import Ints, document_frequency, song_row_of_each_line, word_counts
from pipeline.analysis.firsts import meaningful_word_mask
from pipeline.analysis.precomputed import PrecomputedResult
from pipeline.analysis.variants import each_line_once
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import detokenise, tokenise

NGRAM_SIZE = 4  # words in a row at least
MIN_RANKED_WORDS = 5  # words of a run that is ranked: of four, hardly one in twenty is taken from anywhere
SAME_SONG_SHARE = 0.5  # of the shorter song's words, each line once, in runs of the two: one song
MIN_SAME_SONG_WORDS = 50  # in such runs
MAX_SHARING_ARTISTS = 4  # artists: what more of them say is how everyone speaks
_HASH_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_HASH_PARTITIONS = 16  # of all n-grams, by their hashes: what is sorted lies in memory a part at a time
_HASH_BATCH = 1 << 20  # places that are hashed at a time
Hashes = npt.NDArray[np.uint64]

COLUMNS = (
    *("text", "words", "artist", "song", "title", "year", "line"),
    *("later_artist", "later_song", "later_title", "later_year", "later_line", "dated", "same_song"),
)


def shared_phrases(
    corpus: Corpus,
    layer: Layer = "lyrics",
    *,
    artists: int = MAX_SHARING_ARTISTS,
    least: int = NGRAM_SIZE,
    dated: bool = False,
    of: npt.NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Return the phrases that two songs of different artists share, longest first, as a table of `COLUMNS`.

    text and words (how many) of the phrase; artist, song, title, year and line of its first occurrence, later_… of the
    second; `dated`: whether both years are known and differ, else the order is the corpus's; `same_song`: whether the
    two are one song, by `SAME_SONG_SHARE`. N-grams of `NGRAM_SIZE` words that more than `artists` artists have belong
    to no phrase. Excluded are phrases of fewer than `least` words, with `dated` those of unknown order, and those whose
    first occurrence is not in the lines `of` (bool[lines]). Linear in the words of the corpus, but for phrases that are
    shared. Raise SettingError for fewer than two artists or `NGRAM_SIZE` words.
    """
    if artists < 2 or least < NGRAM_SIZE:
        raise SettingError(
            "Shared phrases have at least {gram} words and two artists: choose no smaller values.", gram=NGRAM_SIZE
        )
    ids, rows = corpus.token_table(layer)
    first, second = _matching_position_pairs(ids, rows, corpus, artists)
    start, other, length = _join_consecutive_matches(first, second)
    songs = song_row_of_each_line(corpus)
    table = pd.DataFrame({"a": start, "b": other, "words": length + NGRAM_SIZE - 1})
    table["song_a"], table["song_b"] = songs[rows[start]], songs[rows[other]]
    table = _put_earlier_song_first(table, corpus)
    table["same_song"] = _same_song_mask(table, corpus, ids)
    table = table[table["words"] >= least]
    table = table[table["dated"]] if dated else table
    table = table if of is None else table[of[rows[table["a"]]]]
    table = _drop_repeated_phrases(table, ids).sort_values(
        ["words", "a", "b"], ascending=[False, True, True], kind="stable"
    )
    return _shared_phrase_table(table, corpus, rows)


def _drop_repeated_phrases(table: pd.DataFrame, ids: Ints) -> pd.DataFrame:
    """Return each phrase of a pair of songs once, with a column `tokens`: the ids of its words."""
    tokens = [tuple(ids[a : a + n].tolist()) for a, n in zip(table["a"], table["words"], strict=True)]
    table = table.assign(tokens=pd.Series(tokens, dtype=object, index=table.index))
    return table.drop_duplicates(["tokens", "song_a", "song_b"])


def _same_song_mask(table: pd.DataFrame, corpus: Corpus, ids: Ints) -> pd.Series:
    """Return for each phrase whether its songs are the same, sharing `SAME_SONG_SHARE` of the shorter one's words.

    And no fewer than `MIN_SAME_SONG_WORDS`.
    """
    lines = each_line_once(corpus).lines
    sizes = (lines["stop"] - lines["start"]).groupby(lines["song"]).sum().reindex(corpus.songs.index, fill_value=0)
    shorter = np.minimum(*(sizes.to_numpy()[table[song]] for song in ("song_a", "song_b")))
    enough = np.maximum(SAME_SONG_SHARE * shorter, MIN_SAME_SONG_WORDS)
    pairs = [table["song_a"], table["song_b"]]
    alike = table["words"].groupby(pairs).transform("sum") >= enough  # at most: some runs come twice
    shared = _drop_repeated_phrases(table[alike], ids).groupby(["song_a", "song_b"])["words"].sum()
    same = pd.MultiIndex.from_arrays(pairs).map(shared.to_dict()).to_numpy(float) >= enough
    return pd.Series(same, table.index)


def rank_shared_phrases(runs: pd.DataFrame, corpus: Corpus, least: int = MIN_RANKED_WORDS) -> pd.DataFrame:
    """Return shared phrases ranked by how likely they were borrowed, with rarity (bits), coverage, cluster (from 1).

    Rarity is the sum over the different words of a run of log2(songs / songs that hold the word); coverage is the share
    of the words of the longer line that stand in runs of the two: a line that is taken over is so as a whole, but for a
    word or two, and a turn of phrase is a part of lines that differ. Runs that stand in the same lines are variants of
    one source: a cluster. Clusters are ranked by their best pair of lines: the rarity of its runs times its coverage,
    over the artists who have it but one. Left out are runs of fewer than `least` words, those of one song under two
    titles, and boilerplate, with fewer than two meaningful words (`firsts.meaningful_word_mask`).
    """
    counts, songs = word_counts(corpus)
    document_counts = np.maximum(document_frequency(counts), 1)
    bits, index = np.log2(max(len(songs), 1) / document_counts), corpus.vocabulary.word2index
    words = {text: set(tokenise(text)) for text in runs["text"].unique()}
    rarity = runs["text"].map({text: sum(bits[index[w]] for w in own if w in index) for text, own in words.items()})
    types = list(set[str]().union(*words.values()))
    meaningful = set(np.array(types, object)[meaningful_word_mask(types, corpus)])
    content = runs["text"].map({text: len(own & meaningful) for text, own in words.items()})
    pair = [runs["line"], runs["later_line"]]
    lengths = (corpus.lines["stop"] - corpus.lines["start"])[~corpus.lines.index.duplicated()]
    longer = np.maximum(*(lengths.loc[each].to_numpy() for each in pair))
    coverage = np.minimum(runs["words"].groupby(pair).transform("sum") / np.maximum(longer, 1), 1)
    runs = runs.assign(rarity=rarity.astype(float), coverage=coverage)
    score = runs["rarity"].groupby(pair).transform("sum") * coverage
    score, ranked = (each[(runs["words"] >= least) & (content >= 2) & ~runs["same_song"]] for each in (score, runs))
    lines, codes = np.unique(ranked[["line", "later_line"]].to_numpy(), return_inverse=True)
    first, later = codes.reshape(-1, 2).T
    links = sparse.coo_matrix((np.ones(len(ranked)), (first, later)), (len(lines), len(lines)))
    cluster_of = connected_components(links, directed=False)[1][first] if len(ranked) else first
    artists = pd.concat([pd.Series(ranked[name].to_numpy(), cluster_of) for name in ("artist", "later_artist")])
    spread = artists.groupby(level=0).nunique().reindex(cluster_of).to_numpy()
    best = score.groupby(cluster_of).transform("max") / np.log2(spread)
    order = np.lexsort((-ranked["rarity"], cluster_of, -best))
    cluster = pd.factorize(cluster_of[order])[0] + 1
    return ranked.iloc[order].assign(cluster=cluster).reset_index(drop=True)


def reuse_graph(runs: pd.DataFrame) -> pd.DataFrame:
    """Return a row per pair of artists who share phrases, most phrases first: artist, later_artist, runs, words, dated.

    `runs` are different phrases, `words` those of all pairs of lines that share one, `dated` the pairs of known order.
    """
    groups = runs.groupby(["artist", "later_artist"], observed=True, sort=True)
    table = groups.agg(runs=("text", "nunique"), words=("words", "sum"), dated=("dated", "sum")).reset_index()
    return table.sort_values(["runs", "words"], ascending=False, kind="stable").reset_index(drop=True)


def _matching_position_pairs(ids: Ints, rows: Ints, corpus: Corpus, artists: int) -> tuple[Ints, Ints]:
    """Return (int[pairs], int[pairs]): all pairs of token positions where the same n-gram begins in two artists' lines.

    The lower position comes first; n-grams have `NGRAM_SIZE` words.

    N-grams are compared by a hash of 64 bits, since words of a large vocabulary do not fit into one number four at a
    time; two different ones of ten million share it once in 400,000 corpora.
    """
    n = len(ids) - NGRAM_SIZE + 1
    if n < 1:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    codes, _ = pd.factorize(corpus.songs["artist"])
    artist = codes[song_row_of_each_line(corpus)]
    positions = np.flatnonzero(rows[:n] == rows[NGRAM_SIZE - 1 :]).astype(np.int32)  # within one line
    keys = np.empty(len(positions), np.uint64)
    for at in range(0, len(positions), _HASH_BATCH):
        keys[at : at + _HASH_BATCH] = _ngram_hashes(ids, positions[at : at + _HASH_BATCH])
    part = (keys >> np.uint64(64 - _HASH_PARTITIONS.bit_length() + 1)).astype(np.uint8)
    runs = [
        _equal_hash_pairs(keys[mine], positions[mine], artist, rows, artists)
        for mine in (part == at for at in range(_HASH_PARTITIONS))
    ]
    first, second = (np.concatenate(pairs) for pairs in zip(*runs, strict=True))
    return np.minimum(first, second), np.maximum(first, second)


def _equal_hash_pairs(keys: Hashes, positions: Ints, artist: Ints, rows: Ints, artists: int) -> tuple[Ints, Ints]:
    """Return pairs of positions with equal hashes but different artists, at most `artists` of whom share the hash."""
    order = np.argsort(keys, kind="stable")
    keys, positions = keys[order], positions[order]
    new = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
    sizes = np.diff(new, append=len(keys))
    new, sizes = new[sizes > 1], sizes[sizes > 1]  # most stand at one place
    spread = _count_distinct_artists(new, sizes, artist[rows[positions]])
    is_shared = (spread >= 2) & (spread <= artists)
    new, sizes = new[is_shared], sizes[is_shared]
    one, other = [], []
    for size in np.unique(sizes):  # all n-grams that stand at `size` places, at once
        at = positions[new[sizes == size][:, None] + np.arange(size)]
        for i in range(size - 1):
            one.append(np.repeat(at[:, i], size - 1 - i))
            other.append(at[:, i + 1 :].ravel())
    first, second = (np.concatenate([*part, np.empty(0, np.int64)]).astype(np.int64) for part in (one, other))
    other_artist = artist[rows[first]] != artist[rows[second]]
    return first[other_artist], second[other_artist]


def _count_distinct_artists(first: Ints, sizes: Ints, owners: Ints) -> Ints:
    """Return int[groups]: the number of different artists in each group, `sizes` positions that begin at `first`."""
    inside = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    pairs = np.unique(np.repeat(np.arange(len(first)), sizes) * (owners.max(initial=0) + 1) + owners[inside])
    return np.bincount(pairs // (owners.max(initial=0) + 1), minlength=len(first))


def _ngram_hashes(ids: Ints, positions: Ints) -> Hashes:
    value = np.zeros(len(positions), np.uint64)
    for at in range(NGRAM_SIZE):
        value = (value ^ ids[positions + at].astype(np.uint64)) * _HASH_MULTIPLIER
        value ^= value >> np.uint64(29)
    return value


def _join_consecutive_matches(first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """Join n-gram matches at consecutive positions; return (first positions, second positions, matches joined)."""
    order = np.lexsort((first, second - first))
    first, second = first[order], second[order]
    breaks = np.flatnonzero((np.diff(second - first, prepend=-1) != 0) | (np.diff(first, prepend=-2) != 1))
    return first[breaks], second[breaks], np.diff(breaks, append=len(first))


def _put_earlier_song_first(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Return the table with the earlier song as `a` where both years are known, and a column `dated`."""
    years = corpus.songs["year"].astype(float).to_numpy()
    a, b = years[table["song_a"]], years[table["song_b"]]
    turn = np.asarray(b < a)
    swapped = table.copy()
    for one, other in (("a", "b"), ("song_a", "song_b")):
        swapped[one], swapped[other] = (
            np.where(turn, table[other], table[one]),
            np.where(turn, table[one], table[other]),
        )
    return swapped.assign(dated=(a != b) & ~np.isnan(a) & ~np.isnan(b))


def _shared_phrase_table(table: pd.DataFrame, corpus: Corpus, rows: Ints) -> pd.DataFrame:
    texts = {tokens: detokenise(corpus.vocabulary.decode(tokens)) for tokens in dict.fromkeys(table["tokens"])}
    columns: dict[str, object] = {
        "text": [texts[tokens] for tokens in table["tokens"]],
        "words": table["words"].to_numpy(),
        "dated": table["dated"].to_numpy(),
        "same_song": table["same_song"].to_numpy(bool),
    }
    for prefix, place, song in (("", "a", "song_a"), ("later_", "b", "song_b")):
        songs = corpus.songs.iloc[table[song].to_numpy()]
        columns[f"{prefix}song"] = songs.index.to_numpy()
        columns |= {f"{prefix}{name}": songs[name].array for name in ("artist", "title", "year")}
        columns[f"{prefix}line"] = corpus.lines.index[rows[table[place].to_numpy()]].to_numpy()
    return pd.DataFrame(columns)[list(COLUMNS)]


PRECOMPUTED_RESULTS = (PrecomputedResult("shared_runs", shared_phrases, version=2),)
