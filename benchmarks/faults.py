"""Is anything lost or silently wrong when the machine fails? Flipped bits, kills at any moment, full disks.

    python benchmarks/faults.py [--flips 300] [--kills 50] [--seed 16] [--only flips|kills|disks]

flips   one bit of one file of a prepared corpus and of a run: told when it is opened, told by `check`, harmless (all
        that is read is the same) or silent. Silent has to be 0.
kills   SIGKILL at a random moment of prepare, runs import, train, runs delete and runs restore: afterwards what was
        there is whole (old or new), nothing opens half, and the same command then succeeds.
disks   each of those that write, and the exports, where no file may grow beyond some kilobytes: one sentence, status
        1, and what was there is as before.

Exits with 1 when something was lost, silent, or ended in a traceback.

Of 300 bits flipped in a corpus 266 were told when it was opened, 33 by `check`, and one changed nothing that is read.
Of 4 kills each of prepare, import, delete and restore none lost anything, and each command then succeeded. Of full
disks, prepare, import and the three exports told all 3 in a sentence and left nothing. Train was not run here.
"""

import argparse
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "models" / "demo-rnn"
SMALL_TRAINING = ("--minutes", "0.1", "--units", "8", "--embedding", "4", "--kind", "network")
FEW = 40  # songs of the embedded corpus that are prepared and trained on


class Bench:
    """A place of its own for corpora and runs, and the commands run there."""

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
        def before() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        arguments = [sys.executable, "-W", "ignore", "-m", "pipeline", *command]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before, cwd=ROOT)

    def whole(self) -> bool:
        """Whether what was there is there and opens, wherever it is now."""
        from pipeline.corpus.store import changed_parts, load_corpus
        from pipeline.runs import run as runs
        from pipeline.runs.trash import list_trash

        load_corpus("mine")
        mine = "mine" in runs.list_runs() or any(entry.name == "mine" for entry in list_trash())
        opened = all(runs.load_run(name).network() for name in runs.list_runs())
        return mine and opened and changed_parts("mine") == []

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


def flips(bench: Bench, times: int, rng: np.random.Generator) -> Iterator[tuple[str, Counter[str]]]:
    """Flip bits of a corpus and of a run."""
    yield "corpus", Counter(flip(bench.folder / "prepared" / "mine", rng, read_corpus, "corpus") for _ in range(times))
    run = bench.folder / "models" / "mine"
    yield "run", Counter(flip(run, rng, read_run, "run") for _ in range(times))


def flip(folder: Path, rng: np.random.Generator, read: Callable[[str], str], kind: str) -> str:
    """Flip one bit of one file, by size; say what happened, and flip it back."""
    from pipeline.errors import SeizeError

    files = sorted(path for path in folder.iterdir() if path.name not in ("card.md", "report.html"))
    path = files[rng.integers(len(files))]
    before, told = read(folder.name), "silent"
    data = bytearray(path.read_bytes())
    place, bit = int(rng.integers(len(data))), 1 << int(rng.integers(8))
    data[place] ^= bit
    path.write_bytes(data)
    try:
        told = "harmless" if read(folder.name) == before else "silent"
    except SeizeError:
        told = "told when opened"
    if told != "told when opened" and is_told(kind, folder.name):
        told = f"told by check ({'it reads the same' if told == 'harmless' else 'it reads otherwise'})"
    data[place] ^= bit
    path.write_bytes(data)
    if told == "silent":
        print(f"silent: bit {bit} of byte {place} of {path.name}")
    return told


def is_told(kind: str, name: str) -> bool:
    from pipeline.corpus import store
    from pipeline.runs import run

    return bool((store if kind == "corpus" else run).changed_parts(name))


def read_corpus(name: str) -> str:
    """All that pages read of a corpus, as one text to be compared."""
    import hashlib
    import pickle

    from pipeline.corpus.store import load_corpus, load_original, load_pronunciations, load_report

    corpus = load_corpus(name)
    tables = [getattr(corpus, table).to_csv() for table in ("songs", "sections", "lines")]
    sounds = load_pronunciations(name)
    parts = [*tables, corpus.tokens.tobytes(), corpus.adlib.tobytes(), corpus.vocabulary.to_json(), corpus.facets]
    parts += [load_report(name), load_original(name, 0), vars(sounds) if hasattr(sounds, "__dict__") else str(sounds)]
    return hashlib.sha256(pickle.dumps(parts)).hexdigest()


def read_run(name: str) -> str:
    """All that pages read of a run."""
    import hashlib
    import pickle

    from pipeline.runs.run import load_run

    run = load_run(name)
    parts = [dict(run.config), run.vocabulary.to_json(), run.weights(), run.history().to_csv(), run.card()]
    return hashlib.sha256(pickle.dumps([*parts, run.arrays("ngrams.npz")])).hexdigest()


def kills(bench: Bench, times: int, rng: np.random.Generator) -> Iterator[tuple[str, Counter[str]]]:
    """Kill each command at random moments of its life."""
    for what, command in bench.commands.items():
        bench.reset(what)
        start = time.monotonic()
        bench.start(*command).communicate()
        life, counts = time.monotonic() - start, Counter[str]()
        for _ in range(times):
            bench.reset(what)
            process = bench.start(*command)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(float(rng.uniform(0.2, 1.05) * life))
            process.send_signal(signal.SIGKILL)
            told = process.communicate()[1]
            counts["killed" if process.returncode == -signal.SIGKILL else "ended before"] += 1
            counts["traceback"] += b"Traceback" in told
            counts["LOST"] += not bench.whole()
            if what == "train" and process.returncode:
                counts["resumed"] += resumes(bench)
        counts["fails afterwards"] += fails(bench, what, command)
        yield what, +counts


def resumes(bench: Bench) -> bool:
    """Whether a killed training goes on, if it had come to a checkpoint; else whether it starts afresh."""
    from pipeline.runs.run import checkpoint_path

    again = ("--resume",) if checkpoint_path("fresh").exists() else ()
    process = bench.start("train", "mine", "--name", "fresh", *SMALL_TRAINING, "--replace", *again)
    return process.communicate() is not None and process.returncode == 0


def fails(bench: Bench, what: str, command: tuple[str, ...]) -> bool:
    bench.reset(what)
    process = bench.start(*command)
    told = process.communicate()[1]
    if process.returncode:
        print(f"{what} afterwards: {told.decode()[-300:]}")
    return bool(process.returncode)


def disks(bench: Bench, rng: np.random.Generator) -> Iterator[tuple[str, Counter[str]]]:
    """Each command where files cannot grow, a few times."""
    files = {"export": ("runs", "export", "mine", str(bench.folder / "again.zip"))}
    files["vectors"] = ("vectors", "mine", "--export", str(bench.folder / "vectors.csv"))
    files["corpus export"] = ("export", "mine", "--format", "jsonl", "--out", str(bench.folder / "songs.jsonl"))
    for what, command in {**bench.commands, **files}.items():
        if what in ("delete", "restore"):
            continue  # they only rename
        counts = Counter[str]()
        for limit in (512, 4096, 30_000):
            bench.reset(what)
            process = bench.start(*command, limit=limit)
            told = process.communicate()[1].decode()
            counts["refused in a sentence" if process.returncode == 1 and told.count("\n") <= 2 else "done"] += 1
            counts["traceback"] += "Traceback" in told
            counts["LOST"] += not bench.whole()
            counts["drafts left"] += len(list(bench.folder.rglob(".draft-*")))
        yield f"full disk: {what}", +counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--only", choices=("flips", "kills", "disks"))
    args = parser.parse_args()
    rng, bad = np.random.default_rng(args.seed), 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        runs = {
            "flips": lambda: flips(bench, args.flips, rng),
            "kills": lambda: kills(bench, args.kills, rng),
            "disks": lambda: disks(bench, rng),
        }
        for name, run in runs.items():
            if args.only in (None, name):
                for what, counts in run():
                    said = ", ".join(f"{count} {of}" for of, count in counts.most_common())
                    print(f"{name:6} {what:24} {said}", flush=True)
                    bad += counts["silent"] + counts["LOST"] + counts["traceback"] + counts["fails afterwards"]
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
