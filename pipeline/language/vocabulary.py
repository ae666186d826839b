"""word2index and index2word, as one object with laws. Serves words and characters alike.

The laws, tested as properties:

- a bijection: every entry has one index, every index one entry;
- `<pad> <unk> <line> <song>` are 0, 1, 2, 3, whatever the text;
- a deterministic order: by falling count, then by code point;
- decode(encode(x)) = x for known entries; unknown ones become `<unk>`, never an error;
- from_json(to_json(v)) = v.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import CorpusError

UnitLevel = Literal["word", "char", "subword"]
Ids = npt.NDArray[np.int32]

PAD, UNK, LINE, SONG = 0, 1, 2, 3
SPECIALS = ("<pad>", "<unk>", "<line>", "<song>")
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Vocabulary:
    """The words (or characters, or subwords) of a corpus in index order, with their counts.

    >>> v = Vocabulary.from_counts({"rue": 3, "nuit": 5, "ami": 3}, level="word")
    >>> v.index2word[4:]
    ('nuit', 'ami', 'rue')
    >>> v.decode(v.encode(["rue", "wesh"]))
    ['rue', '<unk>']
    """

    index2word: tuple[str, ...]
    counts: Ids = field(repr=False, compare=False)
    level: UnitLevel = "word"

    def __repr__(self) -> str:
        first = ", ".join(self.index2word[len(SPECIALS) : len(SPECIALS) + 5])
        return f"<Vocabulary of {len(self):,} entries, {self.level}s: {first} …>"

    @classmethod
    def from_counts(
        cls, counts: Mapping[str, int], *, level: UnitLevel, minimum: int = 1, limit: int | None = None
    ) -> "Vocabulary":
        """Return the vocabulary of the entries with a count of at least `minimum`, at most `limit` of them (the most
        frequent)."""
        chosen = [(word, n) for word, n in counts.items() if n >= minimum and word not in SPECIALS]
        chosen.sort(key=lambda pair: (-pair[1], pair[0]))
        chosen = chosen[:limit]
        words = SPECIALS + tuple(word for word, _ in chosen)
        return cls(words, np.array([0] * len(SPECIALS) + [n for _, n in chosen], np.int32), level)

    @classmethod
    def from_tokens(cls, tokens: Iterable[str], *, level: UnitLevel, minimum: int = 1) -> "Vocabulary":
        """Return the vocabulary of a sequence of tokens, or of the characters of a string."""
        return cls.from_counts(Counter(tokens), level=level, minimum=minimum)

    @cached_property
    def word2index(self) -> dict[str, int]:
        """Entry -> index, the inverse of `index2word`."""
        return {word: index for index, word in enumerate(self.index2word)}

    def __len__(self) -> int:
        return len(self.index2word)

    def __contains__(self, word: object) -> bool:
        return word in self.word2index

    def encode(self, tokens: Iterable[str]) -> Ids:
        """Return int32[n]: the indices of tokens; unknown ones become `UNK`."""
        get = self.word2index.get
        return np.fromiter((get(token, UNK) for token in tokens), np.int32)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the entries with these indices; raises IndexError for an index outside the vocabulary."""
        words = self.index2word
        return [words[i] for i in map(int, ids)]

    def to_json(self) -> dict[str, Any]:
        """Return the vocabulary as a JSON object that `from_json` reads."""
        return {
            "format": FORMAT_VERSION,
            "level": self.level,
            "entries": list(self.index2word),
            "counts": self.counts.tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary that `to_json` wrote. Raises CorpusError when it is damaged."""
        try:
            words, counts, level = tuple(data["entries"]), data["counts"], data["level"]
            broken = (
                data["format"] != FORMAT_VERSION
                or level not in get_args(UnitLevel)
                or words[: len(SPECIALS)] != SPECIALS
                or len(set(words)) != len(words)
                or len(counts) != len(words)
                or not all(isinstance(word, str) for word in words)
            )
            array = np.array(counts, np.int32)
        except (KeyError, TypeError, ValueError, OverflowError):
            broken = True
        if broken:
            raise CorpusError("The vocabulary is damaged or of another format: prepare the corpus or train again.")
        return cls(words, array, level)
