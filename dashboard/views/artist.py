"""The portrait of an artist, and the ranking of vocabularies."""

from collections.abc import Iterable, Mapping
from functools import partial
from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.charts import distributions
from dashboard.charts.palette import INK
from dashboard.components.corpus import choices, filters, reader
from dashboard.components.corpus.choices import (
    INTERVALS_NOTE,
    explain_missing_groups,
    note_songs_without_stanzas,
    note_ungrouped_songs,
    pick_grouping,
    pick_shown_groups,
)
from dashboard.components.corpus.line_list import INFERRED_NOTE, draw_group_card, draw_line_list, section_kind_label
from dashboard.components.corpus.rhyme_marks import mark_all_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import integer_box, pick, pick_or_none, report_unknown
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.share import page_address, share_card
from dashboard.locale.escaping import escape_plotly
from dashboard.locale.phrasing import year_span
from dashboard.navigation import address, draw_open_tab
from dashboard.queries.cards import portrait_card
from dashboard.queries.groups import MOST, count_ungrouped_songs
from dashboard.queries.sounds import longest_rhymes
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import GroupingKey
from pipeline.analysis.firsts import first_artist_named_by_source
from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
from pipeline.analysis.portrait import ArtistPortrait, Rank, artist_portrait
from pipeline.analysis.words.lexicon import artist_sizes
from pipeline.analysis.words.rankings import MEASURES, RANKING_FAMILY_BY_NAME, diversity_ranking, find_ranking_criterion
from pipeline.core.translation import format_decimal, format_interval, format_percentage, mark, t, t_count


def sizes_sentence(profile: ArtistPortrait) -> str:
    """Return HTML of a sentence with the number of an artist's songs, albums, years and words."""
    parts = [t_count("<b>{n} song</b>", "<b>{n} songs</b>", profile.songs)]
    if profile.albums:
        parts.append(t_count("{n} album", "{n} albums", profile.albums))
    if profile.first_year is not None and profile.last_year is not None:
        parts.append(year_span(profile.first_year, profile.last_year))
    parts.append(t_count("<b>{n} word</b>", "<b>{n} words</b>", profile.words))
    parts.append(t_count("{n} distinct", "{n} distinct", profile.types))
    return ", ".join(parts) + "."


STANDINGS = {
    "top": mark("in the top fifth"), "upper": mark("in the top half"), "middle": mark("mid-table"),
    "lower": mark("in the bottom half"), "bottom": mark("in the bottom fifth"),
    "likely-upper": mark("probably in the top half"), "likely-lower": mark("probably in the bottom half"),
}  # fmt: skip
MAX_EXACT_FIELD = 30  # artists: among more, a range of ranks says less than the part of the field that it is in


def draw_ranks(profile: ArtistPortrait) -> None:
    """Draw the artist's rank in vocabulary and in rhyme density: in words, and as a dot among other artists."""
    for name, rank in ((mark("Vocabulary"), profile.richness), (mark("Rhyme density"), profile.density)):
        if rank is None or rank.of < 2:
            continue
        standing = t(STANDINGS[rank.position_in_ranking])
        if rank.text == f"1–{rank.of}":
            standing = t("any rank is possible")
        elif rank.of <= MAX_EXACT_FIELD:
            standing = t("rank {place} of {total}", place=rank.text, total=format_decimal(rank.of))
        st.html(rank_strip_html(t(name), standing, rank))
    if (rich := profile.richness) and profile.density:
        message = t(
            "{richness} distinct words per 100 (MATTR). {density} of syllables rhyme.",
            richness=format_interval(100 * rich.value, 100 * rich.low, 100 * rich.high, 1),
            density=format_percentage(profile.density.value),
        )
        page_layout.remark(message)


def rank_strip_html(name: str, standing: str, rank: Rank) -> str:
    """Return HTML of a rank: its `name`, the `standing` in words, and a strip of all ranks with the artist's as a dot
    on the ranks that its interval allows."""
    first, last = rank.limits
    stop, own, start = (100 * (rank.of - each) / (rank.of - 1) for each in (first, rank.place, last))
    interval = f'<i style="left:{start:.1f}%;width:{stop - start:.1f}%"></i>'
    about = t("Rank {place} of {n}, the first at the right; bar: ranks possible at 95%",
              place=format_decimal(rank.place), n=format_decimal(rank.of))  # fmt: skip
    return (
        f'<dl class="figures"><div><dt>{escape(name)}</dt><dd class="words">{escape(standing)}</dd>'
        f'<dd class="drawn"><div class="strip" role="img" aria-label="{escape(about)}">{interval}'
        f'<b style="left:{own:.1f}%"></b></div><small>{escape(about)}</small></dd></div></dl>'
    )


def links_html(items: Iterable[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return HTML of links with dots between them. An item is (text, name of the page, query parameters)."""
    return " · ".join(
        f'<a href="{escape(address(place, **query))}" target="_self">{escape(text)}</a>' for text, place, query in items
    )


def draw_words(selection: Selection, profile: ArtistPortrait) -> None:
    """Draw an artist's types of section, signature words, rhymes and most similar artists, each as a list of links."""
    corpus = {"corpus": selection.corpus}
    of_artist = {**corpus, "artists": profile.artist}
    if len(profile.kinds) > 1:
        inferred = f" {t(INFERRED_NOTE)}" if profile.kinds["inferred"].any() else ""
        heading(t("Song structure"), t("Share of lines.") + inferred)
        kinds = (
            (
                f"{section_kind_label(row.kind, row.inferred)}\N{NO-BREAK SPACE}{format_percentage(row.share)}",
                "verses",
                {**of_artist, "sections": row.kind},
            )
            for row in profile.kinds.sort_values("share", ascending=False).itertuples()
        )
        st.html(f"<p class=leads>{links_html(kinds)}</p>")
    if len(profile.typical):
        heading(t("Signature words"))
        typical = ((word, "concordance", {"q": word, **of_artist}) for word in profile.typical["word"])
        st.html(f"<p class=leads lang=fr>{links_html(typical)}</p>")
    for label, table in ((mark("Favourite rhymes"), profile.rhymes), (mark("Rarest rhyme"), profile.rarest)):
        if table.empty:
            continue
        heading(t(label))
        rows = ""
        for row in table.itertuples():
            examples = links_html((word, "rhymes", {**corpus, "rhymes-with": word}) for word in row.examples)
            words = t_count("{n} word", "{n} words", row.words)
            rows += f"<li><span lang=fr>{examples}</span> <small>{words}, -{escape(row.key)}</small></li>"
        st.html(f'<ul class="plain leads">{rows}</ul>')
    if len(profile.near):
        heading(t("Most similar artists"), t("By Labbé's distance, as on the map."))
        near = ((name, "artist", {**corpus, "artist": name}) for name in profile.near["label"])
        st.html(f"<p class=leads lang=fr>{links_html(near)}</p>")


def draw_couplet(selection: Selection, profile: ArtistPortrait) -> None:
    """Draw the couplet of the portrait with its rhymes marked, and the button that shares it."""
    lines = profile.couplet
    if lines.empty:
        return
    first = lines.iloc[0]
    with st.container(key="card-couplet", gap="small"):
        note = t("The one whose lines rhyme most at their ends.")
        heading(t("A verse: {title}", title=first["title"]), note)
        texts = lines["text"].tolist()
        sounds = cache.line_pronunciations(texts, selection.corpus)
        reader.draw_rhyme_legend()
        st.html(reader.verse_with_syllables_html(mark_all_rhymes(texts, sounds, reader.FIRST_MIN_SYLLABLES).lines))
        if first["inferred"]:
            page_layout.remark(t(INFERRED_NOTE))
        artist, title = profile.artist, first["title"]
        leads = page_address("artist", artist=artist, corpus=selection.corpus)
        reader.share_couplet(lines, artist, title, selection.corpus, key="couplet", address=leads)


@page_layout.fragment
def draw_artist_portrait(selection: Selection, slot: DeltaGenerator, artist: str) -> None:
    """Draw the portrait of an artist. In `slot`, draw the numbers of songs and words."""
    with st.spinner(t("Preparing the portrait…")):
        profile = cache.query(artist_portrait, selection, artist)
    page_layout.draw_answer(sizes_sentence(profile), slot)
    note_songs_without_stanzas(cache.subcorpus(selection).where(artists=[artist]))
    leads = page_address("artist", artist=artist, corpus=selection.corpus)
    make_card = partial(portrait_card, profile, selection.corpus, leads)
    share_card(t("Share the portrait"), make_card, selection.corpus, key="portrait", name=artist)
    left, right = st.columns([3, 2], gap="large")
    with left:
        draw_couplet(selection, profile)
    with right:
        draw_ranks(profile)
        draw_words(selection, profile)
    if len(profile.multis):
        lines = cache.query(longest_rhymes, selection, "artist", artist)
        longest = int(lines["syllables"].max()) if len(lines) else 0
        title = t_count("Longest rhyme: {n} syllable", "Longest rhymes: {n} syllables", longest)
        draw_line_list(lines, key="portrait-multis", title=title, length=5)


def draw_artist() -> None:
    selection = filters.current_selection()
    all_artists = selection._replace(artists=())
    sizes = cache.query(artist_sizes, all_artists, layer=selection.layer)
    if sizes.empty:
        page_layout.draw_question(t("Who is this?"))
        explain_missing_groups(all_artists, "artist")
        return
    title, slot = st.container(), page_layout.answer_placeholder(1)
    names = {name: name for name in sorted(sizes["artist"])}
    chosen = next((artist for artist in selection.artists if artist in names), "")
    start = chosen or first_artist_named_by_source(cache.open_corpus(all_artists.corpus), sizes["artist"])
    report_unknown("artist", names)
    asked, artist = st.query_params.get("artist"), None
    if asked is None or asked in names:
        artist = pick(t("Artist"), names, start, key="artist", look="list", width=380)
    else:  # nobody's portrait stands for somebody else's
        artist = pick_or_none(t("Artist"), names, key="artist", look="list", hint=t("Choose an artist"))
    with title:
        page_layout.draw_question(artist or t("Who is this?"))
    if artist is None:
        page_layout.draw_answer(t("No artist has this name. Choose one below."), slot)
    else:
        draw_artist_portrait(all_artists, slot, artist)


NUMBER_BOX_WIDTH = 150  # pixels of a box for a number
NUMBER_LABELS = {"rarefied": mark("Sample size (words)"), "mattr": mark("Window size (words)")}


def measure_name(measure: str) -> str:
    """Return the name of a measure to use in a sentence: without formula and settings, "per 100" for a share."""
    if measure.startswith("mattr"):
        return t("Distinct words per 100 (MATTR)")
    definition = find_ranking_criterion(measure)
    return t(definition.name or definition.label)


def pick_measure_parameter(measure: str) -> str:
    """Draw the box for the number of a measure that takes one, such as the window of MATTR, and return the measure with
    it: mattr_100."""
    family, _, n = measure.partition("_")
    if family not in NUMBER_LABELS:
        return measure
    low, high = RANKING_FAMILY_BY_NAME[family].low, RANKING_FAMILY_BY_NAME[family].high
    chosen = integer_box(t(NUMBER_LABELS[family]), low, high, int(n), key=f"n-of-{measure}", width=NUMBER_BOX_WIDTH)
    return f"{family}_{chosen}"


MOST_DOTS = 1000  # of a swarm; of more groups both ends are shown in rows


def ranking_swarm(table: pd.DataFrame, by: GroupingKey, measure: str, decimals: int) -> go.Figure:
    """Draw all groups of a ranking as dots, those tied for first place in orange, the chosen one with its interval."""
    picked = st.session_state.get(f"ranked_{by}", st.query_params.get(f"ranked_{by}"))
    table = table.sort_values("songs", ascending=False, kind="stable")  # the first are named
    hovers = [
        f"<b>{escape_plotly(group)}</b><br>{interval_text(value, low, high, decimals)}<br>"
        + t("rank {place} of {total}", place=rank, total=format_decimal(len(table)))
        for group, value, low, high, rank in table[[by, "value", "low", "high", "rank"]].itertuples(index=False)
    ]
    inks = [INK["orange" if tied else "blue"] for tied in tied_for_first(table)]
    x_title = measure_name(measure)
    return distributions.dot_swarm(table, by, "value", x_title=x_title, hovers=hovers, inks=inks, picked=picked)


def tied_for_first(ranking: pd.DataFrame) -> "pd.Series[bool]":
    """Return which groups of a ranking tie for first place; nobody does where one comes first, or has no interval."""
    first = ranking["best"] == 1
    return first & (first.sum() > 1) & ranking["low"].notna().all()


def interval_text(value: float, low: float, high: float, decimals: int) -> str:
    """Return a value with its interval, or alone where it has none: an interval needs three songs."""
    return format_decimal(value, decimals) if pd.isna(low) else format_interval(value, low, high, decimals)


def ranking_sentence(table: pd.DataFrame, by: GroupingKey, measure: str, decimals: int) -> str:
    """Return HTML of the sentence that says who comes first in a ranking, if anybody does, and its two ends."""
    first, last, tied = table.iloc[0], table.iloc[-1], int(tied_for_first(table).sum())
    value = interval_text(first["value"], first["low"], first["high"], decimals)
    ends = {
        "measure": escape(measure_name(measure)),
        "first": escape(choices.group_label(by, first[by])),
        "value": value,
    }
    if len(table) == 1:
        return t("<i>{measure}</i>: <b>{value}</b> for <b>{first}</b>, with nobody to compare with.", **ends)
    ends |= {"last": escape(choices.group_label(by, last[by])), "least": format_decimal(last["value"], decimals)}
    span = t("<i>{measure}</i>: from {least} ({last}) to {value} ({first}).", **ends)
    if table["low"].isna().any():
        return f"{span} {t('No interval, and so no ranking, when a group has too few songs.')}"
    lead = t("<b>{first}</b> stands out.", **ends)
    if tied:
        ties = {"n": format_decimal(tied), "total": format_decimal(len(table))}
        lead = t("None stands out: <b>{n} of {total}</b> tie for first place, their intervals overlap.", **ties)
    return f"{lead} {span}"


def draw_diversity() -> None:
    selection = filters.current_selection()
    slot = page_layout.draw_question(t("Who has the richest vocabulary?"), 3)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measures = {name: t(each.label) for name, each in MEASURES.items()}
        measure = pick(t("Measure"), measures, key="measure", look="list", width=320)
        by = pick_grouping("rank", selection, t("Rank by"))
        with st.popover(t("Settings")):
            counted = selection._replace(variant=choices.pick_lyrics_version("version"))
            measure = pick_measure_parameter(measure)
            songs = integer_box(t("Min. songs"), 1, 50, LEAST_SONGS, key="least-songs", width=NUMBER_BOX_WIDTH)
            least = integer_box(t("Min. words"), 0, 1_000_000, LEAST_WORDS, key="least-words", width=NUMBER_BOX_WIDTH)
    with slot, st.spinner(t("Computing intervals, leaving out one song at a time…")):
        table = cache.query(diversity_ranking, counted, measure, by, selection.layer, songs, least)
    if unreached := (table.empty and (songs, least) == (LEAST_SONGS, LEAST_WORDS)):
        table = cache.query(diversity_ranking, counted, measure, by, selection.layer, 1, 0)
    if table.empty and cache.query(count_ungrouped_songs, selection, by) == len(cache.subcorpus(selection).songs):
        explain_missing_groups(selection, by)
        return
    if table.empty:
        message = t("No group has enough words for this measure. Choose a smaller sample or fewer songs.")
        page_layout.empty_state(message)
        return
    if measure.startswith("mattr"):
        table = table.assign(**{name: 100 * table[name] for name in ("value", "low", "high")})
    best = table["value"].iloc[0]
    decimals = 0 if best > 100 else 1 if best > 10 else 3
    page_layout.draw_answer(ranking_sentence(table, by, measure, decimals), slot)
    if unreached:
        page_layout.remark(t("No group has that many songs and words, so all are ranked."))
    note_ungrouped_songs(selection, by)
    title, tied = measure_name(measure), int(tied_for_first(table).sum())
    if tied:
        title = t("{n} of {total} tie for first place", n=format_decimal(tied), total=format_decimal(len(table)))
    card = partial(draw_group_card, selection, by, title, table=table, key="ranked", file=f"diversity-{measure}")
    if choices.are_groups_ordered(selection, by) or not MOST < len(table) <= MOST_DOTS:
        shown = pick_shown_groups(table, by, key="rank")
        hover = t(
            "<b>%{y}</b>, rank %{customdata[8]}<br>%{x:,.4~g} [%{customdata[4]:,.4~g} – %{customdata[5]:,.4~g}]<br>"
            "%{customdata[2]:,} words"
        )
        figure = distributions.interval_chart(shown, by, "value", x_title=measure_name(measure), hover=hover)
        card(choices.mark_omissions(figure, table, shown, by), note=t(INTERVALS_NOTE))
        return
    note = t("A dot for each. Click one, or choose a name, to see its 95% interval and its lines.")
    if tied:
        note = t("Orange: tied for first place.") + " " + note
    card(ranking_swarm(table, by, measure, decimals), note=note, at="customdata")


draw_open_tab(artist=draw_artist, diversity=draw_diversity)
