"""Which model knows these songs best? Every run with its score; curves, cards, songs, surprisal; move, delete."""

from datetime import datetime
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components import page_layout, run_compare, run_files, run_looks
from dashboard.components.bound import pick
from dashboard.locale.phrasing import against, count
from pipeline.cells.registry import LABELS
from pipeline.runs.summary import runs_table
from pipeline.translation import number

LOOKS = {
    "curves": "Curves",
    "card": "Card",
    "compare": "Compare two",
    "surprisal": "Surprise",
    "files": "Move and delete",
}
COLUMNS = {
    "name": "Run",
    "kind": "Kind",
    "level": "Level",
    "cell": "Cell",
    "size": "Size",
    "corpus": "Corpus",
    "test_bits": "Bits a character",
    "baseline_bits": "N-gram's",
    "difference": "Difference, %",
    "perplexity": "Perplexity",
    "minutes": "Minutes",
    "megabytes": "MB",
    "date": "Written",
}
FORMATS = {
    "test_bits": "%.4f",
    "baseline_bits": "%.4f",
    "difference": "%+.1f",
    "perplexity": "%.1f",
    "minutes": "%.1f",
    "megabytes": "%.1f",
}
HELP = {
    "test_bits": "How surprised it is by each character of the test songs, which it never read. Fewer is better.",
    "baseline_bits": "What the best character n-gram (Kneser-Ney) of the same songs needs.",
    "difference": "Of the run against that n-gram: below 0 the run is better.",
    "perplexity": "Of words: among how many equally likely ones it hesitates.",
    "minutes": "Training time.",
    "megabytes": "On disk.",
}
KINDS = {"network": "network", "ngram": "n-gram", "mixture": "mixture"}
LEVELS = {"char": "characters", "word": "words"}


def load_table(names: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a run, and a sentence for each that cannot be opened."""
    return cache.call(_table, tuple((name, cache.run_version(name)) for name in names))


def _table(versions: tuple[tuple[str, int], ...]) -> tuple[pd.DataFrame, list[str]]:
    return runs_table(name for name, _ in versions)


def draw_answer(table: pd.DataFrame) -> None:
    """Name the best of the runs that were judged on the same songs: the largest such group."""
    judged = table.dropna(subset=["test_bits", "baseline_bits", "corpus"])
    if judged.empty:
        page_layout.answer(f"{count(len(table), 'model')}, none judged on songs of a corpus yet.")
        return
    # the same songs give the same n-gram, and so the same bits of it
    groups = judged.groupby([judged["corpus"], judged["baseline_bits"].round(4)])
    group = max((part for _, part in groups), key=len).sort_values("test_bits")
    best = group.iloc[0]
    page_layout.answer(
        f"Of {count(len(group), 'run')} on the same songs of {escape(best['corpus'])}, <b>{escape(best['name'])}</b> is"
        f" best: <b>{number(best['test_bits'], 3)} bits a character</b> of those that it never read, "
        f"{against(best['difference'])} their best n-gram."
    )


def draw_runs(table: pd.DataFrame) -> None:
    """Draw the table; its picked rows are the runs of the curves and, the first of them, of the card."""
    shown = table.assign(
        kind=table["kind"].map(KINDS),
        level=table["level"].map(LEVELS),
        corpus=table["corpus"].where(~table["part"].astype(bool), table["corpus"] + ", part"),
        cell=table["cell"].map(LABELS),
        size=[
            f"{n:.0f} × {units:.0f}" if units > 0 else None
            for n, units in zip(table["layers"], table["units"], strict=True)
        ],
        minutes=table["seconds"] / 60,
        megabytes=table["bytes"] / 1e6,
        date=[datetime.fromtimestamp(seconds) for seconds in table["written"]],
    )
    formats = {
        COLUMNS[name]: st.column_config.NumberColumn(format=text, help=HELP[name]) for name, text in FORMATS.items()
    }
    st.dataframe(
        shown[list(COLUMNS)].rename(columns=COLUMNS),
        hide_index=True,
        key="table-runs",
        on_select=lambda: pick_rows(table["name"]),
        selection_mode="multi-row",
        column_config={**formats, "Written": st.column_config.DatetimeColumn(format="D MMM YYYY")},
        placeholder="–",
        alt=f"{len(table)} runs with their scores",
    )


def pick_rows(names: pd.Series) -> None:
    rows = st.session_state["table-runs"].selection.rows
    if rows:
        st.session_state["shown"] = [names.iloc[row] for row in rows][: run_looks.MOST]
        st.session_state["run"] = names.iloc[rows[0]]


page_layout.question("Which model knows these songs best?")
table, problems = load_table(cache.run_names())
run_files.offer_undo()
if table.empty:
    page_layout.no_model()
else:
    draw_answer(table)
    draw_runs(table)
    page_layout.remark(
        "Fewer bits are better; only runs on the same songs compare. Click a column to sort, rows to look closer."
    )
for problem in problems:
    page_layout.empty_state(problem)
look = pick("Look at", LOOKS, key="look")
names = table["name"].tolist()
with page_layout.show_errors():
    if look == "files" or table.empty:
        run_files.draw(names)
    elif look == "curves":
        run_looks.draw_curves(table)
    elif look == "card":
        run_looks.draw_card(names)
    elif look == "compare":
        run_compare.draw(names)
    else:
        run_looks.draw_surprisal(names)
page_layout.how_to_read("runs")
