"""A bracket to close: memory alone solves what is drawn, and the shipped networks do what their table says."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.learn_data import (
    EQUAL,
    INSIDE,
    OUTSIDE,
    SIGN,
    bracket_lines,
    draw_bracketed,
    draw_quotations,
    is_closed_right,
)
from dashboard.lessons import brackets
from dashboard.lessons.brackets import ALPHABET, CLOSE, MAX_LETTERS_BETWEEN, NETWORKS, OPEN
from pipeline.cells.bptt import parameter_count
from pipeline.corpus.store import load_corpus

LINES = ["la nuit tombe sur la ville et je compte les mesures"]


def test_a_batch_opens_and_closes_with_letters_between() -> None:
    ids, mask = draw_bracketed(np.random.default_rng(0), LINES, [3, 7])
    texts = ["".join(ALPHABET[i] for i in row[: length + 2]) for row, length in zip(ids, (3, 7), strict=True)]
    for text, real in zip(texts, mask.sum(axis=1), strict=True):
        assert OPEN.index(text[0]) == CLOSE.index(text[-1])
        assert text[1:-1] in LINES[0]
        assert real == len(text) - 1


def test_lines_are_plain_and_songs_on_one_side() -> None:
    learnt, apart = bracket_lines(load_corpus("demo"))
    assert min(map(len, learnt + apart)) >= MAX_LETTERS_BETWEEN
    assert set("".join(learnt + apart)) <= set(ALPHABET) - set(OPEN + CLOSE)
    assert len(learnt) > 2 * len(apart) > 0


def test_who_remembers_closes_right_and_the_others_are_at_chance() -> None:
    ids = draw_bracketed(np.random.default_rng(5), bracket_lines(load_corpus("demo"))[1], [20] * 200)[0]
    table = pd.read_csv(brackets.SCORES)
    for name in NETWORKS:
        y_hat = brackets.predict(name, brackets.load_network(name), ids[:, :-1])
        closed = is_closed_right(y_hat, ids).mean()
        said = table[(table["model"] == name) & (table["seed"] == 0) & (table["length"] == 20)]["closed_right"].item()
        assert closed == pytest.approx(said, abs=0.12), name  # 200 other tests
    assert table.groupby("model")["seed"].nunique().eq(3).all()
    far = table[table["length"] == MAX_LETTERS_BETWEEN].groupby("model")["closed_right"].mean()
    counted = next(name for name in far.index if "n-gram" in name)
    assert far["LSTM, gates open"] > 0.95
    assert far[counted] < 0.35


def test_whether_one_is_inside_a_quotation_needs_a_state_that_turns() -> None:
    x, y = draw_quotations(np.random.default_rng(0), LINES, 3, 20)
    for row, right in zip(x.tolist(), y.tolist(), strict=True):
        turns = [symbol == SIGN for symbol in row]
        assert right == [INSIDE if sum(turns[: n + 1]) % 2 else OUTSIDE for n in range(len(row))]
    table = pd.read_csv(brackets.QUOTE_SCORES_PATH)
    assert table.groupby("model")["seed"].nunique().eq(3).all()
    far = table[table["letters"] == 2 * MAX_LETTERS_BETWEEN].groupby("model")["right"].mean()
    assert set(far.index) == set(EQUAL)
    assert far["LSTM, gates open"] > 0.95
    assert far[["minGRU", "self-attention"]].between(0.4, 0.6).all()
    size, kinds = len(ALPHABET), [NETWORKS[name] for name in EQUAL]
    counts = [parameter_count(kind.cell, size, kind.n_a, size) for kind in kinds]
    assert max(counts) < 1.02 * min(counts)


def test_a_share_of_every_letter_of_any_line() -> None:
    shares = brackets.closing_probability("LSTM, gates open", "Où ça ? 漢字, j'veux l'œuvre")
    assert len(shares) == len("ou ca j'veux l'oeuvre")
    assert ((shares > 0) & (shares <= 1)).all()
    assert brackets.closing_probability("RNN", "漢").size == 0
