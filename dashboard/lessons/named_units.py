"""Units of a trained network that track something one can name, found on some sections of a corpus and measured on others.

What a unit holds (c of an LSTM, behind its tanh; a of other cells) is correlated with what is true of each character.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.replay import Network
from pipeline.core.translation import mark
from pipeline.language.vocabulary import LINE, SONG, UNK, Vocabulary

SECTIONS, LINES = 48, 8  # sections that are read, the first lines of each
BOOTSTRAP_DRAWS = 1000
LABELS = {
    "brackets": (mark("brackets"), mark("outside brackets")),
    "line": (mark("letters of the line"), mark("countdown of the line")),
    "word": (mark("letters of the word"), mark("countdown of the word")),
    "end": (mark("end of the line"), mark("before the end")),
    "vowel": (mark("vowels"), mark("other than vowels")),
}  # what is tracked, and what a unit says that falls where it rises
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
MIN_CORRELATION = 0.3  # of a unit that is given a name


class NamedUnit(NamedTuple):
    """A unit that tracks a feature (a key of `LABELS`), and their correlation on sections not used to find the unit."""

    name: str
    unit: int
    correlation: float
    low: float  # 95 % limits, sections drawn again
    high: float
    sections: int

    @property
    def label(self) -> str:
        """What a high value of the unit says."""
        return LABELS[self.name][self.correlation < 0]


def character_features(text: str) -> dict[str, Array]:
    """Return the features of each character of a text, by name, each `(N,)`. Every line ends with a line break.

    >>> {name: values.tolist() for name, values in character_features("(e) a\\n").items() if name in ("brackets", "word")}
    {'brackets': [1.0, 1.0, 0.0, 0.0, 0.0, 0.0], 'word': [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]}
    """
    rows: dict[str, list[float]] = {name: [] for name in LABELS}
    for line in text.splitlines(keepends=True):
        word, inside = 0, False
        for place, character in enumerate(line):
            word = word + 1 if character.isalpha() else 0
            inside = (inside or character == "(") and character != ")"
            rows["brackets"].append(inside)
            rows["line"].append(place)
            rows["word"].append(word)
            rows["end"].append(len(line) - place <= 4)
            rows["vowel"].append(character.lower() in _VOWELS)
    return {name: np.array(values, float) for name, values in rows.items()}


def find_named_units(network: Network, vocabulary: Vocabulary, texts: Sequence[str]) -> dict[str, NamedUnit]:
    """Return for each feature the unit that best correlates with it, found on half of the texts, measured on the rest.

    Units below `MIN_CORRELATION` are left out; the highest correlation comes first.
    """
    read = list(map(character_features, texts))
    states = _last_layer_states(network, vocabulary, texts)
    found = []
    for name in LABELS:
        wanted = [values[name] for values in read]
        unit = int(np.abs(_correlate(np.concatenate(states[::2]), np.concatenate(wanted[::2]))).argmax())
        pairs = zip(states[1::2], wanted[1::2], strict=True)
        sums = np.array([_correlation_sums(state[:, unit], own) for state, own in pairs])
        drawn = np.random.default_rng(0).integers(len(sums), size=(BOOTSTRAP_DRAWS, len(sums)))
        low, high = np.percentile(_correlation_of_sums(sums[drawn].sum(axis=1)), [2.5, 97.5])
        correlation = _correlation_of_sums(sums.sum(axis=0))
        found.append(NamedUnit(name, unit, float(correlation), float(low), float(high), len(sums)))
    sure = sorted(found, key=lambda each: -abs(each.correlation))
    return {each.name: each for each in sure if abs(each.correlation) >= MIN_CORRELATION}


def _last_layer_states(network: Network, vocabulary: Vocabulary, texts: Sequence[str]) -> list[Array]:
    """Return the states of the last layer after each character, of each text from a fresh state."""
    batch = np.full((len(texts), 1 + max(map(len, texts))), SONG)
    for row, text in zip(batch, texts, strict=True):
        row[1 : 1 + len(text)] = [LINE if c == "\n" else vocabulary.word2index.get(c, UNK) for c in text]
    values = network.trace(batch).layers[-1]
    states = np.tanh(values["cell"]) if "cell" in values else values["hidden"]
    return [rows[1 : 1 + len(text)].astype(float) for rows, text in zip(states, texts, strict=True)]


def _correlate(states: Array, wanted: Array) -> Array:
    """Return the correlation of each unit of `(N, units)` with the target `(N,)`; 0 where either never changes."""
    states, wanted = states - states.mean(axis=0), wanted - wanted.mean()
    size = np.sqrt((states**2).sum(axis=0) * (wanted**2).sum())
    return (states * wanted[:, None]).sum(axis=0) / np.where(size > 0, size, np.inf)


def _correlation_sums(x: Array, y: Array) -> Array:
    """Return the sums over a text from which a correlation is computed: n, Σx, Σy, Σx², Σy², Σxy."""
    return np.array([len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y])


def _correlation_of_sums(sums: Array) -> Array:
    """Return Pearson's r of two variables from their sums n, Σx, Σy, Σx², Σy², Σxy `(…, 6)`; 0 where a variance is 0."""
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    size = np.sqrt(np.maximum((n * xx - x * x) * (n * yy - y * y), 0))
    return (n * xy - x * y) / np.where(size > 0, size, np.inf)


def put_middle_word_in_brackets(line: str) -> str:
    """Return the line with its middle word in brackets, unless it has a bracket already.

    >>> put_middle_word_in_brackets("la nuit tombe"), put_middle_word_in_brackets("la (nuit)")
    ('la (nuit) tombe', 'la (nuit)')
    """
    words = line.split(" ")
    if "(" in line:
        return line
    middle = len(words) // 2
    return " ".join([*words[:middle], f"({words[middle]})", *words[middle + 1 :]])
