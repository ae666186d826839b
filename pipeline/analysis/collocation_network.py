"""The network of a word: the words that share lines with it, and which of them share lines with each other.

After Brezina, McEnery and Wattam (2015); the score is logDice (Rychlý 2008), counted in lines.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.analysis.collocations import log_dice
from pipeline.analysis.counting import Ints, Mask, word_mask
from pipeline.analysis.query import Matches, find_matches
from pipeline.analysis.word_classes import function_words
from pipeline.corpus.table import Corpus, Layer

MEMBERS = 24  # of a network, without its word


def collocation_network(
    corpus: Corpus, query: str, layer: Layer = "lyrics", members: int = MEMBERS, minimum: int = 3
) -> pd.DataFrame:
    """Return the links of a word's company: source, target, lines (with both), log_dice; the word's own links first.

    The `members` content words of the highest logDice, counted in lines, and each two of them that meet in `minimum`
    lines or more. logDice of lines is 14 + log2(2 lines with both / (lines with one + lines with the other)).
    """
    matches = find_matches(corpus, query, layer)
    own = np.zeros(len(corpus.lines), bool)
    own[matches.row] = True
    word, row = _words_of_lines(matches, _candidates(corpus, matches, own, minimum))
    size = len(corpus.vocabulary)
    lines, lines_with_both = np.bincount(word, minlength=size), np.bincount(word[own[row]], minlength=size)
    chosen = np.flatnonzero(lines_with_both >= minimum)
    score = log_dice(lines_with_both[chosen], int(own.sum()), lines[chosen])
    best = np.argsort(-score, kind="stable")[:members]
    chosen, score = chosen[best], score[best]
    names = corpus.vocabulary.decode(chosen)
    first = pd.DataFrame({"source": query, "target": names, "lines": lines_with_both[chosen], "log_dice": score})
    return pd.concat([first, _links(word, row, chosen, names, lines, minimum)], ignore_index=True)


def _candidates(corpus: Corpus, matches: Matches, own: Mask, minimum: int) -> Mask:
    """Return bool[vocabulary]: content words that occur often enough in the lines of the matches, bool[lines] `own`."""
    near = matches.ids[own[matches.rows]]
    often = np.bincount(near, minlength=len(corpus.vocabulary)) >= minimum
    often[matches.ids[matches.place]] = False
    return often & ~word_mask(corpus.vocabulary, function_words())


def _words_of_lines(matches: Matches, wanted: Mask) -> tuple[Ints, Ints]:
    """Return (word, row of its line) of the wanted words, each once a line."""
    at = np.flatnonzero(wanted[matches.ids])
    codes = np.unique(matches.rows[at].astype(np.int64) * len(wanted) + matches.ids[at])
    return codes % len(wanted), codes // len(wanted)


def _links(word: Ints, row: Ints, chosen: Ints, names: list[str], lines: Ints, minimum: int) -> pd.DataFrame:
    """Return the pairs of the chosen words that meet in `minimum` lines or more, the closest first.

    `word` and `row` as of `_words_of_lines`; `lines` int[vocabulary]: lines of each word.
    """
    column = np.full(len(lines), -1)
    column[chosen] = np.arange(len(chosen))
    member = column[word] >= 0
    shape = (int(row.max(initial=0)) + 1, len(chosen))
    table = sparse.csr_matrix((np.ones(int(member.sum()), np.int64), (row[member], column[word[member]])), shape)
    both = sparse.triu(table.T @ table, k=1).tocoo()
    enough = both.data >= minimum
    a, b, n = both.row[enough], both.col[enough], both.data[enough]
    label = np.array(names, object)
    links = pd.DataFrame(
        {
            "source": label[a],
            "target": label[b],
            "lines": n,
            "log_dice": log_dice(n, lines[chosen[a]], lines[chosen[b]]),
        }
    )
    return links.astype({"source": "str", "target": "str"}).sort_values("log_dice", ascending=False, kind="stable")
