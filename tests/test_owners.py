"""Whose a corpus or a run is: others neither read nor change it until it is shared, and nobody else takes its name."""

import multiprocessing
from pathlib import Path

import pytest

from pipeline.errors import SettingError
from pipeline.owners import OPERATOR, check_changed_by, claim, ownership, readable, release, share


def test_what_nobody_claimed_is_the_operators_and_read_by_all(tmp_path: Path) -> None:
    assert readable(tmp_path, ["demo"], "anna") == ["demo"]
    with pytest.raises(SettingError, match="not yours"):
        check_changed_by(tmp_path, "demo", "anna")
    with pytest.raises(SettingError, match="taken"):
        claim(tmp_path, "demo", "anna", exists=True)
    check_changed_by(tmp_path, "demo", OPERATOR)


def test_what_is_claimed_is_its_owners_alone_until_it_is_shared(tmp_path: Path) -> None:
    claim(tmp_path, "mine", "anna", exists=False)
    assert readable(tmp_path, ["demo", "mine"], "bert") == ["demo"]
    assert readable(tmp_path, ["demo", "mine"], "anna") == ["demo", "mine"]
    assert readable(tmp_path, ["demo", "mine"], "") == ["demo"]
    assert readable(tmp_path, ["demo", "mine"], OPERATOR) == ["demo", "mine"]
    with pytest.raises(SettingError, match="taken"):
        claim(tmp_path, "mine", "bert", exists=False)
    with pytest.raises(SettingError, match="not yours"):
        share(tmp_path, "mine", "bert", shared=True)
    share(tmp_path, "mine", "anna", shared=True)
    assert readable(tmp_path, ["mine"], "bert") == ["mine"]
    with pytest.raises(SettingError, match="not yours"):
        check_changed_by(tmp_path, "mine", "bert")
    claim(tmp_path, "mine", "anna", exists=True)
    assert ownership(tmp_path, "mine").shared


def test_a_name_is_free_again_once_it_is_released(tmp_path: Path) -> None:
    claim(tmp_path, "mine", "anna", exists=False)
    release(tmp_path, "mine")
    claim(tmp_path, "mine", "bert", exists=False)
    assert ownership(tmp_path, "mine").owner == "bert"


def test_nobody_without_a_name_owns_anything(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="taken"):
        claim(tmp_path, "mine", "", exists=False)


@pytest.mark.parametrize("content", ["", "[]", '{"mine": {}}', '{"mine": {"owner": "anna"'])
def test_a_damaged_list_gives_nothing_away(tmp_path: Path, content: str) -> None:
    (tmp_path / ".owners.json").write_text(content)
    with pytest.raises(SettingError, match="cannot be read"):
        readable(tmp_path, ["demo"], "anna")
    assert readable(tmp_path, ["demo"], OPERATOR) == ["demo"]


def _claim(folder: Path, number: int) -> None:
    claim(folder, f"of-{number}", f"visitor-{number}", exists=False)


def test_claims_at_once_are_all_kept(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.starmap(_claim, [(tmp_path, number) for number in range(40)])
    assert [ownership(tmp_path, f"of-{number}").owner for number in range(40)] == [f"visitor-{n}" for n in range(40)]
