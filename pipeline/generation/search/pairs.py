"""Pairs of words that do not follow each other: those that the corpus avoids, and those that do not agree.

French says l'heure and d'un, so "la heure" and "de un" are missing from a corpus that holds thousands of la, heure, de
and un; "l'main", "un le", "les sa" are too. A model that smooths its counts writes them now and then.

Pairs that do not agree (la doigts, un voiture, elle prends) are rarer. Determiners of one gender and number are one
word to what follows, and so are subjects of one person: together they show what each alone is too rare to. A word that
the corpus puts after some of them and never after others does not agree with these. Knows no dictionary: a noun that
was never seen after any determiner is left alone.

Pairs that the corpus has never are not wrong for that, but a line with several of them, or with one at its end, is
seldom understood: they are counted (`KnownWordPairs`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.generation.training_text import TrainingText
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary

MAX_FREQUENT_WORDS = 1000  # words looked at: a pair of rarer ones is too rare to be missed
MIN_EXPECTED_COUNT = 5.0  # times that a pair would stand there by chance; none at all then happens once in 150
# of that: "un un" and "de une" are slips of a corpus too; one line in 200 of it holds such a pair
AVOIDED_PAIR_RATIO = 0.05

Pair = tuple[str, str]


def avoided_word_pairs(text: TrainingText) -> frozenset[Pair]:
    """Return the pairs of frequent words that follow each other in a text far less often than chance predicts.

    They have n(a b) < `AVOIDED_PAIR_RATIO` E, where E = n(a .) n(. b) / N >= `MIN_EXPECTED_COUNT`; n counts neighbours
    in a line. One table of counts instead of a count a pair: a million pairs are looked at, most of which never occur.
    """
    first, second = text.adjacent_word_pairs()
    frequent = np.argsort(-text.word_counts(), kind="stable")[:MAX_FREQUENT_WORDS]
    place = np.full(len(text.vocabulary), len(frequent))  # the last place is for all others
    place[frequent] = np.arange(len(frequent))
    size = len(frequent) + 1
    cells = place[first] * size + place[second]
    observed = np.bincount(cells, minlength=size * size).reshape(size, size)
    expected = np.outer(observed.sum(1), observed.sum(0)) / max(1, len(cells))
    avoided = (expected >= MIN_EXPECTED_COUNT) & (observed < AVOIDED_PAIR_RATIO * expected)
    words = text.vocabulary.decode(frequent)
    return frozenset((words[a], words[b]) for a, b in zip(*np.nonzero(avoided[:-1, :-1]), strict=True))


_Words = Sequence[str]
_DETERMINERS: Sequence[_Words] = (
    ("le", "un", "ce", "cet", "du", "au", "mon", "ton", "son"),
    ("la", "une", "cette", "ma", "ta", "sa"),
    ("les", "des", "ces", "aux", "mes", "tes", "ses", "nos", "vos", "leurs"),
)
_SUBJECTS: Sequence[_Words] = (("je", "j'"), ("tu",), ("il", "elle", "on"), ("nous",), ("vous",), ("ils", "elles"))
_PRONOUNS = frozenset(("le", "la", "les"))  # before a verb: je la prends, je le prends
_BEFORE_VOWELS = frozenset(("mon", "ton", "son"))  # stand before feminine nouns too: mon amie
_VOWELS = "aeiouyhâàéèêëîïôùûœ"
# Times that a word would stand after words of a class by chance, for it to be missed there. A noun has one gender and
# number, so that few are enough; the forms of a verb are shared (je rime, il rime).
EXPECTED_NOUN, EXPECTED_VERB = 1.0, 3.0
UNGRAMMATICAL_PAIR_RATIO = 0.03  # of that: corpora have slips, too


def ungrammatical_pairs(text: TrainingText) -> frozenset[Pair]:
    """Return pairs of a determiner or subject and a word that hardly ever follows its class: they do not agree.

    With n(C b) pairs of a word of class C and b, over all classes of a kind: E = n(. b) n(C .) / n(. .) is at least
    `EXPECTED_NOUN` or `EXPECTED_VERB`, and n(C b) < `UNGRAMMATICAL_PAIR_RATIO` E.
    """
    nouns = _find_ungrammatical_pairs(text, _DETERMINERS, EXPECTED_NOUN)
    return frozenset(nouns + _find_ungrammatical_pairs(text, _SUBJECTS, EXPECTED_VERB))


def _find_ungrammatical_pairs(text: TrainingText, classes: Sequence[_Words], least: float) -> list[Pair]:
    followed = np.array([_following_word_counts(text, words) for words in classes])  # (classes, V)
    certain = sum(_following_word_counts(text, [w for w in words if w not in _PRONOUNS]) for words in classes)
    total = followed.sum(0) * (certain > 0)
    expected = total * followed.sum(1, keepdims=True) / max(1, followed.sum())
    missed = (expected >= least) & (followed < UNGRAMMATICAL_PAIR_RATIO * expected)
    return [
        (before, word)
        for words, row in zip(classes, missed, strict=True)
        for word in text.vocabulary.decode(np.flatnonzero(row))
        for before in words
        if not (before in _BEFORE_VOWELS and word[0] in _VOWELS)
    ]


def _following_word_counts(text: TrainingText, words: _Words) -> npt.NDArray[np.int64]:
    """Return int64[V]: how often each vocabulary entry follows one of `words`."""
    index, (first, second) = text.vocabulary.word2index, text.adjacent_word_pairs()
    ids = [index[word] for word in words if word in index]
    return np.bincount(second[np.isin(first, ids)], minlength=len(text.vocabulary))


@dataclass(frozen=True, eq=False)
class KnownWordPairs:
    """The word pairs in the lines of a text, as sorted codes int64[n]: first id * vocabulary size + second id."""

    codes: npt.NDArray[np.int64]
    vocabulary: Vocabulary

    @classmethod
    def from_text(cls, text: TrainingText) -> "KnownWordPairs":
        """Return the pairs of neighbouring words in the lines of a text."""
        first, second = (side.astype(np.int64) for side in text.adjacent_word_pairs())
        return cls(np.unique(first * len(text.vocabulary) + second), text.vocabulary)

    def count_new_pairs(self, lines: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return `(n, 2)` for n lines: the number of word pairs new to the text, and 1 if the last pair is new."""
        if not lines:
            return np.zeros((0, 2), np.int64)
        encoded = [self.vocabulary.encode(tokenise(line)).astype(np.int64) for line in lines]
        codes = [line[:-1] * len(self.vocabulary) + line[1:] for line in encoded]
        asked = np.concatenate(codes)
        positions = np.searchsorted(self.codes, asked)  # np.isin would hash all codes again
        new = self.codes.take(positions, mode="clip") != asked if len(self.codes) else np.ones(len(asked), bool)
        parts = np.split(new, np.cumsum([len(line) for line in codes])[:-1])
        return np.array([(part.sum(), part[-1:].sum()) for part in parts], np.int64)
