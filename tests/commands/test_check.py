"""`check`: what is whole, what was made before there were checksums, and what has changed."""

import json
import shutil

import pytest

from pipeline.__main__ import main
from pipeline.core.errors import CorpusError
from pipeline.core.paths import ROOT
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_original, load_pronunciations, load_report


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A prepared corpus `mine` and a shipped run, and the folders of both."""
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path / "models"))
    source = tmp_path / "source"
    source.mkdir()
    for number in range(300):
        (source / f"{number}.txt").write_text(f"La mer est là, elle attend le numéro {number}\nla rue s'enflamme\n")
    prepare(source, "mine")
    shutil.copytree(ROOT / "models" / "demo-rnn", tmp_path / "models" / "demo-rnn")
    return tmp_path / "prepared" / "mine", tmp_path / "models" / "demo-rnn"


def flip(path, at: float):
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= 4
    path.write_bytes(data)


def test_what_is_whole(places, capsys):
    corpus = places[0]
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("corpus mine: whole\nrun demo-rnn: ")
    about = json.loads((corpus / "corpus.json").read_text("utf-8"))
    apart = {"corpus.json", "pronunciations.parquet"}
    assert set(about["files"]) | apart == {path.name for path in corpus.iterdir()}
    for key in ("checksum", "files"):
        del about[key]
    (corpus / "corpus.json").write_text(json.dumps(about))
    assert main(["check", "corpus", "mine"]) == 0
    assert "before there were checksums" in capsys.readouterr().out
    assert len(load_corpus("mine").songs) == 300


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("file", ["lines.arrow", "tokens.arrow", "vocabulary.json", "corpus.json"])
def test_a_flipped_bit_is_told_when_the_corpus_is_opened(places, capsys, file, at):
    flip(places[0] / file, at)
    with pytest.raises(CorpusError, match="Prepare it again"):
        load_corpus("mine")
    assert main(["check", "--all"]) == 1
    told = capsys.readouterr()
    assert "corpus mine: " in told.out
    assert "Damaged: corpus mine" in told.err


def test_a_flipped_bit_of_a_large_file_is_told_on_demand(places, monkeypatch, capsys):
    monkeypatch.setattr("pipeline.corpus.store._SMALL", 0)
    flip(places[0] / "tokens.arrow", 0.5)
    assert main(["check", "corpus", "mine"]) == 1
    assert "tokens.arrow missing or changed" in capsys.readouterr().out


def test_what_is_read_apart(places, capsys):
    flip(places[0] / "originals.parquet", 0.2)
    with pytest.raises(CorpusError):
        load_original("mine", 0)
    flip(places[0] / "pronunciations.parquet", 0.2)
    with pytest.raises(CorpusError, match="pronunciations"):
        load_pronunciations("mine")
    assert load_report("mine")["songs"] > 0
    flip(places[0] / "report.json", 0.5)
    assert load_report("mine") == {}
    assert main(["check", "corpus", "mine"]) == 1
    assert "originals.parquet, report.json missing or changed" in capsys.readouterr().out


def test_runs(places, capsys):
    run = places[1]
    assert main(["check", "run", "demo-rnn"]) == 0
    flip(run / "model.keras", 0.5)
    assert main(["check", "run", "demo-rnn"]) == 1
    assert "model.keras missing or changed" in capsys.readouterr().out
    assert main(["check", "run", "nowhere"]) == 1
    assert main(["check", "run"]) == 2
