"""Who may make and delete things: the operator at the machine, and editors; nobody by an empty or a short token."""

import pytest

from dashboard.queries.visitors import Visitor, check_editor, identify
from pipeline.core.errors import SettingError

TOKEN = "seize mesures de plus"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEIZE_EDITORS", raising=False)
    monkeypatch.delenv("SEIZE_EDITOR_TOKEN", raising=False)


def test_at_the_machine_everything_is_allowed() -> None:
    visitor = identify(local=True)
    assert visitor.operator
    check_editor(visitor)


def test_elsewhere_an_unknown_visitor_reads() -> None:
    with pytest.raises(SettingError, match="sign in"):
        check_editor(identify(local=False))
    assert identify(local=False) == Visitor()


def test_editors_are_named_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_EDITORS", "anna@labo.fr, Bert@labo.fr")
    assert identify(local=False, account="i|1", email="Anna@labo.fr") == Visitor("account:i|1", editor=True)
    assert identify(local=False, account="i|2", email="bert@labo.fr").editor
    assert identify(local=False, account="i|3", email="eve@labo.fr") == Visitor("account:i|3", editor=False)
    assert not identify(local=False, account="i|4").editor
    monkeypatch.setenv("SEIZE_EDITORS", "*")
    assert identify(local=False, account="i|3", email="eve@labo.fr").editor
    assert not identify(local=False, email="eve@labo.fr").editor


def test_nobody_is_the_operator_by_name() -> None:
    assert not identify(local=False, account="operator").operator


@pytest.mark.parametrize(
    ("set_to", "given", "opens"),
    [(TOKEN, TOKEN, True), (TOKEN, "", False), (TOKEN, TOKEN[:-1], False), ("", "", False), ("court", "court", False)],
)
def test_the_token(monkeypatch: pytest.MonkeyPatch, set_to: str, given: str, opens: bool) -> None:
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", set_to)
    assert identify(local=False, token=given).editor is opens


def test_only_who_is_known_by_themselves_keeps_what_they_write() -> None:
    """Neither who is unknown, nor all who share the token."""
    visitors = (Visitor("account:anna"), identify(local=True), Visitor(), Visitor("token", editor=True))
    assert [visitor.keeps for visitor in visitors] == [True, True, False, False]
