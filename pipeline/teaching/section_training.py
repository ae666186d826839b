"""Training a classifier of sections: its vocabulary and classes, what it starts from, when it stops."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.language.vocabulary import PAD, Vocabulary
from pipeline.teaching.labelled_songs import LabelledSection, pad_rows, word_vocabulary
from pipeline.teaching.naive_bayes import start_from_naive_bayes
from pipeline.teaching.scores import macro_f1
from pipeline.teaching.section_classifier import LONGEST, Classifier, Rows, classifier_of, encode

if TYPE_CHECKING:
    from pipeline.teaching.teaching_fit import Examples, OnStep

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
    from pipeline.networks.teaching_networks import ClassifierSpec, classifier
    from pipeline.teaching.teaching_fit import fit, layer_weights

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
    from pipeline.teaching.teaching_fit import Examples

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
