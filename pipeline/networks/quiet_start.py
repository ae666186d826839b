"""TensorFlow, begun without a word: its libraries write to stderr as they load, whatever the level of its log."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import SeizeError


def start_tensorflow() -> None:
    """Import TensorFlow before whatever is written with it. Raises SeizeError when it is not installed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _silent_stderr():
            importlib.import_module("tensorflow")
    except ImportError as error:
        raise SeizeError(
            "tensorflow-missing",
            "This needs TensorFlow, which is not installed: install it with pip install tensorflow.",
        ) from error


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Let what is written to the file descriptor of stderr, also by libraries in C++, go nowhere for a while."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
