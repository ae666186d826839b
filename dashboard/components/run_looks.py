"""Ways to look at trained runs: their curves over each other, the card of one, how it is surprised by a text."""

import re

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import training_charts
from dashboard.components import address, page_layout, surprisal_text
from dashboard.components.bound import BIND
from dashboard.components.data_table import named_table
from dashboard.components.figure_card import card, heading
from dashboard.locale.escaping import unlink_markdown
from pipeline.core.errors import SeizeError
from pipeline.core.translation import mark, number, t
from pipeline.language.vocabulary import Level
from pipeline.language_models.text_model import TextModel
from pipeline.language_models.units import UNITS
from pipeline.runs.run import load_run
from pipeline.runs.summary import validation_curve
from pipeline.training.card import card_to_read
from pipeline.training.surprisal import LONGEST, token_surprisals

MOST = 6  # curves that can be told apart
BITS: dict[Level, str] = {
    "char": mark("bits a character"),
    "subword": mark("bits a sub-word"),
    "word": mark("bits a word"),
}
CAME_TO: dict[Level, str] = {
    "char": mark("{run} came to {bits} bits a character"),
    "subword": mark("{run} came to {bits} bits a sub-word"),
    "word": mark("{run} came to {bits} bits a word"),
}
LOWEST: dict[Level, str] = {
    "char": mark("{run} went lowest: {bits} bits a character"),
    "subword": mark("{run} went lowest: {bits} bits a sub-word"),
    "word": mark("{run} went lowest: {bits} bits a word"),
}
ON_AVERAGE: dict[Level, str] = {
    "char": mark("{bits} bits a character on average, {all} in all"),
    "subword": mark("{bits} bits a sub-word on average, {all} in all"),
    "word": mark("{bits} bits a word on average, {all} in all"),
}
TEXT = "J'reviens du quartier avec un stylo dans la poche,\nseize mesures à tenir et la nuit qui s'approche."


def pick_run(names: list[str]) -> str:
    """Draw the choice of the run that is looked at, and return it."""
    address.report_unknown("run", names, "run")
    return st.selectbox(t("Run"), names, key="run", bind=BIND, width=420)


def draw_curves(table: pd.DataFrame) -> None:
    """Draw the validation of the chosen runs, each kind of units apart: their bits are of different things."""
    names = table["name"].tolist()
    chosen = st.multiselect(t("Runs"), names, names[:MOST], key="shown", bind=BIND, max_selections=MOST)
    if not chosen:
        page_layout.empty_state(t("Choose runs above, or rows of the table."))
    for level in UNITS:
        part = table[table["name"].isin(chosen) & (table["level"] == level)]
        found = {name: _curve(name) for name in part["name"]}
        if lines := {name: curve for name, curve in found.items() if len(curve)}:
            _draw_overlay(lines, level, _baseline(part) if level == "char" else {})
        if silent := [name for name, curve in found.items() if curve.empty]:
            page_layout.remark(t("Without a curve: {names}.", names=", ".join(silent)))


def _draw_overlay(lines: dict[str, pd.DataFrame], level: Level, floors: dict[str, float]) -> None:
    best = min(lines, key=lambda name: lines[name]["bits"].min())
    sentence = CAME_TO[level] if len(lines) == 1 else LOWEST[level]
    title = t(sentence, run=best, bits=number(lines[best]["bits"].min(), 3))
    note = t("On the validation songs. A network alone: what a mixture with the n-gram adds shows in the table.")
    figure = training_charts.curves(lines, y=t(BITS[level]), floors=floors)
    card(title, figure, key=f"curves-{UNITS[level].noun}", note=note)


def _curve(name: str) -> pd.DataFrame:
    curve = cache.call(_read_curve, name, cache.run_version(name))
    return curve.assign(bits=curve["valid_bits"])


def _read_curve(name: str, version: int) -> pd.DataFrame:
    return validation_curve(load_run(name))


def _baseline(part: pd.DataFrame) -> dict[str, float]:
    """Return the n-gram's bits on the validation songs, when all runs shown have the same one."""
    found = set()
    for name in part["name"]:
        try:
            found.add(round(float(load_run(name).scores["baseline"]["valid"]), 4))
        except (SeizeError, KeyError, TypeError, ValueError):
            return {}
    return {t("n-gram"): found.pop()} if len(found) == 1 else {}


def draw_card(names: list[str]) -> None:
    """Draw the model card, its headings below the page's. It may be an imported run's: no picture is loaded from it."""
    text = unlink_markdown(card_to_read(load_run(pick_run(names))))
    st.markdown(re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE))


def draw_surprisal(names: list[str]) -> None:
    """Draw any text under a run, token by token."""
    name = pick_run(names)
    text = st.text_area(t("Text"), TEXT, key="text", bind=BIND, max_chars=LONGEST, height=150) or ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    run = load_run(name)
    found = token_surprisals(cache.call_resource(_open, name, cache.run_version(name)), text)
    units = UNITS[run.level]
    bits = sum(one.bits for one in found)
    heading(
        t(ON_AVERAGE[run.level], bits=number(bits / len(found), 2), all=number(bits)),
        t(
            "The stronger the ground, the greater the surprise (surprisal, −log₂ p). Hover for what it expected; the "
            "list below says it too."
        ),
    )
    st.html(surprisal_text.scale(run.level) + surprisal_text.tinted_text(text, found, run.level))
    if not units.complete:
        page_layout.remark(
            t("A word model does not predict case, spaces and punctuation: these cost it extra, outside this view.")
        )
    heading(t("What surprised it most"))
    columns = {"context": t("Where"), "bits": t("Bits"), "guesses": t("Expected instead")}
    alt = t("The tokens that cost most bits, with the guesses before them")
    named_table(surprisal_text.most_surprising(text, found), columns, alt=alt)


def _open(name: str, version: int) -> TextModel:
    return load_run(name).text_model()
