"""What visitors wait for, and what the server holds: twenty at once who write and read, or one who sends a large table.

    python benchmarks/visitors.py [--visitors 20] [--minutes 10] [--bars 16] [--run seize]
    python benchmarks/visitors.py --upload 100      a world of shape L (tests/worlds), megabytes, in Chromium

Every writer opens the Write page in a tab of their own, reads the text to its end, and opens it again on another take;
every reader opens one place after another. Between two pages each looks at what they see for as long as `LOOKS`. Nobody
has a browser (`Visitor`): the server is measured. Wanted: the first line after 3 s, pages after 1 s (median) and 5 s
(95th percentile), 1.5 GB in all and flat. Memory is that of the server and its processes, shared pages counted once
(PSS), by minute.

--upload: a table of 40,000 songs through the Import page. Printed: seconds of the upload, from its end to the first
song of the preview (wanted: 3), until the corpus can be opened and until all is done; the highest sum of the memory of
all processes but the browser's (wanted: 1,500 MB), pages that they share counted once (PSS), with what the job was
doing, and the server's own.

Measured all but quiet, 103.5 MB: upload 1.9 s, usable after 66.7 s, all after 157 s; 1,842 MB, and 1,760 in another
run: 328 to 397 in the server, 1,445 in the job, while two workers hear the lines. Preview 3.4 s after the upload when
it was last measured quiet.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from dashboard.navigation import FIRST_PAGE, address
from tests.dashboard.browser import server

LINE = re.compile(r'<ol class="verse"[^>]*><li')  # a finished line of a text
LONGEST = 600.0  # seconds for a page


class Visit(NamedTuple):
    """Seconds from asking for a page until its first line of lyrics, if any, and until it stands; what it says."""

    first_line: float | None
    whole: float
    html: str


class Visitor:
    """One session."""

    def __init__(self, connection: ClientConnection, host: str) -> None:
        self._connection, self._host = connection, host

    def open(self, place: str, **query: str | int) -> Visit:
        """Open a place and wait until it stands. Raises RuntimeError when it shows a traceback."""
        path = address(place, **{name: str(value) for name, value in query.items()}).removeprefix("./")
        page, _, asked = path.partition("?")
        message, start, first, parts = BackMsg(), time.perf_counter(), None, list[str]()
        message.rerun_script.page_name, message.rerun_script.query_string = page, asked
        message.rerun_script.context_info.CopyFrom(ContextInfo(url=f"{self._host}/{path}", locale="en"))
        self._connection.send(message.SerializeToString())
        while True:
            forward = ForwardMsg.FromString(self._connection.recv(LONGEST))
            element = forward.delta.new_element
            if element.HasField("exception"):
                raise RuntimeError(f"{place}: {element.exception.message}")
            if element.HasField("html"):
                parts.append(element.html.body)
                if first is None and LINE.search(element.html.body):
                    first = time.perf_counter() - start
            if forward.WhichOneof("type") == "script_finished" and forward.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return Visit(first, time.perf_counter() - start, "".join(parts))


@contextmanager
def visitor(host: str) -> Iterator[Visitor]:
    """A visitor of the dashboard at a host such as http://localhost:8501."""
    stream = f"{host.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, origin=Origin(host), subprotocols=[Subprotocol("streamlit")], max_size=None) as connection:
        yield Visitor(connection, host)


PLACES = ["lexicon", "verses", "diversity", "structure", "sound", "phrases", "rhymes", "timeline", "learn_rnn"]
LOOKS = (2.0, 8.0)  # seconds, drawn evenly
# as script/server sets it
SERVER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Crowd:
    """Visitors of one server, and what they waited for: seconds by what it was."""

    def __init__(self, host: str, run: str, bars: int, seconds: float) -> None:
        self.host, self.run, self.bars = host, run, bars
        self.waits: defaultdict[str, list[float]] = defaultdict(list)
        self.problems: list[str] = []
        self.memory: list[list[float]] = []  # MB, a list a minute
        self._end = time.monotonic() + seconds

    def come(self, count: int) -> None:
        """Let so many visitors in, every second one a writer, and wait until the last has gone."""
        threads = [Thread(target=self._visit, args=(n, n % 2 == 0)) for n in range(count)]
        threads.append(Thread(target=self._weigh))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def write(self, take: int) -> None:
        """Write a text in a tab of its own."""
        with visitor(self.host) as tab:
            visit = tab.open("studio", model=self.run, bars=self.bars, take=take)
        if visit.first_line is not None:
            self.waits["first line"].append(visit.first_line)
        self.waits["whole text"].append(visit.whole)

    def leaf(self, rng: random.Random) -> None:
        """Open pages one after another in one tab."""
        with visitor(self.host) as tab:
            while time.monotonic() < self._end:
                self.waits["page"].append(tab.open(rng.choice(PLACES)).whole)
                time.sleep(rng.uniform(*LOOKS))

    def _visit(self, number: int, writes: bool) -> None:
        rng, take = random.Random(number), 1000 * number
        while time.monotonic() < self._end:
            try:
                if writes:
                    self.write(take := take + 1)
                    time.sleep(rng.uniform(*LOOKS))
                else:
                    self.leaf(rng)
            except (OSError, RuntimeError, TimeoutError) as error:
                self.problems.append(f"{type(error).__name__}: {error}")
                time.sleep(1)

    def _weigh(self) -> None:
        started = time.monotonic()
        while (now := time.monotonic()) < self._end:
            if now - started >= 60 * len(self.memory):
                self.memory.append([])
            self.memory[-1].append(server_memory())
            time.sleep(2)


def server_processes() -> list[psutil.Process]:
    """The server, a child of this process, and all that it started."""
    servers = [child for child in psutil.Process().children() if "streamlit" in " ".join(child.cmdline())]
    return [process for child in servers for process in (child, *child.children(recursive=True))]


def server_memory() -> float:
    """MB of the server and of all that it started."""
    total = 0.0
    for process in server_processes():
        with suppress(psutil.Error):  # it has just ended
            total += process.memory_full_info().pss / 1e6
    return total


def server_seconds() -> tuple[float, float]:
    """Seconds of the processor that the server took, and those of its writers."""
    web, *writers = (sum(process.cpu_times()[:2]) for process in server_processes())
    return web, sum(writers)


def report(crowd: Crowd) -> None:
    """Print what was measured."""
    for what, waits in crowd.waits.items():
        print(f"{what}: {quantiles(waits)}")
    print("memory by minute (median, at most), MB:", *(f"{np.median(m):,.0f} ({max(m):,.0f})" for m in crowd.memory))
    print(f"problems: {len(crowd.problems)}", *sorted(set(crowd.problems))[:5], sep="\n  ")


def quantiles(waits: Sequence[float]) -> str:
    """Write how long was waited."""
    median, ninety_five = np.quantile(waits, (0.5, 0.95))
    return f"{len(waits)} times, median {median:.2f} s, 95 % within {ninety_five:.2f} s, at most {max(waits):.2f} s"


def measure_visitors(visitors: int, minutes: float, run: str, bars: int) -> None:
    with tempfile.TemporaryDirectory() as folder, server({**os.environ, **SERVER, "SEIZE_JOBS": folder}) as host:
        first = Crowd(host, run, bars, 0.0)
        with visitor(host) as tab:  # what the first visitor of a server waits for is measured elsewhere (pages.py)
            for place in (FIRST_PAGE, *PLACES):
                tab.open(place)
        first.write(1)
        print(f"alone: whole text {first.waits['whole text'][0]:.1f} s; load {os.getloadavg()[0]:.1f}", flush=True)
        crowd = Crowd(host, run, bars, 60 * minutes)
        before = server_seconds()
        crowd.come(visitors)
        web, writers = (after - then for after, then in zip(server_seconds(), before, strict=True))
        report(crowd)
        print(f"seconds of the processor: {web:.0f} in the server, {writers:.0f} in its writers, "
              f"{len(crowd.waits['page'])} pages, {bars * len(crowd.waits['whole text'])} lines")  # fmt: skip
        print(f"load at the end {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


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


def send_table(page: Any, host: str, table: Path) -> dict[str, float]:
    """Send the table and prepare it; the seconds of each step."""
    from pipeline.processes.jobs import BUSY, list_jobs

    page.goto(f"{host}/{address('importing')}")
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


def measure_upload(megabytes: float) -> None:
    from tests.dashboard.browser import chromium, server
    from tests.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        places = {name: str(Path(folder, name.lower())) for name in ("PREPARED", "JOBS", "NOTEBOOKS")}
        os.environ |= {f"SEIZE_{name}": place for name, place in places.items()}
        table = make_world("L", Path(folder), megabytes=megabytes, seed=16).source
        table = next(iter(table.glob("*.csv"))) if table.is_dir() else table
        print(f"{table.name}: {table.stat().st_size / 1e6:.1f} MB", flush=True)
        with server(dict(os.environ)) as host, chromium() as browser, highest() as found:
            page = browser.new_page(locale="en-GB")
            print({step: round(time, 1) for step, time in send_table(page, host, table).items()})
            most, whose, doing = found[0]
            print(f"{most:,.0f} MB: { {who: round(mb) for who, mb in whose.items()} }, {doing}")
            print(f"the server afterwards: {memory().get('server', 0):,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upload", type=float, metavar="MEGABYTES", help="send a table instead")
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--bars", type=int, default=16, help="lines of a text")
    parser.add_argument("--run", default="seize", help="the model that writes")
    args = parser.parse_args()
    if args.upload:
        measure_upload(args.upload)
    else:
        measure_visitors(args.visitors, args.minutes, args.run, args.bars)


if __name__ == "__main__":
    main()
