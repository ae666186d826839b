"""What is installed is one list in three places: pyproject.toml declares it, requirements.txt is the set of the
repository, and requirements.lock is what CI installs: it fits the ranges, and every file of it is known by its hash."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source_tree import ROOT


def requirements(file: Path) -> list[Requirement]:
    """The requirements of a file for pip, but for the project itself."""
    lines = file.read_text("utf-8").splitlines()
    return [Requirement(line.split("#")[0]) for line in lines if line and not line.startswith(("#", "-e"))]


WANTED = requirements(ROOT / "requirements.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# name==version [; marker] \ then one hash a line
ENTRY = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; ([^\n\\]*))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


@pytest.fixture(scope="module", params=["3.11.5", "3.12.0", "3.13.0"])
def locked(request: pytest.FixtureRequest) -> dict[str, str]:
    """The version of each package on a Python."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not ENTRY.sub("", text).strip(), "something without a hash"
    python = {"python_full_version": request.param, "python_version": request.param.rpartition(".")[0]}
    entries = [entry for entry in ENTRY.findall(text) if not entry[2] or Marker(entry[2]).evaluate(python)]
    versions = {name: version for name, version, *_ in entries}
    assert len(versions) == len(entries), "a package in two versions at once"
    return versions


def test_every_requirement_is_locked_within_its_range(locked: dict[str, str], subtests: pytest.Subtests) -> None:
    for wanted in WANTED:
        with subtests.test(name=wanted.name):
            version = locked.get(canonicalize_name(wanted.name))
            assert version, "run script/lock"
            assert wanted.specifier.contains(version), "run script/lock"


def test_pyproject_declares_what_the_repository_is_tested_with() -> None:
    declared = [
        *PROJECT["dependencies"],
        *EXTRAS["train"],
        *EXTRAS["dask"],
        *EXTRAS["login"],
        *EXTRAS["mcp"],
        *EXTRAS["dev"],
        *EXTRAS["docs"],
    ]
    assert sorted(str(Requirement(text)) for text in declared) == sorted(map(str, WANTED))


def test_parts_of_speech_are_those_of_the_benchmarks() -> None:
    known = map(str, requirements(ROOT / "requirements-benchmarks.txt"))
    assert {str(Requirement(text)) for text in EXTRAS["pos"]} <= set(known)
