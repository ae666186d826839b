"""The errors that a person can act on: an English sentence with its values.

    raise RunError("There is no run {name!r} (runs: {known}).", name=name, known=known)

Each sentence says what is wrong, where, and what to do; of a long text among its values it quotes the beginning. The
command line prints it as one line and exits with `status`; a page shows it as one sentence, in the visitor's language.
Anything else that escapes is a bug.
"""

from collections.abc import Mapping
from typing import Any, Self

from pipeline.sentences import FORMATTER, Sentence, from_plain, to_plain


class SeizeError(Exception):
    """A problem that whoever runs Seize can mend.

    sentence  an English template in the format of `str.format`, under which translations are filed; `str(error)` is
              the sentence it makes
    values    what the template names; one that is a sentence itself is a `Sentence`, so that it is translated too
    status    exit status of the command line
    """

    status = 1

    def __init__(self, sentence: str, /, **values: Any) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(FORMATTER.vformat(sentence, (), values))

    def with_values(self, **values: Any) -> Self:
        """Return the same problem with other values, such as the name that a visitor knows instead of a path."""
        return type(self)(self.sentence, **values)

    @property
    def said(self) -> Sentence:
        """What it says, for another error's values, or to be kept until somebody reads it."""
        return Sentence(self.sentence, **self.values)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data that `error_from_json` reads back, for another process."""
        plain = {name: to_plain(value) for name, value in self.values.items()}
        return {"kind": type(self).__name__, "sentence": self.sentence, "values": plain}

    def __reduce__(self) -> Any:
        return _rebuilt, (type(self), self.sentence, self.values)


def _rebuilt(kind: type[SeizeError], sentence: str, values: dict[str, Any]) -> SeizeError:
    return kind(sentence, **values)


class SourceError(SeizeError):
    """Raw lyrics that cannot be read: no such folder, an empty file, a CSV without its column."""


class MissingColumnError(SourceError):
    """A table that has no column for a field that it must have."""


class UnknownFieldError(SourceError):
    """A field asked for that songs do not have."""


class CorpusError(SeizeError):
    """A prepared corpus that is missing, damaged, or written by another version."""


class RunError(SeizeError):
    """A folder under models/ that is missing, damaged, or whose parts disagree."""


class LimitError(SeizeError):
    """Work on a file that took more memory or time than it may (`limited`)."""


class SettingError(SeizeError):
    """A setting outside its range, such as a negative temperature: a usage error."""

    status = 2


class WriterError(SeizeError):
    """Lyrics that were not written to the end, because the process that wrote them is gone."""


def error_from_json(data: Mapping[str, Any]) -> SeizeError:
    """Return the error that `SeizeError.to_json` made plain data of."""
    kinds = {
        kind.__name__: kind for kind in globals().values() if isinstance(kind, type) and issubclass(kind, SeizeError)
    }
    values = {name: from_plain(value) for name, value in data["values"].items()}
    return _rebuilt(kinds[data["kind"]], data["sentence"], values)


def first_line(error: Exception) -> str:
    """What another's error says, on one line; its name when it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0]
