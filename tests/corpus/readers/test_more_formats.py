"""Spreadsheets, saved pages, timed lyrics, compressed files, folders of `datasets`, wide encodings. Invented lyrics."""

# ruff: noqa: E501 (pages and XML as they are)

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.core.errors import CorpusError, SourceError
from pipeline.core.paths import prepared_folder
from pipeline.corpus.prepare import prepare
from pipeline.corpus.readers.sources import recognise_source
from pipeline.corpus.store import changed_corpus_files, load_corpus
from pipeline.corpus.table import Corpus
from pipeline.publish.tables import token_tables, write_jsonl
from tests.corpora import lines_with_texts
from tests.corpus.spreadsheets import ods, xlsx

Write = Callable[..., Path]
ROWS = [
    ["artist", "title", "lyrics", "year", "label"],
    ["Untel", "Le port", "La mer est là\nElle attend", "2004", "Quai"],
    ["Unetelle", "La rue", "Le bitume est froid", "2010", "Quai"],
]
LINES = ["La mer est là", "Elle attend", "Le bitume est froid"]


@pytest.fixture(autouse=True)
def _elsewhere(prepared: Path) -> None:
    """Nothing here is written among the real prepared corpora."""


@pytest.mark.parametrize("name", ["songs.xlsx", "songs.ods"])
def test_spreadsheets(write: Write, name: str) -> None:
    data = xlsx({"Feuille": ROWS}) if name.endswith("x") else ods(ROWS)
    corpus, report = prepare(write({name: data}) / name, "mine")
    assert (report.format, corpus.texts.tolist()) == ("spreadsheet", LINES)
    assert corpus.songs["year"].tolist() == [2004, 2010]
    assert corpus.songs["label"].tolist() == ["Quai", "Quai"]
    assert not report.account.unaccounted_size


def test_sheets_under_another_header_are_listed(write: Write) -> None:
    sheets = {
        "A": ROWS,
        "B": [ROWS[0], ["X", "Y", "Encore un soir", "2011", ""]],
        "Notes": [["à voir"], ["demain matin"]],
    }
    corpus, report = prepare(write({"x.xlsx": xlsx(sheets)}) / "x.xlsx", "mine")
    assert corpus.texts.tolist() == [*LINES, "Encore un soir"]
    assert [skip.source for skip in report.skipped] == ["x.xlsx#Notes"]
    assert not report.account.unaccounted_size


@pytest.mark.slow
def test_spreadsheets_that_are_cut(write: Write) -> None:
    for name, data in (("x.xlsx", xlsx({"A": ROWS})), ("x.ods", ods(ROWS))):
        for stop in (30, len(data) // 2, len(data) - 30):
            with pytest.raises(SourceError, match=r"spreadsheet|binary"):
                prepare(write({name: data[:stop]}) / name, "mine")
    with pytest.raises(SourceError, match="has no rows"):
        prepare(write({"x.xlsx": xlsx({"A": []})}) / "x.xlsx", "mine")


NEW_PAGE = """<html><head><title>Untel – Le port Lyrics | Genius Lyrics</title><script>var x = "no";</script></head><body>
<nav>Songs</nav><div class="Lyrics__Container-sc-1" data-lyrics-container="true">[Couplet 1]<br/>La mer est là<br>
<a href="/x"><span>Elle attend</span></a></div><div data-lyrics-container="true">[Couplet 2]<br/>Le bitume est froid</div>
<footer>About Genius</footer></body></html>"""
OLD_PAGE = """<html><head><title>Untel – Le port Lyrics | Genius Lyrics</title></head><body><div class="lyrics"><section><p>
[Couplet 1]<br>La mer est là<br>Elle attend<br><br>[Couplet 2]<br>Le bitume est froid</p></section></div></body></html>"""
OTHER_PAGE = """<html><head><title>Untel - Le port paroles</title></head><body><h1>Bonjour</h1><div id="paroles"><p>La mer est là</p>
<p>Elle attend</p><p>Le bitume est froid</p></div></body></html>"""


@pytest.mark.parametrize("page", [NEW_PAGE, OLD_PAGE, OTHER_PAGE])
def test_pages_saved_from_lyrics_sites(write: Write, page: str) -> None:
    corpus, report = prepare(write({"page.html": page, "autre.htm": page.replace("mer", "lune")}), "mine")
    assert report.format == "page"
    assert corpus.songs["artist"].tolist()[0] == "Untel"
    assert corpus.songs["title"].tolist()[0].startswith("Le port")
    lines = corpus.texts.tolist()
    assert lines[-3:] == LINES
    assert not report.account.unaccounted_size
    with pytest.raises(SourceError, match="a page with no part marked as lyrics"):
        prepare(write({"vide.html": "<html><body><p>Rien</p></body></html>"}) / "vide.html", "mine")


def test_timed_lyrics(write: Write) -> None:
    lrc = "[ti:Le port]\n[ar:Untel]\n[00:01.00][00:09.00]La mer est là\n[00:05.5]<00:05.5>Elle <00:06>attend\n"
    corpus, report = prepare(write({"x.lrc": lrc}) / "x.lrc", "mine")
    assert corpus.songs[["artist", "title"]].to_numpy().tolist() == [["Untel", "Le port"]]
    assert corpus.lines["seconds"].tolist() == [1, 5.5, 9]
    assert corpus.lines["seconds_end"].isna().all()
    assert not report.account.unaccounted_size
    enhanced = "[00:01.00]<00:01>La mer <00:02>est là<00:02.5>\n[00:05]<00:05>Elle <00:06>attend\n"
    corpus, _ = prepare(write({"e.lrc": enhanced}) / "e.lrc", "mine")
    assert corpus.lines["seconds_end"].iloc[0] == 2.5, "a last time without a word is where the line ends"
    assert corpus.lines["seconds_end"].isna().tolist() == [False, True]
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\nLa mer est <i>là</i>\nElle attend\n\n2\n00:00:05,000 --> 00:00:06,000\n93\n"
    )
    corpus, report = prepare(write({"x.srt": srt}) / "x.srt", "mine")
    assert corpus.texts.tolist() == ["La mer est là", "Elle attend", "93"]  # a number that is sung
    assert corpus.lines["seconds_end"].tolist() == [3, 3, 6]
    assert set(report.account.entries) == {"timed-heads"}  # times are kept
    with pytest.raises(SourceError, match="time stamps but no text"):
        prepare(write({"y.lrc": "[00:01.00]\n[00:02.00]\n"}) / "y.lrc", "mine")
    with pytest.raises(SourceError, match="time stamps but no text"):
        prepare(write({"z.lrc": "[ti:La mer]\n[ar:Untel]"}) / "z.lrc", "mine")


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)])
def test_compressed_files(
    write: Write, suffix: str, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_csv(index=False).encode()
    source = write({f"songs.csv{suffix}": pack(table)}) / f"songs.csv{suffix}"
    corpus, report = prepare(source, "mine")
    assert (report.format, corpus.texts.tolist()) == ("csv", LINES)
    source.write_bytes(pack(table)[:-12])
    with pytest.raises(SourceError, match="cannot be unpacked"):
        prepare(source, "mine")
    source.write_bytes(pack(b"La mer\n" * 10_000))
    monkeypatch.setattr("pipeline.corpus.readers.blobs.MAX_FILE_BYTES", 1000)
    with pytest.raises(SourceError, match="too large"):
        prepare(source, "mine")


@pytest.mark.parametrize("name", ["songs.7z", "songs.rar"])
def test_archives_that_are_not_read_say_what_to_do(write: Write, name: str) -> None:
    with pytest.raises(SourceError, match="unpack it and give the folder"):
        recognise_source(write({name: b"7z\xbc\xaf\x27\x1c" + bytes(40)}) / name)


def test_a_folder_that_datasets_saved(write: Write) -> None:
    table = pa.Table.from_pandas(pd.DataFrame(ROWS[1:], columns=ROWS[0]), preserve_index=False)
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    files = {
        "data-00000-of-00001.arrow": stream.getvalue(),
        "state.json": "{}",
        "dataset_info.json": '{"features": {}}',
    }
    corpus, report = prepare(write({f"train/{name}": data for name, data in files.items()}), "mine")
    assert (report.format, corpus.texts.tolist()) == ("arrow", LINES)
    with pytest.raises(SourceError, match=r"not a whole Arrow file|damaged"):
        prepare(write({"x.arrow": stream.getvalue()[:-200]}) / "x.arrow", "mine")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252"])
def test_encodings_of_files_without_an_ending(write: Write, encoding: str) -> None:
    text = "La mer est là, l’été\nŒil pour œil\n" * 3
    corpus, _ = prepare(write({"Untel - Le port": text.encode(encoding)}), "mine")
    assert corpus.texts.tolist()[:2] == ["La mer est là, l'été", "Œil pour œil"]


def test_times_stay_with_their_lines(write: Write) -> None:
    lrc = (
        "[by:moi]\n[offset:+500]\n[Refrain: Untel]\n[00:01.50]La mer est là (x2)\n[00:03.00]\n[00:05.00]Img src=x\n"
        "[00:06.50]« L’été »\n[01:00.00]Le port\n"
    )
    corpus, report = prepare(write({"x.lrc": lrc}) / "x.lrc", "mine")
    lines = lines_with_texts(corpus)[["text", "repeat", "seconds", "seconds_end"]].astype(object)
    assert lines.where(lines.notna(), None).to_numpy().tolist() == [
        ["La mer est là", 2, 1, 2.5], ["« L'été »", 1, 6, None], ["Le port", 1, 59.5, None],
    ]  # fmt: skip
    assert corpus.sections["kind"].tolist()[0] == "refrain"  # a tag, no head
    assert not report.account.unaccounted_size
    vtt = "WEBVTT\n\nNOTE par moi\nencore moi\n\n00:01.000 --> 01:02.000 align:start\n<v Untel>La mer\n"
    corpus, report = prepare(write({"x.vtt": vtt}) / "x.vtt", "mine")
    assert lines_with_texts(corpus)[["text", "seconds", "seconds_end"]].to_numpy().tolist() == [["La mer", 1, 62]]


def _word_times(corpus: Corpus) -> dict[str, float]:
    words = corpus.vocabulary.decode(corpus.tokens)
    return {words[token]: round(float(seconds), 3) for token, seconds in corpus.word_times.items()}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.lrc", "[offset:+500]\n[00:01.5]<00:01.5>J'suis <00:02.0>là<00:02.25> <00:02.5>demain (ouais)<00:03.5>\n"),
        ("x.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nJ'suis <00:01.500><c>là </c><00:00:02.000>demain (ouais)\n"),
    ],
)  # fmt: skip
def test_words_keep_their_times(write: Write, tmp_path: Path, name: str, text: str) -> None:
    corpus, report = prepare(write({name: text}) / name, "mine")
    assert corpus.texts.iloc[0] == "J'suis là demain (ouais)"
    assert {"là": 1.5, "demain": 2.0}.items() <= _word_times(corpus).items()
    assert _word_times(corpus).keys() <= {"j'", "là", "demain"}, "an ad-lib has none, nor has a part of a word"
    assert corpus.lines["seconds_end"].iloc[0] == 3
    assert not report.account.unaccounted_size
    assert changed_corpus_files("mine") == []
    write_jsonl(corpus, tmp_path / "x.jsonl")
    again, report = prepare(tmp_path / "x.jsonl", "again")
    assert _word_times(again) == _word_times(corpus)
    pd.testing.assert_frame_equal(again.lines[["seconds", "seconds_end"]], corpus.lines[["seconds", "seconds_end"]])
    assert not report.account.unaccounted_size
    (table,) = token_tables(corpus)
    assert table.loc[table["token"] == "demain", "word_seconds"].tolist() == [2.0]


@pytest.mark.parametrize(
    "words",
    [
        "<00:01>La <00:03>mer <00:02>est <00:02.5>là",  # out of order
        "<00:00.5>La mer est <00:02>là",  # before the line
        "<-00:01>La mer est <00:02>là",
        "<00:01>La mer est <00:09>là<00:02>",  # after its end
    ],
)
def test_words_that_are_timed_out_of_order_keep_no_time(write: Write, words: str) -> None:
    corpus, report = prepare(write({"x.lrc": f"[00:01]{words}\n[00:05]Le <00:05.5>port\n"}) / "x.lrc", "mine")
    assert corpus.texts.tolist() == ["La mer est là", "Le port"]
    assert _word_times(corpus) == {"port": 5.5}
    assert corpus.lines["seconds"].tolist() == [1, 5]
    assert report.account.entries["timed-words"].count == 1
    assert not report.account.unaccounted_size


def test_times_of_words_leave_with_songs_that_are_there_twice(write: Write) -> None:
    lines = [f"[00:{at:02}]<00:{at:02}>La mer numéro <00:{at:02}.5>{'x' * at} est là" for at in range(1, 20)]
    other = [f"[00:{at:02}]<00:{at:02}>Une ville <00:{at:02}.25>{'y' * at}" for at in range(1, 20)]
    folder = write({"a.lrc": "\n".join(lines), "b.lrc": "\n".join(lines), "c.lrc": "\n".join(other)})
    corpus, _ = prepare(folder, "mine")
    assert len(corpus) == 2
    assert _word_times(corpus)["y" * 19] == 19.25
    part = corpus.where(songs=[1])
    assert part.word_times is corpus.word_times
    folder = prepared_folder() / "mine"
    (folder / "word_times.arrow").unlink()
    with pytest.raises(CorpusError, match="damaged"):
        load_corpus("mine")


@pytest.mark.parametrize("times", ["x", [[1]], [[1, 2], [3, "x"]], [[1, 2, [[0]]], [3, 4]], [[None], [2, None]]])
def test_times_that_are_none_are_left_out(write: Write, times: object) -> None:
    song = {"title": "Le port", "artist": "Untel", "lyrics": "[Couplet]\nLa mer est là\nElle attend", "times": times}
    corpus, _ = prepare(write({"x.json": json.dumps([song])}) / "x.json", "mine")
    assert corpus.lines["seconds"].isna().iloc[0]
    assert corpus.word_times.empty
