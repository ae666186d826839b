"""What writing looks things up in, of a run and of what it learnt from; each table is built when it is first needed.

Pronunciations of words, words that can end a line, what the run learnt from. Knows nothing of any one line.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from pipeline.core.errors import SeizeError, SettingError
from pipeline.corpus.store import read_pronunciations
from pipeline.generation.constraints import Phrase
from pipeline.generation.context import RunForGeneration
from pipeline.generation.policy import DecodingPolicy, decoding_policy
from pipeline.generation.search.endings import Endings, line_final_words
from pipeline.generation.search.originality import SpanIndex, index_spans
from pipeline.generation.search.orthography import Orthography
from pipeline.generation.search.pairs import KnownWordPairs, Pair, avoided_word_pairs, ungrammatical_pairs
from pipeline.generation.search.trie import EndingTrie
from pipeline.generation.training_text import TrainingText, corpus_versions, training_text
from pipeline.language.pronunciations import Pronunciations, pronunciations_from_columns
from pipeline.language.syllables import scan_line
from pipeline.language.vocabulary import SPECIALS, UNK
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import vocabulary_units

_LONE_LETTERS = frozenset("aàyôn")  # words of one letter; the others are spelled letters and slips


class ConstraintIndex:
    """A run with the tables by which lines are searched and checked; it may serve many threads.

    avoided  pairs of words that do not follow each other
    """

    def __init__(self, run: RunForGeneration, text: TrainingText) -> None:
        self.name, self.model, self.vocabulary = run.name, run.language_model(), run.vocabulary
        self._text, self._training_corpora = text, run.training_corpora

    @cached_property
    def modelling_units(self) -> Units:
        return vocabulary_units(self.vocabulary)

    @cached_property
    def decoding_policy(self) -> DecodingPolicy:
        """The limits on lines, seeds and searches, and the sampling settings, for the units of the run."""
        return decoding_policy(self.vocabulary)

    @cached_property
    def _vocabulary_words(self) -> list[str]:
        return [word for word in self._text.vocabulary.index2word if word not in SPECIALS]

    @cached_property
    def pronunciations(self) -> Pronunciations:
        """Pronunciations of the words of the training text: those stored with its corpora, others transcribed."""
        tables = (pronunciations_from_columns(read_pronunciations(name).to_pydict()) for name in self._training_corpora)
        pronunciations = Pronunciations(row for table in tables for row in table)
        pronunciations.transcribe_missing(self._vocabulary_words)
        return pronunciations

    @cached_property
    def accepted_words(self) -> frozenset[str]:
        """The words whose spelling is accepted: those of the training text, except single letters that are no words."""
        return frozenset(word for word in self._vocabulary_words if len(word) > 1 or word in _LONE_LETTERS)

    @cached_property
    def spelling_constraint(self) -> Orthography | None:
        """The tokens that may continue the spelling of a word; None for a model whose tokens are words."""
        spelled = [word for word in self._vocabulary_words if word in self.accepted_words]
        return Orthography(spelled, self.vocabulary) if self.modelling_units.spells else None

    @cached_property
    def endings(self) -> Endings:
        """The words that may end a line."""
        words = (word for word in line_final_words(self._text) if len(word) > 1 and self.can_write((word,)))
        return Endings.from_words(words, self.pronunciations)

    @cached_property
    def ending_trie(self) -> EndingTrie:
        """The token sequences of the words that may end a line, as a trie."""
        return EndingTrie(self.endings, self.vocabulary)

    @cached_property
    def span_index(self) -> SpanIndex:
        """An index of every run of words in the training text, to find copies."""
        return index_spans(self._text)

    @cached_property
    def avoided_word_pairs(self) -> frozenset[Pair]:
        """Word pairs that no line may contain: far rarer than by chance in the training text, or ungrammatical."""
        return avoided_word_pairs(self._text) | ungrammatical_pairs(self._text)

    @cached_property
    def known_word_pairs(self) -> KnownWordPairs:
        """Pairs of words that follow each other in the training text."""
        return KnownWordPairs.from_text(self._text)

    def can_write(self, phrase: Phrase) -> bool:
        """Return whether the vocabulary has the words of a phrase, or their characters."""
        return UNK not in self.vocabulary.encode(self.modelling_units.phrase_tokens(phrase))

    def spoken_syllables(self, line: str) -> int:
        """Return the count of spoken syllables of a line, as `scan_line` counts them; cached by pairs of neighbours."""
        chunks = line.split()
        return sum(map(self._count_added_syllables, ("", *chunks), chunks))

    @cached_property
    def _count_added_syllables(self) -> Callable[[str, str], int]:
        """A cached function (chunk before, chunk) -> syllables that the chunk adds to a line."""

        def count_syllables(text: str) -> int:
            return scan_line(text, self.pronunciations).syllables.spoken

        @lru_cache(maxsize=1 << 14)
        def added_syllables(before: str, chunk: str) -> int:
            return count_syllables(f"{before} {chunk}") - count_syllables(before)

        return added_syllables

    def with_added_endings(self, words: Iterable[str]) -> "ConstraintIndex":
        """Return a copy of the index in which these words, too, may end a line. Raise SettingError for a word that the
        run cannot write."""
        missing = [word for word in dict.fromkeys(words) if not self.endings.indices_of(word)]
        if not missing:
            return self
        if unknown := [word for word in missing if not self.can_write((word,))]:
            raise SettingError("This model does not know the word “{word}”: choose another one.", word=unknown[0])
        self.pronunciations.transcribe_missing(missing)
        known = (word.text for word in self.endings.words)
        index = copy(self)
        index.endings = Endings.from_words([*known, *missing], self.pronunciations)
        index.ending_trie = EndingTrie(index.endings, self.vocabulary)
        return index


def constraint_index(run: RunForGeneration) -> ConstraintIndex:
    """Return the index of a run and its training text, cached for as long as the run is in memory.

    Its tables take half a second at first; some seconds more when a word has no stored pronunciation. Raises
    CorpusError where a corpus of the run is not prepared, RunError for a run that learnt from a text and lacks it.
    """
    version, index = _CACHED.get(run, ((), None))
    if index is None or version != corpus_versions(run):
        index = ConstraintIndex(run, training_text(run))
        _CACHED[run] = corpus_versions(run), index
    return index


_CACHED = WeakKeyDictionary[RunForGeneration, tuple[tuple[int, ...], ConstraintIndex]]()


def index_for_free_writing(run: RunForGeneration) -> ConstraintIndex:
    """Return the index of a run; if its training text is missing, that of an empty text, enough to write freely."""
    try:
        return constraint_index(run)
    except SeizeError:
        return ConstraintIndex(run, TrainingText.from_texts((), run.name))
