"""Bad input ends in one sentence, quickly, and what can be kept of it is kept. All text is invented."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.core.errors import LimitError, SeizeError
from pipeline.corpus import compose
from pipeline.corpus.compose import build_songs_of_files
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers.blobs import count_files
from pipeline.corpus.readers.sources import recognise_source
from tests.corpus.files import zipped
from tests.corpus.spreadsheets import xlsx

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _elsewhere(prepared: Path) -> None:
    """Nothing here is written among the real prepared corpora."""


def encrypted() -> bytes:
    """A zip whose members say that they are encrypted."""
    data = bytearray(zipped({"a.txt": "la mer"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def parquet() -> bytes:
    data = io.BytesIO()
    pd.DataFrame({"lyrics": ["la mer est là"] * 50}).to_parquet(data)
    return data.getvalue()


REFUSED = {
    "wide.csv": (",".join(f"c{n}" for n in range(1_000_000)) + "\n", "1,000,000 columns"),
    "deep.json": ("[" * 100_000, "cannot be read as JSON"),
    "deep2.json": ('{"a":' * 100_000 + "1" + "}" * 100_000, "cannot be read as JSON"),
    "nul.txt": ("la mer\nla rue\n" * 60 + "\0la nuit\n", "binary"),
    "zeros.txt": (bytes(5_000), "binary"),
    "cut.parquet": (parquet()[:-40], "Parquet"),
    "far.xlsx": (xlsx({"A": [["lyrics"], ["la mer"]]}, last="XFD1048576"), "far from the others"),
    "cut.xlsx": (xlsx({"A": [["lyrics"], ["la mer"]]})[:-60], "spreadsheet"),
    "empty.html": ("<html><body><p>Bonjour</p></body></html>", "page with no part marked as lyrics"),
    "tags.html": ("<div>" * 200_000, "page with no part marked as lyrics"),
    "times.lrc": ("[00:01.00]\n" * 1_000, "time stamps but no text"),
    "locked.zip": (encrypted(), "encrypted"),
    "misnamed.zip": (zipped({"été.txt": "la mer"}).replace("été".encode(), b"\xff\xfft\xc3\xa9", 1), "unpacked"),
    "nested.zip": (zipped({"b.zip": zipped({"a.txt": "la mer"})}), "inside an archive"),
    "endless.txt": ("la mer est belle ce soir " * 200_000, "line breaks were lost"),
    "header.csv": ("La mer est belle et je marche le long du port\n" * 3, "no header"),
}


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_songs_that_take_too_long_are_named(write: Write, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def clean_for_ever(text: str, tally: object) -> str:
        while time.process_time() < stop:
            pass
        return text

    source = write({name: "artist,lyrics\nUntel,la mer\n"})
    stop = time.process_time() + 30
    monkeypatch.setattr(compose, "_MOST_SECONDS", 0.2)
    monkeypatch.setattr(compose, "clean_lyrics", clean_for_ever)
    with pytest.raises(LimitError, match=f"{name}.* of processor time"):
        prepare(source, "mine")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_ends_in_one_sentence(write: Write, name: str) -> None:
    content, says = REFUSED[name]
    with pytest.raises(SeizeError, match=says) as raised:
        prepare(write({name: content}) / name, "mine")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


READ = {
    "marks.txt": ("\u202ela mer\u202c est là\u200f\n", "la mer est là"),
    "surrogates.json": (
        '[{"title": "\\ud800", "note": "\\ud801", "lyrics": "la mer \\udfff est là\\nla rue"}]',
        "la mer est là",
    ),
    "mixed.txt": ("l'été\n".encode() + "l'été\n".encode("cp1252"), "l'été"),
    "ragged.csv": ("artist,lyrics\nUntel,la mer, la rue\nUnetelle\n", "la mer, la rue"),
    "tags.txt": ("[Refrain]\n" * 20_000 + "la mer\n", "la mer"),
    "many-tags.txt": ("[Refrain]\n" * 100_000 + "la mer\n", "la mer"),
    "brackets.txt": ("[" * 100_000 + "\nla mer\n", "la mer"),
    "blank.txt": ("la mer\n" + "\n" * 100_000 + "la rue\n", "la mer"),
    "digits.txt": ("la mer " + "1" * 100_000 + "\n", None),
    "lost.txt": ("la mer\n" + "\ufffd" * 100_000 + "\n", "la mer"),
    "long.txt": ("la mer est belle ce soir " * 80_000, None),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in ("many-tags.txt", "long.txt") else name for name in READ],
)
def test_what_is_odd_is_read_and_accounted_for(write: Write, name: str) -> None:
    content, line = READ[name]
    corpus, report = prepare(write({name: content}) / name, "mine")
    assert line is None or line in corpus.texts.tolist()
    assert not report.account.unaccounted_size


def test_fields_of_a_hundred_kilobytes_are_cut(write: Write) -> None:
    """Titles, names, other cells and the names of their columns stand in menus, figures and tables of every page."""
    names = ("title", "artist", "album", "featuring", "mood", "m" * 100_000, "m" * 100_001)
    rows = [[*(f"{name[:9]} {n} " + "a b " * 25_000 for name in names), f"la mer est là {n}\n"] for n in range(3)]
    table = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [[*names, "lyrics"], *rows])
    corpus, report = prepare(write({"long.csv": table}) / "long.csv", "mine")
    assert len(corpus.songs) == 3
    assert not report.account.unaccounted_size
    assert max(map(len, corpus.songs.columns)) <= 102
    assert {str(name)[:1] for name in corpus.songs.columns} >= {"m"}
    assert max(len(str(cell)) for cell in corpus.songs.to_numpy().ravel()) <= 1000


def test_a_zip_of_many_files(write: Write) -> None:
    source = write({"x.zip": zipped({f"{n}.txt": f"la mer {n}" for n in range(5_000)})}) / "x.zip"
    assert len(recognise_source(source).blobs) == 5_000
    assert (count_files(source), count_files(source.parent), count_files(source / "nothing")) == (5_000, 1, 1)


def test_files_that_change_while_they_are_read(write: Write) -> None:
    folder = write({"a.txt": "la mer est là", "b.txt": "la rue est là", "c.txt": "le port est là"})
    source = recognise_source(folder)
    (folder / "a.txt").unlink()
    (folder / "b.txt").write_text("")
    piece = build_songs_of_files(source)
    assert [skip.source for skip in piece.outcome.skipped] == ["a.txt", "b.txt"]
    assert piece.columns.texts == ["le port est là"]
