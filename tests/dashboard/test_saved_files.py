"""Whatever a page saves as a table has no formula in it; read from the code and by what the writers write."""

import ast
from pathlib import Path

import pandas as pd

from dashboard.components.frame import data_table as exports
from pipeline.publish.tables import to_parquet
from tests.source_tree import modules

FORMULA = '=HYPERLINK("https://evil.example")'


def test_tables_are_saved_guarded_as_csv_and_as_they_are_as_parquet(tmp_path: Path) -> None:
    table = pd.DataFrame({FORMULA: [FORMULA, "\u200b@x", "-le"]})
    text = {name: write for name, _, _, write in exports.FORMATS}["CSV"](table).decode("utf-8-sig")
    assert [line.strip('"')[0] for line in text.splitlines()] == ["'"] * 4
    (tmp_path / "t.parquet").write_bytes(to_parquet(table))
    assert pd.read_parquet(tmp_path / "t.parquet").equals(table)


def test_no_page_writes_a_table_by_itself() -> None:
    found = {
        (str(module.path), node.attr)
        for module in modules("dashboard")
        for node in module.nodes(ast.Attribute)
        if node.attr in ("to_csv", "to_excel", "writerow")
    }
    assert found == {("dashboard/lessons/exercises.py", "writerow")}, "titles of lessons and counts"
