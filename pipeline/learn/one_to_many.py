"""One-to-many: a voice -> a verse. A many-to-one network that learnt from other songs says whose verse it is.

The training songs are cut in two: the writer learns from one half, the classifier from the other, so it recognises a
manner and no copied line. Against the same verses with the labels shuffled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.cells.activations import Array
from pipeline.cells.cell import RecurrentLayer
from pipeline.core.errors import Sentence
from pipeline.corpus.table import Corpus
from pipeline.language.tokens import detokenise
from pipeline.language.vocabulary import LINE, PAD, SONG, UNK, Ids, Vocabulary
from pipeline.learn.architecture import Architecture, FittedNetworks, OnStep, SavedArchitecture, Score, mean_score
from pipeline.learn.labelled_songs import LabelledSection, pad_rows, sections_by_split, training_halves, word_vocabulary
from pipeline.learn.many_to_one import Classifier, encode_sections, open_classifier, train_classifier

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import Examples

_MAX_VERSE_WORDS = 50  # words of a verse that are learnt
_SAMPLES_PER_VOICE = 10  # verses a voice that are classified
_CLASSIFIER, _CLASSIFIER_VOCABULARY = "judge/", "judge.json"  # in the run's folder, as the shipped one calls them


@dataclass(frozen=True)
class VerseWriter:
    """A network that writes a verse by an artist. At each step it reads a word and the artist's row of `labels`."""

    embedding: Array
    labels: Array
    writer: RecurrentLayer
    readout: list[Array]
    bias: Array
    voices: tuple[str, ...]
    vocabulary: Vocabulary
    classifier: Classifier
    saved: SavedArchitecture

    def next_word_logits(self, words: Ids, labels: Array, state: Any) -> tuple[Array, Any]:
        """Read words (batch,) and label vectors (batch, L); return the logits (batch, V) of the next, and the state."""
        x = np.concatenate([self.embedding[words], labels], axis=1)
        state, _ = self.writer.step(self.writer.project(x), state)
        kernel, bias = self.readout
        readout = np.tanh(np.concatenate([state[0], labels], axis=1) @ kernel + bias)
        return readout @ self.embedding.T + self.bias, state

    def sample_verses(self, labels: Ids, noise: np.random.Generator, lines: int, temperature: float) -> Ids:
        """Return a verse sampled for each label from the same noise: word ids (batch, T), `PAD` after the last line."""
        batch, longest = len(labels), lines * 16
        word, state = np.full(batch, SONG, np.int32), self.writer.initial_state(batch)
        out, left = np.full((batch, longest), PAD, np.int32), np.full(batch, lines)
        for t in range(longest):
            logits, state = self.next_word_logits(word, self.labels[labels], state)
            logits[:, [PAD, UNK, SONG]] = -np.inf
            if t == 0:
                logits[:, LINE] = -np.inf
            # Gumbel's way to draw from a softmax; one draw of noise, whatever the label
            word = (logits / temperature + noise.gumbel(size=logits.shape[1])).argmax(1).astype(np.int32)
            out[:, t] = np.where(left > 0, word, PAD)
            left -= word == LINE
        return out


def _open_verse_writer(saved: SavedArchitecture) -> VerseWriter:
    notes = saved.training_notes
    vocabulary = Vocabulary.from_json(saved.run.read_json(_CLASSIFIER_VOCABULARY))
    return VerseWriter(
        saved["embedding"][0],
        saved["label_vector"][0],
        saved.layer("writer"),
        saved["readout"],
        saved["logits"][0],
        tuple(notes["voices"]),
        saved.vocabulary,
        open_classifier(saved, vocabulary, _CLASSIFIER),
        saved,
    )


def verses_side_by_side(model: VerseWriter, voices: Sequence[str], seed: int) -> pd.DataFrame:
    """Return a table with four lines for each artist, sampled with the same noise.

    Columns voice, verse, classified (the artist according to the classifier), probability (of that artist), own
    (probability of the artist asked for).
    """
    labels = np.array([model.voices.index(voice) for voice in voices], np.int32)
    drawn = model.sample_verses(labels, np.random.default_rng(seed), lines=4, temperature=0.8)
    p = np.exp(_artist_log_probabilities(model, drawn))
    names = np.array(model.classifier.classes["voice"])
    own = [float(row[names == voice].sum()) for row, voice in zip(p, voices, strict=True)]
    verses = [_verse_text(model, row) for row in drawn]
    columns = {"verse": verses, "classified": names[p.argmax(1)], "probability": p.max(1), "own": own}
    return pd.DataFrame({"voice": list(voices), **columns})


def _verse_text(model: VerseWriter, ids: Ids) -> str:
    words, lines = model.vocabulary.decode(ids[ids != PAD]), [[]]  # type: list[str], list[list[str]]
    for word in words:
        if word == "<line>":
            lines.append([])
        else:
            lines[-1].append(word)
    return "\n".join(detokenise(line) for line in lines if line)


def _artist_log_probabilities(model: VerseWriter, drawn: Ids) -> Array:
    """Return the log-probability (batch, artists) that the classifier gives each artist."""
    rows = [model.classifier.vocabulary.encode(model.vocabulary.decode(row[row != PAD])) for row in drawn]
    return model.classifier.final_log_p(pad_rows(rows), "voice")


@dataclass(frozen=True)
class SectionSplit:
    """Sections in four parts: to train the verse writer, to train the classifier, for validation, for the test."""

    to_write: list[LabelledSection]
    to_classify: list[LabelledSection]
    valid: list[LabelledSection]
    test: list[LabelledSection]


def _assign_sections_to_splits(open_corpus: Callable[[], Corpus]) -> SectionSplit:
    corpus = open_corpus()
    sections = sections_by_split(corpus)
    to_write, to_classify = ([s for s in sections["train"] if s.song in half] for half in training_halves(corpus))
    return SectionSplit(to_write, to_classify, sections["valid"], sections["test"])


def _fit(sections: SectionSplit, minutes: float, on_step: OnStep) -> FittedNetworks:
    """Train the classifier and the writer, half of the time each."""

    def report(start: float, who: Sentence) -> OnStep:
        return lambda share, message, figures: on_step(
            start + share / 2, Sentence("{network}, {message}", network=who, message=message), figures
        )

    classified, classes, classifier, first = train_classifier(
        sections.to_classify, sections.valid, ("voice",), minutes / 2, report(0, Sentence("classifier"))
    )
    voices = classes["voice"]
    vocabulary, weights, second = _train_writer(
        sections.to_write, sections.valid, voices, minutes / 2, report(0.5, Sentence("writer"))
    )
    weights |= {f"{_CLASSIFIER}{name}": arrays for name, arrays in classifier.items()}
    history = pd.concat([first.assign(network="classifier"), second.assign(network="writer")])
    notes = {"voices": voices, "classes": classes}
    return FittedNetworks(vocabulary, weights, history, notes, parts={_CLASSIFIER_VOCABULARY: classified.to_json()})


def _train_writer(
    train_on: Sequence[LabelledSection],
    stop_by: Sequence[LabelledSection],
    voices: Sequence[str],
    minutes: float,
    on_step: OnStep,
) -> tuple[Vocabulary, dict[str, list[Array]], pd.DataFrame]:
    from pipeline.learn.keras_fit import fit, layer_weights
    from pipeline.networks.teaching_networks import ConditionalSpec, label_conditioned_network

    vocabulary = word_vocabulary([s.words for s in train_on], limit=2500)
    sizes = {"vocabulary_size": len(vocabulary), "embedding": 64, "units": 96}
    network = label_conditioned_network(ConditionalSpec(**sizes, dropout=0.4, labels=len(voices), label_embedding=16))
    examples = [_examples(part, vocabulary, voices) for part in (train_on, stop_by)]
    history = fit(network, *examples, minutes=minutes, on_step=on_step, batch=16, learning_rate=3e-3)
    return vocabulary, layer_weights(network), history


def _examples(sections: Sequence[LabelledSection], vocabulary: Vocabulary, voices: Sequence[str]) -> "Examples":
    from pipeline.learn.keras_fit import Examples

    labelled = [s for s in sections if s.voice in voices]
    y = pad_rows([vocabulary.encode(s.words[:_MAX_VERSE_WORDS]) for s in labelled], _MAX_VERSE_WORDS)
    x = np.concatenate([np.full((len(y), 1), SONG, np.int32), y[:, :-1]], axis=1)
    labels = np.array([voices.index(s.voice) for s in labelled], np.int32)
    return Examples([labels, x], y, (y != PAD).astype(np.float32))


def _score(model: VerseWriter, sections: SectionSplit) -> tuple[list[Score], dict[str, Any]]:
    """Return the share of verses whose artist is recognised, their variety, and the share that is copied."""
    labels = np.repeat(np.arange(len(model.voices)), _SAMPLES_PER_VOICE).astype(np.int32)
    noise = np.random.default_rng(1)
    samples = np.concatenate(
        [model.sample_verses(labels[at::_SAMPLES_PER_VOICE], noise, 8, 0.8) for at in range(_SAMPLES_PER_VOICE)]
    )  # a noise for each round, all voices in each
    requested = np.tile(np.arange(len(model.voices)), _SAMPLES_PER_VOICE)
    right = _artist_log_probabilities(model, samples).argmax(1) == requested
    shuffled = _artist_log_probabilities(model, samples).argmax(1) == np.roll(requested, 1)
    rows = encode_sections(sections.test, model.classifier.vocabulary, model.classifier.classes)
    rows = [row for row in rows if row[1]["voice"] >= 0]
    real = model.classifier.final_log_p(pad_rows([row[0] for row in rows]), "voice").argmax(1)
    true, songs = np.array([row[1]["voice"] for row in rows]), [row[2] for row in rows]
    copied = _copied_share(model, samples, sections.to_write)
    verses = requested.tolist()  # what is drawn again is the voice: its verses hang together
    scores = [
        mean_score("verses recognised", verses, right, "labels shuffled", shuffled),
        mean_score("real verses recognised", songs, real == true, "chance", np.full(len(true), 1 / len(model.voices))),
        mean_score("distinct pairs of words", verses, _distinct_2(samples), "one pair only", np.zeros(len(samples))),
        mean_score("runs of five words copied", verses, copied, "all", np.ones(len(samples))),
    ]
    return scores, {}


def _distinct_2(drawn: Ids) -> Array:
    """Return distinct-2 of each verse (Li et al. 2016): the share of different pairs among its pairs of words."""
    rows = [row[row > LINE].tolist() for row in drawn]
    return np.array([len(set(pairwise(r))) / max(1, len(r) - 1) for r in rows])


def _copied_share(model: VerseWriter, drawn: Ids, learnt: Sequence[LabelledSection]) -> Array:
    """Return the share of each verse's runs of five words that occur in the training songs of the writer."""

    def ngrams(ids: Sequence[int]) -> list[tuple[int, ...]]:
        return [tuple(ids[i : i + 5]) for i in range(len(ids) - 4)]

    seen = {ngram for section in learnt for ngram in ngrams(model.vocabulary.encode(section.words).tolist())}
    copied = [[ngram in seen for ngram in ngrams(row[row != PAD].tolist())] for row in drawn]
    return np.array([np.mean(hits) if hits else 0.0 for hits in copied])


ONE_TO_MANY_ARCHITECTURE = Architecture(
    name="one-to-many", task="A voice -> a verse, classified by a many-to-one network that learnt from other songs.",
    data=_assign_sections_to_splits, fit=_fit, open=_open_verse_writer, score=_score,
)  # fmt: skip
