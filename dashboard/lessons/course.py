"""The lessons as one course: what each needs, and which parts of the way of a line it explains.

The way has nine parts, from the characters of a line to the update of the weights; the map shows them all at once.
"""

from typing import NamedTuple

from pipeline.core.translation import mark

# part -> (its name, what happens there, the lesson that explains it)
MAP_PARTS = {
    "characters": (mark("Characters"), mark("The line is read one character at a time; each has a number."), "learn_words"),
    "vectors": (mark("Vectors"), mark("That number selects a row of a matrix: the vector of the character."), "learn_words"),
    "gates": (mark("Gates"), mark("The vector and the previous state give numbers between 0 and 1: how much to keep, write and show."), "learn_lstm"),
    "state": (mark("State"), mark("What was kept plus what was written. The network knows the line only through these numbers."), "learn_rnn"),
    "scores": (mark("Scores"), mark("Every character gets a score; the softmax turns scores into probabilities."), "learn_functions"),
    "draw": (mark("Sampling"), mark("To write, the network picks a character at random with these probabilities and reads it next."), "learn_story"),
    "loss": (mark("Loss"), mark("To learn, it compares with the actual next character: the loss is minus the log of its probability."), "learn_cost"),
    "gradients": (mark("Gradients"), mark("The loss is traced back step by step: how much did each earlier letter matter?"), "learn_bptt"),
    "update": (mark("Update"), mark("Every weight moves a little against its gradient."), "learn_cost"),
}  # fmt: skip


class Lesson(NamedTuple):
    """A lesson: the earlier lessons that it needs, and the parts of the map that it explains."""

    needs: tuple[str, ...]
    parts: tuple[str, ...]


COURSE = {
    "learn_story": Lesson((), ("characters", "draw")),
    "learn_functions": Lesson((), ("gates", "scores")),
    "learn_rnn": Lesson(("learn_functions",), ("vectors", "state", "scores")),
    "learn_architectures": Lesson(("learn_rnn",), ("vectors", "state", "scores")),
    "learn_bptt": Lesson(("learn_functions", "learn_rnn"), ("loss", "gradients")),
    "learn_vanishing": Lesson(("learn_bptt",), ("state", "gradients")),
    "learn_lstm": Lesson(("learn_rnn", "learn_vanishing"), ("gates", "state")),
    "learn_cost": Lesson(("learn_functions",), ("loss", "update")),
    "learn_series": Lesson(("learn_rnn",), ("vectors", "scores", "loss")),
    "learn_words": Lesson(("learn_story",), ("characters", "vectors")),
    "learn_bugs": Lesson(("learn_bptt",), ("gradients", "update")),
    "learn_attention": Lesson(("learn_architectures", "learn_bptt", "learn_lstm"), ("vectors", "scores", "gradients")),
}
LESSON_NUMBERS = {file: number for number, file in enumerate(COURSE, 1)}
