"""From raw files to a prepared corpus, and every way that can go wrong. All lyrics here are invented."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.errors import SettingError, SourceError
from pipeline.corpus import prepare as prepare_module
from pipeline.corpus.prepare import ensure_demo, prepare
from pipeline.corpus.store import list_corpora, load_corpus, load_report

Write = Callable[..., Path]
SONG = "---\ntitle: Le port\nartist: Untel\nyear: 2004\nfeaturing: A, B & C\n---\n[Couplet 1]\nLa mer est là (là)\n"


def test_a_folder_with_and_without_front_matter(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG, "untel/02-la-rue.txt": "La rue est à nous\n".encode("cp1252"), "README.md": "no"})
    corpus, report = prepare(source, "mine")
    assert corpus.songs["title"].tolist() == ["Le port", "La rue"]
    assert corpus.songs["artist"].tolist() == ["Untel", "Untel"]
    assert corpus.songs["year"].tolist()[0] == 2004
    assert corpus.songs["featuring"].tolist() == ["A & B & C", ""]
    assert corpus.texts.tolist() == ["La mer est là (là)", "La rue est à nous"]
    assert (report.songs, report.lines, report.words) == (2, 2, 10)  # 5 words and 5
    assert load_report("mine")["songs"] == 2
    assert load_corpus("mine").songs.equals(corpus.songs)


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({}, "nowhere", "nothing at"),
        ({"notes.pdf": "x", "notes.doc": "x"}, "", "no text file"),
        ({"a.txt": ""}, "", "empty"),
        ({"a.txt": " \n\n"}, "a.txt", "empty"),
        ({"a.txt": bytes(range(256)) * 40}, "", "binary"),
        ({"a.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}, "a.txt", "binary"),
        ({"a.txt": "[Intro]\n\n"}, "", "contains no lyrics"),
        ({"a.txt": "[Intro]", "b.txt": ""}, "", "no song contains a word"),
        ({"a.csv": ""}, "a.csv", "empty"),
        ({"a.csv": b"\0\1\2\3" * 99}, "a.csv", "binary"),
        ({"a.csv": "artist,title\nx,y\n"}, "a.csv", "No column looks like lyrics"),
        ({"a.csv": "artist,lyrics\n"}, "a.csv", "no song contains"),
    ],
)
def test_a_bad_source_is_one_sentence_and_leaves_nothing(
    prepared: Path, write: Write, files: dict[str, str | bytes], path: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as raised:
        prepare(write(files) / path, "mine")
    assert "\n" not in str(raised.value)
    assert list_corpora() == []
    assert not prepared.exists() or not list(prepared.iterdir())


def test_a_column_that_is_not_there_is_named(prepared: Path, write: Write) -> None:
    source = write({"a.csv": "artist,lyrics\nx,y\n"}) / "a.csv"
    with pytest.raises(SourceError, match="no column 'Paroles': the columns are 'artist', 'lyrics'"):
        prepare(source, "mine", columns={"lyrics": "Paroles"})


def test_a_broken_file_is_listed_and_the_rest_goes_on(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG, "b.txt": "", "c.txt": b"\0\1\2" * 50, "d.txt": "[Intro]"})
    _, report = prepare(source, "mine")
    assert report.songs == 1
    assert [skip.source for skip in report.skipped] == ["b.txt", "c.txt", "d.txt"]
    assert len(report.to_json()["skipped"]) == 3


def test_a_failure_leaves_the_earlier_corpus_as_it_was(prepared: Path, write: Write) -> None:
    source = write({"a.txt": SONG})
    prepare(source, "mine")
    (source / "a.txt").write_text("")
    with pytest.raises(SourceError):
        prepare(source, "mine")
    assert load_corpus("mine").songs["title"].tolist() == ["Le port"]


def test_a_name_cannot_choose_a_path(prepared: Path, write: Write) -> None:
    with pytest.raises(SettingError):
        prepare(write({"a.txt": SONG}), "../mine")


def test_progress_rises_to_one(prepared: Path, write: Write) -> None:
    shares: list[float] = []
    begun = time.perf_counter()
    _, report = prepare(write({"a.txt": SONG}), "mine", on_progress=lambda share, _: shares.append(share))
    assert 0 <= report.seconds <= time.perf_counter() - begun + 0.001
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_the_demo_is_prepared_once_and_again_when_its_source_is_newer(
    prepared: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write({"a.txt": SONG})
    os.utime(source / "a.txt", (1, 1))
    os.utime(source, (1, 1))
    monkeypatch.setitem(prepare_module.SHIPPED_CORPORA, "demo", source)
    assert ensure_demo().texts.tolist() == ["La mer est là (là)"]
    monkeypatch.setattr(prepare_module, "prepare", None)  # calling it again would fail
    ensure_demo()
    monkeypatch.undo()
    monkeypatch.setenv("SEIZE_PREPARED", str(prepared))
    monkeypatch.setitem(prepare_module.SHIPPED_CORPORA, "demo", source)
    (source / "a.txt").write_text("Autre chose")
    assert ensure_demo().texts.tolist() == ["Autre chose"]
    (prepared / "demo" / "corpus.json").write_text('{"format": -1}')
    assert ensure_demo().texts.tolist() == ["Autre chose"]
