"""Every export read back: by `prepare`, where it reads the format, by the format's own reader, or by hand."""

import csv
import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import SettingError
from pipeline.corpus.prepare import prepare
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus, Layer
from pipeline.language.pos_tagger import TAGS
from pipeline.publish import FORMATS, export_corpus, songs
from tests.corpora import make_corpus

HOSTILE = '=1+1 & <b>"x"</b>'


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Three songs with tags, repeats, ad-libs, a guest, a hostile title and a facet."""
    one = Section(
        "couplet", (Line("J'reviens du quartier (ouais)", ((21, 28),)), Line("-moi, dis-le", (), 2)), 1, ("X", "Y")
    )
    two = Section("refrain", (Line("=la nuit & la < rue"), Line("****Non")), repeat=2)
    return make_corpus(
        "exported",
        [
            Song("Un", "Aube & Co", (one, two), album="L'album", year=2001, featuring=("Z",), facets={"label": "A b"}),
            Song(HOSTILE, "../Brume", (two,), year=None, facets={"label": ""}),
            Song("Trois", "Brume", (Section("intro", (Line("Écoute la mer"), Line("La mer"))),), year=2003),
        ],
    )


@pytest.fixture
def written(corpus: Corpus, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / f"file{FORMATS[request.param].suffix}"
    export_corpus(corpus, request.param, path)
    return path


def counts(corpus: Corpus, layer: str = "all") -> dict[str, int]:
    totals = corpus.word_counts(layer)
    return {word: int(totals[at]) for at, word in enumerate(corpus.vocabulary.index2word) if totals[at]}


@pytest.mark.parametrize("written", ["text", "jsonl"], indirect=True)
def test_prepare_reads_back_songs_sections_and_words(
    written: Path, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    again, _ = prepare(written, "again")
    assert counts(again) == counts(corpus)
    assert counts(again, "adlibs") == counts(corpus, "adlibs")
    for column in ("kind", "number", "performers", "repeat"):
        found, expected = (sorted(map(str, part.sections[column])) for part in (again, corpus))
        assert found == expected, column
    assert sorted(again.songs["title"]) == sorted(corpus.songs["title"])
    assert again.songs["year"].dropna().tolist() == [2001, 2003]
    assert sorted(again.lines["repeat"]) == sorted(corpus.lines["repeat"])


@pytest.mark.parametrize("written", ["tokens", "tokens-parquet"], indirect=True)
def test_a_token_table_has_every_token_where_it_stands(written: Path, corpus: Corpus) -> None:
    if written.suffix == ".csv":
        table = pd.read_csv(written, keep_default_na=False, quoting=csv.QUOTE_MINIMAL)
    else:
        table = pd.read_parquet(written)
    assert table["token"].tolist() == corpus.vocabulary.decode(corpus.tokens)
    assert table["token"].value_counts().to_dict() == counts(corpus)
    assert "-moi" in set(table["token"])  # as it is: no apostrophe in front
    assert table["adlib"].astype(bool).sum() == corpus.adlib.sum()
    first = table[table["line"] == 0]
    assert first["place"].tolist() == list(range(1, len(first) + 1))
    assert first["lemma"].tolist()[0] == "je"


@pytest.mark.parametrize("written", ["quanteda"], indirect=True)
def test_quanteda_gets_documents_and_variables(written: Path, corpus: Corpus) -> None:
    table = pd.read_csv(written, keep_default_na=False)
    assert list(table)[:3] == ["doc_id", "text", "title"]
    assert table["title"].tolist() == corpus.songs["title"].tolist()
    assert table["text"][0] == "J'reviens du quartier (ouais)\n-moi, dis-le\n\n=la nuit & la < rue\n****Non\n"


@pytest.mark.parametrize("written", ["iramuteq"], indirect=True)
def test_iramuteq_gets_starred_lines(written: Path) -> None:
    lines = written.read_text("utf-8").splitlines()
    assert lines[0] == "**** *song_0 *title_un *artist_aubeco *year_2001 *album_lalbum *label_ab"
    assert [line for line in lines if line.startswith("****")] == [
        lines[0],
        "**** *song_1 *title_11bxb *artist_brume",
        "**** *song_2 *title_trois *artist_brume *year_2003",
    ]
    assert not any("[" in line for line in lines)


@pytest.mark.parametrize("written", ["txm"], indirect=True)
def test_tei_is_well_formed_and_holds_every_line(written: Path, corpus: Corpus) -> None:
    tei = "{http://www.tei-c.org/ns/1.0}"
    with zipfile.ZipFile(written) as archive:
        files = [name for name in archive.namelist() if name.endswith(".xml")]
        trees = [ElementTree.fromstring(archive.read(name)) for name in files]
        assert pd.read_csv(io.BytesIO(archive.read("metadata.csv")))["id"].tolist() == ["song_0", "song_1", "song_2"]
    texts = ["".join(line.itertext()) for tree in trees for line in tree.iter(f"{tei}l")]
    first = next(trees[0].iter(f"{tei}w"))
    assert (first.text, first.attrib) == ("J'", {"lemma": "je"})
    assert [sign.text for sign in trees[0].iter(f"{tei}pc")][:3] == ["(", ")", ","]
    assert texts == corpus.texts.tolist()
    assert [part.get("type") for tree in trees for part in tree.iter(f"{tei}lg")] == corpus.sections["kind"].tolist()
    assert trees[1].find(f".//{tei}title").text == HOSTILE


def test_parts_of_speech_are_written_where_there_are_some(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(songs, "has_pos_tags", lambda name: True)
    monkeypatch.setattr(songs, "pos_tags", lambda corpus: np.full(len(corpus.tokens), TAGS.index("NOUN"), np.uint8))
    export_corpus(corpus, "txm", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert '<w lemma="je" pos="NOUN">J\'</w>' in archive.read("song_0.xml").decode()


def line_words(corpus: Corpus) -> list[list[str]]:
    spans = zip(corpus.lines["start"], corpus.lines["stop"], strict=True)
    return [corpus.vocabulary.decode(corpus.tokens[start:stop]) for start, stop in spans]


@pytest.mark.parametrize("written", ["iramuteq", "txm", "tokens", "tokens-parquet"], indirect=True)
def test_import_reads_back_the_same_songs_lines_and_words(
    written: Path, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    again, _ = prepare(written, "again")
    assert again.lines.groupby("song").size().tolist() == corpus.lines.groupby("song").size().tolist()
    assert line_words(again) == line_words(corpus)
    assert counts(again, "adlibs") == counts(corpus, "adlibs")
    assert again.songs["year"].dropna().tolist() == [2001, 2003]
    if request.node.callspec.params["written"] != "iramuteq":  # its variables have no capitals and no signs
        assert again.songs["title"].tolist() == corpus.songs["title"].tolist()
        assert again.songs["artist"].tolist() == corpus.songs["artist"].tolist()
        assert again.sections["kind"].tolist() == corpus.sections["kind"].tolist()
    if request.node.callspec.params["written"] == "txm":
        assert again.songs["label"].fillna("").tolist() == corpus.songs["label"].fillna("").tolist()


@pytest.mark.parametrize("written", ["jsonl"], indirect=True)
def test_json_lines_say_what_is_known(written: Path) -> None:
    written_songs = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    assert written_songs[0]["label"] == "A b"
    assert "year" not in written_songs[1]
    assert written_songs[0]["lyrics"].startswith("[Couplet 1 : X & Y]\n")


@pytest.mark.parametrize("written", ["text"], indirect=True)
def test_names_of_files_choose_no_path(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        assert all(".." not in name and not name.startswith("/") for name in archive.namelist())


def test_what_cannot_be_exported_is_one_sentence(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no export format 'xls'"):
        export_corpus(corpus, "xls", tmp_path / "x")
    with pytest.raises(SettingError, match="nothing to export"):
        export_corpus(corpus.where(songs=[]), "text", tmp_path / "x")
    assert not list(tmp_path.glob("[!.]*"))


@pytest.mark.parametrize(("layer", "kept"), [("lyrics", False), ("adlibs", True)])
def test_tokens_are_of_the_layer_that_is_asked_for(corpus: Corpus, tmp_path: Path, layer: Layer, kept: bool) -> None:
    export_corpus(corpus, "tokens-parquet", tmp_path / "tokens", layer)
    tokens = pd.read_parquet(tmp_path / "tokens")
    assert tokens["token"].value_counts().to_dict() == counts(corpus, layer)
    assert set(tokens["adlib"]) == {kept}
    with pytest.raises(SettingError, match="writes whole songs"):
        export_corpus(corpus, "txm", tmp_path / "tei", layer)


def test_tokens_and_tei_say_who_performs_and_what_is_a_guess(tmp_path: Path) -> None:
    tagged = Section("couplet", (Line("la nuit"),), 1, ("X", "Y"))
    corpus = make_corpus("guessed", [Song("t", "a", (tagged, Section("refrain", (Line("le jour"),), inferred=True)))])
    export_corpus(corpus, "tokens-parquet", tmp_path / "tokens")
    tokens = pd.read_parquet(tmp_path / "tokens").set_index("token")
    assert tokens.loc["nuit", ["performers", "inferred"]].tolist() == ["X & Y", False]
    assert tokens.loc["jour", ["performers", "inferred"]].tolist() == ["", True]
    export_corpus(corpus, "txm", tmp_path / "tei")
    with zipfile.ZipFile(tmp_path / "tei") as archive:
        text = archive.read(next(name for name in archive.namelist() if name.endswith(".xml")))
    sections = [each.attrib for each in ElementTree.fromstring(text).iter() if each.tag.endswith("}lg")]
    assert sections == [
        {"type": "couplet", "n": "1", "performers": "X & Y"}, {"type": "refrain", "inferred": "yes"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["quanteda", "iramuteq", "txm", "jsonl"])
def test_whole_numbers_of_a_facet_have_no_fraction(name: str, tmp_path: Path) -> None:
    facets = [{"born": "1990", "rate": f"{n}.5"} for n in range(9)] + [{"born": ""}]
    corpus = make_corpus(
        "n", [Song("t", "a", (Section("couplet", (Line("la nuit"),)),), facets=each) for each in facets]
    )
    export_corpus(corpus, name, tmp_path / "file")
    content = (tmp_path / "file").read_bytes()
    if zipfile.is_zipfile(tmp_path / "file"):
        with zipfile.ZipFile(tmp_path / "file") as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    assert b"1990" in content
    assert b"1990.0" not in content
    assert b"19900" not in content
    assert (b"rate_3_5" if name == "iramuteq" else b"3.5") in content
