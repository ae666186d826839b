"""What cards to share hold: a song, an artist, and how lines rhyme."""

from dataclasses import replace

import pandas as pd
import pytest

from dashboard.components.frame.share import rhymed_lines
from dashboard.queries.cards import portrait_card, song_card
from pipeline.analysis.portrait import ArtistPortrait, Rank
from pipeline.core.errors import SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.corpus.table import Corpus
from pipeline.language.pronunciations import Pronunciations
from tests.corpora import make_corpus

NOTHING = pd.DataFrame({"word": [], "examples": [], "label": [], "longest": []})
PORTRAIT = ArtistPortrait(
    artist="Aube & <Co>", songs=20, albums=1, lines=400, words=4000, types=900, first_year=1996, last_year=2003,
    richness=Rank(70, 69, 71, 24, "1–13"), density=None, typical=pd.DataFrame({"word": ["dépôt", "<tri>"]}),
    rhymes=pd.DataFrame({"examples": [["bébé", "évier", "été"]]}), multis=pd.DataFrame({"longest": [4]}),
    rarest=NOTHING, kinds=NOTHING, near=pd.DataFrame({"label": ["Vieux Compas"]}), couplet=NOTHING,
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    dull, dense = tuple(Line(f"rien {n}") for n in range(4)), tuple(Line(f"la nuit <{n}>") for n in range(4))
    song = Song("Titre & co", "Aube", (Section("couplet", dull), Section("refrain", dense)), album="", year=2001)
    return make_corpus("mine", [song])


def test_a_song_has_its_sections_its_figures_and_its_densest_lines(corpus: Corpus) -> None:
    sounds = pd.DataFrame({"rhymed_syllables": [0] * 4 + [2] * 4, "vowels": 3}, index=corpus.lines.index)
    card = song_card(corpus, sounds, 0, "seize/song")
    assert (card.title, card.by, card.source, card.address) == ("Titre & co", "Aube, 2001", "Aube · mine", "seize/song")
    assert card.sections == (("couplet", 4), ("refrain", 4))
    assert dict(card.figures)["Rhyme density"] == "33.3%"  # 8 of 24
    assert card.lines == tuple(f"la nuit <{n}>" for n in range(4))
    with pytest.raises(SettingError, match="no song 7"):
        song_card(corpus, sounds, 7)


def test_a_portrait_has_sizes_ranks_and_words() -> None:
    card = portrait_card(PORTRAIT, "demo", "seize/artist")
    assert (card.title, card.by) == ("Aube & <Co>", "20 songs, 4,000 words, 1996–2003")
    assert card.figures == (("Vocabulary", "rank 1–13 of 24"), ("Longest rhyme", "4 syllables"))
    assert [words for _, words, _ in card.words] == [("dépôt", "<tri>"), ("bébé, évier",), ("Vieux Compas",)]


def test_an_artist_of_whom_little_is_known_has_a_card() -> None:
    bare = replace(
        PORTRAIT, first_year=None, richness=None, typical=NOTHING, rhymes=NOTHING, multis=NOTHING, near=NOTHING
    )
    card = portrait_card(bare, "demo")
    assert card.by == "20 songs, 4,000 words"
    assert not card.figures
    assert not any(words for _, words, _ in card.words)


def test_end_rhymes_are_spans_with_their_group() -> None:
    lines = rhymed_lines(["Dans la maison", "T'as pas raison", "Je vois la nuit"], Pronunciations())
    assert [line["rhymes"] for line in lines] == [[(5, 14, 0)], [(5, 15, 0)], []]
    assert [line["syllables"] for line in lines] == [4, 4, 4]
