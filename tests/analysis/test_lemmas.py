"""Dictionary forms: what our table corrects above simplemma's."""

import pytest

from pipeline.analysis.variants import lemma, lemmatise
from pipeline.corpus.table import Corpus


@pytest.mark.parametrize(
    ("forms", "standard"),
    [
        ("notre nos", "notre"),
        ("votre vos", "votre"),
        ("mon ma mes", "mon"),
        ("ton ta tes", "ton"),
        ("son sa ses", "son"),
        ("leur leurs", "leur"),
        ("paris", "paris"),  # the city, not the bets
        ("love loves", "love"),
        ("s", "s"),
        ("q' qu' que", "que"),
        ("parc' parce", "parce"),
        ("chevaux cheval", "cheval"),
        ("suis sommes sont", "être"),
    ],
)
def test_forms_have_the_lemma_of_a_dictionary(forms: str, standard: str) -> None:
    assert {lemma(form) for form in forms.split()} == {standard}


def test_possessives_stay_apart(corpus: Corpus) -> None:
    assert lemmatise(corpus).counts().sum() == corpus.counts().sum()
    assert len({lemma(word) for word in ("mon", "ton", "son", "notre", "votre", "leur")}) == 6
