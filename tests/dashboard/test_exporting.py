"""The Export page: what is selected, in every format, as the command writes it."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pipeline.corpus.prepare import ensure_demo
from pipeline.publish import FORMATS, export_corpus
from tests.dashboard.pages import html, visit


def test_the_page_says_what_is_selected_and_the_command(app: AppTest) -> None:
    visit(app, "exporting", artists="Marmite", format="txm")
    assert not app.exception
    assert "<b>20 songs</b>" in html(app)
    assert app.code[1].value == "seize export demo --format txm"


@pytest.mark.parametrize("layer", ["lyrics", "adlibs", "all"])
@pytest.mark.parametrize("name", ["tokens", "jsonl"])
def test_the_page_counts_the_words_of_its_file(app: AppTest, tmp_path: Path, name: str, layer: str) -> None:
    visit(app, "exporting", artists="Marmite", format=name, layer=layer)
    of_file = layer if FORMATS[name].by_layer else "all"
    part = ensure_demo().where(artists=["Marmite"])
    export_corpus(part, "tokens", tmp_path / "tokens", of_file)
    assert f"<b>{len(pd.read_csv(tmp_path / 'tokens')):,} words</b>" in html(app)
    assert ("--layer" in app.code[1].value) is (of_file != "all")
    assert ("whole songs" in html(app)) is (of_file != layer)


def test_the_page_shows_how_the_file_begins(app: AppTest) -> None:
    visit(app, "exporting", artists="Marmite")
    assert "artist: Marmite" in app.code[0].value


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_file(tmp_path: Path, name: str) -> None:
    part = ensure_demo().where(artists=["Marmite"], years=(2000, 2006))
    export_corpus(part, name, tmp_path / "file")
    assert (tmp_path / "file").stat().st_size > 100
