"""Cards: readable, escaped, of their size, with every line that fits and its words for a screen reader."""

import struct
from xml.etree import ElementTree

import pytest

from pipeline.language.pronunciations import Pronunciations
from pipeline.publish.canvas import SHAPES, SIZES, outline, shorten_to_width, to_png, width
from pipeline.publish.cards import MAX_LINES, VerseCard, draw_verse
from pipeline.publish.theme import COLOURS, SURFACES, _channels, contrast, readable_colour

LINES = ("Dans la maison", "T'as pas raison", "Je vois la nuit", "Et je m'enfuis")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sounds() -> Pronunciations:
    return Pronunciations()


def fills(svg: str) -> set[str]:
    return {str(path.get("fill")) for path in ElementTree.fromstring(svg).iter(f"{SVG}path")}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_colour_of_text_is_readable(mode: str) -> None:
    ground = _channels(SURFACES["paper"][mode == "dark"])
    for name in COLOURS:
        if name != "rule":
            assert contrast(_channels(readable_colour(name, mode)), ground) >= 4.5


@pytest.mark.parametrize("shape", SHAPES)
def test_a_card_has_its_size_and_its_words(shape: str, sounds: Pronunciations) -> None:
    svg = draw_verse(VerseCard(LINES, "Titre", "Untel, 2020", "AABB", "source", "seize"), sounds, shape)
    root = ElementTree.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Titre, Untel, 2020, 4 lines"
    assert root.find(f"{SVG}desc").text == "\n".join([*LINES, "AABB"])
    png = to_png(svg)
    assert struct.unpack(">II", png[16:24]) == SIZES[shape]


def test_rhymes_have_a_colour_each_in_the_order_they_come(sounds: Pronunciations) -> None:
    svg = draw_verse(VerseCard(LINES), sounds)
    assert {readable_colour("blue"), readable_colour("orange")} <= fills(svg)
    assert readable_colour("green") not in fills(svg)


def test_lines_beyond_the_shape_and_blank_ones_are_left_out(sounds: Pronunciations) -> None:
    root = ElementTree.fromstring(draw_verse(VerseCard(("", *LINES * 9)), sounds, "wide"))
    assert root.find(f"{SVG}title").text == f"{MAX_LINES['wide']} lines"


def test_hostile_text_is_text(sounds: Pronunciations) -> None:
    hostile = '<script>alert(1)</script>"&'
    svg = draw_verse(VerseCard((hostile,), hostile, hostile, hostile, hostile, hostile), sounds)
    known = {f"{SVG}{name}" for name in ("svg", "title", "desc", "rect", "path")}
    assert {element.tag for element in ElementTree.fromstring(svg).iter()} <= known


def test_no_line_leaves_the_paper(sounds: Pronunciations) -> None:
    long = "anticonstitutionnellement " * 8
    assert draw_verse(VerseCard((long, long), long, long, long, long, long), sounds)
    assert width(shorten_to_width(long, 500, "verse", 40), "verse", 40) <= 500
    assert shorten_to_width("court", 500, "verse", 40) == "court"


def test_accents_ligatures_and_foreign_letters_have_outlines() -> None:
    assert outline("œuvre où ça", "verse", 40).path
    assert outline("Łódź", "verse", 40).width > outline("ód", "verse", 40).width  # from the second font
    assert outline("", "verse", 40).width == 0
    assert outline("\u4e16", "verse", 40).path == ""  # no font of ours holds it


def test_an_empty_verse_is_a_card_too(sounds: Pronunciations) -> None:
    assert to_png(draw_verse(VerseCard(()), sounds))
