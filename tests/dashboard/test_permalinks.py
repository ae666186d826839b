"""Addresses of the Write page that people may have kept write the same texts (`permalinks.json`, recorded once)."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PERMALINKS = json.loads(Path(__file__).with_name("permalinks.json").read_text("utf-8"))

# Label of before -> key of today, in the two forms of an address that write one text
KEYS = {
    "rhyme=ABAB%2C+crossed": "rhyme=ABAB",
    "rhyme=ABBA%2C+embraced": "rhyme=ABBA",
    "rhyme=As+it+comes": "rhyme=free",
    "richness=Riche%3A+3+sounds": "richness=riche",
    "richness=Multi%3A+2+vowels": "richness=multi2",
    "plan=Short+song%3A+the+refrain+returns": "plan=couplet+8%2C+refrain+4+ABAB%2C+couplet%2C+refrain",
}


@pytest.fixture
def writers(app: AppTest, places: dict[str, str]) -> AppTest:
    """The app with the shipped writers among its models."""
    for shipped in (ROOT / "models").glob("demo-*"):
        link = Path(places["SEIZE_MODELS"]) / shipped.name
        if not link.exists():
            link.symlink_to(shipped)
    return app


@pytest.mark.parametrize("address", PERMALINKS)
def test_an_address_of_before_writes_the_same_text(writers: AppTest, address: str) -> None:
    assert text_at(writers, address) == PERMALINKS[address]
    for label, key in KEYS.items():
        (name, value), *_ = parse_qsl(key)
        assert label not in address or writers.query_params[name] in (value, [value])


@pytest.mark.parametrize("address", [address for address in PERMALINKS if any(label in address for label in KEYS)])
def test_an_address_holds_keys(writers: AppTest, address: str) -> None:
    keys = address
    for label, key in KEYS.items():
        keys = keys.replace(label, key)
    assert text_at(writers, keys) == PERMALINKS[address]


def text_at(app: AppTest, address: str) -> str:
    """What the Write page writes at this address."""
    app.run()
    app.switch_page("views/write.py")
    for name, value in parse_qsl(address):
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return str(app.session_state["written"].writing.text)
