"""Words that show who speaks and when (data/lexicons/speaker.tsv): a tense, or the gender of whom they are said."""

from functools import cache

from pipeline.language.lexicons import read_word_table


@cache
def speaker_words() -> dict[str, str]:
    """Return word -> "now", "then" or "one day", its tense, or "m" or "f", its gender."""
    return {row[0]: row[1] for row in read_word_table("speaker.tsv", 2)}
