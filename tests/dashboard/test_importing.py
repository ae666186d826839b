"""The Import page: what it takes, which table says what, how far a run is, how one ended, what was done to the text."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus, load_report
from pipeline.processes import jobs
from pipeline.processes.jobs import Status, write_status
from tests.dashboard.pages import html, import_by_path, visit

SONG = "[Couplet 1]\nLe soir tombe sur la ville\nEt je marche dans la nuit\n"


def finished(app: AppTest, name: str) -> AppTest:
    end = time.monotonic() + 60
    while f"Open {name}" not in [link.proto.label for link in app.get("page_link")] and time.monotonic() < end:
        time.sleep(0.5)
        app.run()
    app.run()
    return app


@pytest.mark.slow
def test_a_table_beside_the_songs_is_mapped_by_hand(app: AppTest, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"S{number}.txt").write_text(SONG.replace("nuit", f"nuit {number}"), "utf-8")
    rows = "".join(f"S{n},Morceau {n},Personne,Untel\n" for n in range(3))
    (tmp_path / "songs.csv").write_text(f"cle,nom,artist,qui\n{rows}LOST,Perdu,Personne,Untel\n", "utf-8")
    import_by_path(app, tmp_path, "beside")
    assert not app.exception
    assert app.selectbox(key="col-file").value == "cle"
    assert "3 of 4 rows of the metadata table match a file (by file name 3)" in html(app)
    app.selectbox(key="col-artist").set_value("qui").run()
    app.selectbox(key="col-title").set_value("nom").run()
    assert "Untel, Morceau 0" in html(app)
    app.button(key="start-import").click().run()
    finished(app, "beside")
    assert load_corpus("beside").songs["artist"].tolist() == ["Untel"] * 3


def test_files_without_an_ending_are_taken(app: AppTest) -> None:
    visit(app, "importing")
    sent = [(name, SONG.encode(), "application/octet-stream") for name in ("Kobalt", "Untel")]
    app.file_uploader(key="files").set_value(sent).run()
    assert not app.exception
    assert 'role="alert"' not in html(app)
    assert "2 files, read as" in html(app)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("saved", "said"), [(False, "Cancelled. Nothing was saved"), (True, "Cancelled. The corpus is complete")]
)
def test_a_cancelled_run_says_so(app: AppTest, tmp_path: Path, saved: bool, said: str) -> None:
    source, name = tmp_path / "un.txt", f"cancelled-{saved}".lower()
    source.write_text(SONG, "utf-8")
    job = jobs.submit("import", f"Prepare {name}", ["prepare", "--help"], {"name": name})
    while job.status().state in ("queued", "running"):
        time.sleep(0.1)
    if saved:
        prepare(source, name)
    write_status(job.folder, replace(job.status(), state="cancelled"))
    import_by_path(app, source, name)
    assert said in html(app)


def test_what_is_saved_can_be_opened_while_its_sounds_follow(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "un.txt"
    source.write_text(SONG, "utf-8")
    job = jobs.submit("import", "Prepare early", ["prepare", "--help"], {"name": "early"})
    while job.status().state in ("queued", "running"):
        time.sleep(0.1)
    prepare(source, "early")
    running = Status("running", 0.7, "usable now, pronunciations follow; transcribing the lines, 25%")
    monkeypatch.setattr(jobs.Job, "status", lambda self: running if self.id == job.id else Status("done"))
    import_by_path(app, source, "early")
    assert not app.exception
    assert "Pronunciations are still being computed" in html(app)
    assert "Open early" in [link.proto.label for link in app.get("page_link")]


def test_the_report_adds_up_and_says_what_was_inferred(app: AppTest, tmp_path: Path) -> None:
    plain = "Le soir tombe\nSur la ville\nEt je marche\n\nDans la nuit\nQui me suit\nSans un bruit\n\n"
    (tmp_path / "un.txt").write_text(plain * 3, "utf-8")
    prepare(tmp_path, "account")
    account = load_report("account")["account"]
    visit(app, "importing")
    app.query_params["report"] = "account"
    app.session_state["report"] = "account"
    app.session_state["prepared"] = True
    app.run()
    assert not app.exception
    assert f"<td>Read</td><td>{account['read']['lines']}</td><td>{account['read']['words']}</td>" in html(app)
    dropped = sum(entry["words"] for entry in account["dropped"])
    assert account["read"]["words"] - dropped == account["kept"]["words"]
    assert "Inferred, and marked as inferred" in html(app)
    assert "Download as a web page" in [button.proto.label for button in app.get("download_button")]


def test_progress_grows_over_one_table_and_says_what_it_does_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    source = tmp_path / "songs.csv"
    lines = "".join(f'"Untel","Titre {n}","Le soir {n} tombe\nSur la ville {n}"\n' for n in range(2_000))
    source.write_text(f"artist,title,lyrics\n{lines}", "utf-8")
    told: list[tuple[float, str]] = []
    prepare(source, "told", on_progress=lambda share, doing: told.append((share, doing)))
    assert told[0][1] == "looking for files to read"
    read = [share for share, doing in told if doing.endswith("songs read")]
    assert len(set(read)) == len(read) > 2
    assert all(0 < share <= 0.8 for share in read)
    assert [share for share, _ in told] == sorted(share for share, _ in told)


@pytest.mark.slow
def test_rows_are_chosen_and_counted_before_they_are_read(app: AppTest, tmp_path: Path) -> None:
    source = tmp_path / "songs.csv"
    rows = "".join(f'{tag},Titre {n},"{SONG} {n}"\n' for n, tag in enumerate(["pop", "rap", "rap"]))
    source.write_text(f"tag,title,lyrics\n{rows}", "utf-8")
    import_by_path(app, source, "chosen")
    app.multiselect(key="only").set_value(["tag"]).run()
    app.text_input(key="only-tag").set_value("RAP").run()
    app.button(key="count-rows").click().run()
    assert not app.exception
    assert "2 of 3 rows" in html(app)
    assert "Titre 1" in html(app)  # the first song that is wanted


def test_names_of_artists_are_merged_and_undone(app: AppTest, tmp_path: Path) -> None:
    for number, artist in enumerate(["MHD", "Mhd_2", "Untel"]):
        (tmp_path / artist / "Quai").mkdir(parents=True)
        (tmp_path / artist / "Quai" / "Un.txt").write_text(SONG.replace("nuit", f"nuit {number}"), "utf-8")
    prepare(tmp_path, "names")
    app.session_state["prepared"], app.session_state["report"] = True, "names"
    visit(app, "importing")
    app.button(key="merge-suggested-prepared-names").click().run()
    assert not app.exception
    assert load_corpus("names").artists == ["MHD", "Untel"]
    app.multiselect(key="merge-names-prepared-names").set_value(["Untel"])
    app.selectbox(key="merge-into-prepared-names").set_value("MHD").run()
    app.button(key="merge-own-prepared-names").click().run()
    assert load_corpus("names").artists == ["MHD"]
    app.button(key="merge-undo-prepared-names").click().run()
    assert load_corpus("names").artists == ["MHD", "Mhd 2", "Untel"]
