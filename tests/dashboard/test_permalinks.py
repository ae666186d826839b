"""Addresses of the page Write that people may have shared write the same texts (`permalinks.json`, recorded once)."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages import go

ROOT = Path(__file__).resolve().parents[2]
PERMALINKS = json.loads(Path(__file__).with_name("permalinks.json").read_text("utf-8"))


@pytest.fixture
def writers(app: AppTest, places: dict[str, str]) -> AppTest:
    """The app with the shipped writers among its models."""
    for shipped in (ROOT / "models").glob("demo-*"):
        link = Path(places["SEIZE_MODELS"]) / shipped.name
        if not link.exists():
            link.symlink_to(shipped)
    return app


@pytest.mark.sampled(len(PERMALINKS))
@pytest.mark.parametrize("address", PERMALINKS)
def test_an_address_writes_the_same_text(writers: AppTest, address: str) -> None:
    assert text_at(writers, address) == PERMALINKS[address]


def text_at(app: AppTest, address: str) -> str:
    """What the Studio writes for who comes from this address of Write."""
    app.run()
    go(app, "studio")
    for name, value in {"tolerance": "1", **dict(parse_qsl(address))}.items():  # measures were met by one syllable then
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return str(app.session_state["written"].writing.text)
