"""A place of its own for corpora and runs, where commands are run, killed and kept from writing.

Its disk is a tmpfs in a mount namespace of this process (`own_namespace`): the kernel refuses root as well there, which
the modes of files do not. What commands put aside for a moment (TMPDIR) lies on the same disk.
"""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "models" / "demo-rnn"
SMALL_TRAINING = ("--minutes", "0.1", "--units", "8", "--embedding", "4", "--kind", "network")
FEW = 40  # songs of the embedded corpus that are prepared and trained on
_SIZE = "96m"
_INSIDE = "SEIZE_FAULT_NAMESPACE"


class Bench:
    """A corpus and a run called `mine` in a folder, the run as an archive, and the commands that write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.environ |= {"SEIZE_PREPARED": str(folder / "prepared"), "SEIZE_MODELS": str(folder / "models")}
        os.environ |= {"SEIZE_JOBS": str(folder / "jobs"), "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
        os.environ["PYTHONPATH"] = str(ROOT)
        source = folder / "source"
        source.mkdir()
        for path in sorted((ROOT / "data" / "demo").rglob("*.txt"))[:FEW]:
            shutil.copy(path, source / path.name)
        self.run("prepare", str(source), "--name", "mine", "--quiet")
        (folder / "models").mkdir()
        shutil.copytree(SHIPPED, folder / "models" / "mine")
        self.run("runs", "export", "mine", str(folder / "run.zip"))
        self.commands = {
            "prepare": ("prepare", str(source), "--name", "mine", "--quiet"),
            "import": ("runs", "import", str(folder / "run.zip"), "--name", "other"),
            "train": ("train", "mine", "--name", "fresh", *SMALL_TRAINING),
            "delete": ("runs", "delete", "mine"),
            "restore": ("runs", "restore", "mine"),
        }

    def run(self, *command: str) -> None:
        done = self.start(*command).communicate()
        assert not done[1], done

    def start(self, *command: str, limit: int | None = None) -> "subprocess.Popen[bytes]":
        """Start a command; no file of its own may grow beyond `limit` bytes."""

        def before() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        arguments = [sys.executable, "-W", "ignore", "-m", "pipeline", *command]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before, cwd=ROOT)

    def is_whole(self) -> bool:
        """Whether what was there is there and opens, wherever it is now."""
        from pipeline.corpus.store import changed_parts, load_corpus
        from pipeline.runs import run as runs
        from pipeline.runs.trash import list_trash

        load_corpus("mine")
        mine = "mine" in runs.list_runs() or any(entry.name == "mine" for entry in list_trash())
        opened = all(runs.load_run(name).network() for name in runs.list_runs())
        return mine and opened and not changed_parts("mine")

    def files(self) -> dict[str, str]:
        """Each file of the corpora, runs and exports with the hash of its bytes; a checkpoint is kept on purpose."""
        aside = (".lock", ".resume.npz")
        paths = [path for path in self.folder.rglob("*") if path.is_file() and not path.name.endswith(aside)]
        names = {path: path.relative_to(self.folder) for path in paths}
        return {
            str(name): blake2b(path.read_bytes()).hexdigest()
            for path, name in names.items()
            if name.parts[0] not in ("temporary", "jobs", "ballast")
        }

    def reset(self, what: str) -> None:
        """Bring back what a command needs, and take away what it made."""
        from pipeline.runs import run as runs

        for name in ("other", "fresh"):
            shutil.rmtree(runs.models_folder() / name, ignore_errors=True)
        runs.checkpoint_path("fresh").unlink(missing_ok=True)
        deleted = what == "restore"
        if deleted and "mine" in runs.list_runs():
            self.run("runs", "delete", "mine")
        elif not deleted and "mine" not in runs.list_runs():
            self.run("runs", "restore", "mine")


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


@contextmanager
def filled(folder: Path, room: int) -> Iterator[None]:
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
def read_only(folder: Path) -> Iterator[None]:
    _mount("-o", "remount,ro", str(folder))
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(folder))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)
