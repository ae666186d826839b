"""Text of one song -> Sections: finds the section tags, the blank lines, the ad-libs and the repeat marks.

Knows nothing of files or of dirty characters: `cleaning` has been here before; `structure` infers what no tag says.
The rules:

- a tag may stand in brackets or braces, be left unclosed, have text after it, or be written "Refrain :";
- [Untel] alone is a couplet that Untel performs; [Produit par X] and the like are no sections and leave;
- (words in parentheses) are ad-libs, kept in the text; (x2), ×3 and (bis) are repeats, taken out of it.
"""

import re

from pipeline.core.translation import mark
from pipeline.corpus.account import Tally, text_size
from pipeline.corpus.song import Line, Section
from pipeline.corpus.structure.section_drafts import SectionDraft, sections_from_drafts
from pipeline.corpus.tags import Tag, read_tag, section_kind_of, split_repeat

_TAG = re.compile(r"^\s*+[\[{]\s*+(?P<inside>[^\[\]{}]*+)[\]}](?P<after>.*)$")
_UNCLOSED = re.compile(r"^\s*[\[{]\s*(?P<inside>[^\[\]{}]{1,80})$")
_UNBRACKETED_TAG_PATTERN = re.compile(  # Refrain :   (Refrain)   Couplet 2   REFRAIN x2 :   **Refrain**
    r"""^\s*[*_]{0,2}(?P<open>\()?\s*(?P<inside>(?:\d(?:er|[eè]me|e)\s+)?(?P<word>(?:(?:pr[eé]|post)[-\s]?)?[^\W\d_]{3,14})
        \s*(?P<number>\d{1,2})?\s*(?:\(?\s*(?:[x×*]\s?\d|\d\s?[x×*]|bis)\s*\)?)?)\s*(?(open)\))\s*(?P<colon>:)?[*_]{0,2}\s*$""",
    re.X | re.I,
)
_ENCLOSED_TAG_PATTERN = re.compile(  # (COUPLET 1 : Untel)   ## Couplet 1 : Untel
    r"^\s*+(?:\((?P<inside>[^()]{3,80})\)|\#{1,6}\s+(?P<heading>[^\n]{3,80}?)[\s\#]*+)\s*+:?\s*+$"
)
_ADLIB = re.compile(r"\((?:[^()]|\([^()]*\))*\)")

# Rules, as the tally knows them
_TAG_RULE = "tag", mark("Section tags: read, and removed from the text")
_REMARK = "tag-remark", mark("A remark in brackets that is not a section")
_LINE_REPEAT_RULE = "repeat-line", mark("A repeat mark after a line: the line counts that many times as performed")
_SECTION_REPEAT_RULE = "repeat-section", mark("A repeat mark on its own line: repeats the stanza before it")

# and so no bare tag
_AMBIGUOUS_TAG_WORDS = frozenset(["pont", "fin", "vers", "final", "partie", "part", "solo", "dialogue", "ref"])


def parse_sections(text: str, tally: Tally | None = None) -> tuple[Section, ...]:
    """Return the sections of a song's text in order. A text without a line has no section.

    >>> parse_sections("[Refrain x2]\\nOn est là (là)\\n\\n[Couplet 1 : X & Y]\\nDoucement (bis)\\n[Refrain]")[0]
    Section(kind='refrain', lines=(Line(text='On est là (là)', adlibs=((10, 14),), repeat=1),), \
number=None, performers=(), repeat=2, language='fr', inferred=False, certainty=1.0)
    """
    tally = tally or Tally()
    return tuple(sections_from_drafts(read_section_drafts(text, tally), tally))


def read_section_drafts(text: str, tally: Tally) -> list[SectionDraft]:
    """Return the lines of a song's text, grouped by the tag above them. The first group precedes any tag."""
    drafts = [SectionDraft(Tag(None))]
    for line in text.splitlines():
        if not line.strip():
            _add_stanza_break(drafts[-1])
            continue
        tag_and_rest = _find_tag(line, tally)
        if tag_and_rest is None:
            _add_line_to_draft(drafts[-1], line, tally)
            continue
        tag, after = tag_and_rest
        tally.add_dropped(*(_REMARK if tag is None else _TAG_RULE), text_size(line) - text_size(after))
        if tag is not None:
            drafts.append(SectionDraft(tag, repeat=tag.repeat))
            tally.count_edit(*_TAG_RULE, characters=len(line) - len(after), before=line, after=after.strip())
        if after.strip():
            _add_line_to_draft(drafts[-1], after, tally)
    return drafts


def read_line(text: str) -> Line:
    """Return a line with the positions of its ad-libs and its repeat mark, such as (x2).

    >>> read_line("J'arrive (skrrt)").adlibs, read_line("Ouais (x2)")
    (((9, 16),), Line(text='Ouais', adlibs=(), repeat=2))
    """
    text, repeat = split_repeat(text.strip())
    if "(" not in text:
        return Line(text, (), repeat)
    return Line(text, tuple(match.span() for match in _ADLIB.finditer(text)), repeat)


def _find_tag(line: str, tally: Tally) -> tuple[Tag | None, str] | None:
    """Return (tag, text after it) of a line that begins with a tag; None for lyrics. The tag of a remark is None."""
    start = line.lstrip()[:1]
    if start in ("[", "{"):
        return _read_bracketed_tag(line, tally)
    spelled = _UNBRACKETED_TAG_PATTERN.match(line) if len(line) < 40 else None
    tag = read_tag(spelled["inside"]) if spelled and _is_section_tag_word(spelled) else _read_enclosed_tag(line, start)
    if tag is None:
        return None
    tally.count_edit("tag-spelled", mark("A tag without brackets, such as Refrain :"), before=line)
    return tag, ""


def _read_enclosed_tag(line: str, start: str) -> Tag | None:
    """Return the section tag in a parenthesised line with a performer, or in a Markdown heading; None for lyrics."""
    match = _ENCLOSED_TAG_PATTERN.match(line) if start in ("(", "#") else None
    if match is None:
        return None
    inside = match["inside"] or match["heading"]
    tag = read_tag(inside)
    named = re.split(r"\s*[:–—-]\s+|\s*:", inside.strip(), maxsplit=1)[1:]
    if tag is None or tag.kind is None or (start == "(" and not (named and named[0][:1].isupper())):
        return None
    return tag


def _read_bracketed_tag(line: str, tally: Tally) -> tuple[Tag | None, str] | None:
    """Return (tag, text after it) of a line that begins with a bracket; None for a line of lyrics."""
    match = _TAG.match(line)
    if match is None:
        match = _UNCLOSED.match(line)
        if match is None or (tag := read_tag(match["inside"])) is None or tag.kind is None:
            return None
        tally.count_edit("tag-unclosed", mark("A tag whose bracket is not closed"), before=line)
        return tag, ""
    tag, after = read_tag(match["inside"]), match["after"]
    if tag is None and match["inside"].strip() and split_repeat(line.strip())[1] > 1:
        return None  # [x2] alone: a repeat mark, not a tag
    if tag is None:
        tally.count_edit(*_REMARK, before=line, after=after.strip())
    elif (rest := split_repeat(" " + after))[1] > 1 and not rest[0].strip():
        return tag._replace(repeat=rest[1]), ""  # [Refrain]x2
    elif after.strip(" :"):
        tally.count_edit(
            "tag-with-text", mark("A tag with lyrics after it on the same line"), before=line, after=after.strip()
        )
    if tag is not None and tag.kind is None:
        tally.count_edit("tag-performer", mark("A tag with only a performer: read as a verse by them"), before=line)
    return tag, "" if not after.strip(" :") else after


def _is_section_tag_word(spelled: re.Match[str]) -> bool:
    kind = section_kind_of(spelled["word"])
    marked = spelled["open"] or spelled["colon"] or spelled["number"]
    return kind is not None and bool(marked or spelled["word"].lower() not in _AMBIGUOUS_TAG_WORDS)


def _add_line_to_draft(draft: SectionDraft, written: str, tally: Tally) -> None:
    """Add a line, or apply a repeat mark on a line of its own, to the section draft."""
    line = read_line(written)
    if line.text:
        draft.lines.append(line)
        if line.repeat > 1:
            tally.count_edit(*_LINE_REPEAT_RULE, before=written, after=line.text)
            tally.add_dropped(*_LINE_REPEAT_RULE, text_size(written) - text_size(line.text))
        return
    if line.repeat > 1 and draft.lines:  # (x2) on a line of its own
        draft.again[len(draft.lines)] = line.repeat
        tally.count_edit(*_SECTION_REPEAT_RULE, before=written)
    elif line.repeat > 1:  # under its tag: an empty refrain is performed that often
        draft.repeat = line.repeat
    tally.add_dropped(*_SECTION_REPEAT_RULE, text_size(written))


def _add_stanza_break(draft: SectionDraft) -> None:
    """Note that a blank line follows the last line of the section draft."""
    at = len(draft.lines)
    if at and (not draft.breaks or draft.breaks[-1] < at):
        draft.breaks.append(at)
