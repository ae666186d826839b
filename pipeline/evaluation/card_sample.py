"""A short text of a run's own, for its card. The writer of `pipeline.generation` has all the controls."""

import numpy as np

from pipeline.cells.activations import softmax
from pipeline.generation.policy import policy_of
from pipeline.language.vocabulary import PAD, SONG, UNK, Vocabulary
from pipeline.language_models.control_tokens import conditions_of
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.units import decode
from pipeline.runs.run import Run

SEED, TEMPERATURE = 1, 0.8


def sample_text(run: Run) -> str:
    """Return the sample of a run, as long as the policy of its units says."""
    return sample_of(run.language_model(), run.vocabulary, policy_of(run.vocabulary).sample_length)


def sample_of(model: LanguageModel, vocabulary: Vocabulary, length: int) -> str:
    """Return at most `length` tokens from the beginning of a song, as text."""
    generator, words = np.random.default_rng(SEED), len(vocabulary) - len(conditions_of(vocabulary))
    token, state, out = SONG, model.initial_state(), []
    for _ in range(length):
        logits, state = model.step([token], state)
        logits = logits[0].astype(np.float64) / TEMPERATURE
        logits[[PAD, UNK, *range(words, len(logits))]] = -np.inf
        token = int(generator.choice(len(logits), p=softmax(logits)))
        if token == SONG:
            break
        out.append(token)
    return decode(out, vocabulary)
