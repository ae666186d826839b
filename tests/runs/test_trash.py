"""Deleting is undone; what is included with Seize stays; nothing is overwritten."""

import shutil

import pytest

from pipeline.core.errors import RunError, SeizeError, SettingError
from pipeline.core.owners import OPERATOR
from pipeline.runs.config import RUN_OWNERS
from pipeline.runs.run import checkpoint_path, list_runs, load_run
from pipeline.runs.trash import claim_name, delete_run, empty_trash, list_trash, restore_run


def test_a_deleted_run_comes_back_with_its_checkpoint(models):
    config = load_run("lettres").config
    assert checkpoint_path("lettres").is_file()
    entry = delete_run("lettres")
    assert "lettres" not in list_runs()
    assert not checkpoint_path("lettres").exists()
    assert list_trash() == [entry]
    assert entry.bytes > 1000
    assert restore_run(entry.id).config == config
    assert checkpoint_path("lettres").is_file()
    assert list_trash() == []


def test_the_last_deleted_comes_first_and_goes_back_under_another_name(models):
    delete_run("mots")
    delete_run("lettres")
    shutil.copytree(models / "lettres-mixed", models / "lettres")
    assert [entry.name for entry in list_trash()] == ["lettres", "mots"]
    with pytest.raises(RunError, match="A model called 'lettres' exists again"):
        restore_run(list_trash()[0].id)
    assert restore_run(list_trash()[0].id, "lettres-2").name == "lettres-2"


def test_what_cannot_be_deleted(models):
    shutil.copytree(models / "lettres", models / "demo-lettres")
    with pytest.raises(RunError, match="is included with Seize"):
        delete_run("demo-lettres")
    with pytest.raises(RunError, match="There is no model 'autre'"):
        delete_run("autre")
    with pytest.raises(SettingError):
        delete_run("../models")
    with pytest.raises(RunError, match="no longer in the trash"):
        restore_run("../lettres")


def test_a_damaged_run_can_be_deleted(models):
    (models / "lettres" / "config.json").write_text("{")
    assert delete_run("lettres").name == "lettres"


def test_emptying(models):
    delete_run("lettres")
    delete_run("mots")
    assert empty_trash() == 2
    assert list_trash() == []
    assert empty_trash() == 0


def test_emptying_frees_the_names_of_which_no_run_is_left(models):
    for name in ("lettres", "mots", "lettres-mixed"):
        RUN_OWNERS.claim(name, OPERATOR)
        RUN_OWNERS.set_shared(name, OPERATOR, shared=False)
        delete_run(name)
    shutil.copytree(models / ".trash" / list_trash()[0].id / "run", models / "lettres-mixed")
    assert empty_trash(awaited=["mots"]) == 3
    assert [RUN_OWNERS.ownership(name).shared for name in ("lettres", "mots", "lettres-mixed")] == [True, False, False]


def test_what_is_replaced_is_in_the_trash_and_comes_back(models):
    """A new training replaces files, so the linked copy stays what it was."""
    before = load_run("lettres").config
    size = (models / "lettres" / "model.keras").stat().st_size
    with claim_name("lettres", replace=True):
        shutil.rmtree(models / "lettres")
        shutil.copytree(models / "mots", models / "lettres")
    (entry,) = list_trash()
    assert entry.bytes >= size
    with pytest.raises(RunError, match="A model called 'lettres' exists again"):
        restore_run(entry.id)
    assert restore_run(entry.id, replace=True).config == before
    assert [entry.name for entry in list_trash()] == ["lettres"]  # the one that stood there meanwhile


def test_an_existing_name_is_not_taken_unasked(models):
    shutil.copytree(models / "lettres", models / "demo-lettres")
    for name, says in (
        ("lettres", "A model called 'lettres' exists already"),
        ("demo-lettres", "is included with Seize"),
    ):
        with pytest.raises(SettingError, match=rf"{says}.*--replace"), claim_name(name):
            pass
    assert list_trash() == []
    with claim_name("neu"), pytest.raises(SeizeError, match="'neu' is being written"), claim_name("neu"):
        pass
    with claim_name("lettres", resume=True):
        with pytest.raises(SeizeError, match="'lettres' is being written"):
            delete_run("lettres")
        assert list_trash() == []
