"""The card of a run: the file in English, whoever trained; read in the reader's language, or as a person wrote it."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipeline.core.translation import in_language, t
from pipeline.runs.run import Run, load_run
from pipeline.training.card import localised_card


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A copy of a run whose folder may be written to."""
    shipped = load_run("demo-rnn")
    return dataclasses.replace(shipped, folder=shutil.copytree(shipped.folder, tmp_path / "demo-rnn"))


@pytest.mark.parametrize("name", ["demo-char", "demo-rnn", "demo-word"])
def test_what_ships_is_what_the_code_writes(name: str) -> None:
    shipped = load_run(name)
    assert localised_card(shipped) == shipped.card()
    with in_language("fr"):
        french, heading = localised_card(shipped), t("Training")
    assert f"## {heading}" in french
    assert f"## {heading}" not in shipped.card()
    assert f"| ce modèle | {shipped.scores['valid']['bits_per_char']:.4f}".replace(".", ",") in french
    assert shipped.card().split("```")[1] == french.split("```")[1], "the sample is the model's, whoever reads it"


def test_an_edited_card_stays_as_it_is(run: Run) -> None:
    (run.folder / "card.md").write_text(run.card().replace("small", "tiny") + "\nMine.\n", "utf-8")
    with in_language("fr"):
        assert localised_card(run) == run.card()


def test_a_translation_that_a_person_wrote_is_read(run: Run) -> None:
    (run.folder / "card.fr.md").write_text("# À moi\n", "utf-8")
    assert localised_card(run).startswith("# demo-rnn")
    with in_language("fr"):
        assert localised_card(run) == "# À moi\n"


@pytest.mark.parametrize("name", ["base-subword", "seize"])
def test_a_card_of_several_sources_is_written_in_french_with_the_same_figures(name: str) -> None:
    base = load_run(name)
    with in_language("fr"):
        french = localised_card(base)
    assert french != base.card()
    for side in ("valid", "test"):
        bits = f"{base.scores[side]['bits_per_char']:.4f}"
        assert bits in base.card()
        assert bits.replace(".", ",") in french
