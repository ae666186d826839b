"""`check`: what is whole, what was made before there were checksums, and what has changed."""

import json
import shutil
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from dashboard.queries.draft_store import DraftStore
from pipeline.__main__ import main
from pipeline.analysis.methods import precompute
from pipeline.core.errors import CorpusError
from pipeline.core.owners import Owners
from pipeline.core.paths import ROOT
from pipeline.corpus.layers import corpus_pronunciations, tag_corpus
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_original, load_pronunciations, load_report
from pipeline.generation.lyric import GeneratedLine, Lyric, LyricSettings
from pipeline.processes import jobs


@pytest.fixture(scope="module")
def prepared_once(tmp_path_factory):
    """A folder that holds a source and the corpus `mine` that was prepared of it."""
    home = tmp_path_factory.mktemp("once")
    source, prepared = home / "source", home / "prepared"
    source.mkdir()
    for number in range(300):
        (source / f"{number}.txt").write_text(f"La mer est là, elle attend le numéro {number}\nla rue s'enflamme\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZE_PREPARED", str(prepared))
        corpus_pronunciations(prepare(source, "mine")[0])  # few words are stored when they are asked for
    return home


@pytest.fixture
def places(prepared_once, tmp_path, monkeypatch):
    """The prepared corpus `mine` and a shipped run, and the folders of both."""
    for name in ("PREPARED", "MODELS", "JOBS", "NOTEBOOKS"):
        monkeypatch.setenv(f"SEIZE_{name}", str(tmp_path / name.lower()))
    shutil.copytree(prepared_once, tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "models" / "demo-rnn", tmp_path / "models" / "demo-rnn")
    return tmp_path / "prepared" / "mine", tmp_path / "models" / "demo-rnn"


def flip(path, at: float):
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= 4
    path.write_bytes(data)


def test_what_is_whole(places, capsys):
    corpus = places[0]
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("corpus mine: intact\nrun demo-rnn: intact\n")
    about = json.loads((corpus / "corpus.json").read_text("utf-8"))
    apart = {"corpus.json", "beside.json", "pronunciations.parquet"}
    assert set(about["files"]) | apart == {path.name for path in corpus.iterdir()}
    (corpus / "beside.json").unlink()
    assert main(["check", "corpus", "mine"]) == 0
    assert "some files have no checksum" in capsys.readouterr().out
    for key in ("checksum", "files"):
        del about[key]
    (corpus / "corpus.json").write_text(json.dumps(about))
    assert main(["check", "corpus", "mine"]) == 0
    assert "some files have no checksum" in capsys.readouterr().out
    assert len(load_corpus("mine").songs) == 300


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("file", ["lines.arrow", "tokens.arrow", "vocabulary.json", "corpus.json"])
def test_a_flipped_bit_is_told_when_the_corpus_is_opened(places, capsys, file, at):
    flip(places[0] / file, at)
    with pytest.raises(CorpusError, match="Prepare it again"):
        load_corpus("mine")
    assert main(["check"]) == 1
    told = capsys.readouterr()
    assert "corpus mine: " in told.out
    assert "Damaged: corpus mine" in told.err


def test_a_flipped_bit_of_a_large_file_is_told_on_demand(places, monkeypatch, capsys):
    monkeypatch.setattr("pipeline.corpus.store._MAX_BYTES_TO_VERIFY", 0)
    flip(places[0] / "tokens.arrow", 0.5)
    assert main(["check", "corpus", "mine"]) == 1
    assert "tokens.arrow missing or changed" in capsys.readouterr().out


def test_what_is_read_apart(places, capsys):
    flip(places[0] / "originals.parquet", 0.2)
    with pytest.raises(CorpusError):
        load_original("mine", 0)
    flip(places[0] / "pronunciations.parquet", 0.2)
    assert not load_pronunciations("mine")  # they are transcribed again
    assert load_report("mine")["songs"] > 0
    flip(places[0] / "report.json", 0.5)
    assert load_report("mine") == {}
    assert main(["check", "corpus", "mine"]) == 1
    assert "originals.parquet, report.json, pronunciations.parquet missing or changed" in capsys.readouterr().out


def test_runs(places, capsys):
    run = places[1]
    assert main(["check", "run", "demo-rnn"]) == 0
    flip(run / "model.keras", 0.5)
    assert main(["check", "run", "demo-rnn"]) == 1
    assert "model.keras missing or changed" in capsys.readouterr().out
    assert main(["check", "run", "nowhere"]) == 1
    assert main(["check", "run"]) == 2


# What people and running processes write into by hand or line by line has no checksum.
OPEN = {"card.md", "lock", "output.log", "progress.jsonl"}


@pytest.mark.security
def test_one_bit_of_any_file_of_any_kind_is_noticed(places, tmp_path, monkeypatch, capsys):
    corpus = load_corpus("mine")
    tags = np.zeros(len(corpus.tokens), np.uint8)
    monkeypatch.setattr("pipeline.corpus.layers.tag_lines", lambda texts: [tags[: len(words)] for _, words in texts])
    tag_corpus(corpus)
    precompute(corpus)
    monkeypatch.setattr(jobs, "start_next_job", lambda kind: None)
    jobs.submit("import", "Mine", ["prepare", "mine"], {"name": "mine"})
    Owners(lambda: tmp_path / "prepared").claim("ours", "anna")
    Owners(lambda: tmp_path / "models").claim("ours", "anna")
    line = GeneratedLine(text="la nuit", log_probability=-1.0, tokens=2)
    lyric = Lyric(run="x", seed="la", text="la nuit\n", lines=(line,), settings=LyricSettings(), random_seed=3)
    DraftStore("anna").delete(DraftStore("anna").save(lyric))
    DraftStore("anna").save(lyric)
    assert main(["check"]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.count("intact") == 6
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file() and path.name not in OPEN]
    files = [path for path in files if not path.is_relative_to(tmp_path / "source")]
    kinds = {path.relative_to(tmp_path).parts[0] for path in files}
    assert kinds == {"prepared", "models", "jobs", "notebooks"}
    assert {"pos.parquet", "sounds.parquet", "pronunciations.parquet", ".owners.db", "notebook.db"} <= {
        path.name for path in files
    }
    for path in files:
        content = path.read_bytes()  # of a store there may be room between its rows: a value is hit
        at = (content.rindex(b'{"') + 3) / len(content) if path.suffix == ".db" else 0.5
        flip(path, at)
        assert main(["check"]) == 1, path
        assert path.name in capsys.readouterr().out, path
        flip(path, at)
    assert main(["check"]) == 0


@pytest.mark.security
@pytest.mark.parametrize("error", [MemoryError, BrokenProcessPool])
def test_what_stands_when_memory_ends_is_said(places, tmp_path, monkeypatch, capsys, error):
    def end(*_):
        raise error

    monkeypatch.setattr("pipeline.corpus.prepare.MAX_LAZY_VOCABULARY", 0)
    monkeypatch.setattr("pipeline.corpus.prepare.pronounce_vocabulary", end)
    assert main(["prepare", str(tmp_path / "source"), "--name", "other", "--quiet"]) == 1
    assert "'other' is prepared and can be opened" in capsys.readouterr().err
    assert main(["check", "corpus", "other"]) == 0


@pytest.mark.security
def test_nothing_stands_when_memory_ends_before(places, tmp_path, monkeypatch, capsys):
    def end(*_):
        raise MemoryError

    monkeypatch.setattr("pipeline.corpus.prepare.write_corpus", end)
    for name in ("none", "mine"):
        assert main(["prepare", str(tmp_path / "source"), "--name", name, "--quiet"]) == 1
        assert "takes more than 2.0 GB of memory" in capsys.readouterr().err
    assert not (tmp_path / "prepared" / "none").exists()
    assert main(["check", "corpus", "mine"]) == 0
