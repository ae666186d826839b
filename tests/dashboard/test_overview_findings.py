"""Overview's findings: three sentences, each the way to a page that shows what it says."""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.corpus.finding_list import _SENTENCES, _finding_html
from dashboard.navigation import page_or_tab_of_url
from dashboard.queries.subcorpus import song_key
from pipeline.analysis.findings import Finding, striking_findings
from pipeline.analysis.precomputed import french_subcorpus, precomputed_result_of
from pipeline.corpus.prepare import prepare
from pipeline.corpus.store import load_corpus
from tests.dashboard.pages import html, visit

LINK = re.compile(r'<li><a href="([^"]+)" target="_self">(.*?) <span class="to">')
VALUES = {
    "word-arrives": {"word": "appli", "year": 2016, "artists": 6, "voices": 24, "songs": 10, "before": 326},
    "closest-voices": {
        "first": "A & <B>", "second": "C", "years": 15, "closer": 2, "pairs": 276, "far_first": "D", "far_second": "E",
    },
    "own-words": {"artist": "A & <B>", "share": 0.08, "words": 9000, "examples": ["<zan>", "zi"]},
    "longest-multi": {"syllables": 6, "with": "<a>", "text": "b", "artist": "C", "song": 0, "row": 3},
    "quoted-refrain": {"text": "<la nuit>", "artists": 3, "songs": 4, "year": 2001, "artist": "A", "song": 0, "row": 1},
    "line-returns": {"text": "<la nuit>", "times": 9, "artist": "A", "song": 0, "row": 1},
    "commonest-word": {"word": "<nuit>", "songs": 5, "of": 6, "times": 9},
    "commonest-rhyme": {"sound": "<e", "words": 12, "examples": ["<été>", "né"]},
}  # fmt: skip


def links(app: AppTest) -> list[tuple[str, str]]:
    return [(unescape(address), sentence) for address, sentence in LINK.findall(html(app))]


def test_three_findings_lead_to_pages_that_show_them(app: AppTest) -> None:
    visit(app, "overview")
    found = links(app)
    assert len(found) == 3
    word, year = re.search(r"<b>(\w+)</b> since (\d+)", found[0][1]).groups()
    assert int(year) == load_corpus("demo").songs.loc[songs_with(word), "year"].min()
    for address, sentence in found:
        query = address.partition("?")[2]
        again = AppTest.from_file(app._script_path, default_timeout=300)
        visit(again, page_or_tab_of_url(f"http://localhost/{address}"), **dict(parse_qsl(query)))
        assert not again.exception
        assert "address asks for" not in html(again), sentence


def songs_with(word: str) -> list[int]:
    corpus = load_corpus("demo")
    ids, rows = corpus.token_table()
    return corpus.lines["song"].to_numpy()[rows[ids == corpus.vocabulary.word2index[word]]].tolist()


def test_they_are_stored_and_read_again(app: AppTest) -> None:
    visit(app, "overview")
    stored = precomputed_result_of(striking_findings).load(french_subcorpus(load_corpus("demo")))
    assert stored is not None
    assert {"word-arrives", "closest-voices"} <= {finding.code for finding in stored}
    visit(app, "sound")  # whose first visitor has the lines transcribed
    stored = precomputed_result_of(striking_findings).load(french_subcorpus(load_corpus("demo")))
    assert stored is not None
    assert "longest-multi" in {finding.code for finding in stored}


def test_a_part_of_the_corpus_has_none(app: AppTest) -> None:
    visit(app, "overview", artists=["Kobalt"])
    assert links(app) == []


def test_a_corpus_of_one_song_has_none_and_no_error(app: AppTest, tmp_path: Path) -> None:
    (tmp_path / "un.txt").write_text("la nuit\nla rue\n", "utf-8")
    prepare(tmp_path / "un.txt", "un-seul")
    visit(app, "overview", corpus="un-seul")
    assert not app.exception
    assert links(app) == []


@pytest.mark.parametrize("code", sorted(_SENTENCES))
def test_what_is_told_is_escaped(code: str) -> None:
    item = _finding_html(Finding(code, VALUES[code], 1.0), {0: "a--b"}, "demo")
    assert not re.search(r"<(?!/?(?:li|a|b|i|span)\b)", item), item
    assert escape("<la nuit>") in item or "la nuit" not in item


def test_the_couplet_of_the_first_page_is_a_link_to_its_song(app: AppTest) -> None:
    visit(app, "overview")
    key = re.search(r'<h2 class="leads"><a href="song\?corpus=demo&amp;song=([^"]+)"', html(app)).group(1)
    keys = {song_key(row.artist, row.title) for row in load_corpus("demo").songs.itertuples()}
    assert key in keys
    assert "8 of 8 lines rhyme at the end." in html(app), "of some couplets, one in which most lines rhyme"
