"""Visitors of the dashboard: who they are, what they may do, and their jobs. Knows no Streamlit.

On this machine (the server listens to it alone) the visitor is the operator: everything is allowed, without limits.
Elsewhere visitors read, write lyrics and keep a notebook when they are signed in; preparing, training, importing and
deleting are for editors: who signed in under an address of `SEIZE_EDITORS`, or gave the token of `SEIZE_EDITOR_TOKEN`.
Each sees, stops and is limited by their own jobs; the corpora and runs that these make, and the room that they take,
have an owner.
"""

import hmac
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from pipeline.core.errors import SettingError
from pipeline.core.owners import OPERATOR, Owners
from pipeline.processes import jobs
from pipeline.processes.jobs import BUSY

EDITORS_VARIABLE = "SEIZE_EDITORS"  # addresses with commas between; * for all who are signed in
TOKEN_VARIABLE = "SEIZE_EDITOR_TOKEN"
TRUST_EMAILS_VARIABLE = "SEIZE_TRUST_EMAILS"  # 1: an address counts whose provider never says whether it is verified
MIN_TOKEN_LENGTH = 12  # characters of a token that is taken
TOKEN_VISITOR_NAME = "token"  # the one owner that all editors by token share
_AT_ONCE, _SECONDS = 10, 6.0  # wrong tokens that an address may send at once, and seconds until one more


@dataclass(frozen=True)
class Visitor:
    """A visitor: `name` as owner of what they make, "" if unknown; `editor`: whether they may make and delete."""

    name: str = ""
    editor: bool = False

    @property
    def has_own_storage(self) -> bool:
        """Whether drafts can be stored for them alone: they are known, and not by the shared token."""
        return self.name not in ("", TOKEN_VISITOR_NAME)

    @property
    def is_operator(self) -> bool:
        """Whether the visitor is the operator, at the machine of the server."""
        return self.name == OPERATOR


def identify(*, local: bool, account: str | None = None, email: str = "", token: str = "") -> Visitor:
    """Return the visitor: the operator if `local`, else the signed-in `account`, else an editor if `token` is right.

    `email` is an address that whoever signed them in has verified, "" for none.
    """
    if local:
        return Visitor(OPERATOR, editor=True)
    if account:
        named = {entry.strip().lower() for entry in os.environ.get(EDITORS_VARIABLE, "").split(",") if entry.strip()}
        is_editor = "*" in named or email.strip().lower() in named
        return Visitor(f"account:{account}", editor=is_editor or is_editor_token(token))
    return Visitor(TOKEN_VISITOR_NAME, editor=True) if is_editor_token(token) else Visitor()


def verified_email(claims: Mapping[str, Any]) -> str:
    """Return the e-mail address that the claims of a sign-in verify, "" where they do not.

    A provider that never says counts where the operator trusts it (`SEIZE_TRUST_EMAILS`).
    """
    trusted = "email_verified" not in claims and os.environ.get(TRUST_EMAILS_VARIABLE) == "1"
    return str(claims.get("email", "")) if claims.get("email_verified") is True or trusted else ""


def is_editor_token(given: str) -> bool:
    """Return whether a token is the editors' token. One shorter than `MIN_TOKEN_LENGTH` is never accepted."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    return len(token) >= MIN_TOKEN_LENGTH and hmac.compare_digest(token.encode(), given.encode())


class WrongTokenLimiter:
    """Rate limit of wrong editor tokens by network address: `_AT_ONCE` at once, then one every `_SECONDS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._paid_until: dict[str, float] = {}  # when all of an address are forgotten; on the clock of `monotonic`

    def check_token(self, token: str, address: str = "") -> bool:
        """Return whether a token is right. Raise SettingError after too many wrong ones from this address.

        An IPv6 address stands for its network of 64 bits, which is one subscriber's.
        """
        with self._lock:
            now = self._clock()
            self._paid_until = {place: until for place, until in self._paid_until.items() if until > now}
            place = str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
            paid_until = self._paid_until.get(place, now)
            if paid_until - now > (_AT_ONCE - 1) * _SECONDS:
                raise SettingError("Too many wrong tokens. Try again in a minute.")
            if not (right := is_editor_token(token)):
                self._paid_until[place] = paid_until + _SECONDS
            return right


WRONG_TOKEN_LIMITER = WrongTokenLimiter()


def editor_token_is_set() -> bool:
    """Return whether the operator has set an editor token."""
    return len(os.environ.get(TOKEN_VARIABLE, "")) >= MIN_TOKEN_LENGTH


def check_visitor_is_editor(visitor: Visitor) -> None:
    """Raise SettingError unless the visitor may make and delete things here."""
    if not visitor.editor:
        raise SettingError("Only editors of this server can do this. Sign in first.")


OWNER = "owner"  # in a job's `about`
MOST_JOBS = 3  # of one visitor, waiting or running
ROOM_MB_VARIABLE = "SEIZE_ROOM_MB"  # names how many megabytes the corpora or the runs of one visitor may take
_DEFAULT_ROOM_MB = 2_000


def own_jobs(kind: str, visitor: Visitor) -> list[jobs.Job]:
    """Return the jobs of a kind that this visitor started, oldest first; for the operator, those of all visitors."""
    return [job for job in jobs.list_jobs(kind) if visitor.is_operator or job.about.get(OWNER) == visitor.name]


def names_of_unfinished_jobs(kind: str) -> set[str]:
    """Return the names of the corpora or runs that the unfinished jobs of a kind, of all visitors, will write."""
    return {str(job.about.get("name", "")) for job in jobs.list_jobs(kind) if job.status().state in BUSY}


def submit_job_for(
    visitor: Visitor, kind: str, title: str, command: Sequence[str], about: Mapping[str, Any], *, owners: Owners,
    name: str,
) -> jobs.Job:  # fmt: skip
    """Queue a job that writes a corpus or a run of this name, which this visitor will own.

    Raise SettingError unless they are an editor with room, and where the name is another's.
    """
    check_visitor_is_editor(visitor)
    if not visitor.is_operator:
        if sum(job.status().state in BUSY for job in own_jobs(kind, visitor)) >= MOST_JOBS:
            raise SettingError(
                "You already have {most} jobs queued or running. Wait for one to end, or cancel it.", most=MOST_JOBS
            )
        room = int(os.environ.get(ROOM_MB_VARIABLE, _DEFAULT_ROOM_MB))
        files = (path for folder in owners.folders_of(visitor.name) for path in folder.rglob("*"))
        taken = sum(path.stat().st_size for path in files if path.is_file()) // 1_000_000
        if taken >= room:
            raise SettingError(
                "Your files use {taken} MB of the {room} MB allowed for each visitor. Delete something first.",
                taken=taken,
                room=room,
            )
    owners.claim(name, visitor.name)
    return jobs.submit(kind, title, command, {**about, OWNER: visitor.name})
