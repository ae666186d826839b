"""Tables of lines with title, artist and year; the lines that hold a word; how many words lines have."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.typing import SeriesGroupBy

from pipeline.analysis.counting import GroupingKey, Ints, line_group_codes
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import align_tokens, fold_case, token_spans


def line_details_table(corpus: Corpus, lines: Iterable[int]) -> pd.DataFrame:
    """Return a row per line id, in the order given: line, text, title, artist, year, kind, inferred, song.

    `kind` is that of the line's section, `inferred` whether no tag names it.

    Raise KeyError for an id that is not in this subcorpus.
    """
    chosen = corpus.lines[["song", "section"]].iloc[rows_of_lines(corpus, list(lines))]
    songs = corpus.songs.loc[chosen["song"], ["title", "artist", "year"]]
    sections = corpus.sections.loc[chosen["section"], ["kind", "inferred"]]
    return pd.DataFrame(
        {
            "line": chosen.index.to_numpy(),
            "text": pd.Series(corpus.texts_of(chosen.index), dtype="str"),
            "title": songs["title"].to_numpy(),
            "artist": songs["artist"].to_numpy(),
            "year": songs["year"].array,
            "kind": sections["kind"].astype(str).to_numpy(),
            "inferred": sections["inferred"].to_numpy(),
            "song": chosen["song"].to_numpy(),
        }
    )


def rows_of_lines(corpus: Corpus, lines: npt.ArrayLike) -> Ints:
    """Return int[lines]: the row in `corpus.lines` of each line id, the first one of a line performed several times.

    Without the hash table that pandas would keep. Raise KeyError for an id that is not in this subcorpus.
    """
    ids = corpus.lines.index.to_numpy()
    wanted = np.asarray(lines, ids.dtype)
    order = np.arange(len(ids)) if np.all(ids[1:] > ids[:-1]) else np.argsort(ids, kind="stable")
    places = np.searchsorted(ids, wanted, sorter=order)
    known = places < len(ids)
    rows = order[places[known]]
    known[known] = ids[rows] == wanted[known]
    if not known.all():
        raise KeyError(int(wanted[~known][0]))
    return rows


def rows_with_word(corpus: Corpus, word: str, layer: Layer = "lyrics") -> tuple[Ints, Ints]:
    """Return (rows of `corpus.lines` that hold `word`, how often each does), in corpus order."""
    ids, rows = corpus.token_table(layer)
    return np.unique(rows[ids == _word_index(corpus, word)], return_counts=True)


def lines_with_word(corpus: Corpus, word: str, layer: Layer = "lyrics", rows: Ints | None = None) -> pd.DataFrame:
    """Return the lines that hold `word`, in corpus order: `line_details_table` and `spans`, (start, stop) in `text`.

    `rows` limits them to some of `rows_with_word`. Empty for a word that the corpus does not hold.
    """
    rows = rows_with_word(corpus, word, layer)[0] if rows is None else rows
    table, index = line_details_table(corpus, corpus.lines.index[rows]), _word_index(corpus, word)
    table["spans"] = pd.Series([_word_spans(corpus, row, index, layer) for row in rows], dtype=object)
    return table


def _word_index(corpus: Corpus, word: str) -> int:
    return corpus.vocabulary.word2index.get(fold_case(word).strip(), -1)


def _word_spans(corpus: Corpus, row: int, index: int, layer: Layer) -> list[tuple[int, int]]:
    start = int(corpus.lines["start"].iloc[row])
    positions = lyric_or_adlib_positions(corpus, row, layer)
    positions = positions[corpus.tokens[start + positions] == index]
    return token_to_character_spans(corpus, row, [(place, place + 1) for place in positions.tolist()])


def lyric_or_adlib_positions(corpus: Corpus, row: int, layer: Layer) -> Ints:
    """Return the indices, within the line at `row`, of its lyrics, ad-libs or all tokens (as `layer` selects)."""
    return lyric_or_adlib_positions_in_span(corpus, *_token_bounds(corpus, row), layer)


def lyric_or_adlib_positions_in_span(corpus: Corpus, start: int, stop: int, layer: Layer) -> Ints:
    """Return the indices, within `corpus.tokens[start:stop]`, of lyrics, ad-libs or all tokens (as `layer` selects)."""
    if layer == "all":
        return np.arange(stop - start)
    return np.flatnonzero(corpus.adlib[start:stop] == (layer == "adlibs"))


def _token_bounds(corpus: Corpus, row: int) -> tuple[int, int]:
    """Return (start, stop) of the tokens of a line, given its row, in `corpus.tokens`."""
    return corpus.lines["start"].to_numpy()[row], corpus.lines["stop"].to_numpy()[row]


def token_to_character_spans(corpus: Corpus, row: int, tokens: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Convert spans of tokens (start, stop) of the line at `row` into spans of characters of its text."""
    (text,), (start, stop) = corpus.texts_of(corpus.lines.index[[row]]), _token_bounds(corpus, row)
    spans = token_spans(text)
    if len(spans) != stop - start:  # the corpus was prepared with another tokenizer
        spans = align_tokens(text, corpus.vocabulary.decode(corpus.tokens[start:stop]))
    return [(spans[first].start, spans[after - 1].stop) for first, after in tokens]


def line_length_distribution(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return a row per length from 1 to the longest, empty lengths included: words, lines, share, cumulative.

    `share` is of the lines; sum(words * lines) is the token count of the layer.
    """
    lengths = corpus.line_lengths(layer)
    lines = np.bincount(lengths[lengths > 0], minlength=2)[1:]
    share = lines / max(lines.sum(), 1)
    words = np.arange(1, len(lines) + 1)
    return pd.DataFrame({"words": words, "lines": lines, "share": share, "cumulative": np.cumsum(share)})


def line_length_summary(corpus: Corpus, by: GroupingKey | None = None, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the words per line of each group: the group, lines, words, mean, sd, q1, median, q3, longest.

    `by` None gives one row for the whole, labelled "all" in a column `group`; else the column is named after `by`.
    Quartiles interpolate linearly (type 7 of Hyndman and Fan 1996); sd is the population's. Groups without a line
    are excluded, and so are songs of unknown year when grouped by year.
    """
    lengths, (codes, labels) = corpus.line_lengths(layer), line_group_codes(corpus, by)
    keep = (lengths > 0) & (codes >= 0)
    grouped = pd.Series(lengths[keep]).groupby(codes[keep])
    table = pd.DataFrame({"lines": grouped.size(), "words": grouped.sum(), **mean_and_quartiles(grouped)})
    table.insert(0, labels.name, labels[table.index])
    return table.reset_index(drop=True)


def mean_and_quartiles(grouped: SeriesGroupBy) -> dict[str, pd.Series]:
    """Return statistics of grouped lengths as columns: mean, sd (population), q1, median, q3 (linear), longest."""
    return {
        "mean": grouped.mean(),
        "sd": grouped.std(ddof=0),
        "q1": grouped.quantile(0.25),
        "median": grouped.median(),
        "q3": grouped.quantile(0.75),
        "longest": grouped.max(),
    }


def lines_of_length(corpus: Corpus, words: int | Collection[int], layer: Layer = "lyrics") -> Ints:
    """Return the ids of the lines with `words` words (a number, or any of several numbers), in corpus order."""
    lengths = [words] if isinstance(words, int) else list(words)
    return corpus.lines.index.to_numpy()[np.isin(corpus.line_lengths(layer), lengths)]
