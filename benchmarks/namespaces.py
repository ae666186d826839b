"""A corpus prepared across network namespaces, whose workers share no loopback with the driver: the same bytes.

    sudo python benchmarks/namespaces.py [F 5.5]      a world of a shape and size (tests/worlds); needs iproute2

Three namespaces on a bridge stand for three machines: one of the scheduler and of `prepare`, two of a worker each. They
share the disk, as machines share `--work`. Printed: seconds, what went over each worker's wire, and whether every file
of the corpus is the same as one prepared here by processes of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DRIVER, WORKERS = "seize-driver", ("seize-1", "seize-2")
SCHEDULER = "10.16.0.1"


def ip(*arguments: str) -> str:
    """The output of `ip`."""
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


@contextmanager
def three_machines() -> Iterator[None]:
    """Namespaces on one bridge, gone when the block ends."""
    try:
        ip("netns", "add", DRIVER)
        ip("-n", DRIVER, "link", "add", "bridge", "type", "bridge")
        ip("-n", DRIVER, "addr", "add", f"{SCHEDULER}/24", "dev", "bridge")
        for at, name in enumerate(WORKERS, 2):
            ip("netns", "add", name)
            ip("link", "add", name, "netns", DRIVER, "type", "veth", "peer", "name", "wire", "netns", name)
            ip("-n", DRIVER, "link", "set", name, "master", "bridge", "up")
            ip("-n", name, "addr", "add", f"10.16.0.{at}/24", "dev", "wire")
            for device in ("wire", "lo"):
                ip("-n", name, "link", "set", device, "up")
        for device in ("bridge", "lo"):
            ip("-n", DRIVER, "link", "set", device, "up")
        yield
    finally:
        for name in (DRIVER, *WORKERS):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def start(namespace: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Run a Python module in a namespace."""
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)


def received(namespace: str) -> str:
    """Bytes that came over the wire of a worker, and that it sent."""
    wire = f"/sys/class/net/{namespace}/statistics"
    both = subprocess.run(
        ["ip", "netns", "exec", DRIVER, "cat", f"{wire}/tx_bytes", f"{wire}/rx_bytes"], check=True, capture_output=True
    )
    there, back = map(int, both.stdout.split())
    return f"{there / 1e6:.1f} MB to it, {back / 1e6:.1f} MB back"


def prepare_across(source: Path, folder: Path) -> None:
    """Prepare the corpus "across" with a scheduler and two workers."""
    address = f"tcp://{SCHEDULER}:8786"
    cluster = [start(DRIVER, "distributed.cli.dask_scheduler", "--host", SCHEDULER, "--port", "8786", "--no-dashboard")]
    cluster += [start(name, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
                for name in WORKERS]  # fmt: skip
    try:
        begin = time.perf_counter()
        job = start(
            DRIVER,
            "pipeline",
            "prepare",
            str(source),
            "--name",
            "across",
            "--scheduler",
            address,
            "--work",
            str(folder),
        )
        assert job.wait() == 0
        print(f"across: {time.perf_counter() - begin:.1f} s; " + "; ".join(map(received, WORKERS)), flush=True)
    finally:
        for process in cluster:
            process.terminate()
        for process in cluster:
            process.wait()


def differing(one: Path, other: Path) -> list[str]:
    """The files of two corpora that differ."""
    texts = [{path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
             for folder in (one, other)]  # fmt: skip
    return sorted(str(name) for name in texts[0].keys() | texts[1].keys() if texts[0].get(name) != texts[1].get(name))


def main(given: Sequence[str]) -> None:
    sys.path.insert(0, str(ROOT))
    from tests.worlds import make_world

    shape, megabytes = given if given else ("F", "5.5")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make_world(shape, folder, megabytes=float(megabytes), seed=16).source
        os.environ["SEIZE_PREPARED"] = str(folder / "across")
        with three_machines():
            prepare_across(source, folder)
        os.environ["SEIZE_PREPARED"] = str(folder / "here")
        subprocess.run([sys.executable, "-m", "pipeline", "prepare", source, "--name", "across"], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        files = differing(folder / "across" / "across", folder / "here" / "across")
        print("byte-identical" if not files else f"different: {files}")


if __name__ == "__main__":
    main(sys.argv[1:])
