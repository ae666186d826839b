"""In a real Chromium: a training starts, outlives its server, stops, goes on; its run is deleted and brought back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.processes import jobs
from tests.dashboard.browser import chromium, idle, server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 120_000  # TensorFlow starts in 5 to 15 s, longer on a busy machine


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 1440, "height": 1400})


@pytest.fixture
def own(places: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The prepared corpus of the session, with models and jobs of this test alone; no job outlives it."""
    shutil.copytree(Path(places["SEIZE_MODELS"]) / "tiny", tmp_path / "models" / "tiny")
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    yield {**places, "SEIZE_MODELS": str(tmp_path / "models"), "SEIZE_JOBS": str(tmp_path / "jobs")}
    for job in jobs.list_jobs():
        jobs.cancel(job)


def test_train_watch_stop_resume_find_delete_undo(page: Page, own: dict[str, str]) -> None:
    with server(own) as address:
        page.goto(
            f"{address}/training?level=char&base=nothing&cell=GRU&units=64&minutes=3&artists=Kobalt&artists=Marmite"
        )
        idle(page)
        page.get_by_role("button", name="Train mine-char-gru").click()
        stop = page.get_by_role("button", name="Stop and keep the best")
        expect(stop).to_be_visible(timeout=LONG)
        expect(page.locator(".st-key-card-loss .js-plotly-plot").first).to_be_visible(timeout=LONG)
    with server(own) as address:  # another server, another tab: the training went on
        page.goto(f"{address}/training")
        expect(page.locator(".st-key-card-loss .js-plotly-plot").first).to_be_visible(timeout=LONG)
        stop.click()
        found = page.get_by_role("link", name="See it among the models")
        expect(found).to_be_visible(timeout=LONG)
        page.get_by_role("button", name="Resume").click()
        expect(stop).to_be_visible(timeout=LONG)
        expect(page.get_by_text("Continue mine-char-gru").first).to_be_visible()
        page.wait_for_timeout(3_000)
        stop.click()
        expect(found).to_be_visible(timeout=LONG)
        idle(page)
        found.click()
        expect(page.get_by_role("radio", name="Move and delete")).to_be_visible(timeout=LONG)  # beside its curves
        idle(page)
        page.get_by_role("radio", name="Move and delete").click()
        page.get_by_role("button", name="Delete mine-char-gru").click()
        expect(page.get_by_text("mine-char-gru is in the trash.")).to_be_visible()
        assert not (Path(own["SEIZE_MODELS"]) / "mine-char-gru").exists()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Delete mine-char-gru")).to_be_enabled()
        assert (Path(own["SEIZE_MODELS"]) / "mine-char-gru" / "config.json").is_file()
