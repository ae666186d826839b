"""Whose voice, which kind of section, when: control tokens that a model is conditioned on (Keskar et al. 2019).

A condition is a token of its own, after all others in the vocabulary, such as `<voice:Bétadine>`. Those of a section
stand before its first token. A model reads them and never has to predict them; in training each is left out now and
then, so that a text can be read or written with any of them, or none.

Two of them tell a line the word that it ends with (last word first: Pasini et al. 2024), and one a text its words:

    <voice:Bétadine> <text:words> …pieces of words <end:line> <end:word> …pieces of a word <end:line> …the line <line>

The pieces between them are tokens like all others and are predicted: at play they say which end the model expects.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile
from operator import itemgetter

import numpy as np

from pipeline.corpus.table import Corpus
from pipeline.language.tokens import blank_adlibs, fold_case, token_spans
from pipeline.language.vocabulary import LINE, SPECIALS, Ids, Vocabulary

END_WORD, END_LINE = "<end:word>", "<end:line>"  # between them stands the word that ends the line after them
TEXT_WORDS = "<text:words>"  # between it and END_LINE stand words of the text after them
END_WORD_SHARE = 0.8  # chance, in training, that a line is told its last word
CONDITION_DROPOUT = 0.3  # chance, in training, that a section lacks one of its conditions
TEXT_CONDITION_DROPOUT = 0.5  # the same of what a corpus's facets and words say of a text
_SECTION_CONDITIONS = ("<voice:", "<section:", "<years:", "<source:")  # all others are a text's
LEAST_TRAINING_SONGS = 3  # a condition has at least so many training songs
PERIOD_YEARS = 5  # of a period

SectionConditions = tuple[tuple[str, ...], ...]  # of a song: of each section its conditions


def control_token(kind: str, value: str) -> str:
    """Return the control token of a voice, a section, or the value of a facet.

    >>> control_token("voice", "Bétadine"), control_token("section", "refrain"), control_token("who", "je")
    ('<voice:Bétadine>', '<section:refrain>', '<who:je>')
    """
    return f"<{kind}:{value}>"


def period_token(year: int) -> str:
    """Return the control token of the five-year period that contains a year.

    >>> period_token(1997)
    '<years:1995-1999>'
    """
    first = year // PERIOD_YEARS * PERIOD_YEARS
    return control_token("years", f"{first}-{first + PERIOD_YEARS - 1}")


def control_token_value(condition: str) -> str:
    """Return the value in a control token: Bétadine for `<voice:Bétadine>`.

    >>> control_token_value("<voice:Kobalt>")
    'Kobalt'
    """
    return condition.strip("<>").partition(":")[2]


def last_word(line: str) -> str:
    """Return the last word of a line in lower case; "" if it has none or ends in an ad-lib.

    >>> last_word("Il a vu la NUIT !"), last_word("la nuit (ouais)")
    ('nuit', '')
    """
    spans = token_spans(line)
    return spans[-1].token if spans and not blank_adlibs(line)[spans[-1].start].isspace() else ""


def end_word_control_tokens(word: Sequence[str], vocabulary: Vocabulary) -> Ids:
    """Return the control tokens `<end:word> … <end:line>` as ids: the next line has to end with these word tokens."""
    return vocabulary.encode((END_WORD, *word, END_LINE))


def required_words_control_tokens(words: Sequence[str], vocabulary: Vocabulary) -> Ids:
    """Return the control tokens `<text:words> … <end:line>` as ids: the text has to contain these word tokens."""
    return vocabulary.encode((TEXT_WORDS, *words, END_LINE))


def section_conditions_by_song(corpus: Corpus, facets: Collection[str] = ()) -> dict[int, SectionConditions]:
    """Return song id -> control tokens of each section that has lines: voices, period, kind.

    The values of `facets` are control tokens of a song's first section.
    """
    songs, sections = corpus.songs, corpus.sections.loc[corpus.lines["section"].unique()]
    periods = [() if year != year else (period_token(int(year)),) for year in songs["year"].astype(float)]
    artists_and_periods = dict(zip(songs.index, zip(songs["artist"], periods, strict=True), strict=True))
    labels: dict[int, list[tuple[str, ...]]] = {song: [] for song in songs.index}
    for song, kind, performers in zip(sections["song"], sections["kind"], sections["performers"], strict=True):
        artist, period = artists_and_periods[song]
        names = performers.split(" & ") if performers else [artist]
        voices = [control_token("voice", name) for name in names if name]
        labels[song].append((*voices, *period, *([control_token("section", kind)] if kind else [])))
    for name in facets:
        for song, value in songs[name].dropna().items():
            labels[song][:1] = [(*part, control_token(name, str(value))) for part in labels[song][:1]]
    return {song: tuple(parts) for song, parts in labels.items()}


def add_control_tokens(
    vocabulary: Vocabulary, labels: Iterable[SectionConditions], uses_end_words: bool = False
) -> Vocabulary:
    """Return a vocabulary with the control tokens of at least `LEAST_TRAINING_SONGS` training songs appended, and with
    `uses_end_words` the tokens around the last word of a line.
    """
    songs = Counter(entry for song in labels for entry in {_vocabulary_entry(each) for part in song for each in part})
    known = {entry for entry, count in songs.items() if count >= LEAST_TRAINING_SONGS}
    entries = sorted(known | {END_WORD, END_LINE} if uses_end_words else known)
    counts = np.append(vocabulary.counts, [songs[entry] for entry in entries]).astype(np.int32)
    return Vocabulary(vocabulary.index2word + tuple(entries), counts, vocabulary.level)


def _vocabulary_entry(condition: str) -> str:
    """Return the vocabulary entry of a control token: `<text:words>` for required words, otherwise the token itself."""
    return TEXT_WORDS if condition.startswith(TEXT_WORDS) else condition


def control_tokens_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the control tokens of a vocabulary, which are its last entries."""
    entries = vocabulary.index2word[len(SPECIALS) :]
    return tuple(takewhile(_is_condition, reversed(entries)))[::-1]


def _is_condition(entry: str) -> bool:
    return len(entry) > 2 and entry[0] == "<" and entry[-1] == ">" and ":" in entry


Phrase = Callable[[Sequence[str]], list[str]]  # words in a row as tokens: `Units.phrase`
Insertion = tuple[int, float, Ids]  # before which token of a song, the chance that it is left out, the ids


@dataclass(frozen=True)
class ConditionedSongs:
    """Songs as token ids, with the control tokens to insert before their sections and lines, ordered by position."""

    songs: Sequence[Ids]
    insertions: Sequence[Sequence[Insertion]]

    @classmethod
    def from_conditions(
        cls, songs: Sequence[Ids], labels: Sequence[SectionConditions], vocabulary: Vocabulary
    ) -> "ConditionedSongs":
        """Return songs with the control tokens of the labels of their sections, as far as the vocabulary has them."""
        return cls(songs, [_condition_insertions(*pair, vocabulary) for pair in zip(songs, labels, strict=True)])

    def with_word_controls(
        self, texts: Sequence[str], labels: Sequence[SectionConditions], vocabulary: Vocabulary, phrase: Phrase
    ) -> "ConditionedSongs":
        """Return the songs with further control tokens for the words of each text and the last word of each line."""

        @cache  # a word ends many lines
        def end_tokens(word: str, next_sign: str) -> Ids:
            pieces = phrase((f"{word},",))[:-1] if next_sign.strip() else phrase((word,))  # as the line itself has them
            return end_word_control_tokens(pieces, vocabulary)

        def end_tokens_of_line(line: str) -> Ids:
            word = last_word(line)
            return end_tokens(word, fold_case(line).rpartition(word)[2][:1]) if word else np.empty(0, np.int32)

        insertions = []
        for song, text, label, before in zip(self.songs, texts, labels, self.insertions, strict=True):
            starts = [0, *(np.flatnonzero(song == LINE) + 1).tolist()]
            words = [
                (0, TEXT_CONDITION_DROPOUT, required_words_control_tokens(phrase(entry.split()[1:]), vocabulary))
                for entry in chain(*label[:1])
                if entry.startswith(TEXT_WORDS) and TEXT_WORDS in vocabulary
            ]
            ends = [
                (at, 1 - END_WORD_SHARE, end_tokens_of_line(line))
                for at, line in zip(starts, text.split("\n"), strict=True)
            ]
            insertions.append(sorted([*before, *words, *ends], key=itemgetter(0)))
        return ConditionedSongs(self.songs, insertions)

    def with_control_tokens(self, generator: np.random.Generator | None = None) -> list[Ids]:
        """Return the ids of each song with its control tokens, some left out at random where a `generator` is given."""
        return [_insert_tokens(*pair, generator) for pair in zip(self.songs, self.insertions, strict=True)]


def section_starts(song: Ids) -> list[int]:
    """Return the positions of the first token of each section of a song: 0, and after each empty line."""
    ends = song == LINE
    return [0, *(np.flatnonzero(ends[1:] & ends[:-1]) + 2).tolist()]


def _condition_insertions(song: Ids, conditions: SectionConditions, vocabulary: Vocabulary) -> list[Insertion]:
    starts, index = section_starts(song), vocabulary.word2index
    if len(starts) != len(conditions):  # an empty line inside a section: only the first is certain
        starts, conditions = starts[: len(conditions[:1])], conditions[:1]
    return [
        (
            start,
            CONDITION_DROPOUT if entry.startswith(_SECTION_CONDITIONS) else TEXT_CONDITION_DROPOUT,
            np.array([index[entry]], np.int32),
        )
        for start, part in zip(starts, conditions, strict=True)
        for entry in part
        if entry in index
    ]


def _insert_tokens(song: Ids, insertions: Sequence[Insertion], generator: np.random.Generator | None) -> Ids:
    if generator is not None:
        draws = generator.random(len(insertions)).tolist()
        insertions = [each for each, draw in zip(insertions, draws, strict=True) if draw >= each[1]]
    if not insertions:
        return song
    places, _, parts = zip(*insertions, strict=True)
    return np.insert(song, np.repeat(places, [len(part) for part in parts]), np.concatenate(parts))
