"""The lines that a run learnt from, as words: those of its corpora, or of the plain text that it keeps.

Whatever a run rhymes with, spells, or is compared with for copies is looked up in here, and nowhere else. Knows nothing
of models.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from pipeline.core.errors import RunError
from pipeline.corpus.prepare import open_corpus
from pipeline.corpus.song import song_label
from pipeline.corpus.store import corpus_version
from pipeline.corpus.table import Corpus
from pipeline.generation.context import RunForGeneration
from pipeline.language.tokens import blank_adlibs, tokenise
from pipeline.language.vocabulary import Ids, Vocabulary

WordRows = tuple[Ids, Ids]  # words int32[n], the line of each int32[n]


@dataclass(frozen=True, eq=False)
class TrainingText:
    """The training text of a run as words in lines: `lyrics` without ad-libs, `everything` with them.

    songs   int32[lines], the song that each line is of
    titles  of each song
    """

    lyrics: WordRows
    everything: WordRows
    songs: Ids
    titles: tuple[str, ...]
    vocabulary: Vocabulary

    @classmethod
    def from_corpora(cls, corpora: Sequence[Corpus]) -> "TrainingText":
        """Return the lines of one or several corpora, one after another, with one vocabulary."""
        if len(corpora) == 1:
            vocabulary = corpora[0].vocabulary
        else:
            counts = Counter[str]()
            for corpus in corpora:
                counts.update(dict(zip(corpus.vocabulary.index2word, corpus.word_counts().tolist(), strict=True)))
            vocabulary = Vocabulary.from_counts(counts, level="word", minimum=0)  # ad-libs alone count 0
        parts: dict[str, list[WordRows]] = {"lyrics": [], "all": []}
        songs, titles, lines = list[Ids](), list[str](), 0
        for corpus in corpora:
            number = vocabulary.encode(corpus.vocabulary.index2word)
            for layer, tables in parts.items():
                words, rows = corpus.token_table(layer)  # type: ignore[arg-type]
                tables.append((number[words], rows + np.int32(lines)))
            place = {song: len(titles) + at for at, song in enumerate(corpus.songs.index)}
            songs.append(np.array([place[song] for song in corpus.lines["song"]], np.int32))
            titles += map(song_label, corpus.songs["title"], corpus.songs["artist"])
            lines += len(corpus.lines)
        lyrics, everything = (tuple(map(np.concatenate, zip(*tables, strict=True))) for tables in parts.values())
        return cls(lyrics, everything, np.concatenate(songs), tuple(titles), vocabulary)  # type: ignore[arg-type]

    @classmethod
    def from_texts(cls, texts: Iterable[str], title: str) -> "TrainingText":
        """Return the lines of plain texts, all as one song with this title."""
        lines = [line for text in texts for line in text.splitlines() if line.strip()]
        everything = [tokenise(line) for line in lines]
        vocabulary = Vocabulary.from_tokens((word for line in everything for word in line), level="word")

        def encode_lines(tokenised: Sequence[Sequence[str]]) -> WordRows:
            rows = np.repeat(np.arange(len(tokenised), dtype=np.int32), [len(line) for line in tokenised])
            return vocabulary.encode([word for line in tokenised for word in line]), rows

        lyrics = encode_lines([tokenise(blank_adlibs(line)) for line in lines])
        return cls(lyrics, encode_lines(everything), np.zeros(len(lines), np.int32), (title,), vocabulary)

    def word_counts(self) -> Ids:
        """Return int[V]: how often each vocabulary entry occurs, without ad-libs."""
        return np.bincount(self.lyrics[0], minlength=len(self.vocabulary)).astype(np.int32)

    def adjacent_word_pairs(self) -> tuple[Ids, Ids]:
        """Return ids (first int32[n], second int32[n]) of words that follow each other in a line, without ad-libs."""
        words, rows = self.lyrics
        same_line = rows[:-1] == rows[1:]
        return words[:-1][same_line], words[1:][same_line]


def training_text(run: RunForGeneration) -> TrainingText:
    """Return the training text of a run: its corpora, as prepared now, or its plain text. The last few are cached.

    Raises CorpusError where one of them is not prepared, RunError for a run that learnt from a text and lacks it.
    """
    if run.training_corpora:
        return _text_of_corpora(run.training_corpora, corpus_versions(run))
    if not run.training_texts:
        raise RunError(
            "The model {name!r} does not include its training text, so it has no words to rhyme with and "
            "writes freely. Train it again to write in a set form.",
            name=run.name,
        )
    if run not in _TEXTS_BY_RUN:
        _TEXTS_BY_RUN[run] = TrainingText.from_texts(run.training_texts, run.name)
    return _TEXTS_BY_RUN[run]


def corpus_versions(run: RunForGeneration) -> tuple[int, ...]:
    """Return the versions of the prepared corpora of a run. Raises CorpusError if one is not prepared."""
    return tuple(map(corpus_version, run.training_corpora))


@lru_cache(maxsize=4)
def _text_of_corpora(names: tuple[str, ...], versions: tuple[int, ...]) -> TrainingText:
    return TrainingText.from_corpora([open_corpus(name) for name in names])


_TEXTS_BY_RUN = WeakKeyDictionary[RunForGeneration, TrainingText]()
