"""A word of the line that is picked: what rhymes with it, its company in the corpus, what may stand in its place."""

from collections.abc import Iterable

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.writing import edited_text, themes
from dashboard.components.writing.edited_text import EditedText
from dashboard.locale.escaping import escape_markdown
from dashboard.navigation import link
from dashboard.queries import rhyming_dictionary
from dashboard.queries.rhyming_dictionary import word_alternatives
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter
from pipeline.analysis.words.word_sketch import SPAN, word_sketch
from pipeline.core.translation import t
from pipeline.generation.own_line import restore_spelling
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import PERFECT_KIND_NAMES
from pipeline.language.tokens import token_spans, tokenise

SOUNDING, NEARLY = 14, 8  # rhymes, near rhymes shown
MAX_COLLOCATES_SHOWN = 8  # words of the company


def draw_expander(text: EditedText, at: int, character: int) -> ExpanderContainer | None:
    """Draw and return the expander for the words of the line `at`, open if a `character` (not -1) was clicked; None for
    a line without words."""
    if not _words_by_token(text.lines[at].text):
        return None
    label, key = t("Rhymes and collocations of a word"), f"of-word-{at}-{character}"
    with st.container(key="line-words"):
        return st.expander(label, expanded=character >= 0, on_change="rerun", key=key)


def _words_by_token(line: str) -> dict[int, str]:
    """Return token number -> word of a line."""
    return {n: token for n, token in enumerate(tokenise(line)) if any(map(str.isalpha, token))}


def draw(text: EditedText, at: int, character: int, run: str, sounds: Pronunciations) -> None:
    """Draw rhymes, collocations and substitutes of a word of the line `at`, at first the one at `character`."""
    line, spans = text.lines[at].text, token_spans(text.lines[at].text)
    words = _words_by_token(line)
    clicked = [n for n in words if spans[n].start <= character <= spans[n].stop]
    start, key = list(words).index((clicked or list(words))[-1]), f"word-{at}-{line}-{character}"
    place = st.selectbox(t("Word"), list(words), start, format_func=words.__getitem__, key=key)
    word, corpus = words[place], cache.load_writer_vocabulary(run).corpus
    selection = Selection(corpus, cache.corpus_version(corpus))
    table = cache.query(rhyming_dictionary.rhyming_words_of_corpus, selection, word, RhymeFilter("assonance"))
    is_rhyme = table["kind"].isin(PERFECT_KIND_NAMES)

    def draw_replacement_words(label: str, others: Iterable[str]) -> None:
        """Draw words as buttons, each of which replaces the word at `place` of the line."""
        tokens = tokenise(line)
        for number, other in enumerate(others):
            if number == 0:
                page_layout.remark(label)
                row = st.container(horizontal=True, gap="small")
            new = restore_spelling(line, [*tokens[:place], other, *tokens[place + 1 :]])
            values, key = (text, at, new, sounds), f"word-{label}-{other}"
            row.button(escape_markdown(other), on_click=_replace_line, args=values, key=key, type="tertiary")

    draw_replacement_words(t("Rhymes; click one to replace the word:"), table.loc[is_rhyme, "word"].head(SOUNDING))
    draw_replacement_words(t("Near rhymes:"), table.loc[~is_rhyme, "word"].head(NEARLY))
    company = cache.query(word_sketch, selection, word, SPAN, SPAN, selection.layer, with_function_words=False)
    if len(company):
        close = ", ".join(dict.fromkeys(company["word"].head(MAX_COLLOCATES_SHOWN)))
        page_layout.remark(t("Collocations in the corpus: {words}", words=close))
    with st.container(horizontal=True, gap="small"):
        link("rhymes", label=t("All rhymes"), icon="menu_book", **{"rhymes-with": word})
        link("company", label=t("All collocations"), icon="manage_search", q=word)
    with st.spinner(t("Looking for collocations…")):
        alternatives = word_alternatives(line, place, themes.vectors(run), sounds)
    draw_replacement_words(t("Words used near it, with as many syllables:"), [other for other, _ in alternatives])


def _replace_line(text: EditedText, at: int, line: str, sounds: Pronunciations) -> None:
    if new := edited_text.read_line(line, sounds):
        text.change_line(at, new)
