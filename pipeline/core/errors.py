"""The errors that a person can act on, and the sentences that they say: a template in English with its values.

    raise RunError("There is no run {name!r} (runs: {known}).", name=name, known=known)

Each sentence says what is wrong, where, and what to do; of a long text among its values it quotes the beginning. The
command line prints it as one line and exits with `status`; a page shows it as one sentence, in the visitor's language
(`pipeline.core.translation`). A `Sentence` is said before its reader is known: why a file was skipped, what a job
reports. It is a string, in English; its parts are what a catalogue needs. Any other exception that escapes is a bug.
"""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from string import Formatter
from typing import Any, Self

MAX_QUOTED_LENGTH = 300  # characters of a value that a sentence quotes
# What readers of files raise when one is damaged; libraries with errors of their own, as pyarrow, add these.
DAMAGED_FILE_ERRORS = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, AssertionError),
    *(EOFError, zipfile.BadZipFile, zlib.error),
)


class SentenceFormatter(Formatter):
    """Fills templates as `str.format` does, but shortens long values.

    >>> len(SentenceFormatter().format("The word {word!r} is unknown.", word="a" * 10**6))
    321
    """

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Return the `repr` of a text for !r. The text is shortened first, so that it stays in quotation marks."""
        cut = shorten(value, MAX_QUOTED_LENGTH - 2) if conversion and isinstance(value, str) else value
        return super().convert_field(cut, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as text, shortened."""
        return value if isinstance(value, Sentence) else shorten(str(super().format_field(value, format_spec)))


def shorten(text: str, most: int = MAX_QUOTED_LENGTH) -> str:
    """Return a text cut to at most `most` characters, ending in … where it was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


FORMATTER = SentenceFormatter()


class Sentence(str):
    """An English text that can be translated later: a string made of a `str.format` template and its values."""

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        sentence = super().__new__(cls, FORMATTER.vformat(template, (), values) if values else template)
        sentence.template, sentence.values = template, values
        return sentence

    def __reduce__(self) -> Any:
        return _rebuild_sentence, (self.template, dict(self.values))


def _rebuild_sentence(template: str, values: dict[str, Any]) -> Sentence:
    return Sentence(template, **values)


def sentence_to_json(value: Any) -> Any:
    """Return a value for JSON: a `Sentence` as a dict of template and values, a number unchanged, the rest as text."""
    if isinstance(value, Sentence):
        return {
            "template": value.template,
            "values": {name: sentence_to_json(each) for name, each in value.values.items()},
        }
    return value if isinstance(value, int | float) else str(value)


def sentence_from_json(data: Any) -> Any:
    """Return the `Sentence` or value that `sentence_to_json` encoded. Raise ValueError or LookupError when damaged."""
    if not isinstance(data, dict):
        return data
    template, values = data.get("template"), data.get("values")
    if not (isinstance(template, str) and isinstance(values, dict)):
        raise ValueError(data)
    return Sentence(template, **{str(name): sentence_from_json(each) for name, each in values.items()})


class SeizeError(Exception):
    """An error that the user can act on, as one translatable sentence.

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
        """Return the same error with some values of its sentence replaced, such as a name in place of a path."""
        return type(self)(self.sentence, **values)

    @property
    def as_sentence(self) -> Sentence:
        """The error's message as a `Sentence`, which can be stored or be a value of another error's message."""
        return Sentence(self.sentence, **self.values)

    def to_json(self) -> dict[str, Any]:
        """Return the error as a dict for JSON. `error_from_json` reads it in another process."""
        plain = {name: sentence_to_json(value) for name, value in self.values.items()}
        return {"kind": type(self).__name__, "sentence": self.sentence, "values": plain}

    def __reduce__(self) -> Any:
        return _rebuild_error, (type(self), self.sentence, self.values)


@contextmanager
def os_errors_as(kind: type[SeizeError], sentence: str, /, **values: Any) -> Iterator[None]:
    """Turn an OSError within the block into an error of `kind`, with the system's {reason} in its sentence."""
    try:
        yield
    except OSError as error:
        raise kind(sentence, reason=error.strerror or str(error), **values) from error


def _rebuild_error(kind: type[SeizeError], sentence: str, values: dict[str, Any]) -> SeizeError:
    return kind(sentence, **values)


class SourceError(SeizeError):
    """Raw lyrics that cannot be read: no such folder, an empty file, a CSV without its column."""


class MissingColumnError(SourceError):
    """A table of songs lacks a column that it must have."""


class UnknownFieldError(SourceError):
    """A requested field (column) that the songs of a source do not have."""


class CorpusError(SeizeError):
    """A prepared corpus that is missing, damaged, or written by another version."""


class RunError(SeizeError):
    """A folder under models/ that is missing, damaged, or whose parts disagree."""


class LimitError(SeizeError):
    """Work on a file took more memory or time than allowed."""


class SettingError(SeizeError):
    """A setting outside its range, such as a negative temperature: a usage error."""

    status = 2


class WriterError(SeizeError):
    """The process that wrote lyrics ended before they were complete."""


def error_from_json(data: Mapping[str, Any]) -> SeizeError:
    """Return the error that `SeizeError.to_json` encoded."""
    kinds = {
        kind.__name__: kind for kind in globals().values() if isinstance(kind, type) and issubclass(kind, SeizeError)
    }
    values = {name: sentence_from_json(value) for name, value in data["values"].items()}
    return _rebuild_error(kinds[data["kind"]], data["sentence"], values)


def spelling_suggestion(name: str, names: Iterable[str]) -> str:
    """Return a hint like " (did you mean 'Kobalt'?)" with the one of `names` most similar to `name`, or "" without one.

    >>> spelling_suggestion("kobal", ["Kobalt", "Aube"])
    " (did you mean 'Kobalt'?)"
    """
    folded = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), folded, 1)
    return Sentence(" (did you mean {name!r}?)", name=folded[close[0]]) if close else ""


def short_reason(error: Exception) -> str:
    """Return the first line of an exception's message; the name of its class when the message is empty."""
    return (str(error).splitlines() or [type(error).__name__])[0]
