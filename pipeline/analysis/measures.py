"""One record a measure: what it is, its formula and source, how groups are ranked by it, and a value that proves it;
and from which size on a group is ranked at all.

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
# How the words of the examples sound that no lexicon of ours has. The model would say the same, after a second.
EXAMPLE_IPA = {
    "voici": "vwasi", "venir": "vəniʁ", "temps": "tɑ\u0303", "vibrant": "vibʁɑ\u0303", "tige": "tiʒ",
    "maison": "mezɔ\u0303", "raison": "ʁɛzɔ\u0303", "nuit": "nɥi", "longue": "lɔ\u0303ɡ", "vie": "vi",
    "ombre": "ɔ\u0303bʁ", "va": "va", "devant": "dəvɑ\u0303", "hier": "jɛʁ", "rue": "ʁy", "encore": "ɑ\u0303kɔʁ",
    "perdu": "pɛʁdy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MethodCheck:
    """A reference value beside what the code gives now; both in one unit, `tolerance` absolute."""

    expected: float
    observed: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the two agree."""
        return abs(self.expected - self.observed) <= self.tolerance


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """`case` says in words what is computed, `authority` who printed the expected value; both are translated."""

    case: str
    authority: str
    expected: float
    compute: Callable[[], float]
    tolerance: float = 0.0

    def check(self) -> MethodCheck:
        """Compute the reference value again."""
        return MethodCheck(self.expected, float(self.compute()), self.tolerance)


# What a group has at least to be ranked, to lead a headline or to be told of: figures of fewer are chance.
LEAST_SONGS, LEAST_WORDS = 3, 1000
LEAST_COVERAGE = 0.5  # share of words that a measure rates, over that of all groups together


def is_ranked(table: pd.DataFrame) -> Mask:
    """Return bool[rows]: whether each group is large enough to be ranked, by those of the columns songs, words (tokens,
    or syllables, of which a word has one at least) and rated (of its words) that a table of groups has. The others are
    "not ranked".
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


def ranked_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the groups that are ranked, or all where none is large enough: then there is nobody better to set beside.

    >>> ranked_groups(pd.DataFrame({"artist": ["A", "B"], "songs": [9, 1], "words": [5000, 14]}))["artist"].tolist()
    ['A']
    """
    large = is_ranked(table)
    return table[large] if large.any() else table


@dataclass(frozen=True, slots=True)
class RankingCriterion:
    """How groups are ranked by a measure, with one of its settings.

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
    """A family of rankings whose number is free: rarefied_20000, mattr_75. `label` without it; `make` takes it."""

    family: str
    low: int
    high: int
    make: Callable[[int], RankingCriterion]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is: `family`, `name` and `definition` are translated; `formula` in plain text; "—" for no source.

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


def poem_words() -> list[str]:
    """Return the poem as this project cuts it into words."""
    return tokenise(POEM.replace("\n", " "))


def word_ids(words: list[str]) -> Ints:
    """Return int32[n]: a number for each word, equal where words are."""
    return np.unique(words, return_inverse=True)[1].astype(np.int32)


def example_pronunciations() -> Pronunciations:
    """Return how the words of the examples sound, without the model."""
    return Pronunciations(Pronunciation(word, ipa, "model") for word, ipa in EXAMPLE_IPA.items())
