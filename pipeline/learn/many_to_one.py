"""Many-to-one: a section -> its voice, its kind, its decade; what is believed after each word, and which words said so.

Against the majority and multinomial naive Bayes on the same songs. All sections of a song are on one side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cells.bptt import hidden_states
from pipeline.cells.registry import CELLS
from pipeline.core.errors import SettingError
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SPECIALS, Ids
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, Saved
from pipeline.learn.labelled_songs import LabelledSection, Side, pad_rows, sections_by_side
from pipeline.learn.scores import Score, f1_score
from pipeline.learn.section_classifier import (
    LONGEST,
    Classifier,
    Rows,
    encode,
    naive_bayes,
    open_classifier,
    train_classifier,
)

Sections = Mapping[Side, list[LabelledSection]]
LABELS = ("voice", "kind", "decade")
_LINE = SPECIALS[2]


@dataclass(frozen=True)
class TrainedClassifier(Classifier):
    """The classifier of the run `learn-many-to-one`, with what was noted of it on the test songs."""

    saved: Saved


def _open(saved: Saved) -> TrainedClassifier:
    return TrainedClassifier(**vars(open_classifier(saved, saved.vocabulary)), saved=saved)


def after_each_word(model: Classifier, text: str, label: str) -> pd.DataFrame:
    """Column `word`, then one a class with its probability once that word was read. Raises SettingError if empty."""
    words, ids = _read(model, text, label)
    p = np.exp(model.log_p(ids[None], label)[0])
    return pd.concat([pd.DataFrame({"word": words}), pd.DataFrame(p, columns=list(model.classes[label]))], axis=1)


def evidence(model: Classifier, text: str, label: str, chosen: str | None = None) -> pd.DataFrame:
    """Columns word, gradient ‖∂z/∂x⟨t⟩‖₂ and push x⟨t⟩·∂z/∂x⟨t⟩: z is the last logit of `chosen` (default: the winner).

    A positive push spoke for the class. Computed by the cells' own way back.
    """
    words, ids = _read(model, text, label)
    kernel, _ = model.heads[label]
    names = model.classes[label]
    winner = int(model.final(ids[None], label)[0].argmax()) if chosen is None else names.index(chosen)
    x = model.embedding[ids].astype(float)  # (T, E)
    zero = np.zeros((model.reader.units, 1))
    _, caches = hidden_states(
        model.reader.cell, {**model.reader.parameters(), "x": x.T[:, None], "a0": zero, "c0": zero}
    )
    from_states, from_words = np.split(kernel[:, winner].astype(float) / len(ids), [model.reader.units])
    da = np.repeat(from_states[:, None, None], len(ids), axis=2)  # each state speaks through the mean
    dx = CELLS[model.reader.cell].backward(da, caches)["dx"][:, 0].T + from_words  # (T, E)
    return pd.DataFrame({"word": words, "gradient": np.linalg.norm(dx, axis=1), "push": (x * dx).sum(1)})


def confusion(model: TrainedClassifier, label: str) -> pd.DataFrame:
    """Counts on the test songs: rows are true classes, columns predicted ones."""
    names = list(model.classes[label])
    return pd.DataFrame(model.saved.notes["confusion"][label], index=names, columns=names)


def curve(model: TrainedClassifier) -> pd.DataFrame:
    """Accuracy on the test songs by how many words were read: columns label, words, accuracy."""
    return pd.DataFrame(model.saved.notes["curve"])


def _read(model: Classifier, text: str, label: str) -> tuple[list[str], Ids]:
    if label not in model.classes:
        raise SettingError("Unknown label {label!r}: take one of {known}.", label=label, known=", ".join(model.classes))
    words = [word for line in text.splitlines() if line.strip() for word in (*tokenise(line), _LINE)][:LONGEST]
    if not any(word != _LINE for word in words):
        raise SettingError("There is no word to read: write a line.")
    return words, model.vocabulary.encode(words)


def _fit(sections: Sections, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train on the training songs, stop by the validation songs."""
    vocabulary, classes, weights, history = train_classifier(
        sections["train"], sections["valid"], LABELS, minutes, on_step
    )
    return FittedNetworks(vocabulary, weights, history, {"classes": classes})


def _score(model: TrainedClassifier, sections: Sections) -> tuple[list[Score], dict[str, Any]]:
    train_rows, test_rows = (encode(sections[side], model.vocabulary, model.classes) for side in ("train", "test"))
    scores: list[Score] = []
    notes: dict[str, Any] = {"confusion": {}, "curve": []}
    for label in LABELS:
        of_label, notes["confusion"][label], points = _score_label(model, label, train_rows, test_rows)
        scores += of_label
        notes["curve"] += points
    return scores, notes


def _score_label(
    model: Classifier, label: str, train_rows: Rows, test_rows: Rows
) -> tuple[list[Score], list[list[int]], list[dict[str, Any]]]:
    """Macro-F1 against naive Bayes and against the majority, the confusion matrix, accuracy by words read."""
    train_rows, test_rows = ([row for row in rows if row[1][label] >= 0] for rows in (train_rows, test_rows))
    true, songs = np.array([row[1][label] for row in test_rows]), [row[2] for row in test_rows]
    log_p = np.concatenate(
        [
            model.log_p(pad_rows([row[0] for row in test_rows[at : at + 128]], LONGEST), label)
            for at in range(0, len(test_rows), 128)
        ]
    )
    predicted = log_p[:, -1].argmax(1)
    classes = len(model.classes[label])
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (true, predicted), 1)
    bayes = naive_bayes(train_rows, test_rows, label, classes, len(model.vocabulary))
    majority = np.full(len(true), np.bincount([row[1][label] for row in train_rows]).argmax())
    baselines: dict[str, Any] = {"naive Bayes": bayes, "majority": majority}
    scores = [f1_score(f"{label}: macro-F1", songs, true, predicted, name, b) for name, b in baselines.items()]
    points = [
        {"label": label, "words": t, "accuracy": float((log_p[:, t - 1].argmax(1) == true).mean())}
        for t in (1, 2, 5, 10, 20, 40, LONGEST)
    ]
    return scores, matrix.tolist(), points


MANY_TO_ONE = Architecture(
    name="many-to-one",
    task="A section of a song -> its voice, its kind, its decade.",
    data=lambda open_corpus: sections_by_side(open_corpus()),
    fit=_fit,
    open=_open,
    score=_score,
)
