"""The examples of `methods`: short texts and counts for which the field prints a value, and what this code gives there.

Values of the poem are for Baudelaire's "Harmonie du soir" (1857), 140 words, 66 types.
"""

import re
from collections.abc import Callable

import numpy as np

from pipeline.analysis import collocations, dispersion, laws, rhyme_factor, similarity
from pipeline.analysis.counting import Floats, Ints, count_matrix
from pipeline.analysis.diversity import Spectrum, spectrum
from pipeline.analysis.rhyme_factor import VowelText
from pipeline.language.phones import Pronunciation
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.section_rhymes import SectionRhymes, find_section_rhymes
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

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
QUATRAIN = ("J'ai pas le temps", "Mais va devant", "Hier la rue", "Encore perdu")
# How the words of the examples sound that no lexicon of ours has. The model would say the same, after a second.
SOUNDS = {
    "voici": "vwasi", "venir": "vəniʁ", "temps": "tɑ\u0303", "vibrant": "vibʁɑ\u0303", "tige": "tiʒ",
    "maison": "mezɔ\u0303", "raison": "ʁɛzɔ\u0303", "nuit": "nɥi", "longue": "lɔ\u0303ɡ", "vie": "vi",
    "ombre": "ɔ\u0303bʁ", "va": "va", "devant": "dəvɑ\u0303", "hier": "jɛʁ", "rue": "ʁy", "encore": "ɑ\u0303kɔʁ",
    "perdu": "pɛʁdy",
}  # fmt: skip


def poem_words() -> list[str]:
    """Return the poem as this project cuts it into words."""
    return tokenise(POEM.replace("\n", " "))


def word_ids(words: list[str]) -> Ints:
    """Return int32[n]: a number for each word, equal where words are."""
    return np.unique(words, return_inverse=True)[1].astype(np.int32)


def measure_poem(measure: Callable[[Spectrum], Floats]) -> float:
    """Return a measure of the poem's frequency spectrum."""
    return float(measure(spectrum(np.bincount(word_ids(poem_words())))))


def gries_dispersion(column: str) -> float:
    """Return a column of `dispersion` for the letter i in the five parts of Gries 2008."""
    parts = ["b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a", "b a g h a b e a a t"]
    words = [part.split() for part in (*parts, "b a h a a b e a x a t")]
    groups = np.repeat(np.arange(5), [len(part) for part in words])
    entries, ids = np.unique([word for part in words for word in part], return_inverse=True)
    table = dispersion.dispersion(count_matrix(ids, groups, (5, len(entries))))
    return float(table[column][int(np.flatnonzero(entries == "i")[0])])


def zipf_exponent() -> float:
    """Return the exponent fitted to counts made with a = 1.15 and b = 2.7."""
    counts = np.round(1e7 * (np.arange(1, 2001) + 2.7) ** -1.15).astype(int)
    fit = laws.fit_zipf(counts)
    return fit.a if fit else float("nan")


def labbe_distance() -> float:
    """Return Labbé's distance of the texts with counts 2 0 2 0 and 4 2 1 1."""
    counts = count_matrix(np.repeat([0, 2, 0, 1, 2, 3], [2, 2, 4, 2, 1, 1]), np.repeat([0, 1], [4, 8]), (2, 4))
    return float(similarity.labbe(counts)[0, 1])


def pair_score(name: str, *counts: int) -> float:
    """Return a score of `collocations.scores` for n_ii, n_ix, n_xi, n_xx."""
    n_ii, n_ix, n_xi, total = counts
    return float(collocations.scores(np.array([n_ii]), (np.array([n_ix]), np.array([n_xi])), total)[name][0])


def quatrain_rhymes() -> SectionRhymes:
    """Return the rhymes of `QUATRAIN`."""
    table = example_pronunciations()
    return find_section_rhymes([scan_line(line, table) for line in QUATRAIN])


def example_pronunciations() -> Pronunciations:
    """Return how the words of the examples sound, without the model."""
    return Pronunciations(Pronunciation(word, ipa, "model") for word, ipa in SOUNDS.items())


def finnish_rhyme_factor() -> float:
    """Return the rhyme factor of the published example; letters are phonemes in Finnish."""
    words = ["talo", "on", "punainen", "kalo", "on", "tunailen"]
    return rhyme_factor.rhyme_factor(VowelText.of([[(word, re.findall("[aeiouyäö]", word)) for word in words]]), 10)


def heaps_exponent() -> float:
    """Return the exponent fitted to types = 3 √tokens."""
    sizes = np.array([10, 100, 1000])
    fit = laws.fit_heaps(sizes, 3 * np.sqrt(sizes))
    return fit.beta if fit else float("nan")
