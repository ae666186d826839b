"""Which language a section is in: plain French by its function words; what py3langid says otherwise, with evidence.

Function words settle most of a French corpus for a fraction of the cost of the identifier (about 8,000 lines a
second) and spare loading its model. What the identifier then proposes needs `language_evidence`; a section without,
such as vocalise, names or a language that none of these is, goes with the rest of its song.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pipeline.core.translation import mark
from pipeline.corpus.language_evidence import evidence_words, is_evident, language_of_script
from pipeline.corpus.song import Section, Song
from pipeline.corpus.tally import Tally
from pipeline.language.tokens import fold

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = ("fr", "en", "es", "it", "pt", "de")  # that French rap is also made in and the identifier knows
FRENCH = "fr"

_WORD = re.compile(r"[^\W\d_]+'?")
ENOUGH_WORDS = 8  # a shorter section takes the language of its song: "Hey, hey, hey" is none
ENOUGH_EVIDENCE = 6  # words that are neither vocalise nor names

# French words that are no words, or rare ones, of the other six languages. Running French holds 35 to 50 % of them.
_FRENCH_WORDS = """
    le les des du je j' tu t' il elle on nous vous ils elles c' d' l' n' qu' s' m' et est dans pour pas plus avec
    mais ou où qui que sur mon ma mes ton ta tes son sa ses leur ce cette ces ça suis sont ai as ont fait j'ai sans au
    aux y quand tout comme moi toi ouais
"""
_OTHER_WORDS = """
    the you and my is they that with what this your for be he she we
    el los las con por para pero muy yo che di non della per mi gli o os um uma não com eu você der die und ich das ist
"""
_PLAINLY_FRENCH, _HARDLY_OTHER = 0.15, 0.03  # shares of words; Italian has 0.25 of the first but 0.1 of the second
_FRENCH_SET, _OTHER_SET = frozenset(_FRENCH_WORDS.split()), frozenset(_OTHER_WORDS.split())


def with_languages(song: Song, tally: Tally | None = None) -> Song:
    """The song with the language of each of its sections; short sections take that of the rest of the song."""
    sure = [_language_of(section) for section in song.sections]
    weights: dict[str, int] = {}
    for section, language in zip(song.sections, sure, strict=True):
        if language:
            weights[language] = weights.get(language, 0) + sum(len(line.text) for line in section.lines)
    usual = max(weights, key=weights.__getitem__, default=FRENCH)
    if usual == FRENCH and set(weights) <= {FRENCH}:
        return song  # sections are French unless said otherwise
    languages = [language or usual for language in sure]
    sections = tuple(
        replace(section, language=language) for section, language in zip(song.sections, languages, strict=True)
    )
    if tally:
        for section in sections:
            if section.language != FRENCH:
                what = mark("Sections in another language: kept, flagged, and left out of statistics unless asked for")
                before = section.lines[0].text
                tally.note("not-french", what, lines=len(section.lines), before=before, after=section.language)
    return replace(song, sections=sections)


def language_of(text: str) -> str:
    """Two-letter code of a text by the identifier alone, which always has an answer.

    >>> language_of("Yeah, you know that I was born in this city, and they never gave us anything")
    'en'
    """
    return str(_identifier().classify(text)[0])


def _language_of(section: Section) -> str | None:
    """The language of a section, None when too little tells it."""
    lines = [line.text for line in section.lines]
    text = "\n".join(lines)
    words = _WORD.findall(fold(text))  # coarser than tokens, and four times as fast
    if len(words) < ENOUGH_WORDS:
        return None
    if _is_plainly_french(words):
        return FRENCH
    if script := language_of_script(text):
        return script
    telling = evidence_words(lines)
    if len(telling) < ENOUGH_EVIDENCE:
        return None
    language = language_of(text)
    french = sum(map(_FRENCH_SET.__contains__, telling))
    if language == FRENCH or is_evident(language, telling, above=french):
        return language
    return None


def _is_plainly_french(words: Sequence[str]) -> bool:
    french = sum(map(_FRENCH_SET.__contains__, words))
    other = sum(map(_OTHER_SET.__contains__, words))
    return french >= _PLAINLY_FRENCH * len(words) and other <= _HARDLY_OTHER * len(words)


def unload() -> None:
    """Let the model go; the next text that needs it loads it again."""
    _identifier.cache_clear()


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # only when a text needs it: 71 MB of memory

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
