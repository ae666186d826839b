"""The contract of modelling units: what characters, words and sub-words all do (`units` has the three of them)."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, fold_case, is_clitic, tokenise
from pipeline.language.vocabulary import Ids, UnitLevel, Vocabulary


@dataclass(frozen=True)
class TrainingDefaults:
    """Default settings of a training, chosen by the units where the user gives none (reasons in docs/decisions)."""

    units: int
    embedding: int
    tied: bool
    batch: int
    time: int
    vocabulary_limit: int
    dropout: float
    recurrent_gap: float  # by how much less of the recurrent weights is left out
    averaging: float = 0.0


class Units(ABC):
    """Modelling units (characters, words or sub-words): how texts are cut into them and written from them. The fields:

    key                in config.json and on the command line; also that of the vocabulary
    noun               what one is called
    complete           whether the tokens are the whole text, so that their bits are; else see `casing`
    spells             whether tokens spell words
    counts_contexts    whether what follows whole words is then worth counting beside the n-gram (`word_contexts`)
    ngram_orders       of the n-grams tried, shortest first
    cache_order        longest n-grams of the cache; longer ones change the bits by less than 0.1 %
    uses_end_words          whether training puts the last word of a line before it, between control tokens
    """

    key: UnitLevel
    noun: str
    complete: bool
    spells: bool
    counts_contexts: bool
    ngram_orders: Sequence[int]
    cache_order: int
    uses_end_words: bool = False

    @abstractmethod
    def tokenise(self, text: str) -> list[str]:
        """Return the tokens of a text, `<line>` at each end of line."""

    @abstractmethod
    def token_spans(self, text: str) -> Iterator[Span]:
        """Yield each token of a text with the index of its first character and that after its last."""

    @abstractmethod
    def detokenise(self, tokens: Sequence[str]) -> str:
        """Return the readable text of tokens: the inverse of `tokenise` for characters; words get their spaces back."""

    @abstractmethod
    def detokeniser(self, before: str) -> "Detokeniser":
        """Return a detokeniser that continues the text `before`."""

    @abstractmethod
    def append_tokens(self, before: str, tokens: Sequence[str]) -> str:
        """Return the text of a line: `before` continued with these tokens."""

    @abstractmethod
    def begins_word(self, line: str) -> bool:
        """Return whether a new word may begin at the end of this unfinished line."""

    @abstractmethod
    def phrase_tokens(self, words: Sequence[str]) -> list[str]:
        """Return the tokens of a phrase, given its words."""

    @abstractmethod
    def phrase_tokens_with_trailing_space(self, words: Sequence[str]) -> list[str]:
        """Return the tokens that write a phrase and the space after it, if one must precede the next word."""

    @abstractmethod
    def banned_tokens(self, avoid: Set[str]) -> Set[str]:
        """Return the tokens that a line may not contain, so that it avoids the words `avoid`."""

    @abstractmethod
    def token_and_type_counts(self, corpus: Corpus) -> tuple[int, int]:
        """Return (number of tokens of a corpus, number of different tokens that occur at least twice)."""

    @abstractmethod
    def default_settings(self, minutes: float | None, epochs: float | None) -> TrainingDefaults:
        """Return default training settings. The training lasts `minutes` (None: a number of updates) and reads the text
        `epochs` times (None: unknown)."""

    def encode(self, text: str, vocabulary: Vocabulary) -> Ids:
        """Return the token ids of a text: int32 (n,); unknown tokens are `UNK`."""
        return vocabulary.encode(self.tokenise(text))

    def decode(self, ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
        """Return the readable text of token ids."""
        return self.detokenise(vocabulary.decode(ids))

    def vocabulary(self, texts: Sequence[str], *, minimum: int = 2, limit: int | None = None) -> Vocabulary:
        """Return the vocabulary of training texts: tokens seen at least `minimum` times, the most frequent `limit` of
        them.

        Rarer ones are `<unk>` in training, so that models learn to expect unknown tokens.
        """
        counts = Counter(token for text in texts for token in self.tokenise(text))
        return Vocabulary.from_counts(counts, level=self.key, minimum=minimum, limit=limit)

    def extend_vocabulary(self, base: Vocabulary, texts: Sequence[str], *, limit: int | None = None) -> Vocabulary:
        """Return a vocabulary of training texts for a network that starts from one with the vocabulary `base`."""
        return self.vocabulary(texts, limit=limit)


def needs_no_space_after(before: str) -> bool:
    """Return whether the next word follows this text without a space: at a line's start, after a space or a clitic."""
    line = fold_case(before.rsplit("\n", 1)[-1])
    return not line or line[-1].isspace() or (line[-1] == "'" and is_clitic((tokenise(line) or [""])[-1]))


class WordParts(Units):
    """Modelling units that are characters or parts of words, so that their tokens hold the whole text."""

    complete = spells = True
    hiding = frozenset('()[]{}«»“”"—–')  # brackets and quotes: an ad-lib would hide the rhyme

    def begins_word(self, line: str) -> bool:
        """Return whether a word may begin here: at the start of the line, after a space, or after an elided clitic."""
        if not line or line.endswith(" "):
            return True
        return line.endswith("'") and is_clitic((tokenise(line) or [""])[-1])


class Detokeniser(ABC):
    """A detokeniser: writes tokens as text one after the other, with the spaces and capitals between them."""

    @abstractmethod
    def decode_token(self, token: str) -> str:
        """Return the text that `token` adds after all tokens before it."""
