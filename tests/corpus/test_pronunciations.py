"""The pronunciations kept beside a prepared corpus."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from pipeline.__main__ import main
from pipeline.analysis.sound import phonetic_table as phonetic_table_module
from pipeline.analysis.sound.phonetic_table import transcribe_lines
from pipeline.commands import prepare as command
from pipeline.core.paths import prepared_folder
from pipeline.corpus.layers import corpus_pronunciations
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_precomputed, load_pronunciations, save_precomputed
from pipeline.language.pronunciations import Pronunciations


def test_few_words_are_transcribed_when_they_are_asked_for_and_then_need_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    source = tmp_path / "songs"
    source.mkdir()
    (source / "une.txt").write_text("[Couplet]\nJ'suis dans la rue\nÀ la nuit venue\n", "utf-8")
    prepare(source, "small")
    assert load_pronunciations("small") == Pronunciations()
    asked = corpus_pronunciations(load_corpus("small"))
    monkeypatch.setattr("pipeline.language.g2p._load_model", lambda: pytest.fail("the model was loaded"))
    table = load_pronunciations("small")
    assert table == asked
    words = load_corpus("small").vocabulary.index2word[4:]
    assert [table[word].text for word in words] == list(words)
    assert table["nuit"].ipa == "nɥi"
    assert load_pronunciations("never-prepared") == Pronunciations()


def test_a_damaged_table_is_transcribed_again_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    before = corpus_pronunciations(prepare(tmp_path / "un.txt", "un")[0])
    path = prepared_folder() / "un" / "pronunciations.parquet"
    path.write_bytes(b"nothing")
    assert load_pronunciations("un") == Pronunciations()
    assert path.name in caplog.text
    assert corpus_pronunciations(load_corpus("un")) == before == load_pronunciations("un")


def test_a_song_asks_for_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    corpus_pronunciations(prepare(tmp_path / "un.txt", "un")[0])
    few = load_pronunciations("un", ["soir", "inconnu"])
    assert dict(few) == {"soir": load_pronunciations("un")["soir"]}


def test_how_lines_sound_is_kept_until_the_corpus_is_prepared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    corpus, _ = prepare(tmp_path / "un.txt", "un")
    assert load_precomputed("un", "sounds") is None
    shares: list[float] = []
    sounds = transcribe_lines(corpus, load_pronunciations("un"), shares.append)
    save_precomputed("un", "sounds", sounds)
    pd.testing.assert_frame_equal(load_precomputed("un", "sounds"), sounds)
    assert shares == [0, 1]
    (prepared_folder() / "un" / "sounds.parquet").write_bytes(b"damaged")
    assert load_precomputed("un", "sounds") is None
    prepare(tmp_path / "un.txt", "un")
    assert not (prepared_folder() / "un" / "sounds.parquet").exists()


def test_workers_hear_what_one_process_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    monkeypatch.setattr(phonetic_table_module, "_LINES_PER_TASK", 3)
    monkeypatch.setattr(phonetic_table_module, "_WORDS_PER_TASK", 5)
    song = "[Couplet]\nLe soir tombe\nSur la ville\nTout est tranquille\n(ouais)\n\n[Refrain]\nLa nuit\nLe bruit\n"
    (tmp_path / "un.txt").write_text(song + "\n[Couplet]\nJ'suis là\n" + song, "utf-8")
    corpus, _ = prepare(tmp_path / "un.txt", "un")
    shares: list[float] = []
    with ThreadPoolExecutor(2) as workers:
        command.precompute_results(corpus, shares.append, workers)
    assert shares[0] == 0 < shares[1] < shares[-1] == 1
    assert shares == sorted(shares)
    for name in ("_LINES_PER_TASK", "_WORDS_PER_TASK"):  # all at once
        monkeypatch.setattr(phonetic_table_module, name, 1_000)
    pd.testing.assert_frame_equal(load_precomputed("un", "sounds"), transcribe_lines(corpus, load_pronunciations("un")))
    assert len(load_precomputed("un", "vowels"))


@pytest.mark.slow
def test_a_large_corpus_is_heard_by_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    (tmp_path / "un.txt").write_text("Le soir tombe\nSur la ville\n", "utf-8")
    assert main(["prepare", str(tmp_path / "un.txt"), "--name", "un", "--quiet"]) == 0
    assert load_precomputed("un", "sounds") is None
    monkeypatch.setattr(command, "LARGE_CORPUS_LINES", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert main(["prepare", str(tmp_path / "un.txt"), "--name", "un", "--quiet"]) == 0
    assert len(load_precomputed("un", "sounds")) == 2
    assert load_precomputed("un", "phrases") is not None
    assert len(load_precomputed("un", "vowels"))
