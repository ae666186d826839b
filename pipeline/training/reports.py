"""What a training reports beside what its fitting knows: bits a character, and how it writes by now."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from pipeline.cells.activations import Array
from pipeline.cells.replay import network_from_weights
from pipeline.cells.spec import NetworkSpec
from pipeline.evaluation.card_sample import sample_of
from pipeline.generation.policy import policy_of
from pipeline.language.vocabulary import UNK
from pipeline.language_models.casing import CODE_POINT_BITS
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.units import CHARACTERS
from pipeline.training.material import Material
from pipeline.training.settings import OnProgress, Progress


def reporter(
    on_progress: OnProgress, baseline: float, spec: NetworkSpec, material: Material
) -> Callable[[Progress, Sequence[Array]], None]:
    """Return what completes a step of progress, given the best weights so far, and passes it on."""
    unknown = float(np.mean(np.concatenate(material.valid) == UNK)) * CODE_POINT_BITS
    units = material.units

    def report(step: Progress, weights: Sequence[Array]) -> None:
        step = dataclasses.replace(step, baseline_bits=baseline)
        if step.valid_bits is not None:
            bits = step.valid_bits + unknown if units is CHARACTERS else None
            model = NetworkModel(network_from_weights(spec, weights))
            sample = sample_of(model, material.vocabulary, policy_of(material.vocabulary).progress_sample_length)
            step = dataclasses.replace(step, valid_bits_per_char=bits, sample=sample)
        on_progress(step)

    return report
