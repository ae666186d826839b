"""The Export page: what is selected, in every format, as the command writes it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.corpus.prepare import ensure_demo
from pipeline.publish import FORMATS, export_corpus
from tests.dashboard.pages import html, visit


def test_the_page_says_what_is_selected_and_the_command(app: AppTest) -> None:
    visit(app, "exporting", artists="Marmite", format="txm")
    assert not app.exception
    assert "<b>20 songs</b>" in html(app)
    assert app.code[0].value == "seize export demo --format txm"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_file(tmp_path: Path, name: str) -> None:
    part = ensure_demo().where(artists=["Marmite"], years=(2000, 2006))
    export_corpus(part, name, tmp_path / "file")
    assert (tmp_path / "file").stat().st_size > 100
