"""Saving and loading: whole or not at all."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.core.errors import CorpusError, SettingError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import (
    changed_corpus_files,
    load_corpus,
    load_original,
    load_precomputed,
    save_artist_merges,
    save_precomputed,
)
from pipeline.corpus.table import Corpus, describe_corpus
from tests.corpora import lines_with_texts


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Corpus]:
    """The folder of prepared corpora with one of 300 songs in it, and that corpus."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("prepared")
    for n in range(300):
        (source / f"{n:03}.txt").write_text(f"La mer est là <br>Elle attend\nnuméro {n} {'x' * n}", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", str(folder))
        return folder, prepare(source, "mine")[0]


@pytest.fixture
def corpus(stored: tuple[Path, Corpus], prepared: Path) -> Corpus:
    """That corpus, in a folder of one test."""
    shutil.copytree(stored[0], prepared)
    return stored[1]


def test_a_line_says_each_size_once(corpus: Corpus) -> None:
    words = len(corpus.tokens)
    assert describe_corpus(corpus) == f"Corpus 'mine': 300 songs by 1 artists, 900 lines, {words:,} words"


def test_a_round_trip(corpus) -> None:
    again = load_corpus("mine")
    for table in ("songs", "sections", "lines"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(corpus, table))
    assert (again.tokens == corpus.tokens).all()
    assert (again.adlib == corpus.adlib).all()
    assert again.vocabulary == corpus.vocabulary
    assert again.texts.tolist() == corpus.texts.tolist()


def test_parts_share_the_texts_of_lines(corpus) -> None:
    part = corpus.where(artists=corpus.artists[:1])
    assert "text" not in part.lines
    assert part.all_texts is corpus.all_texts
    assert part.texts.index.equals(part.lines.index)
    assert part.texts.tolist() == corpus.texts[part.lines.index].tolist() == lines_with_texts(part)["text"].tolist()
    first, last = part.lines.index[[0, -1]]
    assert part.texts_of([last, first, last]) == [part.texts[line] for line in (last, first, last)]
    with pytest.raises(SettingError, match="no line"):
        part.texts_of([first, len(corpus.all_texts)])


def test_originals_stand_beside_the_cleaned_text(corpus) -> None:
    assert load_original("mine", 0).startswith("La mer est là <br>Elle attend\nnuméro 0")
    assert "numéro 299" in load_original("mine", 299)
    assert corpus.song_lines(0)[0][1] == "La mer est là"
    for song in (300, 10_000):
        with pytest.raises(CorpusError, match="Prepare it again"):
            load_original("mine", song)
    with pytest.raises(CorpusError):
        load_original("other", 0)


def test_a_damaged_original_is_not_one_that_was_not_kept(corpus, prepared: Path) -> None:
    path = prepared / "mine" / "originals.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"text", b"tezt"))  # its column, in the footer
    with pytest.raises(CorpusError, match="damaged"):
        load_original("mine", 0)
    path.unlink()
    with pytest.raises(CorpusError, match="not kept"):
        load_original("mine", 0)


def test_a_flip_in_a_stored_result_renames_no_column(corpus, prepared: Path, caplog: pytest.LogCaptureFixture) -> None:
    table = pd.DataFrame({"words": [1, 2]})
    save_precomputed("mine", "sounds", table)
    path = prepared / "mine" / "sounds.parquet"
    pd.testing.assert_frame_equal(load_precomputed("mine", "sounds"), table)
    assert not caplog.text
    table.rename(columns={"words": "xords"}).to_parquet(path)  # whole, and another
    assert load_precomputed("mine", "sounds") is None
    assert path.name in caplog.text
    save_precomputed("mine", "sounds", table)
    pd.testing.assert_frame_equal(load_precomputed("mine", "sounds"), table)
    (prepared / "mine" / "beside.json").write_text("{}{")
    path.touch()
    assert load_precomputed("mine", "sounds") is None


@pytest.mark.parametrize("file", ["songs.arrow", "tokens.arrow", "vocabulary.json", "corpus.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
def test_damage_is_one_sentence(corpus, prepared: Path, file: str, damage: str) -> None:
    path = prepared / "mine" / file
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:50] if damage == "cut" else b"")
    with pytest.raises(CorpusError) as raised:
        load_corpus("mine")
    assert "\n" not in str(raised.value)


def test_each_changed_file_is_listed_and_no_other(corpus, prepared: Path) -> None:
    """By files that came with the corpus, one stored afterwards (artist_merges.json) and both lists of checksums."""
    save_artist_merges("mine", {})
    folder = prepared / "mine"
    files = sorted(path.name for path in folder.iterdir())
    assert {"corpus.json", "beside.json", "artist_merges.json", "songs.arrow"} <= set(files)
    assert changed_corpus_files("mine") == []
    (folder / ".hidden").write_text("x")
    assert changed_corpus_files("mine") == [], "what other programs leave is no part of it"
    for file in files:
        path = folder / file
        whole = path.read_bytes()
        path.write_bytes(
            whole.replace(b"mine", b"wine", 1) if file == "corpus.json" else whole[:-1] + bytes([whole[-1] ^ 1])
        )
        listed = changed_corpus_files("mine")
        assert listed == [file]
        if file not in ("corpus.json", "beside.json"):
            path.unlink()
            assert changed_corpus_files("mine") == [file]
        path.write_bytes(whole)
        assert changed_corpus_files("mine") == []


def test_a_file_without_a_checksum_is_unknown_unless_another_changed(corpus, prepared: Path) -> None:
    folder = prepared / "mine"
    (folder / "added.parquet").write_bytes(b"x")
    assert changed_corpus_files("mine") is None
    (folder / "songs.arrow").write_bytes(b"x")
    assert changed_corpus_files("mine") == ["songs.arrow"]
    (folder / "corpus.json").unlink()
    with pytest.raises(CorpusError):
        changed_corpus_files("mine")
