"""Where things live. Knows names and folders; creates nothing.

What comes with Seize is read from `SHIPPED_FOLDER`: the top of a checkout, or `pipeline/shipped` in an installed copy
(setup.py puts it there), which never writes to it. What is written goes where the environment says:

    SEIZE_HOME        the folder of all of it: prepared/, models/, jobs/, notebooks/, partner.json
    SEIZE_PREPARED, SEIZE_MODELS, SEIZE_JOBS, SEIZE_NOTEBOOKS, SEIZE_LEXICONS
                      one of these folders alone, in the place of any other

Without them an installed copy writes to the user's data folder (platformdirs), a checkout to its own data/ and models/.
"""

import os
import re
from pathlib import Path

from platformdirs import user_data_path

from pipeline.core.errors import SettingError

ROOT = Path(__file__).resolve().parents[2]
_INSTALLED_DATA_FOLDER = ROOT / "pipeline" / "shipped"
SHIPPED_FOLDER = _INSTALLED_DATA_FOLDER if _INSTALLED_DATA_FOLDER.is_dir() else ROOT
DEMO_SOURCE = SHIPPED_FOLDER / "data" / "demo"
DEMO_NAME = "demo"
# What comes with Seize and is prepared when it is opened first: the embedded corpus, and the stanzas and whole texts
# that its writer learnt from as well.
SHIPPED_CORPORA = {
    DEMO_NAME: DEMO_SOURCE,
    "verses": SHIPPED_FOLDER / "data" / "verses",
    "seize-lignes": SHIPPED_FOLDER / "data" / "texts",
}

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def prepared_folder() -> Path:
    """Return the folder of the prepared corpora, one sub-folder each."""
    return _folder_from_environment("SEIZE_PREPARED") or _writable_folder("prepared", ROOT / "data" / "prepared")


def models_folder() -> Path:
    """Return the folder that trained models (runs) are written to, one sub-folder each."""
    return _folder_from_environment("SEIZE_MODELS") or _writable_folder("models", ROOT / "models")


def shipped_models_folder() -> Path:
    """Return the read-only folder of the runs included with Seize."""
    return _folder_from_environment("SEIZE_MODELS") or SHIPPED_FOLDER / "models"


def jobs_folder() -> Path:
    """Return the folder of the background jobs, one sub-folder each."""
    return _folder_from_environment("SEIZE_JOBS") or _writable_folder("jobs", ROOT / "data" / "jobs")


def notebooks_folder() -> Path:
    """Return the folder of the drafts of lyrics that visitors save, one sub-folder each."""
    return _folder_from_environment("SEIZE_NOTEBOOKS") or _writable_folder("notebooks", ROOT / "data" / "notebooks")


def partner_file() -> Path:
    """Return the file that stores which local language model was chosen on this machine."""
    return _writable_folder("partner.json", ROOT / "data" / "partner.json")


def lexicons_folder() -> Path:
    """Return the folder of the hand-made word tables that come with Seize."""
    return _folder_from_environment("SEIZE_LEXICONS") or SHIPPED_FOLDER / "data" / "lexicons"


def _folder_from_environment(variable: str) -> Path | None:
    return Path(os.environ[variable]) if os.environ.get(variable) else None


def _writable_folder(name: str, in_checkout: Path) -> Path:
    """Return the path of a folder or file that Seize writes: in SEIZE_HOME, a checkout or the user's data folder."""
    if (home := _folder_from_environment("SEIZE_HOME")) is not None:
        return home / name
    return in_checkout if SHIPPED_FOLDER == ROOT else user_data_path("seize", appauthor=False) / name


def is_valid_name(name: str) -> bool:
    """Return whether `name` is a valid name of a corpus or run."""
    return _NAME.fullmatch(name) is not None


def checked_name(name: str) -> str:
    """Return `name` if it can safely name a corpus or a run, else raise SettingError.

    A name never holds a separator or starts with a dot, so it can never choose a path.

    >>> checked_name("demo-char")
    'demo-char'
    """
    if not is_valid_name(name):
        raise SettingError(
            "The name {name!r} cannot be used: use 1 to 64 lowercase letters, digits, '-' or '_', starting with a "
            "letter or digit.",
            name=name,
        )
    return name
