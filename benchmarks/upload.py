"""A table of 40,000 songs through the Import page in Chromium: upload, preview, prepare, and what it all holds.

    python benchmarks/upload.py [100]       a world of shape L (tests/worlds), megabytes

Printed: seconds of the upload, from its end to the first song of the preview (wanted: 3), until the corpus can be
opened and until all is done; the highest sum of the memory of all processes but the browser's (wanted: 1,500 MB), pages
that they share counted once (PSS), with what the job was doing, and the server's own.

Measured all but quiet, 103.5 MB: upload 1.9 s, usable after 66.7 s, all after 157 s; 1,842 MB, and 1,760 in another
run: 328 to 397 in the server, 1,445 in the job, while two workers hear the lines. Preview 3.4 s after the upload when
it was last measured quiet.
"""

import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "dashboard")]
NAME = "sent"


def memory() -> dict[str, float]:
    """MB of the server and of all that it started."""
    total: dict[str, float] = {}
    for child in psutil.Process().children(recursive=True):
        try:
            command = " ".join(child.cmdline())
            if not re.search("chromium|playwright", command):
                kind = "server" if "streamlit" in command else "job"
                total[kind] = total.get(kind, 0) + child.memory_full_info().pss / 1e6
        except psutil.Error:
            continue
    return total


@contextmanager
def highest() -> Iterator[list[tuple[float, dict[str, float], str]]]:
    """Look at the memory of all, ten times a second: (their sum, of whom, what the job said)."""
    from pipeline.processes import jobs

    found: list[tuple[float, dict[str, float], str]] = [(0.0, {}, "")]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            now = memory()
            if sum(now.values()) > found[0][0]:
                found[0] = sum(now.values()), now, str([job.status().message for job in jobs.list_jobs()])

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield found
    finally:
        ended.set()
        watch.join()


def visit(page: Any, address: str, table: Path) -> dict[str, float]:
    """Send the table and prepare it; the seconds of each step."""
    from pipeline.processes.job_status import BUSY
    from pipeline.processes.jobs import list_jobs

    page.goto(f"{address}/importing")
    page.get_by_label("Name of the corpus").fill(NAME)
    page.get_by_label("Name of the corpus").press("Enter")
    seconds = {}
    start = time.perf_counter()
    with page.expect_response(lambda response: "upload_file" in response.url, timeout=300_000):
        page.locator("input[type=file]").set_input_files(table)
    seconds["upload"] = time.perf_counter() - start
    page.locator(".verse li").first.wait_for(timeout=120_000)
    seconds["preview"] = time.perf_counter() - start - seconds["upload"]
    page.get_by_role("button", name=re.compile("^Prepare")).click()
    start = time.perf_counter()
    page.get_by_text("It can be opened now").wait_for(timeout=900_000)
    seconds["usable"] = time.perf_counter() - start
    while (status := list_jobs("import")[-1].status()).state in BUSY:
        time.sleep(0.2)
    assert status.state == "done", status
    page.get_by_text("words", exact=False).first.wait_for(timeout=60_000)
    return {**seconds, "all": time.perf_counter() - start}


def main(given: Sequence[str]) -> None:
    from dashboard_browser import chromium, server

    from tests.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        places = {name: str(Path(folder, name.lower())) for name in ("PREPARED", "JOBS", "NOTEBOOKS")}
        os.environ |= {f"SEIZE_{name}": place for name, place in places.items()}
        table = make_world("L", Path(folder), megabytes=float(given[0]) if given else 100.0, seed=16).source
        table = next(iter(table.glob("*.csv"))) if table.is_dir() else table
        print(f"{table.name}: {table.stat().st_size / 1e6:.1f} MB", flush=True)
        with server(dict(os.environ)) as address, chromium() as browser, highest() as found:
            page = browser.new_page(locale="en-GB")
            print({step: round(time, 1) for step, time in visit(page, address, table).items()})
            most, whose, doing = found[0]
            print(f"{most:,.0f} MB: { {who: round(mb) for who, mb in whose.items()} }, {doing}")
            print(f"the server afterwards: {memory().get('server', 0):,.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
