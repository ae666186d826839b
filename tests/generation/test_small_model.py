"""A real model as a partner: sixteen lines, each with its author, and what is taken of it meets everything."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.generation.partner.proposer import PartnerProposer
from pipeline.generation.partner.server import LocalServer, describe_accepted_lines, offered_models
from pipeline.generation.writing import write
from pipeline.writers.desk import open_run
from tests.generation.fakes import asking
from tests.generation.small_model import NAME, fetch_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("small-model")
    if not fetch_model(folder):
        pytest.skip("no package index within reach")
    command = [sys.executable, "-m", "tests.generation.small_model", str(folder), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{next(line for line in process.stdout if line.strip().isdecimal()).strip()}"
        finally:
            process.kill()


@pytest.mark.parametrize("completes", [False, True], ids=["chat", "completion"])
def test_sixteen_lines_meet_what_is_asked_and_say_whose_they_are(address: str, completes: bool) -> None:
    assert offered_models(address, 60.0) == [NAME]
    proposer = PartnerProposer(LocalServer(address, NAME, completes, seconds=600.0))
    settings = replace(asking(scheme="AABB", syllables=12), lines=16)
    writing = write(open_run("seize"), "Je sors mon vieux cahier\n", settings, 1, proposer)
    assert "".join(writing).count("\n") >= 16
    assert not any(line.violations for line in writing.lines if line.by)  # what is taken of the model meets everything
    assert sum(not line.violations for line in writing.lines) >= 14  # the network may fail at a rhyme
    assert {line.by for line in writing.lines} <= {NAME, f"{NAME} + Seize", ""}
    print(describe_accepted_lines(proposer.usage()), Counter(line.by for line in writing.lines))
    print(*(f"{line.text}  [{line.by}]" for line in writing.lines), sep="\n")
