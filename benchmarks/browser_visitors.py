"""Eight people who write at once in one server, and what the server's memory does over many songs, in real browsers.

    python benchmarks/browser_visitors.py [--visitors 8] [--songs 300] [--bars 16]

Each visitor opens the Write page on a take of their own, which begins to write at once. Printed: the time of one alone
(median of all), the slowest of all at once and the ratio (target: at most 10); whether each read exactly the text
that the same address gives alone; the server's resident memory every `EVERY` songs, each by a visitor of their own, and
what it grew by once it is warm: memory is flat when the last songs take no more than the first of these.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dashboard.browser import chromium, open_take, server, text_of

EVERY = 30  # songs between two prints of the memory
NEAR = 20  # songs whose median stands for the memory at a place: from one to the next it goes up and down
WARM = 3  # growth counts from a third of the songs on: by then closed sessions are dropped as fast as new ones come
# as script/server sets it
SERVER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def alone(browser: Browser, address: str, take: int) -> tuple[float, str]:
    """Seconds and text of one visitor."""
    start = time.perf_counter()
    text = text_of(open_take(browser, address, take))
    return time.perf_counter() - start, text


def at_once(browser: Browser, address: str, takes: list[int]) -> tuple[float, list[str]]:
    """Seconds until the last of them has read their text, and the texts."""
    start = time.perf_counter()
    texts = [text_of(page) for page in [open_take(browser, address, take) for take in takes]]
    return time.perf_counter() - start, texts


def server_memory() -> float:
    """Resident MB of the server, a child of this process."""
    servers = [child for child in psutil.Process().children() if "streamlit" in " ".join(child.cmdline())]
    return sum(child.memory_info().rss for child in servers) / 1e6


def growth(memory: Sequence[float]) -> str:
    """From the end of the warm-up to the last song."""
    start = max(len(memory) // WARM, 1)
    here, there = (statistics.median(part) for part in (memory[start - 1 :][:NEAR], memory[-NEAR:]))
    return (
        f"songs {start} to {len(memory)}: {here:,.0f} to {there:,.0f} MB, {there - here:+,.0f} MB "
        f"(lowest {min(memory[start - 1 :]):,.0f}, highest {max(memory[start - 1 :]):,.0f})"
    )


def main(visitors: int, songs: int, bars: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        server({**os.environ, **SERVER, "SEIZE_JOBS": folder}) as host,
        chromium() as browser,
    ):
        address = f"{host}/write?bars={bars}"
        alone(browser, address, 0)  # opens the run
        takes = list(range(1, visitors + 1))
        single = [alone(browser, address, take) for take in takes]
        together, texts = at_once(browser, address, takes)
        usual = statistics.median(seconds for seconds, _ in single)
        print(f"alone {usual:.1f} s, {visitors} at once {together:.1f} s: {together / usual:.1f} times")
        print(f"own texts {sum(a == b for a, (_, b) in zip(texts, single, strict=True))} of {visitors}")
        memory = []
        for number in range(1, songs + 1):
            alone(browser, address, 100 + number)
            memory.append(server_memory())
            if number % EVERY == 0:
                print(f"after {number} songs {statistics.median(memory[-NEAR:]):,.0f} MB", flush=True)
        if memory:
            print(growth(memory))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--songs", type=int, default=300)
    parser.add_argument("--bars", type=int, default=16, help="lines of a song")
    args = parser.parse_args()
    main(args.visitors, args.songs, args.bars)
