"""The first page: sizes of the corpus, links to begin with, findings, vocabularies, an example verse."""

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts, distributions
from dashboard.components.corpus import filters, finding_list, reader
from dashboard.components.corpus.choices import minmax_title, note_ungrouped_songs
from dashboard.components.corpus.line_list import draw_group_picker, note_inferred_data
from dashboard.components.frame import page_layout
from dashboard.components.frame.figure_card import clickable_card
from dashboard.components.frame.page_layout import progress_bars_html as sixteen
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import year_span
from dashboard.navigation import link
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.firsts import first_artist_named_by_source
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
from pipeline.analysis.words.lexicon import KeyFigures, artist_sizes, key_figures, songs_per_year
from pipeline.analysis.words.rankings import RICHNESS, diversity_ranking
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, mark, t, t_count
from pipeline.corpus.song import display_name

CHART_HEIGHT = 300  # pixels of the years
MAX_RUNS_OPENED = 20  # of which the best is looked for: each is opened, in some 20 ms
MAX_OPENING_CHARACTERS = 40  # characters of a line that a lesson takes


def draw_entry_links(selection: Selection) -> None:
    """Draw links to the pages to begin with, each with a sentence from this corpus."""
    sizes = cache.query(artist_sizes, selection, layer=selection.layer)
    lines = reader.most_rhymed_couplet(selection)["text"].tolist()
    with st.container(key="doors"):
        for place, (title, about, query) in _entry_page_links(selection, sizes, lines).items():
            with st.container(key=f"door-{place}", gap="xsmall"):
                link(place, label=title, **query)
                st.html(f"<p>{about}</p>")


def _entry_page_links(
    selection: Selection, sizes: pd.DataFrame, lines: list[str]
) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Return page name -> (title of a link, sentence on it as HTML, query parameters). `lines` are of a verse."""
    query = {"corpus": selection.corpus}
    seed = {}
    first = {"song": (t("Read a song"), t("One song to read: sections, rhymes, ad-libs, original."), query)}
    if len(sizes):
        name = first_artist_named_by_source(cache.open_corpus(selection.corpus), sizes["artist"])
        of_name = sizes[sizes["artist"] == name].iloc[0]
        portrait = t_count("{artist}: {n} song to start with.", "{artist}: {n} songs to start with.", of_name["songs"],
                           artist=escape(display_name(name)))  # fmt: skip
        if pd.notna(of_name["first_year"]):
            years = year_span(int(of_name["first_year"]), int(of_name["last_year"]))
            portrait = t("{artist}, {years}.", artist=escape(display_name(name)), years=years)
        first = {"artist": (t("Discover an artist"), portrait, {"artist": name, **query})}
    text = t("A model writes the next sixteen bars.")
    if lines:
        seed = {"seed": lines[0]}
        text = t("Start from “{line}” and let a model continue.", line=f'<i lang="fr">{escape(lines[0])}</i>')
    trained = t("Five minutes are enough for a first model.")
    if len(cache.run_names()) <= MAX_RUNS_OPENED and len(judged := _runs_tested_on_corpus(selection.corpus)):
        choices = format_decimal(2 ** judged["test_bits"].min(), 1)
        trained = t(
            "Our best model narrows the next letter down to {choices} choices. Train yours in five minutes.",
            choices=choices,
        )
    short = next((line for line in lines if len(line) <= MAX_OPENING_CHARACTERS), None)
    lesson = (
        t("Watch a network read “{line}” letter by letter.", line=f'<i lang="fr">{escape(short)}</i>') if short else ""
    )
    return {
        **first,
        "studio": (t("Write"), text, seed),
        "importing": (
            t("Import my lyrics"),
            t("A folder, a table or an archive. It is read where Seize runs and sent nowhere else."),
            {},
        ),
        "training": (t("Train a model"), trained, {}),
        "learn": (t("Understand"), lesson or t("Twelve lessons, one idea each."), {"line": short} if short else {}),
    }


def _runs_tested_on_corpus(corpus: str) -> pd.DataFrame:
    """Return the rows of `run_table` whose bits per character were measured on songs of this whole corpus."""
    table = cache.run_table()[0]
    return table[(table["corpus"] == corpus) & ~table["part"].astype(bool)].dropna(subset=["test_bits"])


@page_layout.fragment
def draw_vocabularies(selection: Selection) -> None:
    """Draw each artist's distinct words per 100 (MATTR) as a dot, with a choice of one artist. Dots of the artists with
    most songs are labelled. If fewer than two artists are large enough to be ranked, draw all with a note. Draw nothing
    if there are fewer than two in all."""
    table = cache.query(diversity_ranking, selection, RICHNESS, "artist", "lyrics", LEAST_SONGS, LEAST_WORDS)
    if is_small := len(table) < 2:
        table = cache.query(diversity_ranking, selection, RICHNESS)
    if len(table) < 2:
        return
    picked = st.session_state.get("of_voice", st.query_params.get("of_voice"))
    known = table.assign(picked=table["artist"] == picked)
    known = known.sort_values(["picked", "songs", "artist"], ascending=[False, False, True])
    form = partial(format_decimal, decimals=1)
    several = mark("From {low} ({least}) to {high} ({most}) distinct words per 100")
    known = known.assign(value=100 * known["value"], artist=known["artist"].map(display_name))
    title = minmax_title(known, "artist", "value", form, several, "")
    hovers = [
        f"<b>{escape_plotly(row.artist)}</b><br>{form(row.value)}<br>{t_count('{n} song', '{n} songs', row.songs)}"
        for row in known.itertuples()
    ]
    x_title = t("distinct words per 100 (MATTR)")
    figure = distributions.dot_swarm(known, "artist", "value", x_title=x_title, hovers=hovers)
    note = t_count(
        "The {n} artist with at least {songs} songs and {words} words. Close dots: ranking not significant. "
        "Click a dot, or choose a name.",
        "The {n} artists with at least {songs} songs and {words} words. Close dots: ranking not significant. "
        "Click a dot, or choose a name.",
        len(table),
        songs=LEAST_SONGS,
        words=format_decimal(LEAST_WORDS),
    )
    if is_small:
        note = t(
            "Fewer than two artists have {songs} songs and {words} words, so each dot rests on few songs and "
            "its position is approximate. Click a dot, or choose a name.",
            songs=LEAST_SONGS,
            words=format_decimal(LEAST_WORDS),
        )
    clickable_card(title, figure, key="voices", picks="of_voice", note=note, table=table, file="vocabularies")
    draw_group_picker(selection, "artist", sorted(table["artist"]), key="of_voice")


@page_layout.fragment
def draw_years(selection: Selection, figures: KeyFigures) -> None:
    """Draw songs per year and the choice of a year; nothing where there are fewer than two years."""
    if figures.years is None or figures.years[0] == figures.years[1]:
        return
    years = cache.query(songs_per_year, selection)
    best = years.loc[years["songs"].idxmax()]
    figure = bar_charts.songs_per_year_bars(years, height=CHART_HEIGHT)
    title = t("{year} has the most songs: {songs}", year=best["year"], songs=format_decimal(best["songs"]))
    note = t("Click a year to see its songs.")
    note_ungrouped_songs(selection, "year")
    clickable_card(title, figure, key="years", picks="of_year", note=note, at="x", table=years, file="songs-per-year")
    draw_group_picker(selection, "year", years.loc[years["songs"] > 0, "year"], key="of_year")


selection = filters.current_selection()
figures = cache.query(key_figures, selection, layer=selection.layer)
st.html(sixteen(16, large=True, label=t("Sixteen bars")))
page_layout.draw_question(t("See how French rap is made, and write the next sixteen bars"))
sizes = [
    t_count("<b>{n} song</b>", "<b>{n} songs</b>", figures.songs),
    *([t_count("<b>{n} artist</b>", "<b>{n} artists</b>", figures.artists)] if figures.artists else []),
    t_count("<b>{n} line</b>", "<b>{n} lines</b>", figures.lines),
    t_count("<b>{n} word</b>", "<b>{n} words</b>", figures.words),
    *([year_span(*figures.years)] if figures.years else []),
]
answer = ", ".join(sizes) + "."
if selection.corpus == DEMO_NAME:
    answer += " " + t(
        "All fictional: the artists and years are invented, and the lyrics were written for this project."
    )
page_layout.draw_answer(answer)
draw_entry_links(selection)
found = cache.corpus_findings(selection, wait=False) if selection.is_whole and figures.songs else []
findings_slot = st.container(key="findings" if found is None else None)  # whose place is kept while they are sought
with findings_slot:
    finding_list.draw_findings(selection, found or [])
left, right = st.columns([6, 5], gap="large")
with left:
    draw_vocabularies(selection)
with right:
    reader.draw_example_couplet(selection)
note_inferred_data(selection)
draw_years(selection, figures)
if found is None:
    with findings_slot:
        finding_list.compute_and_draw_findings(selection)
