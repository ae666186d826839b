"""The quality report of an import: every list in it is shown and can be saved, and its counts explain themselves."""

from streamlit.testing.v1 import AppTest

from tests.dashboard.pages import html, visit

REPORT = {
    "files": 3,
    "songs": 1,
    "lines": 12,
    "words": 80,
    "skipped": [{"file": "vide.txt", "reason": "vide.txt holds no song."}],
    "unmatched": [{"file": "table.csv", "reason": "Row 3 has no file."}],
    "duplicates": [{"dropped": "b.txt", "kept": "a.txt", "kind": "exact", "containment": 1.0}],
    "rules": [{"rule": "bom", "what": "Byte order marks", "songs": 1, "lines": 1, "characters": 1, "examples": []}],
}


def page(report: dict) -> None:
    from dashboard.components.corpus.upload import draw_import_report

    draw_import_report(report, "new")
    draw_import_report(report, "prepared")


def test_every_list_is_shown_and_saved_both_ways() -> None:
    app = AppTest.from_function(page, kwargs={"report": REPORT}).run()
    assert not app.exception, "two reports fit on one page"
    assert len(app.expander) == 6
    assert all(fold.label.endswith(": 1") for fold in app.expander), "each says how many it lists"
    tables = [frame.value for frame in app.dataframe]
    assert tables[1].columns.tolist() == ["File", "Reason"]
    assert tables[3].iloc[0].tolist() == ["b.txt", "a.txt", "exact", 1.0]
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels.count("CSV") == labels.count("Parquet") == 8


def test_the_counts_of_the_sidebar_say_what_they_leave_out(app: AppTest) -> None:
    visit(app, "verses")
    assert "Whole corpus, without ad-libs" in html(app)
    app.segmented_control(key="layer").set_value("all").run()
    assert "Whole corpus, ad-libs included" in html(app)
