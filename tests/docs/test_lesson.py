"""The lesson of docs/recipes/linguists.fr.md runs as it stands, from the folder of songs to the network."""

import re
from pathlib import Path

import pytest

from pipeline.__main__ import main
from tests.source_tree import ROOT


def test_the_lesson_makes_its_corpus_its_table_and_its_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = (ROOT / "docs" / "recipes" / "linguists.fr.md").read_text("utf-8").partition("## 10. La leçon")[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEIZE_PREPARED", str(tmp_path / "prepared"))
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", lesson, re.MULTILINE | re.DOTALL):
        exec(block, names)
    assert "6 songs; 6 of them hold lines" in capsys.readouterr().out
    assert names["typical"]["word"].tolist()[0] == "nuit"
    assert b"nuit" in (tmp_path / "keyness.csv").read_bytes()
    commands = re.findall(r"^seize (.*)$", lesson, re.MULTILINE)
    for command in commands:
        assert main(command.split()) == 0
    assert (tmp_path / "names.graphml").stat().st_size > 200
    assert len(commands) == 1
