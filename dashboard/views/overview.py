"""What is this, and where to begin?"""

from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions
from dashboard.components.corpus import filters, finding_list, reader
from dashboard.components.corpus.line_list import draw_group_picker, say_inferred
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, save_button
from dashboard.components.frame.figure_card import heading, pick_card
from dashboard.components.frame.page_layout import bar_meter_html as sixteen
from dashboard.locale.phrasing import year_span
from dashboard.navigation import link
from dashboard.queries.groups import MOST
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.firsts import first_artist
from pipeline.analysis.words.lexicon import KeyFigures, artist_sizes, key_figures, songs_per_year
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, in_language, language, t, t_count
from pipeline.corpus.song import display_name
from pipeline.publish.html_report import html_report


def report_button(selection: Selection) -> None:
    """Draw the button that saves the report, in the language of the page."""
    corpus, report_language = cache.subcorpus(selection), language()

    def write() -> str:
        with in_language(report_language):
            return html_report(corpus, selection.layer, selection.variant)

    file = f"seize-{selection.corpus}-report.html"
    save_button(t("Save a report of this (HTML)"), write, file, "text/html", key="save-report")


MAX_CHART_HEIGHT = 480  # pixels of the years: more only stretches them
MAX_RUNS_OPENED = 20  # of which the best is looked for: each is opened, in some 20 ms
MAX_OPENING_CHARACTERS = 40  # characters of a line that a lesson takes


def draw_entry_links(selection: Selection) -> None:
    """Draw the ways in, each with something of this corpus to begin with."""
    sizes = cache.query(artist_sizes, selection, layer=selection.layer)
    lines = reader.dense_couplet(selection)["text"].tolist()
    heading(t("What do you want to do?"))
    with st.container(key="doors"):
        for place, (title, about, query) in _ways_in(selection, sizes, lines).items():
            with st.container(key=f"door-{place}", gap="xsmall"):
                link(place, label=title, **query)
                st.html(f"<p>{about}</p>")


def _ways_in(selection: Selection, sizes: pd.DataFrame, lines: list[str]) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Return place -> what one wants, something striking about it as HTML, what the place is opened with."""
    query = {"corpus": selection.corpus}
    artist, seed = {}, {}
    portrait = t("A portrait of every voice: words, rhymes, a couplet.")
    if len(sizes):
        name = first_artist(cache.open_corpus(selection.corpus), sizes["artist"])
        of_name = sizes[sizes["artist"] == name].iloc[0]
        artist = {"artist": name, **query}
        portrait = t_count("{artist}: {n} song to begin with.", "{artist}: {n} songs to begin with.", of_name["songs"],
                           artist=escape(display_name(name)))  # fmt: skip
        if pd.notna(of_name["first_year"]):
            years = year_span(int(of_name["first_year"]), int(of_name["last_year"]))
            portrait = t("{artist}, {years}.", artist=escape(display_name(name)), years=years)
    text = t("A network writes the next sixteen bars.")
    if lines:
        seed = {"seed": lines[0]}
        text = t("“{line}” And then?", line=f'<i lang="fr">{escape(lines[0])}</i>')
    trained = t("Five minutes are enough for a first model.")
    if len(cache.run_names()) <= MAX_RUNS_OPENED and len(judged := cache.run_table()[0].dropna(subset=["test_bits"])):
        choices = format_decimal(2 ** judged["test_bits"].min(), 1)
        trained = t("The best model here hesitates among {choices} letters. Five minutes for yours.", choices=choices)
    short = next((line for line in lines if len(line) <= MAX_OPENING_CHARACTERS), None)
    lesson = t("Read “{line}” letter by letter.", line=f'<i lang="fr">{escape(short)}</i>') if short else ""
    return {
        "artist": (t("Discover an artist"), portrait, artist),
        "studio": (t("Write"), text, seed),
        "importing": (
            t("Bring my texts"),
            t("A folder, a table, an archive: read where Seize runs, sent no further."),
            {},
        ),
        "training": (t("Train a model"), trained, {}),
        "learn": (t("Understand"), lesson or t("Fourteen lessons, one idea each."), {"line": short} if short else {}),
    }


@page_layout.fragment
def draw_charts(selection: Selection, figures: KeyFigures) -> None:
    """Draw songs per year and when each voice is heard, side by side; nothing where there are no two years."""
    table = cache.query(artist_sizes, selection)
    dated = table.dropna(subset=["first_year"])
    shown = dated.head(MOST).sort_values("first_year", kind="stable")  # they come by number of songs
    if figures.years is None or figures.years[0] == figures.years[1]:
        return
    left, right = st.columns(2, gap="large")
    with left:
        years = cache.query(songs_per_year, selection)
        best = years.loc[years["songs"].idxmax()]
        figure = bar_charts.year_columns(years, height=min(max(340, len(shown) * 22 + 60), MAX_CHART_HEIGHT))
        title = t("Most songs in {year}: {songs}", year=best["year"], songs=format_decimal(best["songs"]))
        pick_card(title, figure, key="years", picks="of_year", note=t("Click a year to read it."), at="x")
        draw_group_picker(selection, "year", years.loc[years["songs"] > 0, "year"], key="of_year")
        exports(years, "songs-per-year")
    with right:
        first, last = figures.years
        sizes = {"voices": t_count("{n} voice", "{n} voices", len(dated))}
        sizes["years"] = t_count("{n} year", "{n} years", last - first + 1)
        title, note = t("{voices} over {years}", **sizes), t("Click a voice to read it.")
        if left_out := len(dated) - len(shown):
            rest = t(
                "The {most} with most songs; {left} are in the list below.", most=MOST, left=format_decimal(left_out)
            )
            note = f"{rest} {note}"
        pick_card(title, distributions.voice_spans(shown), key="voices", picks="of_voice", note=note, at="y")
        draw_group_picker(selection, "artist", dated["artist"], key="of_voice")
        exports(table, "voices")


selection = filters.current_selection()
figures = cache.query(key_figures, selection, layer=selection.layer)
st.html(sixteen(16, large=True, label=t("Sixteen bars")))
page_layout.draw_question(t("See how French rap is made, and write the next sixteen bars"))
sizes = [
    t_count("<b>{n} song</b>", "<b>{n} songs</b>", figures.songs),
    *([t_count("<b>{n} voice</b>", "<b>{n} voices</b>", figures.artists)] if figures.artists else []),
    t_count("<b>{n} line</b>", "<b>{n} lines</b>", figures.lines),
    *([year_span(*figures.years)] if figures.years else []),
]
page_layout.draw_answer(", ".join(sizes) + ".")
draw_entry_links(selection)
left, right = st.columns([6, 5], gap="large")
with left:
    found = cache.corpus_findings(selection, wait=False) if selection.is_whole and figures.songs else []
    findings_slot = st.container(key="findings" if found is None else None)  # whose place is kept while they are sought
    with findings_slot:
        finding_list.draw_findings(selection, found or [])
with right:
    reader.draw_example_couplet(selection)
if selection.corpus == DEMO_NAME:
    message = t(
        "The embedded corpus is fictional: its voices and years were invented and its lyrics written for this "
        "project, so that everything can be tried at once."
    )
    page_layout.remark(message)
counts = {t("Songs"): figures.songs, t("Lines"): figures.lines, t("Words"): figures.words}
counts[t("Different words")] = figures.types
page_layout.key_figures({name: format_decimal(count) for name, count in counts.items()})
say_inferred(selection)
draw_charts(selection, figures)
if figures.words:
    report_button(selection)
if found is None:
    with findings_slot:
        finding_list.seek_findings(selection)
