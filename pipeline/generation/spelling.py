"""A seed as written -> tokens the model knows; tokens -> text as shown.

The conventions of the training text: `<line>` ends a line, a second one makes an empty line between sections,
`<song>` ends the song. Characters stand for themselves; words are lower case and are shown with a capital at the
start of the line and clitics joined to their word.
"""

import unicodedata
from typing import NamedTuple

from pipeline.language.tokens import fold, is_clitic, tokenise
from pipeline.language.vocabulary import LINE, SONG, SPECIALS, UNK, Ids, Vocabulary
from pipeline.language_models.units import units_of


class Seed(NamedTuple):
    """A seed as tokens, with the distinct entries the vocabulary lacks, in order of appearance."""

    ids: Ids
    unknown: tuple[str, ...]


def read_seed(text: str, vocabulary: Vocabulary) -> Seed:
    """Tokens of `text`, as in training. Nothing is an error; what is unknown becomes `<unk>`."""
    tokens = units_of(vocabulary).tokens(normalised(text))
    ids = vocabulary.encode(tokens)
    unknown = dict.fromkeys(token for token, index in zip(tokens, ids.tolist(), strict=True) if index == UNK)
    return Seed(ids, tuple(unknown))


def normalised(text: str) -> str:
    """Composed accents (NFC) and one kind of line end, as in the training text; no line of blanks left unfinished."""
    head, end, last = text.rpartition("\n")
    text = text if last.strip() else head + end
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()) + ("\n" if text.endswith(("\n", "\r")) else ""))


class Speller:
    """Spells tokens one after the other: knows whether a space or a capital is due.

    >>> speller = Speller("word")
    >>> "".join(map(speller.spell, ["j'", "suis", "là", "<line>", "dis", "-le", "<song>"]))
    "J'suis là\\nDis-le"
    """

    def __init__(self, level: str, before: str = "") -> None:
        self.level = level
        line = fold(before.rsplit("\n", 1)[-1])
        self._capital = not line.strip()
        words = tokenise(line) if level == "word" else []
        self._glued = not line or line[-1].isspace() or (bool(words) and is_clitic(words[-1]) and line[-1] == "'")

    def spell(self, token: str) -> str:
        """The text to append for `token`."""
        if token == SPECIALS[LINE]:
            self._glued = self._capital = True
            return "\n"
        if token == SPECIALS[SONG]:
            return ""
        if self.level == "char":
            return token
        text = token[:1].upper() + token[1:] if self._capital else token
        if not (self._glued or token.startswith("-")):
            text = " " + text
        self._glued, self._capital = is_clitic(token), False
        return text
