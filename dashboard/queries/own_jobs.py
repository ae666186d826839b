"""Jobs as visitors have them: each sees, stops and is limited by their own. Knows no Streamlit.

A visitor's jobs, the corpora and runs that they make and the room that these take have an owner; the operator, at the
machine itself, has no limits and sees all.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard.queries.visitors import Visitor, check_editor
from pipeline.core.errors import SettingError
from pipeline.core.owners import Owners
from pipeline.processes import jobs
from pipeline.processes.job_status import BUSY

OWNER = "owner"  # in a job's `about`
MOST_JOBS = 3  # of one visitor, waiting or running
ROOM = "SEIZE_ROOM_MB"  # names how many megabytes the corpora or the runs of one visitor may take
_ROOM = 2_000


def own_jobs(kind: str, visitor: Visitor) -> list[jobs.Job]:
    """Return the jobs of a kind that this visitor asked for, oldest first; of all visitors, for the operator."""
    return [job for job in jobs.list_jobs(kind) if visitor.operator or job.about.get(OWNER) == visitor.name]


def awaited_names(kind: str) -> set[str]:
    """Return the names of what jobs of a kind are to write, whoever asked for them."""
    return {str(job.about.get("name", "")) for job in jobs.list_jobs(kind) if job.status().state in BUSY}


def submit_for(
    visitor: Visitor,
    kind: str,
    title: str,
    command: Sequence[str],
    about: Mapping[str, Any],
    *,
    owners: Owners,
    name: str,
) -> jobs.Job:
    """Queue a job that writes a corpus or a run of this name, which becomes this visitor's.

    Raise SettingError unless they are an editor with room, and where the name is another's.
    """
    check_editor(visitor)
    if not visitor.operator:
        _check_limits(visitor, kind, owners)
    owners.claim(name, visitor.name)
    return jobs.submit(kind, title, command, {**about, OWNER: visitor.name})


def _check_limits(visitor: Visitor, kind: str, owners: Owners) -> None:
    busy = sum(job.status().state in BUSY for job in own_jobs(kind, visitor))
    if busy >= MOST_JOBS:
        raise SettingError("{most} jobs of yours wait or run: let one end, or cancel it.", most=MOST_JOBS)
    room = int(os.environ.get(ROOM, _ROOM))
    taken = sum(map(_bytes, owners.owned(visitor.name))) // 1_000_000
    if taken >= room:
        raise SettingError(
            "What you made takes {taken} MB of the {room} MB that one visitor may take: delete something first.",
            taken=taken,
            room=room,
        )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
