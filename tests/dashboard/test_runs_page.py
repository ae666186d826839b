"""Runs: the table and its answer, every way to look, hostile texts and files, deletion and its undoing."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.models import run_looks
from pipeline.core.checksums import with_checksum
from pipeline.core.paths import models_folder
from pipeline.processes import jobs
from pipeline.runs.archive import export_run
from pipeline.runs.run import list_runs, load_run
from pipeline.runs.trash import list_trash
from pipeline.training.evaluate import TokenSurprisal
from tests.dashboard.pages import html, visit

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "demo-rnn"
LOOKS = ("curves", "card", "compare", "surprisal", "files", "Surprisal", "Move and delete")  # keys, labels of before


@pytest.fixture
def shelf(app: AppTest, places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app with three runs of its own: a shipped one, a copy of it, and one of random weights."""
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    for name in ("demo-rnn", "mine"):
        shutil.copytree(SHIPPED, tmp_path / name)
        config = json.loads((tmp_path / name / "config.json").read_text("utf-8"))
        (tmp_path / name / "config.json").write_text(
            json.dumps(with_checksum({**config, "name": name, "kind": "network"}))
        )
    shutil.copytree(Path(places["SEIZE_MODELS"]) / "tiny", tmp_path / "tiny")
    return app


@pytest.mark.sampled(3)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("run", ["mine", "tiny"])
def test_every_look_at_every_kind_of_run(shelf: AppTest, look: str, run: str) -> None:
    visit(shelf, "runs", look=look, run=run)
    assert not shelf.exception
    assert 'role="alert"' not in html(shelf)
    assert "Of the models tested on the same songs of demo" in html(shelf)


def test_the_curve_of_a_run_lies_over_the_others(shelf: AppTest) -> None:
    visit(shelf, "runs", run="mine")
    assert shelf.multiselect(key="shown").value == ["mine", "demo-rnn"], "the third has no curve"


def test_the_table_says_what_the_runs_say(shelf: AppTest) -> None:
    visit(shelf, "runs")
    table, others = (frame.value for frame in shelf.dataframe[:2])
    assert table["Model"].tolist() == ["demo-rnn", "mine"], "tested on the same songs"
    assert table["Bits per character"].iloc[0] == load_run("demo-rnn").scores["test"]["bits_per_char"]
    assert others["Model"].tolist() == ["tiny"]
    assert others["Bits per character"].isna().all()


def test_no_run_yet(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    visit(app, "runs")
    assert not app.exception
    assert "There is no model yet" in html(app)


def test_a_damaged_run_is_a_sentence_beside_the_others(shelf: AppTest) -> None:
    shutil.move(models_folder() / "mine", models_folder() / "broken")
    (models_folder() / "broken" / "model.keras").write_bytes(b"")
    visit(shelf, "runs")
    assert not shelf.exception
    assert "model.keras was cut short" in html(shelf)
    assert shelf.dataframe[0].value["Model"].tolist() == ["demo-rnn", "tiny"]


def test_a_full_queue_is_one_sentence(shelf: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.processes.jobs.WAITING_LIMIT", 0)
    visit(shelf, "runs", look="Compare two")
    shelf.button(key="start-compare").click().run()
    assert not shelf.exception
    assert "jobs are queued already" in html(shelf)


def test_a_deleted_run_comes_back(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Move and delete", run="mine")
    shelf.button(key="delete").click().run()
    assert "mine is in the trash" in html(shelf)
    assert list_runs() == ["demo-rnn", "tiny"]
    shelf.button(key="undo").click().run()
    assert list_runs() == ["demo-rnn", "mine", "tiny"]
    assert list_trash() == []
    assert not shelf.exception


def test_what_came_with_seize_stays(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Move and delete", run="demo-rnn")
    assert shelf.button(key="delete").disabled


def test_a_name_taken_again_is_said_and_nothing_lost(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Move and delete", run="mine")
    shelf.button(key="delete").click().run()
    shutil.copytree(models_folder() / "demo-rnn", models_folder() / "mine")
    shelf.button(key="undo").click().run()
    assert "A model called &#x27;mine&#x27; exists again" in html(
        shelf
    ) or "A model called 'mine' exists again" in html(shelf)
    assert len(list_trash()) == 1


def test_the_trash_is_emptied(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Move and delete", run="mine")
    shelf.button(key="delete").click().run()
    shelf.button(key="empty").click().run()
    assert list_trash() == []


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    export_run(load_run("mine"), file)
    with zipfile.ZipFile(file, "a") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return file.getvalue()


def test_an_exported_run_is_taken_in(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Move and delete")
    shelf.file_uploader(key="archive").set_value(("mine.zip", archive(), "application/zip")).run()
    assert "A model called mine exists already" in html(shelf)
    next(box for box in shelf.text_input if box.label == "Name").set_value("mine-2").run()
    shelf.button(key="import").click().run()
    assert not shelf.exception
    assert "mine-2" in list_runs()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("content", [b"", b"no zip", None], ids=["empty", "no zip", "a part that no run has"])
def test_a_bad_file_is_one_sentence(shelf: AppTest, content: bytes | None) -> None:
    visit(shelf, "runs", look="Move and delete")
    data = archive(**{"../../evil.json": b"{}"}) if content is None else content
    shelf.file_uploader(key="archive").set_value(("x.zip", data, "application/zip")).run()
    assert not shelf.exception
    assert 'role="alert"' in html(shelf)


def test_a_text_of_html_is_shown_as_text(shelf: AppTest) -> None:
    hostile = '<img src=x onerror="alert(1)"> & "seize"\n<script>'
    visit(shelf, "runs", look="Surprisal", run="mine", text=hostile)
    assert not shelf.exception
    assert "<img" not in html(shelf)
    assert "<script" not in html(shelf)
    assert 'class="tint"' in html(shelf)


def test_a_blank_text_is_one_sentence(shelf: AppTest) -> None:
    visit(shelf, "runs", look="Surprisal", run="mine")
    shelf.text_area(key="text").set_value("   ").run()
    assert "Give a text of 1 to 2,000 characters" in html(shelf)


def test_surprisal_in_html_by_hand() -> None:
    found = (
        TokenSurprisal(0, 1, 4.0, (("<line>", 0.5), ('"', 0.25)), True),
        TokenSurprisal(1, 2, 99.0, (("a", 0.5),), False),
    )
    drawn = run_looks.surprisal_html('<"', found, "char")
    assert '--share:50%" title="&lt;: 4.0 bits. Expected: ⏎ 50.0%, &quot; 25.0%">&lt;</span>' in drawn
    assert "--share:100%" in drawn
    assert "unknown to the model" in drawn


def test_a_picture_in_a_card_is_not_loaded(shelf: AppTest) -> None:
    (models_folder() / "mine" / "card.md").write_text("![track](https://example.org/pixel.png) <script>x</script>")
    visit(shelf, "runs", look="Card", run="mine")
    text = next(m.value for m in shelf.markdown if "track" in m.value)
    assert "![" not in text


def test_two_runs_are_compared_by_a_job(shelf: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(jobs, "submit", lambda kind, title, command, about=None: asked.append((kind, command, about)))
    visit(shelf, "runs", look="Compare two", first="demo-rnn", second="mine")
    shelf.button(key="start-compare").click().run()
    kind, command, about = asked[0]
    assert (kind, command) == ("compare", ["runs", "compare", "demo-rnn", "mine", "--json"])
    assert (about["first"], about["second"]) == ("demo-rnn", "mine")


def test_curves_of_other_songs_are_figures_of_their_own(shelf: AppTest) -> None:
    config = json.loads((models_folder() / "mine" / "config.json").read_text("utf-8"))
    config["corpus"]["test_songs"] = ["0"]
    del config["checksum"]
    (models_folder() / "mine" / "config.json").write_text(json.dumps(with_checksum(config)))
    visit(shelf, "runs")
    assert not shelf.exception
    assert "Best of" not in html(shelf)
    assert len(shelf.get("plotly_chart")) == 2
