"""Train: what is asked becomes a command, the queue, the curves of a job from its folder, stop and resume."""

import json
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import training_charts
from dashboard.queries import training_requests
from dashboard.queries.training_requests import TrainingRequest
from dashboard.queries.visitors import identify
from pipeline.core.errors import SettingError
from pipeline.processes import jobs
from pipeline.processes.jobs import take_lock
from pipeline.runs.run import load_run
from tests.dashboard.pages import html, visit
from tests.dashboard.untranslated import speak_in_brackets, untranslated

HERE = identify(local=True)
REQUEST = TrainingRequest(name="neuf", corpus="demo", level="char", cell="lstm", minutes=5)


@pytest.fixture(autouse=True)
def _place(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of this test alone, none of which starts."""
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path))
    monkeypatch.setattr(jobs, "_start_process", lambda job: None)


def made(name: str, state: str, steps: list[dict], *, at: float = 0, resumed: bool = False, **about) -> jobs.Job:
    """A training job as its process leaves it."""
    created = time.time() - 1000 + at
    job = jobs.Job(
        f"{int(created * 1000)}-{name}",
        "train",
        f"Train {name}",
        ("train", "demo"),
        created,
        {**REQUEST.__dict__, "name": name, "resumed": resumed, **about},
    )
    job.folder.mkdir(parents=True)
    status = {"state": state, "share": 0.5, "message": "half", "updated": time.time()}
    (job.folder / "status.json").write_text(json.dumps(status))
    if state == "running":
        assert take_lock(job.folder)  # this process stands for the job's
    (job.folder / "progress.jsonl").write_text("".join(json.dumps(step) + "\n" for step in steps))
    (job.folder / "job.json").write_text(json.dumps({**job.__dict__, "about": dict(job.about)}, default=list))
    return job


def step(number: int, **more) -> dict:
    return {
        "step": number,
        "epoch": number / 100,
        "seconds": number * 1.0,
        "seconds_left": 60.0,
        "tokens_per_second": 9000.0,
        "train_bits": 5 - number / 100,
        **more,
    }


def test_the_request_is_a_command() -> None:
    assert " ".join(REQUEST.command()) == (
        "train demo --name neuf --level char --kind mixture --cell lstm --minutes 5 --layers 1"
    )
    based = TrainingRequest(name="neuf", corpus="demo", level="subword", cell="lstm", minutes=5, base="base-subword")
    assert based.command()[6:] == ["--kind", "mixture", "--from", "base-subword", "--minutes", "5"]
    whole = TrainingRequest(
        name="neuf", corpus="demo", level="word", cell="gru", minutes=0.5, units=64,
        artists=("Cendre & Miel", "-x"), years=(1999, 2004),
    )  # fmt: skip
    assert whole.command(resume=True)[14:] == [
        *("--units", "64", "--artists=Cendre & Miel", "--artists=-x", "--years", "1999", "2004", "--resume", "neuf")
    ]


def test_a_request_is_found_again_in_its_job() -> None:
    whole = TrainingRequest(
        name="neuf", corpus="demo", level="word", cell="gru", minutes=1, artists=("a",), years=(1999, 2004)
    )
    job = training_requests.submit_training(whole, HERE)
    assert [training_requests.training_request_of_job(found) for found in jobs.list_jobs() if found.id == job.id] == [
        whole
    ]


@pytest.mark.parametrize("name", ["demo-x", "learn-x", "../x", "", "tiny"])
def test_names_that_cannot_be_used(name: str) -> None:
    with pytest.raises(SettingError):
        training_requests.check_run_name(name)


def test_a_name_is_taken_by_a_waiting_training() -> None:
    assert training_requests.unused_run_name("char", "lstm") == "mine-char-lstm"
    training_requests.submit_training(TrainingRequest(**{**REQUEST.__dict__, "name": "mine-char-lstm"}), HERE)
    assert training_requests.unused_run_name("char", "lstm") == "mine-char-lstm-2"
    with pytest.raises(SettingError, match="exists"):
        training_requests.submit_training(TrainingRequest(**{**REQUEST.__dict__, "name": "mine-char-lstm"}), HERE)


def test_what_is_reported_of_a_resumed_training_follows_on() -> None:
    made("a", "done", [step(1), step(2)], at=-10)
    made("a", "failed", [step(10, baseline_bits=2.2), step(20), step(30)])
    last = made("a", "running", [step(25), step(40, valid_bits=3.0)], at=10, resumed=True)
    table = training_requests.progress_table(last, jobs.list_jobs("train"))
    assert table["step"].tolist() == [10, 20, 25, 40]  # 30 was lost: it went on from a checkpoint before it
    assert set(table["baseline_bits"]) == {2.2}
    assert table["minutes"].tolist() == [seconds / 60 for seconds in (10, 20, 25, 40)]
    assert table["sample"].isna().all()


def test_starting_queues_the_command(app: AppTest) -> None:
    visit(app, "training", level="Words", minutes="2", units="64", artists=["Kobalt", "Marmite"])
    app.text_input(key="name").set_value("essai").run()
    app.button(key="start").click().run()
    assert not app.exception
    job = jobs.list_jobs("train")[-1]
    assert " ".join(job.command) == (
        "train demo --name essai --level word --kind mixture --cell lstm --minutes 2 --layers 1 --units 64"
        " --artists=Kobalt --artists=Marmite"
    )
    assert "Train essai" in html(app)


def test_the_name_of_a_training_that_was_just_started_is_not_scolded(app: AppTest) -> None:
    visit(app, "training", units="64")
    app.text_input(key="name").set_value("essai").run()
    app.button(key="start").click().run()
    assert 'role="alert"' not in html(app)
    assert app.text_input(key="name").value == ""
    assert app.button(key="start").label == "Train mine-subword-lstm"
    app.text_input(key="name").set_value("essai").run()  # by hand it is said
    assert "or is being trained" in html(app)


def test_a_full_queue_is_one_sentence(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    visit(app, "training", units="64")
    monkeypatch.setattr("pipeline.processes.jobs.WAITING_LIMIT", 0)
    app.button(key="start").click().run()
    assert not app.exception
    assert "jobs are queued already" in html(app)


@pytest.mark.parametrize(
    "query",
    [
        {"level": "word", "kind": "network", "cell": "gru", "units": "64"},
        {"level": "Words", "kind": "Network", "cell": "GRU", "units": "64"},
    ],
    ids=["keys", "labels of before"],
)
def test_an_address_holds_what_is_asked_for(app: AppTest, query: dict[str, str]) -> None:
    visit(app, "training", **query)
    app.button(key="start").click().run()
    assert " ".join(jobs.list_jobs("train")[-1].command) == (
        "train demo --name mine-word-gru --level word --kind network --cell gru --minutes 15 --layers 1 --units 64"
    )
    written = {name: "".join(app.query_params[name]) for name in ("level", "kind", "cell", "units")}
    assert written == {"level": "word", "kind": "network", "cell": "gru", "units": "64"}


def test_a_training_is_picked_by_its_job(app: AppTest) -> None:
    first = made("a", "done", [step(1)])
    made("b", "done", [step(1)], at=10)
    visit(app, "training", training=first.id)
    assert app.selectbox(key="training").value == first.id
    assert ">Train a</h2>" in html(app)


def test_after_its_time_a_training_says_what_it_does(app: AppTest) -> None:
    made("a", "running", [step(1, seconds_left=30.0)])
    visit(app, "training")
    assert "testing and saving" not in progress(app)
    assert "<dt>Time left</dt>" in html(app)
    made("b", "running", [step(1, seconds_left=0.2)], at=10)
    visit(app, "training", training=jobs.list_jobs("train")[-1].id)
    assert "testing and saving" in progress(app)
    assert "<dt>Time left</dt>" not in html(app)


@pytest.mark.slow
def test_a_training_says_nothing_outside_the_catalogues(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_in_brackets(monkeypatch)
    made("a", "failed", [step(1)])
    made("b", "done", [step(1, valid_bits=3.0, baseline_bits=2.5, sample="nuit"), step(2, sample="rue")], at=1)
    made("c", "queued", [], at=2)
    made("d", "cancelled", [step(1, valid_bits=3.0, valid_bits_per_char=2.0)], at=3, level="word", resumed=True)
    for job in jobs.list_jobs("train"):
        visit(app, "training", training=job.id)
        assert not app.exception
        assert [text for text in untranslated(app) if text != ": half"] == [], job.about["name"]  # what it reports


def progress(app: AppTest) -> str:
    return " ".join(bar.proto.text for bar in app.get("progress"))


def test_the_estimate_comes_before_the_start(app: AppTest) -> None:
    visit(app, "training", units="64")
    assert "Parameters" in html(app)
    assert "1 × 64" in html(app)


def test_too_few_songs_or_a_bad_name_is_one_sentence_and_no_button(app: AppTest) -> None:
    visit(app, "training", artists=["Kobalt"], years=["1994", "1994"])
    assert 'role="alert"' in html(app)
    assert not [button for button in app.button if button.key == "start"]
    visit(app, "training")
    app.text_input(key="name").set_value("Été !").run()
    assert not app.exception
    assert "cannot be used" in html(app)


def test_a_running_training_shows_curves_samples_and_stop(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [step(1, baseline_bits=2.2), step(50, valid_bits=4.0, best_bits=4.0, sample="<b>la nuit</b>"), step(60)]
    made("a", "running", steps)
    stopped = []
    monkeypatch.setattr(jobs, "cancel", lambda job: stopped.append(job.about["name"]))
    visit(app, "training")
    assert not app.exception
    assert "Best validation 4.000 bits, 81.8% above" in html(app)
    assert "&lt;b&gt;la nuit&lt;/b&gt;" in html(app)
    app.button(key="stop").click().run()
    assert stopped == ["a"]


def test_a_failed_training_says_why_and_goes_on(app: AppTest, places: dict[str, str]) -> None:
    made("a", "failed", [step(10), step(20, valid_bits=3.0)])
    checkpoint = Path(places["SEIZE_MODELS"]) / ".a.resume.npz"
    checkpoint.write_bytes(b"")
    try:
        visit(app, "training")
        assert "It failed. half" in html(app)
        app.button(key="resume").click().run()
        assert jobs.list_jobs("train")[-1].command[-2:] == ("--resume", "a")
        assert jobs.list_jobs("train")[-1].about["minutes"] == 5
    finally:
        checkpoint.unlink()


def test_several_wait_in_order(app: AppTest) -> None:
    made("a", "running", [step(1)])
    for name in ("b", "c"):
        training_requests.submit_training(TrainingRequest(**{**REQUEST.__dict__, "name": name}), HERE)
    visit(app, "training")
    assert "Queued, in this order: b, c." in html(app)
    assert "2 trainings" not in html(app)
    assert "Queued behind 3" in html(app)


def test_a_training_that_has_ended_says_how_good_the_run_is(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(Path(__file__).parents[2] / "models"))
    made("demo-char", "done", [step(1)])
    visit(app, "training")
    needs = f"{load_run('demo-char').scores['test']['bits_per_char']:.3f} bits per character"
    assert f"Done. The whole model reaches {needs} on unseen songs" in html(app)
    made("deleted", "done", [step(1)], at=10)
    visit(app, "training")
    assert not app.exception
    assert "whole model" not in html(app)


def test_steps_of_nonsense_do_not_break_the_page(app: AppTest) -> None:
    made("a", "done", [{}, {"step": 3}, {"baseline_bits": 2.0}, {"step": 4, "train_bits": float("nan")}])
    visit(app, "training")
    assert not app.exception


def test_the_figure_cuts_the_first_moments_off() -> None:
    import pandas as pd

    table = pd.DataFrame({"minutes": [0.1, 1, 2, 3], "bits": [9.0, 3.0, 2.2, 2.1]})
    figure = training_charts.training_curves({"validation": table}, y="bits", floors={"n-gram": 2.0})
    assert list(figure.data[0].y) == [2.2, 2.1]  # 1.35 · 2.1 = 2.8
    assert list(figure.data[1].y) == [2.0, 2.0]
    assert len(training_charts.training_curves({}, y="bits").data) == 0


def test_an_n_gram_alone_needs_no_network(app: AppTest) -> None:
    visit(app, "training", kind="N-gram")
    assert not app.exception
    assert "Parameters" not in html(app)
    app.button(key="start").click().run()
    command = jobs.list_jobs("train")[-1].command
    assert command[command.index("--kind") + 1] == "ngram"
    assert command[command.index("--name") + 1] == "mine-subword-ngram"


def test_without_tensorflow_only_an_n_gram_can_be_trained(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # as if it were not installed
    sentence = "pip install &quot;seize[train]&quot;"
    visit(app, "training")
    assert sentence in html(app)
    assert app.button(key="start").disabled
    visit(app, "training", kind="N-gram")
    assert sentence not in html(app)
    assert not app.button(key="start").disabled
