"""What is shown to people is said in the words of its field: nothing here is said otherwise."""

import re
from collections.abc import Iterator

import pytest

from dashboard.components.frame.page_layout import TEXTS
from pipeline.core.translation import LANGUAGES, SOURCE
from pipeline.locale.gather import PACKAGES, read_catalogue

# A pattern -> what an editor writes instead. Names of sections in the corpus (couplet, refrain) are quoted or listed.
BANNED = {
    "en": {
        r"stands?(?! out)|stood": "is, occurs",
        r"holds?|holding|held(?!-out)": "has, contains, passes",
        r"such(?! as| file| function| weights| spellings)": "this, these",
        r"surest|surely|how sure": "strongest evidence",
        r"lent|drawn(?! replies)|told(?! apart)|judged": "another verb",
        r"bets?|guessed right": "predictions",
        r"came": "actual",
        r"asks|asked": "needs, requested",
        r"voices(?! of)": "artists",
        r"(?<!['\"*])couplets?(?!,)": "verse",
        r"(?<![\[*])(?<!as )(?<!, )refrains?(?! :)": "chorus",
        r"daring": "temperature",
        r"another take|takes of": "version",
        r"read the (?:lines of|lines like|couplets|songs? of)(?! its)": "show lines",
        r"(?:bits|nats|tokens|syllables|beats) an? (?:character|token|line|second|minute|step|letter)": "per",
        r"object an? \w+$": "per",
        r"commonest|likeliest": "most common, most likely",
        r"no order is claimed|have no order": "ranking not significant",
        r"running ones|(?<!characters or )(?<!many )words a line": "per 100, per line",
        r"pseudo-songs?": "chunks of longer files",
        r"in the company of|keep a word company": "collocations",
        r"as heard": "as performed",
        r"this machine": "this computer",
    },
    "fr": {
        r"vous|votre|vos": "l'infinitif",
        r"voix": "artiste",
        r"audace": "température",
        r"(?:autre|même) prise": "version",
        r"chanson": "morceau",
        r"chronométr\w+": "minuté",
        r"tel(?:les)? qu'entendue?s?": "tel que chanté",
        r"cette machine(?!$)": "cet ordinateur",
        r"rien ne s'appelle": "aucun résultat",
        r"pas d'ordre": "classement non significatif",
        r"pseudo-morceaux?": "découpés dans des fichiers plus longs",
        r"se garde ici": "est enregistré",
        r"à qui est cette": "qui emploie le plus",
        r"laissée?s? de côté(?=[.:]|$)": "écarté",
    },
}  # fmt: skip
DATA_NAMES = {"voice", "nats a word", "gain in nats a word", "drawn replies that rhyme"}  # of measures in stored runs
NOT_WORDS = re.compile(r"\{[^}]*\}|%\{[^}]*\}|%\(\w+\)s|`[^`]*`|--\w[\w-]*|<[^>]*>")


def shown(code: str) -> Iterator[str]:
    """Yield the sentences of the catalogues in a language, and the documents of pages that are no lessons."""
    for package in PACKAGES:
        for message in read_catalogue(PACKAGES[package] / "locale" / "fr.po"):
            said = message.id if code == SOURCE else message.string
            if message.id and message.id not in DATA_NAMES:
                yield from [said] if isinstance(said, str) else said
    for path in sorted((TEXTS / code).glob("*.md")):
        if not path.name.startswith(("learn_", "class")):
            yield from path.read_text("utf-8").split("\n\n")


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_have_none_of_the_banned_words(code: str) -> None:
    patterns = {
        re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE): better for pattern, better in BANNED[code].items()
    }
    wrong = [
        f"{found[0]!r} ({better}): {text}"
        for text in shown(code)
        for pattern, better in patterns.items()
        if (found := pattern.search(NOT_WORDS.sub("", " ".join(text.split()))))
    ]
    assert not wrong, "\n".join(wrong)


def test_french_has_a_narrow_space_before_its_high_signs() -> None:
    wrong = [text for text in shown("fr") if re.search(r"(?<=\w) [;:!?»%](?!\w)|« ", NOT_WORDS.sub("x", text))]
    assert not wrong, "\n".join(wrong)
