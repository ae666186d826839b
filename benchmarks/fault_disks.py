"""Disks that are full, nearly full or read-only: one sentence, nothing half-written, and what was there is as before.

The disk is a tmpfs in a mount namespace of this process (`own_namespace`): the kernel refuses root as well there, which
the modes of files do not. What commands put aside for a moment (TMPDIR) lies on the same disk.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fault_bench import Bench

LIMITS = (512, 4096, 30_000)  # bytes that a file may have
ROOMS = (0, 8 << 10, 64 << 10, 256 << 10, 1 << 20)  # bytes that are free
SAYS = "seize: "  # how the one line begins that says what went wrong; a training's progress comes before it
_SIZE = "96m"
_INSIDE = "SEIZE_FAULT_NAMESPACE"


def own_namespace() -> bool:
    """Begin this programme again where its mounts are its own. False where the system does not let it."""
    if os.environ.get(_INSIDE):
        return True
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "--map-root-user", "--mount", "true"], check=False).returncode:
        return False
    os.environ[_INSIDE] = "1"
    os.execv(unshare, [unshare, "--map-root-user", "--mount", sys.executable, *sys.argv])


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk on a folder, with room for temporary files."""
    _mount("-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder))
    (folder / "temporary").mkdir()
    os.environ["TMPDIR"] = str(folder / "temporary")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def disks(bench: Bench) -> Iterator[tuple[str, Counter[str]]]:
    """Run each command where files cannot grow, where the disk is full, and where it is read-only."""
    files = {"export": ("runs", "export", "mine", str(bench.folder / "again.zip"))}
    files["vectors"] = ("vectors", "mine", "--export", str(bench.folder / "vectors.csv"))
    files["corpus export"] = ("export", "mine", "--format", "jsonl", "--out", str(bench.folder / "songs.jsonl"))
    writing = {**bench.commands, **files}
    for what, command in writing.items():
        yield (
            f"short files: {what}",
            sum((_attempt(bench, what, command, limit=limit) for limit in LIMITS), Counter[str]()),
        )
        full = (_attempt(bench, what, command, around=lambda room=room: _filled(bench.folder, room)) for room in ROOMS)
        yield f"full disk: {what}", sum(full, Counter[str]())
        yield f"read-only: {what}", _attempt(bench, what, command, around=lambda: _read_only(bench.folder))
    reading = {"stats": ("stats", "mine"), "check": ("check",), "generate": ("generate", "mine", "--lines", "2")}
    for what, command in reading.items():
        yield f"read-only: {what}", _attempt(bench, what, command, around=lambda: _read_only(bench.folder))


def _attempt(
    bench: Bench,
    what: str,
    command: tuple[str, ...],
    *,
    limit: int | None = None,
    around: Callable[[], object] | None = None,
) -> Counter[str]:
    """Run a command on a disk as it is made `around` it; say what happened."""
    bench.reset(what)
    before = bench.files()
    if around is None:
        process = bench.start(*command, limit=limit)
        told = process.communicate()[1].decode()
    else:
        with around():  # type: ignore[attr-defined]
            process = bench.start(*command)
            told = process.communicate()[1].decode()
    after, counts = bench.files(), Counter[str]()
    refused = process.returncode == 1 and told.count(SAYS) == 1 and told.rstrip().split("\n")[-1].startswith(SAYS)
    counts["refused in a sentence" if refused else "done" if not process.returncode else "ELSE"] += 1
    counts["traceback"] += "Traceback" in told
    counts["LOST"] += not bench.is_whole() or (refused and before != after)
    if counts["traceback"] or counts["LOST"] or counts["ELSE"]:
        changed = sorted(name for name, _ in set(before.items()) ^ set(after.items()))
        print(f"{what}: status {process.returncode}, changed {changed[:8]}, {told[-1500:]}", flush=True)
    for name in ("again.zip", "vectors.csv", "songs.jsonl"):
        (bench.folder / name).unlink(missing_ok=True)
    return +counts


@contextmanager
def _filled(folder: Path, room: int) -> Iterator[None]:
    """Leave so many bytes free on the disk."""
    ballast = folder / "ballast"
    with ballast.open("wb") as out:
        free = os.statvfs(folder)
        out.write(bytes(max(free.f_bavail * free.f_frsize - room, 0)))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    _mount("-o", "remount,ro", str(folder))
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(folder))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)
