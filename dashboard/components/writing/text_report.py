"""What is said of a text: what it does of what was asked, how it sounds, how new it is, whom it sounds like.

Each fold is computed for who opens it.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from html import escape
from itertools import groupby

import streamlit as st

from dashboard import cache
from dashboard.charts import bar_charts
from dashboard.components.corpus import beat_player, reader
from dashboard.components.corpus.rhyme_marks import mark_all_rhymes
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import named_table
from dashboard.components.frame.figure_card import card
from dashboard.components.frame.page_layout import draw_fold
from dashboard.components.writing import writing_sheet
from dashboard.components.writing.written_lines import word_table
from dashboard.locale.escaping import escape_html
from dashboard.queries.sounds import VerseStatistics, verse_statistics
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.comparison.stylometry import MIN_SONG_WORDS, attribution_accuracy, delta_to_artists
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count, translate_labels
from pipeline.corpus.song import display_song_label
from pipeline.generation.lyric import GeneratedLine
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.tokens import tokenise
from pipeline.writers.requests import OriginalityRequest

MAX_VOICES_SHOWN = 10  # voices


def constraint_summary(lines: Sequence[GeneratedLine]) -> str:
    """Return a sentence on how many lines meet all constraints, and what the others violate."""
    codes = [{violation.code for violation in line.violations} for line in lines]
    short = sum(map(bool, codes))
    if not short:
        return t("All lines match your settings.")
    parts = [t("{n} of {all} lines match your settings.", n=len(lines) - short, all=len(lines))]
    for code, label in (("syllables", mark("other syllable count: {n}")), ("no-rhyme", mark("no rhyme: {n}"))):
        if count := sum(code in each for each in codes):
            parts.append(t(label, n=count))
    rest = sum(bool(each - {"syllables", "no-rhyme"}) for each in codes)
    parts += [t("something else: {n}", n=rest)] if rest else []
    return parts[0] + " " + ", ".join(parts[1:]).capitalize() + "."


def authors_sentence(lines: Sequence[GeneratedLine], run: str) -> str:
    """Return sentences on who wrote the lines, and on how many words the model copied."""
    counts = Counter("quotation" if line.quotation else line.by or ("network" if line.tokens else "") for line in lines)
    own = [line for line in lines if line.tokens and not line.by]
    parts = []
    if own:
        words = sum(len(tokenise(line.text)) for line in own)
        copied = sum(span.words for line in own for span in line.copies)
        parts.append(
            t_count(
                "{n} line by the model {run}: {share} of its words come from phrases of four words or more in its "
                "training texts (underlined).",
                "{n} lines by the model {run}: {share} of their words come from phrases of four words or more in its "
                "training texts (underlined).",
                len(own),
                run=run,
                share=format_percentage(copied / max(1, words), 0),
            )
        )
    if quoted := counts.pop("quotation", 0):
        parts.append(t_count("{n} line quoted from a song.", "{n} lines quoted from songs.", quoted))
        if any(line.quotation and line.quotation.corpus == DEMO_NAME for line in lines):
            parts.append(t("The artists of {corpus} are invented.", corpus=DEMO_NAME))
    parts += [
        t_count("{n} line by {name}.", "{n} lines by {name}.", counts[name], name=name)
        for name in counts
        if name not in ("network", "")
    ]
    parts += [t_count("{n} line by you.", "{n} lines by you.", counts[""])] if counts[""] else []
    return " ".join(parts)


def draw(lines: Sequence[GeneratedLine], run: str, sounds: Pronunciations) -> None:
    """Draw the folds below a text: sound, rhythm, originality, words, similar artists."""
    draw_fold(t("Sound"), _draw_sounds, lines, sounds, key="sounds")
    beats = partial(beat_player.draw_estimated_bars, key="beats", beat=int(st.session_state.get("beat") or 4))
    draw_fold(t("Rhythm"), beats, [line.text for line in lines], sounds, key="in-time")
    draw_fold(t("Originality"), _draw_originality, lines, run, key="newness")
    if written := [(at, line) for at, line in enumerate(lines, 1) if line.pieces and not line.by]:
        draw_fold(t("Word by word"), _draw_words, written, key="by-word")
    draw_fold(t("Who do you sound like?"), _draw_resemblance, "\n".join(line.text for line in lines), key="resemblance")


def _draw_sounds(lines: Sequence[GeneratedLine], sounds: Pronunciations) -> None:
    """Draw measures of the sound of a text, and its lines with their inner rhymes."""
    sections = [[line.text for line in part] for _, part in groupby(lines, key=lambda line: line.section)]
    page_layout.draw_answer(statistics_sentence(verse_statistics(sections, sounds)))
    least, start = reader.pick_min_syllables("own-least"), 1
    for section in sections:
        block = mark_all_rhymes(section, sounds, least)
        bars = t_count("{n} line", "{n} lines", len(section))
        st.html(
            f'<p class="section-tag">{bars} · {block.scheme}</p>' + reader.verse_with_syllables_html(block.lines, start)
        )
        start += len(section)


def statistics_sentence(facts: VerseStatistics) -> str:
    """Return a sentence on lines, syllables, scheme and rhymes, as HTML."""
    syllables = t("{least} to {most} syllables", least=facts.shortest, most=facts.most)
    if facts.shortest == facts.most:
        syllables = t_count("{n} syllable", "{n} syllables", facts.shortest)
    return t(
        "<b>{lines}</b> of <b>{syllables}</b>, scheme <b>{schemes}</b>. {rhymed}, <b>{assonant}</b> including "
        "assonance; <b>{density}</b> of syllables rhyme, and the longest rhyme spans <b>{longest}</b>.",
        lines=t_count("{n} line", "{n} lines", facts.lines),
        syllables=syllables,
        schemes=escape_html(" · ".join(dict.fromkeys(facts.schemes))),
        rhymed=t_count("<b>{n}</b> of them rhymes at the end", "<b>{n}</b> of them rhyme at the end", facts.rhymed),
        assonant=format_decimal(facts.assonant),
        density=format_percentage(facts.density),
        longest=t_count("{n} syllable", "{n} syllables", facts.longest),
    )


def _draw_originality(lines: Sequence[GeneratedLine], run: str) -> None:
    """Draw the lines that share a phrase with the training texts of a run."""
    text = "\n".join(line.text for line in lines)
    report = writing_sheet.wait_for_reply(OriginalityRequest(run, text))
    page_layout.remark(
        t(
            "{share} of four-word phrases also occur in the training texts of {run}.",
            share=format_percentage(report["copied_share"]),
            run=run,
        )
    )
    for line, copies in zip(lines, report["copies"], strict=True):
        for same in copies:
            sentence = t(
                '<b lang="fr">{same}</b> · {n} words also in {source}',
                same=escape_html(same["text"]),
                n=same["words"],
                source=escape_html(display_song_label(same["source"])),
            )
            st.html(f'<p class="quiet">{sentence}<br><span lang=fr>{escape_html(line.text)}</span></p>')


COLUMNS = {"word": mark("Word"), "probability": mark("Probability"), "instead": mark("Most likely here")}


def _draw_words(spelt_lines: Sequence[tuple[int, GeneratedLine]]) -> None:
    """Draw a table of the words of one line at a time, with their probabilities."""
    names = [f"{number}. {line.text}" for number, line in spelt_lines]
    at = st.selectbox(t("Words of the line"), range(len(names)), format_func=names.__getitem__, key=f"of-{len(names)}")
    table = word_table(spelt_lines[at][1])
    alt = t("Each word of line {line} with its probability and the alternatives", line=spelt_lines[at][0])
    named_table(table, translate_labels(COLUMNS), alt=alt, file="words")


@page_layout.fragment
def _draw_resemblance(text: str) -> None:
    """Draw the artists most similar to a text."""
    names = cache.corpus_names()
    corpus = st.selectbox(t("Corpus"), names, key="voices-of") if len(names) > 1 else names[0]
    selection = Selection(corpus=corpus, version=cache.corpus_version(corpus))
    words = tuple(tokenise(text))
    with st.spinner(t("Comparing with all artists…")):
        table = cache.query(delta_to_artists, selection, words)
        test = cache.query(attribution_accuracy, selection)
    message = t(
        "Closest: <b>{artist}</b>. On {songs} of this corpus, each compared with the others, the closest artist is the "
        "right one for <b>{share}</b> [{low} – {high}]; always guessing the most frequent artist would be right for "
        "{baseline}.",
        artist=escape(str(table["artist"].iloc[0])),
        songs=t_count("{n} song", "{n} songs", test.songs),
        share=format_percentage(test.share),
        low=format_percentage(test.interval.low),
        high=format_percentage(test.interval.high),
        baseline=format_percentage(test.baseline),
    )
    page_layout.draw_answer(message)
    limits = t(
        "One of these {n} artists is always the closest, whoever wrote the text; among hundreds, it is seldom the "
        "right one.",
        n=test.artists,
    )
    page_layout.remark(limits)
    if len(words) < MIN_SONG_WORDS:
        message = t(
            "Your text has {words}; that rate is for songs of at least {least} words. With fewer, it is just a game.",
            words=t_count("{n} word", "{n} words", len(words)),
            least=MIN_SONG_WORDS,
        )
        page_layout.remark(message)
    figure = bar_charts.labelled_horizontal_bars(
        table.head(MAX_VOICES_SHOWN),
        "artist",
        "delta",
        hover="<b>%{y}</b><br>Delta %{x:.2f}",
        format_value=lambda d: format_decimal(d, 2),
    )
    note = t("Cosine Delta over the 2,000 most common words: shorter is closer.")
    card(t("Most similar artists"), figure, key="voices", note=note, table=table, file="voices")
