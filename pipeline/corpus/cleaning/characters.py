"""Characters that are not what they look like. Works on any text; knows nothing of lyrics.

What is in `CLEAN_CHARACTERS` needs none of these rules, so that one look spares most texts all of them.
"""

import re
import unicodedata

from ftfy import fix_encoding

from pipeline.corpus.cleaning.rule import Rule

_WESTERN = "ÀÁÂÄÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜŒŸàáâäæçèéêëìíîïñòóôöùúûüœÿ«»…—–°€£·•"
CLEAN_CHARACTERS = frozenset(map(chr, range(32, 127))) - {"`"} | frozenset("\n" + _WESTERN) - frozenset("ÃÅ")

_CYRILLIC = "АВЕЅІЈКМНОРСТХУаеѕіјорсухкмтвнԁԛԝ"
_LATIN = "ABESIJKMHOPCTXYaesijopcyxkmtbhdqw"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναικ"
_LATIN_OF_GREEK = "ABEZHIKMNOPTYXovaik"
_LOOK_ALIKE = str.maketrans(_CYRILLIC + _GREEK, _LATIN + _LATIN_OF_GREEK)
_LOOK_ALIKE_PATTERN = f"[{_CYRILLIC}{_GREEK}]"
_LETTER = r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]"


CLEANING_RULES = (
    Rule(
        "double-encoding",
        "UTF-8 read as cp1252: Ã© for é",
        re.compile(r"^.*[ÃÂâÅ].*$", re.M),
        lambda match: fix_encoding(match[0]),
        needs="ÃÂâÅ",
    ),
    Rule("line-ends", "Windows and old Mac line ends", re.compile(r"\r\n?"), "\n", needs="\r"),
    Rule(
        "hidden-line-breaks",
        "U+0085, U+2028 and other line breaks",
        re.compile(r"[\x85\u2028\u2029\v\f]"),
        "\n",
        lone=True,
    ),
    Rule(
        "c1-residue",
        "Bytes of cp1252 left as control characters: c\\x9cur",
        re.compile(r"[\x80-\x9f]"),
        lambda match: match[0].encode("latin-1").decode("cp1252", "replace"),
        lone=True,
    ),
    Rule(
        "invisible",
        "Byte-order marks, zero-width characters and soft hyphens",
        re.compile(r"[\ufeff\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u206f\u180e\ufe00-\ufe0f]+"),
        "",
        lone=True,
    ),
    Rule(
        "controls",
        "Control characters and unpaired surrogates",
        re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]+"),
        "",
        lone=True,
    ),
    Rule(
        "odd-spaces",
        "No-break, thin and other special spaces, and tabs",
        re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"),
        " ",
        lone=True,
    ),
    Rule(
        "loose-accents",
        "Accents stored separately from their letter (NFD)",
        re.compile(r"[^\W\d_][\u0300-\u036f]+"),
        lambda match: unicodedata.normalize("NFC", match[0]),
        needs="".join(map(chr, range(0x300, 0x370))),
    ),
    Rule(
        "styled-letters",
        "Mathematical, full-width and ligature letters",
        re.compile(r"[\U0001d400-\U0001d7ff\uff01-\uff5e\ufb00-\ufb06]+"),
        lambda match: unicodedata.normalize("NFKC", match[0]),
        lone=True,
    ),
    Rule(
        "look-alikes",
        "Cyrillic and Greek letters that look like Latin ones",
        re.compile(
            rf"(?<![^\W\d_])(?={_LETTER}*{_LOOK_ALIKE_PATTERN})(?=(?:{_LOOK_ALIKE_PATTERN}|'|’){{0,60}}{_LETTER})(?:{_LETTER}|{_LOOK_ALIKE_PATTERN})+(?![^\W\d_])"
            rf"|(?<=(?:{_LETTER}|{_LOOK_ALIKE_PATTERN}) ){_LOOK_ALIKE_PATTERN}(?= {_LETTER})"
        ),
        lambda match: match[0].translate(_LOOK_ALIKE),
        needs=_CYRILLIC + _GREEK,
    ),
    Rule(
        "lost-ligature",
        "An œ lost to U+FFFD, in the few words that have one",
        re.compile(r"\b(?:(?:[csm]|ch)\ufffdurs?|n\ufffduds?|b\ufffdufs?|v\ufffdux?)\b", re.I),
        lambda match: match[0].replace("\ufffd", "œ"),
        needs="\ufffd",
    ),
    Rule(
        "lost-apostrophe",
        "An apostrophe lost to U+FFFD",
        re.compile(r"\b(j|(?:jus|lors|puis|quoi)?qu|[ldcnmtsy](?=\ufffd[aeiouyhéèêàâœ]))\ufffd(?=[^\W\d_])", re.I),
        r"\1'",
        needs="\ufffd",
    ),
    Rule(
        "lost-letter",
        "A letter lost to U+FFFD: shown as *, as if censored",
        re.compile(r"(?<!\ufffd)(?:(?<=\w)\ufffd++|\ufffd++(?=\w))"),
        "*",
        needs="\ufffd",
    ),
    Rule("lost-character", "A character lost to U+FFFD, not in a word", re.compile(r"\ufffd+"), "", needs="\ufffd"),
    Rule(
        "apostrophes",
        "Typographic and mistyped apostrophes",
        re.compile(r"[’‘ʼ′＇ʹ‛ʻ´`](?:(?<![´`])|(?<=\w[´`])(?=\w))"),
        "'",
        needs="’‘ʼ′＇ʹ‛ʻ´`",
    ),
)
