"""TensorFlow begins without a word, and training in a log is a line a validation."""

import subprocess
import sys

import pytest

from pipeline.__main__ import main


@pytest.mark.slow
def test_nothing_is_written_while_tensorflow_loads():
    start = "from pipeline.networks.quiet_start import start_tensorflow; start_tensorflow(); import sys; "
    told = subprocess.run(
        [sys.executable, "-c", f"{start} print('tensorflow' in sys.modules); print('after', file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "True\n"
    assert told.stderr == "after\n"


def test_what_cannot_be_done_without_tensorflow_says_how_to_add_it(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("SEIZE_MODELS", str(tmp_path))
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # as if it were not installed
    sentence = 'This needs TensorFlow, which is not installed: pip install "seize[train]".'
    for command in (["train", "demo"], ["learn", "classic", "--replace"]):
        assert main(command) == 1
        assert capsys.readouterr().err == f"seize: {sentence}\n"
    assert not list(tmp_path.iterdir())
