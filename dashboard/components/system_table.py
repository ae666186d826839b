"""What runs on this machine: versions, processors, what makes a training repeat itself."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dashboard.components import marks
from pipeline.core.translation import t


def installed_version(name: str) -> str:
    """The version of a package, or that it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return t("not installed")


def system(_: str) -> None:
    """Draw the table."""
    processors = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else processors
    onednn = t("off") if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0" else t("on, TensorFlow's default")
    same = t("the same seed gives the same losses on one machine; another processor may round otherwise")
    marks.draw_table(
        [t("What"), t("Here")],
        [
            ["Python", platform.python_version()],
            *[[name, installed_version(name)] for name in ("numpy", "tensorflow", "keras", "streamlit")],
            [t("Processors"), t("{all}, of which {usable} for this process", all=processors, usable=usable)],
            [t("Graphics card"), t("yes") if Path("/dev/nvidia0").exists() else t("none")],
            [t("oneDNN (may reorder sums)"), onednn],
            [t("Random seed of the job"), t("1: weights and series are drawn from it")],
            [t("Determinism"), same],
            [t("TensorFlow beside this page"), t("never loaded: it runs in a job")],
        ],
    )
