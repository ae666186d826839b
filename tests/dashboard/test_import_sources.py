"""Sources of an import: which files of this machine are offered, and what becomes of files that a browser sent."""

import os
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queries import uploads
from dashboard.queries.uploads import import_roots, is_local, resolve_local_source
from pipeline.core.errors import SourceError
from pipeline.core.paths import prepared_folder
from pipeline.corpus.readers.blobs import open_source
from tests.dashboard.pages import html, visit

SONG = b"[Couplet]\nLa nuit tombe\nSur la ville\n"


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "rue.txt").write_bytes(SONG)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return [(tmp_path / "open").resolve()]


def test_a_file_of_an_offered_folder_is_taken(roots: list[Path]) -> None:
    assert resolve_local_source(str(roots[0] / "rue.txt"), roots) == roots[0] / "rue.txt"
    assert resolve_local_source(str(roots[0]), roots) == roots[0]


@pytest.mark.parametrize(
    "typed", ["/etc/passwd", "../secret.txt", "link.txt", "up/secret.txt", "nothing/../../secret.txt"]
)
def test_nothing_outside_is_read_or_told(roots: list[Path], typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(roots[0])
    (roots[0] / "link.txt").symlink_to(roots[0].parent / "secret.txt")
    (roots[0] / "up").symlink_to(roots[0].parent)
    with pytest.raises(SourceError, match="is not in a folder open to imports"):
        resolve_local_source(typed, roots)
    with pytest.raises(SourceError, match="is not in a folder open to imports"):
        resolve_local_source(str(roots[0].parent / "there-is-none"), roots)


@pytest.mark.parametrize("typed", ["none.txt", "a" * 5000, "~nobody-of-this-name/x", "nul\0l", "loop"])
def test_what_is_not_there_is_one_sentence(roots: list[Path], typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(roots[0])
    (roots[0] / "loop").symlink_to(roots[0] / "loop")
    with pytest.raises(SourceError, match="There is no file or folder"):
        resolve_local_source(typed, roots)


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/proc/self/environ", "/sys/kernel", "pipe", "link"])
def test_what_never_ends_is_refused(roots: list[Path], name: str) -> None:
    os.mkfifo(roots[0] / "pipe")
    (roots[0] / "link").symlink_to("/dev/urandom")
    with pytest.raises(SourceError, match="is not a file or folder"):
        open_source(roots[0] / name)


def test_what_never_ends_in_a_folder_is_passed_over(roots: list[Path]) -> None:
    os.mkfifo(roots[0] / "pipe.txt")
    (roots[0] / "zero.txt").symlink_to("/dev/zero")
    blobs, skipped = open_source(roots[0])
    assert [blob.name for blob in blobs] == ["rue.txt"]
    assert sorted(skip.source for skip in skipped) == ["pipe.txt", "zero.txt"]


def test_the_home_is_offered_to_the_user_of_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEIZE_IMPORT_ROOTS", raising=False)
    assert import_roots(local=True) == [Path.home().resolve()]
    assert import_roots(local=False) == []
    monkeypatch.setenv("SEIZE_IMPORT_ROOTS", os.pathsep.join(["/srv/lyrics", "/srv/more"]))
    assert import_roots(local=True) == import_roots(local=False) == [Path("/srv/lyrics"), Path("/srv/more")]
    monkeypatch.setenv("SEIZE_IMPORT_ROOTS", "")
    assert import_roots(local=True) == [], "named as none"


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        ("127.0.0.1", {"Host": "localhost:8501"}, True),
        ("localhost", {"host": "127.0.0.1:8501"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("0.0.0.0", {"Host": "localhost:8501"}, False),
        (None, {"Host": "localhost:8501"}, False),
        ("127.0.0.1", {"Host": "seize.example"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "203.0.113.9"}, False),
        ("127.0.0.1", {}, False),
    ],
)
def test_who_is_at_this_machine(address: str | None, headers: dict[str, str], local: bool) -> None:
    assert is_local(address, headers) is local


def test_the_page_offers_this_machine_where_folders_are_named(
    app: AppTest, roots: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZE_IMPORT_ROOTS", "")
    visit(app, "importing")
    assert "way" not in app.session_state
    monkeypatch.setenv("SEIZE_IMPORT_ROOTS", str(roots[0]))
    app.run()
    app.segmented_control(key="way").set_value("path").run()
    app.text_input(key="source").set_value("/etc/passwd").run()
    assert "/etc/passwd is not in a folder open to imports" in html(app)
    assert html(app).count('role="alert"') == 1


@pytest.fixture
def jobs_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    return tmp_path / "jobs"


def test_files_of_one_name_are_all_kept(jobs_place: Path) -> None:
    folder = uploads.store_upload([("a/rue.txt", b"1"), ("b/rue.txt", b"2"), ("RUE.txt", b"3")])
    assert sorted(path.read_bytes() for path in folder.iterdir()) == [b"1", b"2", b"3"]


@pytest.mark.parametrize("name", ["é" * 256 + ".txt", "x" * 300, "." * 200, "\U0001f3a4" * 100 + ".csv", "a\0b.txt"])
def test_a_long_or_odd_name_is_stored(jobs_place: Path, name: str) -> None:
    stored = uploads.store_upload([(name, SONG)])
    assert stored.read_bytes() == SONG
    assert stored.parent.parent == uploads.uploads_folder()
    assert stored.suffix == (Path(name).suffix if Path(name).suffix != "." else "")


def test_uploads_have_a_limit_together_and_a_day(jobs_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    old = uploads.store_upload([("old.txt", bytes(60))])
    with pytest.raises(SourceError, match="No room for 1 MB more"):
        uploads.store_upload([("new.txt", bytes(60))])
    uploads.sweep_uploads()
    assert old.exists()
    uploads.sweep_uploads(time.time() + uploads.MAX_UPLOAD_SECONDS + 1)
    assert not old.parent.exists()
    assert uploads.uploaded_bytes() == 0
    uploads.store_upload([("new.txt", bytes(60))])


def test_an_upload_of_just_a_day_is_still_there(jobs_place: Path) -> None:
    folder = uploads.store_upload([("rue.txt", SONG)]).parent
    os.utime(folder, (1000, 1000))
    uploads.sweep_uploads(1000 + uploads.MAX_UPLOAD_SECONDS)
    assert folder.exists()
    uploads.sweep_uploads(1001 + uploads.MAX_UPLOAD_SECONDS)
    assert not folder.exists()


def test_each_visitor_has_room_of_their_own(jobs_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "VISITOR_BYTES", 100)
    stored = uploads.store_upload([("a.txt", bytes(60))], "account:anna")
    assert "anna" not in str(stored)
    with pytest.raises(SourceError, match="your uploads may use"):
        uploads.store_upload([("b.txt", bytes(60))], "account:anna")
    uploads.store_upload([("b.txt", bytes(60))], "account:bert")
    uploads.store_upload([("c.txt", bytes(200))])  # the operator's
    assert [uploads.uploaded_bytes(who) for who in ("account:anna", "account:bert", "operator")] == [60, 60, 320]


def test_an_upload_is_gone_once_it_is_prepared(app: AppTest, jobs_place: Path) -> None:
    visit(app, "importing")
    app.text_input(key="name").set_value("sent").run()
    app.file_uploader(key="files").set_value([("rue.txt", SONG, "text/plain")] * 2).run()
    assert uploads.uploaded_bytes() == 2 * len(SONG)
    app.button(key="start-import").click().run()
    end = time.monotonic() + 90
    while "<dt>Songs</dt>" not in html(app) and time.monotonic() < end:
        time.sleep(0.5)
        app.run()
    shutil.rmtree(prepared_folder() / "sent")
    assert "<dt>Songs</dt>" in html(app)
    assert uploads.uploaded_bytes() == 0
