"""What the tests of sound share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.language.pronunciations import Pronunciations

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def rows() -> Callable[[str], list[list[str]]]:
    """Reads a tab-separated file of development cases, comments left out."""

    def read(name: str) -> list[list[str]]:
        lines = (DATA / name).read_text("utf-8").splitlines()
        return [line.split("\t") for line in lines if line and not line.startswith("#")]

    return read


@pytest.fixture(scope="session")
def table() -> Pronunciations:
    """One table for all tests: words are transcribed once."""
    return Pronunciations()
