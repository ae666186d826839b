"""Learn 7: what does the LSTM keep?"""

from html import escape

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import learn_curves, learn_heat
from dashboard.components.corpus.rhyme_marks import mark_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, slider, toggle
from dashboard.components.frame.figure_card import card, heading
from dashboard.components.lesson import lesson, marks, player, trained_networks, two_runs
from dashboard.lessons import cell_scenes, gates, through_time
from dashboard.lessons.cell_scenes import SideSetting
from dashboard.lessons.study import NetworkSetting, visible_symbol
from dashboard.locale.escaping import escape_markdown
from dashboard.locale.phrasing import format_number
from pipeline.cells.activations import Array
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, format_percentage, t, translate_labels
from pipeline.corpus.table import Corpus
from pipeline.language.scheme import UNRHYMED_LETTER

# That are read to find what a unit fires on, and of each so many first lines. With 8 or 16 lines the best unit of each
# place is the same and its correlation at most 0.04 from that of 4, which are read in two thirds of the time.
SECTIONS, LINES = 20, 4


ForcedGate = tuple[str, int | None, float, int | None]  # a gate, of which unit, to what, at which step; None: of all


def gate_traces(name: str, text: str) -> dict[str, Array]:
    """Every gate of the network of this name after each character."""
    run = trained_networks.lstm_run()[0]
    return gates.trace(run.network(), gates.tokens_of(text, run.vocabulary))


def trace_of(text: str) -> dict[str, Array]:
    """The same, cached."""
    return cache.call(gate_traces, trained_networks.lstm_run()[0].name, text)


def rhyming(lines: list[str]) -> list[int]:
    """For each line the length of its last word if it rhymes, else 0."""
    return [
        len(line.split()[-1]) if letter != UNRHYMED_LETTER and line.split() else 0
        for line, letter in zip(lines, mark_rhymes(lines).letters, strict=True)
    ]


def sections_of(corpus: Corpus) -> list[tuple[str, list[str], list[int]]]:
    """Some couplets and refrains, with how many last characters of each line rhyme."""
    kinds = corpus.sections["kind"]
    every = max(1, len(kinds) // SECTIONS)
    chosen = [s for kind in ("couplet", "refrain") for s in kinds.index[kinds == kind][::every][: SECTIONS // 2]]
    lines = corpus.lines["section"]
    texts = [corpus.texts_of(lines.index[lines == section][:LINES]) for section in chosen]
    return [(kinds[s], own, rhyming(own)) for s, own in zip(chosen, texts, strict=True) if own]


def sampled_states(name: str) -> gates.ActivationSample:
    """States of the network of this name over those sections."""
    run = trained_networks.lstm_run()[0]
    return gates.sample_activations(run.network(), run.vocabulary, sections_of(cache.open_corpus(DEMO_NAME)))


@page_layout.fragment
def touch(text: str) -> None:
    cell = pick(t("Cell"), {"lstm": "LSTM", "gru": "GRU"}, key="touched_cell")
    touches = player.touches_in_address()
    scene = cache.call(cell_scenes.cell_scene, text, NetworkSetting(cell, 3, trained=50), touches)
    player.play(scene, key="step", touches=touches)


@page_layout.fragment
def runs(text: str) -> None:
    two_runs.draw(text, SideSetting("lstm"), SideSetting("lstm", forget_bias=0.0))


@page_layout.fragment
def wires(text: str) -> None:
    traces = trace_of(text)
    left, right = st.columns(2, gap="large")
    with left:
        which = t("Which character of the line has just been read.")
        step = lesson.step_slider(t("Step t"), text, 6, key="wire_t", help=which)
    with right:
        last = traces["cell"].shape[1] - 1
        unit = slider(t("Unit"), 0, last, 0, key="wire_unit", help=t("Which of the cells of the layer."))
    marks.draw_line_at(text, step)
    previous = float(traces["cell"][step - 2, unit]) if step > 1 else first_cell_state(text, unit)
    marks.draw_svg(gates.wires(traces, previous, step - 1, unit))
    steps = np.arange(1, len(text) + 1)
    curves = {t(gates.NAMES[g]): (steps, traces[g][:, unit]) for g in ("forget", "input", "output", "cell")}
    figure = learn_curves.line_chart(curves, x=t("step"), y=t("value"), hover="%{y:.3f}")
    learn_curves.add_rule(figure, x=step, dotted=True)
    part = format_percentage(traces["forget"][:, unit].mean(), 0)
    card(t("Unit {unit} keeps {part} of its cell at each step", unit=unit, part=part), figure, key="unit")


def first_cell_state(text: str, unit: int) -> float:
    """The cell after `<song>`, before the first character."""
    run = trained_networks.lstm_run()[0]
    return float(run.network().trace(gates.tokens_of(text, run.vocabulary)[None]).layers[-1]["cell"][0, 0, unit])


@page_layout.fragment
def maps(text: str) -> None:
    traces = trace_of(text)
    gate = pick(t("Gate"), {g: t(gates.NAMES[g]) for g in traces}, "forget", key="gate")
    order = np.argsort(-traces["cell"].std(axis=0), kind="stable")[:48]
    steps = [f"{i} {visible_symbol(c)}" for i, c in enumerate(text, 1)]
    signed = gate in gates.SIGNED_TENSORS
    figure = learn_heat.heat_map(
        traces[gate][:, order].T, columns=steps, rows=[f"{u}" for u in order], diverging=signed, limit=None if signed else 1.0,
        hover=t("unit %{y} after %{x}: %{z:.3f}"), height=560, y=t("unit"), bar=t("value"),
    )  # fmt: skip
    mean = traces[gate].mean()
    card(
        t(
            "{gate}: {mean} on average",
            gate=t(gates.NAMES[gate]),
            mean=format_number(mean, "+.2f") if signed else format_percentage(mean),
        ),
        learn_heat.show_symbol_ticks(figure, steps),
        key="gates",
        note=t("The {shown} units of {all} whose cell moves most.", shown=len(order), all=traces[gate].shape[1]),
    )


@page_layout.fragment
def firing(text: str) -> None:
    sampled = cache.call(sampled_states, trained_networks.lstm_run()[0].name)
    place = pick(t("Find a unit that fires on"), translate_labels(gates.CHARACTER_FEATURES), key="fires")
    best = {d.unit: d.correlation for d in gates.most_correlated_units(sampled.hidden, sampled.places[place])}
    unit = st.selectbox(
        t("Unit, best first"),
        list(best),
        format_func=lambda u: t("{unit}: correlation {value}", unit=u, value=format_number(best[u], "+.2f")),
        key=f"unit_{place}",
    )
    sign = 1.0 if best[unit] >= 0 else -1.0
    hidden = trace_of(text)["hidden"][:, unit] * sign
    heading(
        t("Your line, coloured by unit {unit}", unit=unit),
        t(
            "Correlation {value} with “{place}” over {characters} characters of {sections} sections. Chosen among "
            "{units} units, so the best is flattered.",
            value=format_number(best[unit], "+.2f"),
            place=t(gates.CHARACTER_FEATURES[place]),
            characters=format_decimal(len(sampled.characters)),
            sections=SECTIONS,
            units=sampled.hidden.shape[1],
        ),
    )
    st.html(
        marks.tinted_text(list(text), hidden.clip(0).tolist(), hints=[format_number(v * sign, "+.3f") for v in hidden])
    )
    elsewhere = t("Where else it is strongest")
    st.html(f"<h3>{elsewhere}</h3>")
    items = "".join(
        f'<li><span class="text" lang="fr">{_escape_lines(a)}<mark>{_escape_lines(c)}</mark>{_escape_lines(b)}</span><span class="from">{format_number(v, "+.3f")}</span></li>'
        for a, c, b, v in gates.top_activations(sampled, unit, sign=sign)
    )
    st.html(f'<div class="narrow"><ul class="lines">{items}</ul></div>')


def _escape_lines(text: str) -> str:
    return escape(text.replace("\n", " ⏎ "))


@page_layout.fragment
def intervene(text: str) -> None:
    run = trained_networks.lstm_run()[0]
    left, right = lesson.two_columns()
    with left:
        how = intervention(text, run.network().layers[-1].units)
    plain, before = cache.call(continue_line, run.name, text, None)
    changed, after = cache.call(continue_line, run.name, text, how)
    moved = 0.5 * float(np.abs(after - before).sum())
    with right:
        heading(
            _effect(how is not None, plain != changed, moved),
            t(
                "Each time the likeliest character is written. Total variation between the two distributions after "
                "the line."
            ),
        )
        for label, ids in ((t("As it is"), plain), (t("Forced"), changed)):
            st.html(f"<h3>{label}</h3>")
            marks.draw_continuation(text, text_of(ids, run))


def continue_line(name: str, text: str, how: ForcedGate | None) -> tuple[list[int], Array]:
    """What the network of this name writes after the line and foretells after it, with a gate forced or none."""
    run = trained_networks.lstm_run()[0]
    intervene = gates.force_gate(*how) if how else None
    return gates.continuation(run.network(), gates.tokens_of(text, run.vocabulary), intervene)


def _effect(forced: bool, differs: bool, moved: float) -> str:
    """What forcing a gate has changed, as the title of what is written."""
    if not forced:
        return t("With no intervention the two are identical")
    if differs:
        return t("The next guess moves by {part}; the continuation changes", part=format_percentage(moved))
    return t("The next guess moves by {part}; the continuation stays", part=format_percentage(moved))


def intervention(text: str, units: int) -> ForcedGate | None:
    """Which gate is forced to what, and where; None when the switch is off."""
    gate = pick(t("Force"), {g: t(gates.NAMES[g]) for g in ("forget", "input", "output")}, key="force")
    value = slider(t("to the value"), 0.0, 1.0, 0.0, 0.05, key="force_to", help=t("0 closes the gate, 1 opens it."))
    all_steps = toggle(t("At every step of the line"), key="force_all")
    where = t("The character of the line at which the gate is forced.")
    at = lesson.step_slider(t("at step"), text, key="force_at", help=where, disabled=all_steps)
    one = toggle(t("One unit only"), key="force_one")
    which = t("Which of the cells of the layer is forced.")
    unit = slider(t("unit"), 0, units - 1, 0, key="force_unit", help=which, disabled=not one)
    if not toggle(t("Intervene"), True, key="force_on"):
        return None
    return gate, unit if one else None, value, None if all_steps else at


def text_of(ids: list[int], run: cache.OpenRun) -> str:
    """Tokens as they are read, marks as ends of lines."""
    return "".join("\n" if s in ("<line>", "<song>") else s for s in run.vocabulary.decode(ids))


def backward(text: str) -> None:
    checks = cache.call(through_time.check_gradients, text[:8], NetworkSetting("lstm", 2, trained=5), False)
    worst, entries = max(c.complex_step for c in checks), sum(c.entries for c in checks)
    st.markdown(
        t(
            "All {count} gradients of weights, biases and first states on the start of your line: worst error "
            "**{worst}** against the complex step, {numbers} numbers. The gradient of $x$ is checked on page 12.",
            count=len(checks),
            worst=format_number(worst, ".1e"),
            numbers=format_decimal(entries),
        )
    )
    marks.draw_table(
        [t("Gradient"), t("Numbers"), t("Error (≤ 1e-12)")],
        [[f"d{c.name}", str(c.entries), format_number(c.complex_step, ".1e")] for c in checks],
    )


def remark_unknown_characters(text: str) -> None:
    """A word on the characters that the network has never seen."""
    vocabulary = trained_networks.lstm_run()[0].vocabulary
    if strange := sorted({c for c in text if c not in vocabulary}):
        page_layout.remark(
            t("This network has never seen: {characters}. It reads them as unknown.", characters=", ".join(strange))
        )


def network() -> str:
    """Which network the lesson plays, as the end of a sentence."""
    run, trained = trained_networks.lstm_run()
    if not trained:
        return t("in a network that was not trained: there is no character LSTM among the models yet.")
    return t(
        "in **{name}**, a network of {units} units trained on the corpus.",
        name=escape_markdown(run.name),
        units=run.network().layers[-1].units,
    )


lesson.show(
    "learn_lstm", remark_unknown_characters, touch, wires, maps, firing, intervene, runs, backward, network=network()
)
