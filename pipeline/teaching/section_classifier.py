"""A classifier of sections, many to one: after every word, the log-probability of each class of each label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.cells.activations import Array, log_softmax
from pipeline.cells.cell import RecurrentLayer
from pipeline.cells.registry import CELLS
from pipeline.language.vocabulary import PAD, Ids, Vocabulary
from pipeline.teaching.labelled_songs import LabelledSection
from pipeline.teaching.saved import Saved, Weights

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
