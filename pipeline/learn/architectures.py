"""The architectures there are: a new one is its own file and a line here."""

from collections.abc import Callable
from typing import Any

from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from pipeline.learn.architecture import Architecture, OnStep, SavedArchitecture
from pipeline.learn.classic import CLASSIC_ARCHITECTURE
from pipeline.learn.cloze import CLOZE_ARCHITECTURE
from pipeline.learn.many_to_one import MANY_TO_ONE_ARCHITECTURE
from pipeline.learn.one_to_many import ONE_TO_MANY_ARCHITECTURE
from pipeline.learn.reply import REPLY_ARCHITECTURE
from pipeline.learn.reversal import REVERSAL_ARCHITECTURE
from pipeline.learn.series import SERIES_ARCHITECTURE
from pipeline.networks.quiet_start import start_tensorflow

ARCHITECTURES: dict[str, Architecture[Any, Any]] = {
    each.name: each
    for each in (
        CLASSIC_ARCHITECTURE,
        CLOZE_ARCHITECTURE,
        MANY_TO_ONE_ARCHITECTURE,
        ONE_TO_MANY_ARCHITECTURE,
        REPLY_ARCHITECTURE,
        REVERSAL_ARCHITECTURE,
        SERIES_ARCHITECTURE,
    )
}


def train_architecture(
    name: str, open_corpus: Callable[[], Corpus], minutes: float, on_step: OnStep
) -> SavedArchitecture:
    """Train, score and save `models/learn-<name>`. Open the corpus only if the architecture reads it.

    Raise SettingError for an unknown name or a budget that is not above 0.
    """
    if name not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise SettingError("Unknown architecture {name!r}: choose one of {known}.", name=name, known=known)
    if not minutes > 0:
        raise SettingError("minutes must be above 0, not {minutes}.", minutes=minutes)
    start_tensorflow()
    return ARCHITECTURES[name].train(open_corpus, minutes, on_step)
