"""Who is this?"""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.corpus.choices import default_artist, no_group
from dashboard.components.corpus.line_list import INFERRED, line_list
from dashboard.components.corpus.rhyme_marks import mark_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.marked_text import verse
from dashboard.components.frame.share import page_address, share_card, share_verse
from dashboard.locale.phrasing import span
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.portrait import Portrait, Rank, portrait
from pipeline.analysis.words.lexicon import voices
from pipeline.core.translation import interval, number, share, t, t_count
from pipeline.publish.cards import LYRICS, VerseCard, draw_portrait


def answer(profile: Portrait) -> str:
    """Return the sentence with the sizes, as HTML."""
    parts = [t_count("<b>{n} song</b>", "<b>{n} songs</b>", profile.songs)]
    if profile.albums:
        parts.append(t_count("{n} album", "{n} albums", profile.albums))
    if profile.first_year is not None and profile.last_year is not None:
        parts.append(span(profile.first_year, profile.last_year))
    parts.append(t_count("<b>{n} word</b>", "<b>{n} words</b>", profile.words))
    parts.append(t_count("{n} of them different", "{n} of them different", profile.types))
    return ", ".join(parts) + "."


def draw_ranks(profile: Portrait) -> None:
    """Draw where the artist stands among the others."""
    figures = {}
    if profile.richness and profile.richness.of > 1:
        figures[t("Richness of words")] = _place(profile.richness)
    if profile.density and profile.density.of > 1:
        figures[t("Rhyme density")] = _place(profile.density)
    if figures:
        page_layout.key_figures(figures)
    if profile.richness and profile.density:
        page_layout.remark(
            t(
                "Richness (MATTR over 100 words): {richness}. Density: {density} of syllables stand in a rhyme.",
                richness=interval(profile.richness.value, profile.richness.low, profile.richness.high, 3),
                density=share(profile.density.value),
            )
        )


def _place(rank: Rank) -> str:
    return t("{place} of {total}", place=rank.text, total=number(rank.of))


def links(items: Iterable[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return HTML of words that lead to a page: (text, page, query)."""
    return " · ".join(
        f'<a href="{escape(page)}?{escape(urlencode(query))}" target="_self" lang="fr">{escape(text)}</a>'
        for text, page, query in items
    )


def structure(selection: Selection, profile: Portrait) -> None:
    """Draw what the songs are made of, each kind of section leading to its lines."""
    if len(profile.kinds) < 2:
        return
    heading(t("Builds songs of"), t("Share of the lines."))
    query = {"corpus": selection.corpus, "artists": profile.artist}
    shown = (
        (f"{row.kind}\N{NO-BREAK SPACE}{share(row.share)}", "verses", {**query, "sections": row.kind})
        for row in profile.kinds.sort_values("share", ascending=False).itertuples()
    )
    st.html(f"<p class=leads>{links(shown)}</p>")


def words(selection: Selection, profile: Portrait) -> None:
    """Draw typical words and favourite rhymes, each leading on."""
    corpus = {"corpus": selection.corpus, "artists": profile.artist}
    if len(profile.typical):
        heading(t("Says more often than the others"))
        st.html(f"<p class=leads>{links((w, 'concordance', {'q': w, **corpus}) for w in profile.typical['word'])}</p>")
    if len(profile.rhymes):
        heading(t("Rhymes most on"))
        rows = "".join(
            "<li>"
            + t_count(
                "<b>{sound}</b> {n} word: {examples}",
                "<b>{sound}</b> {n} words: {examples}",
                row.words,
                sound=escape("-" + row.key),
                examples=links(
                    (word, "rhymes", {"corpus": selection.corpus, "rhymes-with": word}) for word in row.examples
                ),
            )
            + "</li>"
            for row in profile.rhymes.itertuples()
        )
        st.html(f'<ul class="plain leads">{rows}</ul>')
    if len(profile.near):
        heading(t("Closest voices"), t("By cosine of the word frequencies."))
        near = ((name, "artist", {"corpus": selection.corpus, "artist": name}) for name in profile.near["label"])
        st.html(f"<p class=leads>{links(near)}</p>")


def couplet(selection: Selection, profile: Portrait) -> None:
    """Draw the densest couplet with its rhymes, and the way to share it."""
    lines = profile.couplet
    if lines.empty:
        return
    first = lines.iloc[0]
    year = "" if pd.isna(first["year"]) else f", {first['year']}"
    with st.container(key="card-couplet", gap="small"):
        heading(t("A couplet: {title}", title=first["title"]), t("The one of a usual length that rhymes most densely."))
        st.html(verse(mark_rhymes(lines["text"].tolist(), selection.corpus).lines))
        if first["inferred"]:
            page_layout.remark(t(INFERRED))
        card = VerseCard(
            lines=tuple(lines["text"].head(LYRICS)),
            title=first["title"],
            by=f"{profile.artist}{year}",
            source=f"{first['title']} · {selection.corpus}",
            address=page_address("artist", artist=profile.artist, corpus=selection.corpus),
        )
        share_verse(card, selection.corpus, key="couplet", name=f"{profile.artist} {first['title']}")


@page_layout.fragment
def draw(selection: Selection, slot: DeltaGenerator, artist: str) -> None:
    """Draw the portrait, and its sizes in their slot."""
    with st.spinner(t("Drawing the portrait…")):
        profile = cache.query(portrait, selection, artist)
    with slot:
        page_layout.answer(answer(profile))
    address = page_address("artist", artist=artist, corpus=selection.corpus)
    share_card(
        lambda shape, mode: draw_portrait(profile, selection.corpus, address, shape, mode),
        key="portrait",
        name=artist,
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        couplet(selection, profile)
        if len(profile.multis):
            longest = int(profile.multis["longest"].max())
            title = t_count("Longest rhyme: {n} syllable", "Longest rhymes: {n} syllables", longest)
            line_list(profile.multis.drop(columns="longest"), key="portrait-multis", title=title, length=5)
    with right:
        draw_ranks(profile)
        structure(selection, profile)
        words(selection, profile)


selection = filters.current_selection()
whole = selection._replace(artists=())
sizes = cache.query(voices, whole, layer=selection.layer)
if sizes.empty:
    page_layout.question(t("Who is this?"))
    no_group(whole, "artist")
    st.stop()
title, slot = st.container(), page_layout.answer_place(1)
names = {name: name for name in sorted(sizes["artist"])}
chosen = next((artist for artist in selection.artists if artist in names), "")
start = chosen or default_artist(cache.open_corpus(whole.corpus), sizes["artist"].tolist())
artist = pick(t("Artist"), names, start, key="artist", look="list", width=380)
with title:
    page_layout.question(artist)
draw(whole, slot, artist)
page_layout.how_to_read("artist")
