"""The one file that shows the idea: its songs, counts, cell and gradients are Seize's."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from pipeline.analysis.words.lexicon import key_figures
from pipeline.cells.lstm import LSTM
from pipeline.core.paths import DEMO_SOURCE, ROOT
from pipeline.corpus.prepare import ensure_demo, open_corpus

FILE = ROOT / "docs" / "seize_in_200_lines.py"


@pytest.fixture(scope="module")
def one_file():
    spec = importlib.util.spec_from_file_location("seize_in_200_lines", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_short_and_imports_nothing_of_seize() -> None:
    text = FILE.read_text("utf-8")
    assert len(text.splitlines()) <= 200
    assert "import pipeline" not in text
    assert "from pipeline" not in text


def test_its_counts_are_nearly_those_of_seize(one_file) -> None:
    """Its words are cut by one pattern where Seize has rules: within one in a hundred."""
    ensure_demo()
    figures, ours = key_figures(open_corpus("demo")), one_file.statistics(one_file.read_songs(DEMO_SOURCE))
    assert ours["songs"] == figures.songs
    for name in ("lines", "words"):
        assert ours[name] == pytest.approx(getattr(figures, name), rel=0.01)


def test_its_cell_is_the_cell_forward_and_back(one_file) -> None:
    rng = np.random.default_rng(3)
    n, batch, time = 5, 3, 7
    p = one_file.initial_weights(11, n, rng)
    x, da = rng.normal(size=(2, time, batch, n))
    a = c = np.zeros((batch, n))
    caches, hidden = [], []
    for t in range(time):
        a, c, cache = one_file.step(p, x[t], a, c)
        caches.append(cache)
        hidden.append(a)
    theirs = {f"W{gate}": part.T for gate, part in zip("ifco", np.split(p["W"], 4, 1), strict=True)}
    theirs |= {f"b{gate}": part[:, None] for gate, part in zip("ifco", np.split(p["b"], 4), strict=True)}
    (states, _), their_caches = LSTM.forward(x.transpose(2, 1, 0), theirs, np.zeros((n, batch)))
    np.testing.assert_allclose(np.stack(hidden), states.transpose(2, 1, 0), rtol=1e-12)

    grad = {name: np.zeros_like(value) for name, value in p.items()}
    da_next = dc_next = np.zeros((batch, n))
    for t in reversed(range(time)):
        dx, da_next, dc_next = one_file.step_back(p, da[t] + da_next, dc_next, caches[t], grad)
    expected = LSTM.backward(da.transpose(2, 1, 0), their_caches)
    np.testing.assert_allclose(grad["W"], np.hstack([expected[f"dW{gate}"].T for gate in "ifco"]), rtol=1e-10)
    np.testing.assert_allclose(dx, expected["dx"][:, :, 0].T, rtol=1e-10)
    np.testing.assert_allclose(da_next, expected["da0"].T, rtol=1e-10)


def test_its_gradient_is_the_slope_of_its_loss(one_file) -> None:
    rng = np.random.default_rng(5)
    p = one_file.initial_weights(6, 4, rng)
    x, y = rng.integers(6, size=(2, 3, 8))
    a, c = rng.normal(size=(2, 3, 4))
    _, grad, *_ = one_file.loss_and_gradients(p, x, y, a, c)
    for name, value in p.items():
        at = tuple(int(rng.integers(size)) for size in value.shape)
        losses = []
        for small in (1e-6, -1e-6):
            moved = {**p, name: value.copy()}
            moved[name][at] += small
            losses.append(one_file.loss_and_gradients(moved, x, y, a, c)[0])
        assert grad[name][at] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-7), name


def test_it_trains_and_writes() -> None:
    """Bits a character fall, and what is written begins with the seed."""
    command = [sys.executable, str(FILE), str(DEMO_SOURCE / "kobalt"), "--steps", "100", "--units", "32"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "songs: 20" in out
    assert float(out.split("update   100")[1].split()[0]) < 4.5
    assert out.split("\n\n")[-1].startswith("La nuit")
