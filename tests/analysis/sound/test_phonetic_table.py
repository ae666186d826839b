"""The phonetic table, made of columns, says of each line what the readers of one line and one section say."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.sound.phonetic_table import PHONETIC_COLUMNS, transcribe_lines
from pipeline.corpus.markup import read_line
from pipeline.corpus.prepare import ensure_demo
from pipeline.corpus.song import Section, Song
from pipeline.corpus.store import load_pronunciations
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scheme import end_word, section_rhyme_scheme
from pipeline.language.section_rhymes import find_section_rhymes
from pipeline.language.syllables import scan_line
from tests.corpora import make_corpus

# pauses, clitics, ad-libs open and closed, words of several pronunciations, silence
SAID = """violence hier les amis 6 mois ombre monde sombre
quatre quatre, murs heures table porte regarde-moi prends-le peut-être y y a avait vas-y au revoir dit-il je
le petit d'l'eau ce que samedi avenue maison raison plus huit tous nuit bruit (yo) (skrrt [là] x2 XXX … … » hm é"""


def read_one_by_one(corpus: Corpus, sounds: Pronunciations) -> pd.DataFrame:
    """The table as `scan_line`, `section_rhyme_scheme` and `find_section_rhymes` have it."""
    rows = []
    for _, texts in corpus.texts.groupby(corpus.lines["section"], sort=False):
        lines = [scan_line(text, sounds) for text in texts]
        scheme, found = section_rhyme_scheme(lines), find_section_rhymes(lines)
        for at, (line, marks) in enumerate(zip(lines, found.rhymed_vowel_mask(), strict=True)):
            sites = [site for site in found.sites if site.line == at]
            group, assonance = (-1 if of[at] is None else of[at] for of in (scheme.groups, scheme.assonances))
            longest = max((site.syllables for site in sites), default=0)
            internal = sum(not site.is_end for site in sites)
            end = (scheme.keys[at], end_word(line), group, assonance)
            assonant = sum(marks) + (assonance >= 0 and len(marks) > 0 and not any(site.is_end for site in sites))
            rows.append((*line.syllables, *end, sum(marks), assonant, len(marks), longest, internal))
    return pd.DataFrame(rows, columns=list(PHONETIC_COLUMNS), index=corpus.lines.index)


def assert_read_alike(corpus: Corpus, sounds: Pronunciations) -> None:
    table = transcribe_lines(corpus, sounds)
    assert table.index.equals(corpus.lines.index)
    pd.testing.assert_frame_equal(table, read_one_by_one(corpus, sounds).astype(table.dtypes.to_dict()))


@pytest.fixture(scope="module")
def known() -> Pronunciations:
    table = Pronunciations()
    table.transcribe_missing_in_lines([SAID])
    return table


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.lists(st.sampled_from(SAID.split()), max_size=9).map(" ".join), max_size=8), max_size=3))
def test_lines_of_all_kinds(known: Pronunciations, sections: list[list[str]]) -> None:
    parts = (tuple(read_line(text) for text in lines if text) for lines in sections)
    first = Section("intro", (read_line("Samedi soir"),))
    songs = [Song("Un", "Aube", (first, *(Section("couplet", lines) for lines in parts if lines)))]
    assert_read_alike(make_corpus("mixed", songs), known)


def test_the_share_of_lines_done_grows_from_none_to_all(known: Pronunciations) -> None:
    shares = list[float]()
    line = Section("couplet", (read_line("Samedi soir"),))
    transcribe_lines(make_corpus("short", [Song("Un", "Aube", (line,))]), known, shares.append)
    assert (shares[0], shares[-1]) == (0, 1)
    assert shares == sorted(shares)


def test_one_vowel_at_the_beginning_of_two_lines_is_chance(known: Pronunciations) -> None:
    corpus = make_corpus(
        "o", [Song("Un", "Aube", (Section("couplet", tuple(map(read_line, ("Eau verte", "Haut lieu")))),))]
    )
    assert transcribe_lines(corpus, known)["internal"].tolist() == [0, 0]
    assert_read_alike(corpus, known)


@pytest.mark.slow
def test_songs_as_they_are() -> None:
    demo = ensure_demo()
    assert_read_alike(demo.where(songs=demo.songs.index[::9].tolist()), load_pronunciations("demo"))


def test_words_that_nobody_knows_are_transcribed() -> None:
    corpus = make_corpus("small", [Song("Un", "Aube", (Section("couplet", (read_line("La nuit (fin x2"),)),))])
    assert transcribe_lines(corpus, Pronunciations())["key"].tolist() == ["i"]
