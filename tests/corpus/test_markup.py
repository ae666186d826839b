"""Sections, ad-libs and repeats from text. All lyrics here are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.account import Tally
from pipeline.corpus.markup import parse_sections, read_line
from pipeline.corpus.tags import Tag, read_tag, section_kind_of, split_repeat


@pytest.mark.parametrize(
    ("inside", "tag"),
    [
        ("Couplet 1", Tag("couplet", 1)),
        ("Couplet 1 : X & Y", Tag("couplet", 1, ("X", "Y"))),
        ("Couplet 2 - X", Tag("couplet", 2, ("X",))),
        ("Couplet 2: A, B et C", Tag("couplet", 2, ("A", "B", "C"))),
        ("Couplet 3 (Untel)", Tag("couplet", 3, ("Untel",))),
        ("Couplet 3 par Untel", Tag("couplet", 3, ("Untel",))),
        ("Couplet unique : Untel", Tag("couplet", None, ("Untel",))),
        ("1er couplet", Tag("couplet", 1)),
        ("Couplet II", Tag("couplet", 2)),
        ("Verse 1", Tag("couplet", 1)),
        ("Verse #2: X", Tag("couplet", 2, ("X",))),
        ("Cuplet 1", Tag("couplet", 1)),
        ("COUPLET 3 :", Tag("couplet", 3)),
        ("Refrain", Tag("refrain")),
        ("Refrain x2", Tag("refrain", repeat=2)),
        ("Refrain (*2)", Tag("refrain", repeat=2)),
        ("Refrain 2x", Tag("refrain", repeat=2)),
        ("Refrain (bis)", Tag("refrain", repeat=2)),
        ("Refrain ×3 : Untel", Tag("refrain", None, ("Untel",), 3)),
        ("Hook", Tag("refrain")),
        ("Chorus: Untel", Tag("refrain", None, ("Untel",))),
        ("Pré-refrain", Tag("pré-refrain")),
        ("Pre-Chorus", Tag("pré-refrain")),
        ("PRÉ REFRAIN", Tag("pré-refrain")),
        ("Prerefrain", Tag("pré-refrain")),
        ("Post-refrain", Tag("refrain")),
        ("Pont : Miel & Cendre", Tag("pont", None, ("Miel", "Cendre"))),
        ("Bridge", Tag("pont")),
        ("Intro: Untel", Tag("intro", None, ("Untel",))),
        ("Introduction", Tag("intro")),
        ("Outro", Tag("outro")),
        ("Interlude", Tag("interlude")),
        ("Casey - Couplet 1", Tag("couplet", 1, ("Casey",))),
        ("Casey & Untel : Couplet 2", Tag("couplet", 2, ("Casey", "Untel"))),
        ("Casey (Refrain)", Tag("refrain", None, ("Casey",))),
        ("Jean-Paul - Pont", Tag("pont", None, ("Jean-Paul",))),
        ("Round 1", Tag("couplet", 1)),
        ("Morceau 3", Tag("couplet", 3)),
        ("113", Tag(None, None, ("113",))),
        ("Untel", Tag(None, None, ("Untel",))),
        ("Untel & Unetelle", Tag(None, None, ("Untel", "Unetelle"))),
        ('Paroles de "Titre" ft. Untel', None),
        ("Produit par Untel", None),
        ("Instrumental", None),
        ("?", None),
        ("", None),
        ("bruit de porte", None),
    ],
)
def test_a_tag_is_read_in_each_of_its_spellings(inside: str, tag: Tag | None) -> None:
    assert read_tag(inside) == tag


def test_roman_numbers_go_to_eight() -> None:
    tags = [read_tag(f"Couplet {roman}") for roman in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]]
    assert [tag and tag.number for tag in tags] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_misspelt_kind_has_five_letters_at_least() -> None:
    assert section_kind_of("brige") == "pont"  # bridge: 2 * 5 letters of 5 + 6
    assert section_kind_of("hoks") is None  # hooks, though 2 * 4 of 4 + 5 is above 0.84 too


def test_a_line_that_is_sung_once_is_no_mark_of_a_repeat() -> None:
    assert [split_repeat(line) for line in ("x1", "x2", "bis")] == [("x1", 1), ("", 2), ("", 2)]


def kinds(text: str) -> list[tuple[str, int]]:
    return [(section.kind, len(section.lines)) for section in parse_sections(text)]


def test_lines_before_any_tag_are_a_couplet() -> None:
    assert kinds("un\ndeux\n[Refrain]\ntrois") == [("couplet", 2), ("refrain", 1)]


def test_an_empty_refrain_repeats_the_earlier_one_of_its_kind() -> None:
    text = "[Pré-refrain]\nsous\n[Refrain]\nun\ndeux\n[Couplet 1]\ntrois\n[Pré-refrain]\n[Refrain]\n\n[Outro]"
    sections = parse_sections(text)
    assert [s.kind for s in sections] == ["pré-refrain", "refrain", "couplet", "pré-refrain", "refrain"]
    assert sections[4].lines == sections[1].lines
    assert sections[3].lines == sections[0].lines


def test_an_empty_refrain_before_any_other_leaves_and_is_counted() -> None:
    tally = Tally()
    assert parse_sections("[Refrain]\n[Couplet 1]\nun", tally)[0].kind == "couplet"
    assert tally.rules["tag-empty"].lines == 1


@pytest.mark.parametrize(
    "text",
    [
        "[Refrain]\nun",
        "[Refrain\nun",
        "[Refrain] un",
        "{Refrain}\nun",
        "Refrain :\nun",
        "(Refrain)\nun",
        "REFRAIN\nun",
        "  [ Refrain ] :\nun",
    ],
)
def test_tags_stand_in_many_clothes(text: str) -> None:
    assert kinds(text) == [("refrain", 1)]


def test_lines_that_only_resemble_tags_stay_lines() -> None:
    for line in ("Le refrain est fini", "J'saute du pont", "Pont", "(ouais)", "Fin", "[oh"):
        assert kinds(line) == [("couplet", 1)], line


def test_a_repeat_after_the_bracket_belongs_to_the_section() -> None:
    for text in (
        "[Refrain]x2\nun",
        "[Refrain] (x2)\nun",
        "[Refrain x2]\nun",
        "[Refrain]\nun\n(x2)",
        "[Refrain]\nun\n[x2]",
    ):
        (section,) = parse_sections(text)
        assert (section.repeat, len(section.lines)) == (2, 1), text


def test_a_remark_leaves_and_its_section_goes_on() -> None:
    assert kinds("[Couplet 1]\nun\n[?]\ndeux\n[Produit par Untel]\ntrois") == [("couplet", 3)]


def test_a_performer_alone_is_a_couplet_of_theirs() -> None:
    sections = parse_sections("[Untel]\nun\n[Unetelle]\ndeux")
    assert [(s.kind, s.performers) for s in sections] == [("couplet", ("Untel",)), ("couplet", ("Unetelle",))]


@pytest.mark.parametrize(
    ("written", "text", "repeat"),
    [
        ("On est là (x2)", "On est là", 2),
        ("On est là (×3)", "On est là", 3),
        ("On est là ×3", "On est là", 3),
        ("On est là x2", "On est là", 2),
        ("On est là (bis)", "On est là", 2),
        ("On est là (ter)", "On est là", 3),
        ("On est là [2x]", "On est là", 2),
        ("On est là (4 fois)", "On est là", 4),
        ("On est là (là) (x2)", "On est là (là)", 2),
        ("J'roule en X6", "J'roule en X6", 1),
        ("J'roule en x3", "J'roule en x3", 1),
        ("T'arrives en 4x4", "T'arrives en 4x4", 1),
        ("J'habite au 12 bis", "J'habite au 12 bis", 1),
        ("Né en (x1998)", "Né en (x1998)", 1),
    ],
)
def test_repeat_marks(written: str, text: str, repeat: int) -> None:
    line = read_line(written)
    assert (line.text, line.repeat) == (text, repeat)


@pytest.mark.parametrize(
    ("text", "adlibs"),
    [
        ("J'arrive (skrrt)", ["(skrrt)"]),
        ("(Ouais) j'arrive (ouais)", ["(Ouais)", "(ouais)"]),
        ("(oh (oh) oh) fini", ["(oh (oh) oh)"]),
        ("Une phrase (jamais close", []),
        (") à l'envers (", []),
    ],
)
def test_adlibs_are_spans_of_the_text(text: str, adlibs: list[str]) -> None:
    line = read_line(text)
    assert [line.text[start:stop] for start, stop in line.adlibs] == adlibs


@given(st.text(alphabet="abé ()[]{}x×*23:&\nRefrainCouplt'bis", max_size=200))
def test_any_text_parses_and_its_spans_fit(text: str) -> None:
    for section in parse_sections(text):
        assert section.lines
        assert section.repeat >= 1
        for line in section.lines:
            assert line.text.strip()
            assert 1 <= line.repeat <= 64
            assert all(line.text[a] == "(" and line.text[b - 1] == ")" for a, b in line.adlibs)
