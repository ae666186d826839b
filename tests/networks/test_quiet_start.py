"""TensorFlow begins without a word, and training in a log is a line a validation."""

import subprocess
import sys


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
