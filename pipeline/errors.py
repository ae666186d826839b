"""The errors that a person can act on.

Each message says what is wrong, where, and what to do. The command line prints it as one line and exits
with `status`; a page shows it as one sentence. Anything else that escapes is a bug.
"""


class SeizeError(Exception):
    """A problem that whoever runs Seize can mend. `status` is the exit status of the command line."""

    status = 1


class SourceError(SeizeError):
    """Raw lyrics that cannot be read: no such folder, an empty file, a CSV without its column."""


class CorpusError(SeizeError):
    """A prepared corpus that is missing, damaged, or written by another version."""


class RunError(SeizeError):
    """A folder under models/ that is missing, damaged, or whose parts disagree."""


class SettingError(SeizeError):
    """A setting outside its range, such as a negative temperature: a usage error."""

    status = 2


def first_line(error: Exception) -> str:
    """What another's error says, on one line; its name when it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0]
