"""Models whose every answer is known, for tests of generation."""

from dataclasses import dataclass

import numpy as np

from pipeline.language.vocabulary import LINE, Vocabulary
from pipeline.language_models.protocol import LanguageModel


@dataclass(frozen=True)
class CountingModel(LanguageModel):
    """After token t the likeliest is t + 1, by `sharpness` nats; after the last `<line>`, after a line end the first.

    Its state is the last token.
    """

    size: int
    sharpness: float = 50.0

    @property
    def vocabulary_size(self):
        return self.size

    def initial_state(self, batch=1):
        return ((np.zeros((batch, 1)),),)

    def step(self, tokens, state):
        tokens = np.asarray(tokens)
        logits = np.zeros((len(tokens), self.size), np.float32)
        following = np.where(tokens < 4, 4, np.where(tokens + 1 < self.size, tokens + 1, LINE))
        logits[np.arange(len(tokens)), following] = self.sharpness
        return logits, ((tokens[:, None].astype(float),),)


@dataclass(frozen=True, eq=False)
class FakeRun:
    vocabulary: Vocabulary
    model: object
    name: str = "fake"
    corpus_name: str = "made"

    def language_model(self):
        return self.model


def fake_run(words, level="word", sharpness=50.0, model=None):
    """A run whose vocabulary is `words` in this order (each once less than the one before)."""
    counts = {word: len(words) - i for i, word in enumerate(words)}
    vocabulary = Vocabulary.from_counts(counts, level=level)
    return FakeRun(vocabulary, model or CountingModel(len(vocabulary), sharpness))
