"""Where things live. Knows names and folders; creates nothing.

Four environment variables move what is written elsewhere (tests and installed copies use them):
SEIZE_PREPARED, SEIZE_MODELS, SEIZE_JOBS, SEIZE_LEXICONS.
"""

import os
import re
from pathlib import Path

from pipeline.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
DEMO_SOURCE = ROOT / "data" / "demo"
DEMO_NAME = "demo"
FONTS = ROOT / "dashboard" / "static" / "fonts"  # where Streamlit serves them from

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def prepared_folder() -> Path:
    """Folder of the prepared corpora, one sub-folder each."""
    return Path(os.environ.get("SEIZE_PREPARED", ROOT / "data" / "prepared"))


def models_folder() -> Path:
    """Folder of the runs, one sub-folder each."""
    return Path(os.environ.get("SEIZE_MODELS", ROOT / "models"))


def jobs_folder() -> Path:
    """Folder of the background jobs, one sub-folder each."""
    return Path(os.environ.get("SEIZE_JOBS", ROOT / "data" / "jobs"))


def lexicons_folder() -> Path:
    """Folder of the small hand-made word tables."""
    return Path(os.environ.get("SEIZE_LEXICONS", ROOT / "data" / "lexicons"))


def is_name(name: str) -> bool:
    """Whether `name` can be that of a corpus or a run; a folder of another name beside them is neither."""
    return _NAME.fullmatch(name) is not None


def checked_name(name: str) -> str:
    """Return `name` if it can safely name a corpus or a run, else raise SettingError.

    A name never holds a separator or starts with a dot, so it can never choose a path.

    >>> checked_name("demo-char")
    'demo-char'
    """
    if not is_name(name):
        raise SettingError(
            "name-unusable",
            "The name {name!r} cannot be used: take 1 to 64 small letters, digits, '-' or '_', starting with a "
            "letter or digit.",
            name=name,
        )
    return name
