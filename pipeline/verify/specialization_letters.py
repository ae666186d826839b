"""Numbers of the same courses on training: clipping, sampling letters, a step of training on them, Adam."""

from collections.abc import Iterator

import numpy as np

from pipeline.cells import activations, optimisers, output_layer, rnn
from pipeline.cells.bptt import one_hot
from pipeline.core.translation import mark
from pipeline.verify.printed import Printed, draw
from pipeline.verify.specialization import output


def clip() -> Iterator[Printed]:
    g = draw(3, dWax=(5, 3), dWaa=(5, 5), dWya=(2, 5), db=(5, 1), dby=(2, 1))
    g = {name: 10 * gradient for name, gradient in g.items()}
    printed = {10: [10, -10, 0.2971381536101662, 10, 8.45833407], 5: [5, -5, 0.2971381536101662, 5, 5]}
    for limit, numbers in printed.items():
        c = optimisers.clip_by_value(g, limit)
        ours = [c["dWaa"][1][2], c["dWax"][3][1], c["dWya"][1][2], c["db"][4][0], c["dby"][1][0]]
        yield Printed(f"clip max={limit} dWaa[1][2], dWax[3][1], dWya[1][2], db[4], dby[1]", np.array(ours), numbers)


def sample() -> Iterator[Printed]:
    """One letter after another from an untrained RNN of 100 units over 27 letters, until the line end, letter 0."""
    d = draw(24, Wax=(100, 27), Waa=(100, 100), Wya=(27, 100), ba=(100, 1), by=(27, 1))
    x, a = np.zeros((27, 1)), np.zeros((100, 1))
    letters: list[int] = []
    while len(letters) < 50 and letters[-1:] != [0]:
        a, _ = rnn.rnn_cell_forward(x, a, d)
        legacy = np.random.RandomState(len(letters) + len(letters))  # the course's seed + counter
        letters.append(int(legacy.choice(27, p=output(a, d, "Wya").ravel())))
        x = one_hot(np.array([[letters[-1]]]), 27)[:, :, 0]
    printed = [23, 16, 26, 26, 24, 3, 21, 1, 7, 24, 15, 3, 25, 20, 6, 13, 10, 8, 20, 12, 2, 0]
    yield Printed("sample seed 24", np.array(letters), printed)


def optimize() -> Iterator[Printed]:
    """One step of training on six letters; the first input is the zero vector, the cost a sum over steps."""
    d = draw(1, a_prev=(100, 1), Wax=(100, 27), Waa=(100, 100), Wya=(27, 100), ba=(100, 1), by=(27, 1))
    x = one_hot(np.array([[12, 3, 5, 11, 22, 3]]), 27)
    y = one_hot(np.array([[4, 14, 11, 22, 25, 26]]), 27)
    (a,), caches = rnn.RNN.forward(x, d, d["a_prev"])
    z = output_layer.dense_forward(a, d["Wya"], d["by"])
    output = output_layer.dense_backward(output_layer.cross_entropy_backward(z, y), a, d["Wya"])
    g = {**rnn.RNN.backward(output.da, caches), "dWya": output.dW, "dby": output.db}
    g = optimisers.clip_by_value(g, 5)
    yield Printed("optimize loss", output_layer.cross_entropy(z, y), 126.50397572165)
    yield Printed("optimize dWaa[1][2]", g["dWaa"][1][2], 0.194709315347)
    yield Printed("optimize argmax(dWax)", np.array(np.argmax(g["dWax"])), 93.0)
    yield Printed("optimize dWya[1][2]", g["dWya"][1][2], -0.007773876032)
    yield Printed("optimize db[4]", g["dba"][4], -0.06809825)
    yield Printed("optimize dby[1]", g["dby"][1], 0.01538192)
    yield Printed("optimize a_last[4]", a[4, :, -1], -1.0)


def adam() -> Iterator[Printed]:
    """The course's first step is counted t = 2, after empty averages."""
    d = draw(1, W1=(2, 3), b1=(2, 1), W2=(3, 3), b2=(3, 1), dW1=(2, 3), db1=(2, 1), dW2=(3, 3), db2=(3, 1))
    weights = {name: d[name] for name in ("W1", "b1", "W2", "b2")}
    optimiser = optimisers.Adam(learning_rate=0.01, epsilon=1e-8)
    start = optimiser.start(weights)
    moved, state = optimiser.step(weights, d, optimisers.State(1, start.v, start.s))
    yield Printed(
        "Adam t=2 W1",
        moved["W1"],
        [[1.63178673, -0.61919778, -0.53561312], [-1.08040999, 0.85796626, -2.29409733]],
    )
    yield Printed("Adam t=2 b1", moved["b1"], [[1.75225313], [-0.75376553]])
    yield Printed(
        mark("Adam t=2 W2 (paper's epsilon; some copies print -1.09245036 at [2][1]: epsilon inside the root)"),
        moved["W2"],
        [
            [0.32648046, -0.25681174, 1.46954931],
            [-2.05269934, -0.31497584, -0.37661299],
            [1.14121081, -1.09244991, -0.16498684],
        ],
    )
    yield Printed(
        "Adam t=2 v[dW1]",
        state.v["W1"],
        [[-0.11006192, 0.11447237, 0.09015907], [0.05024943, 0.09008559, -0.06837279]],
    )


def sigmoid() -> Iterator[Printed]:
    ours = activations.sigmoid(np.array([1.0, 2.0, 3.0]))
    yield Printed("sigmoid([1,2,3])", ours, [0.73105858, 0.88079708, 0.95257413])


RECIPES = (clip, sample, optimize, adam, sigmoid)
