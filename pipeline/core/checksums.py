"""Checksums that tell a stored file from a changed one: BLAKE2b of its bytes, and of the note that lists them.

A note of several files (corpus.json, config.json) holds `files`, the checksum of each beside it, and `checksum`, its
own; that of a job or a draft only its own. Knows nothing of what the files mean.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKSUM_KEY = "checksum"
_DIGEST_SIZE = 16
_CHECKSUM_PATTERN = re.compile(rf"[0-9a-f]{{{2 * _DIGEST_SIZE}}}")


def checksum_of(path: Path) -> str:
    """Return the checksum of a file. Raise OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_SIZE)).hexdigest()


def checksum_of_bytes(data: bytes) -> str:
    """Return the checksum of a file with these bytes."""
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE).hexdigest()


def changed_files(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of files that are missing in a folder or differ from their checksum in `files`."""
    return [name for name, checksum in files.items() if not _has_checksum(folder / name, checksum)]


def _has_checksum(path: Path, checksum: str) -> bool:
    try:
        return checksum_of(path) == checksum
    except OSError:
        return False


def with_checksum(note: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a dict with an entry for the checksum of its other entries.

    >>> note = with_checksum({"songs": 3})
    >>> has_valid_checksum(note), has_valid_checksum({**note, "songs": 2}), has_valid_checksum({"songs": 3})
    (True, False, None)
    """
    rest = {key: value for key, value in note.items() if key != CHECKSUM_KEY}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return {**rest, CHECKSUM_KEY: checksum_of_bytes(text.encode())}


def json_with_checksum(note: Mapping[str, Any]) -> str:
    """Return a dict as JSON text with a checksum of its entries."""
    return json.dumps(with_checksum(note), ensure_ascii=False)


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, without checking its checksum. Raise OSError or ValueError on failure."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def read_verified_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, without its checksum entry. Raise an error when the checksum does not match.

    Raise OSError, and ValueError when the file is damaged or was changed. One without a checksum is accepted.
    """
    note = read_json_object(path)
    if has_valid_checksum(note) is False:
        raise ValueError("changed since it was written")
    return {key: value for key, value in note.items() if key != CHECKSUM_KEY}


def has_valid_checksum(note: Mapping[str, Any]) -> bool | None:
    """Return whether the checksum entry of a dict is right; None when it has no such entry.

    A checksum in the last entry under another name means that its key was changed: False.
    """
    if CHECKSUM_KEY in note:
        return with_checksum(note)[CHECKSUM_KEY] == note[CHECKSUM_KEY]
    last_value = list(note.values())[-1] if note else None
    return False if isinstance(last_value, str) and _CHECKSUM_PATTERN.fullmatch(last_value) else None
