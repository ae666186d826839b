"""Is anything lost or silently wrong when the machine fails? Flipped bits, kills, full disks, two servers on one home.

    python benchmarks/faults.py [--flips 300] [--kills 50] [--seed 16] [--only flips|kills|disks|servers|bombs|texts]
                                [--command train]

What an attacker may try is asserted by `script/test -m security`; here is what only many tries show.

flips   one bit of one file of a prepared corpus and of a run: told when it is opened, told by `check`, harmless (the
        same JSON) or silent. Silent has to be 0.
kills   SIGKILL at a random moment of prepare, runs import, train, runs delete and runs restore: afterwards what was
        there is whole (old or new), nothing opens half, a training goes on, and the same command then succeeds.
disks   each of those that write, and the exports, where no file may grow beyond some kilobytes, where the disk has
        between nothing and a megabyte left, and where it is read-only: it works, or says so in one sentence with
        status 1 and leaves every file as it was. Reading works on a read-only disk. Needs `unshare` (Linux).
servers two servers on one home that has no corpus yet, visited at once; one is killed, the other goes on, and nothing
        is damaged.
bombs   small Parquet and Arrow files that name a long text, a list or a row very often: refused in a sentence, or read,
        in less than 2 GB of memory and two minutes of the processor.
texts   a corpus whose titles, names, cells and lyrics are formulas, markup and control characters: every export reads
        back (XML, JSON, tables), no cell of a saved table begins a formula (exports for programs hold words as they
        are), and a notebook shows no markup of theirs.

Exits with 1 when something was lost, silent, or ended in a traceback.

50 times each, seed 16: prepare (49 killed, 1 ended before), import (48, 2), delete (44, 6) and restore (45, 5) lost
nothing, showed no traceback, and each command then succeeded; train (50 times, 10 each of seeds 41 to 45: 39 killed,
11 ended before) neither: 36 of the killed were begun afresh and 3 resumed from their checkpoint; ten more are killed
by `tests/training/test_resume.py`. Of 300 bits flipped in a corpus 266 were told when it was opened, 33 by `check`,
and one changed nothing that is read; of 300 in a run all were told when it was opened (before, one was not: the name
of the checksum itself). Of 64 writes where files may not grow or a disk has nothing to a megabyte left, prepare,
import, train, exports and vectors were refused in a sentence or worked, delete and restore worked, and every file was
as before; read-only, each was refused, and `stats`, `check` and `generate` worked. Of fourteen bombs thirteen were
refused in a sentence and one was read (100 MB in one cell); 4 GB of compressed Arrow buffers took 1.2 GB and 3.4 s.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from visitors import visitor
from websockets.exceptions import WebSocketException

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
        from pipeline.corpus.store import changed_corpus_files, load_corpus
        from pipeline.runs import run as runs
        from pipeline.runs.trash import list_trash

        load_corpus("mine")
        mine = "mine" in runs.list_runs() or any(entry.name == "mine" for entry in list_trash())
        opened = all(runs.load_run(name).network() for name in runs.list_runs())
        return mine and opened and not changed_corpus_files("mine")

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


COMMANDS = ("prepare", "import", "train", "delete", "restore")
BAD = ("silent", "LOST", "traceback", "fails afterwards", "NOT RESUMED", "ELSE", "HEAVY", "UNESCAPED", "UNREADABLE")
LIMITS = (512, 4096, 30_000)  # bytes that a file may have
ROOMS = (0, 8 << 10, 64 << 10, 256 << 10, 1 << 20)  # bytes that are free
SAYS = "seize: "  # how the one line begins that says what went wrong; a training's progress comes before it
PAGES = ("", "lexicon", "song", "studio")
Counts = Iterator[tuple[str, Counter[str]]]


def flips(bench: Bench, times: int, rng: np.random.Generator) -> Counts:
    """Flip bits of a corpus and of a run."""
    from pipeline.corpus import store
    from pipeline.runs import run

    for kind, load, changed in (
        ("prepared", store.load_corpus, store.changed_corpus_files),
        ("models", run.load_run, run.changed_parts),
    ):
        yield kind, Counter(flip(bench.folder / kind / "mine", rng, load, changed) for _ in range(times))


def flip(
    folder: Path, rng: np.random.Generator, load: Callable[[str], object], changed: Callable[[str], object]
) -> str:
    """Flip one bit of one file; say what happened, and flip it back."""
    files = sorted(path for path in folder.iterdir() if path.suffix != ".md")  # a person may edit a card
    path = files[rng.integers(len(files))]
    before = path.read_bytes()
    data = bytearray(before)
    place, bit = int(rng.integers(len(data))), 1 << int(rng.integers(8))
    data[place] ^= bit
    path.write_bytes(data)
    try:
        if is_refused(load, folder.name):
            return "told when opened"
        if is_refused(changed, folder.name) or changed(folder.name):
            return "told by check"
        if path.suffix == ".json" and json.loads(before) == json.loads(data):
            return "harmless"
        print(f"silent: bit {bit} of byte {place} of {path.name}")
        return "silent"
    finally:
        path.write_bytes(before)


def is_refused(function: Callable[[str], object], name: str) -> bool:
    from pipeline.core.errors import SeizeError

    try:
        function(name)
    except SeizeError:
        return True
    return False


def kills(bench: Bench, times: int, rng: np.random.Generator, which: Sequence[str]) -> Counts:
    """Kill each of the commands at random moments of its life."""
    for what in which:
        yield what, kill(bench, what, times, rng)


def kill(bench: Bench, what: str, times: int, rng: np.random.Generator) -> Counter[str]:
    command = bench.commands[what]
    bench.reset(what)
    start = time.monotonic()
    bench.start(*command).communicate()
    life, counts = time.monotonic() - start, Counter[str]()
    for _ in range(times):
        bench.reset(what)
        process = bench.start(*command)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(rng.uniform(0.1, 1.05) * life))
        process.send_signal(signal.SIGKILL)
        told = process.communicate()[1]
        counts["killed" if process.returncode == -signal.SIGKILL else "ended before"] += 1
        counts["traceback"] += b"Traceback" in told
        counts["LOST"] += not bench.is_whole()
        if what == "train" and process.returncode:
            counts[_resume(bench)] += 1
    counts["fails afterwards"] += _fails(bench, what, command)
    return +counts


def _resume(bench: Bench) -> str:
    """What becomes of a killed training when it is taken up again, from its checkpoint if it had come to one."""
    from pipeline.runs.run import checkpoint_path

    again = ("--resume",) if checkpoint_path("fresh").exists() else ()
    process = bench.start("train", "mine", "--name", "fresh", *SMALL_TRAINING, "--replace", *again)
    told = process.communicate()[1].decode()
    if process.returncode or not bench.is_whole():
        print(f"train {' '.join(again)}: {told[-300:]}")
        return "NOT RESUMED"
    return "resumed" if again else "begun afresh"


def _fails(bench: Bench, what: str, command: tuple[str, ...]) -> bool:
    bench.reset(what)
    process = bench.start(*command)
    told = process.communicate()[1]
    if process.returncode:
        print(f"{what} afterwards: {told.decode()[-300:]}")
    return bool(process.returncode)


def disks(bench: Bench) -> Counts:
    """Run each command where files cannot grow, where the disk is full, and where it is read-only."""
    files: dict[str, tuple[str, ...]] = {"export": ("runs", "export", "mine", str(bench.folder / "again.zip"))}
    files["vectors"] = ("vectors", "mine", "--export", str(bench.folder / "vectors.csv"))
    files["corpus export"] = ("export", "mine", "--format", "jsonl", "--out", str(bench.folder / "songs.jsonl"))
    writing = {**bench.commands, **files}
    for what, command in writing.items():
        yield (
            f"short files: {what}",
            sum((_attempt(bench, what, command, limit=limit) for limit in LIMITS), Counter[str]()),
        )
        full = (_attempt(bench, what, command, around=partial(filled, bench.folder, room)) for room in ROOMS)
        yield f"full disk: {what}", sum(full, Counter[str]())
        yield f"read-only: {what}", _attempt(bench, what, command, around=lambda: read_only(bench.folder))
    reading = {"stats": ("stats", "mine"), "check": ("check",), "generate": ("generate", "mine", "--lines", "2")}
    for what, command in reading.items():
        yield f"read-only: {what}", _attempt(bench, what, command, around=lambda: read_only(bench.folder))


def _attempt(
    bench: Bench,
    what: str,
    command: tuple[str, ...],
    *,
    limit: int | None = None,
    around: Callable[[], AbstractContextManager[None]] | None = None,
) -> Counter[str]:
    """Run a command on a disk as it is made `around` it; say what happened."""
    bench.reset(what)
    before = bench.files()
    if around is None:
        process = bench.start(*command, limit=limit)
        told = process.communicate()[1].decode()
    else:
        with around():
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


def servers(bench: Bench) -> Counts:
    """Visit two servers on one new home at once; kill one, visit the other, and look whether all is whole."""
    home, counts = bench.folder / "home", Counter[str]()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEIZE_")}
    environment |= {"SEIZE_HOME": str(home), "SEIZE_WRITERS": "1"}
    ports = (8611, 8612)
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py", "--server.headless", "true"]
    processes = [
        subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for port in ports
    ]
    try:
        with ThreadPoolExecutor(4) as pool:
            counts += sum(pool.map(visit, (*ports, *ports)), Counter[str]())
        processes[0].kill()
        counts += visit(ports[1])
    finally:
        for process in processes:
            process.kill()
            process.wait()
    check = [sys.executable, "-m", "pipeline", "check"]
    counts["LOST"] += bool(subprocess.run(check, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL).returncode)
    yield "two on one home", +counts


def visit(port: int) -> Counter[str]:
    """Open some pages of a server, once it is up; count those that stand and those that show a traceback."""
    counts, end = Counter[str](), time.monotonic() + 300
    while time.monotonic() < end:
        with contextlib.suppress(OSError, WebSocketException), visitor(f"http://localhost:{port}") as tab:
            for page in PAGES:
                try:
                    tab.open(page)
                    counts["pages"] += 1
                except RuntimeError as error:
                    print(error)
                    counts["traceback"] += 1
            return counts
        time.sleep(0.5)
    return Counter({"ELSE": 1})


HEAVY_KILOBYTES, HEAVY_SECONDS = 2 << 20, 120  # of memory and of the processor
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "<script>alert(1)</script>", "]]></l></TEI>",
    "\"><img src=x onerror=a>", "&lt;b&gt; & \x00\x07\x1b", "\u202eabc\u2028def", "**** *song_1 *artist_x",
    "# newdoc id = x", "'; DROP TABLE songs; --", "a\tb\nc", "${7*7} {{7*7}} $x^2$", "[x](javascript:alert(1))",
)  # fmt: skip


def bomb_tables() -> Iterator[tuple[str, pa.Table]]:
    """Yield tables that take kilobytes as a file and gigabytes as rows."""
    indices = pa.array(np.zeros(200_000, np.int32))
    texts = pa.DictionaryArray.from_arrays(indices, pa.array(["la mer est la " * 7_000]))
    yield "one text, every row", pa.table({"lyrics": texts})
    yield "one text in a struct", pa.table({"lyrics": pa.StructArray.from_arrays([texts], ["text"])})
    yield "one text in lists", pa.table({"lyrics": pa.ListArray.from_arrays(np.arange(0, 200_001, 1_000), texts)})
    yield "thirty million rows", pa.table({"lyrics": pa.nulls(30_000_000, pa.string())})
    yield "twenty thousand columns", pa.table({f"c{at}": ["la mer"] for at in range(20_000)})
    yield "one cell of 100 MB", pa.table({"lyrics": ["a" * 100_000_000]})
    cell = pa.array(["a" * (1 << 27)], pa.large_string())
    yield "24 cells of 128 MB", pa.table(dict.fromkeys(("lyrics", *"abcdefghijklmnopqrstuvw"), cell))


def bombs(bench: Bench) -> Counts:
    """Prepare each bomb as a Parquet file and as an Arrow stream."""
    for what, table in bomb_tables():
        counts = Counter[str]()
        for suffix in (".parquet", ".arrow"):
            path = bench.folder / f"bomb{suffix}"
            if suffix == ".parquet":
                pq.write_table(table, path, compression="zstd")
            else:
                options = pa.ipc.IpcWriteOptions(compression="zstd" if table.nbytes >> 30 else None)
                with pa.ipc.new_stream(path, table.schema, options=options) as writer:
                    writer.write_table(table)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            process = bench.start("prepare", str(path), "--name", "bomb", "--quiet")
            told = process.communicate()[1].decode()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = sum(after[:2]) - sum(before[:2])
            refused = process.returncode in (1, 2) and told.rstrip().split("\n")[-1].startswith(SAYS)
            counts["refused in a sentence" if refused else "read" if not process.returncode else "ELSE"] += 1
            counts["traceback"] += "Traceback" in told
            counts["HEAVY"] += seconds > HEAVY_SECONDS or after.ru_maxrss > max(HEAVY_KILOBYTES, before.ru_maxrss)
            path.unlink()
        yield what, +counts


def texts(bench: Bench) -> Counts:
    """Prepare hostile texts, export them in every format, and read what was written."""
    from pipeline.corpus.store import load_corpus
    from pipeline.publish import FORMATS, export_corpus
    from pipeline.publish.tables import to_csv

    songs = [
        {**dict.fromkeys(("title", "album", "mood"), text), "artist": f"{text} {at}", "lyrics": f"{text}\nla mer {at}"}
        for at, text in enumerate(HOSTILE)
    ]
    source = bench.folder / "hostile.json"
    source.write_text(json.dumps(songs), "utf-8")
    bench.run("prepare", str(source), "--name", "hostile", "--quiet")
    corpus = load_corpus("hostile")
    for name, format in FORMATS.items():
        path = bench.folder / f"hostile-{name}{format.suffix}"
        export_corpus(corpus, name, path)
        files = [(path.name, path.read_bytes())]
        if path.suffix == ".zip":
            with ZipFile(path) as archive:
                files = [(member, archive.read(member)) for member in archive.namelist()]
        yield name, Counter(_read_back(*file) for file in files)
    table = Counter([_read_back("table.csv", to_csv(corpus.songs))])
    yield (
        "a saved table",
        Counter({{"formulas as they are": "UNESCAPED"}.get(said, said): n for said, n in table.items()}),
    )
    html = corpus._repr_html_()
    yield "notebook", Counter(["UNESCAPED" if "<script" in html or "<img" in html else "escaped"])


def _read_back(name: str, data: bytes) -> str:
    """Say what became of a file of an export."""
    try:
        if name.endswith(".xml"):
            ElementTree.fromstring(data)
        elif name.endswith(".jsonl"):
            [json.loads(line) for line in data.decode().split("\n") if line]
        elif name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            is_number = re.compile(r"-?[\d.]+(?:e-?\d+)?")
            if any(cell.startswith(FORMULA_SIGNS) and not is_number.fullmatch(cell) for row in rows for cell in row):
                return "formulas as they are"
        elif name.endswith(".parquet"):
            pq.read_table(pa.BufferReader(data))
        else:
            data.decode()
    except (ValueError, ElementTree.ParseError, pa.ArrowException):
        return "UNREADABLE"
    return "reads back"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--only", choices=("flips", "kills", "disks", "servers", "bombs", "texts"))
    parser.add_argument("--command", choices=COMMANDS, action="append", help="kill this one (default: all)")
    args = parser.parse_args()
    with_disk = args.only in (None, "disks")
    if with_disk and not own_namespace():
        sys.exit("Disks are tried in a mount namespace of their own, which this system does not give.")
    rng, bad = np.random.default_rng(args.seed), 0
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder)) if with_disk else contextlib.nullcontext():
        bench = Bench(Path(folder))
        runs = {
            "flips": lambda: flips(bench, args.flips, rng),
            "kills": lambda: kills(bench, args.kills, rng, args.command or COMMANDS),
            "disks": lambda: disks(bench),
            "servers": lambda: servers(bench),
            "bombs": lambda: bombs(bench),
            "texts": lambda: texts(bench),
        }
        for name, run in runs.items():
            if args.only in (None, name):
                for what, counts in run():
                    said = ", ".join(f"{count} {of}" for of, count in counts.most_common())
                    print(f"{name:6} {what:24} {said}", flush=True)
                    bad += sum(counts[of] for of in BAD)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
