"""Tables that hide lyrics or break their rows: what is read adds up, what is not is said. All lyrics are invented."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.__main__ import main
from pipeline.core.errors import SourceError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.report import Report
from pipeline.corpus.table import Corpus
from tests.corpus.files import zipped
from tests.corpus.spreadsheets import xlsx

Write = Callable[..., Path]
ONE = "La mer est là ce soir\nLa rue est longue et noire\nOn marche vers le port\nEncore un tour dehors"
TWO = "Le bar est plein de gens\nLa nuit attend dedans\nPersonne ne répond\nLes murs sont en béton"
LINES = [*ONE.split("\n"), *TWO.split("\n")]


def read(write: Write, content: str | bytes, name: str = "x.csv") -> tuple[Corpus, Report]:
    corpus, report = prepare(write({name: content}) / name, "mine")
    assert not report.account.unaccounted_size
    return corpus, report


def quoted(text: str) -> str:
    return f'"{text}"'


WHOLE = {
    "the delimiter is that of the header": f"artist;a, b, c, d;lyrics\nUntel;x;{quoted(ONE)}\nUntel;y;{quoted(TWO)}\n",
    "blank rows above the header": f";;\nartist;title;lyrics\nUntel;t;{quoted(ONE)}\nUntel;u;{quoted(TWO)}\n",
    "Windows line ends in quotes": (
        f"artist,title,lyrics\nUntel,t,{quoted(ONE)}\nUntel,u,{quoted(TWO)}\n".replace("\n", "\r\n")
    ),
    "old Mac line ends": f"artist,title,lyrics\rUntel,t,{quoted(ONE)}\rUntel,u,{quoted(TWO)}\r",
    "columns without names": f",artist,,title,lyrics,\n0,Untel,x,t,{quoted(ONE)},\n1,Untel,y,u,{quoted(TWO)},\n",
    "an index": f"index,artist,title,lyrics\n0,Untel,t,{quoted(ONE)}\n1,Untel,u,{quoted(TWO)}\n",
    "printed lists of lines": f'artist,title,lyrics\nUntel,t,"{ONE.split(chr(10))}"\nUntel,u,"{TWO.split(chr(10))}"\n',
}


@pytest.mark.parametrize("shape", WHOLE)
def test_tables_that_are_whole_are_read_whole(shape: str, write: Write, prepared: Path) -> None:
    corpus, report = read(write, WHOLE[shape])
    assert corpus.texts.tolist() == LINES
    assert set(corpus.songs["artist"]) == {"Untel"}
    assert not report.skipped


@pytest.mark.parametrize("columns", ["lyrics_1,lyrics_2", "lyrics,lyrics", "Paroles,Paroles (suite)", "Texte1,Texte2"])
def test_lyrics_in_two_columns_are_one_song(columns: str, write: Write, prepared: Path) -> None:
    corpus, _ = read(write, f"artist,title,{columns}\nUntel,t,{quoted(ONE)},{quoted(TWO)}\n")
    assert corpus.texts.tolist() == LINES


def test_couplets_in_columns_are_one_song(write: Write, prepared: Path) -> None:
    row = f"Untel,t,{quoted(ONE + chr(10) + ONE.upper())},{quoted(TWO)},{quoted(ONE)}\n"
    corpus, _ = read(write, "artist,title,couplet 1,refrain,couplet 2\n" + row)
    assert len(corpus.songs) == 1
    assert len(corpus.lines) == 12 + 4


def test_a_second_column_of_the_same_lyrics_is_set_aside(write: Write, prepared: Path) -> None:
    corpus, report = read(write, f"artist,title,lyrics,lyrics\nUntel,t,{quoted(ONE)},{quoted(ONE)}\n")
    assert corpus.texts.tolist() == ONE.split("\n")
    assert report.account.entries["lyrics-twice"].size.words == len(ONE.split())


def test_what_stands_above_a_header_is_said(write: Write, prepared: Path) -> None:
    corpus, report = read(write, f"Ma collection de rap,,\nartist,title,lyrics\nUntel,t,{quoted(ONE)}\n")
    assert corpus.texts.tolist() == ONE.split("\n")
    assert report.account.entries["unreadable"].size.words == 4


def test_rows_without_a_cell_of_lyrics_are_said(write: Write, prepared: Path) -> None:
    _, report = read(write, f"artist,lyrics,title\nUntel,{quoted(ONE)},t\nUnetelle\n{quoted(TWO)}\n")
    assert [skip.reason for skip in report.skipped] == ["it has 1 of 3 cells, and no lyrics: skipped"] * 2
    assert report.account.entries["unreadable"].size.words == 1 + len(TWO.split())


def test_long_cells_of_other_columns_are_cut_and_said(write: Write, prepared: Path) -> None:
    _, report = read(write, f"artist,note,lyrics\nUntel,{'mot ' * 300},{quoted(ONE)}\n")
    assert report.account.entries["facets-cut"].size.words == 50
    assert report.account.entries["facets"].size.words == 250


def test_sheets_of_other_widths_and_with_titles(write: Write, prepared: Path) -> None:
    header = ["artist", "title", "lyrics"]
    sheets = {
        "A": [["Mes chansons", "", ""], header, ["Untel", "t", ONE], ["Untel", "u", "La fin", "note"]],
        "B": [header, ["Untel", "v", TWO]],
    }
    corpus, report = read(write, xlsx(sheets), "x.xlsx")
    assert corpus.songs["title"].tolist() == ["t", "u", "v"]
    assert report.account.entries["columns-unnamed"].size.words == 1


def test_lists_of_lines_in_parquet(tmp_path: Path, prepared: Path) -> None:
    pd.DataFrame({"title": ["t"], "lyrics": [ONE.split("\n")]}).to_parquet(tmp_path / "x.parquet")
    corpus, report = prepare(tmp_path / "x.parquet", "mine")
    assert corpus.texts.tolist() == ONE.split("\n")
    assert not report.account.unaccounted_size


def test_lyrics_of_a_table_beside_texts_are_said(write: Write, prepared: Path) -> None:
    folder = write({"Untel/t.txt": ONE, "songs.csv": f"artist,title,lyrics\nUntel,u,{quoted(TWO)}\n"})
    _, report = prepare(folder, "mine")
    assert any("'lyrics' is not read as lyrics" in skip.reason for skip in report.unmatched)


def test_rules_around_lyrics_are_no_front_matter(write: Write, prepared: Path) -> None:
    corpus, _ = read(write, f"---\n{ONE}\n---\n{TWO}", "x.txt")
    assert [line for line in corpus.texts if line != "---"] == LINES


def test_members_of_a_zip_in_different_encodings(write: Write, prepared: Path) -> None:
    texts = {"a": ONE, "b": TWO}
    source = write({"x.zip": zipped({"Untel/a.txt": ONE.encode("cp1252"), "Untel/b.txt": TWO.encode("utf-16")})})
    corpus, _ = prepare(source / "x.zip", "mine")
    assert sorted(corpus.texts) == sorted(line for text in texts.values() for line in text.split("\n"))


def test_names_that_differ_only_by_case_are_songs_each(write: Write, prepared: Path) -> None:
    corpus, report = prepare(write({"A/Port.txt": ONE, "A/port.txt": TWO, "a/port.txt": ONE + "\n" + TWO}), "mine")
    assert len(corpus.songs) + len(report.duplicates) == 3
    assert not report.account.unaccounted_size


def test_only_the_rows_asked_for_are_read_and_the_others_accounted_for(
    write: Write, prepared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("rap", "fr", ONE), ("pop", "fr", TWO), ("Rap ", "fr", TWO), ("rap", "en", "The sea\nis here")]
    table = pd.DataFrame(
        {"title": [f"T{at}" for at in range(4)], "tag": [row[0] for row in rows], "language": [row[1] for row in rows],
         "lyrics": [row[2] for row in rows]}
    )  # fmt: skip
    source = write({"x.csv": table.to_csv(index=False)}) / "x.csv"
    only = {"tag": "rap", "language": "fr"}
    corpus, report = prepare(source, "mine", only=only)
    assert corpus.songs["title"].tolist() == ["T0", "T2"]
    assert not report.account.unaccounted_size
    assert report.account.entries["not-asked-for"].count == 2
    with pytest.raises(SourceError, match="no column 'langue'"):
        prepare(source, "mine", only={"langue": "fr"})
    asked = ["prepare", str(source), "--name", "mine", "--only", "tag=rap", "--only", "language=fr"]
    assert main([*asked, "--count"]) == 0
    assert "2 of 4 rows" in capsys.readouterr().out
    for module in ("blobs", "sources"):  # a file that is larger than what is held: its rows are taken one by one
        monkeypatch.setattr(f"pipeline.corpus.readers.{module}.MAX_FILE_BYTES", 100)
    streamed, report = prepare(source, "large", only=only)
    assert streamed.texts.tolist() == corpus.texts.tolist()
    assert not report.account.unaccounted_size
    with pytest.raises(SourceError, match="too large"):
        prepare(source, "large")
