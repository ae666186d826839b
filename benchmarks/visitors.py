"""Twenty visitors at once, half of them writing, the others leafing through the pages: how long each of them waits.

    python benchmarks/visitors.py [--visitors 20] [--minutes 10] [--bars 16] [--run demo-subword]

Every writer opens the Write page in a tab of their own, reads the text to its end, and opens it again on another take;
every reader opens one page after another. Between two pages each looks at what they see for as long as `LOOKS`. Nobody
has a browser (`page_client`): the server is measured. Wanted: the first line after 3 s, pages after 1 s (median) and
5 s (95th percentile), 1.5 GB in all and flat. Memory is that of the server and its processes, shared pages counted once
(PSS), by minute.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from page_client import visitor

from tests.dashboard.browser import server

PAGES = ["lexicon", "verses", "diversity", "structure", "sound", "phrases", "rhymes", "timeline", "learn_rnn"]
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
            visit = tab.open("write", model=self.run, bars=self.bars, take=take)
        if visit.first_line is not None:
            self.waits["first line"].append(visit.first_line)
        self.waits["whole text"].append(visit.whole)

    def leaf(self, rng: random.Random) -> None:
        """Open pages one after another in one tab."""
        with visitor(self.host) as tab:
            while time.monotonic() < self._end:
                self.waits["page"].append(tab.open(rng.choice(PAGES)).whole)
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


def main(visitors: int, minutes: float, run: str, bars: int) -> None:
    with tempfile.TemporaryDirectory() as folder, server({**os.environ, **SERVER, "SEIZE_JOBS": folder}) as host:
        first = Crowd(host, run, bars, 0.0)
        with visitor(host) as tab:  # what the first visitor of a server waits for is measured elsewhere (pages.py)
            for page in ("", *PAGES):
                tab.open(page)
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--bars", type=int, default=16, help="lines of a text")
    parser.add_argument("--run", default="demo-subword", help="the model that writes")
    args = parser.parse_args()
    main(args.visitors, args.minutes, args.run, args.bars)
