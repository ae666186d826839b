"""The drafts of a visitor: in the file of the notebook, or in the session of somebody unknown.

    notebooks/notebook.db     one store of all visitors (`pipeline.core.store`)
        "draft"               {"name": "…", "saved": 1700000000.0, "lyric": {…}}, by its id
        "deleted-draft"       the same; the last `MAX_DELETED_DRAFTS` come back when they are asked for

Each text that is begun in the Studio is a draft of its own, saved at every change. Drafts that cannot be read are left
where they are and not listed; a damaged file is moved aside, which is said once. Knows no Streamlit.
"""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.paths import notebooks_folder
from pipeline.core.store import OpenStore, Store, StoreRow, means_damaged_file
from pipeline.generation.lyric import Lyric

FILE = "notebook.db"
DRAFT, DELETED = "draft", "deleted-draft"
MAX_DRAFTS = 500  # drafts of one visitor
MAX_DRAFT_BYTES = 2_000_000  # bytes of a draft
MAX_DELETED_DRAFTS = 50  # deleted drafts that can come back
LONGEST_NAME = 80  # characters


@dataclass(frozen=True)
class NotebookDraft:
    """A saved draft: its text, its name ("" for none) and when it was saved, in seconds since 1970."""

    id: str
    lyric: Lyric
    name: str = ""
    saved: float = 0.0


class DraftStore:
    """The drafts of one visitor, in the file of all visitors or in a `store` of their session; owners are hashed.

    Methods that change drafts raise SeizeError when the disk refuses.
    """

    def __init__(self, owner: str, store: Store | None = None) -> None:
        self.store = store or Store(notebooks_folder() / FILE)
        self.owner = hashlib.blake2b(owner.encode(), digest_size=12).hexdigest()

    @contextmanager
    def open_for_reading(self) -> Iterator[OpenStore]:
        """Yield the stored drafts for reading. Raise SeizeError when they cannot be read."""
        with self._wrap_disk_errors(), self.store.open_for_reading() as things:
            yield things

    @contextmanager
    def open_for_writing(self) -> Iterator[OpenStore]:
        """Yield the stored drafts, locked, for changes. Raise SeizeError, with nothing changed, when the disk
        refuses."""
        with self._wrap_disk_errors(), self.store.open_for_writing() as things:
            yield things

    @contextmanager
    def _wrap_disk_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            aside = self.store.move_damaged_file() if means_damaged_file(error) else None
            if aside is not None:
                raise SeizeError(
                    "The notebook was damaged and a new one was started. The operator can find the old contents in "
                    "{file}.",
                    file=aside.name,
                ) from error
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise SeizeError(
                "The notebook cannot be saved ({reason}). Its contents are unchanged.", reason=reason
            ) from error

    def drafts(self) -> list[NotebookDraft]:
        """Return the visitor's drafts, the latest first."""
        with self.open_for_reading() as things:
            return _parse_drafts(things.rows_of(DRAFT, self.owner))

    def deleted_drafts(self) -> list[NotebookDraft]:
        """Return the deleted drafts that can be restored, the latest first."""
        with self.open_for_reading() as things:
            return _parse_drafts(things.rows_of(DELETED, self.owner))

    def save(self, lyric: Lyric, name: str = "", id: str = "") -> NotebookDraft:
        """Save a text as the draft `id` and return it. Without `id`, update an equal draft or make a new one.

        Raise SettingError when there are too many drafts or this one is too large.
        """
        with self.open_for_writing() as things:
            drafts = _parse_drafts(things.rows_of(DRAFT, self.owner))
            same = [each for each in drafts if (each.id == id if id else each.lyric == lyric)]
            if not same and len(drafts) >= MAX_DRAFTS:
                raise SettingError("The notebook is full ({most} drafts). Delete some.", most=MAX_DRAFTS)
            before = same[0] if same else NotebookDraft(id or secrets.token_hex(8), lyric)
            draft = replace(before, lyric=lyric, name=_shorten_name(name or before.name), saved=time.time())
            self._store_draft(things, draft)
        return draft

    def rename(self, draft: NotebookDraft, name: str) -> NotebookDraft:
        """Rename a draft and return it."""
        renamed = replace(draft, name=_shorten_name(name))
        with self.open_for_writing() as things:
            self._store_draft(things, renamed)
        return renamed

    def delete(self, draft: NotebookDraft) -> None:
        """Move a draft to the trash, from where `restore` brings it back."""
        with self.open_for_writing() as things:
            things.change_kind(DRAFT, self.owner, draft.id, to=DELETED)
            things.delete_oldest(DELETED, self.owner, MAX_DELETED_DRAFTS)

    def restore(self, id: str) -> None:
        """Restore the deleted draft of this id; do nothing when it no longer exists."""
        with self.open_for_writing() as things:
            things.change_kind(DELETED, self.owner, id, to=DRAFT)

    def _store_draft(self, things: OpenStore, draft: NotebookDraft) -> None:
        value = {"name": draft.name, "saved": draft.saved, "lyric": draft.lyric.to_json()}
        if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_DRAFT_BYTES:
            raise SettingError("This draft is larger than {most} MB: shorten it.", most=MAX_DRAFT_BYTES // 1_000_000)
        things.put(DRAFT, self.owner, draft.id, value)


def _parse_drafts(things: Sequence[StoreRow]) -> list[NotebookDraft]:
    """Return the drafts in stored rows, the latest first; rows that cannot be read are skipped."""
    drafts = []
    for thing in things:
        try:
            value = thing.verified_value
            lyric = Lyric.from_json(value["lyric"])
            drafts.append(NotebookDraft(thing.name, lyric, _shorten_name(str(value["name"])), float(value["saved"])))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError, SeizeError):
            continue
    return sorted(drafts, key=lambda draft: -draft.saved)


def _shorten_name(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]
