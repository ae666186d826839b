"""What `writer.py` measures of texts beside people's: variety, coherence of neighbouring lines, who speaks, a theme.

An interval is of 95 %, from a bootstrap over texts.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

import numpy as np

from pipeline.analysis.words.word_vectors import WordVectors
from pipeline.generation.style.speaker import line_person
from pipeline.language.tokens import tokenise

DRAWS = 1000
FEWEST = 4  # lines of a text that show a person, for its unity to be counted


def distinct_2(text: str) -> float:
    """Return the share of different pairs among the pairs of words of a text."""
    words = tokenise(text)
    return len(set(pairwise(words))) / max(1, len(words) - 1)


class Coherence:
    """How near neighbouring lines are: the cosine of the sums of their content words' vectors, averaged over a text."""

    def __init__(self, vectors: WordVectors) -> None:
        self._vectors = dict(zip(vectors.words, vectors.vectors, strict=True))

    def of(self, text: str) -> float:
        """Return it; nan for a text without two neighbours that have vectors."""
        lines = [self._line(line) for line in text.split("\n") if line.strip()]
        near = [float(a @ b) for a, b in pairwise(lines) if a is not None and b is not None]
        return float(np.mean(near)) if near else float("nan")

    def _line(self, line: str) -> np.ndarray | None:
        found = [self._vectors[word] for word in tokenise(line) if word in self._vectors]
        total = np.sum(found, axis=0) if found else np.zeros(1)
        length = float(np.linalg.norm(total))
        return total / length if length > 1e-9 else None


def shuffled(texts: Sequence[str], seed: int = 0) -> list[str]:
    """Return texts of the same lengths, each of whose lines is of any of the texts."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    mixed = [lines[at] for at in np.random.default_rng(seed).permutation(len(lines))]
    ends = np.cumsum([sum(bool(line.strip()) for line in text.split("\n")) for text in texts])
    return ["\n".join(mixed[start:end]) for start, end in pairwise([0, *ends])]


def person_unity(text: str) -> float:
    """Return the share of the most frequent person among the lines that show one; nan where few do."""
    persons = [person for line in text.split("\n") if (person := line_person(line))]
    return max(map(persons.count, persons)) / len(persons) if len(persons) >= FEWEST else float("nan")


def share_with_words(text: str, words: Collection[str]) -> float:
    """Return the share of lines that hold one of these words."""
    return float(np.mean([not set(words).isdisjoint(tokenise(line)) for line in text.split("\n")]))


def with_interval(texts: Sequence[str], measure: Callable[[str], float]) -> str:
    """Return the mean of a measure over texts with its interval, those left out for which it is nan."""
    values = np.array([measure(text) for text in texts])
    values = values[~np.isnan(values)]
    drawn = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{values.mean():.3f} ({low:.3f} to {high:.3f}; n {len(values)})"
