"""Text as scraped -> text that markup can read. Each rule has a name, a counter and examples in the report.

rule        what a rule is, and how its work is counted
characters  encodings gone wrong, invisible characters, look-alike letters
layout      line breaks that are not, and lines that are none
residue     what web pages leave around lyrics
metadata    titles, artists, dates and lists of names as scrapes write them
"""

from pipeline.corpus.account import Tally, text_size
from pipeline.corpus.cleaning import characters, layout, residue
from pipeline.corpus.cleaning.rule import Rule

# Characters first, for the rest to see one kind of space and line break. Residue stands between the two parts of
# layout: it is recognised by whole lines, and leaves blank ones behind.
RULES: tuple[Rule, ...] = (
    *characters.CLEANING_RULES,
    *layout.LINE_BREAK_RULES,
    *residue.CLEANING_RULES,
    *layout.LINE_CONTENT_RULES,
)


def clean_lyrics(text: str, tally: Tally | None = None) -> str:
    """Return the text of one song, cleaned by all rules; `tally` counts what each rule changed.

    >>> clean_lyrics("12 ContributorsLe port Lyrics[Couplet 1]\\u2028Ma s\\x9cur\\u00a0dort123Embed")
    '[Couplet 1]\\nMa sœur dort'
    """
    tally = tally or Tally()
    letters, size = set(text), text_size(text)
    for rule in RULES[len(characters.CLEANING_RULES) :] if letters <= characters.CLEAN_CHARACTERS else RULES:
        if rule.may_match(text, letters):
            cleaned = rule.apply(text, tally)
            if cleaned is not text:
                before, size = size, text_size(cleaned)
                if before != size:
                    tally.add_dropped(rule.name, rule.what, before - size)
                text, letters = cleaned, set(cleaned)
    return text.strip("\n")
