"""The words that clean language does without (data/lexicons/coarse.tsv)."""

from collections.abc import Iterable
from functools import cache

from pipeline.generation.constraints import Phrase
from pipeline.language.lexicons import read_word_table


@cache
def coarse_words() -> frozenset[str]:
    """Return them as lower-case tokens, inflected forms included. Raises SourceError without the table."""
    return frozenset(word for word, _ in read_word_table("coarse.tsv", 2))


def unwanted_tokens(avoid: Iterable[Phrase], *, clean: bool) -> frozenset[str]:
    """Return the tokens to keep out: those of `avoid` that are one word, and the coarse ones if `clean`."""
    return frozenset(phrase[0] for phrase in avoid if len(phrase) == 1) | (coarse_words() if clean else frozenset())
