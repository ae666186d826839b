"""Whose a corpus or a run is: others neither read nor change it until it is shared, and nobody else takes its name."""

import multiprocessing
from pathlib import Path

import pytest

from pipeline.core.errors import SettingError
from pipeline.core.owners import OPERATOR, Owners
from pipeline.core.store import Store


@pytest.fixture
def owners(tmp_path: Path) -> Owners:
    return Owners(lambda: tmp_path)


def test_what_nobody_claimed_is_the_operators_and_read_by_all(owners: Owners, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert owners.readable_names(["demo"], "anna") == ["demo"]
    with pytest.raises(SettingError, match="belongs to somebody else"):
        owners.check_changeable_by("demo", "anna")
    with pytest.raises(SettingError, match="in use"):
        owners.claim("demo", "anna")
    owners.check_changeable_by("demo", OPERATOR)


def test_what_is_claimed_is_its_owners_alone_until_it_is_shared(owners: Owners) -> None:
    owners.claim("mine", "anna")
    assert owners.readable_names(["demo", "mine"], "bert") == ["demo"]
    assert owners.readable_names(["demo", "mine"], "anna") == ["demo", "mine"]
    assert owners.readable_names(["demo", "mine"], "") == ["demo"]
    assert owners.readable_names(["demo", "mine"], OPERATOR) == ["demo", "mine"]
    with pytest.raises(SettingError, match="in use"):
        owners.claim("mine", "bert")
    with pytest.raises(SettingError, match="belongs to somebody else"):
        owners.set_shared("mine", "bert", shared=True)
    owners.set_shared("mine", "anna", shared=True)
    assert owners.readable_names(["mine"], "bert") == ["mine"]
    with pytest.raises(SettingError, match="belongs to somebody else"):
        owners.check_changeable_by("mine", "bert")
    owners.claim("mine", "anna")
    assert owners.ownership("mine").shared


def test_a_name_is_told_to_be_taken_before_anything_is_done_with_it(owners: Owners) -> None:
    owners.check_name_is_free("mine", "bert")
    owners.claim("mine", "anna")
    owners.set_shared("mine", "anna", shared=True)
    owners.check_name_is_free("mine", "anna")
    with pytest.raises(SettingError, match="in use"):
        owners.check_name_is_free("mine", "bert")


def test_a_name_is_free_again_once_it_is_released(owners: Owners) -> None:
    owners.claim("mine", "anna")
    owners.release("mine")
    owners.claim("mine", "bert")
    assert owners.ownership("mine").owner == "bert"


def test_nobody_without_a_name_owns_anything(owners: Owners) -> None:
    with pytest.raises(SettingError, match="in use"):
        owners.claim("mine", "")


def test_a_damaged_list_gives_nothing_away(owners: Owners, tmp_path: Path) -> None:
    owners.claim("mine", "anna")
    file = tmp_path / ".owners.db"
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(SettingError, match="cannot be read"):
        owners.readable_names(["demo"], "anna")
    assert owners.readable_names(["demo"], OPERATOR) == ["demo"]
    assert [path.name for path in tmp_path.iterdir()] == [".owners.db"]


@pytest.mark.parametrize("value", [[], {}, None, {"owner": "anna"}])
def test_an_entry_that_is_none_gives_nothing_away(owners: Owners, tmp_path: Path, value: object) -> None:
    with Store(tmp_path / ".owners.db").open_for_writing() as things:
        things.put("owner", "anna", "mine", value)
    with pytest.raises(SettingError, match="cannot be read"):
        owners.readable_names(["demo"], "anna")


def _claim(folder: Path, number: int) -> None:
    Owners(lambda: folder).claim(f"of-{number}", f"visitor-{number}")


def test_claims_at_once_are_all_kept(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.starmap(_claim, [(tmp_path, number) for number in range(40)])
    assert [Owners(lambda: tmp_path).ownership(f"of-{number}").owner for number in range(40)] == [
        f"visitor-{n}" for n in range(40)
    ]
