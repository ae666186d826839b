"""The record of a measure (definition, formula, source, ranking, reference value), and which groups may be ranked.

The records stand beside the functions, in the `MEASURES` of each module: who adds a measure writes both in one file.
`methods` lists them all, `rankings` those that rank. Here is the contract, and the texts of the reference values.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.analysis.counting import Floats, Ints, Mask
from pipeline.language.phones import Pronunciation
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import tokenise

# Baudelaire, "Harmonie du soir" (1857): 140 words, 66 types. Its reference values are those of three packages.
POEM = """\
Voici venir les temps où vibrant sur sa tige
Chaque fleur s'évapore ainsi qu'un encensoir ;
Les sons et les parfums tournent dans l'air du soir ;
Valse mélancolique et langoureux vertige !
Chaque fleur s'évapore ainsi qu'un encensoir ;
Le violon frémit comme un cœur qu'on afflige ;
Valse mélancolique et langoureux vertige !
Le ciel est triste et beau comme un grand reposoir.
Le violon frémit comme un cœur qu'on afflige,
Un cœur tendre, qui hait le néant vaste et noir !
Le ciel est triste et beau comme un grand reposoir ;
Le soleil s'est noyé dans son sang qui se fige.
Un cœur tendre, qui hait le néant vaste et noir,
Du passé lumineux recueille tout vestige !
Le soleil s'est noyé dans son sang qui se fige…
Ton souvenir en moi luit comme un ostensoir !"""
# IPA of the example words that no lexicon here has. The model would return the same, after a second.
EXAMPLE_IPA = {
    "voici": "vwasi", "venir": "vəniʁ", "temps": "tɑ\u0303", "vibrant": "vibʁɑ\u0303", "tige": "tiʒ",
    "maison": "mezɔ\u0303", "raison": "ʁɛzɔ\u0303", "nuit": "nɥi", "longue": "lɔ\u0303ɡ", "vie": "vi",
    "ombre": "ɔ\u0303bʁ", "va": "va", "devant": "dəvɑ\u0303", "hier": "jɛʁ", "rue": "ʁy", "encore": "ɑ\u0303kɔʁ",
    "perdu": "pɛʁdy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublishedValueCheck:
    """A published value of a measure beside the one computed now, in the same unit; `tolerance` is absolute."""

    expected: float
    observed: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the published value and the computed one agree within the tolerance."""
        return abs(self.expected - self.observed) <= self.tolerance


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A published value to check a measure against; `case` (an example) and `authority` (a source) are translated."""

    case: str
    authority: str
    expected: float
    compute: Callable[[], float]
    tolerance: float = 0.0

    def compare_with_computed(self) -> PublishedValueCheck:
        """Return the published value beside the one computed now."""
        return PublishedValueCheck(self.expected, float(self.compute()), self.tolerance)


# What a group needs to be ranked or named first: figures of smaller ones are chance.
LEAST_SONGS, LEAST_WORDS = 3, 1000
LEAST_COVERAGE = 0.5  # share of words that a measure rates, over that of all groups together


def rankable_mask(table: pd.DataFrame) -> Mask:
    """Return bool[rows]: which groups are large enough to be ranked, by songs, words and share of rated words.

    Each is checked where the table has its column: songs; words, tokens or syllables; rated (of the words).
    """
    large = np.ones(len(table), bool)
    words = next((table[name] for name in ("words", "tokens", "syllables") if name in table), None)
    if "songs" in table:
        large &= (table["songs"] >= LEAST_SONGS).to_numpy(bool)
    if words is not None:
        large &= (words >= LEAST_WORDS).to_numpy(bool)
    if words is not None and "rated" in table:
        coverage = table["rated"].sum() / max(words.sum(), 1)
        large &= (table["rated"] >= LEAST_COVERAGE * coverage * words).to_numpy(bool)
    return large


def rankable_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the groups that are large enough to be ranked, or all rows where none is.

    >>> rankable_groups(pd.DataFrame({"artist": ["A", "B"], "songs": [9, 1], "words": [5000, 14]}))["artist"].tolist()
    ['A']
    """
    large = rankable_mask(table)
    return table[large] if large.any() else table


@dataclass(frozen=True, slots=True)
class RankingCriterion:
    """A way to rank groups: a measure with one of its settings.

    key          its name in commands, addresses and notebooks
    of_spectrum  the measure where it counts; None where it reads in order, in windows of `window` words
    label, name  with its settings, and without; translated where they are shown; "" for the name of the measure
    lower        whether the lower value is the richer
    comparable   between texts of unequal length
    """

    key: str
    of_spectrum: Callable[..., Floats] | None = None
    label: str = ""
    name: str = ""
    lower: bool = False
    comparable: bool = False
    window: int = 0


@dataclass(frozen=True, slots=True)
class RankingFamily:
    """Rankings named by a number from `low` to `high`, such as mattr_75; `make` returns the ranking for a number."""

    family: str
    low: int
    high: int
    make: Callable[[int], RankingCriterion]


@dataclass(frozen=True, slots=True)
class Measure:
    """The documentation of a measure: `family`, `name`, `definition` are translated; "—" stands for no source.

    `rankings` are those that pages list, `numbered` the family of those with a number of one's own.
    """

    family: str
    name: str
    definition: str
    formula: str
    source: str
    reference: ReferenceValue
    rankings: tuple[RankingCriterion, ...] = ()
    numbered: RankingFamily | None = None


def poem_tokens() -> list[str]:
    """Return the 140 tokens of Baudelaire's "Harmonie du soir", the example text of reference values."""
    return tokenise(POEM.replace("\n", " "))


def word_ids(words: list[str]) -> Ints:
    """Return int32[n]: a number for each word; equal words have equal numbers."""
    return np.unique(words, return_inverse=True)[1].astype(np.int32)


def example_pronunciations() -> Pronunciations:
    """Return the pronunciations of the words in the measures' examples, without loading a pronunciation model."""
    return Pronunciations(Pronunciation(word, ipa, "model") for word, ipa in EXAMPLE_IPA.items())
