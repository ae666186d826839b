"""A lesson as a script of at most 60 lines, made of the very functions of the cells: with NumPy alone.

Their source is taken as it stands, without its docstrings, so that what one takes along cannot drift from what the
lesson shows; below it stands a short use of them, which ends with a check.
"""

import ast
import inspect
from collections.abc import Callable
from typing import Any

from dashboard.lessons import script_bodies as bodies
from pipeline.cells import activations, attention, lstm, output_layer, rnn, self_attention

_SCRIPT_HEADER = '''"""Seize, lesson {number}: {about} NumPy alone; run it with Python."""

from __future__ import annotations
from typing import NamedTuple
import numpy as np
'''
_RNN_FUNCTIONS = (rnn.RNNCache, rnn.next_rnn_state, rnn.rnn_cell_forward)
_TANH_FUNCTIONS = (activations.tanh_derivative,)
_LOSS_FUNCTIONS = (
    activations.log_softmax, output_layer.step_losses, output_layer.cross_entropy, output_layer.cross_entropy_backward,
)  # fmt: skip
_LSTM_FUNCTIONS = (
    activations.sigmoid, lstm.LSTMGates, lstm.LSTMCache, lstm.lstm_gates, lstm.next_lstm_state, lstm.lstm_cell_forward,
)  # fmt: skip
# lesson -> (what it shows, the functions that it takes, how they are used)
SCRIPTS: dict[str, tuple[str, tuple[Callable[..., Any], ...], str]] = {
    "learn_story": (
        "a window of letters learns the next.",
        (activations.softmax, *_TANH_FUNCTIONS, output_layer.DenseGradients, output_layer.dense_forward, output_layer.dense_backward),
        bodies.LINE + bodies.STORY,
    ),
    "learn_functions": (
        "sigmoid, tanh and softmax, with their slopes.",
        (activations.sigmoid, activations.sigmoid_derivative, *_TANH_FUNCTIONS, activations.softmax, activations.softmax_jacobian),
        bodies.FUNCTIONS,
    ),
    "learn_rnn": ("one cell reads a line.", (activations.softmax, *_RNN_FUNCTIONS), bodies.LINE + bodies.RNN + bodies.CELL),
    "learn_architectures": (
        "who writes looks back at what was read.",
        (activations.softmax, *_TANH_FUNCTIONS, attention.AttentionCache, attention.attention_forward, attention.attention_backward),
        bodies.ATTENTION,
    ),
    "learn_bptt": (
        "an error goes back through time.",
        (*_TANH_FUNCTIONS, *_RNN_FUNCTIONS, rnn.rnn_cell_backward),
        bodies.LINE + bodies.RNN + bodies.BPTT,
    ),
    "learn_vanishing": ("how far an error reaches.", (*_TANH_FUNCTIONS, *_RNN_FUNCTIONS, rnn.rnn_jacobian), bodies.LINE + bodies.RNN + bodies.VANISHING),
    "learn_lstm": ("gates over a line.", _LSTM_FUNCTIONS, bodies.LINE + bodies.LSTM),
    "learn_cost": ("the cost of a line, and its descent.", (activations.softmax, *_LOSS_FUNCTIONS), bodies.LINE + bodies.COST),
    "learn_series": (
        "a series whose floor is known.",
        (activations.softmax,),
        bodies.SERIES,
    ),
    "learn_words": ("from words to vectors.", (), bodies.WORDS),
    "learn_bugs": ("three bugs, and the check that catches them.", (*_TANH_FUNCTIONS, *_RNN_FUNCTIONS, rnn.rnn_cell_backward), bodies.LINE + bodies.RNN + bodies.BUGS),
    "learn_attention": (
        "one head of self-attention.",
        (
            activations.softmax, self_attention.positional_encoding, self_attention._dot_products, self_attention._weighted_sum,
            self_attention.attend, self_attention.head_step,
        ),
        bodies.LINE + "MASKED_SCORE = -1e9\n" + bodies.HEAD_OF_ATTENTION,
    ),
}  # fmt: skip


def numpy_script_of_lesson(lesson: str, number: int) -> str:
    """Return the script of a lesson, ready to run."""
    about, functions, use = SCRIPTS[lesson]
    sources = "\n".join(map(source_without_docstring, functions))
    return f"{_SCRIPT_HEADER.format(number=number, about=about)}\n{sources}\n{use}"


def source_without_docstring(function: Callable[..., Any]) -> str:
    """Return the source of a function or class without its docstring."""
    source = inspect.getsource(function)
    body = ast.parse(source).body[0].body  # type: ignore[attr-defined]
    first, lines = body[0], source.splitlines(keepends=True)
    if not isinstance(first, ast.Expr):
        return source
    kept = lines[: first.lineno - 1] + lines[first.end_lineno :]
    return "".join(line for at, line in enumerate(kept) if line.strip() or at != first.lineno - 1)
