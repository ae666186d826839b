"""The card of a song: its sections, its figures, the stretch that rhymes most densely."""

import struct
from xml.etree import ElementTree

import pandas as pd
import pytest

from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from pipeline.publish.canvas import SHAPES, SIZES, to_png
from pipeline.publish.cards import draw_song, song_card
from pipeline.publish.theme import SECTION_COLOURS, colour
from tests.corpora import make_corpus

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    dull, dense = tuple(Line(f"rien {n}") for n in range(4)), tuple(Line(f"la nuit <{n}>") for n in range(4))
    song = Song("Titre & co", "Aube", (Section("couplet", dull), Section("refrain", dense)), album="", year=2001)
    return make_corpus("mine", [song])


def sounds(corpus: Corpus) -> pd.DataFrame:
    return pd.DataFrame({"rhymed_syllables": [0] * 4 + [2] * 4, "vowels": 3}, index=corpus.lines.index)


def test_a_card_says_what_the_song_holds(corpus: Corpus) -> None:
    card = song_card(corpus, sounds(corpus), 0, "seize/song")
    assert (card.title, card.by, card.source) == ("Titre & co", "Aube, 2001", "Aube · mine")
    assert card.sections == (("couplet", 4), ("refrain", 4))
    assert dict(card.figures)["Rhyme density"] == "33.3%"  # 8 of 24
    assert card.lines == tuple(f"la nuit <{n}>" for n in range(4))


@pytest.mark.parametrize("shape", SHAPES)
def test_its_picture_has_its_size_its_colours_and_its_words(corpus: Corpus, shape: str) -> None:
    svg = draw_song(song_card(corpus, sounds(corpus), 0), Pronunciations(), shape)
    root = ElementTree.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Titre & co, Aube, 2001"
    fills = {rect.get("fill") for rect in root.iter(f"{SVG}rect")}
    assert {colour(SECTION_COLOURS[kind]) for kind in ("couplet", "refrain")} <= fills
    assert struct.unpack(">II", to_png(svg)[16:24]) == SIZES[shape]


def test_a_song_that_is_not_there_is_one_sentence(corpus: Corpus) -> None:
    with pytest.raises(SettingError, match="no song 7"):
        song_card(corpus, sounds(corpus), 7)
