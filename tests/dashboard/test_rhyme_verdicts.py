"""What an ear says of two words: kept once a pair, given as a gold file beside what Seize hears."""

import pytest

from dashboard.queries.rhyme_verdicts import VerdictStore, agreement, gold_file
from pipeline.core.errors import SettingError
from pipeline.core.store import Store
from pipeline.language.pronunciations import Pronunciations

TABLE = Pronunciations()


def test_a_pair_has_one_verdict_whichever_word_comes_first() -> None:
    store = VerdictStore("anna", Store(None))
    store.say("Raison", "maison", True)
    store.say("nuit", "mer", True)
    store.say("mer", " nuit ", False)
    verdicts = store.verdicts()
    assert [(each.a, each.b, each.rhymes) for each in verdicts] == [("maison", "raison", True), ("mer", "nuit", False)]
    assert agreement(verdicts, TABLE) == 2
    rows = [row.split("\t") for row in gold_file(verdicts, TABLE).splitlines()]
    assert rows[0] == ["a", "b", "rhymes", "kind", "similarity"]
    assert rows[1] == ["maison", "raison", "yes", "leonine", "1.000"]
    assert rows[2][:4] == ["mer", "nuit", "no", "none"]
    assert VerdictStore("basile", store.store).verdicts() == []


def test_a_gold_file_holds_no_formula() -> None:
    store = VerdictStore("anna", Store(None))
    store.say("=nuit", "bruit", True)
    cells = gold_file(store.verdicts(), TABLE).splitlines()[1].split("\t")
    assert cells[:2] == ["'=nuit", "bruit"]


@pytest.mark.parametrize(("a", "b"), [("nuit", "Nuit"), ("", "nuit"), ("!?", "nuit")])
def test_a_verdict_is_of_two_words(a: str, b: str) -> None:
    with pytest.raises(SettingError, match="two different words"):
        VerdictStore("anna", Store(None)).say(a, b, True)
