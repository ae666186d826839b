"""TensorFlow, begun without a word: its libraries write to stderr as they load, whatever the level of its log."""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from pipeline.core.errors import SeizeError


def start_tensorflow() -> None:
    """Import TensorFlow without the messages of its libraries. Raise SeizeError when it is not installed."""
    if (missing := tensorflow_missing_error()) is not None:
        raise missing
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _silent_stderr():
        importlib.import_module("tensorflow")


def tensorflow_missing_error() -> SeizeError | None:
    """Return the error that says how to install TensorFlow, or None when it is installed; nothing is imported."""
    if all(find_spec(name) is not None for name in ("tensorflow", "keras")):
        return None
    return SeizeError('This needs TensorFlow, which is not installed: pip install "seize[train]".')


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Discard what is written to the file descriptor of stderr, also by libraries in C++."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        stderr = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
