"""Determiners and subjects that a word does not go with, from what the corpus says."""

from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.search.pairs import ungrammatical_pairs
from tests.corpora import make_corpus
from tests.generation.fakes import learnt

LINES = (
    ["le jour", "un jour", "ce jour", "la nuit", "une nuit", "ma nuit", "mon amie", "une amie", "ma rue", "ton banc"]
    * 3
    + ["les murs", "des murs", "mes murs", "je la prends", "tu la prends", "le rouge", "une rouge", "des rouge"] * 3
    + ["je veux", "tu veux", "il veut", "on veut"] * 12
)


def pairs():
    song = Song("T", "A", (Section("couplet", tuple(map(Line, LINES))),))
    return ungrammatical_pairs(learnt(make_corpus("test", [song])))


def test_what_the_corpus_never_says_does_not_agree():
    found = pairs()
    # ta nuit, ce murs, elle veux were never seen, nor was any word like ta with what is not like nuit
    assert {("un", "nuit"), ("sa", "jour"), ("ce", "murs"), ("les", "jour"), ("elle", "veux")} <= found
    assert found.isdisjoint({("ta", "nuit"), ("au", "jour"), ("leurs", "murs"), ("elle", "veut"), ("tu", "veux")})


def test_what_may_stand_there_is_left_alone():
    found = pairs()
    assert ("mon", "amie") not in found  # before a vowel
    assert ("le", "prends") not in found  # a pronoun, before a verb
    assert not any(word == "rouge" for _, word in found)
