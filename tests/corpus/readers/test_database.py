"""SQLite dumps of LRCLIB, and databases that are none. All songs are invented."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.preview import preview
from pipeline.corpus.readers import blobs, sources
from pipeline.corpus.readers.sources import count_matching_rows, recognise_source
from tests.corpus.files import zipped

Write = Callable[..., Path]
ONE, TWO = "La mer est là\nElle attend", "La nuit tombe\nSur le port"
ONLY = {"artist_name": "untel"}


def dump(path: Path, schema: str = "") -> Path:
    """A dump of three tracks, one with timed lyrics alone, one with none."""
    with sqlite3.connect(path) as database:
        database.executescript(
            schema
            or """CREATE TABLE tracks (id INTEGER PRIMARY KEY, name TEXT, artist_name TEXT, album_name TEXT,
            duration FLOAT, last_lyrics_id INTEGER);
            CREATE TABLE lyrics (id INTEGER PRIMARY KEY, plain_lyrics TEXT, synced_lyrics TEXT, track_id INTEGER);"""
        )
        if not schema:
            songs = [(1, "Le port", "Untel", 3), (2, "Le bar", "Untel", 2), (3, "Vide", "Autre", 4)]
            database.executemany("INSERT INTO tracks VALUES (?, ?, ?, 'Quai', 180, ?)", songs)
            timed = "\n".join(f"[00:0{at}.00] {line}" for at, line in enumerate(TWO.split("\n")))
            texts = [(1, "Ancienne version", None), (2, "", timed), (3, ONE, None), (4, None, None)]
            database.executemany("INSERT INTO lyrics VALUES (?, ?, ?, NULL)", texts)
    database.close()
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_each_track_has_its_last_lyrics(packed: bool, tmp_path: Path, prepared: Path) -> None:
    source = before = dump(tmp_path / "lrclib.sqlite3")
    if packed:
        source = tmp_path / "lrclib.zip"
        source.write_bytes(zipped({"lrclib.sqlite3": before.read_bytes()}))
    held = before.read_bytes()
    corpus, report = prepare(source, "mine")
    assert corpus.songs[["title", "artist", "album"]].to_numpy().tolist() == [
        ["Le port", "Untel", "Quai"], ["Le bar", "Untel", "Quai"],
    ]  # fmt: skip
    assert corpus.texts.tolist() == [*ONE.split("\n"), *TWO.split("\n")]
    assert len(report.skipped) == 1
    assert before.read_bytes() == held
    assert len(list(tmp_path.glob("lrclib*"))) == 1 + packed  # no journal beside it


def test_a_dump_of_any_size_is_counted_and_read_by_its_rows(
    tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = dump(tmp_path / "lrclib.db")
    for module in (blobs, sources):
        monkeypatch.setattr(module, "MAX_FILE_BYTES", 100)
    assert count_matching_rows(recognise_source(source, only=ONLY)) == (2, 3)
    corpus, _ = prepare(source, "mine", only=ONLY)
    assert corpus.songs["title"].tolist() == ["Le port", "Le bar"]
    assert [song.title for song in preview(source, only=ONLY).songs] == ["Le port", "Le bar"]
    with pytest.raises(SourceError, match="too large"):
        prepare(source, "mine")


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE songs (name TEXT, lyrics TEXT)",
        "CREATE TABLE x (a); CREATE VIEW tracks AS SELECT a AS name, a AS artist_name, a AS album_name, a AS "
        "last_lyrics_id FROM x; CREATE TABLE lyrics (id, plain_lyrics, synced_lyrics)",
    ],
)
def test_other_databases_are_refused(schema: str, tmp_path: Path, prepared: Path) -> None:
    with pytest.raises(SourceError, match="not an LRCLIB dump"):
        prepare(dump(tmp_path / "x.db", schema), "mine")


def test_a_damaged_dump_is_said(tmp_path: Path, prepared: Path) -> None:
    source = dump(tmp_path / "x.db")
    source.write_bytes(source.read_bytes()[:5000])
    with pytest.raises(SourceError, match="cannot be read as a database"):
        prepare(source, "mine")


def test_a_join_of_ids_that_repeat_does_not_begin(tmp_path: Path, prepared: Path) -> None:
    source = dump(
        tmp_path / "x.db",
        """CREATE TABLE tracks (name TEXT, artist_name TEXT, album_name TEXT, last_lyrics_id INTEGER);
        CREATE TABLE lyrics (id INTEGER, plain_lyrics TEXT, synced_lyrics TEXT);
        WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 3000)
        INSERT INTO lyrics SELECT 7, 'La mer est là', '' FROM n;
        INSERT INTO tracks SELECT 'Le port', 'Untel', '', 7 FROM lyrics;""",
    )
    with pytest.raises(SourceError, match="ids in its table lyrics repeat"):
        prepare(source, "mine")
    with sqlite3.connect(source) as database:
        database.execute("DELETE FROM lyrics WHERE rowid > 1")
    corpus, _ = prepare(source, "mine")
    assert len(corpus.songs) == 1
