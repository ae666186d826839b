"""What is written goes where the environment says; what is included with Seize is read beside one's own."""

from pathlib import Path

import pytest

from pipeline.core import paths
from pipeline.core.errors import SettingError
from pipeline.runs.run import list_runs, load_run
from pipeline.runs.trash import claim_name

NAMES = ("prepared", "models", "jobs", "notebooks")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in NAMES:
        monkeypatch.delenv(f"SEIZE_{name.upper()}", raising=False)
    monkeypatch.setenv("SEIZE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written() -> list[Path]:
    folders = [paths.prepared_folder(), paths.models_folder(), paths.jobs_folder(), paths.notebooks_folder()]
    return [*folders, paths.partner_file()]


def test_a_home_holds_all_that_is_written(home: Path) -> None:
    assert written() == [home / name for name in (*NAMES, "partner.json")]
    assert not home.exists(), "nothing is made by asking"


def test_a_folder_that_is_named_goes_before_the_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_JOBS", "/elsewhere")
    assert written()[:3] == [home / "prepared", home / "models", Path("/elsewhere")]


def test_a_checkout_has_its_own_places(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEIZE_HOME")
    data = paths.ROOT / "data"
    assert written() == [
        data / "prepared",
        paths.ROOT / "models",
        data / "jobs",
        data / "notebooks",
        data / "partner.json",
    ]


def test_an_installed_copy_writes_to_the_data_folder_of_the_user(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SEIZE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(paths, "SHIPPED_FOLDER", tmp_path / "pipeline" / "shipped")
    assert written() == [tmp_path / "seize" / name for name in (*NAMES, "partner.json")]


def test_shipped_runs_are_read_and_never_written(home: Path) -> None:
    assert {"demo-char", "demo-word"} <= set(list_runs())
    assert load_run("demo-char").folder == paths.SHIPPED_FOLDER / "models" / "demo-char"
    with pytest.raises(SettingError, match="is included with Seize"), claim_name("demo-char"):
        pass
    with claim_name("demo-char", replace=True):
        assert (paths.SHIPPED_FOLDER / "models" / "demo-char" / "config.json").is_file()
    assert len(list((home / "models" / ".trash").iterdir())) == 1


def test_models_that_are_named_are_all_there_are(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZE_MODELS", str(home / "mine"))
    assert list_runs() == []
