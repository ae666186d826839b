"""Which words of a vocabulary match: by a test of each, by a regular expression, with or without accents.

Patterns are those of visitors: their length and the time for one word are bounded.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np
import regex

from pipeline.analysis.counting import Ints, Mask
from pipeline.analysis.variants import lemma
from pipeline.core.errors import Sentence, SettingError
from pipeline.corpus.pos_layer import TAGS, pos_tags
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.vocabulary import SPECIALS, Vocabulary

_LONGEST = 300  # characters of a regular expression
_PATIENCE = 0.1  # seconds for one word: (a+)+b would otherwise hold the server for hours


def match_vocabulary(vocabulary: Vocabulary, test: Callable[[str], object], accents: bool) -> Mask:
    """Return bool[vocabulary]: the words of which `test` is true. Raise SettingError when one takes too long."""
    words = vocabulary.index2word
    keys = words if accents else map(without_accents, words)
    try:
        mask = np.fromiter((bool(test(key)) for key in keys), bool, len(words))
    except TimeoutError as error:
        raise SettingError("The pattern takes too long to match: avoid a repeat inside a repeat.") from error
    mask[: len(SPECIALS)] = False
    return mask


def compile_regex(pattern: str, accents: bool) -> Callable[[str], object]:
    """Return what tells whether the whole of a word matches. Raise SettingError for what is no expression."""
    if len(pattern) > _LONGEST:
        raise SettingError(
            "The regular expression is too long: {characters} characters, {longest} at most.",
            characters=len(pattern),
            longest=_LONGEST,
        )
    try:
        compiled = regex.compile(pattern if accents else without_accents(pattern), regex.IGNORECASE)
    except (regex.error, OverflowError, ValueError, RecursionError) as error:
        raise SettingError(
            "The regular expression /{pattern}/ cannot be read: {reason}.", pattern=pattern, reason=_reason(error)
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


_LEXEME = re.compile(
    r'\s*(?:(?P<string>"(?:\\.|[^"\\])*")|(?P<times>\{\s*\d+\s*(?:,\s*\d*\s*)?\})|(?P<name>\w+)|(?P<sign>!=|[][()=!&|?*+]))'
)
_REPEATS = {"?": (0, 1), "*": (0, 10), "+": (1, 10)}
_MOST, _WIDEST, _FORMS = 10, 20, 400  # times of one token, tokens of a match, sequences that a query stands for
_DEEPEST = 50  # parentheses and negations: each is a step of the reader's recursion
_ATTRIBUTES = ("word", "lemma", "pos")
Test = Callable[["Tokens"], Mask]  # bool[tokens]


@dataclass(frozen=True)
class Tokens:
    """What a test looks at: the tokens of a layer, by id, and where they are asked for by part of speech."""

    corpus: Corpus
    layer: Layer
    accents: bool

    def of_words(self, mask: Mask) -> Mask:
        """Return bool[tokens] from bool[vocabulary]."""
        return mask[self.corpus.token_table(self.layer)[0]]

    def of_tags(self, mask: Mask) -> Mask:
        """Return bool[tokens] from bool[TAGS]. Raise SettingError where the corpus has no layer of them."""
        tags = replace(self.corpus, tokens=pos_tags(self.corpus).astype(np.int32)).token_table(self.layer)[0]
        return mask[tags]


def is_token_query(query: str) -> bool:
    """Return whether a query is written in this language.

    >>> is_token_query('[lemma="être"]'), is_token_query("la nuit")
    (True, False)
    """
    return query.lstrip().startswith(("[", '"'))


def find_sequences(corpus: Corpus, query: str, layer: Layer, accents: bool) -> tuple[Ints, Ints]:
    """Return (place of the first token, number of tokens) of each match, in corpus order.

    Raise SettingError for a query that cannot be read, that is too wide, or that asks for a layer that is not there.
    """
    _, rows = corpus.token_table(layer)
    if query.count("(") + query.count("!") > _DEEPEST:
        raise _too_wide()
    steps = _Parser(query).parse()
    tokens = Tokens(corpus, layer, accents)
    hits = [test(tokens) for test, _, _ in steps]
    matches = [_matches_of(sequence, hits, rows) for sequence in _sequences(steps)]
    place = np.concatenate([places for places, _ in matches])
    width = np.concatenate([np.full(len(places), n) for places, n in matches])
    order = np.lexsort((width, place))
    first = np.diff(place[order], prepend=-1) > 0
    return place[order][first], width[order][first]


def _sequences(steps: Sequence[tuple[Test, int, int]]) -> list[list[int]]:
    """Return what a query stands for: lists of steps, each repeated so often."""
    forms = int(np.prod([high - low + 1 for _, low, high in steps], dtype=float))
    widest = sum(high for _, _, high in steps)
    if forms > _FORMS or widest > _WIDEST or not widest:
        raise _too_wide()
    times = product(*(range(low, high + 1) for _, low, high in steps))
    sequences = [[step for step, n in enumerate(each) for _ in range(n)] for each in times]
    return [sequence for sequence in sequences if sequence]


def _too_wide() -> SettingError:
    return SettingError("The query spans too much: {most} words at most, and fewer repeats.", most=_WIDEST)


def _matches_of(sequence: Sequence[int], hits: Sequence[Mask], rows: Ints) -> tuple[Ints, int]:
    """Return the places at which these tests hold one after the other within a line, and how many there are."""
    width = len(sequence)
    if len(rows) < width:
        return np.empty(0, np.intp), width
    rarest = min(range(width), key=lambda k: np.count_nonzero(hits[sequence[k]]))
    place = np.flatnonzero(hits[sequence[rarest]]) - rarest
    place = place[(place >= 0) & (place + width <= len(rows))]
    for k in range(width):
        if k != rarest:
            place = place[hits[sequence[k]][place + k]]
    return place[rows[place] == rows[place + width - 1]], width


class _Parser:
    """Reads a query from left to right: `parse` returns (test, least times, most times) of each token."""

    def __init__(self, query: str) -> None:
        self.query, self.at = query.strip(), 0
        self.kind, self.text = "", ""
        self._next()

    def parse(self) -> list[tuple[Test, int, int]]:
        steps = []
        while self.kind:
            test = self._token()
            steps.append((test, *self._repeats()))
        return steps

    def _token(self) -> Test:
        if self.kind == "string":
            return self._leaf("word", equal=True)
        self._expect("[")
        test = _any if self.text == "]" else self._either()
        self._expect("]")
        return test

    def _repeats(self) -> tuple[int, int]:
        if self.kind == "times":
            low, comma, high = self.text.strip("{}").partition(",")
            least = _read_bound(low)
            most = (_read_bound(high) if high.strip() else _MOST) if comma else least
        elif self.text in _REPEATS and self.kind == "sign":
            least, most = _REPEATS[self.text]
        else:
            return 1, 1
        if not least <= most <= _MOST:
            self._fail()
        self._next()
        return least, most

    def _either(self) -> Test:
        tests = [self._both()]
        while self.text == "|" and self.kind == "sign":
            self._next()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda tokens: np.any([test(tokens) for test in tests], axis=0)

    def _both(self) -> Test:
        tests = [self._single()]
        while self.text == "&" and self.kind == "sign":
            self._next()
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda tokens: np.all([test(tokens) for test in tests], axis=0)

    def _single(self) -> Test:
        if self.kind == "sign" and self.text in "!(":
            sign = self.text
            self._next()
            inner = self._single() if sign == "!" else self._either()
            if sign == "(":
                self._expect(")")
                return inner
            return lambda tokens: np.logical_not(inner(tokens))
        name = self.text
        if self.kind != "name" or name not in _ATTRIBUTES:
            self._fail()
        self._next()
        equal = self.text == "="
        if self.text not in ("=", "!="):
            self._fail()
        self._next()
        return self._leaf(name, equal)

    def _leaf(self, name: str, equal: bool) -> Test:
        if self.kind != "string":
            self._fail()
        pattern = re.sub(r'\\"', '"', self.text[1:-1])
        self._next()
        return lambda tokens: _attribute(tokens, name, pattern) == equal

    def _expect(self, sign: str) -> None:
        if self.kind != "sign" or self.text != sign:
            self._fail()
        self._next()

    def _next(self) -> None:
        lexeme = _LEXEME.match(self.query, self.at)
        if lexeme is None and self.at < len(self.query):
            self._fail()
        self.kind, self.text = (lexeme.lastgroup or "", lexeme.group(lexeme.lastgroup or 0)) if lexeme else ("", "")
        self.at = lexeme.end() if lexeme else self.at

    def _fail(self) -> None:
        raise SettingError(
            'The query cannot be read near “{place}”: write tokens such as [lemma="être"] []{{0,2}} [word="nuit"].',
            place=self.query[max(self.at - 12, 0) : self.at + 12] or self.query[-12:],
        )


def _read_bound(digits: str) -> int:
    """Return the number, of those beyond reach one that is: thousands of digits would take seconds to read."""
    return int(digits) if len(digits.strip()) < 4 else _MOST + 1


def _any(tokens: Tokens) -> Mask:
    return np.ones(len(tokens.corpus.token_table(tokens.layer)[0]), bool)


def _attribute(tokens: Tokens, name: str, pattern: str) -> Mask:
    """Return bool[tokens]: which match a pattern by their word, lemma or part of speech."""
    matches = compile_regex(pattern, tokens.accents or name == "pos")
    if name == "pos":
        return tokens.of_tags(np.array([bool(matches(tag)) for tag in TAGS]))
    if name == "word":
        return tokens.of_words(match_vocabulary(tokens.corpus.vocabulary, matches, tokens.accents))
    return tokens.of_words(
        match_vocabulary(tokens.corpus.vocabulary, lambda word: matches(lemma(str(word))), accents=True)
    )
