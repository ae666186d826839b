"""How well a run predicts a text, in bits, and which of two runs does better on the same test songs.

Knows no TensorFlow: the NumPy replay reads the text.

Bits a character are those of a complete code of the text, so any two runs compare. A character model pays for each
character, and for an unknown one its code point as well. A word model pays for its tokens, for the spelling of the
unknown ones, and for case, spaces and punctuation (`casing`). Every end of line is a character; of a song
in a split its end is one too; the end of a text file is not charged.

How sure a comparison is: songs are drawn again, not characters, since what a model saves in one line of a song it saves
in the next.
"""

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.intervals import ConfidenceInterval
from pipeline.cells.activations import log_softmax
from pipeline.core.errors import RunError, SettingError
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.tokens import Span
from pipeline.language.vocabulary import SONG, UNK
from pipeline.language_models.control_tokens import SectionConditions
from pipeline.language_models.protocol import Floats
from pipeline.language_models.splits import Texts, song_hash, song_set_hash, song_texts, split_corpus
from pipeline.language_models.text_model import TextModel
from pipeline.runs.run import Run

DRAWS = 2000
_SONGS_PER_CALLBACK = 8  # songs scored between two words on how far it is
OnSong = Callable[[int, int], None]  # how many of how many are scored


@dataclass(frozen=True)
class Scores:
    """Scores of a model on texts, such as bits per character. Only word models have `perplexity` and `oov_rate`.

    `unknown` counts tokens outside the vocabulary, `seconds` is how long scoring took.

    `bits_per_char` is static: nothing is learnt from the text scored, and `parts` splits it: tokens, spelling, surface.
    `bits_per_char_adaptive` lets the model learn from each text what comes before in it, and predict with that.
    """

    bits_per_char: float
    bits_per_char_adaptive: float | None
    characters: int
    tokens: int
    unknown: int
    seconds: float
    level: str
    perplexity: float | None = None
    oov_rate: float | None = None
    parts: dict[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the scores as a dict for JSON, without those that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def evaluate_text(run: Run, text: str) -> Scores:
    """Return the scores of a run on one text. Raise SettingError for an empty text."""
    if not text:
        raise SettingError("The text to evaluate is empty. Give a file with some lyrics.")
    return score_texts(run.text_model(), [text.replace("\r\n", "\n").replace("\r", "\n")], ends=False)


def evaluate_split(run: Run, corpus: Corpus, split: Literal["train", "valid", "test"] = "test") -> Scores:
    """Return the scores of a run on the training, validation or test songs of a corpus."""
    return score_texts(run.text_model(), getattr(split_corpus(corpus), split), ends=True)


def score_texts(
    model: TextModel,
    texts: Sequence[str],
    *,
    ends: bool,
    static: Sequence[Floats] | None = None,
) -> Scores:
    """Return the scores of a model on texts, each read from a fresh state. `ends`: also count the final `<song>`.

    `static` are the scores of the model if they are known.
    """
    start = time.perf_counter()
    ids = model.encode(texts)
    static = model.score(ids) if static is None else static
    charged = slice(None if ends else -1)
    bits = _total_bits(part[charged] for part in static)
    characters = sum(map(len, texts)) + ends * len(texts)
    tokens = sum(map(len, ids)) + ends * len(ids)
    unknown = model.unknown_tokens(texts, ids)
    lost_bits = model.spelling_and_casing_bits.bits_by_component(texts, unknown)
    parts = {"tokens": bits, **lost_bits}
    adaptive = None
    if model.cache_weights is not None:
        adapted = model.adaptive_scores(ids, static)
        adaptive = (_total_bits(part[charged] for part in adapted) + sum(lost_bits.values())) / characters
    word = not model.modelling_units.complete
    words = sum(int(((song > SONG) | (song == UNK)).sum()) for song in ids)  # of the tokens, unknown ones included
    return Scores(
        bits_per_char=sum(parts.values()) / characters,
        bits_per_char_adaptive=adaptive,
        characters=characters,
        tokens=tokens,
        unknown=len(unknown),
        seconds=round(time.perf_counter() - start, 3),
        level=model.modelling_units.key,
        perplexity=2 ** (bits / tokens) if word else None,
        oov_rate=len(unknown) / max(1, words) if word else None,
        parts={name: value / characters for name, value in parts.items()},
    )


def song_bits(
    model: TextModel,
    texts: Sequence[str],
    labels: Sequence[SectionConditions] = (),
    static: Sequence[Floats] | None = None,
) -> Floats:
    """Return float64[songs]: the bits of each song, with those of its end, spelling and casing.

    labels: as in `TextModel.score`; static: the scores of the model where they are known
    """
    ids = model.encode(texts)
    scores = model.score(ids, labels) if static is None else static
    rest = [
        model.spelling_and_casing_bits.bits_by_component([text], model.unknown_tokens([text], [part]))
        for text, part in zip(texts, ids, strict=True)
    ]
    return np.array([_total_bits([own]) + sum(more.values()) for own, more in zip(scores, rest, strict=True)])


def _total_bits(parts: Iterable[Floats]) -> float:
    return -sum(float(part.sum()) for part in parts) / np.log(2)


LONGEST_SURPRISAL_TEXT = 2000  # characters: what is read in a second or two, and looked through by eye
_CHUNK = 64  # tokens whose distributions are held at once
_GUESS_COUNT = 5


@dataclass(frozen=True)
class TokenSurprisal:
    """A token, `text[start:stop]`: its surprisal in bits, and the five likeliest tokens in its place.

    `in_vocabulary`: what is not costs its spelling as well. Of a piece with a capital the
    bits are those of both.
    """

    start: int
    stop: int
    bits: float
    guesses: tuple[tuple[str, float], ...]
    in_vocabulary: bool


def token_surprisals(model: TextModel, text: str) -> tuple[TokenSurprisal, ...]:
    """Return the surprisal of each token of a text, read as the beginning of a song.

    Case, spaces and punctuation between words, which a word model does not predict, are in no entry. Raise SettingError
    for an empty text and one above `LONGEST_SURPRISAL_TEXT`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip() or len(text) > LONGEST_SURPRISAL_TEXT:
        raise SettingError(
            "Give a text of 1 to {most:,} characters, not {count:,}.",
            most=LONGEST_SURPRISAL_TEXT,
            count=len(text.strip()),
        )
    spans = list(model.modelling_units.token_spans(text))
    tokens = model.vocabulary.encode([token for token, _, _ in spans])
    surprisals: list[TokenSurprisal] = []
    state, before = model.model.initial_state(), SONG
    for at in range(0, len(tokens), _CHUNK):
        targets = tokens[at : at + _CHUNK]
        read = np.concatenate([[before], targets[:-1]])
        scores, state = model.model.feed_sequences(read[None], state)
        log_p = log_softmax(scores[0].astype(np.float64), axis=-1)
        surprisals += _chunk_surprisals(model, spans[at : at + _CHUNK], targets.tolist(), log_p)
        before = int(targets[-1])
    return tuple(_merge_zero_width_tokens(surprisals))


def _merge_zero_width_tokens(tokens: Iterable[TokenSurprisal]) -> Iterator[TokenSurprisal]:
    """Yield the tokens that have characters. The bits of a token without any (a capital's) go to the next token."""
    bits = 0.0
    for token in tokens:
        bits += token.bits
        if token.stop > token.start:
            yield dataclasses.replace(token, bits=bits)
            bits = 0.0


def _chunk_surprisals(
    model: TextModel, spans: list[Span], targets: list[int], log_p: Floats
) -> Iterator[TokenSurprisal]:
    for (token, start, stop), target, row in zip(spans, targets, log_p, strict=True):
        is_known = target != UNK
        bits = -float(row[target]) / np.log(2) + (0.0 if is_known else model.spelling_and_casing_bits.token_bits(token))
        top = np.argsort(-row, kind="stable")[:_GUESS_COUNT].tolist()
        guesses = tuple((model.vocabulary.index2word[i], float(np.exp(row[i]))) for i in top)
        yield TokenSurprisal(start, stop, bits, guesses, is_known)


@dataclass(frozen=True)
class Comparison:
    """Two runs scored on the same songs. `difference` is first - second in bits a character; below 0 `first` is better.

    songs: title, artist, characters, first, second, difference (bits a character), the largest gain of `first` on top.
    """

    first: str
    second: str
    songs: pd.DataFrame
    difference: float
    interval: ConfidenceInterval


def paired_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, characters: npt.ArrayLike, seed: int = 1, draws: int = DRAWS
) -> tuple[float, ConfidenceInterval]:
    """Return sum(first - second) / sum(characters) of songs, and its 95 % bootstrap interval over songs.

    Percentiles 2.5 and 97.5 of that ratio in `draws` samples of as many songs, drawn with replacement (Efron 1979).
    nan below three songs: they say nothing of other songs. With some twenty songs the interval is a little narrow.

    >>> paired_difference([30.0, 10.0], [20.0, 10.0], [10, 10])
    (0.5, ConfidenceInterval(low=nan, high=nan))
    """
    gap = np.asarray(first, float) - np.asarray(second, float)
    sizes = np.asarray(characters, float)
    estimate = float(gap.sum() / sizes.sum())
    n = len(gap)
    if n < 3:
        return estimate, ConfidenceInterval(float("nan"), float("nan"))
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)  # (draws, n)
    low, high = np.percentile((times @ gap) / (times @ sizes), [2.5, 97.5])
    return estimate, ConfidenceInterval(float(low), float(high))


class RunSongs(NamedTuple):
    """The song texts of a run: `seen` (training and validation songs) and `test`."""

    seen: Texts
    test: Texts


def training_and_test_songs(run: Run, corpus: Corpus) -> RunSongs:
    """Return the texts that a run was trained and tested on, from the present state of its corpus.

    Raise RunError when these are not the songs that it was trained on.
    """
    part_settings = run.config.get("corpus", {})
    years = part_settings.get("years")
    of_part = corpus.song_mask(artists=part_settings.get("artists") or (), years=tuple(years) if years else None)
    part = corpus.where(songs=corpus.songs.index[of_part])  # an artist may have left the corpus
    texts = song_texts(part.where(languages=DEFAULT_LANGUAGES))
    hashes = [song_hash(text) for text in texts]
    if song_set_hash(hashes) != part_settings.get("songs"):
        raise RunError(
            "The songs of the corpus {corpus!r} are not those that {run!r} was trained on. Train the model again.",
            corpus=corpus.name,
            run=run.name,
        )
    test = frozenset(part_settings.get("test_songs", ()))
    sides = [[text for text, own in zip(texts, hashes, strict=True) if (own in test) is side] for side in (False, True)]
    return RunSongs(*map(tuple, sides))


def shared_songs(first: tuple[str, RunSongs], second: tuple[str, RunSongs]) -> list[str]:
    """Return the texts of the test songs that two runs share. Each run is given as (name, songs).

    Raise RunError when one was trained on test songs of the other, or they share none.
    """
    (first_name, a), (second_name, b) = first, second
    for name, songs, rival, theirs in ((first_name, a, second_name, b), (second_name, b, first_name, a)):
        if seen := set(songs.test) & set(theirs.seen):
            raise RunError(
                "{count} test songs of {name!r} are among the training songs of {rival!r}, so a comparison would be "
                "unfair. Use models of one corpus with the same split.",
                count=len(seen),
                name=name,
                rival=rival,
            )
    if not (common := [text for text in a.test if text in set(b.test)]):
        raise RunError(
            "{one!r} and {other!r} have no test song in common. Use models of one corpus.",
            one=first_name,
            other=second_name,
        )
    return common


def compare_runs(
    first: Run, second: Run, open_corpus: Callable[[str], Corpus], on_song: OnSong = lambda done, of: None
) -> Comparison:
    """Return the comparison of two runs on the test songs that they share. Raise SeizeError when it is impossible."""
    corpora = {name: open_corpus(name) for name in dict.fromkeys(map(_corpus_name, (first, second)))}
    one, other = ((run.name, training_and_test_songs(run, corpora[_corpus_name(run)])) for run in (first, second))
    texts = shared_songs(one, other)
    bits = np.empty((2, len(texts)))
    for side, model in enumerate((first.text_model(), second.text_model())):
        for at in range(0, len(texts), _SONGS_PER_CALLBACK):
            part = slice(at, min(at + _SONGS_PER_CALLBACK, len(texts)))
            bits[side, part] = song_bits(model, texts[part])
            on_song(side * len(texts) + part.stop, 2 * len(texts))
    return _compare_bits(first.name, second.name, bits, texts, corpora[_corpus_name(first)])


def _compare_bits(
    first: str, second: str, bits: npt.NDArray[np.float64], texts: Sequence[str], corpus: Corpus
) -> Comparison:
    sizes = np.array([len(text) + 1 for text in texts])  # the end of the song is one
    estimate, interval = paired_difference(bits[0], bits[1], sizes)
    french = corpus.where(languages=DEFAULT_LANGUAGES)
    rows = zip(song_texts(french), french.songs["title"], french.songs["artist"], strict=True)
    names = {text: (str(title), str(artist)) for text, title, artist in rows}
    songs = pd.DataFrame([names[text] for text in texts], columns=["title", "artist"]).assign(
        characters=sizes, first=bits[0] / sizes, second=bits[1] / sizes, difference=(bits[0] - bits[1]) / sizes
    )
    songs = songs.sort_values("difference", kind="stable", ignore_index=True)
    return Comparison(first, second, songs, estimate, interval)


def _corpus_name(run: Run) -> str:
    about = run.config.get("corpus", {})
    if about.get("text") or not isinstance(about.get("name"), str):
        raise RunError(
            "The model {name!r} was not trained on a prepared corpus, so it has no test songs. Compare others.",
            name=run.name,
        )
    return str(about["name"])
