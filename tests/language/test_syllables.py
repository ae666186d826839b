"""Syllables of a line, spoken and in verse."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.pronunciations import Pronunciations
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import blank_adlibs

DATA = Path(__file__).parents[1] / "data"
TABLE = Pronunciations()


def counts(text: str) -> tuple[int, int]:
    """(spoken, verse)"""
    found = scan_line(text, TABLE).syllables
    return found.spoken, found.verse


def test_lines_by_ear(rows: Callable[[str], list[list[str]]]) -> None:
    cases = [(text, int(spoken), int(verse)) for text, spoken, verse in rows("sound_lines.tsv")]
    found = [(text, *counts(text), spoken, verse) for text, spoken, verse in cases]
    spoken_off = [abs(got - want) for _, got, _, want, _ in found]
    verse_off = [abs(got - want) for _, _, got, _, want in found]
    wrong = [case for case in found if case[1:3] != case[3:]]
    assert len(cases) >= 80
    assert spoken_off.count(0) >= 0.95 * len(cases), wrong
    assert max(spoken_off) <= 1, wrong
    assert verse_off.count(0) >= 0.95 * len(cases), wrong


def test_harder_lines_by_ear(rows: Callable[[str], list[list[str]]]) -> None:
    """Rap with figures, acronyms and liaisons; lines of poets, which count as their metre."""
    cases = rows("sound_lines_harder.tsv")
    found = [(text, *counts(text), spoken, verse) for text, spoken, verse in cases]
    wrong = [case for case in found if case[1] != int(case[3]) or str(case[2]) not in case[4].split("|")]
    assert len(cases) >= 80
    assert not wrong


@pytest.mark.parametrize(
    ("line", "verse"),
    [
        ("Rodrigue, as-tu du cœur ? Tout autre que mon père", 12),
        ("Et je cherche le calme et le repos des champs", 12),
        ("Ta violence", 4),  # vi-o
        ("Il vient, ce pied de bien des points", 8),  # none of them
        ("Elle-même a souri", 6),
        ("Votre ambition est la mienne", 8),
        ("Ce curieux", 4),
        ("Jusques à quand", 4),
        ("Quelques-unes", 3),
    ],
)
def test_dieresis(line: str, verse: int) -> None:
    assert counts(line)[1] == verse


def test_an_open_glide_is_in_the_range() -> None:
    line = scan_line("C'était hier", TABLE)
    assert line.syllables.maximum == 4  # hi-er, as some poets have it
    assert line.words[-1].certainty < 1
    assert scan_line("le bien", TABLE).words[-1].certainty > 0.95


def test_a_line_written_as_it_is_spoken_makes_no_doubtful_dieresis() -> None:
    hedged, certain = "Il était un' fois quat' mioches", "Il était un' fois la violence"
    assert [counts(line)[1] for line in (hedged, certain)] == [7, 9]  # quat' mioches; vi-o-lence whatever the style
    assert scan_line(hedged, TABLE).syllables.maximum >= 7
    assert counts("Chaq' soir, va-t-en") == (4, 4)


def test_classical_verse() -> None:
    """Lines from the tests of plint 0.1 (PyPI) that ask for no diérèse."""
    cases = json.loads((DATA / "analysis_vectors.json").read_text("utf-8"))["syllables_plint"]["cases"]
    for line in (
        "Je veux, pour composer",
        " chastement mes églogues,",
        "Allez. Après cela direz-vous que je l’aime ?",
        "Qui berce longuement notre esprit enchanté",
        "Qu'avez-vous ? Je n'ai rien. Mais... Je n'ai rien, vous dis-je,",
        "Le navire, doublant le cap de Sainte-Hélène,",
    ):
        assert counts(line)[1] == cases[line], line


@pytest.mark.parametrize(
    ("line", "spoken", "verse"),
    [
        ("quatre murs", 3, 3),  # ka-tre-murs: three consonants would meet
        ("quatre heures", 2, 2),  # elided
        ("la porte fermée", 4, 5),  # la-port'-fer-mée / la-por-te-fer-mée
        ("la haine monte", 3, 4),  # no elision before an aspirated h; none at the end
        ("la honte, la haine", 4, 5),  # la-hon-te-la-haine
        ("une orange", 3, 3),  # u-n(e) o-range
        ("ils parlent ici", 4, 5),  # -ent counts before a vowel
        ("j'suis v'nu", 2, 2),
        ("y a pas", 2, 2),
        ("au revoir", 2, 3),
        ("regarde-moi", 4, 4),
        ("donne-moi", 2, 3),
        ("", 0, 0),
        ("!!!", 0, 0),
    ],
)
def test_rules(line: str, spoken: int, verse: int) -> None:
    assert counts(line) == (spoken, verse)


def test_a_pause_breaks_a_liaison() -> None:
    assert [scan_line(line, TABLE).ipa for line in ("les amis", "les, amis")] == ["lez ami", "le ami"]


def test_range() -> None:
    je_te_le_demande = scan_line("Je te le demande", TABLE).syllables
    assert je_te_le_demande.spoken == 5  # je te le de-mand'
    assert je_te_le_demande.minimum == 3  # j'te l'demand': two e's in a row are not both dropped
    assert je_te_le_demande.maximum == 5


@pytest.mark.parametrize(
    "line",
    ["J'arrive (skrrt)", "J'arrive x2", "J'arrive (x3)", "(Eh) j'arrive", "J'arrive (bis) ×2", "XXX j'arrive [xxx]"],
)
def test_adlibs_are_left_out(line: str) -> None:
    assert counts(line) == (2, 2)


@given(st.text(max_size=60))
def test_no_line_raises_and_counts_are_ordered(text: str) -> None:
    assert len(blank_adlibs(text)) == len(text)
    found = scan_line(text, TABLE).syllables
    assert 0 <= found.minimum <= found.spoken <= found.maximum
    assert found.verse <= found.maximum
