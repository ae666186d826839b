"""The right to write the run of a name: one process at a time, and what exists is replaced only when asked to."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.core.errors import SettingError
from pipeline.core.folders import locking
from pipeline.core.paths import checked_name, models_folder
from pipeline.runs.run_places import run_folder
from pipeline.runs.trash import copy_to_trash, is_shipped


@contextmanager
def claim_name(name: str, *, replace: bool = False, resume: bool = False) -> Iterator[None]:
    """Keep the name of a run for as long as it is made; a copy of what `replace` replaces goes to the trash.

    `resume` goes on with a run and so replaces it by a better one. Raises SettingError when there is a run of this
    name, SeizeError when another process writes one.
    """
    with locking(models_folder() / checked_name(name)):
        if run_folder(name).exists() and not resume:
            if not replace:
                raise _name_taken_error(name)
            copy_to_trash(name)
        yield


def _name_taken_error(name: str) -> SettingError:
    if is_shipped(name):
        return SettingError(
            "The run {name!r} came with Seize: choose another name, or add --replace (a copy goes to the trash).",
            name=name,
        )
    return SettingError(
        "There is a run {name!r} already: choose another name, go on with --resume, or add --replace (a copy goes to "
        "the trash).",
        name=name,
    )
