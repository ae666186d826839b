import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.generation.constraints import Constraints
from pipeline.generation.form import parse_plan
from pipeline.generation.search.endings import Endings, line_final_words
from pipeline.generation.training_text import TrainingText
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import RHYME_KINDS, Rhyme, RhymeKind, compare_phones

WORDS = [
    "maison",
    "raison",
    "saison",
    "prison",
    "ami",
    "parti",
    "fini",
    "vie",
    "envie",
    "jour",
    "amour",
    "tambour",
    "rue",
    "vu",
    "d'",
    "mmh",
]
SOUNDS = Pronunciations.from_words(WORDS)
ENDINGS = Endings.from_words(WORDS, SOUNDS)
PHONES = st.lists(st.sampled_from(["a", "i", "ɔ̃", "m", "ʁ", "s"]), max_size=6)


def partners(word, richness):
    return [ENDINGS.words[i].text for i in ENDINGS.rhyming_indices(SOUNDS[word].phones, richness)]


@pytest.mark.parametrize(
    ("word", "richness", "expected"),
    [
        ("maison", "suffisante", ["maison", "raison", "saison", "prison"]),
        ("maison", "leonine", ["maison", "raison", "saison"]),  # e z ɔ̃; prison has i z ɔ̃
        ("ami", "pauvre", ["ami", "parti", "fini", "vie", "envie"]),
        ("vie", "suffisante", ["vie", "envie"]),
        ("jour", "suffisante", ["jour", "amour", "tambour"]),
        ("jour", "riche", ["jour"]),  # ʒ u ʁ
        ("rue", "assonance", ["rue", "vu"]),
        ("tambour", "multi2", ["tambour"]),  # ɑ̃ u
    ],
)
def test_partners_by_richness(word, richness, expected):
    assert partners(word, richness) == expected


def completing(word, richness):
    found = ENDINGS.completions_by_vowels(SOUNDS[word].phones, richness)
    return {before: [ENDINGS.words[i].text for i in words] for before, words in found.items()}


def test_a_multi_may_begin_in_the_words_before_the_last():
    assert completing("tambour", "multi2") == {("ɑ̃",): ["jour"]}  # "dans le tambour": a line on ɑ̃, then jour
    assert completing("parti", "multi2") == {("a",): ["vie"]}
    assert completing("tambour", "riche") == {}
    assert completing("jour", "multi2") == {}, "one vowel is no multi"


def test_clitics_and_noises_end_no_line():
    assert not {"d'", "mmh"} & {word.text for word in ENDINGS.words}


def test_a_word_that_opens_a_rhyme_has_partners():
    words = {ENDINGS.words[i].text for i in ENDINGS.indices_with_rhymes("suffisante", 2)}
    assert words == {"maison", "raison", "saison", "prison", "jour", "amour", "tambour"}


@given(PHONES, PHONES, st.sampled_from(sorted(RHYME_KINDS)))
def test_equal_keys_are_rhymes_of_that_richness(a, b, richness):
    """The index and the judge of rhymes agree, on phones neither of which is too short for a key."""
    keys = RHYME_KINDS[richness].rhyme_phones(a), RHYME_KINDS[richness].rhyme_phones(b)
    if None not in keys:
        assert (keys[0] == keys[1]) == RHYME_KINDS[richness].includes_rhyme(compare_phones(tuple(a), tuple(b)))


def test_multis_count_vowels():
    assert RHYME_KINDS["multi3"].includes_rhyme(Rhyme("assonance", 0, 3))
    assert not RHYME_KINDS["multi2"].includes_rhyme(Rhyme("riche", 3, 1))


def test_a_kind_of_rhyme_is_one_entry(monkeypatch):
    five = RhymeKind("multi5", "Multi", "Multi: 5 vowels", 5, consonants=False)
    monkeypatch.setitem(RHYME_KINDS, "multi5", five)
    assert Constraints(richness="multi5").richness == parse_plan("couplet 4 AABB multi5")[0].richness == "multi5"
    assert Endings.from_words(WORDS, SOUNDS).rhyming_indices(("a", "i", "a", "i"), "multi5") == ()  # too few vowels
    assert five.includes_rhyme(compare_phones(tuple("aiaia"), tuple("aimaia")))


def test_a_word_that_three_of_its_hundred_uses_put_at_the_end_may_end_a_line():
    lines = ["la nuit " * 97 + "oui", *["la nuit"] * 3, *["nuit la"] * 2]  # la ends 2 of 102 lines, nuit 3 of 102
    assert line_final_words(TrainingText.from_texts(["\n".join(lines)], "fins")) == ["oui"]
    lines = ["la nuit " * 97 + "oui", *["la nuit"] * 3]  # nuit 3 of 100
    ends = line_final_words(TrainingText.from_texts(["\n".join(lines)], "fins"))
    assert ends == ["nuit", "oui"]
