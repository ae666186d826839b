"""Which language a section is in, by the words that nobody speaks a language without.

A section with the function words of French is French, which settles most of a corpus. Of the others a language is
told where its own function words (data/lexicons/languages.tsv) bear it out: there are lists of sixteen languages that
French rap is also made in. Words of several lists count less, words that are French too count for none. What is in
no list, and neither speaks with French function words nor of words in a French dictionary, is `OTHER`. Vocalise ("oh
oh", "la la la") and names are evidence of nothing: a section without evidence goes with the rest of its song, whose
undecided sections are looked at together where no other tells.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import simplemma

from pipeline.core.translation import mark, t
from pipeline.corpus.account import Tally
from pipeline.corpus.song import Line, Song
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import fold_case, line_tokens

FRENCH, OTHER = "fr", "other"
# Codes of ISO 639: of two letters where there are such, of the family of French-based creoles.
LANGUAGE_NAMES = {
    FRENCH: mark("French"), "en": mark("English"), "es": mark("Spanish"), "it": mark("Italian"),
    "pt": mark("Portuguese"), "de": mark("German"), "nl": mark("Dutch"), "pl": mark("Polish"), "fi": mark("Finnish"),
    "sv": mark("Swedish"), "ro": mark("Romanian"), "tr": mark("Turkish"), "cpf": mark("Creole"),
    "ln": mark("Lingala"), "wo": mark("Wolof"), "ar": mark("Arabic"), "rom": mark("Romani"), "ru": mark("Russian"),
    "he": mark("Hebrew"), "el": mark("Greek"), "ko": mark("Korean"), "zh": mark("Chinese"), "ja": mark("Japanese"),
    OTHER: mark("another language"),
}  # fmt: skip
# The first word of a character's Unicode name -> the language that rap has in that script.
_SCRIPTS = {
    "ARABIC": "ar", "CYRILLIC": "ru", "HEBREW": "he", "GREEK": "el", "HANGUL": "ko", "CJK": "zh", "HIRAGANA": "ja",
}  # fmt: skip

_NOT_LATIN = re.compile(r"[^\W\d_\0-\u024f\u1e00-\u1eff]")  # a letter beyond the blocks of Latin

MIN_SECTION_WORDS = 8  # a shorter section takes the language of its song: "Hey, hey, hey" is none
MIN_EVIDENCE_WORDS = 6  # words that are neither vocalise nor names
_MIN_FOREIGN_WORD_TYPES = 3  # different ones of a language, that are not French
_PLAINLY_FRENCH, _HARDLY_OTHER = 0.15, 0.03  # shares of words; Italian has 0.25 of the first but 0.1 of the second
# Of a language without a list: running French holds 0.35 to 0.55 function words, and hardly a word that no dictionary
# has; rhymed lists of nouns hold none of the former.
_LEAST_FRENCH, _LEAST_FRENCH_ALONE, _LEAST_FRENCH_FORMS = 0.12, 0.04, 0.4
_MIN_WORD_TYPES = 12

_REPEATED = re.compile(r"(\w{1,4}?)\1++h*+")
_VOCALISES_TEXT = """
    oh ooh ouh eh ah hey hé yeah yea yah ouais yo wo woh wouh han hum mmh hmm brr brrr pah pow rah grah skrt skrrt ay
    ey boum pan tac tchi doum uh huh ha hou
"""
_VOCALISES = frozenset(_VOCALISES_TEXT.split())
# French words that are no words, or rare ones, of the other languages.
_FRENCH_WORDS_TEXT = """
    le les des du je j' tu t' il elle nous vous ils elles c' d' l' n' qu' s' et est dans pour pas plus avec mais ou où
    qui sur mon mes ton tes ses leur ce cette ces ça suis sont ai as ont fait sans au aux y quand tout comme moi toi
    ouais
"""
_FRENCH_WORDS = frozenset(_FRENCH_WORDS_TEXT.split())


class _LanguageWordLists(NamedTuple):
    """Function words by which languages are recognised. `languages` maps a word to the foreign languages that have it;
    `needed` maps a language to the share of a text that its words must reach."""

    languages: dict[str, tuple[str, ...]]
    needed: dict[str, float]
    french: frozenset[str]  # all function words of French


@cache
def _load_word_lists() -> _LanguageWordLists:
    languages, needed = dict[str, tuple[str, ...]](), dict[str, float]()
    for code, share, words in read_word_table("languages.tsv", 3):
        needed[code] = float(share)
        for word in words.split():
            languages[word] = (*languages.get(word, ()), code)
    french = {word for word, _ in read_word_table("function_words.tsv", 2)}
    return _LanguageWordLists(languages, needed, frozenset(french))


@cache
def _french_and_foreign_words() -> tuple[frozenset[str], frozenset[str]]:
    lists = _load_word_lists()
    return _FRENCH_WORDS, frozenset(lists.languages) - lists.french - _FRENCH_WORDS


def language_name(code: str) -> str:
    """Return the name of a language in the display language. An unknown code is returned unchanged.

    >>> language_name("cpf"), language_name("xx")
    ('Creole', 'xx')
    """
    return t(LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else code


def evidence_words(lines: Iterable[str]) -> list[str]:
    """Return the words from which a language can be told, without vocalises ("oh oh") and names.

    >>> evidence_words(["Oh oh, la la la", "Je pense à Karim"])
    ['je', 'pense', 'à']
    """
    words = []
    for line in lines:
        tokens = line_tokens(line)
        names = set() if line.isupper() else {fold_case(name) for name in _CAPITALS.findall(line)}
        for word, before, after in zip(tokens, ("", *tokens), (*tokens[1:], ""), strict=False):
            if not (
                word in names
                or word in _VOCALISES
                or (len(word) < 5 and word in (before, after))
                or word.isdigit()
                or _REPEATED.fullmatch(word)
            ):
                words.append(word)
    return words


_CAPITALS = re.compile(r"(?<=\w)\W+([^\W\d_a-zß-öø-ÿ][^\W\d_]+)(?!['’]\w)")


def detect_language(words: Sequence[str]) -> str | None:
    """Detect the language of words by its function words. Return None if they are too few or undecided.

    >>> detect_language("when the sun goes down on the block where i'm from".split())
    'en'
    >>> detect_language("je suis dans la rue avec les miens".split()), detect_language(["oh", "na"])
    ('fr', None)
    """
    if len(words) < MIN_EVIDENCE_WORDS:
        return None
    lists = _load_word_lists()
    counts = Counter(words)
    french = sum(count for word, count in counts.items() if word in _FRENCH_WORDS)
    scores = dict[str, float]()
    for word, count in counts.items():
        if word not in lists.french:
            codes = lists.languages.get(word, ())
            for code in codes:
                scores[code] = scores.get(code, 0.0) + count / len(codes)
    if scores:
        best = max(scores, key=scores.__getitem__)
        own = {word: count for word, count in counts.items() if best in lists.languages.get(word, ())}
        telling = {word: count for word, count in own.items() if word not in lists.french}
        share = sum(own.values()) / len(words)
        if len(telling) >= _MIN_FOREIGN_WORD_TYPES and share >= lists.needed[best] and sum(telling.values()) >= french:
            return best
    share = sum(count for word, count in counts.items() if word in lists.french) / len(words)
    if share >= _LEAST_FRENCH and french >= _LEAST_FRENCH_ALONE * len(words):
        return FRENCH
    if len(counts) < _MIN_WORD_TYPES:
        return None
    forms = sum(simplemma.is_known(word, lang=FRENCH) for word in counts) / len(counts)
    return OTHER if forms < _LEAST_FRENCH_FORMS else None


def language_of_script(text: str) -> str | None:
    """Return the language of a text that is mostly not in Latin script. Return None for Latin.

    >>> language_of_script("я родился"), language_of_script("je suis né")
    ('ru', None)
    """
    if not _NOT_LATIN.search(text):
        return None
    letters = Counter(unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha())
    script = max(letters, key=letters.__getitem__, default="LATIN")
    return _SCRIPTS.get(script)


def set_section_languages(song: Song, tally: Tally | None = None) -> Song:
    """Return the song with the language of each section. Undecided sections get the language of the others."""
    sure = [_detect_lines_language(section.lines) for section in song.sections]
    weights: dict[str, int] = {}
    for section, language in zip(song.sections, sure, strict=True):
        if language:
            weights[language] = weights.get(language, 0) + sum(len(line.text) for line in section.lines)
    usual = max(weights, key=weights.__getitem__) if weights else _detect_lines_language(tuple(song.lines())) or FRENCH
    if usual == FRENCH and set(weights) <= {FRENCH}:
        return song  # sections are French unless said otherwise
    languages = [language or usual for language in sure]
    sections = tuple(
        replace(section, language=language) for section, language in zip(song.sections, languages, strict=True)
    )
    what = mark("Sections in another language: kept, flagged, and excluded from statistics by default")
    for section in sections:
        if tally and section.language != FRENCH:
            before, after = section.lines[0].text, section.language
            tally.count_edit("not-french", what, lines=len(section.lines), before=before, after=after)
    return replace(song, sections=sections)


def _detect_lines_language(lines: Sequence[Line]) -> str | None:
    """Return the language of some lines, None when there is too little evidence."""
    words = [word for line in lines for word in line_tokens(line.text)]
    if len(words) < MIN_SECTION_WORDS:
        return None
    french, others = _french_and_foreign_words()
    if sum(map(french.__contains__, words)) >= _PLAINLY_FRENCH * len(words) and sum(
        map(others.__contains__, words)
    ) <= _HARDLY_OTHER * len(words):
        return FRENCH
    texts = [line.text for line in lines]
    return language_of_script("\n".join(texts)) or detect_language(evidence_words(texts))
