"""Samples of every format, with invented text, and ways to spoil them; shared by the tests and the long fuzz run."""

import contextlib
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.core.errors import SeizeError
from pipeline.corpus.compose import build_songs_of_files
from pipeline.corpus.preview import preview
from pipeline.corpus.readers.sources import recognise_source
from tests.corpora import corpus_of
from tests.corpus.spreadsheets import ods, xlsx

SONG = """---
title: Le port
artist: Untel
year: 2004
featuring: A, B & C
---
[Intro]
(Ouais, ouais)

[Couplet 1 : Untel & Unetelle]
La mer est là (là), j’attends l'été
P'tit bateau *pan* sur l’eau x2
[Refrain x2]
On est là (bis)
You might also like[Couplet 2] Encore un tour
[Refrain]
12Embed"""
ROWS = [
    {"artist": "Untel", "title": f"Titre {n} by Untel (Ft. A, B & C)", "lyrics": SONG.split("---\n")[2], "date": date}
    for n, date in enumerate(["0", "1-Jan-98", "DateMarch 15, 2010", ""])
]
AWKWARD = [
    b"\0",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\x85", b"\xe2\x80\xa8", b"\x9c", b"\xef\xbf\xbd", b"\xcc\x81",
    b"[", b"]", b"(", b")", b"{", b"}", b'"', b'""', b"'", b",", b";", b"\t", b"<", b"&#x110000;", b"&#0;", b"*BREAK*",
    b"[" * 500, b"(" * 500, b"a" * 5000, b" " * 3000, b"\n" * 500, b"[Refrain]" * 50, b"---\n", b"x999999", b"(x0)",
    b"1 Contributor", b"Embed",
    b"\\u0000", b"\\ud800", b"NaN", b"null", b"1e999", "İ".encode(), "𝐚".encode(), b"PK\x03\x04",
]  # fmt: skip


def _zip(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def _parquet() -> bytes:
    data = io.BytesIO()
    pd.DataFrame(ROWS).to_parquet(data)
    return data.getvalue()


def _arrow() -> bytes:
    table, data = pa.Table.from_pandas(pd.DataFrame(ROWS)), io.BytesIO()
    with pa.ipc.new_stream(data, table.schema) as writer:
        writer.write_table(table)
    return data.getvalue()


SAMPLES: dict[str, bytes] = {
    "song.txt": SONG.encode(),
    "cp1252.txt": SONG.encode("cp1252"),
    "artist.txt": "\n\n".join(f"Titre : T{n}\n{row['lyrics']}" for n, row in enumerate(ROWS)).encode(),
    "pages.txt": "".join(f"12 ContributorsT{n} Lyrics{row['lyrics']}" for n, row in enumerate(ROWS)).encode(),
    "songs.csv": pd.DataFrame(ROWS).to_csv().encode(),
    "songs.tsv": pd.DataFrame(ROWS).to_csv(sep="\t").encode(),
    "songs.json": json.dumps(ROWS).encode(),
    "nested.json": json.dumps({"artists": [{"name": "Untel", "songs": ROWS}]}, indent=1).encode(),
    "songs.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode(),
    "songs.parquet": _parquet(),
    "songs.zip": _zip({"Untel/01 - Le port.txt": SONG, "meta.csv": "file,title,date\nx.txt,X,2001\n"}),
}


LYRICS = str(ROWS[0]["lyrics"])
TABLE = [list(ROWS[0]), *([str(cell) for cell in row.values()] for row in ROWS)]
SAMPLES |= {
    "page.html": f"<html><head><title>Untel – Le port Lyrics | Genius</title></head><body><div class='x' "
    f"data-lyrics-container='true'>{LYRICS.replace(chr(10), '<br/>')}</div><p>autre</p></body></html>".encode(),
    "song.lrc": "[ti:Le port]\n[00:01.00][00:09.50]La mer <00:02>est là\n[00:05.00](Ouais)\n".encode(),
    "song.srt": "1\n00:00:01,000 --> 00:00:02,000\nLa mer <i>là</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n93\n".encode(),
    "lines.csv": "\n".join(LYRICS.replace("\n", " *BREAK* ") for _ in range(3)).encode(),
    "wide.txt": SONG.encode("utf-16"),
    "packed.csv.gz": gzip.compress(pd.DataFrame(ROWS).to_csv().encode()),
    "packed.txt.xz": lzma.compress(SONG.encode()),
    "songs.xlsx": xlsx({"A": TABLE, "B": [["note"], ["à voir"]]}),
    "songs.ods": ods(TABLE),
    "songs.arrow": _arrow(),
}


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """The data with one to eight spoilings."""
    for _ in range(rng.integers(1, 9)):
        at, stop = sorted(rng.integers(0, len(data) + 1, 2))
        stop = min(stop, at + int(rng.integers(1, 60)))
        match rng.integers(6):
            case 0:  # flip bits
                spoiled = bytearray(data)
                for place in rng.integers(0, max(len(data), 1), 4):
                    if len(spoiled):
                        spoiled[place] ^= 1 << int(rng.integers(8))
                data = bytes(spoiled)
            case 1:
                data = data[:at] + data[stop:]
            case 2:
                data = data[:stop] + data[at:]
            case 3:
                data = data[:at] + AWKWARD[rng.integers(len(AWKWARD))] + data[at:]
            case 4:
                data = data[:at] + rng.bytes(int(rng.integers(1, 12))) + data[stop:]
            case _:
                if rng.random() < 0.2:
                    data = data[:at]
    return data


def outcome(data: bytes, name: str, folder: Path) -> str:
    """What became of a file: "read", or the name of our error. Anything else is raised."""
    path = folder / name
    path.write_bytes(data)
    with contextlib.suppress(SeizeError):
        preview(path)
    try:
        source = recognise_source(path)
        piece = build_songs_of_files(source)
        if not piece.columns.tokens:
            assert piece.outcome.skipped or source.skipped
            return "nothing to read"
        corpus = corpus_of(piece, "fuzz")
        assert len(corpus.tokens) == len(corpus.adlib) == corpus.lines["stop"].iloc[-1]
        return "read"
    except SeizeError as error:
        if "\n" in str(error):
            raise AssertionError("an error is one line") from error
        return type(error).__name__
