"""What runs on this machine: versions, processors, what makes a training repeat itself."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dashboard.components import marks


def installed(name: str) -> str:
    """The version of a package, or that it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def system(_: str) -> None:
    """Draw the table."""
    processors = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else processors
    onednn = "off" if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0" else "on, TensorFlow's default"
    same = "the same seed gives the same losses on one machine; another processor may round otherwise"
    marks.draw_table(
        ["What", "Here"],
        [
            ["Python", platform.python_version()],
            *[[name, installed(name)] for name in ("numpy", "tensorflow", "keras", "streamlit")],
            ["Processors", f"{processors}, of which {usable} for this process"],
            ["Graphics card", "yes" if Path("/dev/nvidia0").exists() else "none"],
            ["oneDNN (may reorder sums)", onednn],
            ["Random seed of the job", "1: weights and series are drawn from it"],
            ["Determinism", same],
            ["TensorFlow beside this page", "never loaded: it runs in a job"],
        ],
    )
