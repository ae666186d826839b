"""What in a text speaks for a language: its function words. Vocalise ("oh oh", "la la la") and names speak for none.

An identifier by letters must answer: it takes "oh oh oh" for German and Arabic in Latin letters for Portuguese. A text
is in a language only where it uses the words that nobody speaks that language without.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

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

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?'?")
_REPEATED = re.compile(r"(\w{1,4}?)\1++h*+")
_CALLED = """
    oh ooh ouh eh ah hey hé yeah yea yah ouais yo wo woh wouh han hum mmh hmm brr brrr pah pow rah grah skrt skrrt ay
    ey boum pan tac tchi doum uh huh ha hou
"""
_CALLS = frozenset(_CALLED.split())


def evidence_words(lines: Sequence[str]) -> list[str]:
    """Return the folded words that may tell a language: neither vocalise nor names (capitals within a line).

    >>> evidence_words(["Oh oh, la la la", "Je pense à Karim"])
    ['je', 'pense', 'à']
    """
    words = []
    for line in lines:
        written = _WORD.findall(line.replace("’", "'"))
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
    found = [word for word in words if word in FOREIGN.get(language, ())]
    return len(found) >= above and len(set(found)) >= _LEAST_WORDS and len(found) >= _NEEDED[language] * len(words)


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
