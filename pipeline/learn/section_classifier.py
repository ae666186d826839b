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
from pipeline.language.vocabulary import PAD, UNK, Ids, Vocabulary
from pipeline.learn.architecture import Saved, Weights
from pipeline.learn.labelled_songs import LabelledSection, pad_rows, word_vocabulary
from pipeline.learn.scores import macro_f1

LONGEST = 80  # words of a section that are read
Rows = Sequence[tuple[Ids, Mapping[str, int], int]]  # words, class of each label (-1: none), song


@dataclass(frozen=True)
class Classifier:
    """embedding (V, E); the reader's states and the embeddings are averaged so far; one head (kernel, bias) a label."""

    embedding: Array
    reader: RecurrentLayer
    heads: Mapping[str, Sequence[Array]]
    classes: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary

    def means(self, words: Ids) -> Array:
        """words int (batch, T) -> the mean so far of [h; x] (batch, T, units + E)."""
        real = words.T != PAD  # (T, batch)
        x = self.embedding[words.T]
        hidden, _ = self.reader.run(self.reader.project(x), self.reader.initial_state(len(words)), real)
        both = np.concatenate([hidden, x], axis=2) * real[:, :, None]
        count = np.maximum(real.cumsum(0), 1)[:, :, None]
        return (both.cumsum(0) / count).swapaxes(0, 1)

    def log_p(self, words: Ids, label: str) -> Array:
        """Natural log of each class's probability after each word: (batch, T, classes)."""
        kernel, bias = self.heads[label]
        return log_softmax(self.means(words) @ kernel + bias, axis=2)

    def final(self, words: Ids, label: str) -> Array:
        """The same after the last word: (batch, classes)."""
        kernel, bias = self.heads[label]
        out = [
            log_softmax(self.means(words[at : at + 256])[:, -1] @ kernel + bias, axis=1)
            for at in range(0, len(words), 256)
        ]
        return np.concatenate(out)


def open_classifier(saved: Saved, vocabulary: Vocabulary, prefix: str = "") -> Classifier:
    """The classifier among the parts of a run. Raises RunError when one is missing."""
    classes = saved.notes["classes"]
    parts = {part: saved[prefix + part] for part in ("embedding", "reader", *classes)}
    return classifier_of(parts, classes, vocabulary)


def classifier_of(parts: Weights, classes: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Classifier:
    """The classifier with these parts: embedding, reader, and a head for each label."""
    names = {label: tuple(own) for label, own in classes.items()}
    reader = CELLS["gru"].layer.from_keras(*parts["reader"])
    return Classifier(parts["embedding"][0], reader, {label: parts[label] for label in names}, names, vocabulary)


def encode(sections: Sequence[LabelledSection], vocabulary: Vocabulary, classes: Mapping[str, Sequence[str]]) -> Rows:
    """Ids, classes and song of each section."""
    index = {label: {name: i for i, name in enumerate(names)} for label, names in classes.items()}
    return [
        (
            vocabulary.encode(section.words[:LONGEST]),
            {label: index[label].get(getattr(section, label), -1) for label in classes},
            section.song,
        )
        for section in sections
    ]


_EVIDENCE = 20.0  # how many words' worth of log-odds a mean counts for at the start


def naive_bayes(train_rows: Rows, test_rows: Rows, label: str, classes: int, size: int) -> Ids:
    """Multinomial naive Bayes on the same ids: argmax log p(class) + Σ log p(word | class)."""
    log_p, prior = log_odds(train_rows, label, classes, size)
    scores = [prior + log_p[:, ids].sum(1) for ids, _, _ in test_rows]
    return np.argmax(scores, axis=1)


def log_odds(rows: Rows, label: str, classes: int, size: int, alpha: float = 0.3) -> tuple[Array, Array]:
    """log p(word | class) (classes, V) with counts + α (Lidstone), 0 for `<pad>` and `<unk>`; log p(class)."""
    counts, prior = np.full((classes, size), alpha), np.ones(classes)
    for ids, labels, _ in rows:
        np.add.at(counts[labels[label]], ids[ids > UNK], 1)
        prior[labels[label]] += 1
    log_p = np.log(counts / counts.sum(1, keepdims=True))
    log_p[:, : UNK + 1] = 0
    return log_p, np.log(prior / prior.sum())


def start_from_naive_bayes(network: Any, rows: Rows, sizes: Mapping[str, int], vocabulary_size: int) -> None:
    """Give each class a dimension of the embedding: a word's log-odds log p(w | class) − mean over the classes.

    With so few songs a network that starts from nothing learns them by heart first (measured: macro-F1 of voices 0.06).
    So its bag of words starts as naive Bayes (Wang & Manning 2012), and training adds what the order of words tells.
    """
    embedding = network.get_layer("embedding").get_weights()[0]
    at, units = 0, network.get_layer("reader").units
    for label, classes in sizes.items():
        odds, _ = log_odds([row for row in rows if row[1][label] >= 0], label, classes, vocabulary_size)
        embedding[:, at : at + classes] = (odds - odds.mean(0)).T
        head = network.get_layer(label)
        kernel, bias = head.get_weights()
        kernel[:] *= 0.1
        kernel[units + at : units + at + classes] = _EVIDENCE * np.eye(classes)
        head.set_weights([kernel, bias])
        at += classes
    network.get_layer("embedding").set_weights([embedding])


if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples, OnStep

_KINDS = ("couplet", "refrain", "intro", "outro")  # the other three are too rare to learn


def train_classifier(
    train_on: Sequence[LabelledSection],
    stop_by: Sequence[LabelledSection],
    labels: Collection[str],
    minutes: float,
    on_step: "OnStep",
    seed: int = 1,
) -> tuple[Vocabulary, dict[str, list[str]], dict[str, list[Array]], pd.DataFrame]:
    """Vocabulary, classes, weights and history of a classifier of these sections."""
    from pipeline.learn.keras_fit import fit, layer_weights
    from pipeline.networks.teaching_networks import ClassifierSpec, classifier

    vocabulary = word_vocabulary([s.words for s in train_on], limit=6000)
    seen = {label: sorted({getattr(s, label) for s in train_on}) for label in labels}
    classes = {label: [n for n in names if label != "kind" or n in _KINDS] for label, names in seen.items()}
    sizes = {label: len(names) for label, names in classes.items()}
    spec = ClassifierSpec(vocabulary_size=len(vocabulary), embedding=64, units=64, dropout=0.5, labels=sizes)
    network = classifier(spec, seed)
    rows = [encode(part, vocabulary, classes) for part in (train_on, stop_by)]
    start_from_naive_bayes(network, rows[0], sizes, len(vocabulary))
    examples = [_examples(part) for part in rows]

    def quality(network: Any) -> float:
        """Mean macro-F1 on validation: the loss starts to rise long before the classes get worse."""
        model = classifier_of(layer_weights(network), classes, vocabulary)
        return float(np.mean([_f1(model, label, rows[1]) for label in classes]))

    history = fit(
        network, *examples, minutes=minutes, on_step=on_step, batch=32, patience=4, learning_rate=1e-3, quality=quality
    )
    return vocabulary, classes, layer_weights(network), history


def _examples(rows: Rows) -> "Examples":
    """Every step is a target, later ones weigh more: t / (1 + ... + T)."""
    from pipeline.learn.keras_fit import Examples

    words = pad_rows([ids for ids, _, _ in rows], LONGEST)
    real = (words != PAD) * np.arange(1, LONGEST + 1)
    share = (real / real.sum(1, keepdims=True)).astype(np.float32)
    y, weights = {}, {}
    for label in rows[0][1]:
        classes = np.array([labels[label] for _, labels, _ in rows], np.int32)
        y[label] = np.repeat(np.maximum(classes, 0)[:, None], LONGEST, 1)
        weights[label] = share * (classes >= 0)[:, None]
    return Examples(words, y, weights)


def _f1(model: Classifier, label: str, rows: Rows) -> float:
    rows = [row for row in rows if row[1][label] >= 0]
    guess = model.final(pad_rows([row[0] for row in rows], LONGEST), label).argmax(1)
    return macro_f1(np.array([row[1][label] for row in rows]), guess, len(model.classes[label]))
