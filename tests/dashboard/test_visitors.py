"""Who may make and delete things: the operator at the machine, and editors; nobody by an empty or a short token."""

from typing import Any

import pytest

from dashboard.queries.visitors import Visitor, WrongTokenLimiter, check_visitor_is_editor, identify, verified_email
from pipeline.core.errors import SettingError

TOKEN = "seize mesures de plus"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEIZE_EDITORS", raising=False)
    monkeypatch.delenv("SEIZE_EDITOR_TOKEN", raising=False)


def test_at_the_machine_everything_is_allowed() -> None:
    visitor = identify(local=True)
    assert visitor.is_operator
    check_visitor_is_editor(visitor)


def test_elsewhere_an_unknown_visitor_reads() -> None:
    with pytest.raises(SettingError, match="Sign in"):
        check_visitor_is_editor(identify(local=False))
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
    assert not identify(local=False, account="operator").is_operator


@pytest.mark.parametrize(
    ("set_to", "given", "opens"),
    [(TOKEN, TOKEN, True), (TOKEN, "", False), (TOKEN, TOKEN[:-1], False), ("", "", False), ("court", "court", False)],
)
def test_the_token(monkeypatch: pytest.MonkeyPatch, set_to: str, given: str, opens: bool) -> None:
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", set_to)
    assert identify(local=False, token=given).editor is opens


@pytest.mark.security
@pytest.mark.parametrize("claim", [False, None, 0, 1, "", "true", "false", [True]])
def test_an_address_counts_where_the_provider_says_true_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, claim: Any
) -> None:
    monkeypatch.setenv("SEIZE_TRUST_EMAILS", "1")
    assert verified_email({"email": "anna@labo.fr", "email_verified": claim}) == ""
    assert verified_email({"email": "anna@labo.fr", "email_verified": True}) == "anna@labo.fr"


@pytest.mark.security
def test_an_address_of_which_nothing_is_said_is_the_operators_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEIZE_TRUST_EMAILS", raising=False)
    assert verified_email({"email": "anna@labo.fr"}) == ""
    monkeypatch.setenv("SEIZE_TRUST_EMAILS", "1")
    assert verified_email({"email": "anna@labo.fr"}) == "anna@labo.fr"


@pytest.mark.security
def test_wrong_tokens_from_one_address_refuse_nobody_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", TOKEN)
    guesses = WrongTokenLimiter()
    for number in range(10):
        assert not guesses.check_token(f"{number}", f"2001:db8::{number}")  # one network
    with pytest.raises(SettingError, match="Too many"):
        guesses.check_token(TOKEN, "2001:db8::ff")
    assert guesses.check_token(TOKEN, "2001:db8:0:1::1")
    assert guesses.check_token(TOKEN, "192.0.2.1")


@pytest.mark.security
def test_wrong_tokens_are_counted_for_an_address_and_forgotten_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", TOKEN)
    now = 1000.0
    guesses = WrongTokenLimiter(clock=lambda: now)
    assert [guesses.check_token(f"{number}") for number in range(10)] == [False] * 10
    with pytest.raises(SettingError, match="Too many"):
        guesses.check_token(TOKEN)
    now += 7
    assert guesses.check_token(TOKEN)
    assert not guesses.check_token("encore un")
    with pytest.raises(SettingError, match="Too many"):
        guesses.check_token(TOKEN)
    now += 61
    assert [guesses.check_token(f"{number}") for number in range(10)] == [False] * 10


def test_only_who_is_known_by_themselves_keeps_what_they_write() -> None:
    """Neither who is unknown, nor all who share the token."""
    visitors = (Visitor("account:anna"), identify(local=True), Visitor(), Visitor("token", editor=True))
    assert [visitor.has_own_storage for visitor in visitors] == [True, True, False, False]
