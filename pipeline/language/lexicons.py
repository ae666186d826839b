"""The hand-made tables under data/lexicons: their rows; words a model gets wrong, and the aspirated h, read once."""

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from pipeline.core.errors import SourceError
from pipeline.core.paths import lexicons_folder


def read_word_table(name: str, columns: int) -> list[list[str]]:
    """Return the rows below the header of a table in data/lexicons. Raises SourceError if missing or ragged."""
    path = lexicons_folder() / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    except OSError as error:
        raise SourceError(
            "The word table {file} cannot be read in {folder}: {reason}.",
            file=path.name,
            folder=path.parent,
            reason=error.strerror,
        ) from None
    for number, row in enumerate(rows, start=2):
        if len(row) != columns:
            raise SourceError(
                "{file}, line {line}: {needed} columns are needed, {found} found.",
                file=path.name,
                line=number,
                needed=columns,
                found=len(row),
            )
    return rows


class LexiconEntry(NamedTuple):
    """A row of the hand-made rap_phones.tsv: pronunciations of a word, its kind (slang, clitic, …) and a note."""

    ipa: tuple[str, ...]
    kind: str
    note: str


@cache
def pronunciation_lexicon() -> Mapping[str, LexiconEntry]:
    """Return the hand-made lexicon of clitics, slang, loans, acronyms …: a mapping from word to LexiconEntry."""
    rows = read_word_table("rap_phones.tsv", 4)
    return MappingProxyType({word: LexiconEntry(tuple(ipa.split("|")), kind, note) for word, ipa, kind, note in rows})


@cache
def _aspirated_stems_and_exceptions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = read_word_table("h_aspire.tsv", 3)
    return tuple((stem, tuple(exceptions.split())) for stem, exceptions, _ in rows)


@cache
def _aspirated_stems() -> tuple[str, ...]:
    return tuple(stem for stem, _ in _aspirated_stems_and_exceptions())


def has_aspirated_onset(word: str) -> bool:
    """Return whether a word that begins with a vowel sound allows no elision or liaison before it.

    >>> [w for w in ("haine", "homme", "héros", "héroïne", "onze") if has_aspirated_onset(w)]
    ['haine', 'héros', 'onze']
    """
    if not word.startswith(_aspirated_stems()):  # nearly all
        return False
    return any(
        word.startswith(stem) and not word.startswith(but or ("\0",)) for stem, but in _aspirated_stems_and_exceptions()
    )
