"""The lessons as one course: the minutes of each, what it needs, and which parts of the way of a line it explains.

The way has nine parts, from the characters of a line to the update of the weights; the map shows them all at once.
"""

from typing import NamedTuple

from pipeline.core.translation import mark

# part -> (its name, what happens there, the lesson that explains it)
MAP_PARTS = {
    "characters": (mark("Characters"), mark("A line is read one character at a time, each known by its number."), "learn_words"),
    "vectors": (mark("Vectors"), mark("The number of a character picks a row of a matrix: the same as a product with a one-hot column."), "learn_words"),
    "gates": (mark("Gates"), mark("From the row and the last state come shares between 0 and 1: what is kept, written, shown."), "learn_lstm"),
    "state": (mark("State"), mark("What was kept plus what was written: all that is left of the line up to here."), "learn_rnn"),
    "scores": (mark("Scores"), mark("One score for every character that could follow; the softmax makes shares of them."), "learn_functions"),
    "draw": (mark("Draw"), mark("To write, one of them is drawn by its share and read as the next character."), "learn_story"),
    "loss": (mark("Loss"), mark("To learn, the loss is the surprise at what really came: minus the log of its share."), "learn_cost"),
    "gradients": (mark("Gradients"), mark("The loss is followed back, step by step: how much does it hang on each character before?"), "learn_bptt"),
    "update": (mark("Update"), mark("Every weight moves a little against its gradient; the share of what came rises."), "learn_cost"),
}  # fmt: skip


class Lesson(NamedTuple):
    """Minutes for who reads it all and tries its figures, the lessons that it needs, its parts of the way."""

    minutes: int
    needs: tuple[str, ...]
    parts: tuple[str, ...]


COURSE = {
    "learn_story": Lesson(15, (), ("characters", "draw")),
    "learn_functions": Lesson(20, (), ("gates", "scores")),
    "learn_rnn": Lesson(20, ("learn_functions",), ("vectors", "state", "scores")),
    "learn_architectures": Lesson(20, ("learn_rnn",), ("vectors", "state", "scores")),
    "learn_bptt": Lesson(30, ("learn_functions", "learn_rnn"), ("loss", "gradients")),
    "learn_vanishing": Lesson(20, ("learn_bptt",), ("state", "gradients")),
    "learn_lstm": Lesson(25, ("learn_rnn", "learn_vanishing"), ("gates", "state")),
    "learn_cost": Lesson(20, ("learn_functions",), ("loss", "update")),
    "learn_series": Lesson(20, ("learn_rnn",), ("vectors", "scores", "loss")),
    "learn_words": Lesson(25, ("learn_story",), ("characters", "vectors")),
    "learn_bugs": Lesson(20, ("learn_bptt",), ("gradients", "update")),
    "learn_verify": Lesson(10, ("learn_bptt", "learn_lstm"), tuple(MAP_PARTS)),
    "learn_attention": Lesson(
        30, ("learn_architectures", "learn_bptt", "learn_lstm"), ("vectors", "scores", "gradients")
    ),
    "learn_mixtures": Lesson(25, ("learn_story", "learn_cost"), ("scores", "loss")),
}
LESSON_NUMBERS = {file: number for number, file in enumerate(COURSE, 1)}
