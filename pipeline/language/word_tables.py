"""The hand-made tables under data/lexicons, as rows of text."""

import csv

from pipeline.core.errors import SourceError
from pipeline.core.paths import lexicons_folder


def read_word_table(name: str, columns: int) -> list[list[str]]:
    """Return the rows below the header of a tab-separated table. Raises SourceError if missing or ragged."""
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
