"""What of a row is lyrics: one column, or several that go on with each other; text, or lists of lines."""

import ast
from collections.abc import Sequence
from contextlib import suppress

from pipeline.corpus.readers.columns import as_text, stem_of
from pipeline.corpus.readers.nested import lyric_parts
from pipeline.corpus.tags import kind_of

_FEWEST_LINES = 3  # of a printed list that is lyrics


def lyric_columns(names: Sequence[str], first: str) -> list[str]:
    """The column of lyrics, and those that go on with it, in their order.

    >>> lyric_columns(["lyrics_1", "note", "lyrics_2"], "lyrics_1"), lyric_columns(["paroles", "texte"], "paroles")
    (['lyrics_1', 'lyrics_2'], ['paroles'])
    >>> lyric_columns(["title", "couplet 1", "refrain", "couplet 2"], "couplet 1")
    ['couplet 1', 'refrain', 'couplet 2']
    """
    stem = stem_of(first)
    sections = kind_of(stem) is not None
    return [name for name in names if name == first or stem_of(name) == stem or (sections and kind_of(stem_of(name)))]


def lyrics_of(value: object) -> str:
    """The lyrics in a cell: a list of lines or sections, also as Python or JSON prints it, becomes lines.

    >>> lyrics_of("['La mer', 'La rue', 'Le bar']")
    'La mer\\nLa rue\\nLe bar'
    """
    if isinstance(value, str) and value.startswith(("['", '["')) and value.rstrip().endswith("]"):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            printed = ast.literal_eval(value)
            value = printed if isinstance(printed, list) and len(printed) >= _FEWEST_LINES else value
    parts = lyric_parts(value) if isinstance(value, list | dict) else []
    return "\n".join(parts) if parts else as_text(value)
