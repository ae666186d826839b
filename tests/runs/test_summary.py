"""One row a run; a run that cannot be opened is a sentence beside the table."""

import dataclasses

import pandas as pd
import pytest

from pipeline.core.errors import RunError
from pipeline.runs.run import load_run
from pipeline.runs.summary import best_comparable_runs, run_summary, runs_by_test_songs, runs_table, validation_curve


def test_a_row_says_what_the_run_says(models):
    run = load_run("mots")
    row = run_summary(run)
    assert (row.name, row.level, row.kind, row.cell, row.units, row.corpus) == (
        "mots",
        "word",
        "network",
        "lstm",
        12,
        "petit",
    )
    assert row.test_bits == run.scores["test"]["bits_per_char"]
    assert row.difference == pytest.approx(100 * (row.test_bits - row.baseline_bits) / row.baseline_bits)
    assert row.perplexity == run.scores["test"]["perplexity"]
    assert row.bytes == sum(path.stat().st_size for path in run.folder.iterdir())


def test_a_damaged_run_is_a_sentence(models):
    (models / "mots" / "model.keras").write_bytes(b"")
    table, problems = runs_table(["lettres", "mots"])
    assert table["name"].tolist() == ["lettres"]
    assert len(problems) == 1
    assert "model.keras" in problems[0]
    assert runs_table([])[0].empty


def test_the_curve(models):
    run = load_run("lettres")
    curve = validation_curve(run)
    assert curve["valid_bits"].tolist() == run.history()["valid_bits"].tolist()
    assert curve["minutes"].tolist() == [seconds / 60 for seconds in run.history()["seconds"]]
    (run.folder / "history.csv").write_text("\n")
    assert validation_curve(run).empty
    (run.folder / "history.csv").write_text("step,seconds\n1,2\n")
    with pytest.raises(RunError, match="history"):
        validation_curve(run)


def test_runs_compare_where_they_were_judged_on_the_same_songs():
    names, kinds = ["a", "b", "c", "d", "e", "f"], ["network", "mixture", "network", "network", "mixture", "network"]
    songs, bits = ["x", "x", "x", "y", "y", "z"], [1.9, 1.5, 1.7, 0.8, 0.9, None]
    table = pd.DataFrame({"name": names, "kind": kinds, "test_songs": songs, "test_bits": bits})
    assert [group["name"].tolist() for group in runs_by_test_songs(table)] == [["b", "c", "a"], ["d", "e"]]
    assert best_comparable_runs(table) == ["c", "a"], "the best two of a kind: not a mixture against a network alone"
    assert best_comparable_runs(table[table["test_songs"] == "y"]) == ["d", "e"]
    assert best_comparable_runs(table[table["name"].isin(["a", "d", "f"])]) == []


def test_test_songs_tell_corpora_apart(models):
    of_corpus, of_other = (run_summary(load_run(name)) for name in ("lettres", "mots"))
    assert of_corpus.test_songs == of_other.test_songs
    run = load_run("lettres")
    other = dataclasses.replace(run, config={**run.config, "corpus": {**run.config["corpus"], "test_songs": ["0"]}})
    assert run_summary(other).test_songs != of_corpus.test_songs
