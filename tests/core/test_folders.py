"""A folder or a file is replaced whole or not at all: killed or failing at any call to the system, and while read."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.core import folders
from pipeline.core.errors import SeizeError
from pipeline.core.folders import (
    DRAFT_PREFIX,
    hold_write_lock,
    read_consistently,
    remove_stale_drafts,
    replace_file_atomically,
    replace_folder_atomically,
)
from tests.stopped_calls import KILLED, RECOVERED, REFUSED, stop_at_each_call


def write_old(target: Path, kind: str) -> None:
    if kind == "folder":
        target.mkdir()
        (target / "a").write_text("old")
        (target / "b").write_text("old")
    else:
        target.write_text("old")


def contents(target: Path) -> set[str]:
    """What its files hold: one word if it is whole."""
    files = [target / "a", target / "b"] if target.is_dir() else [target]
    return {file.read_text() for file in files}


def write_new(target: Path, kind: str) -> None:
    if kind == "file":
        with replace_file_atomically(target) as draft:
            draft.write_text("new")
    else:
        with replace_folder_atomically(target) as draft:
            (draft / "a").write_text("new")
            (draft / "b").write_text("new")


@pytest.mark.parametrize("refuse", [False, True], ids=["kill", "refuse"])
@pytest.mark.parametrize(
    ("kind", "exchange"), [("folder", True), pytest.param("folder", False, marks=pytest.mark.slow), ("file", True)]
)
def test_stopped_at_any_call_it_leaves_the_old_or_the_new(
    refuse: bool, kind: str, exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        monkeypatch.setattr(folders, "_swap_paths_atomically", lambda one, other: False)
    ends = stop_at_each_call(
        lambda folder: write_new(folder / "it", kind),
        tmp_path,
        lambda folder: write_old(folder / "it", kind),
        refuse=refuse,
    )
    assert 10 < len(ends) < 100
    assert {REFUSED, 0} < set(ends) <= {REFUSED, RECOVERED, 0} if refuse else set(ends) == {KILLED, 0}
    for number, end in enumerate(ends, 1):
        parent = tmp_path / str(number)
        if exchange:
            assert contents(parent / "it") in ({"old"}, {"new"}), f"before any sweep, call {number}"
        remove_stale_drafts(parent)
        assert contents(parent / "it") in ({"old"}, {"new"}), f"call {number}"
        if end in (0, RECOVERED):
            assert contents(parent / "it") == {"new"}
        assert [path.name for path in parent.iterdir()] == ["it"], f"left behind at call {number}"


def test_the_second_rename_fails_and_the_old_folder_has_its_name_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_old(tmp_path / "it", "folder")
    monkeypatch.setattr(folders, "_swap_paths_atomically", lambda one, other: False)
    rename, targets = Path.rename, []

    def third_fails(self: Path, target: Path) -> Path:
        targets.append(target)
        if len(targets) == 3:  # the draft directly; the old one aside; the draft
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", third_fails)
    with pytest.raises(OSError, match="Input/output"), replace_folder_atomically(tmp_path / "it") as draft:
        (draft / "a").write_text("new")
    assert contents(tmp_path / "it") == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_failing_block_changes_nothing_and_errors_name_the_target(tmp_path: Path) -> None:
    write_old(tmp_path / "it", "folder")
    with pytest.raises(FileNotFoundError) as error, replace_folder_atomically(tmp_path / "it") as draft:
        (draft / "missing" / "a").write_text("new")
    assert error.value.filename == str(tmp_path / "it")
    assert contents(tmp_path / "it") == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="not on Linux")
def test_readers_never_find_a_moment_without_it_nor_parts_of_two(tmp_path: Path) -> None:
    target, stop, problems = tmp_path / "it", threading.Event(), []
    write_old(target, "folder")

    def read(folder: Path) -> str:
        first = (folder / "a").read_text()
        assert (folder / "b").read_text() == first
        return first

    def watch() -> None:
        while not stop.is_set():
            try:
                assert target.is_dir()
                read_consistently(target, read)
            except (OSError, AssertionError) as error:
                problems.append(error)
                return

    readers = [threading.Thread(target=watch) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(60):
        with replace_folder_atomically(target) as draft:
            (draft / "a").write_text(str(number))
            (draft / "b").write_text(str(number))
    stop.set()
    for reader in readers:
        reader.join()
    assert not problems
    assert contents(target) == {"59"}


def test_two_at_once_both_succeed(tmp_path: Path) -> None:
    def write(word: str) -> None:
        for _ in range(20):
            with replace_folder_atomically(tmp_path / "it") as draft:
                (draft / "a").write_text(word)
                (draft / "b").write_text(word)

    threads = [threading.Thread(target=write, args=(word,)) for word in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents(tmp_path / "it") in ({"one"}, {"two"})
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_sweep_leaves_drafts_that_are_in_work(tmp_path: Path) -> None:
    (tmp_path / f"{DRAFT_PREFIX}of-a-killed-process").mkdir()
    with replace_folder_atomically(tmp_path / "it") as draft:
        remove_stale_drafts(tmp_path)
        assert draft.is_dir()
        assert len(list(tmp_path.glob(f"{DRAFT_PREFIX}*"))) == 1


def test_a_file_that_is_a_device_is_written_in_place(tmp_path: Path) -> None:
    with replace_file_atomically(Path("/dev/null")) as file:
        assert file == Path("/dev/null")
    os.mkfifo(tmp_path / "pipe")
    with replace_file_atomically(tmp_path / "pipe") as file:
        assert file == tmp_path / "pipe"


def test_the_second_writer_of_a_name_is_told(tmp_path: Path) -> None:
    with hold_write_lock(tmp_path / "it"):
        with (
            pytest.raises(SeizeError, match="'it' is being written by another process"),
            hold_write_lock(tmp_path / "it"),
        ):
            pass
        with hold_write_lock(tmp_path / "other"):
            pass
    with hold_write_lock(tmp_path / "it"):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from pipeline.core.folders import hold_write_lock\n"
        "with hold_write_lock(Path(sys.argv[1])): os._exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "it"], check=False).returncode == 7
    with hold_write_lock(tmp_path / "it"):
        pass
