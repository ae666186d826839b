"""Where runs are read: among one's own first, then among those that came with Seize. Those are never written."""

from pathlib import Path

from pipeline.core.owners import Owners
from pipeline.core.paths import checked_name, is_name, models_folder, shipped_models_folder
from pipeline.runs.config import CONFIG

RUN_OWNERS = Owners(models_folder)  # of the runs, where several people use one server


def run_folder(name: str) -> Path:
    """Return the folder that the run `name` is read from: where it would be written when there is none."""
    own, shipped = (folder / checked_name(name) for folder in (models_folder(), shipped_models_folder()))
    return shipped if not own.exists() and (shipped / CONFIG).is_file() else own


def stored_runs() -> list[str]:
    """Return the names of all runs, teaching architectures included, in alphabetical order."""
    folders = {models_folder(), shipped_models_folder()}
    names = {path.parent.name for folder in folders for path in folder.glob(f"*/{CONFIG}")}
    return sorted(filter(is_name, names))
