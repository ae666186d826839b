"""Pieces of words as tokens: those that stand together most often (`byte_pairs`), capitals as tokens of their own."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import cached_property, lru_cache

import numpy as np

from pipeline.core.translation import mark
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS, Vocabulary
from pipeline.language_models.byte_pairs import (
    CAPITAL,
    CAPITALS,
    BytePairs,
    chunks,
    count_chunks,
    is_letter,
    merged_pieces,
)
from pipeline.language_models.byte_pairs import with_capital as capitalised
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.unit_contract import Defaults, SpelledUnits, Speller, is_open

SIZE = 2048  # entries of a vocabulary that is not told its size
_LINE = SPECIALS[LINE]
_MARKS = (CAPITAL, CAPITALS)
_CHARACTERS_A_TOKEN = 3.0  # about, of lyrics in 2,048 to 4,096 pieces


class Subwords(SpelledUnits):
    """Pieces of a vocabulary; without one, only what all such units have in common, and a vocabulary's making."""

    key, noun, counts_contexts = "subword", mark("sub-word"), False
    ngram_orders, cache_order = range(3, 9), 10

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._entries = () if vocabulary is None else vocabulary.index2word

    @cached_property
    def _pieces(self) -> BytePairs:
        return BytePairs([entry for entry in self._entries if len(entry) > 1 and entry not in (*SPECIALS, *_MARKS)])

    def tokens(self, text: str) -> list[str]:
        """
        >>> vocabulary = Vocabulary((*SPECIALS, *_MARKS, *"aeijrvs' ", "j'", "ar", "ri", "ve", "ve "), np.zeros(20))
        >>> Subwords(vocabulary).tokens("J'arrive\\n")
        ['<capital>', "j'", 'ar', 'ri', 've ', '<line>']
        """
        return [token for line in text.split("\n") for token in (*self._cut(line), _LINE)][:-1]

    def _cut(self, line: str) -> Iterator[str]:
        for chunk, capital in chunks(line):
            if capital:
                yield capital
            yield from self._pieces.cut(chunk)

    def spans(self, text: str) -> Iterator[Span]:
        at = 0
        for token in self.tokens(text):
            stop = at + (0 if token in _MARKS else 1 if token == _LINE else len(token))
            if token.endswith(" ") and text[stop - 1 : stop] != " ":
                stop -= 1  # the space that the end of a line stands for
            yield Span(token, at, stop)
            at = stop

    def text(self, tokens: Sequence[str]) -> str:
        speller = _PieceSpeller("")
        return "".join("\n" if token == SPECIALS[SONG] else speller.spell(token) for token in tokens)

    def speller(self, before: str) -> Speller:
        return _PieceSpeller(before)

    def join(self, before: str, tokens: Sequence[str]) -> str:
        """A space that is due stands: a line in which a word may begin ends with it."""
        speller = _PieceSpeller(before)
        return before + "".join(map(speller.spell, tokens)) + speller.due

    def phrase(self, words: Sequence[str]) -> list[str]:
        return [token for token in self._cut(detokenise(words)) if token not in _MARKS]

    def forced(self, words: Sequence[str]) -> list[str]:
        return self.phrase(words)

    def unwritable(self, avoid: Set[str]) -> Set[str]:
        return self._hiding_entries

    @cached_property
    def _hiding_entries(self) -> Set[str]:
        return {entry for entry in self._entries if not self.hiding.isdisjoint(entry)}

    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.texts
        return int(lines.str.len().sum() / _CHARACTERS_A_TOKEN) + len(lines) + len(corpus.sections), SIZE

    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        return Defaults(
            units=512,
            embedding=256,
            tied=True,
            batch=64,
            time=50,
            vocabulary_limit=SIZE,
            dropout=0.4,
            recurrent_gap=0.1,
        )

    def vocabulary(self, texts: Sequence[str], *, minimum: int = 2, limit: int | None = None) -> Vocabulary:
        """Characters by falling count, then the pieces of several in the order in which they are joined."""
        counts = count_chunks(texts)
        letters = _letters(counts, minimum)
        pieces = merged_pieces(counts, (limit or SIZE) - len(SPECIALS) - len(_MARKS))
        return _count_entries((*SPECIALS, *_MARKS, *letters, *(p for p in pieces if set(p) <= set(letters))), counts)

    def extended(self, base: Vocabulary, texts: Sequence[str], *, limit: int | None = None) -> Vocabulary:
        """All pieces of the base, which cut every text as it was cut for the base, and the characters that it lacks."""
        counts = count_chunks(texts)
        entries = [entry for entry in base.index2word if entry not in conditions_of(base)]
        return _count_entries((*entries, *(letter for letter in _letters(counts, 2) if letter not in base)), counts)


def _letters(counts: Counter[str], minimum: int) -> list[str]:
    """The characters seen at least so often, by falling count, then by code point."""
    found = Counter[str]()
    for chunk, count in counts.items():
        for letter in chunk:
            found[letter] += count
    return sorted((letter for letter, n in found.items() if n >= minimum), key=lambda letter: (-found[letter], letter))


def _count_entries(entries: Sequence[str], counts: Counter[str]) -> Vocabulary:
    """The vocabulary of these entries, each with how often it stands in chunks that were counted so often."""
    found = Counter[str]()
    units = Subwords(Vocabulary(tuple(entries), np.zeros(len(entries), np.int32), "subword"))
    for chunk, count in counts.items():
        for piece in units._pieces.cut(chunk):
            found[piece] += count
    return Vocabulary(tuple(entries), np.array([found[entry] for entry in entries], np.int32), "subword")


@lru_cache(maxsize=8)
def subwords_of(vocabulary: Vocabulary) -> Subwords:
    """The units of a vocabulary; the last are kept, with what they have cut."""
    return Subwords(vocabulary)


class _PieceSpeller(Speller):
    """Knows whether a space or a capital is due.

    >>> speller = _PieceSpeller("Hier")
    >>> "".join(map(speller.spell, ["j'", "ai ", "<capitals>", "vu", ", ", "<line>", "<capital>", "là ", "<song>"]))
    " j'ai VU,\\nLà"
    """

    def __init__(self, before: str) -> None:
        self.due = "" if is_open(before) else " "
        self._capital = ""

    def spell(self, token: str) -> str:
        if token in _MARKS:
            self._capital = token
            return ""
        if token in (_LINE, SPECIALS[SONG]):
            self.due = self._capital = ""
            return "\n" if token == _LINE else ""
        bare, space, begins, ends = _parts(token)
        text = self.due + (capitalised(bare, self._capital) if begins else bare)
        self.due = space
        if self._capital and not (begins and ends and self._capital == CAPITALS):
            self._capital = ""
        return text


@lru_cache(maxsize=1 << 16)
def _parts(token: str) -> tuple[str, str, bool, bool]:
    """Return a piece without the space after it, that space, whether its first and its last character are letters."""
    bare = token.removesuffix(" ")
    return bare, token[len(bare) :], is_letter(token[0]), is_letter(token[-1])
