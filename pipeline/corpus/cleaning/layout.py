"""Cleaning rules for lost line breaks and for lines that are no lyrics. `LINE_BREAK_RULES` come before the rules of
`residue`, `LINE_CONTENT_RULES` after them.

Patterns begin with the character that they look for, and look behind it afterwards: Python finds that one quickly.
"""

import html
import re
from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.corpus.cleaning.rule import Rule
from pipeline.corpus.tags import read_tag, section_kind_of

MIN_ONE_LINE_SONG_CHARACTERS = 160  # characters in a line from which a song without line breaks is one
_LINE_END_LINK_PATTERN = re.compile(r"[:&,–-][^\S\n]*+\n")
_GAP = re.compile(r"\n(?<=\S\n)\n*(?=\S)")
_FEWEST_GAPS = 8  # that are double-spaced, more than others speak against it
_NARROW_GAP_PENALTY = 5  # wide gaps for which one that is not wide makes up
_ENDING = 3  # gaps in a row, about, that are not wide end a double-spaced run
_SEPARATORS = (
    re.compile(r"(?<!\s)\s++[/|]++\s++"),
    re.compile(r"(?<=[a-zà-ÿ,!?.…)])(?=[A-ZÀ-Ý])"),
    re.compile(r"(?<!\s)\s++(?=[A-ZÀ-Ý](?:[a-zà-ÿ]|'))"),
)
_SUNG_WORDS = 4
_LONGEST_LINE = 100  # words: what has more is spoken, and neither a line of a ranking nor a part of a segment
_MAX_SPLIT_WORDS = 40  # words of the lines that it is cut into, at most
_GOES_ON = frozenset(
    ("et", "ou", "mais", "car", "donc", "puis", "alors", "que", "qui", "quand", "parce", "comme", "si", "pour")
)
_REMARK = re.compile(
    r"(?:paroles?|lyrics|produi|prod|instru|réalis|[ée]crit|compos|texte|musique|traduction"
    r"|sample|scratch|cuts?|extrait|dialogue|voix|bruit|son\b|inaudible|incompr|censur|silence|rires?"
    r"|applaudi|source|clip|vid[ée]o|à |partie|fin\b|feat|avec\b|note)",
    re.I,
)
_NAME = r"[A-ZÀ-Ý0-9][\w.'-]{1,25}"
_WHOLE_TEXT_PATTERN = re.compile(r"\A.+\Z", re.S)
_TAG_HEAD = re.compile(r"[\[{]\s*((?:\d\w*\s+)?(?:(?:pr[ée]|post)[-\s]?)?[^\W\d_]+)", re.I)


def _join_broken_tag(match: re.Match[str]) -> str:
    """Return on one line a section tag that a link broke into several lines."""
    inside = " ".join(match[1].split())
    tag = read_tag(inside)
    broken_by_link = match[1].rstrip(" ").endswith("\n") or _LINE_END_LINK_PATTERN.search(match[1])
    return f"[{inside}]" if broken_by_link and tag is not None and len(inside) <= 100 else match[0]


def _remove_double_spacing(match: re.Match[str]) -> str:
    """Return a text with its double-spaced passages made single-spaced."""
    gaps = list(_GAP.finditer(match[0]))
    wide = [len(gap[0]) > 1 for gap in gaps]
    pieces, at = list[str](), 0
    for first, stop in _double_spaced_runs(wide):
        # a blank line towards a dense stanza ends a stanza
        before, after = (
            len(part) == 2 and not any(part) for part in (wide[max(first - 2, 0) : first], wide[stop:][:2])
        )
        for gap in gaps[first + before : stop - after]:
            if len(gap[0]) > 1:
                pieces += [match[0][at : gap.start()], "\n\n" if len(gap[0]) > 2 else "\n"]
                at = gap.end()
    return "".join([*pieces, match[0][at:]])


def _double_spaced_runs(wide: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (first, stop) of each run of gaps between lines, most of them `wide`: a wide gap holds a blank line."""
    best, total, start, stop = 0, 0, 0, 0
    for at, is_wide in enumerate([*wide, *[False] * _ENDING]):
        total += 1 if is_wide else -_NARROW_GAP_PENALTY
        if total > best:
            best, stop = total, at + 1
        elif total <= 0 or total <= best - _ENDING * _NARROW_GAP_PENALTY:
            if best >= _FEWEST_GAPS:
                yield start, stop
            best, total, start = 0, 0, at + 1


def _split_lines(match: re.Match[str]) -> str:
    """Return a song written on one line, split into lines at slashes or bars, at glued capitals, or at capitals."""
    text = match[0].strip()
    if "\n" in text or len(text) < MIN_ONE_LINE_SONG_CHARACTERS:
        return match[0]
    for separator in _SEPARATORS:
        lines = separator.split(text)
        if len(lines) >= 4 and 3 <= median(len(line.split()) for line in lines) <= 16:
            return "\n".join(lines)
    return match[0]


def _split_long_line(match: re.Match[str]) -> str:
    """Return a line of over `_LONGEST_LINE` words split at pauses into lines of at most `_MAX_SPLIT_WORDS`."""
    words = match[0].split(" ")
    if len(words) <= _LONGEST_LINE:
        return match[0]
    lines = list[str]()
    while len(words) > _MAX_SPLIT_WORDS:
        cut = max(
            range(_MAX_SPLIT_WORDS // 4, _MAX_SPLIT_WORDS + 1),
            key=lambda at: (_pause_strength(words[:at], words[at]), at),
        )
        lines.append(" ".join(words[:cut]))
        words = words[cut:]
    return "\n".join([*lines, " ".join(words)])


def _pause_strength(before: Sequence[str], after: str) -> int:
    """Return the strength of the pause between two words: 4 after a sentence, 0 for none, -1 within parentheses.

    >>> [_pause_strength([word], "mot") for word in ("fin.", "fin ?»", "fin;", "fin,", "fin", "»", "(fin.", "(fin.)")]
    [4, 4, 3, 2, 0, 0, -1, 4]
    >>> _pause_strength(["fin"], "Et"), _pause_strength(["(fin", "mot)"], "et"), _pause_strength(["(fin", "mot"], "et")
    (1, 1, -1)
    """
    if sum(word.count("(") - word.count(")") for word in before) > 0:
        return -1
    end = before[-1].rstrip('"»)')[-1:]
    if end and end in ".!?…":
        return 4
    return 3 if end and end in ";:" else 2 if end == "," else int(after.lower() in _GOES_ON)


def _break_around_tag(match: re.Match[str]) -> str:
    """Return a section tag found within a line with a line break before and after it."""
    head = _TAG_HEAD.match(match["tag"])
    return f"\n{match['tag']}\n" if head and section_kind_of(head[1]) else match[0]


LINE_BREAK_RULES = (
    Rule("html-break", "HTML line breaks", re.compile(r"<br\s*/?>\n?|</(?:p|div|li|tr)>", re.I), "\n", needs="<"),
    Rule(
        "html-tag",
        "HTML tags",
        re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,300})?/?>|<!--.{0,500}?-->", re.I | re.S),
        "",
        needs="<",
    ),
    Rule(
        "html-entity",
        "HTML entities: &eacute; for é",
        re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});", re.I),
        lambda match: html.unescape(match[0]).replace("\u00a0", " ").replace("’", "'"),
        needs="&",
    ),
    Rule(
        "break-mark",
        "*BREAK* written for a line break",
        re.compile(r"(?<![ \t])[ \t]*+\*BREAK\*[ \t]*+\n?"),
        "\n",
        needs=("*BREAK*",),
    ),
    Rule("escaped-break", "\\n written for a line break", re.compile(r"(?:\\r)?\\n"), "\n", needs=("\\n",)),
    Rule(
        "indentation", "Spaces before and after lines", re.compile(r"^ ++|(?<! ) ++$", re.M), "", needs=("\n ", " \n")
    ),
    Rule("wide-spaces", "Several spaces in a row", re.compile(r"(?<=\S) {2,}(?=\S)"), " ", needs=("  ",)),
    Rule(
        "tag-broken",
        "A section tag broken over lines at a link",
        re.compile(r"\[(?<=^\[)((?:[^\[\]\n]{0,60}\n){1,4}[^\[\]\n]{0,60})\]", re.M),
        _join_broken_tag,
        needs="[",
    ),
    Rule(
        "parenthesis-broken",
        "Parentheses broken over lines at a link",
        re.compile(r"\( *\n+ *(?=[^()\n]{1,80}\n*\))|(?<=[^\n(])\n+ *(?=\)(?: |$|[,.!?]))", re.M),
        lambda match: "(" if "(" in match[0] else "",
        needs=("(\n", "\n)"),
    ),
)


def _unbracket_lyrics(match: re.Match[str]) -> str:
    """Return a bracketed line without its brackets if it is lyrics: mostly lower-case words, no section or remark."""
    inside = match["inside"].strip()
    words = inside.split()
    small = sum(word[0].islower() for word in words)
    tag = read_tag(inside)
    if len(words) < _SUNG_WORDS or 2 * small < len(words) or _REMARK.match(inside) or (tag and tag.kind):
        return match[0]
    return inside


def _speaker_to_tag(match: re.Match[str]) -> str:
    """Return a speaker's name on its own line as the performer of the tag above it, or as a tag of its own."""
    if section_kind_of(match["name"].split()[0]):
        return match[0]  # Refrain :
    return f"{match['tag']} : {match['name']}]\n" if match["tag"] else f"[{match['name']}]\n"


LINE_CONTENT_RULES = (
    Rule(
        "bracketed-lyrics",
        "Lyrics in brackets: the brackets are removed",
        re.compile(r"\[(?<=^\[)(?P<inside>[^\[\]\n]{12,300})\][ ]*+$", re.M),
        _unbracket_lyrics,
        needs="[",
    ),
    Rule(
        "speaker",
        "A speaker's name on its own line, Untel :, read as performer",
        re.compile(
            r"(?:^(?P<tag>\[[^\[\]\n:]{1,60})\]\n|(?<=\n\n)|\A)"
            rf"(?P<name>{_NAME}(?: (?:&|et|{_NAME})){{0,3}}) ?:\n(?=[^\n\[])",
            re.M,
        ),
        _speaker_to_tag,
        needs=(":\n",),
    ),
    Rule(
        "tag-amid-line",
        "A section tag within a line: moved to its own line",
        re.compile(r"(?P<tag>\[(?<=[^\n\[{(]\[)[^\[\]\n]{3,60}\]) *"),
        _break_around_tag,
        needs="[",
    ),
    Rule(
        "double-spaced", "A blank line after every line", _WHOLE_TEXT_PATTERN, _remove_double_spacing, needs=("\n\n",)
    ),
    Rule(
        "one-line-song", "A whole song on one line: split where lines seem to begin", _WHOLE_TEXT_PATTERN, _split_lines
    ),
    Rule(
        "long-line",
        "Lines of more than 100 words, mostly spoken: split at pauses",
        re.compile(r"^[^\n\[]{200,}+$", re.M),
        _split_long_line,
    ),
    Rule("blank-lines", "Several blank lines in a row", re.compile(r"\n{3,}"), "\n\n", needs=("\n\n\n",)),
)
