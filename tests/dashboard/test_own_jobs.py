"""Jobs, names and room of visitors who share a server: nobody sees, takes or outgrows what is not theirs."""

from pathlib import Path

import pytest

from dashboard.queries import visitors as own_jobs
from dashboard.queries.visitors import MOST_JOBS, Visitor, submit_job_for
from pipeline.core.errors import SettingError
from pipeline.core.owners import OPERATOR, Owners
from pipeline.processes import jobs

ANNA, BERT = Visitor("account:anna", editor=True), Visitor("account:bert", editor=True)
HERE = Visitor(OPERATOR, editor=True)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jobs that are queued and never begin."""
    monkeypatch.setenv("SEIZE_JOBS", str(tmp_path / "jobs"))
    monkeypatch.setattr(jobs, "start_next_job", lambda kind: None)
    return tmp_path / "prepared"


def submit(visitor: Visitor, folder: Path, name: str = "mine") -> jobs.Job:
    return submit_job_for(
        visitor, "import", name, ["prepare", name], {"name": name}, owners=Owners(lambda: folder), name=name
    )


def test_each_sees_their_own_and_the_operator_all(place: Path) -> None:
    of_anna, of_bert = submit(ANNA, place), submit(BERT, place, "theirs")
    assert [job.id for job in own_jobs.own_jobs("import", ANNA)] == [of_anna.id]
    assert {job.id for job in own_jobs.own_jobs("import", HERE)} == {of_anna.id, of_bert.id}
    assert own_jobs.own_jobs("import", Visitor()) == []


def test_a_name_is_its_first_owners_even_while_the_job_waits(place: Path) -> None:
    submit(ANNA, place)
    with pytest.raises(SettingError, match="in use"):
        submit(BERT, place)
    assert Owners(lambda: place).ownership("mine").owner == ANNA.name
    assert not Owners(lambda: place).ownership("mine").shared


def test_what_the_operator_made_is_replaced_by_nobody_else(place: Path) -> None:
    (place / "demo").mkdir(parents=True)
    with pytest.raises(SettingError, match="in use"):
        submit(ANNA, place, "demo")
    submit(HERE, place, "demo")


def test_who_is_no_editor_starts_nothing(place: Path) -> None:
    for visitor in (Visitor(), Visitor("account:eve")):
        with pytest.raises(SettingError, match="Sign in"):
            submit(visitor, place)
    assert jobs.list_jobs() == []


def test_a_visitor_has_so_many_jobs_and_the_operator_any(place: Path) -> None:
    for number in range(MOST_JOBS):
        submit(ANNA, place, f"mine-{number}")
    with pytest.raises(SettingError, match=f"already have {MOST_JOBS} jobs"):
        submit(ANNA, place, "one-more")
    submit(BERT, place, "theirs")
    for number in range(MOST_JOBS + 1):
        submit(HERE, place, f"here-{number}")


def test_a_visitor_has_so_much_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(ANNA, place)
    (place / "mine").mkdir(parents=True)
    (place / "mine" / "words").write_bytes(bytes(1_500_000))
    monkeypatch.setenv("SEIZE_ROOM_MB", "1")
    with pytest.raises(SettingError, match="1 MB of the 1 MB"):
        submit(ANNA, place, "more")
    submit(BERT, place, "theirs")


def test_a_name_is_awaited_until_its_job_ends(place: Path) -> None:
    job = submit(ANNA, place)
    assert own_jobs.names_of_unfinished_jobs("import") == {"mine"}
    jobs.cancel(job)
    assert own_jobs.names_of_unfinished_jobs("import") == set()
