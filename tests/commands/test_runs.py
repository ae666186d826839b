"""`python -m pipeline runs`: list, export, import, delete, restore, compare; one line on stderr for what cannot be."""

import json

import pytest

from pipeline.__main__ import main
from pipeline.core.translation import in_language
from tests.corpora import save_corpus


def test_the_life_of_a_run(models, tmp_path, capsys):
    file = str(tmp_path / "lettres.zip")
    assert main(["runs", "export", "lettres", file]) == 0
    assert main(["runs", "import", file, "--name", "copie"]) == 0
    assert main(["runs", "delete", "copie"]) == 0
    assert not (models / "copie").exists()
    assert main(["runs", "restore", "copie"]) == 0
    capsys.readouterr()
    assert main(["runs", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["copie", "lettres", "lettres-mixed", "mots", "mots-mixed"]
    assert rows[0]["test_bits"] == rows[1]["test_bits"]


def test_a_card_is_read_in_ones_language(models, capsys):
    with in_language("en"):  # and afterwards again
        assert main(["runs", "card", "lettres", "--lang", "fr"]) == 0
    assert "## Qualité\n" in capsys.readouterr().out
    assert main(["runs", "card", "lettres"]) == 0
    assert "## Quality\n" in capsys.readouterr().out


def test_comparing(models, tmp_path, monkeypatch, small_corpus, capsys):
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    save_corpus(small_corpus)
    assert main(["runs", "compare", "lettres", "mots", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["first"], found["second"]) == ("lettres", "mots")
    assert set(found["songs"][0]) == {"title", "artist", "characters", "first", "second", "difference"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "autre", "x.zip"], "There is no model 'autre'"),
        (["export", "lettres", "nowhere/x.zip"], "could not be exported"),
        (["import", "nowhere.zip"], "There is no file nowhere.zip"),
        (["import", "nowhere.zip", "--name", "lettres"], "A model called 'lettres' exists already"),
        (["delete", "autre"], "There is no model 'autre'"),
        (["restore", "autre"], "There is no model 'autre' in the trash (it contains nothing)"),
        (["compare", "lettres", "autre"], "There is no model 'autre'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line(models, capsys, arguments, says):
    assert main(["runs", *arguments]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert says in lines[0]
