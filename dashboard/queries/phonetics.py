"""What is known of how a whole corpus sounds, as queries take it. Knows nothing of where it is stored or cached."""

from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme_index import RhymeIndex


class Phonetics(Protocol):
    """The phonetics of a corpus, which all its subcorpora share. Each part is loaded when it is first asked for."""

    @property
    def line_table(self) -> pd.DataFrame:
        """`phonetic_table`: syllables, rhyme group and longest rhyme of each line, by the id of the line."""
        ...

    @property
    def pronunciations(self) -> Pronunciations:
        """How the words of the corpus sound."""
        ...

    def of_lines(self, lines: Iterable[str]) -> Pronunciations:
        """Return how the words of some lines sound: analysing those of all takes seconds when they are many."""
        ...

    @property
    def vowel_table(self) -> pd.DataFrame:
        """`vowel_counts`: the vowels of each word."""
        ...

    @property
    def rhyme_index(self) -> RhymeIndex:
        """The words of the corpus by their endings."""
        ...

    def visitor_pronunciations(self) -> Pronunciations:
        """Return a copy of `pronunciations` that may learn other words."""
        ...
