"""Two visitors sign in with a provider of this machine: each has their own, sees the other's once shared, no more."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

from dashboard import cache
from dashboard.navigation import address as address_of
from dashboard.queries.subcorpus import Selection
from dashboard.queries.visitors import Visitor, WrongTokenLimiter
from pipeline.analysis.words.lexicon import key_figures
from pipeline.core.errors import CorpusError
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.store import CORPUS_OWNERS
from tests.dashboard.browser import chromium, server
from tests.dashboard.oidc_provider import oidc_provider, secrets_file
from tests.dashboard.pages import html, visit

pytestmark = [pytest.mark.security, pytest.mark.browser]
TOKEN = "seize mesures de plus"


@pytest.fixture(scope="module")
def lab(places: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that is reached from elsewhere, where anna and bert may edit and eve may not; its address."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with oidc_provider() as provider:
        (folder / "secrets.toml").write_text(secrets_file(provider, f"http://localhost:{port}"))
        options = ("--server.address", "0.0.0.0", "--secrets.files", str(folder / "secrets.toml"))
        environment = places | {
            "SEIZE_EDITORS": "anna@labo.fr,bert@labo.fr",
            "SEIZE_NOTEBOOKS": str(folder / "notebooks"),
            "SEIZE_WRITERS": "1",
        }
        with server(environment, *options, port=port) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def sign_in(browser: Browser, address: str, who: str) -> Page:
    """A page of their own browser, signed in, on Import."""
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{address}/{address_of('importing')}")
    page.get_by_role("button", name="Sign in").click()
    page.click(f"#{who}")
    page.wait_for_url(f"{address}/**")
    page.goto(f"{address}/{address_of('importing')}")
    return page


@pytest.mark.slow
def test_who_is_not_signed_in_cannot_prepare(browser: Browser, lab: str) -> None:
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{lab}/{address_of('importing')}")
    page.get_by_text("Only editors of this server can").wait_for()
    assert page.get_by_role("button", name="Sign in").is_visible()
    assert not page.get_by_text("Name of the corpus").count()


@pytest.mark.slow
def test_who_signs_in_and_is_no_editor_has_a_notebook_and_no_more(browser: Browser, lab: str) -> None:
    page = sign_in(browser, lab, "eve")
    page.get_by_text("You are signed in as eve@labo.fr.").wait_for()
    assert page.get_by_text("Only editors of this server can").is_visible()
    page.goto(f"{lab}/notebook")
    page.get_by_text("Drafts save automatically").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["mallory", "malory"])
def test_the_address_of_an_editor_that_nobody_verified_makes_no_editor(browser: Browser, lab: str, who: str) -> None:
    page = sign_in(browser, lab, who)
    page.get_by_text("You are signed in as anna@labo.fr.").wait_for()
    assert page.get_by_text("Only editors of this server can").is_visible()


@pytest.mark.slow
def test_what_one_prepares_is_theirs_until_they_share_it(browser: Browser, lab: str, tmp_path: Path) -> None:
    anna, bert = sign_in(browser, lab, "anna"), sign_in(browser, lab, "bert")
    song = tmp_path / "chanson.txt"
    song.write_text("[Couplet 1]\n" + "La nuit dans la rue je marche encore\n" * 12, "utf-8")
    anna.get_by_text("Name of the corpus").wait_for()
    anna.locator("input[type=file]").set_input_files(song)
    name = anna.get_by_label("Name of the corpus")
    name.fill("a-anna")
    name.press("Enter")
    anna.get_by_role("button", name="Prepare a-anna").click()
    anna.get_by_role("link", name="Open a-anna").wait_for(timeout=90_000)
    bert.reload()
    bert.get_by_text("Prepared corpora").wait_for()
    assert "a-anna" not in bert.locator("body").inner_text()
    bert.goto(f"{lab}/?corpus=a-anna")
    bert.get_by_text("Nothing here is called a-anna").wait_for()


def test_a_shared_corpus_is_read_by_others(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    CORPUS_OWNERS.claim("demo", "operator")
    visit(app, "lexicon")
    assert not app.exception
    assert "<b>22,671 lines</b>" in html(app)
    CORPUS_OWNERS.set_shared("demo", "operator", shared=False)
    try:
        hidden = visit(app, "lexicon")
        assert not hidden.exception
        assert "<b>22,671 lines</b>" not in html(hidden)
    finally:
        CORPUS_OWNERS.release("demo")


def test_a_tab_that_stays_open_reads_no_more_once_sharing_ends(places, monkeypatch) -> None:
    """Fragments run without the picker of the corpus, and answers are cached."""
    ensure_demo()
    monkeypatch.setattr("dashboard.cache.corpus_cache.current_visitor", lambda: Visitor("account:bert"))
    selection = Selection("demo", cache.corpus_version("demo"))
    assert cache.query(key_figures, selection).songs == 480
    CORPUS_OWNERS.set_shared("demo", "operator", shared=False)
    try:
        with pytest.raises(CorpusError, match="no corpus 'demo' here"):
            cache.query(key_figures, selection)
        with pytest.raises(CorpusError, match="no corpus 'demo' here"):
            cache.subcorpus(selection)
    finally:
        CORPUS_OWNERS.release("demo")


def test_who_may_not_train_is_not_told_to_start(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    visit(app, "training")
    assert "Only editors of this server can" in html(app)
    assert "Start above" not in html(app)


def test_the_token_makes_an_editor(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    monkeypatch.setattr("dashboard.components.frame.access.WRONG_TOKEN_LIMITER", WrongTokenLimiter())
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", TOKEN)
    visit(app, "importing")
    assert "Only editors of this server can" in html(app)
    app.text_input(key="token-typed").set_value("un autre jeton").run()
    assert "not the token" in html(app)
    app.text_input(key="token-typed").set_value(TOKEN).run()
    assert not app.exception
    assert "Only editors of this server can" not in html(app)


def test_who_guesses_tokens_in_many_sessions_is_stopped_as_one(app: AppTest, monkeypatch) -> None:
    monkeypatch.setattr("dashboard.cache.corpus_cache._is_local_session", lambda: False)
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.ip_address", None)  # AppTest has none to give
    monkeypatch.setattr(
        "dashboard.components.frame.access.WRONG_TOKEN_LIMITER", guesses := WrongTokenLimiter(clock=lambda: 0.0)
    )
    monkeypatch.setenv("SEIZE_EDITOR_TOKEN", TOKEN)
    for number in range(10):  # as many sessions
        assert not guesses.check_token(f"jeton numéro {number}")
    visit(app, "importing")
    app.text_input(key="token-typed").set_value(TOKEN).run()
    assert "Too many wrong tokens" in html(app)
    assert "Only editors of this server can" in html(app)
