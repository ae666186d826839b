"""requirements.lock is what CI installs: it fits requirements.txt, and every file of it is known by its hash."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .source_tree import ROOT

WANTED = [
    Requirement(line.split("#")[0])
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    if line and not line.startswith(("#", "-e"))
]
# name==version [; marker] \ then one hash a line
ENTRY = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; [^\n\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not ENTRY.sub("", text).strip(), "something without a hash"
    return {name: version for name, version, _ in ENTRY.findall(text)}


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.name)
def test_every_requirement_is_locked_within_its_range(wanted: Requirement, locked: dict[str, str]) -> None:
    version = locked.get(canonicalize_name(wanted.name))
    assert version, "run script/lock"
    assert wanted.specifier.contains(version), "run script/lock"
