"""Drawings that play: nodes and wires as plain data, each of one part of its scene (static/player.js draws them).

A node or wire has a value for each step: a number, a text, or of a vector a list of numbers. Coordinates are those of a
picture 470 wide (the map 400), which a phone shows whole.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dashboard.lessons.course import MAP_PARTS
from pipeline.core.translation import t

Piece = dict[str, Any]  # a node, a wire or a whole drawing
Values = Sequence[Any] | None
WIDTH = 470
GATE, STATE, OP, LETTER, VECTOR, GUESS, WORD = (58, 46), (76, 46), (26, 26), (38, 38), (68, 60), (80, 23), (96, 30)
BIAS = (36, 24)


def make_drawing(height: int, alt: str, nodes: Sequence[Piece], wires: Sequence[Piece], width: int = WIDTH) -> Piece:
    """Return a drawing of nodes and wires as plain data; `alt` says in words what it shows."""
    return {"width": width, "height": height, "alt": alt, "nodes": list(nodes), "wires": list(wires)}


def make_node(
    part: int, x: float, y: float, size: tuple[int, int], label: str = "", values: Values = None, *,
    kind: str = "box", above: str = "",
) -> Piece:  # fmt: skip
    """Return a node of size (width, height) around (x, y): a label inside, its value at each step below it, `above` beside it.

    Its part lights it; with a list `when` added, only at the steps where that is true. So with wires.
    """
    w, h = size
    return {
        "part": part, "x": x, "y": y, "w": w, "h": h, "label": label, "values": values, "kind": kind, "above": above,
    }  # fmt: skip


def state_node(part: int, x: float, y: float, label: str, values: Values = None) -> Piece:
    """Return the node of a state, which is carried from step to step, with its value at each step."""
    return make_node(part, x, y, STATE, label, values, kind="state")


def gate_node(part: int, x: float, y: float, label: str, values: Values = None) -> Piece:
    """Return the node of a gate or a matrix, with its value at each step."""
    return make_node(part, x, y, GATE, label, values)


def operation_node(part: int, x: float, y: float, sign: str) -> Piece:
    """Return the node of an operation, with its sign."""
    return make_node(part, x, y, OP, sign, kind="op")


def letter_node(part: int, x: float, y: float, values: Values, above: str = "x⟨t⟩") -> Piece:
    """Return a node that shows one letter at each step."""
    return make_node(part, x, y, LETTER, values=values, kind="letter", above=above)


def vector_node(part: int, x: float, y: float, above: str, values: Values) -> Piece:
    """Return the node of a vector of three numbers at each step."""
    return make_node(part, x, y, VECTOR, values=values, kind="vector", above=above)


def make_wire(
    part: int, path: str, values: Values = None, at: tuple[float, float] = (0, 0), label: str = "", *, loop: bool = False
) -> Piece:  # fmt: skip
    """Return a wire along an SVG path, with its value by step written at (x, y). A `loop` leads to the next step."""
    return {"part": part, "d": path, "values": values, "x": at[0], "y": at[1], "label": label, "loop": loop}


def draw_rnn(values: Mapping[str, Values]) -> Piece:
    """Return the drawing of an RNN cell of three units, with the values of its nodes at each step, by name."""
    nodes = [
        letter_node(0, 45, 160, values["letter"]) | {"beside": (45, 196)}, gate_node(0, 125, 160, "Wax ·"), vector_node(0, 205, 160, "", values["read"]),
        vector_node(1, 45, 58, "a⟨t−1⟩", values["past"]) | {"beside": (45, 105)}, gate_node(1, 125, 58, "Waa ·"), vector_node(1, 205, 58, "", values["remembered"]),
        make_node(2, 205, 109, BIAS, "ba"), operation_node(2, 272, 109, "+"), make_node(2, 340, 109, (52, 30), "tanh"), vector_node(2, 420, 109, "a⟨t⟩", values["a"]) | {"beside": (448, 158)},
        gate_node(3, 420, 240, "Wya ·"), make_node(3, 358, 192, BIAS, "by"), operation_node(3, 358, 240, "+"), make_node(3, 297, 240, (70, 36), "softmax"), *_guess_nodes(3, 206, 216, values),
        make_node(4, 111, 240, (74, 46), t("loss E"), values["loss"]), letter_node(4, 30, 240, values["came"], "y") | {"beside": (30, 277)},
    ]  # fmt: skip
    wires = [
        make_wire(0, "M64 160 H94"), make_wire(0, "M154 160 H169"), make_wire(1, "M79 58 H94"), make_wire(1, "M154 58 H169"),
        make_wire(2, "M239 58 H272 V94"), make_wire(2, "M239 160 H272 V124"), make_wire(2, "M222 109 H257"), make_wire(2, "M285 109 H312", ["z"] * len(values["letter"] or ()), (298, 99)), make_wire(2, "M366 109 H384"),
        make_wire(3, "M420 139 V215"), make_wire(3, "M391 240 H373"), make_wire(3, "M358 204 V225"), make_wire(3, "M345 240 H334"), make_wire(3, "M262 240 H248"),
        make_wire(4, "M166 240 H150"), make_wire(4, "M49 240 H72"), make_wire(4, "M420 79 V12 H45 V26", [t("next step")] * len(values["letter"] or ()), (310, 30), loop=True),
    ]  # fmt: skip
    return make_drawing(290, t("The RNN cell: the letter and the previous state, each multiplied by a matrix, are added and passed "
            "through tanh to give the new state."), nodes, wires)  # fmt: skip


def draw_back(values: Mapping[str, Values]) -> Piece:
    """Return the drawing of one step back through an RNN cell of three units, with the values of its nodes at each step, by name."""
    starts = [step == 0 for step in range(len(values["arrived"] or ()))]  # where the error comes from this step's guess
    arrives, slope, error, past, passed = (
        {**vector_node(part, x, y, above, values[name]), "beside": beside}
        for part, x, y, above, name, beside in (
            (0, 388, 66, "da⟨t⟩", "arrived", (388, 28)), (1, 290, 176, "1 − (a⟨t⟩)²", "slope", (297, 224)),
            (1, 192, 66, "dz⟨t⟩", "error", (192, 28)), (2, 192, 272, "a⟨t−1⟩", "past", (192, 320)), (3, 80, 176, "da⟨t−1⟩", "passed", (134, 222)),
        )
    )  # fmt: skip
    nodes = [
        arrives, make_node(0, 398, 176, (104, 46), "Wyaᵀ·(ŷ−y)", values["loss"]) | {"when": starts},
        slope, operation_node(1, 290, 66, "⊙"), error, past, make_node(2, 192, 176, (66, 30), "dz·aᵀ"),
        make_node(2, 338, 272, (126, 46), "‖∂E/∂Waa‖", values["learnt"], above=t("sum so far")), make_node(3, 80, 66, (66, 46), "Waaᵀ ·"), passed,
    ]  # fmt: skip
    wires = [
        make_wire(0, "M388 153 V100") | {"when": starts}, make_wire(0, "M80 206 V334 H462 V66 H426", loop=True) | {"when": [not first for first in starts]},
        make_wire(1, "M354 66 H307"), make_wire(1, "M290 146 V83"), make_wire(1, "M277 66 H230"),
        make_wire(2, "M192 96 V159"), make_wire(2, "M192 242 V193"), make_wire(2, "M225 176 H240 V272 H271"),
        make_wire(3, "M158 66 H113"), make_wire(3, "M80 89 V142"),
    ]  # fmt: skip
    return make_drawing(340, t("One step back: the error of the state passes through tanh, adds to the gradient of Waa, and "
            "passes through Waaᵀ to the step before."), nodes, wires)  # fmt: skip


def draw_lstm(values: Mapping[str, Values], unit: int, units: int) -> Piece:
    """Return the drawing of unit `unit`, from 0, of an LSTM cell of `units` units, with its nodes' `values` by step."""
    nodes = [
        letter_node(0, 104, 306, values["letter"]), state_node(0, 48, 262, "a⟨t−1⟩"), state_node(0, 48, 62, "c⟨t−1⟩", values["c before"]),
        gate_node(1, 128, 190, "Γf", values["Γf"]), operation_node(1, 128, 62, "×"),
        gate_node(2, 200, 190, "Γi", values["Γi"]), gate_node(2, 270, 190, "c̃", values["c̃"]), operation_node(2, 235, 125, "×"), operation_node(2, 235, 62, "+"),
        state_node(2, 414, 62, "c⟨t⟩", values["c"]),
        gate_node(3, 338, 190, "Γo", values["Γo"]), make_node(3, 338, 100, (46, 24), "tanh"), operation_node(3, 338, 140, "×"), state_node(3, 414, 140, "a⟨t⟩", values["a"]),
        *_guess_nodes(4, 424, 214, values),
    ]  # fmt: skip
    nodes[1] |= {"above": t("all {n} units", n=units), "beside": (61, 231)}
    _name_unit(nodes[2], nodes[-1], unit, units)
    wires = [
        make_wire(0, "M104 287 V262"), make_wire(0, "M86 262 H338"),
        make_wire(1, "M128 262 V215"), make_wire(1, "M128 166 V77"), make_wire(1, "M86 62 H113"), make_wire(1, "M142 62 H220", values["kept"], (178, 43), t("kept") + " "),
        make_wire(2, "M200 262 V215"), make_wire(2, "M270 262 V215"), make_wire(2, "M200 166 V125 H220"), make_wire(2, "M270 166 V125 H250"),
        make_wire(2, "M235 111 V77", values["written"], (268, 100)), make_wire(2, "M249 62 H374"),
        make_wire(3, "M338 262 V215"), make_wire(3, "M338 166 V155"), make_wire(3, "M338 62 V86"), make_wire(3, "M338 112 V125"), make_wire(3, "M352 140 H374"),
        make_wire(4, "M420 163 V200"), make_wire(4, "M452 140 H476 V334 H4 V262 H8", loop=True), make_wire(4, "M414 39 V14 H48 V37", loop=True),
    ]  # fmt: skip
    return make_drawing(340, t("The LSTM cell: c runs along the top; the forget gate multiplies it, the input gate adds to it, the output "
            "gate shows it."), nodes, wires)  # fmt: skip


def draw_gru(values: Mapping[str, Values], unit: int, units: int) -> Piece:
    """Return the drawing of unit `unit`, from 0, of a GRU cell of `units` units, with its nodes' `values` by step."""
    nodes = [
        letter_node(0, 76, 300, values["letter"]), state_node(0, 48, 62, "a⟨t−1⟩", values["a before"]),
        gate_node(1, 200, 190, "Γr", values["Γr"]), gate_node(1, 290, 190, "ã", values["c̃"]),
        gate_node(2, 128, 190, "Γz", values["Γz"]), operation_node(2, 128, 62, "×"), operation_node(2, 290, 120, "×"), operation_node(2, 290, 62, "+"),
        state_node(2, 414, 62, "a⟨t⟩", values["a"]), *_guess_nodes(3, 418, 190, values),
    ]  # fmt: skip
    _name_unit(nodes[1], nodes[-1], unit, units)
    wires = [
        make_wire(0, "M76 281 V262"), make_wire(0, "M24 85 V262 H290"),
        make_wire(1, "M200 262 V215"), make_wire(1, "M290 262 V215"), make_wire(1, "M230 190 H259"),
        make_wire(2, "M128 262 V215"), make_wire(2, "M128 166 V77"), make_wire(2, "M128 140 H210 V120 H275", values["1 − Γz"], (212, 156), "1 − Γz: "),
        make_wire(2, "M290 166 V135"), make_wire(2, "M290 106 V77", values["written"], (356, 101), t("added") + " "), make_wire(2, "M86 62 H113"), make_wire(2, "M142 62 H275", values["kept"], (205, 52), t("kept") + " "),
        make_wire(2, "M304 62 H374"), make_wire(3, "M414 85 V175"), make_wire(3, "M414 39 V14 H48 V37", loop=True),
    ]  # fmt: skip
    return make_drawing(330, t("The GRU cell: one gate mixes the previous state with a candidate; another sets how much of the past the "
            "candidate sees."), nodes, wires)  # fmt: skip


def draw_self_attention(values: Mapping[str, Values]) -> Piece:
    """Return the drawing of one head of self-attention, with the values of its nodes at each step, by name."""
    vector, wo, state = ([name] * len(values["letter"] or ()) for name in ("e", "Wo ·", "a⟨t⟩"))
    nodes = [
        letter_node(0, 60, 300, values["letter"]), make_node(0, 60, 225, (68, 46), t("vector"), vector),
        gate_node(1, 170, 290, "q"), gate_node(1, 170, 225, "k"), gate_node(1, 170, 160, "v"),
        make_node(2, 290, 258, (96, 46), "softmax", values["best"]), operation_node(3, 290, 160, "Σ"), operation_node(3, 290, 80, "+"),
        *_guess_nodes(4, 405, 56, values),
    ]  # fmt: skip
    wires = [
        make_wire(0, "M60 280 V250"), make_wire(1, "M90 225 H118 V290 H140"), make_wire(1, "M90 225 H140"), make_wire(1, "M90 225 H118 V160 H140"),
        make_wire(2, "M200 290 H230 V262 H241"), make_wire(2, "M200 225 H230 V252 H241"), make_wire(3, "M290 234 V175", values["share"], (318, 208)), make_wire(3, "M200 160 H275"),
        make_wire(3, "M290 146 V95", wo, (312, 126)), make_wire(3, "M60 201 V80 H275"), make_wire(4, "M304 80 H360", state, (330, 100)),
    ]  # fmt: skip
    return make_drawing(330, t("One head: each letter has a query q, a key k and a value v; the weighted mean of all v is added to the "
            "letter."), nodes, wires)  # fmt: skip


def draw_encoder_decoder(source: Sequence[str], values: Mapping[str, Values], *, attention: bool) -> Piece:
    """Return the drawing of an encoder and a decoder that replies to `source`, with or without attention.

    Of a long source the first two words and the last are drawn.
    """
    write, pass_on = (1, 2) if attention else (2, 1)
    drawn = [0, 1, len(source) - 1] if len(source) > 3 else list(range(len(source)))
    across = (60, 164, 268)[: len(drawn)]
    nodes = [
        make_node(write, 408, 300, WORD, values=values["written"]),
        state_node(write, 408, 218, "s⟨t⟩"),
        *_guess_nodes(3, 412, 36, values),
    ]
    wires = [make_wire(write, "M408 285 V243"), make_wire(3, "M440 196 V100")]
    for x, place in zip(across, drawn, strict=True):
        nodes += [make_node(0, x, 300, WORD, source[place][:10]), state_node(0, x, 218, f"h⟨{place + 1}⟩")]
        wires.append(make_wire(0, f"M{x} 285 V243"))
    wires += [
        make_wire(0, f"M{left + 38} 218 H{right - 40}", loop=drawn[at + 1] - drawn[at] > 1)
        for at, (left, right) in enumerate(pairwise(across))
    ]
    if attention:
        nodes += [
            make_node(pass_on, 164, 128, (130, 46), "softmax", values["best"]),
            operation_node(pass_on, 164, 62, "Σ"),
        ]
        ways = ("M60 194 V170 H128 V153", "M164 194 V153", "M268 194 V170 H200 V153")
        wires += [make_wire(pass_on, way) for way in ways[: len(drawn)]]
        wires += [
            make_wire(pass_on, "M384 197 V128 H231"),
            make_wire(pass_on, "M164 104 V77", values["share"], (210, 94)),
            make_wire(3, "M178 62 H368"),
        ]
    else:
        nodes.append(vector_node(pass_on, 338, 128, "", values["vector"]))
        wires += [make_wire(pass_on, f"M{across[-1]} 194 V128 H302"), make_wire(pass_on, "M372 128 H408 V193")]
    return make_drawing(330, t("Encoder and decoder: one network reads the words of a line, the other writes, one word per step."), nodes, wires)  # fmt: skip


def draw_network_map(values: Mapping[str, Values]) -> Piece:
    """Return the drawing of the nine parts of a network, from characters to the loss and back to the weights."""
    places = {
        "characters": (56, 34), "vectors": (200, 34), "gates": (344, 34), "state": (344, 132), "scores": (200, 132), "draw": (56, 132),
        "loss": (344, 230), "gradients": (200, 230), "update": (56, 230),
    }  # fmt: skip
    nodes = [
        make_node(part, *places[name], (104, 52), t(title), values[name])
        for part, (name, (title, *_)) in enumerate(MAP_PARTS.items())
    ]
    wires = [
        make_wire(1, "M108 34 H145"), make_wire(2, "M252 34 H289"), make_wire(3, "M330 60 V103"), make_wire(3, "M362 106 V63", loop=True),
        make_wire(4, "M292 132 H255"), make_wire(5, "M148 132 H111"), make_wire(5, "M56 106 V63", loop=True), make_wire(6, "M216 158 V181 H344 V201"),
        make_wire(7, "M292 230 H255"), make_wire(8, "M148 230 H111"), make_wire(8, "M80 204 V181 H128 V83 H200 V63", loop=True),
    ]  # fmt: skip
    return make_drawing(262, t("The path of a line: from a character through gates and state to a prediction, and from the loss back to "
            "the weights."), nodes, wires, 400)  # fmt: skip


def _name_unit(state: Piece, guess: Piece, unit: int, units: int) -> None:
    """Label a state node with the number of its unit, and a guess node with the number of units that make the guess."""
    state |= {"above": t("unit {n}", n=unit + 1), "beside": (state["x"] + 6, state["y"] + 40)}
    guess |= {"above": t("from all {n} units", n=units), "beside": (guess["x"] - 36, guess["y"] + 28)}


def _guess_nodes(part: int, x: float, y: float, values: Mapping[str, Values]) -> list[Piece]:
    """Return the nodes of the three likeliest next letters, best on top; fewer where the alphabet has fewer."""
    rows = values["guesses"] or ()
    return [
        make_node(part, x, y + 24 * place, GUESS, values=[row[place] for row in rows], kind="guess", above="" if place else "ŷ")
        for place in range(min(map(len, rows), default=3))
    ]  # fmt: skip
