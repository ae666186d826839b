"""The rhymes among the words of a theme and of a corpus. Knows no Streamlit."""

from collections import defaultdict
from collections.abc import Sequence

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import phones_key

FAMILIES, FEWEST = 6, 3
SHOWN = 6  # words of a family


def rhyme_families(words: Sequence[str], sounds: Pronunciations) -> list[list[str]]:
    """Return words of the corpus that rhyme with words of a theme, a list each: the theme's own first.

    The families of the words nearest to the theme come first; one of fewer than `FEWEST` words is left out.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for word in sounds.values():
        if word.syllables:
            families[phones_key(word.rhymes[0])].append(word.text)
    found = list[list[str]]()
    for key in dict.fromkeys(phones_key(sounds[word].rhymes[0]) for word in words if word in sounds):
        own = [word for word in words if word in sounds and phones_key(sounds[word].rhymes[0]) == key]
        family = list(dict.fromkeys([*own, *families[key]]))
        if key and len(family) >= FEWEST:
            found.append(family[:SHOWN])
    return found[:FAMILIES]
