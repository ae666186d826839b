"""An n-gram of the song so far: what makes refrains, names and pet words come back.

It starts empty with each song and counts every token once it has been read, so it predicts nothing that it has not
seen the song do. Interpolated absolute discounting (Ney, Essen & Kneser 1994) on the plain counts:

    p(w | c) = (max(count(c w) - D, 0) + D * types(c) * p(w | c without its first token)) / count(c)

down to the uniform distribution. Contexts are substrings of the song, one character of a Python string a token.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.language.vocabulary import SONG, Ids, Level

Floats = npt.NDArray[np.float64]
ORDERS: dict[Level, int] = {"char": 12, "word": 4}  # longest n-grams; longer ones change the bits by less than 0.1 %
_DISCOUNT = 0.75


class SongMemory:
    """Counts of one song, growing with `read`. `weight` is for who mixes it with other models (`mixture`)."""

    def __init__(self, vocabulary_size: int, order: int, weight: float = 1.0) -> None:
        self.vocabulary_size, self.order, self.weight = vocabulary_size, order, weight
        self._text = ""
        self._counts: dict[str, dict[int, int]] = {}  # context -> next token -> how often; a length of context each
        self.read([SONG])

    def read(self, tokens: Sequence[int] | Ids) -> None:
        """Count more of the song."""
        for token in np.asarray(tokens).tolist():
            for context in self._contexts(self._text):
                seen = self._counts.setdefault(context, {})
                seen[token] = seen.get(token, 0) + 1
            self._text += chr(token)
            self._text = self._text[1 - self.order :]

    def score(self, tokens: Sequence[int] | Ids) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Natural log p of each token, each read once predicted, and how long the known context before it was."""
        p, known = np.empty(len(tokens)), np.empty(len(tokens), np.int64)
        for n, token in enumerate(np.asarray(tokens).tolist()):
            p[n], known[n] = self._probability(token)
            self.read([token])
        return np.log(p), known

    def probabilities(self, last: Sequence[int] | Ids) -> tuple[Floats, int]:
        """p of every next token (V,) after these last tokens, and how long a context of them the song had before."""
        text = "".join(map(chr, np.asarray(last).tolist()))
        p, known = np.full(self.vocabulary_size, 1 / self.vocabulary_size), 0
        for length, context in enumerate(self._contexts(text)):
            seen = self._counts.get(context)
            if seen is None:
                break
            known = length
            counts = np.fromiter(seen.values(), float, len(seen))
            p *= _DISCOUNT * len(seen) / counts.sum()
            p[list(seen)] += (counts - _DISCOUNT) / counts.sum()
        return p, known

    def _probability(self, token: int) -> tuple[float, int]:
        p, known = 1 / self.vocabulary_size, 0
        for length, context in enumerate(self._contexts(self._text)):
            seen = self._counts.get(context)
            if seen is None:
                break
            known, total = length, sum(seen.values())
            p = (max(seen.get(token, 0) - _DISCOUNT, 0) + _DISCOUNT * len(seen) * p) / total
        return p, known

    def _contexts(self, text: str) -> list[str]:
        """The ends of a text, from the empty one to the longest that counts."""
        return [text[len(text) - length :] for length in range(min(len(text), self.order - 1) + 1)]
