"""The wheel in an empty environment without TensorFlow: pages, eight lines, statistics, gone without a trace.

Building and looking inside takes seconds; installing takes minutes and needs a package index, so it is marked slow.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.dashboard.browser import chromium, idle
from tests.source_tree import ROOT

SHIPPED = "pipeline/shipped/"
BESIDE = ("data/demo/", "data/verses/", "data/texts/", "data/lexicons/", "models/")
FIRST, OTHERS = "", ("lexicon", "studio", "training", "learn_rnn")
HOW_TO_ADD = 'pip install "seize[train]"'


def tracked() -> list[str]:
    """The files of the repository; what lies beside them, such as one's own runs, is none of them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing of an earlier build is in it."""
    folder = tmp_path_factory.mktemp("wheel")
    for path in tracked():
        if not path.startswith(("tests/", "benchmarks/")):
            (folder / "seize" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / "seize" / path)
    (folder / "seize" / "models" / "mine").mkdir()  # a run of one's own, which stays out
    (folder / "seize" / "models" / "mine" / "config.json").write_text("{}", "utf-8")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), "."]
    built = subprocess.run(command, cwd=folder / "seize", capture_output=True, text=True, check=False)
    if "No matching distribution found for setuptools" in built.stderr:
        pytest.skip("no package index within reach")
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_what_comes_with_seize_and_nothing_of_ones_own(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for path in tracked():
        if path.startswith(BESIDE):
            assert SHIPPED + path in held
        elif path.startswith(("pipeline/", "dashboard/")):
            assert path in held
    assert not [path for path in held if "/models/mine/" in path or path.startswith(("data/", "models/", "tests/"))]


def test_a_container_is_built_from_all_that_the_wheel_holds() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for path in tracked():
        if path.startswith(("pipeline/", "dashboard/", *BESIDE)):
            assert any(fnmatch(path, f"{pattern}/*") for pattern in kept), path


@pytest.mark.slow
@pytest.mark.browser
def test_installed_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    scripts, installing = installed(wheel, tmp_path / "env"), time.monotonic() - begun
    packages = next((tmp_path / "env").glob("lib/python*/site-packages"))
    assert not list(packages.glob("tensorflow*")) + list(packages.glob("keras*"))
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file() and path.suffix != ".pyc") / 1e6
    before = fingerprint(packages)
    home = tmp_path / "home"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SEIZE_", "PYTHON"))}
    environment |= {"SEIZE_HOME": str(home)}

    def seize(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [scripts / "seize", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    with served(scripts / "seize", tmp_path, environment) as address:
        first = page_texts(address, FIRST)
        print(f"\ninstalled in {installing:.0f} s, {size:.0f} MB; first page after {time.monotonic() - begun:.0f} s")
        texts = {**first, **page_texts(address, *OTHERS)}
    assert all("Traceback" not in text and len(text) > 200 for text in texts.values())
    assert HOW_TO_ADD in texts["training"]
    assert "demo-char" in seize("runs").stdout
    written = seize("write", "demo-char", "--seed", "Dans la rue", "--lines", "8", "--random-seed", "3")
    assert len(written.stdout.strip().split("\n")) == 8, written.stderr
    assert "480" in seize("stats", "demo").stdout
    trained = seize("train", "demo", "--minutes", "0.1")
    assert (trained.returncode, HOW_TO_ADD in trained.stderr) == (1, True)
    assert seize("train", "demo", "--kind", "ngram", "--name", "mine").returncode == 0
    runs = seize("runs").stdout
    assert "mine" in runs
    assert "demo-word" in runs
    assert (home / "prepared" / "demo" / "corpus.json").is_file()
    assert (home / "models" / "mine" / "config.json").is_file()
    assert fingerprint(packages) == before, "something was written among the installed packages"
    subprocess.run([scripts / "python", "-m", "pip", "uninstall", "--quiet", "--yes", "seize"], check=True)
    assert not [path for path in ("pipeline", "dashboard") if (packages / path).exists()]
    assert not (scripts / "seize").exists()


def installed(wheel: Path, folder: Path) -> Path:
    """Install the wheel and what it needs in a fresh environment; the folder of its commands."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr and "Connection" in done.stderr:
        pytest.skip("no package index within reach")
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def fingerprint(folder: Path) -> dict[str, str]:
    """Path -> checksum of every file below."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def served(seize: Path, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The dashboard as `seize serve` opens it, from a folder that is not the checkout; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [seize, "serve", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read() == b"ok":
                    break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def page_texts(address: str, *names: str) -> dict[str, str]:
    """What a browser shows of some pages once they stand."""
    texts = {}
    with chromium() as browser:
        page = browser.new_page()
        for name in names:
            page.goto(f"{address}/{name}")
            page.wait_for_selector("[data-testid=stAppViewContainer] h1, [data-testid=stAppViewContainer] h2")
            idle(page)
            texts[name] = page.locator("[data-testid=stApp]").inner_text()
    return texts
