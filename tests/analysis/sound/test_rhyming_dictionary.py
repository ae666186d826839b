"""The rhyming dictionary: words in groups, near find_rhymes, filters, phrases; of a corpus and of French."""

from collections import Counter
from collections.abc import Callable

import pytest

from pipeline.analysis.sound.phonetic_table import pronunciations
from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter, mosaic_rhymes, rhymes_of_text
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.rhyme import KINDS, PERFECT_KIND_NAMES, compare_rhyme
from pipeline.language.rhyme_index import is_weak_rhyme_word
from pipeline.language.syllables import scan_line
from tests.corpora import make_corpus

LINES = """une maison une raison des raisons la rézon une saison une prison un poison
un cadeau un sac à dos là où les mots un pote chelou un loup relou partout
simple humble ample quatre cadre battre battre belge neige l'ombre le monde la nuit"""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    lines = tuple(map(Line, LINES.splitlines()))
    return make_corpus("dictionary", [Song("Un", "Aube", (Section("couplet", lines),))])


def words(corpus: Corpus, text: str, **options: object) -> list[str]:
    return rhymes_of_text(corpus, text, RhymeFilter(french=False, **options))["word"].tolist()  # type: ignore[arg-type]


def test_forms_homophones_and_misspellings_stand_together(corpus: Corpus) -> None:
    table = rhymes_of_text(corpus, "maison", RhymeFilter("pauvre", french=False))
    assert table["word"].tolist() == ["raison", "saison", "poison", "prison"]  # richest first
    assert set(table["forms"].iloc[0].split(", ")) == {"raisons", "rézon"}
    assert table["frequency"].tolist() == [3, 1, 1, 1]
    assert words(corpus, "raisons")[0] == "maison", "no form of the word itself"


def test_near_rhymes_come_by_the_closeness_of_their_consonants(corpus: Corpus) -> None:
    assert words(corpus, "quatre") == ["battre", "cadre", "sac"]  # the rhyme, then dʁ and k against tʁ
    assert words(corpus, "simple") == ["humble"]
    assert words(corpus, "belge") == ["neige"]
    assert words(corpus, "ombre") == ["monde"]
    assert words(corpus, "ombre", least="pauvre") == []


@pytest.mark.parametrize("text", ["maison", "quatre", "un cadeau", "fou", "le monde"])
def test_a_row_is_how_its_word_rhymes_and_how_often_its_forms_occur(corpus: Corpus, text: str) -> None:
    table = rhymes_of_text(corpus, text, RhymeFilter("assonance", french=False))
    sounds, counts = pronunciations(corpus), Counter(" ".join(LINES.split()).replace("l'", "l' ").split())
    assert len(table) > 1
    for row in table.itertuples():
        rhyme = compare_rhyme(text, row.word, sounds)
        assert (row.kind, row.shared_vowels, row.shared_phones) == (
            rhyme.kind,
            rhyme.shared_vowels,
            rhyme.shared_phones,
        )
        assert row.similarity == pytest.approx(rhyme.similarity)
        assert row.syllables == scan_line(row.word, sounds).syllables.spoken
        forms = [row.word, *filter(None, row.forms.split(", "))]
        assert row.frequency == sum(counts[form] for form in forms) > 0
        assert counts[row.word] == max(counts[form] for form in forms)
        assert row.french == 0
    keys = [
        (is_weak_rhyme_word(row.word), -KINDS.index(row.kind), 0 if row.kind in PERFECT_KIND_NAMES else -row.similarity)
        for row in table.itertuples()
    ]
    assert keys == sorted(keys)


def test_filters(corpus: Corpus) -> None:
    assert words(corpus, "fou", least="pauvre", register="verlan") == ["chelou", "relou"]
    assert words(corpus, "monde", vowel=True) == ["ombre"]
    assert words(corpus, "maison", syllables=(1,)) == []
    assert words(corpus, "quatre", verse=True) == ["battre", "cadre"]  # sac ends on no mute e
    with pytest.raises(SettingError, match="verlan"):
        rhymes_of_text(corpus, "fou", RhymeFilter(register="latin"))
    with pytest.raises(SettingError, match="riche"):
        rhymes_of_text(corpus, "fou", RhymeFilter("opulente"))


def test_words_of_french_stand_beside_those_of_the_corpus(corpus: Corpus) -> None:
    table = rhymes_of_text(corpus, "meurtre").set_index("word")
    assert "heurte" in table.index
    assert (table["frequency"] == 0).all()
    assert table.loc["heurte", "french"] > 0
    assert "simples" not in rhymes_of_text(corpus, "simple")["word"].tolist()


def test_phrases_rhyme_over_their_words(corpus: Corpus) -> None:
    table = mosaic_rhymes(corpus, "cadeau")
    assert table["phrase"].tolist() == ["sac à dos"]
    assert table["shared_phones"].tolist() == [4]
    assert mosaic_rhymes(corpus, "dos").empty, "one vowel crosses no border"
    assert mosaic_rhymes(corpus, "cadeau", most=0).empty
    lines = tuple(map(Line, ("mis à dos", "pris à dos")))
    longer = make_corpus("dos", [Song("Un", "Aube", (Section("couplet", lines),))])
    assert mosaic_rhymes(longer, "cadeau")[["phrase", "count"]].values.tolist() == [["à dos", 2]], "no word too many"


@pytest.mark.parametrize("ask", [rhymes_of_text, mosaic_rhymes])
def test_a_word_longer_than_any_is_refused_in_a_sentence(corpus: Corpus, ask: Callable[..., object]) -> None:
    with pytest.raises(SettingError, match="5000 letters"):
        ask(corpus, "a" * 5000)


def test_no_more_of_a_phrase_is_compared_than_the_longest_word_holds(corpus: Corpus) -> None:
    once, often = (rhymes_of_text(corpus, "la maison " * times, RhymeFilter(french=False)) for times in (1, 300))
    assert once["word"].tolist() == often["word"].tolist()


def test_a_slip_of_the_pen_is_no_word_that_is_attested(corpus: Corpus) -> None:
    """`zuison` occurs once and is in no dictionary; `zaison` occurs three times."""
    lines = ["la maison", "la zuison", *["la zaison"] * 3, "la raison"]
    part = make_corpus("slips", [Song("x", "Aube", (Section("couplet", tuple(map(Line, lines))),))])
    words = set(rhymes_of_text(part, "maison", RhymeFilter("suffisante", attested=True))["word"])
    everything = set(rhymes_of_text(part, "maison", RhymeFilter("suffisante"))["word"])
    assert "zuison" in everything
    assert "zuison" not in words
    assert {"raison", "zaison"} <= words
    nights = rhymes_of_text(part, "la nuit", RhymeFilter("suffisante", attested=True))["word"]
    assert set(nights.head(2)) == {"minuit", "ennui"}
    assert not {"anui", "mienuit", "genui", "négociationhuit", "amputauit"} & set(nights)
