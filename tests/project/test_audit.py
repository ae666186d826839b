"""What `script/audit` makes of a report of pip-audit. The database itself is asked by CI, where it can be reached."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.source_tree import ROOT

REPORT = {
    "dependencies": [
        {"name": "clean", "version": "1.0", "vulns": []},
        {"name": "unknown", "skip_reason": "not on PyPI"},
        {
            "name": "weak",
            "version": "2.0",
            "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.1"]}],
        },
    ]
}


@pytest.fixture
def audit() -> ModuleType:
    loader = SourceFileLoader("audit", str(ROOT / "script" / "audit"))
    module = module_from_spec(spec_from_loader("audit", loader))
    loader.exec_module(module)
    return module


@pytest.mark.security
def test_a_weakness_fails_unless_it_is_accepted_under_one_of_its_names(audit: ModuleType) -> None:
    assert audit.audited(REPORT) == 2
    assert audit.weaknesses(REPORT) == ["weak 2.0: PYSEC-2026-1, mended in 2.1"]
    audit.ACCEPTED["CVE-2026-1"] = "never called"
    assert audit.weaknesses(REPORT) == []
    assert all(audit.ACCEPTED.values()), "each with its reason"


@pytest.mark.security
def test_what_could_not_be_looked_at_is_no_pass(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(audit.venv, "create", lambda *_, **__: None)
    monkeypatch.setattr(audit.subprocess, "run", refuse)
    assert audit.main() == 2
    assert capsys.readouterr().err.startswith("Not audited: ")
