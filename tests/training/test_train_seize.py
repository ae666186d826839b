"""What the shipped writer reads: stanzas without quotations, plain sentences, and what each text is told."""

import lzma

import pytest

from pipeline.corpus.song import Line, Section, Song
from tests.benchmark_script import benchmark_script
from tests.corpora import make_corpus


def stanza(number, *lines):
    return Song(f"nuit, clé ({number})", "rue", (Section("couplet", tuple(map(Line, lines))),), facets={"who": "je"})


@pytest.fixture(scope="module")
def script():
    return benchmark_script("train_seize")


def test_a_stanza_with_a_quotation_is_left_out_whole(script):
    corpus = make_corpus("essai", [stanza(1, "Il dort", "Je sors"), stanza(2, "Il a dit : « Sors »", "Je sors")])
    assert script.plain_stanzas(corpus).songs["title"].tolist() == ["nuit, clé (1)"]


def test_a_text_is_told_its_source_what_it_is_and_its_words(script):
    corpus = make_corpus("essai", [stanza(n, f"Ligne {n}", "Je sors") for n in range(9)])
    split = script.told_split(corpus, "verses", "field", ("who",), titled=True)
    told = ("<source:verses>", "<field:rue>", "<who:je>", "<text:words> nuit clé")
    assert {label for side in split.labels.values() for label in side} == {(told,)}


def test_plain_sentences_are_short_and_name_no_one(script, tmp_path):
    lines = ["Je sors de chez moi.", "Tom sort de chez lui.", "Où allez-vous ce soir ?", "Non.", '" Il sort de là "']
    path = tmp_path / "speech.txt.xz"
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    assert script.plain_sentences(path) == ["Je sors de chez moi\n"]
