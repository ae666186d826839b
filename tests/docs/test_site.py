"""The documentation site: built strictly, in both languages, and reading it asks no other host for anything."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_tree import ROOT

pytestmark = pytest.mark.slow
# what a browser fetches by itself: scripts, pictures, frames, styles, fonts; a link is followed by a person
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data)=["']([^"']+)"""
    r"""|<link\b[^>]*?\bhref=["']([^"']+)|url\(["']?([^"')]+)|@import\s+["']([^"']+)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site; a warning of mkdocs (a dead link, a page that nothing leads to) fails the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def fetched(site: Path) -> Iterator[tuple[str, str]]:
    """(page, address) of all that pages and styles fetch."""
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        for found in FETCHED.finditer(path.read_text("utf-8")):
            yield path.name, next(filter(None, found.groups()))


def test_reading_asks_no_other_host(site: Path) -> None:
    addresses = list(fetched(site))
    assert len(addresses) > 100
    assert not [pair for pair in addresses if re.match(r"[a-z]+:(?!image/)|//", pair[1])]


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    english = {path.relative_to(site) for path in site.rglob("*.html")} - {Path("404.html")}
    english = {path for path in english if path.parts[0] != "fr"}
    assert {Path("commands.html"), Path("notebook_api.html"), Path("notebooks/first_words.html")} <= english
    assert all((site / "fr" / path).is_file() for path in english)
    assert '<html lang="fr"' in (site / "fr" / "index.html").read_text("utf-8")


def test_each_page_leads_to_itself_in_the_other_language(site: Path) -> None:
    page = (site / "fr" / "recipes" / "fans.html").read_text("utf-8")
    assert '<a href="../../recipes/fans.html" hreflang="en"' in page
    assert 'href="../fr/recipes/fans.html" hreflang="fr"' in (site / "recipes" / "fans.html").read_text("utf-8")


def test_a_notebook_shows_what_it_gave(site: Path) -> None:
    page = (site / "notebooks" / "first_words.html").read_text("utf-8")
    assert page.count("<svg xmlns") >= 2
    assert "&lt;table" not in page
    assert "<caption>demo</caption>" in page
