"""The pronunciations kept beside a prepared corpus."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.analysis.line_sounds import line_sounds
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import keep_table, kept_table, load_corpus, load_pronunciations
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


def test_a_song_asks_for_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    prepare(tmp_path / "un.txt", "un")
    few = load_pronunciations("un", ["soir", "inconnu"])
    assert dict(few) == {"soir": load_pronunciations("un")["soir"]}


def test_how_lines_sound_is_kept_until_the_corpus_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    corpus, _ = prepare(tmp_path / "un.txt", "un")
    assert kept_table("un", "sounds") is None
    shares: list[float] = []
    sounds = line_sounds(corpus, load_pronunciations("un"), shares.append)
    keep_table("un", "sounds", sounds)
    pd.testing.assert_frame_equal(kept_table("un", "sounds"), sounds)
    assert shares == [0]
    (prepared_folder() / "un" / "sounds.parquet").write_bytes(b"damaged")
    assert kept_table("un", "sounds") is None
    prepare(tmp_path / "un.txt", "un")
    assert not (prepared_folder() / "un" / "sounds.parquet").exists()
