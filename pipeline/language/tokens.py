"""The one French rap tokenizer: statistics, training and generation all cut text here.

Knows nothing of corpora or vocabularies. `blank_adlibs` takes out beforehand what is not rapped. Tokens are lower
case; punctuation is dropped. The rules:

- elided clitics are words of their own and keep their apostrophe: j' suis, qu' t' aimes, d' la;
- pronouns joined by a hyphen keep it: dis -le -moi, a -t-il;
- everything else stays whole: peut-être, p'tit, aujourd'hui, p*tain, 6h30, 10 000, clim', M.C. (mc);
- a star that closes a word points at a note and is dropped: ouais*, but p*, put***.

>>> tokenise("J’suis dans l’game, dis-le-moi (skrrt)")
["j'", 'suis', 'dans', "l'", 'game', 'dis', '-le', '-moi', 'skrrt']
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

# Typographic and mistyped apostrophes, folded before anything else; each is one character, so offsets hold.
APOSTROPHES = "’‘ʼ´`′＇ʹ‛"

_ELIDED_WORDS = ("jusqu", "lorsqu", "puisqu", "quoiqu", "qu", *"jtldmnscyçq")
_ELIDED_SET = frozenset(_ELIDED_WORDS)
_ELISIONS = rf"(?:{'|'.join(_ELIDED_WORDS)})'"
_PRONOUNS = r"(?:je|tu|ils?|elles?|on|nous|vous|ce|les?|la|lui|leur|moi|toi|y|en)(?![\w'])"
_QUE = r"qu?'(?=\w|$)"  # after a hyphen: est-ce-qu'il
# A pronoun ends its word, or other pronouns or a que follow: dis-le-moi, but cessez-le-feu is one word.
_HYPHEN_PRONOUN_PATTERN = rf"-(?:t-(?:ils?|elles?|on)(?!\w)|[tmlcj]'(?=\w)|{_PRONOUNS}(?!-(?!{_PRONOUNS}|{_QUE})))"
_WORD_PART = r"\w[\w*]*(?:'\w[\w*]*)*"  # p'tit, p*tain
_UNSPLIT_WORD_PATTERN = (  # words whose apostrophe or hyphen would otherwise be taken for a clitic's
    r"aujourd'hui|quelqu'une?s?|quelques-une?s|presqu'[îi]les?|prud'hom\w+|rock'n'roll"
    r"|rendez-vous|garde-à-vous|qu'en-dira-t-on|on-dit|arc-en-ciel|je-m'en-fou\w+|m'as-tu-vu"
    # apocopes that begin like a clitic: c'te (cette), d'puis (depuis), s'ra (sera), m'sieur
    r"|c't'|c'tt?e|s'te|s't|t'façons?|m'mans?|m'sieurs?|m'dames?|c'lui|c'pendant"
    r"|d'puis|d'vant|d'dans|d'ss[ou]u?s|d'hors|d'mi(?:es?|s)?|d'jà"
    r"|d'mand(?:e[srz]?|ent|ais|ait|ée?s?)|d'v(?:enir|enue?s?|iens|ient|oir|ais|ait|rais?|rait|ra|ez)"
    r"|s'r(?:a|ai|ais|ait|aient|as|ont|ez)|s'cond(?:e|es|s)?|s'maines?|t'n(?:ait|ais|ir|ez|ue?s?)"
    r"|'tain|'vec|'ttends?|'fin|'lut|'lors"
    r"|parc'(?=qu?')"  # parc'qu'on is parce qu'on
)
_UNSPLIT_WORD_PATTERN = rf"(?:{_UNSPLIT_WORD_PATTERN})(?:(?!\w)|(?<=parc')(?=q))"
_TOKEN_PATTERN = rf"""
    \d+(?:\ue000\d{{3}})*(?:[.,]\d+)?\ue000?[%€$]     # 20 %, 10 000 € (the spaces are marked beforehand)
  | \d{{1,3}}(?:\ue000\d{{3}})+(?!\w)               # 10 000
  | \d+[.,]\d+(?!\w)                             # 1.5
  | (?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![\w']))?   # M.C., R.A.P
  | (?<![\w']){_UNSPLIT_WORD_PATTERN}
  | {_HYPHEN_PRONOUN_PATTERN}
  | (?<!\w){_ELISIONS}(?=\w|$)
  | {_WORD_PART}(?:(?!{_HYPHEN_PRONOUN_PATTERN}|-{_QUE})-{_WORD_PART})*(?:'(?!\w))?  # peut-être, clim'
"""

_TOKEN, _WHOLE_WORD = re.compile(_TOKEN_PATTERN, re.VERBOSE), re.compile(_UNSPLIT_WORD_PATTERN)
_NUMBER_SPACE_PATTERN = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d)|[%€$])")
NUMBER_UNIT_SYMBOLS = "%€$"  # said after a number
_PAUSES = frozenset(",.;:!?…—–»")
_CLOSING = ",.;:!?…»)"
_DIGIT = re.compile(r"\d")
_DOTTED_ACRONYM_PATTERN = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_FOOTNOTE = re.compile(r"[^\W\d_*]{3,}\*")  # a closing star; p*, put*** and p*tain are censored
_CLITICS = frozenset((*(f"{word}'" for word in _ELIDED_WORDS), *(f"-{letter}'" for letter in "tmlcj")))


class Span(NamedTuple):
    """A token and its character offsets in the text as written: `text[start:stop]`."""

    token: str
    start: int
    stop: int


def _split_chunk(chunk: str) -> list[tuple[int, int]]:
    """Return the (start, stop) of the tokens in a chunk without spaces."""
    plain = chunk.rstrip(_CLOSING)
    if plain.isalpha():
        return [(0, len(plain))]
    head, _, tail = plain.partition("'")
    if head in _ELIDED_SET and tail.isalpha() and not _WHOLE_WORD.match(plain):
        return [(0, len(head) + 1), (len(head) + 1, len(plain))]
    return [match.span() for match in _TOKEN.finditer(chunk)]


class _SpanCache(dict[str, tuple[Span, ...]]):
    """A cache from a chunk without spaces to its token spans, filled on first access: most chunks recur."""

    LIMIT = 1 << 18

    def __missing__(self, chunk: str) -> tuple[Span, ...]:
        if len(self) >= self.LIMIT:
            self.clear()
        spans = []
        for start, stop in _split_chunk(chunk):
            token = (
                chunk[start:stop].rstrip(NUMBER_UNIT_SYMBOLS).rstrip("\ue000").replace("\ue000", " ")
                or chunk[start:stop]
            )
            if token[-1] == "*" and _FOOTNOTE.fullmatch(token):
                token, stop = token[:-1], stop - 1
            elif "." in token and _DOTTED_ACRONYM_PATTERN.fullmatch(token):
                token = token.replace(".", "")
            spans.append(Span(token, start, stop))
        self[chunk] = result = tuple(spans)
        return result


class _TokenCache(dict[str, tuple[str, ...]]):
    """A cache from a chunk without spaces to its tokens, filled on first access."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= _SpanCache.LIMIT:
            self.clear()
        plain = chunk.rstrip(_CLOSING)  # most chunks are a word, and need no spans
        self[chunk] = result = (plain,) if plain.isalpha() else tuple([span.token for span in _SPAN_CACHE[chunk]])
        return result


class _PausePositionCache(dict[str, tuple[int, tuple[int, ...]]]):
    """A cache from a chunk without spaces to (number of tokens, which gaps around its tokens hold a pause mark)."""

    def __missing__(self, chunk: str) -> tuple[int, tuple[int, ...]]:
        if len(self) >= _SpanCache.LIMIT:
            self.clear()
        spans = _SPAN_CACHE[chunk]
        borders = [0, *(place for span in spans for place in span[1:]), len(chunk)]
        gaps = [chunk[start:stop] for start, stop in zip(borders[::2], borders[1::2], strict=True)]
        self[chunk] = len(spans), tuple([at for at, gap in enumerate(gaps) if not _PAUSES.isdisjoint(gap)])
        return self[chunk]


_SPAN_CACHE = _SpanCache()
_PAUSE_CACHE = _PausePositionCache()
_TOKEN_CACHE = _TokenCache()


def fold_case(text: str) -> str:
    """Return a text in lower case with one kind of apostrophe, of the same length so that offsets stay valid.

    >>> fold_case("L’HOMME")
    "l'homme"
    """
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals such as İ lower to two characters
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for mark in APOSTROPHES:  # faster than a pattern: most are in no line
        if mark in lower:
            lower = lower.replace(mark, "'")
    return lower


def _fold_and_mark_numbers(text: str) -> str:
    folded = fold_case(text)
    return _NUMBER_SPACE_PATTERN.sub("\ue000", folded) if _DIGIT.search(folded) else folded


def tokenise(text: str) -> list[str]:
    """Return the tokens of a text in order, in lower case, punctuation excluded.

    >>> tokenise("A-t-il vu c'qu'il a fait ?")
    ['a', '-t-il', 'vu', "c'", "qu'", 'il', 'a', 'fait']
    """
    return [*chain.from_iterable(map(_TOKEN_CACHE.__getitem__, _fold_and_mark_numbers(text).split()))]


@lru_cache(1 << 12)
def line_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of a line, cached for the last few thousand lines."""
    return tuple(tokenise(text))


def spoken_tokens(text: str) -> list[str]:
    """Return the tokens of a text, as `tokenise` does, with spoken symbols (%, €, &) attached to them.

    >>> tokenise("20 % à 5€ & moi"), spoken_tokens("20 % à 5€ & moi")
    (['20', 'à', '5', 'moi'], ['20%', 'à', '5€', '&-moi'])
    """
    if not has_spoken_symbols(text):
        return tokenise(text)
    tokens, at = [], 0
    for token, start, stop in token_spans(text):
        lone = text[at:start].strip()
        sign = text[stop - 1] if text[stop - 1] in NUMBER_UNIT_SYMBOLS and text[start].isdecimal() else ""
        tokens.append((f"{lone}-" if lone in ("&", "+") else "") + token + sign)
        at = stop
    return tokens


def has_spoken_symbols(text: str) -> bool:
    """Return whether a text contains symbols that `spoken_tokens` attaches to tokens."""
    return "%" in text or "€" in text or "$" in text or "&" in text or "+" in text  # faster than a set, in each line


def token_spans(text: str) -> list[Span]:
    """Return the tokens of a text with their character offsets."""
    return [Span(token, at + start, at + stop) for at, spans in _chunk_spans(text) for token, start, stop in spans]


def token_starts(text: str) -> list[int]:
    """Return the offset of each token of a text; faster than `token_spans`."""
    return [at + span[1] for at, spans in _chunk_spans(text) for span in spans]


def _chunk_spans(text: str) -> Iterator[tuple[int, tuple[Span, ...]]]:
    """Yield (offset, token spans relative to it) of each chunk of a text between spaces."""
    at, folded = 0, _fold_and_mark_numbers(text)
    for chunk in folded.split():
        at = folded.index(chunk, at)
        yield at, _SPAN_CACHE[chunk]
        at += len(chunk)


def align_tokens(text: str, tokens: Sequence[str]) -> list[Span]:
    """Return the character spans of given tokens in `text`, even if the current tokenizer would split it differently.

    A token that is not found (a lemma) is taken to be where the next of today's tokens is."""
    spans = token_spans(text)
    if len(spans) == len(tokens):
        return spans
    folded, at, aligned = fold_case(text), 0, []
    for token in tokens:
        start = folded.find(token.lstrip("-"), at)
        if start < 0:
            start, stop = next(((span.start, span.stop) for span in spans if span.start >= at), (at, at))
        else:
            stop = start + len(token.lstrip("-"))
        aligned.append(Span(token, start, stop))
        at = stop
    return aligned


def pause_positions(text: str, tokens: Sequence[str]) -> set[int]:
    """Return the indices of the tokens that a pause mark follows.

    >>> sorted(pause_positions("Non, jamais ! dit-il", ["non", "jamais", "dit", "-il"]))
    [0, 1]
    """
    if _PAUSES.isdisjoint(text):
        return set()
    paused, last = set[int](), -1
    for chunk in _fold_and_mark_numbers(text).split():
        count, gaps = _PAUSE_CACHE[chunk]
        for gap in gaps:
            paused.add(last + gap)
        last += count
    if last + 1 == len(tokens):
        return paused - {-1}
    between = pairwise(align_tokens(text, tokens))
    return {at for at, (one, two) in enumerate(between) if not _PAUSES.isdisjoint(text[one.stop : two.start])}


def detokenise(tokens: Iterable[str]) -> str:
    """Return readable French made of tokens: clitics are joined to their word, consecutive numbers are kept apart.

    >>> detokenise(["j'", "suis", "là", "dis", "-le", "-moi"]), detokenise(["1", "111"])
    ("j'suis là dis-le-moi", '1, 111')
    """
    parts, last, glue = list[str](), "", True
    for token in tokens:
        if not glue and token[:1] != "-":
            numbers = last[-1:].isdecimal() and _NUMBER_SPACE_PATTERN.search(f"{last[-1]} {token}")
            parts.append(", " if numbers else " ")
        parts.append(token)
        last, glue = token, token in _CLITICS
    return "".join(parts)


def is_clitic(token: str) -> bool:
    """Return whether a token is an elided clitic, written against the next word: j', qu'."""
    return token in _CLITICS


_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?")
_REPEAT_MARK_PATTERN = re.compile(r"(?<!\w)(?:[x×]\s?\d{1,3}|\d{1,3}\s?×|\d{1,2}x|bis)\s*$", re.IGNORECASE)
_REPEAT_ENDS = "xX×sSſ"  # and digits: looking for the pattern in each line of a corpus takes longer

_INAUDIBLE = re.compile(r"(?<![\w'*-])x{3,}(?![\w'*-]| ?tentacion)", re.IGNORECASE)


def blank_adlibs(text: str) -> str:
    """Return a text with ad-libs, repeat marks and inaudible words replaced by spaces of the same length.

    >>> blank_adlibs("J'arrive (skrrt) x2")
    "J'arrive           "
    """
    if "(" in text or "[" in text or "{" in text:
        text = _BRACKETS.sub(_blank_match, text)
    if "xxx" in text or "XXX" in text:
        text = _INAUDIBLE.sub(_blank_match, text)
    end = text.rstrip()[-1:]
    return _REPEAT_MARK_PATTERN.sub(_blank_match, text) if end in _REPEAT_ENDS or end.isdecimal() else text


def _blank_match(match: re.Match[str]) -> str:
    return " " * len(match.group())
