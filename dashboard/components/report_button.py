"""A report on what is selected, as one HTML file, written when it is asked for."""

import streamlit as st

from dashboard import cache
from dashboard.queries.subcorpus import Selection
from pipeline.core.translation import in_language, language, t
from pipeline.publish.html_report import html_report


def report_button(selection: Selection) -> None:
    """Draw the button that saves the report, in the language of the page."""
    corpus, spoken = cache.subcorpus(selection), language()

    def write() -> str:
        with in_language(spoken):
            return html_report(corpus, selection.layer, selection.variant)

    st.download_button(
        t("Save a report of this (HTML)"),
        write,
        file_name=f"seize-{selection.corpus}-report.html",
        mime="text/html",
        key="save-report",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
