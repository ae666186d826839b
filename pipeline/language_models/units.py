"""What a model reads and writes token by token: characters or words. All that differs between them is here.

    units = units_of(vocabulary)          # or UNITS["word"]
    ids = units.encode("J'arrive\\n", vocabulary)
    units.decode(ids, vocabulary)

In tokens an end of line is `<line>`, and `<song>` ends the song (and stands before the next, so that it also says "a
song begins"). Characters are themselves; words are `pipeline.language.tokens`'s. Other units are a subclass and a line
in `UNITS`; its key is what configurations and the command line call `level`.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.corpus.table import Corpus
from pipeline.language.tokens import Span, detokenise, fold, is_clitic, token_spans, tokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS, Ids, Level, Vocabulary

_LINE = SPECIALS[LINE]


@dataclass(frozen=True)
class Defaults:
    """The network and windows that a training takes when nothing else is asked for (docs/decisions has the reasons)."""

    units: int
    embedding: int
    tied: bool
    batch: int
    time: int
    dropout: float
    recurrent_gap: float  # by how much less of the recurrent weights is left out


class Units(ABC):
    """One kind of units. The fields:

    key                in config.json and on the command line; also that of the vocabulary
    noun               what one is called
    complete           whether the tokens are the whole text, so that their bits are; else see `casing`
    spells             whether tokens spell words, whose contexts are then worth counting (`word_contexts`)
    ngram_orders       of the n-grams tried, shortest first
    cache_order        longest n-grams of the cache; longer ones change the bits by less than 0.1 %
    line_limit         tokens after which a line ends anyway: an untrained model may never end one
    seed_limit         tokens of a long seed that are read: after them the next-token distribution is that after all
                       of it (benchmarks/generation.py prints the difference)
    repeated_order     length of the n-grams that are not to be repeated
    search_rows        rows of each batch that a line under constraints may cost
    sample_length      tokens of the sample on a card, and of the one after each validation
    """

    key: Level
    noun: str
    complete: bool
    spells: bool
    ngram_orders: Sequence[int]
    cache_order: int
    line_limit: int
    seed_limit: int
    repeated_order: int
    search_rows: Sequence[int]
    sample_length: int
    progress_sample_length: int

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
    def forced(self, words: Sequence[str]) -> list[str]:
        """Return words in a row as tokens, with what has to follow before another word can begin."""

    @abstractmethod
    def unwritable(self, avoid: Set[str]) -> Set[str]:
        """Return the tokens that may not stand in a line that is to avoid these words."""

    @abstractmethod
    def typed(self, text: str) -> list[str]:
        """Cut what a person typed into a field into tokens."""

    @abstractmethod
    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        """Count the tokens of a corpus, and the different ones that it has at least twice."""

    @abstractmethod
    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        """Choose a network for a budget: None for one that is not in minutes, or a text of unknown length."""

    def encode(self, text: str, vocabulary: Vocabulary) -> Ids:
        """int32[n] tokens of a text; unknown ones are `UNK`."""
        return vocabulary.encode(self.tokens(text))

    def decode(self, ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
        """Readable text of tokens."""
        return self.text(vocabulary.decode(ids))

    def vocabulary(self, texts: Sequence[str], *, minimum: int = 2, limit: int | None = None) -> Vocabulary:
        """The tokens of the training texts. What was seen once stays `<unk>`: models learn to expect the unknown."""
        counts = Counter(token for text in texts for token in self.tokens(text))
        return Vocabulary.from_counts(counts, level=self.key, minimum=minimum, limit=limit)


class Speller(ABC):
    """Writes tokens out one after the other."""

    @abstractmethod
    def spell(self, token: str) -> str:
        """Return the text to append for `token`."""


class Characters(Units):
    """Every character of the text is a token."""

    key, noun, complete, spells = "char", "character", True, True
    ngram_orders, cache_order = range(5, 13), 20
    line_limit, seed_limit, repeated_order = 160, 500, 8
    search_rows = (16, 24, 48, 96)
    sample_length, progress_sample_length = 700, 120

    def tokens(self, text: str) -> list[str]:
        return [_LINE if character == "\n" else character for character in text]

    def spans(self, text: str) -> Iterator[Span]:
        return (Span(token, at, at + 1) for at, token in enumerate(self.tokens(text)))

    def text(self, tokens: Sequence[str]) -> str:
        return "".join("\n" if token in SPECIALS[LINE:] else token for token in tokens)

    def speller(self, before: str) -> Speller:
        return _CharacterSpeller()

    def join(self, before: str, tokens: Sequence[str]) -> str:
        return before + "".join(tokens)

    def begins_word(self, line: str) -> bool:
        """At the start of the line, after a space, or after an elided clitic."""
        if not line or line.endswith(" "):
            return True
        return line.endswith("'") and is_clitic(tokenise(line)[-1])

    def phrase(self, words: Sequence[str]) -> list[str]:
        return list(detokenise(words))

    def forced(self, words: Sequence[str]) -> list[str]:
        return [*self.phrase(words), " "]

    def unwritable(self, avoid: Set[str]) -> Set[str]:
        """Brackets and quotes: an ad-lib would hide the rhyme."""
        return set('()[]{}«»“”"—–')

    def typed(self, text: str) -> list[str]:
        return self.tokens(text)

    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.lines["text"]
        counts = Counter("".join(lines))
        ends = len(lines) + len(corpus.sections)
        return counts.total() + ends, sum(count > 1 for count in counts.values())

    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        """The more often the budget allows to read the text, the more there is to forget: dropout 0.1 to 0.5."""
        dropout = 0.2 if epochs is None else round(min(0.5, 0.1 + 0.02 * epochs), 2)
        return Defaults(
            # a minute is 421 updates of 256 and 149 of 512: 2.589 bits and 2.935
            units=256 if minutes is not None and minutes < 3 else 512,
            embedding=64,
            tied=False,
            batch=64,
            # what is read a few times is short of updates: 4 % fewer bits
            time=25 if minutes is not None and epochs is not None and epochs < 10 else 100,
            dropout=dropout,
            recurrent_gap=0.1,
        )


class Words(Units):
    """The tokens of `pipeline.language.tokens`: lower case, without punctuation."""

    key, noun, complete, spells = "word", "word", False, False
    ngram_orders, cache_order = range(2, 6), 6
    line_limit, seed_limit, repeated_order = 32, 200, 2
    search_rows = (16, 24, 32, 64)
    sample_length, progress_sample_length = 160, 30

    def tokens(self, text: str) -> list[str]:
        """
        >>> UNITS["word"].tokens("J'arrive\\n")
        ["j'", 'arrive', '<line>']
        """
        parts = [tokenise(part) for part in text.split("\n")]
        return [token for part in parts for token in (*part, _LINE)][:-1]

    def spans(self, text: str) -> Iterator[Span]:
        """
        >>> [tuple(span) for span in UNITS["word"].spans("J'arrive\\nlà")]
        [("j'", 0, 2), ('arrive', 2, 8), ('<line>', 8, 9), ('là', 9, 11)]
        """
        start = 0
        for part in text.split("\n"):
            yield from (Span(span.token, start + span.start, start + span.stop) for span in token_spans(part))
            start += len(part) + 1
            if start <= len(text):
                yield Span(_LINE, start - 1, start)

    def text(self, tokens: Sequence[str]) -> str:
        lines = " ".join(tokens).replace(SPECIALS[SONG], _LINE).split(_LINE)
        return "\n".join(detokenise(line.split()) for line in lines)

    def speller(self, before: str) -> Speller:
        return _WordSpeller(before)

    def join(self, before: str, tokens: Sequence[str]) -> str:
        return f"{before} {detokenise(tokens)}"

    def begins_word(self, line: str) -> bool:
        return True

    def phrase(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def forced(self, words: Sequence[str]) -> list[str]:
        return list(words)

    def unwritable(self, avoid: Set[str]) -> Set[str]:
        return avoid

    def typed(self, text: str) -> list[str]:
        return self.tokens(text.strip())

    def sizes(self, corpus: Corpus) -> tuple[int, int]:
        lines = corpus.lines
        tokens = int((lines["stop"] - lines["start"]).sum()) + len(lines)
        return tokens, int((corpus.counts("all") > 1).sum())

    def defaults(self, minutes: float | None, epochs: float | None) -> Defaults:
        return Defaults(units=256, embedding=128, tied=True, batch=32, time=35, dropout=0.5, recurrent_gap=0.2)


class _CharacterSpeller(Speller):
    def spell(self, token: str) -> str:
        return {_LINE: "\n", SPECIALS[SONG]: ""}.get(token, token)


class _WordSpeller(Speller):
    """Knows whether a space or a capital is due.

    >>> speller = UNITS["word"].speller("")
    >>> "".join(map(speller.spell, ["j'", "suis", "là", "<line>", "dis", "-le", "<song>"]))
    "J'suis là\\nDis-le"
    """

    def __init__(self, before: str) -> None:
        line = fold(before.rsplit("\n", 1)[-1])
        words = tokenise(line)
        self._capital = not line.strip()
        self._glued = not line or line[-1].isspace() or (bool(words) and is_clitic(words[-1]) and line[-1] == "'")

    def spell(self, token: str) -> str:
        if token == _LINE:
            self._glued = self._capital = True
            return "\n"
        if token == SPECIALS[SONG]:
            return ""
        text = token[:1].upper() + token[1:] if self._capital else token
        if not (self._glued or token.startswith("-")):
            text = " " + text
        self._glued, self._capital = is_clitic(token), False
        return text


CHARACTERS, WORDS = Characters(), Words()
UNITS: dict[Level, Units] = {units.key: units for units in (CHARACTERS, WORDS)}


def units_of(vocabulary: Vocabulary) -> Units:
    """The units that a vocabulary is of."""
    return UNITS[vocabulary.level]


def encode(text: str, vocabulary: Vocabulary) -> Ids:
    """int32[n] tokens of a text in the units of a vocabulary; unknown ones are `UNK`."""
    return units_of(vocabulary).encode(text, vocabulary)


def decode(ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
    """Readable text of tokens."""
    return units_of(vocabulary).decode(ids, vocabulary)
