"""Numbers of the Deep Learning Specialization (Andrew Ng and others): course 5, week 1, its cells.

The numbers are facts; the recipes that give them again with our cells are written afresh.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.cells import activations, lstm, output_layer, rnn
from pipeline.cells.activations import Array
from pipeline.core.translation import mark
from pipeline.verify.printed import Printed, draw

n_x, n_a, n_y, m = 3, 5, 2, 10


def _row(numbers: str) -> Array:
    return np.array(numbers.split(), float)


def _lstm_shapes() -> dict[str, tuple[int, ...]]:
    """The course's order: f, i, o, c, each weight followed by its bias."""
    return {f"{kind}{q}": (n_a, n_a + n_x if kind == "W" else 1) for q in "fioc" for kind in "Wb"}


def output(a: Array, d: dict[str, Array], W: str) -> Array:
    """ŷ of one step or of all."""
    whole = a if a.ndim == 3 else a[:, :, None]
    y_hat = activations.softmax(output_layer.dense_forward(whole, d[W], d["by"]))
    return y_hat if a.ndim == 3 else y_hat[:, :, 0]


def rnn_cell_forward() -> Iterator[Printed]:
    d = draw(1, xt=(n_x, m), a_prev=(n_a, m), Waa=(n_a, n_a), Wax=(n_a, n_x), Wya=(n_y, n_a), ba=(n_a, 1), by=(n_y, 1))
    a, _ = rnn.rnn_cell_forward(d["xt"], d["a_prev"], d)
    yield Printed(
        "rnn_cell_forward a_next[4]",
        a[4],
        _row(
            "0.59584544 0.18141802 0.61311866 0.99808218 0.85016201 "
            "0.99980978 -0.18887155 0.99815551 0.6531151 0.82872037"
        ),
    )
    yield Printed(
        "rnn_cell_forward yt_pred[1]",
        output(a, d, "Wya")[1],
        _row(
            "0.9888161 0.01682021 0.21140899 0.36817467 0.98988387 0.88945212 0.36920224 0.9966312 0.9982559 0.17746526"
        ),
    )


def rnn_forward() -> Iterator[Printed]:
    d = draw(1, x=(n_x, m, 4), a0=(n_a, m), Waa=(n_a, n_a), Wax=(n_a, n_x), Wya=(n_y, n_a), ba=(n_a, 1), by=(n_y, 1))
    (a,), caches = rnn.RNN.forward(d["x"], d, d["a0"])
    yield Printed("rnn_forward a[4][1]", a[4][1], [-0.99999375, 0.77911235, -0.99861469, -0.99833267])
    yield Printed(
        "rnn_forward y_pred[1][3]", output(a, d, "Wya")[1][3], [0.79560373, 0.86224861, 0.11118257, 0.81515947]
    )
    x = np.stack([cache.xt for cache in caches], axis=2)
    yield Printed("rnn_forward caches[1][1][3] (=x[1][3])", x[1][3], [-1.1425182, -0.34934272, -0.20889423, 0.58662319])


def lstm_cell_forward() -> Iterator[Printed]:
    d = draw(1, xt=(n_x, m), a_prev=(n_a, m), c_prev=(n_a, m), **_lstm_shapes(), Wy=(n_y, n_a), by=(n_y, 1))
    a, c, cache = lstm.lstm_cell_forward(d["xt"], d["a_prev"], d["c_prev"], d)
    yield Printed(
        "lstm_cell_forward a_next[4]",
        a[4],
        _row(
            "-0.66408471 0.0036921 0.02088357 0.22834167 -0.85575339 "
            "0.00138482 0.76566531 0.34631421 -0.00215674 0.43827275"
        ),
    )
    yield Printed(
        "lstm_cell_forward c_next[2]",
        c[2],
        _row(
            "0.63267805 1.00570849 0.35504474 0.20690913 -1.64566718 "
            "0.11832942 0.76449811 -0.0981561 -0.74348425 -0.26810932"
        ),
    )
    yield Printed(
        "lstm_cell_forward yt[1]",
        output(a, d, "Wy")[1],
        _row(
            "0.79913913 0.15986619 0.22412122 0.15606108 0.97057211 "
            "0.31146381 0.00943007 0.12666353 0.39380172 0.07828381"
        ),
    )
    yield Printed(
        "lstm_cell_forward cache[1][3] (=c_next[3])",
        cache.c[3],
        _row(
            "-0.16263996 1.03729328 0.72938082 -0.54101719 0.02752074 "
            "-0.30821874 0.07651101 -1.03752894 1.41219977 -0.37647422"
        ),
    )


def lstm_forward() -> Iterator[Printed]:
    d = draw(1, x=(n_x, m, 7), a0=(n_a, m), **_lstm_shapes(), Wy=(n_y, n_a), by=(n_y, 1))
    (a, c), caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    yield Printed("lstm_forward a[4][3][6]", a[4][3][6], 0.172117767533)
    yield Printed("lstm_forward y[1][4][3]", output(a, d, "Wy")[1][4][3], 0.95087346185)
    yield Printed("lstm_forward c[1][2][1]", c[1][2][1], -0.855544916718)
    x = np.stack([cache.xt for cache in caches], axis=2)
    yield Printed(
        "lstm_forward caches[1][1][1] (=x[1][1])",
        x[1][1],
        [0.82797464, 0.23009474, 0.76201118, -0.22232814, -0.20075807, 0.18656139, 0.41005165],
    )


def rnn_cell_backward() -> Iterator[Printed]:
    d = draw(
        1,
        xt=(n_x, m),
        a_prev=(n_a, m),
        Wax=(n_a, n_x),
        Waa=(n_a, n_a),
        Wya=(n_y, n_a),
        ba=(n_a, 1),
        by=(n_y, 1),
        da=(n_a, m),
    )
    _, cache = rnn.rnn_cell_forward(d["xt"], d["a_prev"], d)
    g = rnn.rnn_cell_backward(d["da"], cache)
    yield Printed("rnn_cell_backward dxt[1][2]", g["dxt"][1][2], -1.3872130506)
    yield Printed("rnn_cell_backward da_prev[2][3]", g["da_prev"][2][3], -0.152399493774)
    yield Printed("rnn_cell_backward dWax[3][1]", g["dWax"][3][1], 0.410772824935)
    yield Printed("rnn_cell_backward dWaa[1][2]", g["dWaa"][1][2], 1.15034506685)
    yield Printed("rnn_cell_backward dba[4]", g["dba"][4], 0.20023491)


def rnn_backward() -> Iterator[Printed]:
    d = draw(
        1,
        x=(n_x, m, 4),
        a0=(n_a, m),
        Wax=(n_a, n_x),
        Waa=(n_a, n_a),
        Wya=(n_y, n_a),
        ba=(n_a, 1),
        by=(n_y, 1),
        da=(n_a, m, 4),
    )
    _, caches = rnn.RNN.forward(d["x"], d, d["a0"])
    g = rnn.RNN.backward(d["da"], caches)
    yield Printed("rnn_backward dx[1][2]", g["dx"][1][2], [-2.07101689, -0.59255627, 0.02466855, 0.01483317])
    yield Printed("rnn_backward da0[2][3]", g["da0"][2][3], -0.314942375127)
    yield Printed("rnn_backward dWax[3][1]", g["dWax"][3][1], 11.2641044965)
    yield Printed("rnn_backward dWaa[1][2]", g["dWaa"][1][2], 2.30333312658)
    yield Printed("rnn_backward dba[4]", g["dba"][4], -0.74747722)


def lstm_cell_backward() -> Iterator[Printed]:
    d = draw(
        1,
        xt=(n_x, m),
        a_prev=(n_a, m),
        c_prev=(n_a, m),
        **_lstm_shapes(),
        Wy=(n_y, n_a),
        by=(n_y, 1),
        da=(n_a, m),
        dc=(n_a, m),
    )
    *_, cache = lstm.lstm_cell_forward(d["xt"], d["a_prev"], d["c_prev"], d)
    g = lstm.lstm_cell_backward(d["da"], d["dc"], cache)
    yield Printed("lstm_cell_backward dxt[1][2]", g["dxt"][1][2], 3.23055911511)
    yield Printed("lstm_cell_backward da_prev[2][3]", g["da_prev"][2][3], -0.0639621419711)
    yield Printed("lstm_cell_backward dc_prev[2][3]", g["dc_prev"][2][3], 0.797522038797)
    yield Printed("lstm_cell_backward dWf[3][1]", g["dWf"][3][1], -0.147954838164)
    yield Printed("lstm_cell_backward dWi[1][2]", g["dWi"][1][2], 1.05749805523)
    yield Printed("lstm_cell_backward dWc[3][1]", g["dWc"][3][1], 2.30456216369)
    yield Printed("lstm_cell_backward dWo[1][2]", g["dWo"][1][2], 0.331311595289)
    yield Printed("lstm_cell_backward dbf[4]", g["dbf"][4], 0.18864637)
    yield Printed("lstm_cell_backward dbi[4]", g["dbi"][4], -0.40142491)
    yield Printed("lstm_cell_backward dbc[4]", g["dbc"][4], 0.25587763)
    yield Printed("lstm_cell_backward dbo[4]", g["dbo"][4], 0.13893342)


def lstm_backward() -> Iterator[Printed]:
    """Tx is 7 but the course's da has 4 steps: only the first four take part."""
    d = draw(1, x=(n_x, m, 7), a0=(n_a, m), **_lstm_shapes(), da=(n_a, m, 4))
    _, caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    g = lstm.LSTM.backward(d["da"], caches[:4])
    yield Printed("lstm_backward dx[1][2]", g["dx"][1][2], [0.00218254, 0.28205375, -0.48292508, -0.43281115])
    yield Printed("lstm_backward da0[2][3]", g["da0"][2][3], 0.312770310257)
    yield Printed("lstm_backward dWf[3][1]", g["dWf"][3][1], -0.0809802310938)
    yield Printed("lstm_backward dWi[1][2]", g["dWi"][1][2], 0.40512433093)
    yield Printed("lstm_backward dWc[3][1]", g["dWc"][3][1], -0.0793746735512)
    yield Printed("lstm_backward dWo[1][2]", g["dWo"][1][2], 0.038948775763)
    yield Printed("lstm_backward dbf[4]", g["dbf"][4], -0.15745657)
    yield Printed("lstm_backward dbi[4]", g["dbi"][4], -0.50848333)
    yield Printed("lstm_backward dbc[4]", g["dbc"][4], -0.42510818)
    yield Printed("lstm_backward dbo[4]", g["dbo"][4], -0.17958196)


def lstm_backward_2018() -> Iterator[Printed]:
    """The first release printed the numbers of a bug: neither da_prev nor dc_prev is carried back. Wrong on purpose."""
    d = draw(1, x=(n_x, m, 7), a0=(n_a, m), **_lstm_shapes(), da=(n_a, m, 4))
    _, caches = lstm.LSTM.forward(d["x"], d, d["a0"])
    alone = [lstm.lstm_cell_backward(d["da"][:, :, t], np.zeros((n_a, m)), caches[t]) for t in range(4)]
    dx = np.stack([step["dxt"] for step in alone], axis=2)
    printed = [-0.00173313, 0.08287442, -0.30545663, -0.43281115]
    yield Printed(mark("lstm_backward 2018 release (WRONG, for reference)"), dx[1][2], printed)


RECIPES = (
    rnn_cell_forward,
    rnn_forward,
    lstm_cell_forward,
    lstm_forward,
    rnn_cell_backward,
    rnn_backward,
    lstm_cell_backward,
    lstm_backward,
    lstm_backward_2018,
)
