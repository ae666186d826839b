"""The classic RNN: read a character, guess the next. RNN, LSTM and GRU with equally many parameters, and n-grams.

All learn from the same songs, and say how many bits each character of a new song costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, softmax
from pipeline.cells.network import Network, NetworkSpec, network_from_weights
from pipeline.core.errors import Sentence, SettingError
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.kneser_ney import KneserNey, train_kneser_ney
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.splits import song_texts
from pipeline.language_models.units import CHARACTERS, encode
from pipeline.learn.architecture import Saved, open_saved, save
from pipeline.learn.scores import Score, mean_score
from pipeline.learn.songs import song_sides
from pipeline.runs.draft import round_weights

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import OnStep

# With an embedding of 24 and 112 characters each holds about 60,000 numbers.
UNITS = {"rnn": 180, "lstm": 96, "gru": 110}
_EMBEDDING = 24
_ORDERS = (1, 3, 5)
_LONGEST = 2000  # characters that a figure reads


@dataclass(frozen=True)
class Classic:
    """A network a cell, and the n-gram of order 5 of the same songs."""

    networks: Mapping[str, Network]
    ngram: KneserNey
    vocabulary: Vocabulary
    saved: Saved


def load() -> Classic:
    """Raises RunError when it has not been trained or is damaged."""
    saved = open_saved("classic")
    networks = _networks(saved.notes["specs"], saved.parts)
    return Classic(networks, KneserNey.from_arrays(saved.run.arrays("ngrams.npz")), saved.vocabulary, saved)


def surprisal(model: Classic, text: str) -> pd.DataFrame:
    """Columns position, character, rnn, lstm, gru, ngram: the bits that each character of a text costs each model."""
    ids = _read(model, text)
    bits = {cell: NetworkModel(network).score([ids])[0] for cell, network in model.networks.items()}
    bits["ngram"] = model.ngram.score([ids])[0]
    columns = {name: -scores[:-1] / np.log(2) for name, scores in bits.items()}
    return pd.DataFrame({"position": np.arange(len(ids)), "character": list(text[: len(ids)]), **columns})


def guesses(model: Classic, cell: str, text: str, k: int = 5) -> pd.DataFrame:
    """The k likeliest characters before each one is read: columns position, rank, character, probability."""
    ids = _read(model, text)
    logits, _ = model.networks[cell].run(np.append(np.int32(SONG), ids[:-1])[None])
    p = softmax(logits[0].astype(float), axis=1)  # (T, V)
    best = np.argsort(-p, axis=1)[:, :k]
    position, rank = np.indices(best.shape)
    characters = np.array(model.vocabulary.index2word)[best]
    values = np.take_along_axis(p, best, 1)
    columns: dict[str, Any] = {"position": position, "rank": rank + 1, "character": characters, "probability": values}
    return pd.DataFrame({name: array.ravel() for name, array in columns.items()})


def parameters(model: Classic) -> dict[str, int]:
    """How many numbers each network holds."""
    return {
        cell: sum(array.size for part, arrays in model.saved.parts.items() if part == cell for array in arrays)
        for cell in model.networks
    }


def train(corpus: Corpus, minutes: float, on_step: "OnStep") -> Saved:
    """Train the three networks, a third of the time each, and score them on the test songs."""
    sides, texts = song_sides(corpus), dict(zip(corpus.songs.index, song_texts(corpus), strict=True))
    parts = {side: [texts[song] for song in texts if sides[song] == side] for side in ("train", "valid", "test")}
    vocabulary = CHARACTERS.vocabulary(parts["train"])
    ids = {side: [encode(text, vocabulary) for text in part] for side, part in parts.items()}
    weights, histories = {}, []
    for number, cell in enumerate(UNITS):
        arrays, history = _fit(cell, ids, vocabulary, minutes / 3, on_step, number)
        weights[cell] = arrays
        histories.append(history.assign(network=cell))
    ngrams = {order: train_kneser_ney(ids["train"], len(vocabulary), order) for order in _ORDERS}
    songs = [song for song in texts if sides[song] == "test"]
    notes = {"specs": {cell: _spec(cell, len(vocabulary)).to_json() for cell in UNITS}}
    task, history = "The next character: RNN, LSTM, GRU with equally many parameters.", pd.concat(histories)
    files = {"ngrams.npz": ngrams[5].to_arrays()}
    networks = _networks(notes["specs"], {cell: round_weights(arrays) for cell, arrays in weights.items()})
    scores = _score(networks, ngrams, ids["test"], songs)
    return save("classic", vocabulary, weights, scores, notes, history, task, arrays=files)


def _fit(
    cell: str, ids: Mapping[str, list[Ids]], vocabulary: Vocabulary, minutes: float, on_step: "OnStep", number: int
) -> tuple[list[Array], pd.DataFrame]:
    """The trainer of the language models, with a small network."""
    from pipeline.training.fit import fit
    from pipeline.training.settings import Progress, TrainSettings

    settings = TrainSettings(name=cell, cell=cell, minutes=minutes, validations=10, learning_rate=1.5e-2)

    def report(progress: Progress, _: object) -> None:
        if progress.valid_bits is not None:
            figures = {"train_loss": progress.train_bits, "valid_loss": progress.valid_bits, "epoch": progress.epoch}
            share = (number + progress.seconds / (60 * minutes)) / len(UNITS)
            on_step(min(1.0, share), Sentence("{network}, {message}", network=cell, message=progress.line()), figures)

    fitted = fit(
        _spec(cell, len(vocabulary)),
        lambda _: ids["train"],
        ids["valid"],
        settings.complete(),
        on_progress=report,
        on_checkpoint=lambda checkpoint: None,
    )
    return fitted.model.get_weights(), pd.DataFrame(fitted.position.history)


def _spec(cell: str, vocabulary_size: int) -> NetworkSpec:
    return NetworkSpec(
        cell=cell,
        units=UNITS[cell],
        layers=1,
        embedding=_EMBEDDING,
        tied=False,
        vocabulary_size=vocabulary_size,
    )


def _networks(specs: Mapping[str, Any], weights: Mapping[str, list[Array]]) -> dict[str, Network]:
    return {cell: network_from_weights(NetworkSpec.from_json(spec), weights[cell]) for cell, spec in specs.items()}


def _score(
    networks: Mapping[str, Network], ngrams: Mapping[int, KneserNey], test: list[Ids], songs: list[int]
) -> list[Score]:
    """Bits a character of each cell beside each n-gram's, on the same characters."""

    def bits(scores: list[Any]) -> Array:
        return np.array([-score.mean() / np.log(2) for score in scores])

    counts = np.array([len(song) + 1 for song in test])
    baselines = {"unigram" if n == 1 else f"{n}-gram": bits(ngram.score(test)) for n, ngram in ngrams.items()}
    return [
        mean_score(f"{cell}: bits a character", songs, bits(NetworkModel(network).score(test)), name, base, counts)
        for cell, network in networks.items()
        for name, base in baselines.items()
    ]


def _read(model: Classic, text: str) -> Ids:
    if not text:
        raise SettingError("There is nothing to read: write a line.")
    return encode(text[:_LONGEST], model.vocabulary)
