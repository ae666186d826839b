"""A rhyming dictionary: words and lines that rhyme with a word or phrase."""

from textwrap import shorten

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.corpus.line_list import draw_line_list, shuffled_lines_with_word
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, pick, toggle
from dashboard.components.frame.data_table import ROW, exports
from dashboard.components.frame.figure_card import heading, linked_heading
from dashboard.locale.escaping import escape_html
from dashboard.queries import rhyming_dictionary
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter
from pipeline.core.translation import format_decimal, mark, t, t_count, translate_labels
from pipeline.language.rhyme import ALL_KINDS_BY_NAME, PERFECT_KIND_NAMES

KINDS = {name: ALL_KINDS_BY_NAME[name].label for name in ("assonance", "near", *PERFECT_KIND_NAMES)}
COLUMNS = {
    "word": mark("Word"), "frequency": mark("Times"), "kind": mark("Rhyme"), "syllables": mark("Syllables"),
    "shared_vowels": mark("Vowels shared"), "forms": mark("Same sound"),
}  # fmt: skip
REGISTERS = {
    "": mark("Any"), "verlan": mark("Verlan"), "argot": mark("Argot"), "anglicism": mark("Anglicisms"),
    "arabic": mark("Arabic loanwords"), "romani": mark("Romani loanwords"), "african": mark("African loanwords"),
}  # fmt: skip
WORD_KEY = "rhymes-with"  # key of what is asked
MAX_QUERY_CHARACTERS = 120  # characters of what is asked
LONGEST_FORMS = 18  # characters of the words of the same sound that the table has room for
SYLLABLE_CHOICES = (1, 2, 3, 4, 5)
FOLDED_FILTER_KEYS = frozenset(["sizes", "rhyme-register", "rhyme-vowel", "verse-rhymes", "rhyme-unlisted"])


def read_request() -> tuple[str, str, RhymeFilter]:
    """Draw the choice of the corpus, the text field and the filters of rhymes; return (corpus, text, filter)."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        with st.container(width=150):
            corpus = filters.pick_corpus()
        text = st.text_input(
            t("Word or phrase"), "la nuit", key=WORD_KEY, bind=BIND, max_chars=MAX_QUERY_CHARACTERS,
            placeholder=t("Search"), type="search", width=240,
        )  # fmt: skip
        shares = "  \n".join(t(ALL_KINDS_BY_NAME[name].description) for name in KINDS)
        least = pick(t("Minimum rhyme"), translate_labels(KINDS), "suffisante", key="least-rhyme", help=shares)
    is_open = not FOLDED_FILTER_KEYS.isdisjoint(st.query_params)
    fold = st.expander(t("More filters"), expanded=is_open)
    with fold, st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        sizes = st.pills(t("Syllables"), SYLLABLE_CHOICES, selection_mode="multi", key="sizes", bind=BIND)
        register = pick(t("Register"), translate_labels(REGISTERS), "", key="rhyme-register", look="list", width=200)
        vowel = toggle(t("Starts with a vowel"), key="rhyme-vowel")
        help = t("A word ending in a mute e, such as vie, rhymes only with words like it, not with ami.")
        verse = toggle(t("Classical rules"), key="verse-rhymes", help=help)
        help = t("Words in no French dictionary, rare in French prose and in the corpus.")
        rare = toggle(t("Include rare forms"), key="rhyme-unlisted", help=help)
    return corpus, (text or "").strip(), RhymeFilter(least, tuple(sizes), register, vowel, verse, attested=not rare)


def draw_word_table(table: pd.DataFrame) -> str | None:
    """Draw the table of rhyming words and return the selected word, if any."""
    columns = translate_labels(COLUMNS)
    forms = table["forms"].map(lambda forms: shorten(forms, LONGEST_FORMS, placeholder=" …"))
    shown = table.assign(kind=table["kind"].map(translate_labels(KINDS)), forms=forms)
    shown = shown[list(columns)].rename(columns=columns)
    help = t("How many vowels in a row match, counted from the end.")
    # so that the card shows all columns
    widths = {"word": 104, "forms": 96, "kind": 84, "shared_vowels": 140, "syllables": 76, "frequency": 52}
    config = {columns[name]: st.column_config.Column(width=width) for name, width in widths.items()}
    config[columns["shared_vowels"]] = st.column_config.NumberColumn(width=widths["shared_vowels"], help=help)
    event = st.dataframe(
        shown, hide_index=True, key="rhyme-words", column_config=config, on_select="rerun",
        selection_mode="single-row", height=int(15.5 * ROW),  # half a row at the end: it goes on
        alt=t("{n} rhyming words, with kind, syllables and frequency", n=format_decimal(len(shown))),
    )  # fmt: skip
    rows = [row for row in event.selection.rows if row < len(table)]
    return table["word"].iloc[rows[0]] if rows else None


def answer_html(text: str, table: pd.DataFrame, ends: pd.DataFrame, selection: Selection) -> str:
    """Return HTML of a sentence: how the text is pronounced, and how many words and lines rhyme with it."""
    ipa = rhyming_dictionary.ipa_of_text(text, cache.visitor_pronunciations(selection.corpus))
    lines = t_count("<b>{n} line</b>", "<b>{n} lines</b>", len(ends))
    values = {"text": f"<i lang=fr>{escape_html(text)}</i>", "ipa": f"<code>{escape_html(ipa)}</code>", "lines": lines}
    values["words"] = f"<b>{t_count('{n} word', '{n} words', len(table))}</b>"
    return t(
        "{text}, pronounced {ipa}, rhymes with {words} from the corpus and from French, and with {lines}.", **values
    )


def draw_results(selection: Selection, table: pd.DataFrame, ends: pd.DataFrame) -> None:
    left, right = st.columns([4, 3], gap="medium")
    with left, st.container(key="card-rhyme-words", gap="small"):
        heading(t("Words"), t("Richest rhymes first; 0 times: only in general French. Select one to read its lines."))
        picked = draw_word_table(table) if len(table) else None
        if len(table):
            exports(table, "rhymes")
        else:
            message = t("No word rhymes that richly. Try a weaker rhyme, or other numbers of syllables.")
            page_layout.empty_state(message)
    with right, st.container(key="card-rhyme-lines", gap="small"):
        if picked:
            lines, _ = shuffled_lines_with_word(selection, picked)
            linked_heading(t("Lines with {word}", word=f"<i lang=fr>{escape_html(picked)}</i>"))
            draw_line_list(lines, key=f"rhyme-word-{picked}", length=8)
        elif len(ends):
            best = t_count("{n} syllable", "{n} syllables", int(ends["syllables"].iloc[0]))
            heading(t("Line ends"), t("Longest rhymes first, up to {syllables}.", syllables=best))
            draw_line_list(ends, key="rhyme-ends", length=8)
        else:
            page_layout.empty_state(t("No line ends with this rhyme. Try a weaker one."))


slot = page_layout.draw_question(t("What rhymes with …?"), 2)
name, text, rhyme_filter = read_request()
selection = Selection(name, cache.corpus_version(name))
cache.phonetic_table(selection.corpus)
if not text or not rhyming_dictionary.ipa_of_text(text, cache.visitor_pronunciations(selection.corpus)):
    page_layout.draw_answer(
        t("Type a word or a phrase to see the words and lines of the corpus that rhyme with it."), slot
    )
    if text:
        page_layout.empty_state(t("Nothing here can be pronounced. Type a word in letters."))
else:
    table = cache.query(rhyming_dictionary.rhyming_words_of_corpus, selection, text, rhyme_filter)
    ends = cache.query(rhyming_dictionary.rhyming_lines, selection, text, rhyme_filter)
    page_layout.draw_answer(answer_html(text, table, ends, selection), slot)
    draw_results(selection, table, ends)
