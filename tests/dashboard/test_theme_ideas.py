"""The rhymes among the words of a theme."""

from dashboard.queries.rhyming_dictionary import rhyme_families
from pipeline.language.pronunciations import Pronunciations


def test_families_begin_with_the_words_of_the_theme() -> None:
    sounds = Pronunciations.from_words(["bruit", "nuit", "pluie", "mer", "fer", "hiver", "zut"])
    assert rhyme_families(["nuit", "mer", "zut", "absent"], sounds) == [
        ["nuit", "bruit", "pluie"],
        ["mer", "fer", "hiver"],
    ]
