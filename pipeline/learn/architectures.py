"""Train one architecture by name. TensorFlow is imported when fitting starts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.core.errors import SettingError
from pipeline.corpus.table import Corpus
from pipeline.learn import classic, cloze, many_to_one, one_to_many, reply, reversal, series, tagging
from pipeline.learn.architecture import Saved, run_name
from pipeline.networks.quiet_start import start_tensorflow

if TYPE_CHECKING:
    from pipeline.learn.keras_fit import OnStep

_ON_CORPUS: dict[str, Callable[..., Saved]] = {
    "classic": classic.train,
    "cloze": cloze.train,
    "tagging": tagging.train,
    "many-to-one": many_to_one.train,
    "one-to-many": one_to_many.train,
    "reply": reply.train,
}
_ALONE: dict[str, Callable[..., Saved]] = {"reversal": reversal.train, "series": series.train}


def learn(name: str, corpus: Callable[[], Corpus], minutes: float, on_step: "OnStep") -> Saved:
    """Train, score and save `models/learn-<name>`. `corpus` is opened only by those that read one.

    Raises SettingError for an unknown name or a budget that is not above 0.
    """
    run_name(name)
    if not minutes > 0:
        raise SettingError("minutes must be above 0, not {minutes}.", minutes=minutes)
    start_tensorflow()
    if name in _ALONE:
        return _ALONE[name](minutes, on_step)
    return _ON_CORPUS[name](corpus(), minutes, on_step)
