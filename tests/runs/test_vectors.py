"""Word vectors: neighbours and map of a geometry that is known, the files read back, the command."""

import json

import numpy as np
import pandas as pd
import pytest

from pipeline.__main__ import main
from pipeline.core.errors import SettingError
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.run import load_run
from pipeline.runs.vectors import embedding_of, embedding_table, neighbours, project_embedding, to_word2vec, token_id

# est, nord and so on are 4, 5, … by falling count: east, north-east twice as long, north, west, nowhere.
WORDS = Vocabulary.from_counts({"est": 9, "nord-est": 8, "nord": 7, "ouest": 6, "rien": 5}, level="word")
PLACES = np.vstack([np.full((4, 2), 9.0), [[1, 0], [2, 2], [0, 1], [-3, 0], [0, 0]]])


def test_cosine_knows_directions_not_lengths():
    near = neighbours(PLACES, WORDS, 4)
    # cos 45° = 0.7071; north and nowhere have nothing in common with east: 0, the more frequent first
    assert near["token"].tolist() == ["nord-est", "nord", "rien", "ouest"]
    np.testing.assert_allclose(near["cosine"], [0.5**0.5, 0, 0, -1], atol=1e-12)
    assert neighbours(PLACES, WORDS, 4, n=1)["token"].tolist() == ["nord-est"]


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


def test_a_word_as_it_is_typed():
    assert token_id(WORDS, " Nord ") == 6
    for typed in ("sud", "<unk>", "<song>", "", "nord sud"):
        with pytest.raises(SettingError, match="knows"):
            token_id(WORDS, typed)


def test_the_command(models, tmp_path, capsys):
    run = load_run("mots")
    embedding = embedding_of(run)
    assert main(["vectors", "mots", "--word", "Rue", "--neighbours", "3", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found == neighbours(embedding, run.vocabulary, token_id(run.vocabulary, "rue"), 3).to_dict("records")
    assert main(["vectors", "mots"]) == 0
    assert "tokens" in capsys.readouterr().out

    expected = embedding_table(embedding, run.vocabulary)
    read = {"csv": pd.read_csv, "tsv": lambda file: pd.read_csv(file, sep="\t"), "parquet": pd.read_parquet}
    for suffix, reader in read.items():
        file = tmp_path / f"vectors.{suffix}"
        assert main(["vectors", "mots", "--export", str(file)]) == 0
        pd.testing.assert_frame_equal(reader(file), expected, check_dtype=suffix == "parquet")
    assert main(["vectors", "mots", "--export", str(tmp_path / "vectors.txt")]) == 0
    assert (tmp_path / "vectors.txt").read_text("utf-8") == to_word2vec(embedding, run.vocabulary)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["autre"], 1, "There is no model 'autre'"),
        (["mots", "--word", "xylophone"], 2, "xylophone"),
        (["mots", "--neighbours", "0"], 2, "at least 1"),
        (["mots", "--export", "x.pickle"], 2, ".parquet"),
        (["mots", "--export", "nowhere/x.csv"], 1, "could not be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line(models, capsys, arguments, status, says):
    assert main(["vectors", *arguments]) == status
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert says in lines[0]


def test_a_full_disk_leaves_the_file_of_before(models, tmp_path, capsys, request):
    for suffix in ("csv", "parquet", "txt"):
        (tmp_path / f"vectors.{suffix}").write_text("before")
    request.getfixturevalue("full_disk")
    for suffix in ("csv", "parquet", "txt"):
        file = tmp_path / f"vectors.{suffix}"
        assert main(["vectors", "mots-mixed", "--export", str(file)]) == 1
        assert capsys.readouterr().err == f"seize: {file} could not be written: File too large.\n"
        assert file.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"models", "vectors.csv", "vectors.parquet", "vectors.txt"}
