"""A run that starts from another: its tokens keep what the base knew of them, and a base that does not fit is told."""

import dataclasses

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.core.errors import RunError, SettingError
from pipeline.corpus.song import Line, Section, Song
from pipeline.language.vocabulary import Vocabulary
from pipeline.runs.archive import export_run, import_run
from pipeline.runs.run import load_run
from pipeline.training.base import inherit_base_architecture, open_base, transfer_weights
from pipeline.training.settings import TrainSettings
from pipeline.training.train import train
from tests.corpora import make_corpus
from tests.small_corpus import made_song, small_settings


@pytest.fixture(scope="module")
def exclaiming():
    """The songs of the small corpus with a sign that its runs never saw."""
    songs = []
    for number in range(20):
        song = made_song(number)
        sections = [
            Section(section.kind, tuple(Line(f"{line.text} ♪") for line in section.lines)) for section in song.sections
        ]
        songs.append(Song(song.title, song.artist, tuple(sections)))
    return make_corpus("notes", songs)


@pytest.mark.slow
@pytest.mark.parametrize("tied", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["untied", "tied"])
def test_what_both_know_is_the_bases_and_the_rest_is_fresh(models, small_corpus, tied):
    train(small_corpus, small_settings(name="sol", kind="network", tied=tied, units=8, embedding=6))
    base = open_base("sol")
    known = [token for token in base.vocabulary.index2word[4:] if token != "a"]
    vocabulary = Vocabulary.from_counts(dict.fromkeys(["♪", *known], 2), level="char")
    rng = np.random.default_rng(0)
    spec = dataclasses.replace(base.spec, vocabulary_size=len(vocabulary))
    fresh = [rng.normal(size=shape).astype(np.float32) for shape in spec.weight_shapes()]
    weights = transfer_weights(base, vocabulary, fresh)
    assert [array.shape for array in weights] == spec.weight_shapes()
    for token in known:
        here, there = vocabulary.word2index[token], base.vocabulary.word2index[token]
        np.testing.assert_array_equal(weights[0][here], base.weights[0][there])
        assert weights[-1][here] == base.weights[-1][there]
        if not tied:
            np.testing.assert_array_equal(weights[-2][:, here], base.weights[-2][:, there])
    unknown = vocabulary.word2index["♪"]
    np.testing.assert_array_equal(weights[0][unknown], fresh[0][unknown])
    assert weights[-1][unknown] == base.weights[-1].min()
    np.testing.assert_array_equal(weights[2], base.weights[2])


@pytest.mark.slow
def test_a_run_from_a_base_begins_with_what_it_knows(models, small_corpus, exclaiming):
    train(small_corpus, small_settings(name="socle", kind="network", steps=150, units=24, learning_rate=0.02))
    short = {"steps": 4, "validations": 1, "units": 24, "kind": "network"}
    afresh = train(exclaiming, small_settings(name="seul", **short))
    based = train(exclaiming, small_settings(name="appuye", **short, base="socle", learning_rate=1e-3))
    assert based.config["training"]["best_bits"] < afresh.config["training"]["best_bits"] - 1
    assert based.config["base"] == {"name": "socle", "checksum": load_run("socle").config["files"]["model.keras"]}
    assert "It starts from the model `socle`" in based.card()
    assert "♪" in based.vocabulary.word2index


@pytest.mark.slow
def test_an_archive_names_the_base(models, small_corpus, exclaiming, tmp_path):
    run = train(exclaiming, small_settings(name="appuye", base="lettres", steps=2, validations=1, units=None))
    file = tmp_path / "appuye.zip"
    export_run(run, file)
    assert import_run(file, "venu").config["base"] == run.config["base"]


def test_the_base_gives_the_network(models):
    base = open_base("lettres")
    chosen = inherit_base_architecture(TrainSettings(name="x", base="lettres"), base)
    assert (chosen.units, chosen.embedding, chosen.cell) == (12, 6, "lstm")
    less = inherit_base_architecture(TrainSettings(name="x", base="lettres", dropout=0.2), base).with_defaults(1000)
    assert (less.dropout, less.recurrent_dropout, less.averaging) == (0.2, 0.1, 0.995)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"level": "word"}, "level char"),
        ({"cell": "gru"}, "cell lstm"),
        ({"units": 99}, "units 12"),
        ({"layers": 2}, "layers 1"),
        ({"kind": "ngram"}, "An n-gram has no network"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_base_that_does_not_fit_is_one_sentence(models, changes, says):
    with pytest.raises(SettingError, match=says):
        inherit_base_architecture(TrainSettings(name="x", base="lettres", **changes), open_base("lettres"))


def test_a_base_without_network_or_none_at_all(models, small_corpus, capsys):
    train(small_corpus, small_settings(name="compte", kind="ngram"))
    with pytest.raises(RunError, match="it has no network"):
        open_base("compte")
    assert main(["train", "demo", "--from", "nulle-part"]) == 1
    assert "nulle-part" in capsys.readouterr().err
