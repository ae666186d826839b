"""What a person types to search for, and the places it matches. Matches never cross the end of a line.

    nuit              a word, as the tokenizer cuts it: capitals and the kind of apostrophe do not matter
    j'suis dans       a phrase: j' + suis + dans
    meu*  ?a  *eur    any letters, one letter; a * alone is any word:  j' * plus
    meuf|nana         one or the other
    /[aeiou]{3}s?/    a regular expression that the whole word must match
    lemma:être        every form of a dictionary form (see `lemmas`), alone or in a phrase:  lemma:je lemma:avoir pas

A query is compared with the vocabulary, not with the text, so a regular expression costs what the vocabulary costs
and counts always equal the frequency table.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import regex

from pipeline.analysis.counting import Ints
from pipeline.analysis.lemmas import lemma
from pipeline.corpus.table import Corpus, Layer
from pipeline.errors import SettingError
from pipeline.language.tokens import fold, tokenise
from pipeline.language.vocabulary import SPECIALS, Vocabulary
from pipeline.sentences import Sentence

Mask = npt.NDArray[np.bool_]

_PIECES = re.compile(r"/(?:\\.|[^/\\])+/(?=\s|$)|\S+")
_ELISIONS = re.compile(r"(?:[^\W\d_]+'(?=[^\W\d_*?]*[*?]))")
_LEMMA = "lemma:"
_LONGEST = 300  # characters of a regular expression
_PATIENCE = 0.1  # seconds for one word: (a+)+b would otherwise hold the server for hours


@dataclass(frozen=True, slots=True)
class Matches:
    """Where a query matches in one layer: `place[k]` is the first of `width` words in `ids`, `row[k]` their line."""

    ids: Ints
    rows: Ints
    place: Ints
    width: int

    @property
    def row(self) -> Ints:
        """int[matches]: the row in `corpus.lines` of each match."""
        return self.rows[self.place]

    def __len__(self) -> int:
        return len(self.place)


def find_matches(corpus: Corpus, query: str, layer: Layer = "lyrics", accents: bool = True) -> Matches:
    """Return every match of the query, overlaps included, in corpus order.

    Without `accents`, é matches e and œ matches oe both ways. Raise SettingError for an empty query or a regular
    expression that is not one.
    """
    masks = parse_query(query, corpus.vocabulary, accents)
    ids, rows = corpus.token_table(layer)
    width = len(masks)
    if len(ids) < width:
        return Matches(ids, rows, np.empty(0, np.intp), width)
    first = min(range(width), key=lambda k: int(corpus.vocabulary.counts[masks[k]].sum()))  # the rarest word decides
    place = np.flatnonzero(masks[first][ids]) - first
    place = place[(place >= 0) & (place + width <= len(ids))]
    for k in range(width):
        if k != first:
            place = place[masks[k][ids[place + k]]]
    return Matches(ids, rows, place[rows[place] == rows[place + width - 1]], width)


def parse_query(query: str, vocabulary: Vocabulary, accents: bool = True) -> list[Mask]:
    """Return bool[vocabulary] for each word of the query: the entries that it matches."""
    masks: list[Mask] = []
    for piece in _PIECES.findall(query):
        if len(piece) > 2 and piece[0] == piece[-1] == "/":
            masks.append(_match_vocabulary(vocabulary, _compile_regex(piece[1:-1], accents), accents))
        elif piece.lower().startswith(_LEMMA):
            masks += [_match_lemma(token, vocabulary, accents) for token in tokenise(piece[len(_LEMMA) :])]
        elif re.search(r"[*?|]", piece):
            masks += [_match_pattern(part, vocabulary, accents) for part in _split_elisions(fold(piece))]
        else:
            masks += [_match_word(token, vocabulary, accents) for token in tokenise(piece)]
    if not masks:
        raise SettingError(
            "query-empty",
            "Type a word, a phrase, a pattern such as meu*, lemma:être, or a regular expression in slashes.",
        )
    return masks


def _match_word(token: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    if not accents:
        key = without_accents(token)
        return _match_vocabulary(vocabulary, lambda word: word == key, accents)
    mask = np.zeros(len(vocabulary), bool)
    index = vocabulary.word2index.get(token)
    if index is not None and token not in SPECIALS:
        mask[index] = True
    return mask


def _match_lemma(token: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    """Return the entries whose lemma is the token; when there are none, those whose lemma is that of the token."""
    lemmas = [lemma(word) for word in vocabulary.index2word]
    keys = lemmas if accents else [without_accents(key) for key in lemmas]
    for wanted in (token, lemma(token)):
        key = wanted if accents else without_accents(wanted)
        mask = np.fromiter((found == key for found in keys), bool, len(keys))
        mask[: len(SPECIALS)] = False
        if mask.any():
            break
    return mask


def _match_pattern(piece: str, vocabulary: Vocabulary, accents: bool) -> Mask:
    choices = ["".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in part) for part in piece.split("|") if part]
    return _match_vocabulary(vocabulary, _compile_regex("|".join(choices), accents), accents)


def _split_elisions(piece: str) -> list[str]:
    """Split j'su* into two words, j' and su*, as the tokenizer would cut it."""
    head = _ELISIONS.match(piece)
    return [piece] if head is None or "|" in piece else [head.group(), piece[head.end() :]]


def _match_vocabulary(vocabulary: Vocabulary, test: Callable[[str], object], accents: bool) -> Mask:
    words = vocabulary.index2word
    keys = words if accents else map(without_accents, words)
    try:
        mask = np.fromiter((bool(test(key)) for key in keys), bool, len(words))
    except TimeoutError as error:
        raise SettingError(
            "query-slow", "The pattern takes too long to match: avoid a repeat inside a repeat."
        ) from error
    mask[: len(SPECIALS)] = False
    return mask


def _compile_regex(pattern: str, accents: bool) -> Callable[[str], object]:
    if len(pattern) > _LONGEST:
        raise SettingError(
            "query-long",
            "The regular expression is too long: {characters} characters, {longest} at most.",
            characters=len(pattern),
            longest=_LONGEST,
        )
    try:
        compiled = regex.compile(pattern if accents else without_accents(pattern), regex.IGNORECASE)
    except (regex.error, OverflowError, ValueError, RecursionError) as error:
        raise SettingError(
            "query-expression",
            "The regular expression /{pattern}/ cannot be read: {reason}.",
            pattern=pattern,
            reason=_reason(error),
        ) from error
    return partial(compiled.fullmatch, timeout=_PATIENCE)


def _reason(error: Exception) -> str:
    if isinstance(error, regex.error) and error.pos is not None:
        return Sentence("{problem} at position {position}", problem=Sentence(error.msg), position=error.pos)
    return str(error)


def without_accents(word: str) -> str:
    """Return the word with plain letters and œ, æ spelt out.

    >>> without_accents("cœur é")
    'coeur e'
    """
    if word.isascii():
        return word
    spelt = word.replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(c))
