"""Concordance (key word in context): every match of a query with the words around it, sorted and paged.

The context is the line as written; sorting looks at the words of the layer on either side within the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Ints
from pipeline.analysis.firsts import artist_alternating_permutation
from pipeline.analysis.lines import line_details_table, lyric_or_adlib_positions, token_to_character_spans
from pipeline.analysis.words.query import Matches, find_matches
from pipeline.analysis.words.token_queries import without_accents
from pipeline.core.arguments import check_arguments
from pipeline.core.translation import t_count
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import Vocabulary

Side = Literal["left", "right"]
_MAX_NOTEBOOK_MATCHES = 20  # matches in a notebook
SortKeys = Sequence[tuple[Side, int]]


@dataclass(frozen=True)
class Concordance:
    """The matches of a query, sorted; `rows(start, stop)` returns a page of them with their contexts."""

    corpus: Corpus
    layer: Layer
    matches: Matches

    def __repr__(self) -> str:
        return f"<Concordance of {self.total:,} matches in {self.songs:,} songs of {self.corpus!r}>"

    def _repr_html_(self) -> str:
        """Return the first matches as an HTML table, for notebooks; pandas escapes them."""
        shown = self.head(_MAX_NOTEBOOK_MATCHES)[["left", "match", "right", "artist", "title", "year"]]
        return f"<p>{t_count('{n} match', '{n} matches', self.total)}</p>{shown.to_html(index=False)}"

    @property
    def total(self) -> int:
        """The number of matches; for one word, its count in the frequency table."""
        return len(self.matches)

    @property
    def songs(self) -> int:
        """The number of songs that hold a match."""
        return int(self.corpus.lines["song"].iloc[np.unique(self.matches.row)].nunique())

    @check_arguments
    def head(self, n: int = 5) -> pd.DataFrame:
        """Return the first `n` matches, with the columns of `rows`."""
        return self.rows(0, n)

    @check_arguments
    def rows(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return a table of the matches `start` to `stop`: left, match, right, details of the line, character span.

        left + match + right is the line as written; `first` and `after` are the character span of the match.
        """
        chosen = self.matches.place[start:stop]
        rows = self.matches.row[start:stop]
        table = line_details_table(self.corpus, self.corpus.lines.index[rows])
        offsets = chosen - self.matches.line_starts[rows]
        places = zip(offsets.tolist(), self.matches.width[start:stop].tolist(), rows.tolist(), strict=True)
        spans = [self._match_span(*place) for place in places]
        texts = table["text"].tolist()
        pieces = [(text[:a], text[a:b], text[b:]) for text, (a, b) in zip(texts, spans, strict=True)]
        context = pd.DataFrame(pieces, columns=["left", "match", "right"], dtype="str")
        ends = pd.DataFrame(spans, columns=["first", "after"], dtype="int64")
        return pd.concat([context, table, ends], axis=1)

    def _match_span(self, offset: int, width: int, row: int) -> tuple[int, int]:
        positions = lyric_or_adlib_positions(self.corpus, row, self.layer)[offset : offset + width]
        return token_to_character_spans(self.corpus, row, [(int(positions[0]), int(positions[-1]) + 1)])[0]


def concordance(
    corpus: Corpus,
    query: str,
    layer: Layer = "lyrics",
    sort: SortKeys | Literal["artists"] = (),
    accents: bool = True,
) -> Concordance:
    """Return every match of `query` (see `query`), sorted by the words at the given distances, then in corpus order.

    sort=[("right", 1), ("left", 1)] sorts by the word after the match, then by the word before. Words sort without
    regard to accents; where the line ends comes first. sort="artists" is
    the order of `artist_alternating_permutation`. Raise SettingError for a query that cannot be read.
    """
    matches = find_matches(corpus, query, layer, accents)
    order = artist_alternating_permutation(matches.row, corpus) if sort == "artists" else np.arange(len(matches))
    if sort and sort != "artists" and len(matches):
        places = [matches.tokens_at(-distance if side == "left" else distance) for side, distance in sort]
        keys = [np.where(at < 0, -1, matches.ids[at]) for at in places]  # -1 beyond the line
        order = _sort_permutation(keys, corpus.vocabulary)
    return Concordance(corpus, layer, replace(matches, place=matches.place[order], width=matches.width[order]))


def _sort_permutation(keys: list[Ints], vocabulary: Vocabulary) -> Ints:
    """Return the permutation that sorts by words: those of keys[0], then of keys[1] …; ties keep corpus order."""
    ids = np.unique(np.concatenate(keys))
    words = [vocabulary.index2word[i] if i >= 0 else "" for i in ids.tolist()]
    alphabet = sorted(range(len(words)), key=lambda k: (without_accents(words[k]), words[k]))
    rank = np.empty(len(ids), np.int64)
    rank[alphabet] = np.arange(len(ids))
    return np.lexsort([rank[np.searchsorted(ids, key)] for key in reversed(keys)])
