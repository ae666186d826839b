"""The report: one page, complete, escaped, in the language of the moment."""

import re
from html.parser import HTMLParser

import pytest

from pipeline.core.translation import in_language
from pipeline.corpus.song import Line, Section, Song
from pipeline.publish.html_report import html_report
from tests.corpora import make_corpus

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def corpus():
    lines = tuple(Line(f"la belle nuit numéro {k} tombe sur la rue triste") for k in range(40))
    songs = [Song(f"{EVIL} {k}", EVIL, (Section("couplet", lines),), year=2000 + k) for k in range(4)]
    return make_corpus("essai", songs)


class Tables(HTMLParser):
    """Counts tables and what would load something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not {"src", "href"} & {name for name, _ in attrs}


def test_it_holds_everything_and_loads_nothing(corpus):
    page = html_report(corpus.where(years=(2000, 2002)))
    parser = Tables()
    parser.feed(page)
    assert parser.tags.count("table") == 9
    assert parser.tags.count("h2") == 10
    assert "script" not in parser.tags
    assert "&lt;script&gt;alert(1)" in page
    assert "years=2000" in page
    assert "url(" not in page
    for what in ("MATTR", "logDice", "Covington", "numpy ", "belle", "@media print"):
        assert what in page
    assert re.search(r"<th>Songs<td>3", page)


def test_it_speaks_french(corpus):
    with in_language("fr"):
        page = html_report(corpus)
    assert '<html lang="fr">' in page
    assert "Rapport sur essai" in page
