"""A seed as a visitor wrote it -> tokens that the model knows. How tokens become text again is in `units`."""

import unicodedata
from typing import NamedTuple

from pipeline.language.tokens import is_clitic, tokenise
from pipeline.language.vocabulary import UNK, Ids, Vocabulary
from pipeline.language_models.units import units_of


class Seed(NamedTuple):
    """A seed as tokens, with the distinct entries the vocabulary lacks, in order of appearance."""

    ids: Ids
    unknown: tuple[str, ...]


def read_seed(text: str, vocabulary: Vocabulary) -> Seed:
    """Encode `text` as in training. Nothing is an error; what is unknown becomes `<unk>`."""
    tokens = units_of(vocabulary).tokens(normalise_text(text))
    ids = vocabulary.encode(tokens)
    unknown = dict.fromkeys(token for token, index in zip(tokens, ids.tolist(), strict=True) if index == UNK)
    return Seed(ids, tuple(unknown))


def normalise_text(text: str) -> str:
    """Return the text as the training text is: accents composed (NFC), one kind of line end, and no line of blanks left
    unfinished.
    """
    head, end, last = text.rpartition("\n")
    text = text if last.strip() else head + end
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()) + ("\n" if text.endswith(("\n", "\r")) else ""))


def space_after(line: str, word: str = "") -> str:
    """Return the space that stands between a line under way and its next word, where one does.

    >>> space_after("la rue", "est"), space_after("l'", "eau"), space_after("dis", "-le")
    (' ', '', '')
    """
    glued = not line or line[-1] == " " or word.startswith("-") or (line[-1] == "'" and is_clitic(tokenise(line)[-1]))
    return "" if glued else " "
