"""What a cleaning rule is: a name, a sentence for the report, a pattern and what stands in the place of a match."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.corpus.account import Tally

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True, eq=False)
class Rule:
    """A cleaning rule: each match of `pattern` is replaced by `replace`, a template or a function of the match.

    A match that `replace` leaves unchanged counts only if `marks`. For speed, `needs` holds characters or words of
    which a text must have one to match at all, `hint` is a fast pattern that it must contain, and `lone` means that
    matches are single characters whatever their context."""

    name: str
    what: str
    pattern: re.Pattern[str]
    replace: Replacement
    needs: Sequence[str] = field(default=(), repr=False)
    hint: re.Pattern[str] | None = field(default=None, repr=False)
    lone: bool = False
    marks: bool = False

    def may_match(self, text: str, letters: AbstractSet[str]) -> bool:
        """Quickly test whether `text` can contain a match. `letters` is the set of its characters."""
        if self.lone:
            return self.pattern.search("".join(letters)) is not None
        if self.hint:
            return self.hint.search(text) is not None
        characters, words = self._needed_characters_and_words
        return not self.needs or not characters.isdisjoint(letters) or any(word in text for word in words)

    @cached_property
    def _needed_characters_and_words(self) -> tuple[frozenset[str], tuple[str, ...]]:
        one = frozenset(need for need in self.needs if len(need) == 1)
        return one, tuple(need for need in self.needs if len(need) > 1)

    def apply(self, text: str, tally: Tally) -> str:
        """Return `text` with the rule applied; its matches are counted in `tally`."""
        if isinstance(self.replace, str) and len(self.replace) == 1 and self.replace != "\n":
            return self._replace_one_character(text, self.replace, tally)
        if self.pattern.search(text) is None:
            return text
        example: tuple[re.Match[str], str] | None = None
        last_line_end, lines, characters = -1, 0, 0
        pieces, at = [], 0
        for match in self.pattern.finditer(text):
            new = self.replace(match) if callable(self.replace) else match.expand(self.replace)
            if new == match[0] and not self.marks:
                continue
            pieces += [text[at : match.start()], new]
            at = match.end()
            characters += len(match[0])
            if match.start() > last_line_end:  # a line counts once, however many matches it holds
                lines += 1 + match[0].strip("\n").count("\n")
                last_line_end = _line_end_offset(text, match.start())
            example = example or (match, new)
        if example is None:
            return text
        cleaned = "".join([*pieces, text[at:]])
        before, after = _example_context(text, *example)
        tally.count_edit(self.name, self.what, lines=lines, characters=characters, before=before, after=after)
        return cleaned

    def _replace_one_character(self, text: str, replace: str, tally: Tally) -> str:
        """Apply a rule that replaces one character, such as an apostrophe, and return the text. This is fast."""
        cleaned, matches = self.pattern.subn(replace, text)
        if not matches:
            return text
        pairs = [pair for pair in zip(text.split("\n"), cleaned.split("\n"), strict=False) if pair[0] != pair[1]]
        before, after = map(_escape_unprintable, pairs[0]) if pairs else ("", "")
        tally.count_edit(self.name, self.what, lines=len(pairs), characters=matches, before=before, after=after)
        return cleaned


def _line_end_offset(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _example_context(text: str, match: re.Match[str], new: str) -> tuple[str, str]:
    """Return the text around a match before and after replacement, 60 characters on each side."""
    start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 60)
    stop = min(_line_end_offset(text, match.end()), match.end() + 60)
    before = text[start : match.start()], text[match.end() : stop]
    return _escape_unprintable(before[0] + match[0][:200] + before[1]), _escape_unprintable(
        before[0] + new[:200] + before[1]
    )


def _escape_unprintable(text: str) -> str:
    """Return a text with unprintable characters written as escapes, such as \\u200b."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
