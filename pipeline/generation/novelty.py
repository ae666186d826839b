"""Whether a line says something new: n-grams that would come again, words and rhymes that ended earlier lines.

Knows nothing of models; tokens are numbers.
"""

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

from pipeline.generation.constraints import Richness
from pipeline.generation.endings import Key
from pipeline.language.pronunciations import Pronunciations, Word
from pipeline.language.rhyme import RHYME_KINDS, line_endings
from pipeline.language.scheme import end_word
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE, SONG

WORD = "word"  # before the sound of a whole word, beside keys that hold the end of one


class RepeatedNgrams:
    """The n-grams of a text so far, and so the tokens that would write one of them again.

    >>> ngrams = RepeatedNgrams(2, [5, 6, 5])
    >>> ngrams.repeats(), ngrams.repeats([7, 8, 7])
    ({6}, {8})
    """

    def __init__(self, order: int, tokens: Iterable[int] = ()) -> None:
        self._order = order
        self._last: tuple[int, ...] = ()
        self._following: dict[tuple[int, ...], set[int]] = {}  # n-gram without its last token -> last tokens
        self.extend(tokens)

    def extend(self, tokens: Iterable[int]) -> None:
        """Read on in the text."""
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """Read the next token of the text."""
        self._following.setdefault(self._last, set()).add(token)
        self._last = (*self._last, token)[1 - self._order :]

    def repeats(self, tokens: Sequence[int] = ()) -> set[int]:
        """Return what would write an n-gram again after the text and these tokens; line ends never count."""
        written = (*self._last, *tokens)
        width = self._order - 1
        last = written[-width:]
        found = set(self._following.get(last, ()))
        for stop in range(width, len(written)):  # n-grams that end in `tokens`
            if written[stop - width : stop] == last:
                found.add(written[stop])
        return found - {LINE, SONG}


def ending_sounds(text: str, sounds: Pronunciations, richness: Richness | None) -> set[Key]:
    """Return the last word of a line as it sounds (porte and portes are one), and its ends of this richness, if any."""
    scanned = scan_line(text, sounds)
    last = end_word(scanned)
    if not last:
        return set()
    keys = [RHYME_KINDS[richness].key(phones) for phones in line_endings(scanned)] if richness else []
    return {word_sound(sounds[last]), *(key for key in keys if key)}


def word_sound(word: Word) -> Key:
    """Return a key of the whole word; a mute e makes no difference."""
    return WORD, word.ipa.replace("ə", "")


def are_similar(text: str, others: Iterable[str]) -> bool:
    """Whether a line ends with the same word as another, or shares half of its words with it."""
    words = tokenise(text)
    for other in map(tokenise, others):
        if words[-1:] == other[-1:] or 2 * len(set(words) & set(other)) > len(set(words)):
            return True
    return False


def share_of_new_pairs(text: str, known: Set[tuple[str, str]]) -> float:
    """Return the share of pairs of words, side by side in a line, that are not among the known ones."""
    pairs = list(pairwise(tokenise(text)))
    return sum(pair not in known for pair in pairs) / max(1, len(pairs))
