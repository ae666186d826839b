"""What takes too much memory or time costs the process that reads it, and ends in one sentence."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.__main__ import main
from pipeline.core.errors import LimitError, SourceError
from pipeline.core.paths import ROOT
from pipeline.corpus.preview import preview, preview_in_subprocess, table_columns_in_subprocess
from pipeline.corpus.readers.arrow import open_arrow, open_parquet
from pipeline.language.phones import transcribe_text
from pipeline.processes.limits import Limits, limit_memory_temporarily
from pipeline.processes.worker import run_limited
from tests.corpus.spreadsheets import ods

SMALL = Limits(memory=256 << 20)
SHORT = Limits(seconds=1)
SONG = "[Couplet 1 : Untel]\nLa nuit dans la rue (la rue)\nJ'reviens du quartier x2\n"


def greedy(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def endless() -> None:
    while True:
        pass


def sleepy() -> None:
    time.sleep(60)


def refused(path: str) -> None:
    Path(path).read_bytes()


def wrong(rows: int, name: str) -> None:
    raise SourceError("{name} has {rows:,} rows.", name=Path(name), rows=rows)


def dies() -> None:
    os.abort()


def test_arguments_and_result_are_plain_data() -> None:
    assert run_limited(json.loads, '{"a": [1, null, "é"]}') == {"a": [1, None, "é"]}


@pytest.mark.slow
def test_memory_is_limited() -> None:
    assert run_limited(greedy, 100, limits=SMALL) == 100 << 20
    with pytest.raises(LimitError, match=r"more than 0\.2 GB of memory"):
        run_limited(greedy, 1000, limits=SMALL)
    with pytest.raises(LimitError, match="of memory"):
        run_limited(dies)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("function", [endless, sleepy])
def test_time_is_limited(function) -> None:
    with pytest.raises(LimitError, match="more than 1 seconds"):
        run_limited(function, limits=SHORT)


def test_errors_come_back_as_they_were_raised(tmp_path) -> None:
    with pytest.raises(SourceError, match=r"^a has 1,234 rows\.$") as found:
        run_limited(wrong, 1234, "a")
    assert found.value.values == {"name": "a", "rows": 1234}
    with pytest.raises(FileNotFoundError):
        run_limited(refused, str(tmp_path / "nowhere"))
    with pytest.raises(RuntimeError, match="TypeError"):
        run_limited(len, 3)


def test_this_process_is_limited_for_a_while() -> None:
    with pytest.raises(LimitError, match="of memory"), limit_memory_temporarily(256 << 20):
        greedy(4000)
    assert greedy(400)


@pytest.fixture
def song(tmp_path) -> Path:
    path = tmp_path / "Untel - La nuit.txt"
    path.write_text(SONG, "utf-8")
    return path


@pytest.mark.slow
def test_a_preview_made_apart_is_the_same(song, tmp_path) -> None:
    assert preview_in_subprocess(song) == preview(song)
    table = tmp_path / "songs.csv"
    pd.DataFrame([{"Artiste": "Untel", "Titre": "La nuit", "Paroles": SONG}]).to_csv(table, index=False)
    assert table_columns_in_subprocess(table)[1] == {"text": "Paroles", "title": "Titre", "artist": "Artiste"}


def one_text_for_all_rows(path: Path, megabytes: int = 1, rows: int = 2000) -> None:
    """A Parquet file of less than a kilobyte, whose rows hold gigabytes: each names the one text of a dictionary."""
    text = "la nuit dans la rue\n" * ((megabytes << 20) // 20)
    lyrics = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    table = pa.table({"title": pa.array(["a"] * rows), "lyrics": lyrics})
    pq.write_table(table, path, compression="zstd", compression_level=19, store_schema=False)


def test_a_text_that_many_rows_name_stays_one_text(tmp_path) -> None:
    path = tmp_path / "songs.parquet"
    one_text_for_all_rows(path, rows=15)
    rows = [row for _, row in open_parquet(path.read_bytes(), "songs").rows]
    assert len({id(row["lyrics"]) for row in rows}) == 1


@pytest.mark.security
@pytest.mark.parametrize(
    "bomb", ["references.parquet", "rows.parquet", "references.arrow", "rows.arrow", "lists.arrow"]
)
def test_a_table_of_a_few_kilobytes_that_holds_gigabytes(bomb, tmp_path, monkeypatch, capsys) -> None:
    """Refused before its first row is read: of 3,000 songs of a megabyte, of 20 million rows without a word."""
    path, kind = tmp_path / bomb, bomb.partition(".")[0]
    text = pa.array(["la nuit dans la rue\n" * ((1 << 20) // 20)])
    lyrics = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), text)
    if kind == "lists":
        lyrics = pa.ListArray.from_arrays(pa.array(range(3001), pa.int32()), lyrics)
    table = pa.table({"lyrics": pa.nulls(20_000_000, pa.string()) if kind == "rows" else lyrics})
    if bomb.endswith(".parquet"):
        pq.write_table(table, path, compression="zstd", store_schema=False)
    else:
        with pa.ipc.new_file(path, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(table)
    assert path.stat().st_size < 2 << 20
    monkeypatch.setattr("pipeline.corpus.readers.arrow._read_rows", lambda *given: pytest.fail("a row was read"))
    with pytest.raises(SourceError, match=r"is too large: over \d+ MB or"):
        preview(path)
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    assert main(["prepare", str(path), "--name", "bombe", "--quiet"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_what_rows_of_maps_hold_is_counted_as_they_are_read() -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), pa.array(["la nuit\n" * (1 << 17)]))
    maps = pa.MapArray.from_arrays(pa.array(range(3001), pa.int32()), pa.array(["couplet"] * 3000), text)
    table, data = pa.table({"lyrics": maps}), io.BytesIO()
    with pa.ipc.new_file(data, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(SourceError, match="is too large"):
        list(open_arrow(data.getvalue(), "songs").rows)


def test_members_of_a_zip_that_no_text_packs_like(tmp_path) -> None:
    path = tmp_path / "songs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(20 << 20))
        archive.writestr("b.txt", bytes(20 << 20))
    with pytest.raises(SourceError, match="more than 100 times its size"):
        preview(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("c.txt", SONG)
    look = preview(path)
    assert (look.files, [skip.source for skip in look.skipped]) == (1, ["a.txt", "b.txt"])


@pytest.mark.slow
def test_a_table_that_needs_more_memory_than_there_is_ends_in_a_sentence(tmp_path, monkeypatch) -> None:
    """Nested JSON takes twenty times its size once it is read; in a process of its own, which holds no memory yet."""
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    path = tmp_path / "songs.json"
    path.write_text("[" + "[]," * 3_000_000 + "[]]")
    limits = "prepare._MEMORY, prepare._MEMORY_A_BYTE, prepare._MEMORY_A_FILE = 100 << 20, 1, 0"
    code = (
        f"from pipeline.commands import prepare; from pipeline.__main__ import main; {limits}; raise SystemExit(main())"
    )
    command = [sys.executable, "-c", code, "prepare", str(path), "--name", "bombe", "--quiet"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    said = ended.stderr
    assert "memory" in said
    assert said.count("\n") == 1


def rows_that_are_said_to_repeat(path: Path, rows: int = 100_000) -> None:
    """An ODS file of a kilobyte: one row of 5,000 letters, so many times."""
    again = f'<table:table-row table:number-rows-repeated="{rows}">'
    with zipfile.ZipFile(io.BytesIO(ods([["lyrics"], ["la mer " * 700]]))) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            before, row, last = source.read(name).decode().rpartition("<table:table-row>")
            out.writestr(name, before + (again if row else "") + last)


@pytest.mark.slow
def test_a_spreadsheet_of_a_kilobyte_that_holds_gigabytes(tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "songs.ods"
    rows_that_are_said_to_repeat(path)
    assert path.stat().st_size < 10_000
    monkeypatch.setattr("pipeline.corpus.preview._MEMORY", 256 << 20)
    with pytest.raises(LimitError, match="of memory"):
        preview_in_subprocess(path)
    monkeypatch.setattr("pipeline.corpus.readers.spreadsheet._MEMORY", 256 << 20)
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    assert main(["prepare", str(path), "--name", "bombe", "--quiet"]) == 1
    said = capsys.readouterr().err
    assert "than its size suggests" in said
    assert said.count("\n") == 1


def test_a_number_of_thousands_of_digits_is_said_digit_by_digit() -> None:
    ones = transcribe_text("1" * 4301).ipa
    assert ones == transcribe_text("1").ipa * 4301
