"""Which language a section is in: plain French by its function words; what py3langid says otherwise, with evidence.

Function words settle most of a French corpus for a fraction of the cost of the identifier (about 8,000 lines a second)
and spare loading its model. An identifier by letters must answer: it takes "oh oh oh" for German and Arabic in Latin
letters for Portuguese. So a text is in a language only where it uses the words that nobody speaks that language
without: vocalise ("oh oh", "la la la") and names speak for none. A section without such evidence goes with the rest of
its song.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from pipeline.core.translation import mark
from pipeline.corpus.account import Tally
from pipeline.corpus.song import Section, Song
from pipeline.language.tokens import fold

# Function words of each language that are no words of French, or rare ones there.
_FUNCTION_WORDS = {
    "en": """the you and my is they that with what this your for be he she we it to of i'm don't ain't it's i'll
        can't are was were have has had been will would can could them their our from when who how why no
        not never just if at by do did does all she's he's we're you're gonna gotta wanna let's there's
        where been than then back up out""",
    "es": """el los las con por para pero muy yo una del como está esta estoy eres soy hay quiero tengo todo nada
        más sin que mi tú ti cuando porque donde aquí voy vamos lo se ya siempre nunca es ni al esa este
        dime así también hasta qué sé vez de la en un su no me te le lo al del son sus dónde""",
    "it": """che di non della del per il gli uno una sono è ho hai siamo come questa questo mi ti io più anche
        sempre mai quando dove con nella alla dalla degli delle tutto cosa senza ma lo ogni poi così qui chi
        perché sei nel dal dei""",
    "pt": """o os uma um não com eu você para pra por mais meu minha seu sua nós está tudo quem quando sem mas de
        do da dos das na no nas nos que é são foi vou vai ele ela já só até também aqui lá nunca nem isso
        este esta""",
    "de": """der die und ich das ist nicht mein meine wir sie ein eine einen dem den des mit auf für von zu bin
        bist hab habe sind auch noch nur kein keine keiner wenn wie was mich mir dich dir du es im aus bei
        nach immer alles schon doch weil hat wird""",
}
FOREIGN = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_NEEDED = {"en": 0.08, "es": 0.12, "it": 0.12, "pt": 0.15, "de": 0.1}  # share of words; running text has 0.3 to 0.6
_LEAST_WORDS = 3  # different ones
# The first word of a character's Unicode name -> the language that rap has in that script.
_SCRIPTS = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "HEBREW": "he",
    "GREEK": "el",
    "HANGUL": "ko",
    "CJK": "zh",
    "HIRAGANA": "ja",
}

_WORD_OR_CONTRACTION = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?'?")
_REPEATED = re.compile(r"(\w{1,4}?)\1++h*+")
_CALLED = """
    oh ooh ouh eh ah hey hé yeah yea yah ouais yo wo woh wouh han hum mmh hmm brr brrr pah pow rah grah skrt skrrt ay
    ey boum pan tac tchi doum uh huh ha hou
"""
_CALLS = frozenset(_CALLED.split())

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


def evidence_words(lines: Sequence[str]) -> list[str]:
    """Return the folded words that may tell a language: neither vocalise nor names (capitals within a line).

    >>> evidence_words(["Oh oh, la la la", "Je pense à Karim"])
    ['je', 'pense', 'à']
    """
    words = []
    for line in lines:
        written = _WORD_OR_CONTRACTION.findall(line.replace("’", "'"))
        folded = [fold(word) for word in written]
        names = [False, *(word[0].isupper() and len(word) > 1 and "'" not in word for word in written[1:])]
        if line.isupper():
            names = [False] * len(written)
        for word, name, before, after in zip(folded, names, ["", *folded], [*folded[1:], ""], strict=False):
            if not (name or word in _CALLS or (len(word) < 5 and word in (before, after)) or _REPEATED.fullmatch(word)):
                words.append(word)
    return words


def is_evident(language: str, words: Sequence[str], above: int = 0) -> bool:
    """Return whether the words hold enough function words of a language other than French to be in it, and as many as
    `above`, those of French.

    >>> is_evident("en", "when the sun goes down on the block where i'm from".split()), is_evident("de", ["oh", "na"])
    (True, False)
    """
    evidence = [word for word in words if word in FOREIGN.get(language, ())]
    enough = len(set(evidence)) >= _LEAST_WORDS and len(evidence) >= _NEEDED[language] * len(words)
    return enough and len(evidence) >= above


def language_of_script(text: str) -> str | None:
    """Return the language of a text whose letters are mostly of another script than Latin, None for Latin.

    >>> language_of_script("я родился"), language_of_script("je suis né")
    ('ru', None)
    """
    if text.isascii():
        return None
    letters = Counter(unicodedata.name(c, "").split(" ")[0] for c in text if c.isalpha())
    script = max(letters, key=letters.__getitem__, default="LATIN")
    return _SCRIPTS.get(script)


if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


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
