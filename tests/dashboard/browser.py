"""A real server and a real Chromium, for tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests.source_tree import ROOT

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Chromium itself looks up hosts of its maker; the pages must reach none but this one.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@contextmanager
def server(environment: dict[str, str], *options: str, port: int = 0) -> Iterator[str]:
    """The dashboard on this port, or a free one; its address. `options` are Streamlit's."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/server.py", "--server.port", str(port), *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        try:
            process.wait(60)  # open sessions may hold it for a while on a busy machine
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def server_of(address: str) -> psutil.Process:
    """Return the process of a server that this one started."""
    port = str(urlsplit(address).port)
    return next(child for child in psutil.Process().children() if port in child.cmdline())


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def idle(page: Page) -> None:
    """Wait until the script has run and nothing moves."""
    page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]', timeout=300_000)
    page.wait_for_timeout(150)
    page.wait_for_selector('[data-testid=stApp][data-test-script-state="notRunning"]', timeout=300_000)


def open_take(browser: Browser, address: str, take: int) -> Page:
    """A visitor of their own, whose Write page begins to write this take; returns at once. `address`: of the page."""
    page = browser.new_context().new_page()
    page.goto(f"{address}{'&' if '?' in address else '?'}take={take}", wait_until="commit")
    return page


def text_of(page: Page) -> str:
    """The text once it stands; closes the visit."""
    page.wait_for_selector(".st-key-sheet [role=option]", timeout=300_000)
    idle(page)
    text = page.locator(".st-key-card-paper .paper").inner_text()
    page.context.close()
    return text


def axe_source() -> str:
    """axe-core where a developer put it (AXE or node_modules); empty when it is not here."""
    places = (os.environ.get("AXE", ""), str(ROOT / "node_modules" / "axe-core" / "axe.min.js"))
    return next((Path(place).read_text("utf-8") for place in places if place and Path(place).is_file()), "")


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if urllib.request.urlopen(url, timeout=1).read() == b"ok":
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The dashboard did not answer on {url}")
