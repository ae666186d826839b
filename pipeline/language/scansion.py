"""The command line's view of sound: plain dictionaries, one a JSON object.

phones c'qu'il PNL    {"word", "ipa", "source", "others"}
rhyme A B             {"a", "b", "kind", "shared_phones", "shared_vowels", "similarity", "near_vowels"}
scan FILE             for each line {"text", "syllables_spoken", ..., "rhyme_key", "scheme"}
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from math import prod

from pipeline.language import rhyme
from pipeline.language.phones import transcribe_text
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import section_rhyme_scheme
from pipeline.language.syllables import scan_line

_TAG_PATTERN = re.compile(r"\s*\[[^\]]*\]\s*$")


def transcribe_words_as_rows(words: Iterable[str]) -> list[dict[str, str]]:
    """Return one row per word as typed: its IPA, whether lexicon, rule or model gave it, other pronunciations."""
    transcriptions = map(transcribe_text, words)
    return [
        {"word": one.word, "ipa": one.ipa, "source": one.source, "others": ", ".join(one.others)}
        for one in transcriptions
    ]


def compare_rhyme(
    a: str, b: str, pronunciations: Pronunciations | None = None, *, verse: bool = False
) -> dict[str, str | int | float]:
    """Return how two words or phrases rhyme, as a JSON object; in `verse` by the rules of classical poets."""
    table = Pronunciations() if pronunciations is None else pronunciations
    return {"a": a, "b": b, **rhyme.compare_rhyme(a, b, table, verse=verse)._asdict()}


def scan_text_lines(
    lines: Sequence[str], pronunciations: Pronunciations | None = None, *, verse: bool = False
) -> Iterator[dict[str, str | int | float]]:
    """Yield one row per line of a text, tags and blank lines excluded: syllables, IPA, rhyme key and scheme.

    `scheme` is the line's letter in its section, X when it rhymes with no neighbour; `reading` the same with assonance,
    a small letter where it only assonates. `verse_certainty` is the probability that its diérèses are the poet's.
    A text in `verse` is read as classical poets wrote: brackets hold words and no ad-libs, an end on a mute e rhymes
    with such alone."""
    table = Pronunciations() if pronunciations is None else pronunciations
    table.transcribe_missing_in_lines(lines)
    scan = cache(partial(scan_line, pronunciations=table, verse=verse))  # refrains recur
    for section in split_sections(lines):
        scanned = [scan(line) for line in section]
        scheme = section_rhyme_scheme(scanned, verse=verse)
        letters = zip(section, scanned, scheme.keys, scheme.letters, scheme.reading, strict=True)
        for text, line, key, letter, reading in letters:
            spoken, classical, fewest, most = line.syllables
            yield {
                "text": text,
                "syllables_spoken": spoken,
                "syllables_verse": classical,
                "verse_certainty": round(prod(word.certainty for word in line.words), 3),
                "syllables_min": fewest,
                "syllables_max": most,
                "ipa": line.ipa,
                "rhyme_key": key,
                "scheme": letter,
                "reading": reading,
            }


def split_sections(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the runs of lines between blank lines and [tags], which are excluded."""
    section: list[str] = []
    for line in lines:
        text = line.strip()
        if text and not _TAG_PATTERN.match(text):
            section.append(text)
        elif section:
            yield section
            section = []
    if section:
        yield section
