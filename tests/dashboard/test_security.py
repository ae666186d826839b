"""What an attack or an accident may try on a server of several people, and what is left of it: a sentence."""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queries.draft_store import DraftStore
from dashboard.queries.training_requests import TrainingRequest, submit_training
from dashboard.queries.uploads import resolve_local_source
from dashboard.queries.visitors import Visitor, own_jobs, submit_job_for
from pipeline.__main__ import main
from pipeline.analysis.words.tone import read_lexicon
from pipeline.commands import prepare as prepare_command
from pipeline.commands.arguments import add_arguments
from pipeline.core.errors import CorpusError, SeizeError, SettingError, SourceError
from pipeline.core.store import Store
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import CORPUS_OWNERS, changed_corpus_files, list_corpora, load_corpus
from pipeline.generation.lyric import GeneratedLine, Lyric, LyricSettings
from pipeline.processes import jobs
from pipeline.publish.tables import to_csv
from pipeline.runs.config import RUN_OWNERS
from pipeline.runs.run import list_runs, load_run
from tests.dashboard.pages import html, visit
from tests.dashboard.tiny_run import save_tiny_run
from tests.source_tree import ROOT

pytestmark = pytest.mark.security
ANNA, BERT = Visitor("account:anna", editor=True), Visitor("account:bert", editor=True)
SECRET = "zanzibarnie"  # a word that Anna's songs alone have


def lyric(run: str = "", text: str = "la nuit") -> Lyric:
    line = GeneratedLine(text=text, log_probability=-1.0, tokens=2)
    return Lyric(run=run, seed="", text=f"{text}\n", lines=(line,), settings=LyricSettings(), random_seed=3)


def point_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREPARED", "MODELS", "JOBS", "NOTEBOOKS"):
        monkeypatch.setenv(f"SEIZE_{name}", str(home / name.lower()))
    monkeypatch.setattr(jobs, "start_next_job", lambda kind: None)  # no job ever starts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one thing of each kind, all of them Anna's."""
    home = tmp_path_factory.mktemp("home")
    for source, place in (("source", SECRET), ("open", "la ville")):
        (home / source).mkdir()
        for number in range(6):
            text = f"La nuit dans {place} je marche {number}\nEt je pense à toi\n" * 4
            (home / source / f"{place} {number}.txt").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        point_to(home, patch)
        for kind, owners, name in (("import", CORPUS_OWNERS, "a-songs"), ("train", RUN_OWNERS, "a-run")):
            submit_job_for(ANNA, kind, SECRET, ["stats"], {"name": name}, owners=owners, name=name)
        prepare(home / "source", "a-songs")
        prepare(home / "open", "demo")  # in the place of the embedded corpus, which is larger
        save_tiny_run("a-run", card=f"It read {SECRET}.")
        DraftStore(ANNA.name).save(lyric("a-run", SECRET))
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that home for one test, in use."""
    shutil.copytree(made, tmp_path / "home")
    point_to(tmp_path / "home", monkeypatch)
    return tmp_path / "home"


# One editor and what is another's


PAGES = ("overview", "song", "runs", "studio", "notebook", "training", "importing")


@pytest.fixture
def as_bert(app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app on that home, as Bert sees it."""
    point_to(home, monkeypatch)  # again: `app` points elsewhere
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    monkeypatch.setattr("dashboard.cache.corpus_cache.identify", lambda **_: BERT)
    return app


def shown(app: AppTest) -> str:
    """Return the texts and the tables of a page."""
    tables = [table.value.to_csv() for table in app.dataframe]
    return "\n".join([html(app), *(text.value for text in app.markdown), *tables])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_an_editor_what_another_made(as_bert: AppTest, page: str) -> None:
    """Whatever the address names; what it names is said to be none that is here, and nothing of what it holds."""
    ask = {"corpus": "a-songs", "run": "a-run", "model": "a-run", "models": "a-run", "look": "card", "first": "a-run"}
    visit(as_bert, page, **ask)
    assert not as_bert.exception
    assert SECRET not in shown(as_bert)
    options = [option for box in (*as_bert.selectbox, *as_bert.multiselect) for option in box.options]
    assert not {"a-songs", "a-run"} & {*options}


def test_who_made_it_sees_it(as_bert: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above can fail."""
    monkeypatch.setattr("dashboard.cache.corpus_cache.identify", lambda **_: ANNA)
    visit(as_bert, "runs", run="a-run", look="card")
    assert f"It read {SECRET}." in shown(as_bert)
    assert "a-run" in as_bert.selectbox(key="run").options


def test_an_editor_trains_on_no_songs_of_another(home: Path) -> None:
    request = TrainingRequest(name="b-run", corpus="a-songs", level="char", cell="lstm", minutes=1)
    with pytest.raises(CorpusError, match="no corpus 'a-songs' here"):
        submit_training(request, BERT)
    CORPUS_OWNERS.set_shared("a-songs", ANNA.name, shared=True)
    assert submit_training(request, BERT).about["corpus"] == "a-songs"
    CORPUS_OWNERS.set_shared("a-songs", ANNA.name, shared=False)
    with pytest.raises(CorpusError, match="no corpus 'a-songs' here"):
        submit_training(request, BERT, resume=True)


def test_an_editor_takes_the_name_of_nothing_of_another(home: Path) -> None:
    for kind, owners, name in (("import", CORPUS_OWNERS, "a-songs"), ("train", RUN_OWNERS, "a-run")):
        with pytest.raises(SettingError, match="in use"):
            submit_job_for(BERT, kind, "x", ["x"], {"name": name}, owners=owners, name=name)
        with pytest.raises(SettingError, match="belongs to somebody else"):
            owners.check_changeable_by(name, BERT.name)
        with pytest.raises(SettingError, match="belongs to somebody else"):
            owners.set_shared(name, BERT.name, shared=True)
    assert own_jobs("import", BERT) == []
    assert DraftStore(BERT.name).drafts() == []


# Texts that want to be something else


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "=\n1")


def test_no_cell_of_a_saved_table_is_a_formula() -> None:
    """Pages guard every cell and every heading with an apostrophe; numbers stay numbers."""
    table = pd.DataFrame({"=heading": FORMULAS, "number": range(-5, 5)})
    text = to_csv(table).decode("utf-8-sig")
    assert text.count("'") == len(FORMULAS) + 1 + FORMULAS[0].count("'")
    assert "\n\"'" in text or "\n'" in text
    assert text.splitlines()[0].startswith("'=heading")
    assert text.rstrip().endswith(",4")


@pytest.mark.parametrize(
    "content",
    [
        b"a,1e999", b"a,-inf", b"a,nan\n", b"a,1e308", b"mot,valeur\nb,1001", b'"a,1', b'"' * 200_001, b"a\x00,1\nb,x",
        b"<img src=x onerror=alert(1)>", b"\xff\xfea\x00,\x001\x00", b"x" * 2_000_000, b"a,1\n" * 200_001, b",\n,,",
        b"mot," + b"9" * 5000,
    ],
)  # fmt: skip
def test_a_lexicon_of_anybody_is_read_or_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(SettingError, match="lexicon"):
        read_lexicon(content)


def test_a_word_of_a_lexicon_is_a_text() -> None:
    assert read_lexicon(b"=cmd|' /C calc'!A0,1\n<script>,-1\n")[1] == ("<script>", -1.0)


@pytest.mark.parametrize(
    "typed", ["tcp://10.0.0.1:8786", "s3://bucket/songs", "http://evil.example/", "file:///etc/passwd", "--scheduler=x"]
)
def test_a_visitor_names_no_address_of_another_machine(typed: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        resolve_local_source(typed, [tmp_path])


def test_nothing_that_a_table_is_called_names_a_scheduler(tmp_path: Path) -> None:
    """A job of the Import page has the name of a file and the names of its columns; `--scheduler` is the operator's."""
    text = (ROOT / "dashboard" / "views" / "data.py").read_text("utf-8")
    names: dict[str, Callable[..., list[str]]] = {}
    exec(
        "from __future__ import annotations\n" + re.search(r"def import_command\(.*?\n\n\n", text, re.DOTALL)[0], names
    )
    hostile = "--scheduler=tcp://10.0.0.1:8786"
    columns, only = {"text": hostile, "title": "--work=s3://bucket"}, {hostile: hostile}
    words = names["import_command"](SimpleNamespace(source=tmp_path / hostile, name="mine", columns=columns, only=only))
    parser = argparse.ArgumentParser()
    add_arguments(parser, prepare_command.prepare)
    given = parser.parse_args(words[1:])
    assert (given.scheduler, given.work) == (None, None)
    assert given.source == tmp_path / hostile


# Accidents


DAMAGE = {
    "empty": b"", "cut": b'{"a":', "list": b"[]", "null": b"null", "text": b'"x"', "bytes": b"\xff\xfe\x00",
    "deep": b"[" * 100_000, "deeper": b'{"a":' * 100_000, "long": b"9" * 5_000, "nan": b'{"a": NaN, "checksum": ""}',
    "types": b'{"files": 3, "names": [], "format": {}, "checksum": 1, "entries": 7, "lyric": 2}',
}  # fmt: skip


def look_at_everything() -> None:
    """Open whatever there is, as pages do; what cannot be opened is a sentence."""
    for open_one in (
        lambda: [load_corpus(name) for name in list_corpora()],
        lambda: [load_run(name) for name in list_runs()],
        lambda: [(job.status(), job.progress()) for job in jobs.list_jobs()],
        lambda: DraftStore(ANNA.name).drafts(),
        lambda: CORPUS_OWNERS.readable_names(["a-songs"], BERT.name),
        lambda: RUN_OWNERS.readable_names(["a-run"], BERT.name),
    ):
        with suppress(SeizeError):
            open_one()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_json_of_any_store_is_a_sentence(damage: str, home: Path, capsys) -> None:
    files = [*sorted(home.rglob("*.json")), *sorted(home.rglob("*.db"))]
    assert {path.relative_to(home).parts[0] for path in files} == {"prepared", "models", "jobs", "notebooks"}
    for path in files:
        before = path.read_bytes()
        path.write_bytes(DAMAGE[damage])
        assert main(["check"]) == 1, path
        assert capsys.readouterr().err.count("\n") == 1
        look_at_everything()  # a notebook that is damaged is moved aside, and another begins
        path.write_bytes(before)


def test_a_damaged_list_of_owners_gives_nothing_away(home: Path) -> None:
    path = home / "prepared" / ".owners.db"
    path.write_bytes(path.read_bytes().replace(b'{"shared": false}', b'{"shared": true }'))
    with pytest.raises(SettingError, match="cannot be read"):
        CORPUS_OWNERS.readable_names(["a-songs"], BERT.name)


def test_a_full_disk_is_a_sentence_and_changes_nothing(home: Path, request: pytest.FixtureRequest) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    for number in range(20):
        CORPUS_OWNERS.claim(f"a-{number}", ANNA.name)
    before = files()
    request.getfixturevalue("full_disk")
    long = "la nuit " * 100
    for write in (
        lambda: DraftStore(ANNA.name).save(lyric(text=long)),
        lambda: jobs.submit("import", long, ["prepare"]),
        lambda: CORPUS_OWNERS.claim("one-more", ANNA.name),
        lambda: prepare(home / "source", "other"),
        lambda: prepare(home / "source", "a-songs"),
    ):
        with pytest.raises((SeizeError, OSError)) as raised:
            write()
        assert "\n" not in str(raised.value)
        assert files() == before


# What a server does as it starts and works: the embedded corpus, a name, what was computed, drafts.
SERVE = """
import sys
from dashboard.queries.draft_store import DraftStore
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import CORPUS_OWNERS, add_file_to_corpus
from pipeline.core.errors import SettingError
from pipeline.generation.lyric import GeneratedLine, Lyric, LyricSettings

server = int(sys.argv[1])
ensure_demo()
for number in range(5):
    with add_file_to_corpus("demo", f"answer-{server}-{number}.parquet") as draft:
        draft.write_bytes(bytes([server, number]))
    line = GeneratedLine(text=f"{server} {number}", log_probability=-1.0, tokens=2)
    lyric = Lyric(run="", seed="", text=line.text, lines=(line,), settings=LyricSettings(), random_seed=3)
    DraftStore("account:anna").save(lyric)
    try:
        CORPUS_OWNERS.claim(f"name-{number}", f"account:{server}")
    except SettingError:
        continue
"""


@pytest.mark.slow
def test_two_servers_on_one_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point_to(tmp_path, monkeypatch)
    command = [sys.executable, "-c", SERVE]
    servers = [subprocess.Popen([*command, number], cwd=ROOT, stderr=subprocess.PIPE, text=True) for number in "12"]
    assert [each.communicate()[1] for each in servers] == ["", ""]
    assert changed_corpus_files("demo") == []
    assert len(list((tmp_path / "prepared" / "demo").glob("answer-*"))) == 10
    assert len(DraftStore(ANNA.name).drafts()) == 10
    with Store(tmp_path / "prepared" / ".owners.db").open_for_reading() as things:
        assert {thing.name for thing in things.rows_of("owner")} == {f"name-{number}" for number in range(5)}
    assert not list(tmp_path.rglob(".draft-*"))
