"""The words that clean language does without (data/lexicons/coarse.tsv)."""

from collections.abc import Iterable
from functools import cache

from pipeline.errors import SourceError
from pipeline.generation.constraints import Phrase
from pipeline.paths import lexicons_folder


@cache
def coarse_words() -> frozenset[str]:
    """Return them as lower-case tokens, inflected forms included. Raises SourceError without the table."""
    path = lexicons_folder() / "coarse.tsv"
    try:
        rows = path.read_text("utf-8").splitlines()[1:]
    except OSError as error:
        raise SourceError(
            "word-table-not-readable",
            "The word table {file} cannot be read in {folder}: {reason}.",
            file=path.name,
            folder=path.parent,
            reason=error.strerror,
        ) from None
    return frozenset(row.split("\t")[0] for row in rows)


def unwanted(avoid: Iterable[Phrase], *, clean: bool) -> frozenset[str]:
    """Return the tokens to keep out: those of `avoid` that are one word, and the coarse ones if `clean`."""
    return frozenset(phrase[0] for phrase in avoid if len(phrase) == 1) | (coarse_words() if clean else frozenset())
