"""Tokens to IPA: the hand-made table first, rules for what is not a plain word, a model for the rest.

Words stand alone here; what a neighbour changes is in liaison.py. The rules cover digits (16, 6h30, 92i),
hyphenated compounds, apocopes (r'garde, clim', vot'), lengthened words (naaan), spelled consonants (cdd) and slang
plurals. Letter case carries nothing: tokens are lower case.

>>> [p.ipa for p in transcribe_tokens(["c'", "qu'", "il"])]
['s', 'k', 'il']
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from pipeline.language import g2p
from pipeline.language.ipa import GLIDES, LIQUIDS, ORAL_VOWELS, clean_ipa, is_vowel, split_phones
from pipeline.language.lexicons import pronunciation_lexicon
from pipeline.language.liaison import apply_liaison
from pipeline.language.tokens import spoken_tokens

_NUMBER_WORDS_BELOW_20 = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_LARGE_NUMBER_NAMES = ((10**9, "milliard"), (10**6, "million"))
MAX_NUMBER = 10**12 - 1
# of what this module says: pronunciations that a corpus holds of another version are made anew
TRANSCRIPTION_VERSION = 5


def number_words(number: int) -> str:
    """Return a whole number from 0 to 10¹² - 1 as French words, in traditional spelling. Raise ValueError outside.

    >>> number_words(93), number_words(2016), number_words(80), number_words(2_000_000_000)
    ('quatre-vingt-treize', 'deux mille seize', 'quatre-vingts', 'deux milliards')
    """
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"{number} is outside 0 to {MAX_NUMBER}.")
    return " ".join(_number_words(number)) or _NUMBER_WORDS_BELOW_20[0]


def _number_words(number: int) -> list[str]:
    for scale, name in _LARGE_NUMBER_NAMES:
        if number >= scale:
            count, rest = divmod(number, scale)
            return [*_number_words(count), name + "s" * (count > 1), *_number_words(rest)]
    if number >= 1000:
        count, rest = divmod(number, 1000)
        return [*(_number_words(count) if count > 1 else []), "mille", *_number_words(rest)]
    if number >= 100:
        count, rest = divmod(number, 100)
        return [*(_number_words(count) if count > 1 else []), "cent", *_number_words(rest)]
    return [_words_below_hundred(number)] if number else []


def _words_below_hundred(number: int) -> str:
    if number < 20:
        return _NUMBER_WORDS_BELOW_20[number]
    ten, unit = divmod(number, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    if unit == 0:
        return _TENS[ten] + "s" * (ten == 8)
    joint = "-et-" if unit in (1, 11) and ten != 8 else "-"
    return f"{_TENS[ten]}{joint}{_NUMBER_WORDS_BELOW_20[unit]}"


TranscriptionSource = Literal["lexicon", "rule", "model"]


class Pronunciation(NamedTuple):
    """The pronunciation of a word: its usual IPA, the source of that IPA, and other pronunciations."""

    word: str
    ipa: str
    source: TranscriptionSource
    others: tuple[str, ...] = ()


class TokenPart(NamedTuple):
    """A part of a token: its `ipa` if known, otherwise a word to `ask` the model for, and which vowel to `mute`."""

    ipa: str = ""
    ask: str = ""
    mute: tuple[int, int] | None = None  # vowel to silence, and how many vowels there are while it sounds
    cluster_e: bool = False  # ends in a written e: sounded between a cluster and a consonant (quatre-quarts)


_LENGTHENED = re.compile(r"([^\W\d])\1{2,}")
_GAP_IN_NUMBER = re.compile(r"(?<=\d)\s(?=\d)")
_NUMBER_RUNS = re.compile(r"\d+|[^\d\W_]+|[.,%€$]")
_SYMBOLS = {"%": "pour cent", "€": "euros", "$": "dollars"}  # after a number
# Numerals that are no other word: louis xiv, xixe; vie and mixe are words.
_ROMAN = re.compile(r"(x{0,3}(?:ix|iv|v?i{0,3}))(e|è|[eè]me)?")
_NOT_ROMAN = frozenset(("i", "v", "x", "vi", "vie", "ve", "ie", "ive", "ixe", "xe"))
_ROMAN_BEGINS = frozenset("xvi")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}
_VOWEL_LETTERS = "aeiouyàâäãáéèêëîïíôöóûüùúœæ"
_VOWEL_RUN = re.compile(f"[{_VOWEL_LETTERS}]+")
_BARE_E = re.compile(r"e[bcdfghjklpqrtv](?:[lr]?[aeiouyéèêàâîôû]|h)")  # a capital without its accent: Etouffe, Egale
_FINAL_E = re.compile(rf"(?<![{_VOWEL_LETTERS}])e(?:s|nt)?$")
_ORDINAL = re.compile(r"(?:i?[eèé]me|e|è|nd|nde)s?")
_PHONES = frozenset("aeiouyøœəɛɔɑjwɥʁlpbtdkɡfvszʃʒmnɲŋχh\u0303")
_LETTER_NAMES = {"d": "de", "a": "a", "y": "iɡʁɛk"}
_MAX_SPELLED_LETTERS = 5  # letters: cdd, sncf are spelled; longer vowelless words are noises
_NOISE_PHONE_BY_LETTER = {
    **{"c": "k", "g": "ɡ", "q": "k", "r": "ʁ", "x": "ks", "j": "ʒ"},
    **{"h": "", "w": "w", "y": "j", "ç": "s"},
}
_PLURAL_KINDS = {"verlan", "arabic", "romani", "english", "slang", "wolof", "elision", "standard"}


def transcribe_tokens(tokens: Sequence[str]) -> list[Pronunciation]:
    """Return one Pronunciation per token, in order; the model transcribes unknown words in one batch."""
    planned = [_split_token(token) for token in tokens]
    unknown = sorted({piece.ask for pieces in planned for piece in pieces if piece.ask})
    answers = dict(zip(unknown, map(_keep_known_phones, g2p.transcribe_words(unknown)), strict=True))
    return [_assemble_pronunciation(token, pieces, answers) for token, pieces in zip(tokens, planned, strict=True)]


def transcribe_text(text: str) -> Pronunciation:
    """Return the Pronunciation of a word or phrase as typed (c'qu'il, PNL, 93), liaisons included."""
    parts = transcribe_tokens(spoken_tokens(text))
    sources = {part.source for part in parts}
    source: TranscriptionSource = "model" if "model" in sources else "rule" if "rule" in sources else "lexicon"
    others = parts[0].others if len(parts) == 1 else ()
    return Pronunciation(text, _join_with_liaison(parts), source, others)


def word_before_liaison(token: str) -> str:
    """Return the word that decides the liaison of a token with the next one: of a number, its last word.

    >>> [word_before_liaison(token) for token in ("26", "80", "quatre-vingt-dix", "les")]
    ['six', 'quatre-vingts', 'dix', 'les']
    """
    last = token
    if token[:1].isdecimal() and token not in pronunciation_lexicon():
        last = "".join(list(_number_parts(token))[-1:])
    head, _, tail = last.rpartition("-")
    return tail if tail in _NUMBER_WORDS_BELOW_20 and head else last


def _join_with_liaison(parts: Sequence[Pronunciation]) -> str:
    ipa = ""
    for at, part in enumerate(parts):
        after = parts[at + 1] if at + 1 < len(parts) else None
        glides = part.word == "y" and after and after.ipa[:1] in ORAL_VOWELS and after.ipa  # y a
        ipa += "j" if glides else part.ipa
        if after:
            earlier = parts[at - 1].word if at else ""
            ipa = apply_liaison(ipa, word_before_liaison(part.word), earlier, spell_out(after.word), after.ipa)
    return ipa


def _assemble_pronunciation(token: str, pieces: Sequence[TokenPart], answers: Mapping[str, str]) -> Pronunciation:
    entry = pronunciation_lexicon().get(token)
    if entry:
        return Pronunciation(token, entry.ipa[0], "lexicon", entry.ipa[1:])
    sounded = ""
    for piece, following in zip_longest(pieces, pieces[1:]):
        ipa = answers.get(piece.ask, piece.ipa)
        ipa = ipa if piece.mute is None else _silence_vowel(ipa, *piece.mute)
        after = following and (answers.get(following.ask, following.ipa) or " ")[0]
        sounded += ipa + "ə" * bool(piece.cluster_e and after and after not in ORAL_VOWELS and _is_consonants(ipa))
    return Pronunciation(token, sounded, "model" if any(piece.ask for piece in pieces) else "rule")


def _split_token(token: str) -> list[TokenPart]:
    """Return the parts of a token to transcribe; none when it contains nothing pronounceable."""
    entry = pronunciation_lexicon().get(token)
    if entry:
        return [TokenPart(entry.ipa[0])]
    if _LENGTHENED.search(token):
        return _split_lengthened_token(token)
    if not token.isalpha():  # few
        if any(char.isdecimal() for char in token):
            return list(_split_token_with_digits(token))
        if "-" in token:
            return list(_split_compound(token))
        if "'" in token:
            return _split_apocope(token)
    plain = token.replace("*", "").replace("_", "").replace("æ", "é").replace("oeu", "œu")
    if plain != token:
        return _split_token(plain) if plain else []
    singular = pronunciation_lexicon().get(token[:-1]) if token[-1:] in ("s", "x") else None
    if singular and singular.kind in _PLURAL_KINDS:
        return [TokenPart(singular.ipa[0])]
    if words := _spell_out_roman_numeral(token):
        return _split_token(words)
    if not _VOWEL_RUN.search(token):
        return _spell_consonants(token)
    return [TokenPart(ask="é" + token[1:] if _BARE_E.match(token) else token)]


def spell_out(token: str) -> str:
    """Return a number or a Roman numeral in words, joined by hyphens; any other token unchanged.

    >>> spell_out("20%"), spell_out("xixe"), spell_out("11"), spell_out("vie")
    ('vingt-pour-cent', 'dix-neuvième', 'onze', 'vie')
    """
    if token[:1].isdecimal() and token not in pronunciation_lexicon():
        return "-".join(_number_parts(token))
    return _spell_out_roman_numeral(token) or token


def _spell_out_roman_numeral(token: str) -> str:
    match = _ROMAN.fullmatch(token) if token[:1] in _ROMAN_BEGINS else None
    if match is None or not match[1] or token in _NOT_ROMAN:
        return ""  # "ème" is the end of a numeral without one
    digits = [_ROMAN_DIGITS[letter] for letter in match[1]]
    number = sum(-d if d < after else d for d, after in zip_longest(digits, digits[1:], fillvalue=0))
    return _to_ordinal(number_words(number)) if match[2] else number_words(number)


def _split_lengthened_token(token: str) -> list[TokenPart]:
    """Return the parts of a token such as naaan or pffff with its repeated letters shortened."""
    forms = [_LENGTHENED.sub(r"\1" * keep, token) for keep in (1, 2)]
    in_lexicon = [form for form in forms if form in pronunciation_lexicon()]
    if in_lexicon or _VOWEL_RUN.search(token):
        return _split_token(in_lexicon[0] if in_lexicon else forms[0])
    return [TokenPart(_transcribe_noise(forms[0]))]


def _spell_consonants(token: str) -> list[TokenPart]:
    letters = [spoken_letter_name(letter) for letter in token]
    if len(token) <= _MAX_SPELLED_LETTERS and all(letters):
        return [TokenPart(letter) for letter in letters]
    return [TokenPart(_transcribe_noise(token))]


def spoken_letter_name(letter: str) -> str:
    """Return the IPA of the name of a letter; "" for any other character."""
    entry = pronunciation_lexicon().get(letter)
    return _LETTER_NAMES.get(letter) or (entry.ipa[0] if entry else "")


def _transcribe_noise(token: str) -> str:
    """Return the IPA of consonant letters pronounced as they are, for kchh and the like: without vowels."""
    token = token.replace("ch", "ʃ").replace("sh", "ʃ").replace("ph", "f")
    return _keep_known_phones(clean_ipa("".join(_NOISE_PHONE_BY_LETTER.get(char, char) for char in token)))


def _keep_known_phones(ipa: str) -> str:
    return ipa if _PHONES.issuperset(ipa) else "".join(char for char in ipa if char in _PHONES)


def _split_compound(token: str) -> Iterator[TokenPart]:
    """Yield the parts of a hyphenated word, the longest in the lexicon first (quatre-vingt · dix-sept)."""
    parts = [part for part in token.split("-") if part]
    start = 0
    while start < len(parts):
        stop = len(parts)
        while stop > start + 1 and "-".join(parts[start:stop]) not in pronunciation_lexicon():
            stop -= 1
        part = "-".join(parts[start:stop])
        *before, last = [TokenPart("t")] if part == "t" and start else _split_token(part) or [TokenPart()]  # va-t-en
        yield from before
        yield last._replace(cluster_e=part.endswith(("e", "es")))
        start = stop


def _split_apocope(token: str) -> list[TokenPart]:
    """Return the parts of a token with an apostrophe: a dropped e (r'garde, clim') or a clitic (z'ont)."""
    left, _, right = token.strip("'").partition("'")
    if right and right[0] in _VOWEL_LETTERS + "h":
        return [
            *(_split_token(left + "'") if left + "'" in pronunciation_lexicon() else _split_token(left)),
            *_split_token(right),
        ]
    if right and left[-1] in _VOWEL_LETTERS:
        return [*_split_token(left), *_split_token(right + "'" if right + "'" in pronunciation_lexicon() else right)]
    if right:
        full = (left + "e" + right).replace("'", "")
        before = len(_VOWEL_RUN.findall(left))
        after = len(_VOWEL_RUN.findall(_FINAL_E.sub("", right)))
        return [TokenPart(ask=full, mute=(before, before + 1 + after))]
    cut = token.endswith("'") and left[-1:] not in _VOWEL_LETTERS
    left += "u" * left.endswith("q")  # chaq'
    return [TokenPart(ask=left + "e")] if left and cut else _split_token(left) if left else []


def _is_consonants(ipa: str) -> bool:
    return len(ipa) > 1 and ipa[-1] in LIQUIDS and ipa[-2] not in ORAL_VOWELS and ipa[-2] not in LIQUIDS | GLIDES


def _silence_vowel(ipa: str, index: int, sounding: int) -> str:
    """Return an IPA string without the vowel at `index`, unless the pronunciation model has already dropped it."""
    phones = list(split_phones(ipa))
    vowels = [at for at, phone in enumerate(phones) if is_vowel(phone)]
    if index < len(vowels) >= sounding and phones[vowels[index]] in ("ə", "ø", "œ", "e", "ɛ"):
        del phones[vowels[index]]
    return "".join(phones)


def _split_token_with_digits(token: str) -> Iterator[TokenPart]:
    """Yield the parts of a token with digits: French numbers, and letters between them: 6h30, a86, 3e."""
    for word in _number_parts(token):
        *before, last = _split_token(word)
        yield from before
        yield last._replace(cluster_e=word.endswith("quatre"))


def _number_parts(token: str) -> Iterator[str]:
    """Yield the words with which a token of digits is pronounced; letters between digits unchanged."""
    runs = _NUMBER_RUNS.findall(_GAP_IN_NUMBER.sub("", token))
    for at, run in enumerate(runs):
        digit_before = at > 0 and runs[at - 1].isdecimal()
        digit_after = at + 1 < len(runs) and runs[at + 1].isdecimal()
        if run.isdecimal():
            ordinal = not digit_after and at + 2 == len(runs) and _ORDINAL.fullmatch(runs[at + 1])
            yield from _digits_to_words(run, bool(ordinal))
        elif run in _SYMBOLS:
            yield from _SYMBOLS[run].split()
        elif digit_before and at + 1 == len(runs) and _ORDINAL.fullmatch(run):
            continue
        elif run == ",":
            yield from ["virgule"] * digit_after
        elif digit_before and run == "h":
            yield "heures"
        elif run != ".":  # 6.35 is six trente-cinq
            yield run


def _digits_to_words(digits: str, ordinal: bool) -> list[str]:
    zeros = len(digits) - len(digits.lstrip("0")) if len(digits) > 1 else 0
    if zeros or len(digits) > len(str(MAX_NUMBER)):  # of thousands of digits int() makes no number
        return [number_words(int(digit)) for digit in digits]
    words = number_words(int(digits))
    return (_to_ordinal(words) if ordinal else words).split()


def _to_ordinal(words: str) -> str:
    stem = words.removesuffix("s") if words.endswith("vingts") else words.removesuffix("e")
    stem += "u" if stem.endswith("cinq") else ""
    stem = stem.removesuffix("f") + "v" if stem.endswith("neuf") else stem
    return stem + "ième"
