"""Numbers of CS231n (Stanford) and of a public variant of it. Inputs are evenly spaced: no generator to agree on.

Its rows are examples and its kernels are laid out as Keras's, so they come through `layout`.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.cells import lstm, rnn
from pipeline.cells.activations import Array
from pipeline.cells.registry import CELLS
from pipeline.verify.printed import Printed, draw


def _evenly_spaced(low: float, high: float, *shape: int) -> Array:
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape)


def cs231n_rnn_step() -> Iterator[Printed]:
    x, h = _evenly_spaced(-0.4, 0.7, 3, 10), _evenly_spaced(-0.2, 0.5, 3, 4)
    p = CELLS["rnn"].from_keras(
        _evenly_spaced(-0.1, 0.9, 10, 4), _evenly_spaced(-0.3, 0.7, 4, 4), _evenly_spaced(-0.2, 0.4, 4)
    )
    a, _ = rnn.rnn_cell_forward(x.T, h.T, p)
    yield Printed(
        "CS231n rnn_step_forward",
        a.T,
        [
            [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
            [0.66854692, 0.79562378, 0.87755553, 0.92795967],
            [0.97934501, 0.99144213, 0.99646691, 0.99854353],
        ],
    )


def _cs231n_lstm(kernel: Array, recurrent_kernel: Array, bias: Array) -> dict[str, Array]:
    """CS231n's gate order i, f, o, g into Keras's i, f, c, o."""

    def reorder(w: Array) -> Array:
        i, f, o, g = np.split(w, 4, axis=-1)
        return np.concatenate([i, f, g, o], axis=-1)

    return CELLS["lstm"].from_keras(reorder(kernel), reorder(recurrent_kernel), reorder(bias))


def cs231n_lstm_step() -> Iterator[Printed]:
    x, h, c = _evenly_spaced(-0.4, 1.2, 3, 4), _evenly_spaced(-0.3, 0.7, 3, 5), _evenly_spaced(-0.4, 0.9, 3, 5)
    p = _cs231n_lstm(_evenly_spaced(-2.1, 1.3, 4, 20), _evenly_spaced(-0.7, 2.2, 5, 20), _evenly_spaced(0.3, 0.7, 20))
    a, c, _ = lstm.lstm_cell_forward(x.T, h.T, c.T, p)
    yield Printed(
        "CS231n lstm_step_forward next_h",
        a.T,
        [
            [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
            [0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181],
            [0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299],
        ],
    )
    yield Printed(
        "CS231n lstm_step_forward next_c",
        c.T,
        [
            [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
            [0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345],
            [0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676],
        ],
    )


def cs231n_lstm_forward() -> Iterator[Printed]:
    x, h = _evenly_spaced(-0.4, 0.6, 2, 3, 5), _evenly_spaced(-0.4, 0.8, 2, 4)
    p = _cs231n_lstm(_evenly_spaced(-0.2, 0.9, 5, 16), _evenly_spaced(-0.3, 0.6, 4, 16), _evenly_spaced(0.2, 0.7, 16))
    (a, _), _ = lstm.LSTM.forward(x.transpose(2, 0, 1), p, h.T)
    yield Printed(
        "CS231n lstm_forward h",
        a.transpose(1, 2, 0),
        [
            [
                [0.01764008, 0.01823233, 0.01882671, 0.0194232],
                [0.11287491, 0.12146228, 0.13018446, 0.13902939],
                [0.31358768, 0.33338627, 0.35304453, 0.37250975],
            ],
            [
                [0.45767879, 0.4761092, 0.4936887, 0.51041945],
                [0.6704845, 0.69350089, 0.71486014, 0.7346449],
                [0.81733511, 0.83677871, 0.85403753, 0.86935314],
            ],
        ],
    )


def cs231n_style_rnn_step_backward() -> Iterator[Printed]:
    d = draw(231, x=(2, 1), h=(2, 2), Wx=(1, 2), Wh=(2, 2), b=(2,), da=(2, 2))
    _, cache = rnn.rnn_cell_forward(d["x"].T, d["h"].T, CELLS["rnn"].from_keras(d["Wx"], d["Wh"], d["b"]))
    g = rnn.rnn_cell_backward(d["da"].T, cache)
    yield Printed("CS231n-style rnn_step_backward dx", g["dxt"].T, [[0.02999498], [0.02260007]])
    yield Printed(
        "CS231n-style rnn_step_backward dprev_h", g["da_prev"].T, [[-0.17540737, -0.0323028], [0.13645769, 0.034438]]
    )
    yield Printed("CS231n-style rnn_step_backward dWx", g["dWax"].T, [[-0.08672269, 0.01671559]])
    yield Printed(
        "CS231n-style rnn_step_backward dWh", g["dWaa"].T, [[-0.20050225, -0.0458132], [-0.00737577, -0.0214218]]
    )
    yield Printed("CS231n-style rnn_step_backward db", g["dba"][:, 0], [0.01945126, 0.02981573])


RECIPES = (cs231n_rnn_step, cs231n_lstm_step, cs231n_lstm_forward, cs231n_style_rnn_step_backward)
