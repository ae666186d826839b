"""Stanzas of two songs: the border between them is where they hold together least."""

import numpy as np

from pipeline.corpus.readers.song_borders import find_songs, part_weights

PORT = ["Les grues du port tournent dans le brouillard\nLe bateau part", "Quai nord, quai sud, la marée monte le soir"]
STREET = ["Le bitume chauffe devant le hall du quartier\nLe bus est parti", "Les voitures dorment, le quartier veille"]
SONGS = [PORT[0], PORT[1], PORT[0], STREET[0], STREET[1], STREET[0]]


def test_lines_that_recur_hold_stanzas_together() -> None:
    weights = part_weights(SONGS)
    assert weights.shape == (5,)
    assert np.argmax(weights) == 2


def test_few_stanzas_have_few_borders() -> None:
    assert part_weights([]).shape == (0,)
    assert part_weights(["la mer"]).shape == (0,)
    assert np.isfinite(part_weights(["", ""])).all()


def test_a_long_text_without_signs_is_cut_between_refrains() -> None:
    """Ten songs of some 460 words, each with a refrain of its own, nothing but blank lines between their stanzas."""
    songs = []
    for name in "abcdefghij":
        refrain = "".join(f"refrain{name}{letter} encore une fois on chante\n" for letter in "abcd")
        words = " ".join(f"mot{name}{letter}{letter}" for letter in "abcdefghijklmnopqrst" * 5)
        couplets = [f"{words} couplet{letter}\n" for letter in "abcd"]
        songs.append("\n".join(text for couplet in couplets for text in (couplet, refrain)))
    text = "\n".join(songs)
    starts = [text.index(song) for song in songs]
    spans = find_songs(text)
    assert [span.start for span in spans] == starts
    assert {span.extent for span in spans} == {"pseudo"}
