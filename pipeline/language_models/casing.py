"""What a word model does not predict: how unknown words are spelt, and case, spaces and punctuation.

With it a word model is a complete code of a text, so its bits a character compare with a character model's: the text
can be rebuilt from, line by line, its tokens (the word model), the spelling of each `<unk>` (`SpellingModel`: a
character Kneser-Ney trained on the words that were seen once, which are `<unk>` in training), and then, for each token,
the string before it and its form, and the string after the last one (`CasingModel`).

A character that no training text holds is paid as `<unk>` and then its code point, one of 1,114,112: 20.1 bits.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.core.errors import RunError
from pipeline.language.tokens import token_spans
from pipeline.language.vocabulary import UNK, Vocabulary
from pipeline.language_models.kneser_ney import KneserNey, train_kneser_ney

CODE_POINT_BITS = float(np.log2(0x110000))
_SPELLING_ORDER = 6
SymbolInContexts = tuple[tuple[str, ...], str]  # nested contexts, fine last; what was seen there


@dataclass(frozen=True)
class SpellingModel:
    """A character n-gram model of how unknown words are spelt."""

    vocabulary: Vocabulary
    ngrams: KneserNey

    def bits(self, strings: Sequence[str]) -> list[float]:
        """Return how many bits it takes to spell each string, including a symbol for its end."""
        if not strings:
            return []
        ids = [self.vocabulary.encode(string) for string in strings]
        scores = self.ngrams.score(ids)
        return [
            -float(score.sum()) / np.log(2) + CODE_POINT_BITS * int((part == UNK).sum())
            for score, part in zip(scores, ids, strict=True)
        ]


def train_spelling(texts: Iterable[str], words: Sequence[str]) -> SpellingModel:
    """Return a spelling model trained on `words` (rare ones are best), with the characters of `texts` as vocabulary."""
    vocabulary = Vocabulary.from_tokens((c for text in texts for c in text), level="char", minimum=2)
    examples = [vocabulary.encode(word) for word in words] or [np.zeros(0, np.int32)]
    return SpellingModel(vocabulary, train_kneser_ney(examples, len(vocabulary), _SPELLING_ORDER))


@dataclass(frozen=True)
class CasingModel:
    """The case of words and the signs between them: counts in nested contexts, backing off by Witten & Bell (1991):

    p(s | c) = (count(s, c) + kinds(c) * p(s | coarser c)) / (total(c) + kinds(c)); below the coarsest, an escape of
    probability kinds / (total + kinds), and the symbol is spelt.
    """

    counts: Mapping[str, Mapping[str, int]]

    def bits(self, lines: Iterable[str], spelling: SpellingModel) -> float:
        """Return the bits of what tokens omit from these lines: case, spaces and punctuation."""
        total, spelt = 0.0, []
        for line in lines:
            for contexts, symbol in _casing_symbols(line):
                p = self._probability(contexts, symbol)
                if p == 0:
                    spelt.append(symbol)
                    p = self._escape_probability(contexts[0])
                total -= np.log2(p)
        return total + sum(spelling.bits(spelt))

    def _probability(self, contexts: Sequence[str], symbol: str) -> float:
        p = 0.0
        for context in contexts:
            symbol_counts = self.counts.get(context)
            if symbol_counts:
                p = (symbol_counts.get(symbol, 0) + len(symbol_counts) * p) / (
                    sum(symbol_counts.values()) + len(symbol_counts)
                )
        return p

    def _escape_probability(self, context: str) -> float:
        symbol_counts = self.counts.get(context)
        return len(symbol_counts) / (sum(symbol_counts.values()) + len(symbol_counts)) if symbol_counts else 1.0

    def to_json(self) -> dict[str, Any]:
        return {"counts": {context: dict(symbol_counts) for context, symbol_counts in self.counts.items()}}

    @classmethod
    def from_json(cls, data: Any) -> "CasingModel":
        """Return the model that `to_json` wrote. Raise RunError for anything else."""
        try:
            return cls(
                {
                    str(context): {str(s): int(n) for s, n in symbol_counts.items()}
                    for context, symbol_counts in data["counts"].items()
                }
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise RunError("surface.json is damaged. Train the model again.") from error


def train_casing(texts: Iterable[str]) -> CasingModel:
    """Return a casing model with counts from texts. Contexts that name a token are dropped if they occur once."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for line in text.split("\n"):
            for contexts, symbol in _casing_symbols(line):
                for context in contexts:
                    counts.setdefault(context, Counter())[symbol] += 1
    return CasingModel(
        {c: dict(symbol_counts) for c, symbol_counts in counts.items() if symbol_counts.total() > 1 or "|" not in c}
    )


class UnmodelledTextBits(ABC):
    """The cost, in bits, of what tokens do not tell of a text. With it, models of different tokens can be compared."""

    @abstractmethod
    def token_bits(self, token: str) -> float:
        """Return the bits of spelling an unknown token, on top of those of predicting `<unk>`."""

    @abstractmethod
    def bits_by_component(self, texts: Sequence[str], unknown: Sequence[str]) -> dict[str, float]:
        """Return component (spelling, surface) -> its bits for texts whose unknown tokens are `unknown`."""


class CharacterBits(UnmodelledTextBits):
    """The bits of character and sub-word models: each unknown character costs the bits of a Unicode code point."""

    def token_bits(self, token: str) -> float:
        return CODE_POINT_BITS

    def bits_by_component(self, texts: Sequence[str], unknown: Sequence[str]) -> dict[str, float]:
        return {"spelling": len(unknown) * CODE_POINT_BITS}


@dataclass(frozen=True)
class WordTextBits(UnmodelledTextBits):
    """The bits of word models: the spelling of unknown words, and case, spaces and punctuation of all words."""

    spelling: SpellingModel
    casing: CasingModel

    def token_bits(self, token: str) -> float:
        return self.spelling.bits([token])[0]

    def bits_by_component(self, texts: Sequence[str], unknown: Sequence[str]) -> dict[str, float]:
        lines = [line for text in texts for line in text.split("\n")]
        return {"spelling": sum(self.spelling.bits(unknown)), "surface": self.casing.bits(lines, self.spelling)}


def _casing_symbols(line: str) -> Iterator[SymbolInContexts]:
    """Yield (contexts, symbol) for each space or punctuation between tokens of a line, and for each token's case."""
    previous, stop, opened, before = "", 0, False, "start"
    for span in token_spans(line):
        gap, token = line[stop : span.start], span.token
        kinds = f"gap {_spacing_class(previous)}{_spacing_class(token)}{opened:d}"
        yield ("gap", kinds, f"{kinds}|{token}", f"{kinds}|{previous} {token}"), gap
        opened = _is_bracket_open(gap, opened)
        yield from _token_form_symbols(line[span.start : span.stop], token, gap if previous else before)
        previous, stop = token, span.stop
    kind = f"end {_spacing_class(previous)}{opened:d}"
    yield ("end", kind, f"{kind}|{previous}"), line[stop:]


def _token_form_symbols(raw: str, token: str, gap: str) -> Iterator[SymbolInContexts]:
    """Yield the case of a token (same, capital, upper or other) as a symbol; after `other`, the token as written."""
    cased = {"same": token, "capital": token[:1].upper() + token[1:], "upper": token.upper()}
    form = next((name for name, text in cased.items() if text == raw), "other")
    place = f"form {gap}"
    yield ("form", place, f"{place}|{token}"), form
    if form == "other":
        yield ("raw",), raw


def _spacing_class(token: str) -> str:
    """Return how a token is spaced: ^ (none before), - (joined to the left), ' (joined to the right) or w (a word)."""
    if not token:
        return "^"
    return "-" if token.startswith("-") else "'" if token.endswith("'") else "w"


def _is_bracket_open(gap: str, opened: bool) -> bool:
    """Return whether a bracket is open after the text `gap` between two tokens; `opened` says if one was before."""
    last = max(gap.rfind("("), gap.rfind(")"))
    return opened if last < 0 else gap[last] == "("
