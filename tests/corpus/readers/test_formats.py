"""Every format of source: recognised, forced, guessed, overridden; good and broken. All lyrics are invented."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.core.errors import SettingError, SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.preview import _first_lines as first_lines
from pipeline.corpus.preview import preview
from pipeline.corpus.readers.sources import read_blob, recognise_source
from pipeline.corpus.song import RawSong, SkippedItem

Write = Callable[..., Path]
SONGS = [
    {"artist": "Untel", "title": "Le port", "lyrics": "La mer est là\nElle attend", "year": 2004},
    {"artist": "Unetelle", "title": "La rue", "lyrics": "Le bitume est froid", "year": 2010},
]


def read(source: Path, format: str | None = None, **columns: str) -> tuple[str, list[tuple[str, str, str]]]:
    """(format, (artist, title, text) of each song)."""
    found = recognise_source(source, format, columns)
    songs = [song for blob in found.blobs for song in read_blob(found, blob) if isinstance(song, RawSong)]
    return found.format, [(song.artist, song.title, song.text) for song in songs]


TWO = [(song["artist"], song["title"], song["lyrics"]) for song in SONGS]


def test_parquet(write: Write) -> None:
    file = io.BytesIO()
    pd.DataFrame(SONGS).to_parquet(file)
    assert read(write({"x.parquet": file.getvalue()}) / "x.parquet") == ("parquet", TWO)
    assert read(write({"upload.bin": file.getvalue()}) / "upload.bin") == ("parquet", TWO)


def test_json_nested_by_artist(write: Write) -> None:
    nested = {song["artist"]: [{key: song[key] for key in ("title", "lyrics")}] for song in SONGS}
    assert read(write({"x.json": json.dumps(nested)}) / "x.json") == ("json", TWO)
    titles = {song["artist"]: {song["title"]: song["lyrics"] + "\n"} for song in SONGS}
    assert [song[:2] for song in read(write({"x.json": json.dumps(titles)}) / "x.json")[1]] == [s[:2] for s in TWO]


def test_json_as_lyricsgenius_writes_it(write: Write) -> None:
    song = {
        "_type": "song",
        "title": "Le port",
        "full_title": "Le port by Untel",
        "lyrics": "12 ContributorsLe port Lyrics[Couplet 1]\nLa mer est là",
        "release_date": "2004-05-01",
        "album": {"name": "Le quai", "id": 3},
        "primary_artist": {"name": "Untel", "id": 1},
        "featured_artists": [{"name": "X"}, {"name": "Y"}],
    }
    artist = {
        "name": "Untel",
        "id": 1,
        "alternate_names": ["U"],
        "songs": [song, song | {"lyrics": None, "title": "Vide"}],
    }
    for content in (artist, {"artists": [artist]}, song):
        found = preview(write({"x.json": json.dumps(content)}) / "x.json")
        (first,) = found.songs
        assert (first.title, first.artist, first.album, first.year) == ("Le port", "Untel", "Le quai", 2004)
        assert first.featuring == ["X", "Y"]
        assert first.lines == ["La mer est là"]


def test_jsonl_skips_a_broken_line(write: Write) -> None:
    text = json.dumps(SONGS[0]) + "\n{broken\n\n" + json.dumps(SONGS[1]) + "\n"
    source = write({"x.jsonl": text}) / "x.jsonl"
    assert read(source) == ("jsonl", TWO)
    found = recognise_source(source)
    skips = [item for item in read_blob(found, found.blobs[0]) if isinstance(item, SkippedItem)]
    assert [skip.source for skip in skips] == ["x.jsonl#2"]


GLUED = {
    "headers": "12 ContributorsLe port Lyrics[Couplet 1]\nLa mer\n\n"
    "3Embed8 ContributorsLa rue Lyrics\nLe bitume12Embed",
    "paroles": '[Paroles de "Le port" ft. X]\n[Couplet 1]\nLa mer\n[Paroles de "La rue"]\nLe bitume',
    "titles": "Titre : Le port\nLa mer\n\nTitre : La rue\nLe bitume",
    "by": "Le port by Untel\nLa mer\n\nLa rue by Untel (Ft. X)\nLe bitume",
    "rules": "Le port\n\nLa mer\n-----\nLa rue\n\nLe bitume",
    "matter": "---\ntitle: Le port\n---\nLa mer\n---\ntitle: La rue\n---\nLe bitume\n",
}


@pytest.mark.parametrize("way", GLUED)
def test_all_songs_of_an_artist_in_a_file(write: Write, way: str) -> None:
    source = write({"Untel.txt": GLUED[way]})
    assert recognise_source(source).format == "artists"
    corpus, _ = prepare_quietly(source)
    assert corpus.songs["title"].tolist() == ["Le port", "La rue"]
    assert corpus.songs["artist"].tolist() == ["Untel", "Untel"]
    assert corpus.texts.tolist() == ["La mer", "Le bitume"]


def test_a_zip_of_each(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Untel/Le port.txt", "La mer")
        archive.writestr("Unetelle/La rue.txt", "Le bitume")
        archive.writestr("__MACOSX/Untel/._Le port.txt", "\0\1")
        archive.writestr("Untel/.DS_Store", "\0\1")
        archive.writestr("Untel/.git/Le quai.txt", "rien")
        archive.writestr("../../evil.txt", "evil")
        archive.writestr("/etc/evil.txt", "evil")
    found = recognise_source(path)
    assert read(path)[1] == [("Unetelle", "La rue", "Le bitume"), ("Untel", "Le port", "La mer")]
    assert [skip.source for skip in found.skipped] == ["../../evil.txt", "/etc/evil.txt"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("songs.json", json.dumps(SONGS))
    assert read(path) == ("json", TWO)


def test_a_zip_that_is_cut_or_a_bomb(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "La mer\n" * 1000)
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    with pytest.raises(SourceError):
        prepare_quietly(path)
    path.write_bytes(whole.replace(whole[40:60], bytes(20)))
    with pytest.raises(SourceError):
        prepare_quietly(path)
    path.write_bytes(whole)
    monkeypatch.setattr("pipeline.corpus.readers.blobs.MAX_FILE_BYTES", 1000)
    with pytest.raises(SourceError, match="too large"):
        prepare_quietly(path)
    monkeypatch.setattr("pipeline.corpus.readers.blobs.MAX_ZIP_BYTES", 1000)
    with pytest.raises(SourceError, match="too large"):
        recognise_source(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.json", "{", "cannot be read as JSON"),
        ("x.json", "[" * 100_000, "cannot be read as JSON"),
        ("x.json", '{"a": 1}', "no song"),
        ("x.jsonl", "nothing\n", "cannot be read as JSON"),
        ("x.parquet", b"PAR1 and then nothing", "Parquet"),
        ("x.csv", 'artist,lyrics\nx,"never closed', "no line|not one"),
        ("x.csv", "a,b\n1,2\n", "No column looks like lyrics"),
    ],
)
def test_broken_tables_say_so(write: Write, name: str, content: str | bytes, said: str) -> None:
    if "never closed" in str(content):
        prepare_quietly(write({name: content}) / name)  # the csv module reads to the end; the text is kept
        return
    with pytest.raises(SourceError, match=said):
        prepare_quietly(write({name: content}) / name)


def test_an_unknown_format_is_a_usage_error(write: Write) -> None:
    with pytest.raises(SettingError, match="choose one of arrow, artists, conllu, csv"):
        recognise_source(write({"a.txt": "x"}), "docx")


def test_preview_shows_the_first_songs_and_the_mapping(write: Write) -> None:
    found = preview(write({"x.csv": pd.DataFrame(SONGS).to_csv(index=False)}) / "x.csv", songs=1)
    assert (found.format, found.files, found.columns) == ("csv", 1, ["artist", "title", "lyrics", "year"])
    assert found.mapping == {"text": "lyrics", "title": "title", "artist": "artist", "date": "year"}
    assert [song.title for song in found.songs] == ["Le port"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_preview_of_a_large_table_reads_its_first_rows(
    write: Write, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    songs = pd.concat([pd.DataFrame(SONGS), pd.DataFrame(SONGS).assign(lyrics="La fin\n" * 500)])
    source = write({"x.csv": songs.to_csv(index=False)}) / "x.csv"
    source.write_text(songs.to_csv(index=False), encoding)
    whole = preview(source)
    read = list[int]()
    monkeypatch.setattr("pipeline.corpus.preview._MAX_PREVIEW_BYTES", 1_500)
    monkeypatch.setattr(
        "pipeline.corpus.preview._first_lines", lambda blob: read.append(len(first_lines(blob))) or first_lines(blob)
    )
    found = preview(source, songs=len(SONGS))
    assert found.bytes == whole.bytes
    assert (found.columns, found.mapping, found.songs) == (whole.columns, whole.mapping, whole.songs[: len(SONGS)])
    assert max(read) == (source.stat().st_size if encoding == "utf-16" else pytest.approx(1_490, abs=10))


@pytest.fixture(autouse=True)
def _elsewhere(prepared: Path) -> None:
    """Nothing here is written among the real prepared corpora."""


def prepare_quietly(source: Path) -> tuple:
    return prepare(source, "mine")
