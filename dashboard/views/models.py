"""Which model knows these songs best? Every run with its score; curves, cards, songs, surprisal; move, delete."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.data_table import MISSING, localise_numbers, table_height
from dashboard.components.frame.figure_card import heading
from dashboard.components.models import run_files, run_looks
from dashboard.navigation import draw_open_tab
from dashboard.views.takes import draw_takes
from pipeline.cells.registry import LABELS
from pipeline.core.translation import (
    SOURCE,
    format_decimal,
    language,
    mark,
    t,
    t_count,
    translate_labels,
    translate_sentence,
)
from pipeline.runs.summary import best_comparable_runs, runs_by_test_songs

LOOK_LABELS = {
    "curves": mark("Curves"), "card": mark("Card"), "compare": mark("Compare two"), "surprisal": mark("Surprisal"),
    "files": mark("Move and delete"),
}  # fmt: skip
COLUMNS = {
    "name": mark("Model"), "test_bits": mark("Bits per character"), "difference": mark("Gap, %"),
    "baseline_bits": mark("N-gram bits"), "perplexity": mark("Perplexity"),
    "kind": mark("Kind"), "level": mark("Text units"), "cell": mark("Cell"), "size": mark("Size"),
    "corpus": mark("Corpus"), "minutes": mark("Minutes"), "saved": mark("Saved here"),
}  # fmt: skip
FORMATS = {
    "test_bits": "%.4f", "baseline_bits": "%.4f", "difference": "%+.1f", "perplexity": "%.1f", "minutes": "%.1f",
}  # fmt: skip
HELP = {
    "test_bits": mark("Mean surprisal per character of the test songs, which the model never saw. Lower is better."),
    "baseline_bits": mark("The same figure for the best character n-gram model (Kneser-Ney)."),
    "difference": mark("Difference from that n-gram model: below 0, the model is better."),
    "perplexity": mark("The number of equally likely words it effectively chooses among."),
    "minutes": mark("Training time."),
}
KINDS = {"network": mark("network"), "ngram": mark("n-gram"), "mixture": mark("mixture")}
LEVELS = {"char": mark("characters"), "subword": mark("subwords"), "word": mark("words")}


def draw_best_run(table: pd.DataFrame) -> None:
    """Draw the sentence that names the best run of the largest group tested on the same songs."""
    judged = table.dropna(subset=["test_bits", "baseline_bits", "corpus"])
    if judged.empty:
        text = t_count(
            "{n} model, not tested on the songs of a corpus yet.",
            "{n} models, none tested on the songs of a corpus yet.",
            len(table),
        )
        page_layout.draw_answer(text)
        return
    group = runs_by_test_songs(judged)[0]
    best = group.iloc[0]
    values = {
        "corpus": escape(best["corpus"]),
        "best": f"<b>{escape(best['name'])}</b>",
        "bits": format_decimal(best["test_bits"], 3),
        "gap": run_looks.ngram_difference_text(best["difference"]),
    }
    text = t(
        "Of the models tested on the same songs of {corpus}, {best} is best: <b>{bits} bits per character</b> on "
        "unseen songs, {gap} an n-gram model of what it read.",
        **values,
    )
    page_layout.draw_answer(text)


def draw_runs_lists(table: pd.DataFrame) -> None:
    """Draw a table for each group of runs tested on the same songs, best first. A last table holds the other runs,
    which cannot be compared."""
    groups = [group for group in runs_by_test_songs(table) if len(group) > 1]
    named = [(t("Tested on the same songs of {corpus}", corpus=group["corpus"].iloc[0]), group) for group in groups]
    others = table[~table["name"].isin([name for group in groups for name in group["name"]])]
    if len(others):
        named.append((t("Tested on other texts, or not at all: not comparable"), others))
    for number, (title, group) in enumerate(named):
        heading(title)
        draw_runs_list(group, f"table-runs-{number}")


def draw_runs_list(table: pd.DataFrame, key: str) -> None:
    """Draw a table of runs with selectable rows. Selected runs appear in the curves, the first of them in the card."""
    columns = translate_labels(COLUMNS)
    of_part = [
        t("{corpus}, partly", corpus=row.corpus) if row.part and row.corpus else row.corpus
        for row in table.itertuples()
    ]
    shown = table.assign(
        kind=table["kind"].map(translate_labels(KINDS)),
        level=table["level"].map(translate_labels(LEVELS)),
        corpus=of_part,
        cell=table["cell"].map(LABELS),
        size=[f"{row.layers:.0f} × {row.units:.0f}" if row.units > 0 else None for row in table.itertuples()],
        minutes=table["seconds"] / 60,
        saved=[datetime.fromtimestamp(seconds) for seconds in table["saved"]],
    )
    config: dict[str, Any] = {columns["saved"]: st.column_config.DatetimeColumn(format=t("D MMM YY"))}
    for name, text in FORMATS.items():
        english = text if language() == SOURCE else None
        config[columns[name]] = st.column_config.NumberColumn(format=english, help=t(HELP[name]))
    forms = {columns[name]: f"{{:{text[1:]}}}" for name, text in FORMATS.items()}
    alt = t_count("{n} model and its scores", "{n} models and their scores", len(table))

    def pick_rows() -> None:
        if rows := st.session_state[key].selection.rows:
            picked = table.iloc[rows]
            st.session_state["run"] = picked["name"].iloc[0]
            st.session_state["shown"] = picked["name"][picked["has_curve"]].tolist()[: run_looks.MOST_CURVES]

    st.dataframe(
        localise_numbers(shown[list(columns)].rename(columns=columns), forms), hide_index=True, key=key,
        on_select=pick_rows, selection_mode="multi-row", column_config=config, placeholder=MISSING,
        height=table_height(len(table)), alt=alt,
    )  # fmt: skip


def draw_runs() -> None:
    page_layout.draw_question(t("Which model predicts these songs best?"))
    table, problems = cache.run_table()
    run_files.offer_undo()
    if table.empty:
        page_layout.no_model()
    else:
        draw_best_run(table)
        draw_runs_lists(table)
        note = t("Fewer bits are better. Each n-gram has read the songs of its model, perhaps more than another.")
        page_layout.remark(f"{note} {t('Click a column to sort, rows for details.')}")
    for problem in problems:
        page_layout.empty_state(translate_sentence(problem))
    look, names = pick(t("Show"), translate_labels(LOOK_LABELS), key="look"), table["name"].tolist()
    draw: dict[str, Callable[[list[str]], None]] = {
        "card": run_looks.draw_card,
        "compare": partial(run_looks.pick_and_compare_runs, pair=best_comparable_runs(table)),
        "surprisal": run_looks.draw_surprisal,
    }
    with page_layout.show_errors():
        if look == "curves" and names:
            run_looks.draw_curves(table[table["has_curve"]])
        else:
            draw.get(look if names else "files", run_files.draw)(names)


draw_open_tab(runs=draw_runs, takes=draw_takes)
