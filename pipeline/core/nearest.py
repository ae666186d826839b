"""The name that was meant, for errors about one that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

from pipeline.core.errors import Sentence


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " (did you mean 'Kobalt'?)" for the name most like this one, "" where none is.

    >>> nearest("kobal", ["Kobalt", "Aube"])
    " (did you mean 'Kobalt'?)"
    """
    folded = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), folded, 1)
    return Sentence(" (did you mean {name!r}?)", name=folded[close[0]]) if close else ""
