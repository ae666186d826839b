"""A trained character network over a line: its gates, the units that fire somewhere, what changes when one is forced."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array, softmax
from pipeline.cells.replay import Network
from pipeline.core.translation import mark, t
from pipeline.language.vocabulary import LINE, SONG, UNK, Vocabulary

NAMES = {
    "input": mark("Γi, written"),
    "forget": mark("Γf, kept"),
    "candidate": mark("c̃, offered"),
    "output": mark("Γo, shown"),
    "cell": mark("c, the cell"),
    "hidden": mark("a, the state"),
    "update": mark("Γz, kept"),
    "reset": mark("Γr, seen"),
}
CHARACTER_FEATURES = {
    "line-end": mark("line end"),
    "rhyme": mark("rhyme"),
    "refrain": mark("refrain"),
    "apostrophe": mark("apostrophe"),
    "word-start": mark("start of a word"),
}
Intervention = Callable[[int], Callable[[Any], Any] | None]  # step -> how its gates are altered, or None
SIGNED_TENSORS = ("candidate", "cell", "hidden")  # between −1 and 1 or beyond; the others are shares


def tokens_of(text: str, vocabulary: Vocabulary) -> Array:
    """`<song>` and the characters of the line, int `(T + 1,)`; unknown ones are `<unk>`."""
    return np.concatenate([[SONG], vocabulary.encode(text)])


def trace(network: Network, tokens: Array) -> dict[str, Array]:
    """Every gate of the last layer after each character read, `(T, units)`; the first, `<song>`, is left out."""
    traced = network.trace(tokens[None])
    return {name: values[0, 1:] for name, values in traced.layers[-1].items()}


class UnitCorrelation(NamedTuple):
    """A unit and how well its state tells the places in question: the correlation, its sign kept."""

    unit: int
    correlation: float


def most_correlated_units(hidden: Array, places: Array) -> list[UnitCorrelation]:
    """The five units of hidden `(N, units)` that best tell where `places` `(N,)` is true."""
    wanted = places - places.mean()
    centred = hidden - hidden.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0) * (wanted**2).sum())
    correlation = (centred * wanted[:, None]).sum(axis=0) / np.maximum(size, 1e-12)
    best = np.argsort(-np.abs(correlation), kind="stable")[:5]
    return [UnitCorrelation(int(unit), float(correlation[unit])) for unit in best]


class ActivationSample(NamedTuple):
    """Sections of a corpus as one text, read once: its characters, the state after each, what is true of each."""

    characters: tuple[str, ...]
    hidden: Array  # (N, units)
    places: dict[str, Array]  # name -> bool (N,)


def sample_activations(
    network: Network, vocabulary: Vocabulary, sections: Sequence[tuple[str, Sequence[str], Sequence[int]]]
) -> ActivationSample:
    """Read sections (kind, lines, how many last characters of each line rhyme; 0 for none), each from a fresh state."""
    texts = ["".join(f"{line}\n" for line in lines) for _, lines, _ in sections]
    batch = np.full((len(texts), 1 + max(map(len, texts))), SONG)
    for row, text in zip(batch, texts, strict=True):
        row[1 : 1 + len(text)] = [LINE if c == "\n" else vocabulary.word2index.get(c, UNK) for c in text]
    hidden = [state[1 : 1 + len(text)] for state, text in zip(network.states(batch), texts, strict=True)]
    flags: dict[str, list[Array]] = {name: [] for name in CHARACTER_FEATURES}
    for text, (kind, lines, rhymes) in zip(texts, sections, strict=True):
        ends = np.array([c == "\n" for c in text])
        rhyming = np.zeros(len(text), bool)
        at = 0
        for line, length in zip(lines, rhymes, strict=True):
            rhyming[at + len(line) - length : at + len(line)] = True
            at += len(line) + 1
        before = np.array([" ", *text[:-1]])
        flags["line-end"].append(np.roll(ends, -1) & ~ends)
        flags["rhyme"].append(rhyming)
        flags["refrain"].append(np.full(len(text), kind == "refrain"))
        flags["apostrophe"].append(np.array([c in "'’" for c in text]))
        flags["word-start"].append(np.isin(before, [" ", "\n"]) & ~ends)
    return ActivationSample(
        tuple("".join(texts)), np.concatenate(hidden), {k: np.concatenate(v) for k, v in flags.items()}
    )


CONTEXT_CHARACTERS = 18  # characters shown before and after one


def top_activations(drawn_sample: ActivationSample, unit: int, sign: float = 1.0) -> list[tuple[str, str, str, float]]:
    """The six places where the unit is strongest in the sample: what stands before, the character, what follows, the value."""
    values = drawn_sample.hidden[:, unit] * sign
    chosen: list[int] = []
    for place in np.argsort(-values, kind="stable").tolist():
        if all(abs(place - other) > CONTEXT_CHARACTERS for other in chosen):
            chosen.append(place)
        if len(chosen) == 6:
            break
    text = "".join(drawn_sample.characters)
    return [
        (
            text[max(0, p - CONTEXT_CHARACTERS) : p],
            text[p],
            text[p + 1 : p + 1 + CONTEXT_CHARACTERS],
            float(values[p] * sign),
        )
        for p in chosen
    ]


def force_gate(gate: str, unit: int | None, value: float, at: int | None) -> Intervention:
    """What to do at step t: replace `gate` of one unit (all when None) by `value`, at one step (every one when None)."""

    def at_step(t: int) -> Callable[[Any], Any] | None:
        if at is not None and t != at:
            return None

        def alter(gates: Any) -> Any:
            changed = getattr(gates, gate).copy()
            changed[:, slice(None) if unit is None else unit] = value
            return gates._replace(**{gate: changed})

        return alter

    return at_step


def continuation(
    network: Network, tokens: Array, intervene: Intervention | None, length: int = 60
) -> tuple[list[int], Array]:
    """Read the line, with the intervention, then write what is likeliest: tokens, and ŷ after the line `(V,)`."""
    state = network.initial_state()
    logits = np.zeros((1, network.vocabulary_size))
    for step, token in enumerate(tokens.tolist()):
        change = intervene(step) if intervene else None
        logits, state = network.step([token], state, {len(network.layers) - 1: change} if change else None)
    first = softmax(logits[0].astype(float))
    generated: list[int] = []
    for _ in range(length):
        masked = logits[0].copy()
        masked[:SONG] = np.where(np.arange(SONG) == LINE, masked[:SONG], -np.inf)  # no <pad>, no <unk>
        token = int(masked.argmax())
        generated.append(token)
        if token == SONG:
            break
        logits, state = network.step([token], state)
    return generated, first


def wires(traces: dict[str, Array], previous: float, step: int, unit: int) -> str:
    """One unit of an LSTM at one step with the numbers on its wires, as an SVG."""
    v = {name: float(values[step, unit]) for name, values in traces.items()}
    remembered, added = v["forget"] * previous, v["input"] * v["candidate"]
    texts = [
        (20, 52, f"c⟨t−1⟩ {format_number(previous, '+.3f')}"), (215, 40, t("kept {value}", value=format_number(remembered, "+.3f"))), (408, 40, f"c⟨t⟩ {format_number(v['cell'], '+.3f')}"),
        (120, 190, f"Γf {format_number(v['forget'], '.3f')}"), (222, 190, f"Γi {format_number(v['input'], '.3f')}"), (312, 190, f"c̃ {format_number(v['candidate'], '+.3f')}"),
        (412, 190, f"Γo {format_number(v['output'], '.3f')}"), (312, 92, t("added {value}", value=format_number(added, "+.3f"))), (478, 122, f"a⟨t⟩ {format_number(v['hidden'], '+.3f')}"),
    ]  # fmt: skip
    boxes = [(120, "σ", "blue"), (222, "σ", "blue"), (312, "tanh", "orange"), (412, "σ", "blue")]
    parts = ['<path d="M20 60 H560"/>', '<path d="M150 150 V72"/>', '<path d="M252 150 V125 H290"/>', '<path d="M342 150 V125 H316"/>',
             '<path d="M303 113 V72"/>', '<path d="M442 150 V132"/>', '<path d="M442 62 V108"/>', '<path d="M455 120 H475"/>', '<path d="M120 235 H472"/>']  # fmt: skip
    parts += [
        f'<rect x="{x}" y="150" width="60" height="26" style="--box:var(--{ink})"/><text x="{x + 30}" y="168" text-anchor="middle">{name}</text><line x1="{x + 30}" y1="235" x2="{x + 30}" y2="198"/>'
        for x, name, ink in boxes
    ]
    parts += [
        f'<circle cx="{x}" cy="{y}" r="12"/><text x="{x}" y="{y + 5}" text-anchor="middle">{sign}</text>'
        for x, y, sign in ((150, 60, "×"), (303, 60, "+"), (303, 125, "×"), (442, 120, "×"))
    ]
    parts += [f'<text x="{x}" y="{y}">{text}</text>' for x, y, text in texts]
    parts.append('<text class="small" x="20" y="240">a⟨t−1⟩, x⟨t⟩</text><text class="small" x="452" y="90">tanh</text>')
    label = f"c = {format_number(v['forget'], '.2f')} × {format_number(previous, '.2f')} + {format_number(v['input'], '.2f')} × {format_number(v['candidate'], '.2f')} = {format_number(v['cell'], '.2f')}; a = {format_number(v['hidden'], '.2f')}"
    return f'<svg class="wires wide" viewBox="0 15 600 235" role="img" aria-label="{label}">{"".join(parts)}</svg>'
