"""Two runs on the same test songs: which predicts them better, by how much, and how sure that is.

Songs are drawn again, not characters: what a model saves in one line of a song it saves in the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.intervals import Interval
from pipeline.core.errors import RunError
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language_models.splits import Texts, joint_hash, song_hash, song_texts
from pipeline.runs.run import Run
from pipeline.training.evaluate import song_bits

DRAWS = 2000
_TOGETHER = 8  # songs scored between two words on how far it is
OnSong = Callable[[int, int], None]  # how many of how many are scored


@dataclass(frozen=True)
class Comparison:
    """`difference` is first - second in bits a character over all songs: below 0, `first` is better.

    songs: title, artist, characters, first, second, difference (bits a character), the largest gain of `first` on top.
    """

    first: str
    second: str
    songs: pd.DataFrame
    difference: float
    interval: Interval


def paired_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, characters: npt.ArrayLike, seed: int = 1, draws: int = DRAWS
) -> tuple[float, Interval]:
    """sum(first - second) / sum(characters), one entry a song, and its 95 % bootstrap interval over songs.

    Percentiles 2.5 and 97.5 of that ratio in `draws` samples of as many songs, drawn with replacement (Efron 1979).
    nan below three songs: they say nothing of other songs. With some twenty songs the interval is a little narrow.

    >>> paired_difference([30.0, 10.0], [20.0, 10.0], [10, 10])
    (0.5, Interval(low=nan, high=nan))
    """
    gap = np.asarray(first, float) - np.asarray(second, float)
    sizes = np.asarray(characters, float)
    estimate = float(gap.sum() / sizes.sum())
    n = len(gap)
    if n < 3:
        return estimate, Interval(float("nan"), float("nan"))
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)  # (draws, n)
    low, high = np.percentile((times @ gap) / (times @ sizes), [2.5, 97.5])
    return estimate, Interval(float(low), float(high))


class RunSongs(NamedTuple):
    """The texts that a run has seen (it learnt from them, or was chosen by them), and those that it is judged on."""

    seen: Texts
    test: Texts


def run_songs(run: Run, corpus: Corpus) -> RunSongs:
    """Return the songs of a run, from its corpus as it is prepared now.

    Raises RunError when these are not the songs that it was trained on.
    """
    about = run.config.get("corpus", {})
    years = about.get("years")
    part = corpus.where(artists=about.get("artists") or (), years=tuple(years) if years else None)
    texts = song_texts(part.where(languages=DEFAULT_LANGUAGES))
    hashes = [song_hash(text) for text in texts]
    if joint_hash(hashes) != about.get("songs"):
        raise RunError(
            "The songs of the corpus {corpus!r} are not those that {run!r} was trained on: train the run again.",
            corpus=corpus.name,
            run=run.name,
        )
    test = frozenset(about.get("test_songs", ()))
    sides = [[text for text, own in zip(texts, hashes, strict=True) if (own in test) is side] for side in (False, True)]
    return RunSongs(*map(tuple, sides))


def shared_songs(first: tuple[str, RunSongs], second: tuple[str, RunSongs]) -> list[str]:
    """Return the test songs of both runs, each (name, songs). Raises RunError when one has seen those of the other."""
    (one, a), (other, b) = first, second
    for name, songs, rival, theirs in ((one, a, other, b), (other, b, one, a)):
        if seen := set(songs.test) & set(theirs.seen):
            raise RunError(
                "{count} of the test songs of {name!r} are among the songs that {rival!r} learnt from, so the two "
                "cannot be compared fairly: take runs of one corpus with one split.",
                count=len(seen),
                name=name,
                rival=rival,
            )
    if not (common := [text for text in a.test if text in set(b.test)]):
        raise RunError(
            "{one!r} and {other!r} have no test song in common: take runs of one corpus.", one=one, other=other
        )
    return common


def compare(
    first: Run, second: Run, open_corpus: Callable[[str], Corpus], on_song: OnSong = lambda done, of: None
) -> Comparison:
    """Score both runs on the test songs that they share; nothing is learnt from these. Raises SeizeError."""
    corpora = {name: open_corpus(name) for name in dict.fromkeys(map(_corpus_name, (first, second)))}
    one, other = ((run.name, run_songs(run, corpora[_corpus_name(run)])) for run in (first, second))
    texts = shared_songs(one, other)
    bits = np.empty((2, len(texts)))
    for side, model in enumerate((first.text_model(), second.text_model())):
        for at in range(0, len(texts), _TOGETHER):
            part = slice(at, min(at + _TOGETHER, len(texts)))
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
            "The run {name!r} learnt from no prepared corpus, so it has no test songs: compare others.", name=run.name
        )
    return str(about["name"])
