"""The store of small things: whole or not at all, whoever writes, is killed, or finds a full or damaged disk."""

import multiprocessing
import os
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.core.store import Store, means_damaged_file


def names(store: Store, kind: str = "a", owner: str | None = "x") -> list[str]:
    with store.open_for_reading() as things:
        return [thing.name for thing in things.rows_of(kind, owner)]


def test_things_are_of_their_kind_and_owner(tmp_path: Path) -> None:
    store = Store(tmp_path / "deeper" / "things.db")
    assert names(store) == []
    assert not store.path.exists()
    with store.open_for_writing() as things:
        for kind, owner, name in (("a", "x", "1"), ("a", "y", "1"), ("b", "x", "1"), ("a", "x", "2")):
            things.put(kind, owner, name, [kind, owner, name])
        things.put("a", "x", "1", "é")
    with Store(store.path).open_for_reading() as things:
        assert {(thing.owner, thing.name): thing.verified_value for thing in things.rows_of("a")} == {
            ("x", "1"): "é",
            ("y", "1"): ["a", "y", "1"],
            ("x", "2"): ["a", "x", "2"],
        }


def test_the_oldest_make_room_and_what_moves_replaces() -> None:
    store = Store(None)
    with store.open_for_writing() as things:
        for name in "1234":
            things.put("a", "x", name, name)
        things.put("b", "x", "4", "before")
        things.delete_oldest("a", "x", 2)
        things.change_kind("a", "x", "4", to="b")
        things.delete("a", "x", "none")
    assert (names(store), names(store, "b")) == (["3"], ["4"])


def test_a_block_that_fails_changes_nothing(tmp_path: Path) -> None:
    for store in (Store(None), Store(tmp_path / "things.db")):
        with suppress(KeyError), store.open_for_writing() as things:
            things.put("a", "x", "1", 1)
            raise KeyError
        assert names(store) == []


def _write_and_die(path: Path) -> None:
    with Store(path).open_for_writing() as things:
        for number in range(2000):
            things.put("a", "x", f"{number}", "…" * 1000)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_writer_leaves_what_was_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "things.db")
    with store.open_for_writing() as things:
        things.put("a", "x", "before", 1)
    writer = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(store.path,))
    writer.start()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    assert names(store) == ["before"]


def _count_up(path: Path, times: int) -> None:
    for _ in range(times):
        with Store(path).open_for_writing() as things:
            before = [thing.verified_value for thing in things.rows_of("a", "x")]
            things.put("a", "x", "count", (before or [0])[0] + 1)


def test_writers_at_once_wait_for_each_other(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.starmap(_count_up, [(tmp_path / "things.db", 20)] * 4)
    with Store(tmp_path / "things.db").open_for_reading() as things:
        assert [thing.verified_value for thing in things.rows_of("a", "x")] == [80]


def test_a_full_disk_is_no_damage_and_leaves_what_was_there(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    store = Store(tmp_path / "things.db")
    with store.open_for_writing() as things:
        things.put("a", "x", "before", 1)
    request.getfixturevalue("full_disk")
    with pytest.raises(sqlite3.OperationalError) as error, store.open_for_writing() as things:
        things.put("a", "x", "more", "…" * 10_000)
    assert not means_damaged_file(error.value)
    assert names(store) == ["before"]


def test_a_damaged_file_is_moved_aside_and_a_whole_one_stays(tmp_path: Path) -> None:
    store = Store(tmp_path / "things.db")
    with store.open_for_writing() as things:
        things.put("a", "x", "1", "…" * 10_000)
    assert store.move_damaged_file() is None
    store.path.write_bytes(store.path.read_bytes()[:9000])
    with pytest.raises(sqlite3.DatabaseError) as error:
        names(store)
    assert means_damaged_file(error.value)
    aside = store.move_damaged_file()
    assert aside is not None
    assert aside.stat().st_size == 9000
    assert names(store) == []
