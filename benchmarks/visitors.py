"""Eight people who write at once in one server, and what the server's memory does over many songs, in real browsers.

    python benchmarks/visitors.py [--visitors 8] [--songs 300] [--bars 16]

Each visitor opens the Write page on a take of their own, which begins to write at once. Printed: the time of one alone
(median of three), the slowest of all at once and the ratio (target: at most 10); whether each read exactly the text
that the same address gives alone; the server's resident memory after the first tenth of the songs and after all.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "dashboard"))
from dashboard_browser import chromium, open_take, server, text_of


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


def main(visitors: int, songs: int, bars: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SEIZE_JOBS": folder, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with server(environment) as host, chromium() as browser:
            address = f"{host}/write?bars={bars}"
            alone(browser, address, 0)  # opens the run
            takes = list(range(1, visitors + 1))
            single = [alone(browser, address, take) for take in takes]
            together, texts = at_once(browser, address, takes)
            usual = statistics.median(seconds for seconds, _ in single)
            print(f"alone {usual:.1f} s, {visitors} at once {together:.1f} s: {together / usual:.1f} times")
            print(f"own texts {sum(a == b for a, (_, b) in zip(texts, single, strict=True))} of {visitors}")
            for number in range(1, songs + 1):
                alone(browser, address, 100 + number)
                if number in (max(1, songs // 10), songs):
                    print(f"after {number} songs {server_memory():,.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=8)
    parser.add_argument("--songs", type=int, default=300)
    parser.add_argument("--bars", type=int, default=16, help="lines of a song")
    args = parser.parse_args()
    main(args.visitors, args.songs, args.bars)
