"""What units are: what every kind of them does, and the numbers that it is known by (`units`). Knows none of them."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, fold_case, is_clitic, tokenise
from pipeline.language.vocabulary import Ids, UnitLevel, Vocabulary


@dataclass(frozen=True)
class Defaults:
    """The network, vocabulary and windows of a training that asks for nothing else (docs/decisions has the reasons)."""

    units: int
    embedding: int
    tied: bool
    batch: int
    time: int
    vocabulary_limit: int
    dropout: float
    recurrent_gap: float  # by how much less of the recurrent weights is left out


class Units(ABC):
    """One kind of units. The fields:

    key                in config.json and on the command line; also that of the vocabulary
    noun               what one is called
    complete           whether the tokens are the whole text, so that their bits are; else see `casing`
    spells             whether tokens spell words
    counts_contexts    whether what follows whole words is then worth counting beside the n-gram (`word_contexts`)
    ngram_orders       of the n-grams tried, shortest first
    cache_order        longest n-grams of the cache; longer ones change the bits by less than 0.1 %
    told_ends          whether training tells lines their last word (`control_tokens`)
    """

    key: UnitLevel
    noun: str
    complete: bool
    spells: bool
    counts_contexts: bool
    ngram_orders: Sequence[int]
    cache_order: int
    told_ends: bool = False

    @abstractmethod
    def tokens(self, text: str) -> list[str]:
        """Cut a text into tokens, `<line>` at each end of line."""

    @abstractmethod
    def spans(self, text: str) -> Iterator[Span]:
        """Yield the same tokens, each with where it stands in the text."""

    @abstractmethod
    def text(self, tokens: Sequence[str]) -> str:
        """Return readable text of tokens: the inverse of `tokens` for characters; words get their spaces back."""

    @abstractmethod
    def speller(self, before: str) -> "Speller":
        """Return what writes tokens out one after the other, after this text."""

    @abstractmethod
    def join(self, before: str, tokens: Sequence[str]) -> str:
        """Return a line: what stands on it already, and these tokens of it."""

    @abstractmethod
    def begins_word(self, line: str) -> bool:
        """Whether a word may begin at the end of a line under way."""

    @abstractmethod
    def phrase(self, words: Sequence[str]) -> list[str]:
        """Return words in a row as tokens."""

    @abstractmethod
    def forced_tokens(self, words: Sequence[str]) -> list[str]:
        """Return words in a row as tokens, with what has to follow before another word can begin."""

    @abstractmethod
    def banned_tokens(self, avoid: Set[str]) -> Set[str]:
        """Return the tokens that may not stand in a line that is to avoid these words."""

    @abstractmethod
    def token_and_type_counts(self, corpus: Corpus) -> tuple[int, int]:
        """Count the tokens of a corpus, and the different ones that it has at least twice."""

    @abstractmethod
    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        """Choose a network for a budget: None for one that is not in minutes, or a text of unknown length."""

    def encode(self, text: str, vocabulary: Vocabulary) -> Ids:
        """Return the tokens of a text: int32[n]; unknown ones are `UNK`."""
        return vocabulary.encode(self.tokens(text))

    def decode(self, ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
        """Return readable text of tokens."""
        return self.text(vocabulary.decode(ids))

    def vocabulary(self, texts: Sequence[str], *, minimum: int = 2, limit: int | None = None) -> Vocabulary:
        """Return the tokens of training texts. What was seen once stays `<unk>`: models learn to expect it."""
        counts = Counter(token for text in texts for token in self.tokens(text))
        return Vocabulary.from_counts(counts, level=self.key, minimum=minimum, limit=limit)

    def extend_vocabulary(self, base: Vocabulary, texts: Sequence[str], *, limit: int | None = None) -> Vocabulary:
        """Return the vocabulary of training texts for a model that starts from one with `base`: their own."""
        return self.vocabulary(texts, limit=limit)


def needs_no_space_after(before: str) -> bool:
    """Whether what follows this text stands right after it: at the start of a line, after a space or a clitic."""
    line = fold_case(before.rsplit("\n", 1)[-1])
    return not line or line[-1].isspace() or (line[-1] == "'" and is_clitic((tokenise(line) or [""])[-1]))


class SpelledUnits(Units):
    """Units that spell words out: their tokens are the whole text."""

    complete = spells = True
    hiding = frozenset('()[]{}«»“”"—–')  # brackets and quotes: an ad-lib would hide the rhyme

    def begins_word(self, line: str) -> bool:
        """Whether a word may begin here: at the start of the line, after a space, or after an elided clitic."""
        if not line or line.endswith(" "):
            return True
        return line.endswith("'") and is_clitic((tokenise(line) or [""])[-1])


class Speller(ABC):
    """Writes tokens out one after the other."""

    @abstractmethod
    def spell(self, token: str) -> str:
        """Return the text to append for `token`."""
