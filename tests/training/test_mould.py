"""The measures of a mould, on texts in which all can be counted by hand."""

import pytest

from tests.benchmark_script import benchmark_script

TEXTS = [["Il a vu la mer au matin", "Je sors ce soir"], ["Il a bu un café au matin", "Elle dort : « Viens »"]]


@pytest.fixture(scope="module")
def mould():
    return benchmark_script("mould")


def test_words_in_spans_of_four_that_were_read(mould):
    read = mould.spans_of(["Hier il a vu la mer", "ce soir"])
    assert mould.covered(TEXTS, read) == 5 / (7 + 4 + 7 + 3)  # "il a vu la mer"


def test_beginnings_ends_and_quotations(mould):
    assert mould.commonest_beginning(TEXTS) == 0.5  # "il a"
    assert mould.quoting(TEXTS) == 0.25
    assert mould.repeated_ends(TEXTS) == 0
    assert mould.repeated_ends([*TEXTS, ["Moi, je sors ce soir"]]) == pytest.approx(2 / 5)


def test_parts_of_speech_that_come_again(mould):
    tagged = [["PRON VERB DET NOUN", "PRON VERB"], ["DET NOUN PRON VERB DET NOUN", "PRON VERB"]]
    assert mould.different_tails(tagged) == 0.5
    assert mould.repeated_patterns(tagged) == 0.5
    assert mould.compression(tagged * 200) > mould.compression(tagged)
