"""Every file of the embedded corpus is valid: its front matter, its tags, its lines."""

import re
import unicodedata
from pathlib import Path

import pytest

from pipeline.core.paths import DEMO_SOURCE
from pipeline.corpus.account import Tally
from pipeline.corpus.compose import build_song
from pipeline.corpus.readers.sources import read_blob, recognise_source
from pipeline.corpus.song import Song

SOURCE = recognise_source(DEMO_SOURCE)
BLOBS = {DEMO_SOURCE / blob.name: blob for blob in SOURCE.blobs}
FILES = sorted(BLOBS)
TAG = re.compile(
    r"\[(Couplet \d|Refrain|Pré-refrain|Pont|Intro|Outro|Interlude)( : [^\[\],:&]+(, [^\[\],:&]+)*( & [^\[\],:&]+)?)?\]"
)


def song_of(path: Path, tally: Tally) -> Song:
    raw, _ = read_blob(SOURCE, BLOBS[path])  # the song, and the account of the file
    return build_song(raw, tally)


def test_the_corpus_is_whole() -> None:
    assert SOURCE.format == "text"
    assert not SOURCE.skipped
    assert len(FILES) == 480
    voices = {path.parent.name for path in FILES}
    assert len(voices) == 24
    assert all(len(list((DEMO_SOURCE / voice).glob("*.txt"))) == 20 for voice in voices)


def test_every_file_is_valid(subtests: pytest.Subtests) -> None:
    for path in FILES:
        with subtests.test(file=f"{path.parent.name}/{path.stem}"):
            check_file(path)


def check_file(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    head, body = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.S).groups()
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert set(fields) - {"featuring"} == {"title", "artist", "album", "year"}
    assert all(value.strip() for value in fields.values())
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[\r\t\0-\b]|[ ]\n", text)
    tags = [line for line in body.splitlines() if line.startswith("[")]
    assert tags
    assert all(TAG.fullmatch(tag) for tag in tags)

    tally = Tally()
    song = song_of(path, tally)
    assert (song.title, song.artist, song.album) == (fields["title"], fields["artist"], fields["album"])
    assert song.year == int(fields["year"])
    assert 1994 <= song.year <= 2024
    assert len(song.sections) == len(tags)
    assert sum(1 for _ in song.lines()) == sum(bool(line.strip()) for line in body.splitlines()) - len(tags)
    assert {section.language for section in song.sections} == {"fr"}
    assert not tally.rules.keys() - {"tag", "repeat-line"}  # nothing to mend
