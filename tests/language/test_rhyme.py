"""Rhymes of two ends, rhyming sites of a section, the rhyming dictionary, the command line's dictionaries."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.ipa import vowels_of
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import PERFECT_KIND_NAMES, compare_phones, compare_rhyme, has_feminine_ending, rhyme_key
from pipeline.language.rhyme_index import RhymeIndex, rhyme_index_by_last_vowel
from pipeline.language.scansion import compare_rhyme as rhyme_comparison
from pipeline.language.scansion import scan_text_lines, transcribe_words_as_rows
from pipeline.language.section_rhymes import RhymeSpan, find_section_rhymes, rhyme_spans, vowel_offset
from pipeline.language.syllables import scan_line

Rows = Callable[[str], list[list[str]]]
TABLE = Pronunciations()


def test_pairs_by_ear(rows: Rows, table: Pronunciations) -> None:
    cases = [(a, b, kinds.split("|")) for a, b, kinds in rows("sound_pairs.tsv")]
    found = [(a, b, compare_rhyme(a, b, table).kind, kinds) for a, b, kinds in cases]
    wrong = [case for case in found if case[2] not in case[3]]
    binary = [
        case
        for case in found
        if (case[2] in PERFECT_KIND_NAMES) not in {kind in PERFECT_KIND_NAMES for kind in case[3]}
    ]
    assert len(cases) >= 100
    assert len(wrong) <= 0.03 * len(cases), wrong
    assert len(binary) <= 0.01 * len(cases), binary


def test_harder_pairs_by_ear(rows: Rows, table: Pronunciations) -> None:
    """Near rhymes, assonances, contre-assonances; what the ear calls alike and what it does not."""
    cases = [(a, b, kinds.split("|")) for a, b, kinds in rows("sound_pairs_harder.tsv")]
    wrong = [(a, b, found, kinds) for a, b, kinds in cases if (found := compare_rhyme(a, b, table).kind) not in kinds]
    assert len(cases) >= 150
    assert len(wrong) <= 0.02 * len(cases), wrong


@pytest.mark.parametrize(
    ("a", "b", "today", "in_verse"),
    [
        ("hiver", "arriver", "assonance", "leonine"),  # rime normande
        ("cher", "marcher", "assonance", "suffisante"),
        ("amer", "aimer", "assonance", "suffisante"),
        ("si cher", "lui reprocher", "assonance", "suffisante"),
        ("dans l'air", "parler", "assonance", "suffisante"),
        ("l'enfer", "triompher", "assonance", "suffisante"),
        ("la mer", "fer", "suffisante", "suffisante"),
        ("du sens", "innocents", "assonance", "suffisante"),
        ("mon fils", "ennemis", "assonance", "pauvre"),
        ("bus", "vendus", "assonance", "assonance"),
        ("fils", "ami", "assonance", "assonance"),
        ("parler", "la mer", "assonance", "assonance"),
        ("le président", "rapide", "none", "none"),  # "ils président" is nobody's line end
        ("parent", "départ", "none", "none"),
        ("content", "la honte", "none", "none"),
        ("françois", "anglais", "none", "none"),
    ],
)
def test_what_verse_rhymes_and_rap_does_not(a: str, b: str, today: str, in_verse: str, table: Pronunciations) -> None:
    assert (compare_rhyme(a, b, table).kind, compare_rhyme(a, b, table, verse=True).kind) == (today, in_verse)
    assert compare_rhyme(b, a, table, verse=True).kind == in_verse


def test_in_verse_feminine_ends_rhyme_with_none_but_their_like(table: Pronunciations) -> None:
    assert compare_rhyme("l'épée", "mérité", table).kind == "pauvre"
    assert compare_rhyme("l'épée", "mérité", table, verse=True).kind == "assonance"
    assert compare_rhyme("l'épée", "coupée", table, verse=True).kind == "suffisante"


def test_likeness_is_graded(table: Pronunciations) -> None:
    likeness = [compare_rhyme("ombre", other, table).similarity for other in ("sombre", "monde", "ronce", "table")]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] >= 0.8 > likeness[1] > 0.6 > likeness[2] > likeness[3]


def test_multis_by_ear(rows: Rows, table: Pronunciations) -> None:
    cases = [(a, b, int(vowels)) for a, b, vowels in rows("sound_multis.tsv")]
    wrong = [case for case in cases if compare_rhyme(*case[:2], table).shared_vowels != case[2]]
    assert len(cases) >= 15
    assert not wrong


@pytest.mark.parametrize(
    ("a", "b", "kind", "phones", "vowels"),
    [
        ("ami", "fini", "pauvre", 1, 1),  # i
        ("vie", "envie", "suffisante", 2, 1),  # v-i
        ("porte", "morte", "riche", 3, 1),  # ɔ-ʁ-t
        ("maison", "raison", "leonine", 3, 2),  # ɛ-z-ɔ̃
        ("vivre", "libre", "near", 1, 1),  # the ʁ is shared, the coda is not
        ("fou", "feu", "none", 0, 0),
        ("vers", "verre", "riche", 3, 1),  # homophones rhyme
        ("toi", "toi", "none", 3, 1),  # a word with itself does not
        ("Toi !", "toi", "none", 3, 1),
        ("plus", "vu", "pauvre", 1, 1),  # ply
        ("plus", "bus", "suffisante", 2, 1),  # plys
        ("", "toi", "none", 0, 0),
    ],
)
def test_definition(a: str, b: str, kind: str, phones: int, vowels: int, table: Pronunciations) -> None:
    assert compare_rhyme(a, b, table)[:3] == (kind, phones, vowels)


@given(st.text("aeiouɛɔtʁlsj", max_size=8), st.text("aeiouɛɔtʁlsj", max_size=8))
def test_rhyme_is_symmetric(a: str, b: str) -> None:
    assert compare_phones(tuple(a), tuple(b)) == compare_phones(tuple(b), tuple(a))


def test_key_is_the_last_vowel_and_its_coda(table: Pronunciations) -> None:
    assert rhyme_key(scan_line("dans la rue sombre (hey)", table)) == "ɔ̃bʁ"
    assert rhyme_key(scan_line("que dis-je", table)) == "i"  # -je leans on dis
    assert rhyme_key(scan_line("", table)) == ""
    assert rhyme_key(scan_line("j'en ai plus", table)) == "y"  # as it is usually said


def sites(lines: list[str], table: Pronunciations) -> list[tuple[int, str, int, bool]]:
    """(group, word, syllables, whether it ends its line) of each rhyming site."""
    scanned = [scan_line(line, table) for line in lines]
    return [
        (site.group, scanned[site.line].words[site.word].text, site.syllables, site.is_end)
        for site in find_section_rhymes(scanned).sites
    ]


def test_echoes_inside_and_at_the_end(table: Pronunciations) -> None:
    assert sites(["Quand la police passe, la justice casse", "Je ramasse"], table) == [
        (0, "police", 1, False),
        (1, "passe", 2, False),  # i-a: police passe, justice casse
        (0, "justice", 1, False),
        (1, "casse", 2, True),
        (1, "ramasse", 1, True),
    ]


def test_multis_cross_words(table: Pronunciations) -> None:
    found = sites(["J'ai pas le temps", "Mais va devant"], table)
    assert found == [(0, "temps", 4, True), (0, "devant", 4, True)]  # e a ə ɑ̃, twice


def test_a_match_stops_at_a_word_against_itself(table: Pronunciations) -> None:
    found = sites(["J'ai pas le temps", "Mais pas devant"], table)
    assert found == [(0, "temps", 2, True), (0, "devant", 2, True)]  # ə ɑ̃; pas is pas


def test_a_repeated_word_is_no_echo(table: Pronunciations) -> None:
    assert sites(["Toujours la rue", "Encore la rue"], table) == []


WORDS = ("temps", "tant", "autant", "devant", "nuit", "bruit", "ami", "rue", "vue", "jour", "tour", "plus", "tous")


@given(st.lists(st.lists(st.sampled_from((*WORDS, "boxer", "mixer")), max_size=4).map(" ".join), max_size=4))
def test_the_vowels_of_a_section_are_those_of_its_words_as_usually_said(lines: list[str]) -> None:
    scanned = [scan_line(line, TABLE) for line in lines]
    expected = [tuple(vowel for word in line.words for vowel in vowels_of(word.phones)) for line in scanned]
    assert find_section_rhymes(scanned).vowels == expected


ENDINGS = [("ɑ̃",), ("t", "ɑ̃"), ("i",), ("ɥ", "i"), ("y",), ("ʁ", "y"), ("d", "e", "v", "ɑ̃"), ("u", "ʁ")]


def test_words_of_an_ending_are_those_found_by_looking_at_each() -> None:
    """The binary search over reversed phones against its definition."""
    spoken = Pronunciations.from_words(WORDS)
    index = RhymeIndex.from_pronunciations(spoken.look_up(list(spoken)), {})
    for ending in ENDINGS:
        expected = [w.text for w in spoken.values() for phones in w.rhymes if phones[-len(ending) :] == ending]
        assert sorted(index.words_ending_in(ending)) == sorted(expected)
    assert set(index.words_ending_in(("t", "ɑ̃"))) == {"tant", "temps", "autant"}


def test_density_by_hand(table: Pronunciations) -> None:
    lines = [scan_line(line, table) for line in ("J'ai pas le temps", "Mais va devant", "Hier")]
    assert find_section_rhymes(lines).density() == pytest.approx(8 / 9)  # 4 + 4 of 4 + 4 + 1
    assert find_section_rhymes([]).density() == 0


def test_spans_point_at_the_text_as_written(table: Pronunciations) -> None:
    lines = ["(Eh) Ma maison", "Ta RAISON !"]
    spans = rhyme_spans(lines, table)
    assert spans == [RhymeSpan(0, 5, 14, 0, 3, "end", 3), RhymeSpan(1, 0, 9, 0, 3, "end", 3)]
    assert [lines[span.line][span.start : span.stop] for span in spans] == ["Ma maison", "Ta RAISON"]
    assert vowel_offset("maison", 1, 2) == 4
    assert vowel_offset("monsieur", 1, 7) == 0


def test_index(table: Pronunciations) -> None:
    words = Pronunciations.from_words(["raison", "prison", "nuit", "saison", "toison", "l'"])
    index = RhymeIndex.from_pronunciations(words.look_up(list(words)), {"raison": 1, "saison": 5})
    found = index.find_rhymes("maison", words)
    assert [(entry.word, entry.kind, entry.frequency) for entry in found] == [
        ("saison", "leonine", 5),
        ("raison", "leonine", 1),
        ("prison", "suffisante", 0),
        ("toison", "suffisante", 0),
    ]
    assert [entry.word for entry in index.find_rhymes("maison", words, least="riche")] == ["saison", "raison"]
    assert index.find_rhymes("maison", words, syllables=[1]) == []
    assert index.find_rhymes("", words) == []
    assert set(index.words_ending_in(("e", "z", "ɔ̃"))) == {"raison", "saison"}


def test_an_index_of_one_vowel_has_its_words_as_the_index_of_all() -> None:
    words = ["raison", "prison", "nuit", "plus", "tous", "pont"]
    table = Pronunciations.from_words(words)
    index, whole = (
        rhyme_index_by_last_vowel(table.look_up(words), {"pont": 3}),
        RhymeIndex.from_pronunciations(table.look_up(list(table)), {"pont": 3}),
    )
    for text, vowel in (("maison", "ɔ̃"), ("rue", "y"), ("fou", "u"), ("bruit", "i")):
        assert index(vowel).find_rhymes(text, table, least="near") == whole.find_rhymes(text, table, least="near")
    assert index("y").find_rhymes("puce", table)[0].word == "plus", "said plys too"
    assert (len(index("ɔ̃")), index("ɔ̃").frequency("pont"), index("ɔ̃").frequency("plus")) == (3, 3, 0)
    assert len(index("œ")) == 0


def test_the_command_lines_dictionaries(table: Pronunciations) -> None:
    assert transcribe_words_as_rows(["c'qu'il"]) == [
        {"word": "c'qu'il", "ipa": "skil", "source": "lexicon", "others": ""}
    ]
    assert rhyme_comparison("amour", "toujours", table) == {
        "a": "amour",
        "b": "toujours",
        "kind": "suffisante",
        "shared_phones": 2,
        "shared_vowels": 1,
        "similarity": 0.808,
        "near_vowels": 1,
    }
    text = ["[Couplet 1]", "Sous la lune", "Pas une thune (hey)", "", "J'suis v'nu", ""]
    found = list(scan_text_lines(text, table))
    assert [row["scheme"] for row in found] == ["A", "A", "X"]  # the third is another section
    assert found[2] == {
        "text": "J'suis v'nu",
        "syllables_spoken": 2,
        "syllables_verse": 2,
        "verse_certainty": 0.996,
        "syllables_min": 2,
        "syllables_max": 2,
        "ipa": "ʒsɥi vny",
        "rhyme_key": "y",
        "scheme": "X",
        "reading": "X",
    }
    json.dumps(found)
    assert rhyme_comparison("l'épée", "mérité", table, verse=True)["kind"] == "assonance"


def test_a_text_in_verse_reads_its_brackets_and_parts_its_genders(table: Pronunciations) -> None:
    lines = ["Mon âme (car encor ce beau nom te demeure)", "Il faut que la vertu meure", "J'ai mérité", "Ton épée"]
    rap, verse = (list(scan_text_lines(lines, table, verse=each)) for each in (False, True))
    assert [row["syllables_verse"] for row in (rap[0], verse[0])] == [2, 12]
    assert [row["scheme"] for row in rap] == ["X", "X", "A", "A"]
    assert [row["scheme"] for row in verse] == ["A", "A", "X", "X"]
    later = list(scan_text_lines(["Un", "", "J'ai mérité", "Ton épée"], table))
    assert [row["scheme"] for row in later] == ["X", "A", "A"], "whatever stands before"


@given(st.lists(st.text(max_size=25), max_size=6))
def test_no_text_raises(lines: list[str]) -> None:
    table = Pronunciations()
    list(scan_text_lines(lines, table))
    for span in rhyme_spans(lines, table):
        assert 0 <= span.start < span.stop <= len(lines[span.line])
    compare_rhyme("".join(lines), "nuit", table)


@pytest.mark.parametrize("last", ["table", "vie", "ami", "vraiment", "parlent"])
@pytest.mark.parametrize("first", ["table", "ami", "vraiment", "parlent"])
def test_an_ending_is_that_of_the_last_word(first: str, last: str) -> None:
    alone, after = (scan_line(text, TABLE) for text in (last, f"{first} {last}"))
    assert has_feminine_ending(after) == has_feminine_ending(alone) == (last in ("table", "vie", "parlent"))
