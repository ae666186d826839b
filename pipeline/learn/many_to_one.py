"""A classifier of sections, many to one: after every word, the log-probability of each class of each label.

It starts as multinomial naive Bayes over the words of sections, which is its baseline as well.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, log_softmax
from pipeline.cells.cell import RecurrentLayer
from pipeline.cells.registry import CELLS
from pipeline.core.errors import SettingError
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import PAD, SPECIALS, UNK, Ids, Vocabulary
from pipeline.learn.architecture import (
    Architecture,
    FittedNetworks,
    OnStep,
    SavedArchitecture,
    Score,
    Weights,
    f1_score,
    macro_f1,
)
from pipeline.learn.labelled_songs import LabelledSection, SplitName, pad_rows, sections_by_split, word_vocabulary

MAX_WORDS = 80  # words of a section that are read
EncodedSections = Sequence[tuple[Ids, Mapping[str, int], int]]  # words, class of each label (-1: none), song


@dataclass(frozen=True)
class Classifier:
    """A classifier of words: the mean so far of GRU states and embeddings, then a kernel and bias for each label."""

    embedding: Array
    reader: RecurrentLayer
    heads: Mapping[str, Sequence[Array]]
    classes: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary

    def running_means(self, words: Ids) -> Array:
        """Return the mean so far of [h; x] (batch, T, units + E) after each of the words, int (batch, T)."""
        real = words.T != PAD  # (T, batch)
        x = self.embedding[words.T]
        hidden, _ = self.reader.run(self.reader.project(x), self.reader.initial_state(len(words)), real)
        both = np.concatenate([hidden, x], axis=2) * real[:, :, None]
        count = np.maximum(real.cumsum(0), 1)[:, :, None]
        return (both.cumsum(0) / count).swapaxes(0, 1)

    def log_p(self, words: Ids, label: str) -> Array:
        """Return the natural log of each class's probability after each word: (batch, T, classes)."""
        kernel, bias = self.heads[label]
        return log_softmax(self.running_means(words) @ kernel + bias, axis=2)

    def final_log_p(self, words: Ids, label: str) -> Array:
        """Return the natural log of each class's probability after the last word: (batch, classes)."""
        kernel, bias = self.heads[label]
        out = [
            log_softmax(self.running_means(words[at : at + 256])[:, -1] @ kernel + bias, axis=1)
            for at in range(0, len(words), 256)
        ]
        return np.concatenate(out)


def open_classifier(saved: SavedArchitecture, vocabulary: Vocabulary, prefix: str = "") -> Classifier:
    """Return the classifier that a run holds. Raise RunError when a part of it is missing."""
    classes = saved.training_notes["classes"]
    parts = {part: saved[prefix + part] for part in ("embedding", "reader", *classes)}
    return classifier_of(parts, classes, vocabulary)


def classifier_of(parts: Weights, classes: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Classifier:
    """Return the classifier with these weights: an embedding, a GRU, and a kernel and bias for each label."""
    names = {label: tuple(own) for label, own in classes.items()}
    reader = CELLS["gru"].layer.from_keras(*parts["reader"])
    return Classifier(parts["embedding"][0], reader, {label: parts[label] for label in names}, names, vocabulary)


def encode_sections(
    sections: Sequence[LabelledSection], vocabulary: Vocabulary, classes: Mapping[str, Sequence[str]]
) -> EncodedSections:
    """Return the word ids, the class of each label and the song of each section."""
    index = {label: {name: i for i, name in enumerate(names)} for label, names in classes.items()}
    return [
        (
            vocabulary.encode(section.words[:MAX_WORDS]),
            {label: index[label].get(getattr(section, label), -1) for label in classes},
            section.song,
        )
        for section in sections
    ]


_NAIVE_BAYES_SCALE = 20.0  # how many words' worth of log-odds a mean counts for at the start


def naive_bayes(train_rows: EncodedSections, test_rows: EncodedSections, label: str, classes: int, size: int) -> Ids:
    """Return the class of each test row by multinomial naive Bayes: argmax log p(class) + Σ log p(word | class)."""
    log_p, prior = log_likelihoods(train_rows, label, classes, size)
    scores = [prior + log_p[:, ids].sum(1) for ids, _, _ in test_rows]
    return np.argmax(scores, axis=1)


def log_likelihoods(
    rows: EncodedSections, label: str, classes: int, size: int, alpha: float = 0.3
) -> tuple[Array, Array]:
    """Return log p(word | class) (classes, V), smoothed by `alpha`, 0 for `<pad>` and `<unk>`; and log p(class)."""
    counts, prior = np.full((classes, size), alpha), np.ones(classes)
    for ids, labels, _ in rows:
        np.add.at(counts[labels[label]], ids[ids > UNK], 1)
        prior[labels[label]] += 1
    log_p = np.log(counts / counts.sum(1, keepdims=True))
    log_p[:, : UNK + 1] = 0
    return log_p, np.log(prior / prior.sum())


def start_from_naive_bayes(network: Any, rows: EncodedSections, sizes: Mapping[str, int], vocabulary_size: int) -> None:
    """Give each class a dimension of the embedding: a word's log-odds log p(w | class) − mean over the classes.

    With so few songs a network that starts from nothing learns them by heart first (measured: macro-F1 of voices 0.06).
    So its bag of words starts as naive Bayes (Wang & Manning 2012), and training adds what the order of words tells.
    """
    embedding = network.get_layer("embedding").get_weights()[0]
    at, units = 0, network.get_layer("reader").units
    for label, classes in sizes.items():
        odds, _ = log_likelihoods([row for row in rows if row[1][label] >= 0], label, classes, vocabulary_size)
        embedding[:, at : at + classes] = (odds - odds.mean(0)).T
        head = network.get_layer(label)
        kernel, bias = head.get_weights()
        kernel[:] *= 0.1
        kernel[units + at : units + at + classes] = _NAIVE_BAYES_SCALE * np.eye(classes)
        head.set_weights([kernel, bias])
        at += classes
    network.get_layer("embedding").set_weights([embedding])


if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples, OnStep

_KINDS = ("couplet", "refrain", "intro", "outro")  # the other three are too rare to learn


def train_classifier(
    train_on: Sequence[LabelledSection],
    validation: Sequence[LabelledSection],
    labels: Collection[str],
    minutes: float,
    on_step: "OnStep",
) -> tuple[Vocabulary, dict[str, list[str]], dict[str, list[Array]], pd.DataFrame]:
    """Train a classifier of sections; return its vocabulary, classes, weights and the history of its training."""
    from pipeline.learn.keras_fit import fit, layer_weights
    from pipeline.networks.teaching_networks import ClassifierSpec, classifier

    vocabulary = word_vocabulary([s.words for s in train_on], limit=6000)
    seen = {label: sorted({getattr(s, label) for s in train_on}) for label in labels}
    classes = {label: [n for n in names if label != "kind" or n in _KINDS] for label, names in seen.items()}
    sizes = {label: len(names) for label, names in classes.items()}
    spec = ClassifierSpec(vocabulary_size=len(vocabulary), embedding=64, units=64, dropout=0.5, labels=sizes)
    network = classifier(spec)
    rows = [encode_sections(part, vocabulary, classes) for part in (train_on, validation)]
    start_from_naive_bayes(network, rows[0], sizes, len(vocabulary))
    examples = [_examples(part) for part in rows]

    def quality(network: Any) -> float:
        """Return the mean macro-F1 on validation: the loss starts to rise long before the classes get worse."""
        model = classifier_of(layer_weights(network), classes, vocabulary)
        return float(np.mean([_f1(model, label, rows[1]) for label in classes]))

    history = fit(
        network, *examples, minutes=minutes, on_step=on_step, batch=32, patience=4, learning_rate=1e-3, quality=quality
    )
    return vocabulary, classes, layer_weights(network), history


def _examples(rows: EncodedSections) -> "Examples":
    """Return the rows as examples of which every step t is a target with weight t / (1 + … + T)."""
    from pipeline.learn.keras_fit import Examples

    words = pad_rows([ids for ids, _, _ in rows], MAX_WORDS)
    real = (words != PAD) * np.arange(1, MAX_WORDS + 1)
    share = (real / real.sum(1, keepdims=True)).astype(np.float32)
    y, weights = {}, {}
    for label in rows[0][1]:
        classes = np.array([labels[label] for _, labels, _ in rows], np.int32)
        y[label] = np.repeat(np.maximum(classes, 0)[:, None], MAX_WORDS, 1)
        weights[label] = share * (classes >= 0)[:, None]
    return Examples(words, y, weights)


def _f1(model: Classifier, label: str, rows: EncodedSections) -> float:
    rows = [row for row in rows if row[1][label] >= 0]
    guess = model.final_log_p(pad_rows([row[0] for row in rows], MAX_WORDS), label).argmax(1)
    return macro_f1(np.array([row[1][label] for row in rows]), guess, len(model.classes[label]))


SectionsBySplit = Mapping[SplitName, list[LabelledSection]]
LABELS = ("voice", "kind", "decade")
_LINE = SPECIALS[2]


@dataclass(frozen=True)
class TrainedClassifier(Classifier):
    """The classifier of the run `learn-many-to-one`, with its scores on the test songs."""

    saved: SavedArchitecture


def class_probabilities_by_word(model: Classifier, text: str, label: str) -> pd.DataFrame:
    """Return a row for each word: column `word`, then the probability of each class once it was read.

    Raise SettingError when the text has no word.
    """
    words, ids = _encode_text(model, text, label)
    p = np.exp(model.log_p(ids[None], label)[0])
    return pd.concat([pd.DataFrame({"word": words}), pd.DataFrame(p, columns=list(model.classes[label]))], axis=1)


def _encode_text(model: Classifier, text: str, label: str) -> tuple[list[str], Ids]:
    """Return the words of a text and their ids. Raise SettingError for an unknown label or a text without words."""
    if label not in model.classes:
        raise SettingError(
            "Unknown label {label!r}: choose one of {known}.", label=label, known=", ".join(model.classes)
        )
    words = [word for line in text.splitlines() if line.strip() for word in (*tokenise(line), _LINE)][:MAX_WORDS]
    if not any(word != _LINE for word in words):
        raise SettingError("There is no word to read: write a line.")
    return words, model.vocabulary.encode(words)


def _fit(sections: SectionsBySplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train on the training songs, stop by the validation songs."""
    vocabulary, classes, weights, history = train_classifier(
        sections["train"], sections["valid"], LABELS, minutes, on_step
    )
    return FittedNetworks(vocabulary, weights, history, {"classes": classes})


def _score(model: TrainedClassifier, sections: SectionsBySplit) -> tuple[list[Score], dict[str, Any]]:
    train_rows, test_rows = (
        encode_sections(sections[side], model.vocabulary, model.classes) for side in ("train", "test")
    )
    return [score for label in LABELS for score in _f1_scores(model, label, train_rows, test_rows)], {}


def _f1_scores(model: Classifier, label: str, train_rows: EncodedSections, test_rows: EncodedSections) -> list[Score]:
    """Return the macro-F1 of a label beside that of naive Bayes and of the majority class."""
    train_rows, test_rows = ([row for row in rows if row[1][label] >= 0] for rows in (train_rows, test_rows))
    true, songs = np.array([row[1][label] for row in test_rows]), [row[2] for row in test_rows]
    predicted = model.final_log_p(pad_rows([row[0] for row in test_rows], MAX_WORDS), label).argmax(1)
    classes = len(model.classes[label])
    bayes = naive_bayes(train_rows, test_rows, label, classes, len(model.vocabulary))
    majority = np.full(len(true), np.bincount([row[1][label] for row in train_rows]).argmax())
    baselines: dict[str, Any] = {"naive Bayes": bayes, "majority": majority}
    return [f1_score(f"{label}: macro-F1", songs, true, predicted, name, b) for name, b in baselines.items()]


MANY_TO_ONE_ARCHITECTURE = Architecture(
    name="many-to-one", task="A section of a song -> its voice, its kind, its decade.",
    data=lambda open_corpus: sections_by_split(open_corpus()), fit=_fit,
    open=lambda saved: TrainedClassifier(**vars(open_classifier(saved, saved.vocabulary)), saved=saved), score=_score,
)  # fmt: skip
