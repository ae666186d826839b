"""The pronunciations kept beside a prepared corpus."""

from pathlib import Path

import pytest

from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_pronunciations
from pipeline.errors import CorpusError
from pipeline.language.pronunciations import Pronunciations
from pipeline.paths import prepared_folder


def test_pages_need_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    source = tmp_path / "songs"
    source.mkdir()
    (source / "une.txt").write_text("[Couplet]\nJ'suis dans la rue\nÀ la nuit venue\n", "utf-8")
    prepare(source, "small")
    monkeypatch.setattr("pipeline.language.g2p._load", lambda: pytest.fail("the model was loaded"))
    table = load_pronunciations("small")
    words = load_corpus("small").vocabulary.index2word[4:]
    assert [table[word].text for word in words] == list(words)
    assert table["nuit"].ipa == "nɥi"
    assert load_pronunciations("never-prepared") == Pronunciations()


def test_a_damaged_table_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path))
    folder = prepared_folder() / "small"
    folder.mkdir()
    (folder / "pronunciations.parquet").write_bytes(b"nothing")
    with pytest.raises(CorpusError, match="Prepare it again"):
        load_pronunciations("small")
