"""Word vectors: neighbours and map of a geometry that is known, their table, the file of word2vec read back."""

import numpy as np
import pytest

from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.vectors import embedding_table, nearest_tokens, project_embedding, to_word2vec

# est, nord and so on are 4, 5, … by falling count: east, north-east twice as long, north, west, nowhere.
WORDS = Vocabulary.from_counts({"est": 9, "nord-est": 8, "nord": 7, "ouest": 6, "rien": 5}, level="word")
PLACES = np.vstack([np.full((4, 2), 9.0), [[1, 0], [2, 2], [0, 1], [-3, 0], [0, 0]]])


def test_cosine_knows_directions_not_lengths():
    near = nearest_tokens(PLACES, WORDS, 4)
    # cos 45° = 0.7071; north and nowhere have nothing in common with east: 0, the more frequent first
    assert near["token"].tolist() == ["nord-est", "nord", "rien", "ouest"]
    np.testing.assert_allclose(near["cosine"], [0.5**0.5, 0, 0, -1], atol=1e-12)
    assert nearest_tokens(PLACES, WORDS, 4, n=1)["token"].tolist() == ["nord-est"]


def test_the_map_of_points_in_a_plane_keeps_their_distances():
    # Five points of a plane, turned into three dimensions by an orthogonal pair of vectors: the map loses nothing.
    plane = np.array([[2, 1, 2], [-2, 2, 1]]) / 3
    table, held = project_embedding(PLACES @ plane, WORDS)
    assert held == pytest.approx(1)
    assert table["token"].tolist() == list(WORDS.index2word[4:])
    assert table["count"].tolist() == [9, 8, 7, 6, 5]
    points, places = table[["x", "y"]].to_numpy(), PLACES[4:]
    np.testing.assert_allclose(_distances(points), _distances(places), atol=1e-12)
    assert table["x"].var() >= table["y"].var()
    assert (points[np.abs(points).argmax(0), [0, 1]] > 0).all()
    flipped, _ = project_embedding(-PLACES @ plane, WORDS)
    np.testing.assert_allclose(np.abs(flipped["x"]), np.abs(table["x"]), atol=1e-12)


def _distances(points):
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def test_a_map_of_a_few_or_of_one_direction():
    # 1, -3 and 0 on a line, their mean -2/3: 5/3, -7/3, 2/3; the largest is turned to be positive
    table, held = project_embedding(PLACES[:, :1], WORDS, np.array([4, 7, 8], np.int32))
    assert held == pytest.approx(1)
    np.testing.assert_allclose(table[["x", "y"]], [[-5 / 3, 0], [7 / 3, 0], [-2 / 3, 0]], atol=1e-12)


def test_word2vec_text_is_read_back():
    words = Vocabulary.from_counts({" ": 3, "é": 2, "\u00a0": 1}, level="char")
    vectors = np.arange(14).reshape(7, 2) / 3
    assert to_word2vec(vectors, words).splitlines() == ["1 2", "é 3.33333 3.66667"]
    rows = [line.split(" ") for line in to_word2vec(PLACES, WORDS).splitlines()]
    assert rows[0] == ["5", "2"]
    assert [row[0] for row in rows[1:]] == list(WORDS.index2word[4:])
    np.testing.assert_array_equal(np.array([row[1:] for row in rows[1:]], float), PLACES[4:])


def test_the_table_holds_each_token_with_its_place_and_its_vector():
    table = embedding_table(PLACES, WORDS)
    assert list(table) == ["token", "count", "x", "y", "v0", "v1"]
    np.testing.assert_array_equal(table[["v0", "v1"]], PLACES[4:])
