"""The docstring of a command: paragraphs about what it does, then a line for each of its arguments."""

import inspect
import re
from typing import NamedTuple

# name as typed (query, -n, --by), the word in capitals for its value, if any: what it is
_LINE = re.compile(r"(-{0,2}[a-z][\w-]*)(?: ([^a-z:]+))?: (.+)", re.DOTALL)
_BREAK = re.compile(r"\n +")


class ArgumentLine(NamedTuple):
    """A line of a command's docstring about one argument: the argument as typed, the word for its value, its help."""

    typed: str
    metavar: str
    help: str

    @property
    def parameter(self) -> str:
        """The name of the parameter in the signature, without the _ that follows a Python keyword."""
        return self.typed.lstrip("-").replace("-", "_")


def split_docstring(docstring: str) -> tuple[list[str], list[ArgumentLine]]:
    """Split a command's docstring into (paragraphs, lines about arguments). An indented line continues the one before.

    >>> split_docstring("Count words.\\n\\nname NAME: a corpus\\n--by GROUP: artist (default),\\n    or year")[1][1]
    ArgumentLine(typed='--by', metavar='GROUP', help='artist (default), or year')
    """
    paragraphs, arguments = [], []
    for paragraph in inspect.cleandoc(docstring).split("\n\n"):
        lines = [_LINE.fullmatch(line) for line in _BREAK.sub(" ", paragraph).split("\n")]
        if all(lines):
            arguments += [ArgumentLine(line[1], line[2] or "", line[3]) for line in lines if line]
        else:
            paragraphs.append(paragraph)
    return paragraphs, arguments
