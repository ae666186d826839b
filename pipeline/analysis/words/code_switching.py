"""Code-switching inside a line: another language and French in one line (Poplack 1980: intra-sentential switching).

A word marks a language where it is a function word of this language alone (data/lexicons/languages.tsv) and no word of
French; a borrowing (le boss, les khouyas) and a single letter mark none, and a clitic marks French only before a French
word: j'suis, but not y'all or c'mon. A line switches where it has `MIN_FOREIGN_WORDS` different marker words of another
language and one of French. The figures are lower bounds: a language without a list, a line without markers is missed.
"""

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import simplemma

from pipeline.analysis.counting import GroupingKey, Ints, Mask, line_group_codes
from pipeline.analysis.intervals import wilson
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.words.word_classes import function_words, word_class_table
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import is_clitic, tokenise

MIN_FOREIGN_WORDS = 2


def foreign_line_mask(corpus: Corpus, layer: Layer = "lyrics") -> Mask:
    """Return bool[lines]: True where another language has more marker words than French."""
    languages, shown = _language_shown_by_each_token(corpus, layer)
    _, rows = corpus.token_table(layer)
    french = languages.index("fr")
    lines, own = np.unique(rows[(shown > 0) & (shown != french)], return_inverse=True)  # few
    counts = np.zeros((len(lines), len(languages)), int)
    np.add.at(counts, (own, shown[(shown > 0) & (shown != french)]), 1)
    in_french = np.bincount(rows[shown == french], minlength=len(corpus.lines))[lines]
    mask = np.zeros(len(corpus.lines), bool)
    mask[lines[counts.max(axis=1, initial=0) > in_french]] = True
    return mask


def _language_shown_by_each_token(corpus: Corpus, layer: Layer) -> tuple[list[str], Ints]:
    """Return (languages, the first ""; int[tokens]: the index of each marker word's language, 0 if it is none)."""
    shows = _language_by_marker_word()
    names = ["", *sorted(set(shows.values()))]
    code = np.zeros(len(corpus.vocabulary), np.int8)
    for word, language in shows.items():
        code[corpus.vocabulary.word2index.get(word, 0)] = names.index(language)
    code[0] = 0
    return names, code[corpus.token_ids(layer)]


def switching_lines(corpus: Corpus, layer: Layer = "lyrics") -> pd.DataFrame:
    """Return the lines that switch from or to French: `line_details_table`, language, words, switches.

    `words` are its marker words, `switches` the changes of language from one marker word to the next.
    """
    ids, rows = corpus.token_table(layer)
    names, own = _language_shown_by_each_token(corpus, layer)
    found = []
    for row in np.unique(rows[(own > 0) & (own != names.index("fr"))]).tolist():
        line = slice(np.searchsorted(rows, row), np.searchsorted(rows, row, "right"))
        tokens = corpus.vocabulary.decode(ids[line])
        languages = [names[each] for each in own[line]]
        for at, (token, language) in enumerate(zip(tokens, languages, strict=True)):
            if language == "fr" and is_clitic(token) and not _is_french_only(*tokens[at + 1 : at + 2]):
                languages[at] = ""
        words = [language for language in languages if language]
        different = Counter(language for _, language in set(zip(tokens, languages, strict=True)))
        other = max(sorted(set(words) - {"fr"}), key=words.count)
        if different[other] >= MIN_FOREIGN_WORDS and "fr" in words:
            found.append((row, other, words.count(other), sum(a != b for a, b in pairwise(words))))
    table = line_details_table(corpus, corpus.lines.index[[row for row, *_ in found]])
    columns = pd.DataFrame(found, columns=["row", "language", "words", "switches"]).drop(columns="row")
    return pd.concat([table, columns], axis=1)


def switching_table(corpus: Corpus, by: GroupingKey = "artist", layer: Layer = "lyrics") -> pd.DataFrame:
    """Return how many lines of each group switch: the group, lines, switching, share, low, high, languages.

    low to high is Wilson's 95 % interval; languages, the commonest first.
    """
    lines = switching_lines(corpus, layer)
    codes, labels = line_group_codes(corpus, by)
    totals = np.bincount(codes[codes >= 0], minlength=len(labels))
    codes_of_lines = pd.Series(codes, corpus.lines.index)
    own = codes_of_lines[~codes_of_lines.index.duplicated()].loc[lines["line"]].to_numpy()
    switching = np.bincount(own[own >= 0], minlength=len(labels))
    low, high = wilson(switching, totals)
    languages = [", ".join(lines.loc[own == at, "language"].value_counts().index) for at in range(len(labels))]
    table = pd.DataFrame({by: labels, "lines": totals, "switching": switching, "low": low, "high": high})
    table.insert(3, "share", switching / np.maximum(totals, 1))
    table["languages"] = languages
    return table.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def _is_french_only(word: str = "") -> bool:
    """Return whether a word is French but not English."""
    known = simplemma.is_known(word, lang="fr") and not simplemma.is_known(word, lang="en")
    return known or _language_by_marker_word().get(word) == "fr"


@cache
def _language_by_marker_word() -> dict[str, str]:
    """Return a dict from marker word to its language, "fr" for French function words."""
    lists = {row[0]: set(row[2].split()) for row in read_word_table("languages.tsv", 3)}
    french = {word for word in function_words() if not simplemma.is_known(word, lang="en") or is_clitic(word)}
    slang = set(word_class_table()["word"])
    shows: dict[str, str] = {}
    for language, words in lists.items():
        others = set().union(*(each for name, each in lists.items() if name != language))
        for word in words - others - function_words() - slang:
            cut = tokenise(word)
            if len(cut) == 1 and len(cut[0]) > 1 and not simplemma.is_known(word, lang="fr"):
                shows[cut[0]] = language
    return shows | dict.fromkeys(french, "fr")
