"""What a model reads and writes token by token: characters or words. All that differs between them is here.

    units = units_of(vocabulary)          # or UNITS["word"]
    ids = units.encode("J'arrive\\n", vocabulary)
    units.decode(ids, vocabulary)

In tokens an end of line is `<line>`, and `<song>` ends the song (and stands before the next, so that it also says "a
song begins"). Characters are themselves; words are `pipeline.language.tokens`'s. Other units are a subclass and a line
in `UNITS`; its key is what configurations and the command line call `level`.
"""

from collections.abc import Sequence

from pipeline.language.vocabulary import Ids, Level, Vocabulary
from pipeline.language_models.character_units import Characters
from pipeline.language_models.subword_units import Subwords, subwords_of
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.word_units import Words

CHARACTERS, WORDS, SUBWORDS = Characters(), Words(), Subwords()
UNITS: dict[Level, Units] = {units.key: units for units in (CHARACTERS, SUBWORDS, WORDS)}


def units_of(vocabulary: Vocabulary) -> Units:
    """The units that a vocabulary is of."""
    return subwords_of(vocabulary) if vocabulary.level == SUBWORDS.key else UNITS[vocabulary.level]


def encode(text: str, vocabulary: Vocabulary) -> Ids:
    """int32[n] tokens of a text in the units of a vocabulary; unknown ones are `UNK`."""
    return units_of(vocabulary).encode(text, vocabulary)


def decode(ids: Sequence[int] | Ids, vocabulary: Vocabulary) -> str:
    """Readable text of tokens."""
    return units_of(vocabulary).decode(ids, vocabulary)
