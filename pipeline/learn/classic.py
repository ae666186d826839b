"""The classic RNN: read a character, guess the next. RNN, LSTM and GRU with equally many parameters, and n-grams.

All learn from the same songs, and say how many bits each character of a new song costs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, softmax
from pipeline.cells.replay import Network, NetworkSpec, network_from_weights
from pipeline.core.errors import Sentence, SettingError
from pipeline.corpus.table import Corpus
from pipeline.language.vocabulary import SONG, Ids, Vocabulary
from pipeline.language_models.kneser_ney import KneserNey, train_kneser_ney
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.splits import song_texts
from pipeline.language_models.units import CHARACTERS, encode_text
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, SavedArchitecture, Score, mean_score
from pipeline.learn.labelled_songs import SPLIT_NAMES, SplitName, song_splits

# With an embedding of 24 and 112 characters each holds about 60,000 numbers.
UNITS_BY_CELL = {"rnn": 180, "lstm": 96, "gru": 110}
_EMBEDDING = 24
_ORDERS = (1, 3, 5)
_MAX_TEXT_CHARACTERS = 2000  # characters that a figure reads


@dataclass(frozen=True)
class CharacterModels:
    """Three character networks, one for each cell, and an n-gram model of order 5 trained on the same songs."""

    networks: Mapping[str, Network]
    ngram: KneserNey
    vocabulary: Vocabulary
    saved: SavedArchitecture


def _open_character_models(saved: SavedArchitecture) -> CharacterModels:
    specs = {cell: NetworkSpec.from_json(spec) for cell, spec in saved.training_notes["specs"].items()}
    networks = {cell: network_from_weights(spec, saved.parts[cell]) for cell, spec in specs.items()}
    return CharacterModels(networks, KneserNey.from_arrays(saved.run.read_npz("ngrams.npz")), saved.vocabulary, saved)


def surprisal_by_model(model: CharacterModels, text: str) -> pd.DataFrame:
    """Return the bits that each character of a text costs each model: columns position, character, rnn, lstm, gru,
    ngram."""
    ids = _encode_line(model, text)
    bits = {cell: NetworkModel(network).score([ids])[0] for cell, network in model.networks.items()}
    bits["ngram"] = model.ngram.score([ids])[0]
    columns = {name: -scores[:-1] / np.log(2) for name, scores in bits.items()}
    return pd.DataFrame({"position": np.arange(len(ids)), "character": list(text[: len(ids)]), **columns})


def likeliest_characters(model: CharacterModels, cell: str, text: str, k: int = 5) -> pd.DataFrame:
    """Return the k likeliest characters before each one is read: columns position, rank, character, probability."""
    ids = _encode_line(model, text)
    logits, _ = model.networks[cell].run(np.append(np.int32(SONG), ids[:-1])[None])
    p = softmax(logits[0].astype(float), axis=1)  # (T, V)
    best = np.argsort(-p, axis=1)[:, :k]
    position, rank = np.indices(best.shape)
    characters = np.array(model.vocabulary.index2word)[best]
    values = np.take_along_axis(p, best, 1)
    columns: dict[str, Any] = {"position": position, "rank": rank + 1, "character": characters, "probability": values}
    return pd.DataFrame({name: array.ravel() for name, array in columns.items()})


def parameter_counts(model: CharacterModels) -> dict[str, int]:
    """Return how many numbers each network holds."""
    return {
        cell: sum(array.size for part, arrays in model.saved.parts.items() if part == cell for array in arrays)
        for cell in model.networks
    }


@dataclass(frozen=True)
class EncodedSongs:
    """The songs of each split as ids of one vocabulary, and the song ids of the test split."""

    vocabulary: Vocabulary
    ids: Mapping[SplitName, list[Ids]]
    test_songs: list[int]


def _encode_songs(open_corpus: Callable[[], Corpus]) -> EncodedSongs:
    """Split the songs of a corpus, and encode their characters with the vocabulary of the training songs."""
    corpus = open_corpus()
    sides, texts = song_splits(corpus), dict(zip(corpus.songs.index, song_texts(corpus), strict=True))
    parts = {side: [texts[song] for song in texts if sides[song] == side] for side in SPLIT_NAMES}
    vocabulary = CHARACTERS.vocabulary(parts["train"])
    ids = {side: [encode_text(text, vocabulary) for text in part] for side, part in parts.items()}
    return EncodedSongs(vocabulary, ids, [song for song in texts if sides[song] == "test"])


def _fit(texts: EncodedSongs, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train the three networks, a third of the time each."""
    weights, histories, size = {}, [], len(texts.vocabulary)
    for number, cell in enumerate(UNITS_BY_CELL):
        weights[cell], history = _fit_cell(cell, texts.ids, size, minutes / 3, on_step, number)
        histories.append(history.assign(network=cell))
    notes = {"specs": {cell: _spec(cell, size).to_json() for cell in UNITS_BY_CELL}}
    ngrams = train_kneser_ney(texts.ids["train"], size, _ORDERS[-1])
    files = {"ngrams.npz": ngrams.to_arrays()}
    return FittedNetworks(texts.vocabulary, weights, pd.concat(histories), notes, arrays=files)


def _fit_cell(
    cell: str, ids: Mapping[SplitName, list[Ids]], vocabulary_size: int, minutes: float, on_step: OnStep, number: int
) -> tuple[list[Array], pd.DataFrame]:
    """Train one cell as a small language model; return its weights and the history of the training."""
    from pipeline.training.fit import fit
    from pipeline.training.settings import TrainingProgress, TrainSettings

    settings = TrainSettings(name=cell, cell=cell, minutes=minutes, validations=10, learning_rate=1.5e-2)

    def report_progress(progress: TrainingProgress, _: object) -> None:
        if progress.valid_bits is not None:
            figures = {"train_loss": progress.train_bits, "valid_loss": progress.valid_bits, "epoch": progress.epoch}
            share = (number + progress.seconds / (60 * minutes)) / len(UNITS_BY_CELL)
            on_step(
                min(1.0, share),
                Sentence("{network}, {message}", network=cell, message=progress.terminal_line()),
                figures,
            )

    fitted = fit(
        _spec(cell, vocabulary_size),
        lambda _: ids["train"],
        ids["valid"],
        settings.with_defaults(),
        on_progress=report_progress,
        on_checkpoint=lambda checkpoint: None,
    )
    return fitted.model.get_weights(), pd.DataFrame(fitted.position.history)


def _spec(cell: str, vocabulary_size: int) -> NetworkSpec:
    return NetworkSpec(
        cell=cell,
        units=UNITS_BY_CELL[cell],
        layers=1,
        embedding=_EMBEDDING,
        tied=False,
        vocabulary_size=vocabulary_size,
    )


def _score(model: CharacterModels, texts: EncodedSongs) -> tuple[list[Score], dict[str, Any]]:
    """Return a score for each pair of cell and n-gram order: their bits per character on the test songs."""
    train, test = texts.ids["train"], texts.ids["test"]
    ngrams = {order: train_kneser_ney(train, len(model.vocabulary), order) for order in _ORDERS[:-1]}
    ngrams[model.ngram.order] = model.ngram

    def bits(scores: list[Any]) -> Array:
        return np.array([-score.mean() / np.log(2) for score in scores])

    counts = np.array([len(song) + 1 for song in test])
    baselines = {"unigram" if n == 1 else f"{n}-gram": bits(ngram.score(test)) for n, ngram in ngrams.items()}
    scores = [
        mean_score(
            f"{cell}: bits a character", texts.test_songs, bits(NetworkModel(network).score(test)), name, base, counts
        )
        for cell, network in model.networks.items()
        for name, base in baselines.items()
    ]
    return scores, {}


def _encode_line(model: CharacterModels, text: str) -> Ids:
    if not text:
        raise SettingError("There is nothing to read: write a line.")
    return encode_text(text[:_MAX_TEXT_CHARACTERS], model.vocabulary)


CLASSIC_ARCHITECTURE = Architecture(
    name="classic", task="The next character: RNN, LSTM, GRU with equally many parameters.", data=_encode_songs,
    fit=_fit, open=_open_character_models, score=_score,
)  # fmt: skip
