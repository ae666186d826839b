"""The rhyming dictionary: words and lines of a corpus that rhyme with a text, rhymes among the words of a theme, and
alternatives to a word of a line.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.queries.sounds import Phonetics
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.sound import rhyming_dictionary as dictionary
from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter
from pipeline.analysis.words.word_vectors import WordVectors
from pipeline.corpus.table import Corpus
from pipeline.generation.own_line import restore_spelling
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import (
    KINDS,
    RHYME_KINDS,
    Rhyme,
    compare_phones,
    compare_rhyme,
    has_feminine_ending,
    line_phone_variants,
    rhyme_key_of_phones,
)
from pipeline.language.scheme import end_word
from pipeline.language.syllables import LineScansion, scan_line
from pipeline.language.tokens import blank_adlibs, token_spans, tokenise


def rhyming_words_of_corpus(corpus: Corpus, phonetics: Phonetics, text: str, rhyme_filter: RhymeFilter) -> pd.DataFrame:
    """Return the words of the whole corpus and of French that rhyme with a text, as `dictionary.rhyming_words` does."""
    return dictionary.rhyming_words(phonetics.rhyme_index(), phonetics.visitor_pronunciations(), text, rhyme_filter)


def rhyming_lines(corpus: Corpus, phonetics: Phonetics, text: str, rhyme_filter: RhymeFilter) -> pd.DataFrame:
    """Return the lines whose end rhymes with `text`, longest rhyme first. Two filters apply: `least` and `verse`.

    Columns of `line_details_table`, rhyme (its kind), syllables, and spans: the rhyme's place in the text.
    """
    pronunciations = phonetics.visitor_pronunciations()
    phrase = scan_line(text, pronunciations)
    keys = {rhyme_key_of_phones(ending) for ending in line_phone_variants(phrase)} - {""}
    ends = phonetics.line_table().loc[corpus.lines.index]
    hits = ends.index[ends["key"].isin(keys) & (ends["end"] != end_word(phrase))]
    table = line_details_table(corpus, hits).drop_duplicates("text")
    scanned = [scan_line(line, pronunciations) for line in table["text"]]
    matches = [_richest_match(phrase, line) for line in scanned]
    table["rhyme"] = [match.kind for match in matches]
    table["syllables"] = [match.shared_vowels for match in matches]
    table["spans"] = pd.Series(
        [[_ending_span(t, s, m.shared_vowels)] for t, s, m in zip(table["text"], scanned, matches, strict=True)],
        index=table.index,
        dtype=object,
    )
    rank = table["rhyme"].map(KINDS.index)
    apart = [rhyme_filter.verse and has_feminine_ending(line) != has_feminine_ending(phrase) for line in scanned]
    table = table.assign(rank=rank)[(rank >= KINDS.index(rhyme_filter.least)) & ~np.array(apart, bool)]
    table = table.sort_values(["syllables", "rank"], ascending=False, kind="stable")
    return table.drop(columns="rank").reset_index(drop=True)


def ipa_of_text(text: str, pronunciations: Pronunciations) -> str:
    """Return the IPA of a text; "" when no word of it has a pronunciation."""
    return scan_line(text, pronunciations).ipa


def _richest_match(wanted: LineScansion, line: LineScansion) -> Rhyme:
    pairs = [compare_phones(a, b) for a in line_phone_variants(wanted) for b in line_phone_variants(line)]
    return max(pairs, key=lambda rhyme: (KINDS.index(rhyme.kind), rhyme.shared_vowels))


def _ending_span(text: str, line: LineScansion, syllables: int) -> tuple[int, int]:
    """Return the (start, stop) of the last words of a text, as many as are needed for `syllables` syllables."""
    spans = token_spans(blank_adlibs(text))
    at = last = max((i for i, spoken in enumerate(line.spoken) if spoken), default=0)
    word_spans = line.spoken[at]
    while word_spans < syllables and at:
        at -= 1
        word_spans += line.spoken[at]
    start = spans[at].start
    return start + (text[start] == "-"), spans[last].stop  # fais-moi: the hyphen belongs to neither


FAMILIES, FEWEST = 6, 3
MAX_FAMILY_WORDS = 6  # words of a family


def rhyme_families(words: Sequence[str], sounds: Pronunciations) -> list[list[str]]:
    """Return lists of `FEWEST` to `MAX_FAMILY_WORDS` words that rhyme: the theme's `words`, followed by words of the
    corpus.

    The families of the first words come first.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for word in sounds.values():
        if word.syllables:
            families[rhyme_key_of_phones(word.rhymes[0])].append(word.text)
    ordered = list[list[str]]()
    for key in dict.fromkeys(rhyme_key_of_phones(sounds[word].rhymes[0]) for word in words if word in sounds):
        own = [word for word in words if word in sounds and rhyme_key_of_phones(sounds[word].rhymes[0]) == key]
        family = list(dict.fromkeys([*own, *families[key]]))
        if key and len(family) >= FEWEST:
            ordered.append(family[:MAX_FAMILY_WORDS])
    return ordered[:FAMILIES]


MAX_NEIGHBOURS_SEARCHED = 2000  # words, the nearest
MAX_ALTERNATIVES = 12


def word_alternatives(line: str, at: int, vectors: WordVectors, sounds: Pronunciations) -> list[tuple[str, str]]:
    """Return alternatives to word number `at` of a line, as (word, line with it), the nearest in meaning first.

    The line keeps its syllables; its last word must rhyme with the one it replaces by two sounds at least. Empty for a
    word without a vector.
    """
    words = tokenise(line)
    syllables, last = scan_line(line, sounds).syllables.spoken, at == len(words) - 1
    alternatives = list[tuple[str, str]]()
    for word, _ in vectors.nearest(words[at : at + 1], MAX_NEIGHBOURS_SEARCHED):
        if word == words[at] or word not in sounds or sounds[word].syllables != sounds[words[at]].syllables:
            continue
        text = restore_spelling(line, [*words[:at], word, *words[at + 1 :]])
        rhymes = not last or RHYME_KINDS["suffisante"].includes_rhyme(compare_rhyme(words[at], word, sounds))
        if rhymes and scan_line(text, sounds).syllables.spoken == syllables:
            alternatives.append((word, text))
        if len(alternatives) == MAX_ALTERNATIVES:
            break
    return alternatives
