"""Learn 7: what does the LSTM keep?"""

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.frame.figure_card import heading
from dashboard.components.lesson import lesson, marks, player, trained_networks
from dashboard.lessons import cell_scenes, gates, named_units, scenes
from dashboard.lessons.overrides import Override
from dashboard.lessons.scenes import Scene
from dashboard.lessons.study import CELL_LABELS
from dashboard.lessons.through_time import remaining_share_text
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.core.translation import format_decimal, format_interval, format_percentage, t
from pipeline.language.vocabulary import LINE

GATED_CELLS = {cell: CELL_LABELS[cell] for cell in ("lstm", "gru")}
ForcedGate = tuple[str, int | None, float, int | None]  # gate, unit (None: all), value, step (None: all)


def pick_unit(cell: str, key: str, text: str) -> tuple[named_units.NamedUnit, str]:
    """Draw the choice of a unit by what it tracks, with its correlation. Return the unit and the line that it reads. A
    unit that tracks brackets reads a line with brackets, which are added if missing."""
    found = trained_networks.named_units_of_cell(cell)
    unit = found[pick(t("A high value says"), {name: t(each.label) for name, each in found.items()}, key=key)]
    line = named_units.put_middle_word_in_brackets(text) if unit.name == "brackets" else text
    remarks = [
        t(
            "Unit {unit} of {all}. Correlation with what it tracks: {correlation}, on {n} sections not used to find it.",
            unit=unit.unit + 1, all=trained_networks.open_architecture("classic").networks[cell].layers[0].units,
            correlation=_format_correlation(unit), n=unit.sections,
        ),
        t("Brackets were added to your line.") if line != text else "",
    ]  # fmt: skip
    page_layout.remark(" ".join(filter(None, remarks)))
    return unit, line


def animate_unit_on_line(cell: str, version: int, line: str, unit: int, overrides: tuple[Override, ...]) -> Scene:
    """Return the scene of one unit of a cell's trained network reading a line. `version` only keys the cache."""
    model = trained_networks.open_architecture("classic")
    tokens = gates.tokens_of(line, model.vocabulary)
    came = np.append(tokens[1:], LINE)
    leaves = scenes.to_bptt_arrays(model.networks[cell])
    return cell_scenes.unit_scene(cell, leaves, tokens, came, model.vocabulary.index2word, unit, overrides)


@page_layout.fragment
def draw_gated_cell(text: str) -> None:
    """Draw a playable scene of one unit of the LSTM or the GRU as it reads the line."""
    place = st.container()
    left, right = st.columns([1, 4], gap="large")
    with left:
        cell = pick(t("Cell"), GATED_CELLS, key="touched_cell")
    with right:
        unit, line = pick_unit(cell, f"unit_of_{cell}", text)
    overrides = cell_scenes.overrides_of_cell(cell, player.number_overrides_in_address())
    version = cache.run_version("learn-classic")
    scene = cache.call(animate_unit_on_line, cell, version, line, unit.unit, overrides)
    opens = line.index("(") + 2 if "(" in line else 6  # where something happens; the first step reads the song's sign
    with place:
        player.play_scene(scene, key="step", at=min(opens, len(scene.symbols)), overrides=overrides)


def _format_correlation(unit: named_units.NamedUnit | None) -> str:
    """Return the absolute correlation of a unit with its 95% interval, or that it is too low to be shown."""
    if unit is None:
        return t("below {least}", least=format_decimal(named_units.MIN_CORRELATION, 1))
    low, high = sorted((abs(unit.low), abs(unit.high)))
    return format_interval(abs(unit.correlation), low, high, 2)


@page_layout.fragment
def draw_unit_activity(text: str) -> None:
    """Draw the line coloured by the state of one unit, and the correlations of the best unit of each cell."""
    place = st.container()
    unit, line = pick_unit("lstm", "fires", text)
    model = trained_networks.open_architecture("classic")
    traced = gates.trace_gates(model.networks["lstm"], gates.tokens_of(line, model.vocabulary))
    states = np.tanh(traced["cell"][:, unit.unit])
    share = (states - states.min()) / max(float(np.ptp(states)), 1e-9)
    best = ", ".join(
        f"{label} {_format_correlation(trained_networks.named_units_of_cell(cell).get(unit.name))}"
        for cell, label in CELL_LABELS.items()
    )
    with place:
        heading(
            t("Your line, coloured by the state of unit {unit}", unit=unit.unit + 1),
            t("Strong colour: its highest tanh(c) here."),
        )
        st.html(marks.tinted_text(list(line), share.tolist(), hints=[format_number(v, "+.3f") for v in states]))
        st.markdown(
            t(
                "Three networks of about 60,000 weights read the same songs. Correlation of the best unit of each: {best}.",
                best=best,
            )
        )


@page_layout.fragment
def draw_forced_gate(text: str) -> None:
    """Draw how the network continues the line with a gate set by hand and without."""
    left, right = lesson.two_columns()
    with left:
        how = choose_forced_gate(text)
    version = cache.run_version("learn-classic")
    plain, before = cache.call(continue_line, version, text, None)
    changed, after = cache.call(continue_line, version, text, how)
    moved = 0.5 * float(np.abs(after - before).sum())
    title = t("The next prediction changes by {part}", part=format_percentage(moved))
    with right:
        heading(
            t("{effect}; the continuation changes", effect=title) if plain != changed else t("{effect}; the continuation stays the same", effect=title),
            t("The most likely letter is written each time. The change is the share of probability that moves to other "
              "letters."),
        )  # fmt: skip
        for label, written in ((t("Unchanged"), plain), (t("Set by hand"), changed)):
            st.html(f"<h3>{label}</h3>")
            marks.draw_continuation(text, written)


def continue_line(version: int, text: str, how: ForcedGate | None) -> tuple[str, Array]:
    """Return the text that the network writes after the line, and its first ŷ `(V,)`. `how` may force a gate."""
    model = trained_networks.open_architecture("classic")
    tokens = gates.tokens_of(text, model.vocabulary)
    ids, y_hat = gates.continue_text(model.networks["lstm"], tokens, gates.force_gate(*how) if how else None)
    return "".join("\n" if s in ("<line>", "<song>") else s for s in model.vocabulary.decode(ids)), y_hat


def choose_forced_gate(text: str) -> ForcedGate:
    """Draw the choice of a gate to set by hand. Return the gate, its unit, its value and the step."""
    gate = pick(t("Set"), {g: t(gates.NAMES[g]) for g in ("forget", "input", "output")}, key="force")
    value = slider(t("to"), 0.0, 1.0, 0.0, 0.05, key="force_to", help=t("0 closes the gate, 1 opens it."))
    named = trained_networks.named_units_of_cell("lstm")
    units = {"all": t("all units")} | {name: t(each.label) for name, each in named.items()}
    unit = pick(t("of"), units, key="force_unit", look="list")
    all_steps = toggle(t("At every step of the line"), key="force_all")
    where = t("The character of the line at which the gate is set.")
    at = lesson.step_slider(t("at step"), text, key="force_at", help=where, disabled=all_steps)
    return gate, None if unit == "all" else named[unit].unit, value, None if all_steps else at


@page_layout.fragment
def draw_error_along_cell(text: str) -> None:
    """Draw the line coloured by the share of an error at its end that comes back to each letter along c of one unit."""
    place = st.container()
    unit, line = pick_unit("lstm", "back", text)
    model = trained_networks.open_architecture("classic")
    forget = gates.trace_gates(model.networks["lstm"], gates.tokens_of(line, model.vocabulary))["forget"][:, unit.unit]
    shares = np.append(np.cumprod(forget[:0:-1])[::-1], 1.0)
    with place:
        heading(
            t(
                "Of an error at the end of the line, {share} comes back to its first letter",
                share=remaining_share_text(float(shares[0])),
            ),
            t("The product of Γf of unit {unit}, along c alone. Nothing gets past a closed gate.", unit=unit.unit + 1),
        )
        st.html(marks.tinted_text(list(line), shares.tolist(), hints=[format_percentage(v) for v in shares]))


def draw_unknown_characters(text: str) -> None:
    """Say which characters of the line the network has never seen."""
    vocabulary = trained_networks.open_architecture("classic").vocabulary
    if strange := sorted({c for c in text if c not in vocabulary}):
        page_layout.remark(
            t("This network has never seen: {characters}. They are read as unknown.", characters=", ".join(strange))
        )


lesson.draw_lesson(
    "learn_lstm",
    draw_unknown_characters,
    draw_gated_cell,
    draw_unit_activity,
    draw_forced_gate,
    draw_error_along_cell,
)
