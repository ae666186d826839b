"""Many-to-one: a section -> its voice, its kind, its decade; what is believed after each word, and which words said so.

Against the majority and multinomial naive Bayes on the same songs. All sections of a song are on one side.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array, log_softmax
from pipeline.cells.bptt import hidden_states
from pipeline.cells.layers import RecurrentLayer
from pipeline.cells.layout import layer_from_keras
from pipeline.cells.registry import CELLS
from pipeline.corpus.table import Corpus
from pipeline.errors import SettingError
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import PAD, SPECIALS, UNK, Ids, Vocabulary
from pipeline.teaching.saved import Saved, Weights, open_saved, save, unsaved
from pipeline.teaching.scores import Score, f1_score, macro_f1
from pipeline.teaching.songs import Section, padded, sections_of, song_sides, word_vocabulary

if TYPE_CHECKING:
    from pipeline.teaching.fit import Examples, OnStep

LABELS = ("voice", "kind", "decade")
_LONGEST = 80  # words of a section that are read
_KINDS = ("couplet", "refrain", "intro", "outro")  # the other three are too rare to learn
_LINE = SPECIALS[2]
_EVIDENCE = 20.0  # how many words' worth of log-odds a mean counts for at the start
Rows = Sequence[tuple[Ids, Mapping[str, int], int]]  # words, class of each label (-1: none), song


@dataclass(frozen=True)
class Classifier:
    """embedding (V, E); the reader's states and the embeddings are averaged so far; one head (kernel, bias) a label."""

    embedding: Array
    reader: RecurrentLayer
    heads: Mapping[str, Sequence[Array]]
    classes: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    saved: Saved | None = None

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


def load() -> Classifier:
    """Raises RunError when it has not been trained or is damaged."""
    return open_classifier(open_saved("many-to-one"))


def open_classifier(saved: Saved, prefix: str = "", vocabulary: Vocabulary | None = None) -> Classifier:
    """The classifier among the parts of a run."""
    classes = saved.notes["classes"]
    parts = {part: saved[prefix + part] for part in ("embedding", "reader", *classes)}
    return _from_weights(parts, classes, vocabulary or saved.vocabulary, saved)


def _from_weights(
    parts: Weights, classes: Mapping[str, Sequence[str]], vocabulary: Vocabulary, saved: Saved | None = None
) -> Classifier:
    reader = layer_from_keras("gru", *parts["reader"])
    names = {label: tuple(own) for label, own in classes.items()}
    return Classifier(parts["embedding"][0], reader, {label: parts[label] for label in names}, names, vocabulary, saved)


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


def confusion(model: Classifier, label: str) -> pd.DataFrame:
    """Counts on the test songs: rows are true classes, columns predicted ones."""
    assert model.saved is not None
    names = list(model.classes[label])
    return pd.DataFrame(model.saved.notes["confusion"][label], index=names, columns=names)


def curve(model: Classifier) -> pd.DataFrame:
    """Accuracy on the test songs by how many words were read: columns label, words, accuracy."""
    assert model.saved is not None
    return pd.DataFrame(model.saved.notes["curve"])


def _read(model: Classifier, text: str, label: str) -> tuple[list[str], Ids]:
    if label not in model.classes:
        raise SettingError(
            "label-unknown",
            "Unknown label {label!r}: take one of {known}.",
            label=label,
            known=", ".join(model.classes),
        )
    words = [word for line in text.splitlines() if line.strip() for word in (*tokenise(line), _LINE)][:_LONGEST]
    if not any(word != _LINE for word in words):
        raise SettingError("line-without-words", "There is no word to read: write a line.")
    return words, model.vocabulary.encode(words)


def encode(sections: Sequence[Section], vocabulary: Vocabulary, classes: Mapping[str, Sequence[str]]) -> Rows:
    """Ids, classes and song of each section."""
    index = {label: {name: i for i, name in enumerate(names)} for label, names in classes.items()}
    return [
        (
            vocabulary.encode(section.words[:_LONGEST]),
            {label: index[label].get(getattr(section, label), -1) for label in classes},
            section.song,
        )
        for section in sections
    ]


def train(corpus: Corpus, minutes: float, on_step: "OnStep") -> Saved:
    """Train on the training songs, stop by the validation songs, score on the test songs."""
    sides, sections = song_sides(corpus), sections_of(corpus)
    parts = {side: [s for s in sections if sides[s.song] == side] for side in ("train", "valid", "test")}
    vocabulary, classes, weights, history = train_parts(parts["train"], parts["valid"], LABELS, minutes, on_step)
    task = "A section of a song -> its voice, its kind, its decade."
    notes: dict[str, Any] = {"classes": classes, "confusion": {}, "curve": []}
    saved = unsaved("many-to-one", vocabulary, weights, notes)
    model = open_classifier(saved)
    train_rows, test_rows = (encode(parts[side], vocabulary, classes) for side in ("train", "test"))
    scores = []
    for label in LABELS:
        found, matrix, points = _score(model, label, train_rows, test_rows)
        scores += found
        notes["confusion"][label] = matrix
        notes["curve"] += points
    return save("many-to-one", vocabulary, weights, scores, notes, history, task)


def train_parts(
    train_on: Sequence[Section],
    stop_by: Sequence[Section],
    labels: Collection[str],
    minutes: float,
    on_step: "OnStep",
    seed: int = 1,
) -> tuple[Vocabulary, dict[str, list[str]], dict[str, list[Array]], pd.DataFrame]:
    """Vocabulary, classes, weights and history of a classifier of these sections."""
    from pipeline.networks.classifier import ClassifierSpec, classifier
    from pipeline.teaching.fit import fit, layer_weights

    vocabulary = word_vocabulary([s.words for s in train_on], limit=6000)
    seen = {label: sorted({getattr(s, label) for s in train_on}) for label in labels}
    classes = {label: [n for n in names if label != "kind" or n in _KINDS] for label, names in seen.items()}
    sizes = {label: len(names) for label, names in classes.items()}
    spec = ClassifierSpec(vocabulary_size=len(vocabulary), embedding=64, units=64, dropout=0.5, labels=sizes)
    network = classifier(spec, seed)
    rows = [encode(part, vocabulary, classes) for part in (train_on, stop_by)]
    _start_from_naive_bayes(network, rows[0], sizes, len(vocabulary))
    examples = [_examples(part) for part in rows]

    def judge(network: Any) -> float:
        """Mean macro-F1 on validation: the loss starts to rise long before the classes get worse."""
        model = _from_weights(layer_weights(network), classes, vocabulary)
        return float(np.mean([_f1(model, label, rows[1]) for label in classes]))

    history = fit(
        network, *examples, minutes=minutes, on_step=on_step, batch=32, patience=4, learning_rate=1e-3, judge=judge
    )
    return vocabulary, classes, layer_weights(network), history


def _start_from_naive_bayes(network: Any, rows: Rows, sizes: Mapping[str, int], vocabulary_size: int) -> None:
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


def _examples(rows: Rows) -> "Examples":
    """Every step is a target, later ones weigh more: t / (1 + ... + T)."""
    from pipeline.teaching.fit import Examples

    words = padded([ids for ids, _, _ in rows], _LONGEST)
    real = (words != PAD) * np.arange(1, _LONGEST + 1)
    share = (real / real.sum(1, keepdims=True)).astype(np.float32)
    y, weights = {}, {}
    for label in rows[0][1]:
        classes = np.array([labels[label] for _, labels, _ in rows], np.int32)
        y[label] = np.repeat(np.maximum(classes, 0)[:, None], _LONGEST, 1)
        weights[label] = share * (classes >= 0)[:, None]
    return Examples(words, y, weights)


def _score(
    model: Classifier, label: str, train_rows: Rows, test_rows: Rows
) -> tuple[list[Score], list[list[int]], list[dict[str, Any]]]:
    """Macro-F1 against naive Bayes and against the majority, the confusion matrix, accuracy by words read."""
    train_rows, test_rows = ([row for row in rows if row[1][label] >= 0] for rows in (train_rows, test_rows))
    true, songs = np.array([row[1][label] for row in test_rows]), [row[2] for row in test_rows]
    log_p = np.concatenate(
        [
            model.log_p(padded([row[0] for row in test_rows[at : at + 128]], _LONGEST), label)
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
        for t in (1, 2, 5, 10, 20, 40, _LONGEST)
    ]
    return scores, matrix.tolist(), points


def _f1(model: Classifier, label: str, rows: Rows) -> float:
    rows = [row for row in rows if row[1][label] >= 0]
    guess = model.final(padded([row[0] for row in rows], _LONGEST), label).argmax(1)
    return macro_f1(np.array([row[1][label] for row in rows]), guess, len(model.classes[label]))


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
