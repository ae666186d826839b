"""Search queries as people type them, and their matches in a corpus. Matches never cross the end of a line.

    nuit              a word, as the tokenizer cuts it: capitals and the kind of apostrophe do not matter
    j'suis dans       a phrase: j' + suis + dans
    meu*  ?a  *eur    any letters, one letter; a * alone is any word:  j' * plus
    meuf|nana         one or the other
    /[aeiou]{3}s?/    a regular expression that the whole word must match
    lemma:être        every form of a dictionary form (see `lemmas`), alone or in a phrase:  lemma:je lemma:avoir pas
    [lemma="être"] []{0,2} [pos="ADJ"]   the query language of corpora (see `token_queries`)

A query is compared with the vocabulary, not with the text, so a regular expression costs what the vocabulary costs
and counts always equal the frequency table.
"""

import re
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.counting import Ints, Mask
from pipeline.analysis.variants import lemma, verb_lemma
from pipeline.analysis.words.token_queries import (
    compile_regex,
    find_sequences,
    is_token_query,
    match_vocabulary,
    refuse_foreign_operators,
    refuse_token_query,
    without_accents,
)
from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.tokens import fold_case, tokenise
from pipeline.language.vocabulary import SPECIALS, Vocabulary

_REGEX_PIECE_PATTERN = re.compile(r"/(?:\\.|[^/\\])+/(?=\s|$)")
_QUERY_PIECE_PATTERN = re.compile(rf"{_REGEX_PIECE_PATTERN.pattern}|\S+")
_ELISIONS = re.compile(r"(?:[^\W\d_]+'(?=[^\W\d_*?]*[*?]))")
_LEMMA_PREFIX = "lemma:"


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches of a query in a layer: match k is `width[k]` words from `place[k]` in `ids`, on line `row[k]`.

    Line i owns ids[line_starts[i]:line_starts[i + 1]].
    """

    ids: Ints
    line_starts: Ints
    place: Ints
    width: Ints

    @property
    def row(self) -> Ints:
        """int[matches]: the row in `corpus.lines` of each match."""
        return _line_at(self.place, self.line_starts)

    def __len__(self) -> int:
        return len(self.place)

    def tokens_at(self, offset: int) -> Ints:
        """Return int[matches]: the index in `ids` of the word `offset` after (negative: before) each match.

        -1 where that is outside the line."""
        at = self.place + offset if offset < 0 else self.place + self.width - 1 + offset
        row = self.row
        return np.where((at >= self.line_starts[row]) & (at < self.line_starts[row + 1]), at, -1)


def _line_at(places: Ints, line_starts: Ints) -> Ints:
    """Return int[places]: the row of the line that owns the token at each place."""
    return np.searchsorted(line_starts, places, side="right") - 1


def find_matches(corpus: Corpus, query: str, layer: Layer = "lyrics", accents: bool = True) -> Matches:
    """Return every match of the query, overlaps included, in corpus order.

    Without `accents`, é matches e and œ matches oe both ways. Raise SettingError for an empty query or a regular
    expression that is not one.
    """
    ids, starts = corpus.token_ids(layer), corpus.line_starts(layer)
    refuse_foreign_operators(_REGEX_PIECE_PATTERN.sub("", query))
    if is_token_query(query):
        return Matches(ids, starts, *find_sequences(corpus, query, layer, accents))
    refuse_token_query(_REGEX_PIECE_PATTERN.sub("", query))
    masks = parse_query(query, corpus.vocabulary, accents)
    width = len(masks)
    if len(ids) < width:
        return Matches(ids, starts, np.empty(0, np.intp), np.empty(0, np.intp))
    first = min(range(width), key=lambda k: int(corpus.vocabulary.counts[masks[k]].sum()))  # the rarest word decides
    place = np.flatnonzero(masks[first][ids]) - first
    place = place[(place >= 0) & (place + width <= len(ids))]
    for k in range(width):
        if k != first:
            place = place[masks[k][ids[place + k]]]
    place = place[_line_at(place, starts) == _line_at(place + width - 1, starts)]
    return Matches(ids, starts, place, np.full(len(place), width))


def parse_query(query: str, vocabulary: Vocabulary, accents: bool = True) -> list[Mask]:
    """Return a mask bool[vocabulary] for each word of a query: the words of the vocabulary that it matches."""
    masks: list[Mask] = []
    for piece in _QUERY_PIECE_PATTERN.findall(query):
        if len(piece) > 2 and piece[0] == piece[-1] == "/":
            masks.append(match_vocabulary(vocabulary, compile_regex(piece[1:-1], accents), accents))
        elif piece.lower().startswith(_LEMMA_PREFIX):
            masks += [_match_lemma(token, vocabulary, accents) for token in tokenise(piece[len(_LEMMA_PREFIX) :])]
        elif re.search(r"[*?|]", piece):
            masks += [_match_pattern(part, vocabulary, accents) for part in _split_elisions(fold_case(piece))]
        else:
            masks += [_match_word(token, vocabulary, accents) for token in tokenise(piece)]
    if not masks:
        raise SettingError(
            "Type a word, a phrase, a pattern such as meu*, lemma:être, or a regular expression in slashes."
        )
    return masks


def _match_word(token: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    if not accents:
        key = without_accents(token)
        return match_vocabulary(vocabulary, lambda word: word == key, accents)
    mask = np.zeros(len(vocabulary), bool)
    index = vocabulary.word2index.get(token)
    if index is not None and token not in SPECIALS:
        mask[index] = True
    return mask


def _match_lemma(token: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    """Return bool[vocabulary]: words with `token` as lemma; if there are none, words with the same lemma as `token`."""
    lemmas = [lemma(word) for word in vocabulary.index2word]
    keys = lemmas if accents else [without_accents(key) for key in lemmas]
    verbs = [verb_lemma(word) for word in vocabulary.index2word]
    verbs = verbs if accents else [without_accents(key) for key in verbs]
    for lemma_or_form in (token, lemma(token)):
        key = lemma_or_form if accents else without_accents(lemma_or_form)
        mask = np.fromiter((key in own for own in zip(keys, verbs, strict=True)), bool, len(keys))
        mask[: len(SPECIALS)] = False
        if mask.any():
            break
    return mask


def _match_pattern(piece: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    choices = ["".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in part) for part in piece.split("|") if part]
    return match_vocabulary(vocabulary, compile_regex("|".join(choices), accents), accents)


def _split_elisions(piece: str) -> list[str]:
    """Split j'su* into two words, j' and su*, as the tokenizer would cut it."""
    head = _ELISIONS.match(piece)
    return [piece] if head is None or "|" in piece else [head.group(), piece[head.end() :]]
