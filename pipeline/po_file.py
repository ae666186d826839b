"""Gettext catalogues (.po) as they are read to translate: sentence -> translation. Babel writes them (`gather`)."""

import re
from pathlib import Path

_PART = re.compile(r'(msgid_plural|msgid|msgstr(?:\[(\d)\])?)? ?"(.*)"')
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


def read_translations(path: Path) -> dict[str, str]:
    """Return the translations of a catalogue, "" where one lacks; nothing where there is no file.

    The forms of a count stand one by one, under both sentences and the number of the form, with \\0 between.
    """
    translations: dict[str, str] = {}
    for entry in path.read_text("utf-8").split("\n\n") if path.is_file() else ():
        parts = _read_entry(entry)
        one, many = parts.pop("msgid", ""), parts.pop("msgid_plural", None)
        for name, text in parts.items() if one else ():
            translations[one if many is None else "\0".join((one, many, name))] = text
    return translations


def _read_entry(entry: str) -> dict[str, str]:
    """Return the parts of an entry: msgid, msgid_plural, msgstr, or the number of each form."""
    parts: dict[str, str] = {}
    name = ""
    for line in entry.split("\n"):
        if found := _PART.fullmatch(line):
            name = found[2] or found[1] or name
            parts[name] = parts.get(name, "") + _ESCAPED.sub(lambda sign: _MEANT.get(sign[1], sign[1]), found[3])
    return parts
