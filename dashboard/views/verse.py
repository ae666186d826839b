"""What does your verse sound like?"""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components.corpus import reader
from dashboard.components.corpus.rhyme_marks import sung_lines
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import card
from dashboard.components.frame.share import page_address, share_verse
from dashboard.components.writing import drafts, edit_history
from dashboard.locale.escaping import escape_html
from dashboard.navigation import go
from dashboard.queries.sounds import VerseStatistics, verse_statistics
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison.stylometry import LEAST_SONG, attribution, delta_to_artists
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import number, share, t, t_count
from pipeline.generation.lyric import MAX_LINES, Lyric, WriteSettings
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.scansion import split_sections
from pipeline.language.tokens import tokenise
from pipeline.publish.cards import VerseCard

SHOWN = 10  # voices


@page_layout.fragment
def resemblance(text: str) -> None:
    """Draw the voices nearest to a text, folded until it is asked for."""
    fold = st.expander(t("Whom do you sound like?"), on_change="rerun", key="resemblance")
    if not fold.open:
        return
    with fold:
        names = cache.corpus_names()
        corpus = st.selectbox(t("Corpus"), names, key="voices-of") if len(names) > 1 else names[0]
        selection = Selection(corpus=corpus, version=cache.corpus_version(corpus))
        words = tuple(tokenise(text))
        with st.spinner(t("Comparing with every voice…")):
            table = cache.query(delta_to_artists, selection, words)
            test = cache.query(attribution, selection)
        nearest = table.iloc[0]
        page_layout.answer(
            t(
                "Nearest: <b>{artist}</b>. Of {songs} of this corpus, each against the others, the nearest voice is "
                "right for <b>{share}</b> [{low} – {high}]; always guessing the commonest would be for {baseline}.",
                artist=escape(str(nearest["artist"])),
                songs=t_count("{n} song", "{n} songs", test.songs),
                share=share(test.share),
                low=share(test.interval.low),
                high=share(test.interval.high),
                baseline=share(test.baseline),
            )
        )
        if len(words) < LEAST_SONG:
            page_layout.remark(
                t(
                    "Your text has {words}; that rate is of songs of {least} words or more. Below, it is a game.",
                    words=t_count("{n} word", "{n} words", len(words)),
                    least=LEAST_SONG,
                )
            )
        figure = bar_charts.ranked_bars(
            table.head(SHOWN), "artist", "delta", hover="<b>%{y}</b><br>Delta %{x:.2f}", written=lambda d: number(d, 2)
        )
        note = t("Burrows' Delta over the 150 commonest words: shorter is closer.")
        card(t("The nearest voices"), figure, key="voices", note=note)
        exports(table, "voices")


LONGEST = 6000  # characters
SHORT = 800  # characters that an address carries at ease
SAMPLE = """\
La nuit est longue, j'attends que le matin se lève
La vie est l'ombre du vent qui m'atteint, je rêve
Dans ma cage d'escalier j'entasse mes défaites
Face à la page et l'cahier, je ramasse mes fêtes"""


def verse_of_url() -> str:
    """The verse in the address, else the one of this session, else a sample."""
    return str(st.query_params.get("verse") or st.session_state.get("own-verse") or SAMPLE)[:LONGEST]


def remember(text: str) -> None:
    """Keep the verse for this session, and in the address when it is short."""
    st.session_state["own-verse"] = text
    if text and text != SAMPLE and len(text) <= SHORT:
        st.query_params["verse"] = text
    else:
        st.query_params.pop("verse", None)


def sentence(facts: VerseStatistics) -> str:
    syllables = (
        t_count("{n} syllable", "{n} syllables", facts.shortest)
        if facts.shortest == facts.most
        else t("{least} to {most} syllables", least=facts.shortest, most=facts.most)
    )
    return t(
        "<b>{lines}</b> of <b>{syllables}</b>, rhymed <b>{schemes}</b>. {rhymed}; <b>{density}</b> of the syllables "
        "stand in a rhyme, and the longest runs over <b>{longest}</b>.",
        lines=t_count("{n} line", "{n} lines", facts.lines),
        syllables=syllables,
        schemes=escape_html(" · ".join(dict.fromkeys(facts.schemes))),
        rhymed=t_count("<b>{n}</b> of them rhymes at its end", "<b>{n}</b> of them rhyme at their end", facts.rhymed),
        density=share(facts.density),
        longest=t_count("{n} syllable", "{n} syllables", facts.longest),
    )


def draft(sections: list[list[str]], sounds: Pronunciations) -> Lyric:
    """Return the verse as a draft that no model wrote."""
    read = [
        replace(line, section=at)
        for at, section in enumerate(sections)
        for line in (edit_history.read_line(text, sounds) for text in section)
        if line
    ]
    text = "\n\n".join(map("\n".join, sections))
    settings = WriteSettings(lines=min(max(1, len(read)), MAX_LINES))
    return Lyric(run="", seed="", text=text, lines=tuple(read), settings=settings, random_seed=0)


def draw_verse() -> None:
    """What does your verse sound like?"""
    page_layout.question(t("What does your verse sound like?"))
    slot = page_layout.answer_place(2)
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.session_state.setdefault("verse-text", verse_of_url())
        text = st.text_area(
            t("Your verse"),
            key="verse-text",
            height=340,
            max_chars=LONGEST,
            placeholder=t("One line a row. An empty row begins a new section."),
            help=t(
                "It is read when you leave the box or press Ctrl + Enter. It stays on this machine; a short one is "
                "kept in the address of the page, so that you can share it."
            ),
        )
        remember(text or "")
        least = reader.sensitivity("own-least")
    sections = list(split_sections((text or "").splitlines()))
    with right, st.spinner(t("Reading it aloud…")):
        pronunciations = cache.visitor_pronunciations()
        pronunciations.learn_lines(line for section in sections for line in section)
        facts = verse_statistics(sections, pronunciations)
    with slot:
        if facts.lines:
            page_layout.answer(sentence(facts))
        else:
            page_layout.answer(
                t("Write or paste a few lines: each rhyme takes a colour and a letter, each line its syllables.")
            )
    if facts.lines:
        with right, st.container(key="card-own"):
            start = 1
            for section in sections:
                block = sung_lines(section, pronunciations, least)
                bars = t_count("{n} bar", "{n} bars", len(section))
                st.html(f'<p class="section-tag">{bars} · {block.scheme}</p>')
                st.html(reader.sheet(block.lines, start))
                start += len(section)
            lines = tuple(line for section in sections for line in section)
            verse_card = VerseCard(lines, source="Seize", address=page_address("verse"))
            with st.container(horizontal=True, gap="small"):
                share_verse(verse_card, DEMO_NAME, key="own", name=lines[0])
                drafts.save_button(draft(sections, pronunciations))
                label = t("New words to this measure")
                if cache.writer_names() and st.button(label, icon=":material/edit_note:", key="refit"):
                    st.session_state["fit"] = text
                    go("write")
    if facts.lines:
        resemblance(text or "")
    page_layout.how_to_read("verse")
