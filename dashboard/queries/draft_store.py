"""Drafts on disk: a folder a visitor, a file a draft, what was deleted beside it until it is restored. No Streamlit.

    notebooks/<owner>/<id>.json            {"name": "…", "saved": 1700000000.0, "lyric": {…}}
    notebooks/<owner>/trash/<id>.json      deleted; the last `TRASH` are kept

Texts that are not kept yet are saved by themselves too, the last of each page (`ROLLING`).

A draft is replaced as a whole, so neither a killed server nor a full disk leaves half of one. Damaged files are left
where they are and not listed.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.folders import replacing_file
from pipeline.core.paths import notebooks_folder
from pipeline.generation.lyric import Lyric

MOST = 500  # drafts of one visitor
LARGEST = 2_000_000  # bytes of a draft
TRASH = 50  # deleted drafts that can come back
ROLLING = ("written-last", "line-by-line")  # ids of texts that are saved by themselves, each in the place of the last
LONGEST_NAME = 80  # characters


@dataclass(frozen=True)
class NotebookDraft:
    """A text that was kept. `name` is what its writer calls it, "" for its first line; `saved` seconds since 1970."""

    id: str
    lyric: Lyric
    name: str = ""
    saved: float = 0.0


class DraftStore:
    """The drafts of one owner."""

    def __init__(self, owner: str) -> None:
        self.folder = notebooks_folder() / hashlib.blake2b(owner.encode(), digest_size=12).hexdigest()

    def drafts(self) -> list[NotebookDraft]:
        """Return what is kept, the latest first."""
        return sorted(_drafts_in(self.folder), key=lambda draft: -draft.saved)

    def save(self, lyric: Lyric, name: str = "", id: str = "") -> NotebookDraft:
        """Keep a text, under an id that is given (`ROLLING` ones are of texts not yet kept) or a new one; the same text
        with the same settings is one draft.

        Raise SettingError when there are too many or it is too large, SeizeError when the disk refuses.
        """
        return self._write(_next_draft(self.drafts(), lyric, name, id))

    def rename(self, draft: NotebookDraft, name: str) -> NotebookDraft:
        """Call a draft by another name. Raise SeizeError when the disk refuses."""
        return self._write(replace(draft, name=_short(name)))

    def delete(self, draft: NotebookDraft) -> None:
        """Move a draft to the trash, from where `restore` brings it back."""
        trash = self.folder / "trash"
        with disk_errors():
            trash.mkdir(parents=True, exist_ok=True)
            os.replace(self._file(draft.id), trash / f"{draft.id}.json")
            for old in sorted(trash.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-TRASH]:
                old.unlink(missing_ok=True)

    def discard(self, id: str) -> None:
        """Let a draft go for good, as when its text stands in another. Raise SeizeError when the disk refuses."""
        with disk_errors():
            self._file(id).unlink(missing_ok=True)

    def deleted(self) -> list[NotebookDraft]:
        """Return what can be restored, the latest first."""
        return sorted(_drafts_in(self.folder / "trash"), key=lambda draft: -draft.saved)

    def restore(self, id: str) -> None:
        """Bring a deleted draft back; one that is gone stays gone."""
        with disk_errors():
            source = self.folder / "trash" / self._file(id).name
            if source.is_file():
                os.replace(source, self._file(id))

    def _file(self, id: str) -> Path:
        return self.folder / f"{Path(id).name}.json"

    def _write(self, draft: NotebookDraft) -> NotebookDraft:
        text = json.dumps(
            {"name": draft.name, "saved": draft.saved, "lyric": draft.lyric.to_json()}, ensure_ascii=False
        )
        if len(text.encode()) > LARGEST:
            raise SettingError("This draft is larger than {most} MB: shorten it.", most=LARGEST // 1_000_000)
        with disk_errors():
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing_file(self._file(draft.id)) as place:
                place.write_text(text, "utf-8")
        return draft


class SessionDrafts:
    """The same for a visitor of whom nothing is kept: in a list that lives as long as the session."""

    def __init__(self, kept: list[NotebookDraft], gone: list[NotebookDraft]) -> None:
        self._kept, self._gone = kept, gone

    def drafts(self) -> list[NotebookDraft]:
        """Return what is kept, the latest first."""
        return sorted(self._kept, key=lambda draft: -draft.saved)

    def save(self, lyric: Lyric, name: str = "", id: str = "") -> NotebookDraft:
        """Keep a text as `DraftStore` does. Raise SettingError when there are too many."""
        return self._put(_next_draft(self._kept, lyric, name, id))

    def rename(self, draft: NotebookDraft, name: str) -> NotebookDraft:
        """Call a draft by another name."""
        return self._put(replace(draft, name=_short(name)))

    def delete(self, draft: NotebookDraft) -> None:
        """Put a draft aside, from where `restore` brings it back."""
        self._kept[:] = [other for other in self._kept if other.id != draft.id]
        self._gone[:] = [*self._gone, draft][-TRASH:]

    def discard(self, id: str) -> None:
        """Let a draft go for good."""
        self._kept[:] = [draft for draft in self._kept if draft.id != id]

    def deleted(self) -> list[NotebookDraft]:
        """Return what can be restored, the latest first."""
        return sorted(self._gone, key=lambda draft: -draft.saved)

    def restore(self, id: str) -> None:
        """Bring a deleted draft back; one that is gone stays gone."""
        self._kept += [draft for draft in self._gone if draft.id == id]
        self._gone[:] = [draft for draft in self._gone if draft.id != id]

    def _put(self, draft: NotebookDraft) -> NotebookDraft:
        self._kept[:] = [*(other for other in self._kept if other.id != draft.id), draft]
        return draft


def _next_draft(kept: Sequence[NotebookDraft], lyric: Lyric, name: str, id: str) -> NotebookDraft:
    """Return the draft to write for a text: an earlier one of it, or a new one where there is room."""
    same = [draft for draft in kept if (draft.id == id if id else draft.lyric == lyric and draft.id not in ROLLING)]
    if not same and len(kept) >= MOST:
        raise SettingError("The notebook holds {most} drafts, which is all it takes: delete some.", most=MOST)
    before = same[0] if same else NotebookDraft(id or secrets.token_hex(8), lyric)
    return replace(before, lyric=lyric, name=_short(name or before.name), saved=time.time())


def _drafts_in(folder: Path) -> Iterator[NotebookDraft]:
    for path in folder.glob("[!.]*.json"):
        try:
            if path.stat().st_size <= 2 * LARGEST:
                yield _read(path.stem, json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError, SeizeError):
            continue


def _read(id: str, data: Any) -> NotebookDraft:
    return NotebookDraft(id, Lyric.from_json(data["lyric"]), _short(str(data["name"])), float(data["saved"]))


def _short(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME]


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in a sentence what the disk refuses."""
    try:
        yield
    except OSError as error:
        raise SeizeError(
            "The notebook cannot be written ({reason}): what was in it is as it was.",
            reason=error.strerror or type(error).__name__,
        ) from error
