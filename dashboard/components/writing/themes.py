"""What a text is about: a theme, the words that songs of a corpus sing near it, and what can be made of them."""

from collections.abc import Iterable

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import slider, text_box
from dashboard.components.writing import writing_sheet
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.rhyming_dictionary import rhyme_families
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.words.word_vectors import WordVectors, theme_words, word_vectors
from pipeline.core.translation import t
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.style import THEME_STRENGTH, Theme, words_of_theme
from pipeline.writers.requests import LineRequest

MAX_CHARACTERS = 80  # characters
OPENING_LINE_COUNT = 5
EXAMPLE = "la mer"


def draw_theme_box() -> str:
    """Draw the box for a theme and return its text."""
    help = t("One or a few words. These words, and those used near them in the corpus, become more likely.")
    return " ".join(text_box(t("Theme"), key="theme", longest=MAX_CHARACTERS, hint=EXAMPLE, help=help).split())


def draw_strength_slider() -> float:
    """Draw the weight of the theme and return it."""
    help = t("0: ignored. 3: half of the lines contain a word of the theme. 6: most do, with more mistakes.")
    return slider(t("Weight of the theme"), *(0.0, 6.0, THEME_STRENGTH, 0.5), key="theme_strength", help=help)


def theme_of(about: str, run: str, weight: float = THEME_STRENGTH) -> Theme | None:
    """Return a theme with the words used near it in the corpus of a run. Raise SettingError where the corpus hardly has
    it."""
    if not (about and weight):
        return None
    writer = cache.load_writer_vocabulary(run)
    if writer.is_of_text:
        return Theme(words=words_of_theme(about), strength=weight)
    return Theme(
        words=tuple(theme_words(cache.open_corpus(writer.corpus), about, vectors=vectors(run))), strength=weight
    )


def vectors(run: str) -> WordVectors:
    """Return the word vectors of the corpus of a run."""
    corpus = cache.load_writer_vocabulary(run).corpus
    return cache.resource(word_vectors, Selection(corpus, cache.corpus_version(corpus)))


def _put_idea_into_control(key: str, idea: str) -> None:
    """Put an idea into the control with this key. In the control of words to use, append it after a comma."""
    before = str(st.session_state.get(key, "")).strip() if key == "use" else ""
    st.session_state[key] = f"{before}, {idea}" if before else idea


def draw_ideas(about: str, run: str, settings: LyricSettings) -> None:
    """Draw words near a theme, their rhymes and opening lines, each a button that uses it."""
    theme = theme_of(about, run)
    words = [word for word, _ in theme.words] if theme else []

    def draw_suggestions(remark: str, control: str, ideas: Iterable[tuple[str, str]]) -> None:
        """Draw buttons of ideas (label, value), each of which puts its value into a control."""
        page_layout.remark(remark)
        with st.container(horizontal=True, gap="small", key=f"ideas-{control}"):
            for number, (label, value) in enumerate(ideas):
                args, key = (control, value), f"idea-{control}-{number}"
                st.button(escape_markdown(label), key=key, on_click=_put_idea_into_control, args=args, type="tertiary")

    near = ((word, word) for word in words[:16])
    draw_suggestions(t("Words used near it in the corpus. Click one to include it in the text."), "use", near)
    families = rhyme_families(words, cache.pronunciations(cache.load_writer_vocabulary(run).corpus))
    rhymes = ((", ".join(family[:4]) + (", …" if len(family) > 4 else ""), family[0]) for family in families)
    message = t("Their rhymes in the corpus. Click a family to make every line rhyme with its first word.")
    draw_suggestions(message, "rhyme_with", rhymes)
    request = LineRequest(run, "", "next", "", 1, settings, OPENING_LINE_COUNT)
    openings = ((line.text, line.text) for line in writing_sheet.proposed_lines(request, "openings"))
    draw_suggestions(t("Opening lines. Click one to start the text with it."), "seed", openings)
