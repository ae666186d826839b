"""A sentence with its values, kept until somebody reads it: then it is worded in their language (`translation.say`).

    Sentence("song {done} of {of}", done=3, of=40)

It is the English text for whoever takes it for one: in a log, in JSON, in a test. It crosses processes by pickle, and
as plain data by `to_plain` and `from_plain`. A value may be such a sentence itself; of any other a sentence quotes the
beginning, since it may be a whole text of somebody else's.
"""

from collections.abc import Mapping
from string import Formatter
from typing import Any, Self

LONGEST = 300  # characters of a value that a sentence quotes


class SentenceFormatter(Formatter):
    """Writes the values of a template as `str.format` does, of long ones the beginning.

    >>> len(SentenceFormatter().format("The word {word!r} is unknown.", word="a" * 10**6))
    321
    """

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Cut a text before it is quoted, so that its quotation marks stay."""
        cut = shorten(value, LONGEST - 2) if conversion and isinstance(value, str) else value
        return super().convert_field(cut, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write a value."""
        return value if isinstance(value, Sentence) else shorten(str(super().format_field(value, format_spec)))


def shorten(text: str, most: int = LONGEST) -> str:
    """Return the beginning of a text of more characters than `most`."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


FORMATTER = SentenceFormatter()


class Sentence(str):
    """The English text that `template` (an English `str.format` template) makes with its `values`."""

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        sentence = super().__new__(cls, FORMATTER.vformat(template, (), values) if values else template)
        sentence.template, sentence.values = template, values
        return sentence

    def __reduce__(self) -> Any:
        return _rebuilt, (self.template, dict(self.values))


def _rebuilt(template: str, values: dict[str, Any]) -> Sentence:
    return Sentence(template, **values)


def to_plain(value: Any) -> Any:
    """Return a sentence as plain data that `from_plain` reads back; numbers as they are, anything else as text."""
    if isinstance(value, Sentence):
        return {"template": value.template, "values": {name: to_plain(each) for name, each in value.values.items()}}
    return value if isinstance(value, int | float) else str(value)


def from_plain(data: Any) -> Any:
    """Return what `to_plain` made plain data of. Raises ValueError, KeyError or IndexError when it is damaged."""
    if not isinstance(data, dict):
        return data
    template, values = data.get("template"), data.get("values")
    if not (isinstance(template, str) and isinstance(values, dict)):
        raise ValueError(data)
    return Sentence(template, **{str(name): from_plain(each) for name, each in values.items()})
