"""The architectures there are: a new one is its own file and a line here."""

from collections.abc import Callable
from typing import Any

from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from pipeline.learn.architecture import Architecture, OnStep, SavedArchitecture
from pipeline.learn.classic import CLASSIC
from pipeline.learn.cloze import CLOZE
from pipeline.learn.many_to_one import MANY_TO_ONE
from pipeline.learn.one_to_many import ONE_TO_MANY
from pipeline.learn.reply import REPLY
from pipeline.learn.reversal import REVERSAL
from pipeline.learn.series import SERIES
from pipeline.learn.tagging import TAGGING
from pipeline.networks.quiet_start import start_tensorflow

ARCHITECTURES: dict[str, Architecture[Any, Any]] = {
    each.name: each for each in (CLASSIC, CLOZE, TAGGING, MANY_TO_ONE, ONE_TO_MANY, REPLY, REVERSAL, SERIES)
}


def learn(name: str, open_corpus: Callable[[], Corpus], minutes: float, on_step: OnStep) -> SavedArchitecture:
    """Train, score and save `models/learn-<name>`. The corpus is opened only by those that read one.

    Raises SettingError for an unknown name or a budget that is not above 0.
    """
    if name not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise SettingError("Unknown architecture {name!r}: take one of {known}.", name=name, known=known)
    if not minutes > 0:
        raise SettingError("minutes must be above 0, not {minutes}.", minutes=minutes)
    start_tensorflow()
    return ARCHITECTURES[name].train(open_corpus, minutes, on_step)
