"""The card of a voice: what the portrait says, in three shapes; little to say is a card too."""

import struct
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.analysis.portrait import ArtistPortrait, Rank
from pipeline.publish.canvas import SHAPES, SIZES, to_png
from pipeline.publish.cards import draw_portrait

SVG = "{http://www.w3.org/2000/svg}"
NOTHING = pd.DataFrame({"word": [], "examples": [], "label": [], "longest": []})
FOUND = ArtistPortrait(
    artist="Aube & <Co>", songs=20, albums=1, lines=400, words=4000, types=900, first_year=1996, last_year=2003,
    richness=Rank(70, 69, 71, 1, 24, "1–13"), density=None, typical=pd.DataFrame({"word": ["dépôt", "<tri>"] * 8}),
    rhymes=pd.DataFrame({"examples": [["bébé", "évier", "été"]]}), multis=pd.DataFrame({"longest": [4]}),
    rarest=NOTHING, kinds=NOTHING, near=pd.DataFrame({"label": ["Vieux Compas"]}), couplet=NOTHING,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_portrait_becomes_a_picture_with_its_words(shape: str) -> None:
    svg = draw_portrait(FOUND, "demo", "seize/artist", shape)
    root = ElementTree.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Aube & <Co>, 20 songs, 4,000 words, 1996–2003"
    told = str(root.find(f"{SVG}desc").text)
    for words in (
        "Vocabulary: rank 1–13 of 24",
        "Longest rhyme: 4 syllables",
        "<tri>",
        "bébé, évier",
        "Vieux Compas",
    ):
        assert words in told
    assert struct.unpack(">II", to_png(svg)[16:24]) == SIZES[shape]


def test_a_voice_of_which_little_is_known_has_a_card() -> None:
    bare = replace(FOUND, first_year=None, richness=None, typical=NOTHING, rhymes=NOTHING, multis=NOTHING, near=NOTHING)
    assert to_png(draw_portrait(bare, "demo"))
