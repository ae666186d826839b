"""Section tags: "Couplet 1 : X & Y", "Refrain x2", "Verse 2 - X", "Hook (*2)" -> kind, number, performers, repeat.

Works on the words inside the brackets; finding the brackets is markup's work. To teach it another spelling,
add it to `_SPELLINGS`.
"""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from pipeline.corpus.song import SectionKind

LONGEST_TAG = 300  # characters between brackets; what is longer is a text, and patterns of tags never see it
MOST_REPEATS = 64  # more is a year, a number plate or a joke, not a repeat

# Folded spellings (no accents, small letters) of each kind. A post-refrain is sung like a refrain; breaks, skits
# and transitions interrupt like an interlude.
_SPELLINGS: dict[SectionKind, str] = {
    "couplet": "couplet couplets verse verset vers verso strophe stanza partie part",
    "refrain": "refrain refrains chorus hook hooks choeur choeurs refr ref post-refrain post-chorus post-hook",
    "pré-refrain": "pre-refrain pre-chorus pre-hook",
    "pont": "pont bridge passerelle",
    "intro": "intro introduction prologue ouverture",
    "outro": "outro outroduction conclusion epilogue final fin",
    "interlude": "interlude break breakdown skit transition solo dialogue scratch scratchs",
}
_WORDS = {word: kind for kind, spellings in _SPELLINGS.items() for word in spellings.split()}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}

_REPEAT = r"(?:[x×*]\s?(?P<after>\d{1,3})|(?P<before>\d{1,3})\s?(?:[x×*]|fois)|(?P<word>bis|ter|deux fois|trois fois))"
_BRACKETED_REPEAT = re.compile(rf"[(\[{{]\s{{0,3}}{_REPEAT}\s{{0,3}}[)\]}}]\s*+", re.I)
_OPEN_REPEAT = re.compile(r"\([xX×]")  # in the midst of a line
# Bare x2 to x4 alone: "J'roule en X6" and "en 4x4" are cars. Capital X is a car too, once more.
_NOT_AFTER_CAR_WORD = (
    r"(?<!\ben)(?<!\bun)(?<!\ble)(?<!\bla)(?<!\bdu)(?<!\bau)(?<!\bmon)(?<!\bton)(?<!\bson)(?<!\bbm)(?<!\bbmw)"
)
_BARE_REPEAT = re.compile(rf"(?i:{_NOT_AFTER_CAR_WORD})(?<!\s)\s++(?:x\s?(?P<after>[2-4])|×\s?(?P<sign>\d{{1,3}}))\s*$")
_LONE_REPEAT = re.compile(
    r"\s*(?:[x×*]\s?(?P<after>\d{1,2})|(?P<before>\d{1,2})\s?[x×*]|(?P<word>bis|ter))\s*+[.!]?\s*+", re.I
)
# Marks before it are read from the first of a run alone: else a search would read the run again from each of them.
_TAG_REPEAT = re.compile(
    rf"(?:(?<![\s,;:–—-])[\s,;:–—-]++)?(?:[(\[{{]\s*+)?(?<!\w){_REPEAT}(?!\w)\s*+[)\]}}]?\s*+", re.I
)

_TAG_HEAD_PATTERN = re.compile(
    r"""\s*(?:(?P<ordinal>\d{1,2})\s*(?:er|re|[eè]re|e|[eè]me|st|nd|rd|th)\s+)?
        (?P<word>(?:(?:pr[eé]|post)\s?[-–‐]?\s?)?[^\W\d_]+)
        \s*(?:n[o°]\s*|\#\s*)?(?P<number>\d{1,2}|[iv]{1,4})?(?!\w)\s*(?:unique\b)?\s*
        (?P<rest>.*)""",
    re.X | re.S | re.I,
)
_NAMES_FIRST = re.compile(r"(?P<names>.+?)\s*(?:[-–—:|/,(]|\s\.\s)\s*(?P<head>[^-–—:|/,()]+?)\s*\)?", re.S)
# "Round 1", "Morceau 3": parts of a battle or a medley, and nobody's name
_NUMBERED_PART_PATTERN = re.compile(
    r"""(?:round|morceau|titre|track|piste|chapitre|acte|sc[eè]ne|[eé]pisode|extrait|version|face|phase|manche|mouvement
        |tableau|freestyle|beat|prod|instru|son|mi-temps|phrase|passage|s[eé]quence|mix|tome|vol(?:ume)?)\s*+[.:#]?\s*+
        (?:n[o°]\s*+|\#\s*+)?(?P<number>\d{1,2}|[iv]{1,4})(?!\w).*""",
    re.X | re.S | re.I,
)
_HYPHEN = re.compile(r"\s*[-–‐]\s*|\s+")
_GLUED_PREFIX = re.compile(r"(pre|post)(?=[a-z])")
_SEPARATOR = re.compile(r"^\s*(?:[:;,–—=/|-]|par\b|by\b|\()\s*", re.I)
_NAME_SEPARATOR_PATTERN = re.compile(
    r"(?:(?<!\s)\s++)?(?:,|;|&|\+|/|\bet\b|\band\b|\bfeat\.?|\bft\.?|\bavec\b)\s*+", re.I
)
_NON_TAG_PATTERN = re.compile(
    r"""^\W*$ | ^(?:paroles?|lyrics?|produit|prod|production|instru\w*|r[eé]alis|[eé]crit|compos|textes?|musique
        |traduction|sample|samples|cuts?|inaudible|incompr[eé]hensible|censur|bip|beat|silence|rires?|applaudissements
        |sifflements?|samplé|source|clip|video|vidéo|à\ compl[eé]ter|texte\ manquant|manquant)\b""",
    re.X | re.I,
)


class Tag(NamedTuple):
    """The content of a section tag. `kind` is None if the tag names only performers, as in [Untel]."""

    kind: SectionKind | None
    number: int | None = None
    performers: tuple[str, ...] = ()
    repeat: int = 1


def fold_accents(text: str) -> str:
    """Return a text in lower case without accents, for comparing spellings."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def letters_and_digits(text: str) -> str:
    """Return the letters (lower case, without accents) and digits of a name, equal for all its spellings."""
    return "".join(filter(str.isalnum, fold_accents(text)))


@lru_cache(4096)
def section_kind_of(word: str) -> SectionKind | None:
    """Return the kind of section named by a word such as "Pré-Refrain", "HOOK" or "Cuplet"; None for other words."""
    plain = _HYPHEN.sub("-", fold_accents(word).replace("œ", "oe").strip())
    if plain in _WORDS:
        return _WORDS[plain]
    if match := _GLUED_PREFIX.match(plain):
        split = f"{match[1]}-{plain[match.end(1) :]}"
        if split in _WORDS:
            return _WORDS[split]
    close = get_close_matches(plain, _WORDS, n=1, cutoff=0.84) if len(plain) >= 5 else []
    return _WORDS[close[0]] if close else None


def repeat_count(match: re.Match[str]) -> int:
    """Return the number of repeats in a match of a repeat pattern; 0 when it is implausible."""
    groups = match.groupdict()
    number = groups.get("after") or groups.get("before") or groups.get("sign")
    if number is not None:
        return int(number) if 1 <= int(number) <= MOST_REPEATS else 0
    return 3 if groups["word"].lower() in ("ter", "trois fois") else 2


def split_repeat(text: str) -> tuple[str, int]:
    """Return (a line without its repeat mark, the number of times that it is performed).

    >>> split_repeat("On est là (x2)"), split_repeat("Ouais ×3"), split_repeat("J'roule en X6")
    (('On est là', 2), ('Ouais', 3), ("J'roule en X6", 1))
    """
    if len(text) < 8 and (match := _LONE_REPEAT.fullmatch(text)) and (times := repeat_count(match)) > 1:
        return "", times  # a line that is nothing but the mark
    for pattern, may_match in (
        (
            _BRACKETED_REPEAT,
            text.endswith((")", "]", "}")) or "[x" in text or ("(" in text and _OPEN_REPEAT.search(text)),
        ),
        (_BARE_REPEAT, text[-1:].isdigit()),
    ):
        match = pattern.search(text) if may_match else None
        if match and (times := repeat_count(match)):
            glue = " " if text[: match.start()].strip() and text[match.end() :] else ""
            return text[: match.start()].rstrip() + glue + text[match.end() :], times
    return text, 1


@lru_cache(4096)
def read_tag(inside: str) -> Tag | None:
    """Return the tag with the text `inside` its brackets. Return None if it names no section and no performer.

    >>> read_tag("Couplet 2 : Roulette & Bétadine")
    Tag(kind='couplet', number=2, performers=('Roulette', 'Bétadine'), repeat=1)
    >>> read_tag("Hook (*2)").repeat, read_tag("Paroles de « Titre »")
    (2, None)
    """
    if len(inside) > LONGEST_TAG:
        return None
    text, repeat = " ".join(inside.split()), 1
    match = _TAG_REPEAT.search(text)
    if match and (times := repeat_count(match)):
        text, repeat = (text[: match.start()] + " " + text[match.end() :]).strip(), times
    if _NON_TAG_PATTERN.match(text):
        return None
    head = _TAG_HEAD_PATTERN.fullmatch(text)
    kind = section_kind_of(head["word"]) if head else None
    if head and kind:
        return Tag(kind, _parse_number(head["ordinal"] or head["number"]), _split_performers(head["rest"]), repeat)
    if part := _NUMBERED_PART_PATTERN.fullmatch(text):
        return Tag("couplet", _parse_number(part["number"]), (), repeat)
    return _parse_names_first(text, repeat) or _parse_performers_only(text, repeat)


def _parse_number(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isdigit() else _ROMAN.get(text.lower())


def _split_performers(rest: str) -> tuple[str, ...]:
    separator = _SEPARATOR.match(rest)
    names = rest[separator.end() :] if separator else rest
    return tuple(name for part in _NAME_SEPARATOR_PATTERN.split(names) if (name := part.strip(' \t:-–—()[]"«»*_.')))


def _parse_names_first(text: str, repeat: int) -> Tag | None:
    """Return the tag of a text such as "Casey - Couplet 1", performer first; None for other texts."""
    match = _NAMES_FIRST.fullmatch(text)
    head = _TAG_HEAD_PATTERN.fullmatch(match["head"]) if match else None
    kind = section_kind_of(head["word"]) if head else None
    if not (match and head and kind) or head["rest"].strip():
        return None
    named = _parse_performers_only(match["names"], repeat)
    return named and named._replace(kind=kind, number=_parse_number(head["ordinal"] or head["number"]))


def _parse_performers_only(text: str, repeat: int) -> Tag | None:
    """Parse a tag such as "Untel" or "X & Y", a short capitalised name. Return None for a remark."""
    text = text.strip(" :")
    if len(text) > 60 or not text[:1].isalnum() or text[0].islower():
        return None
    names = _split_performers(text)
    if not names or any(len(name.split()) > 4 or "?" in name or "!" in name for name in names):
        return None
    return Tag(None, None, names, repeat)
