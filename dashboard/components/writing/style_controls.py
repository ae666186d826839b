"""Whose voice a run writes in and when, how much of the song comes back, and what the text is about.

Every choice sits in the URL.
"""

from collections.abc import Callable

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, PLAIN, pick
from dashboard.components.writing import writing_sheet
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.rhyming_dictionary import rhyme_families
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.words.word_vectors import WordVectors, theme_words, word_vectors
from pipeline.core.errors import SeizeError
from pipeline.core.translation import t
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.style import THEME_STRENGTH, Style, Theme
from pipeline.language_models.control_tokens import conditions_of, readable
from pipeline.writers.requests import ProposalRequest

ANY = ""  # the key of no voice, no years


def style(run: str) -> Style:
    """The controls that this run was taught to follow; with none, a word that says so."""
    try:
        entries = conditions_of(cache.open_writer(run).vocabulary)
    except SeizeError:  # said where the run is to write
        return Style()
    taught = {kind: [readable(entry) for entry in entries if entry[1:].startswith(kind)] for kind in ("voice", "years")}
    if not taught["voice"] and not taught["years"]:
        page_layout.remark(t("This model was not taught voices or years."))
        return Style()
    first = _one_of(t("Voice"), taught["voice"], "voice")
    other, share, turns = "", 0.5, False
    if len(taught["voice"]) > 1:
        other = _one_of(t("With"), taught["voice"], "other_voice")
        turns = st.toggle(
            t("In turn"), key="turns", bind=BIND, help=t("A duet: four lines each, or a section each of the plan.")
        )
        share = st.slider(
            t("Share of the second voice"),
            *(0.0, 1.0, 0.5, 0.05),
            key="share",
            bind=BIND,
            format=PLAIN,
            help=t("Both voices read the same text; their next letters are mixed in this proportion."),
        )
    years = _one_of(t("Years"), taught["years"], "years")
    blended = bool(first and other and first != other)
    return Style(
        voice=first or other,
        other=other if blended else "",
        share=share,
        year=int(years.split("-")[0]) if years else None,
        turns=turns and blended,
    )


def memory() -> float:
    """How strongly what the song has said comes back."""
    return st.slider(
        t("Memory of the song"),
        *(0.0, 3.0, 0.0, 0.25),
        key="memory",
        bind=BIND,
        format=PLAIN,
        help=t(
            "0 forgets its own phrases, 1 lets them return as often as in real songs, above more often. "
            "For models mixed with an n-gram."
        ),
    )


def keep_person() -> bool:
    """Whether a section keeps to who speaks in it."""
    return st.toggle(
        t("Keep to who speaks"),
        key="keep_person",
        bind=BIND,
        help=t(
            "A section that begins with *je*, *tu* or *on* tends to go on with it, in its tense; "
            "who was *née* tends not to become *parti*."
        ),
    )


def _one_of(label: str, names: list[str], key: str) -> str:
    if not names:
        return ""
    return pick(label, {ANY: t("Any")} | {name: name for name in names}, key=key, look="list", everywhere=True)


LONGEST = 80  # characters
OPENINGS = 5
EXAMPLE = "la mer"


def theme_text() -> str:
    """Draw the field for a theme and return what stands in it."""
    text = st.text_input(
        t("Theme"),
        key="theme",
        bind=BIND,
        max_chars=LONGEST,
        placeholder=EXAMPLE,
        help=t("A word or a few. They, and the words that songs of the corpus sing near them, become likelier."),
    )
    return " ".join((text or "").split())


def strength() -> float:
    """Draw how strongly lines are drawn to the theme."""
    return st.slider(
        t("Keep to the theme"),
        *(0.0, 6.0, THEME_STRENGTH, 0.5),
        key="theme_strength",
        bind=BIND,
        format=PLAIN,
        help=t("0 ignores it. At 3, half of the lines hold a word of it; at 6 most, and they stumble."),
    )


def theme_of(text: str, run: str, worth: float = THEME_STRENGTH) -> Theme | None:
    """Return the theme of a text, as the corpus of a run sings it. Raise SettingError where it hardly sings it."""
    return Theme(words=field(text, run), strength=worth) if text and worth else None


def field(text: str, run: str) -> tuple[tuple[str, float], ...]:
    """Return the words near a theme in the corpus of a run, with how near they are."""
    corpus = cache.open_corpus(cache.open_writer(run).corpus)
    return tuple(theme_words(corpus, text, vectors=vectors(run)))


def vectors(run: str) -> WordVectors:
    """Return the word vectors of the corpus of a run."""
    corpus = cache.open_writer(run).corpus
    return cache.resource(word_vectors, Selection(corpus, cache.corpus_version(corpus)))


def ideas(text: str, run: str, settings: WriteSettings, take: Callable[[str, str], None]) -> None:
    """Draw what a theme brings: its words, the rhymes among them, lines to open with; each is one tap away.

    `take` is called with what was tapped ("use", "rhyme", "opening") and its text.
    """
    words = field(text, run)
    page_layout.remark(t("Words that songs of the corpus sing near it. A tap asks for one in the text."))
    with st.container(horizontal=True, gap="small", key="idea-words"):
        for word, _ in words[:16]:
            st.button(escape_markdown(word), key=f"idea-{word}", on_click=take, args=("use", word), type="tertiary")
    page_layout.remark(t("Rhymes of the corpus for them. A tap rhymes every line with the first word."))
    with st.container(horizontal=True, gap="small", key="idea-rhymes"):
        for family in rhyme_families([word for word, _ in words], cache.pronunciations(cache.open_writer(run).corpus)):
            label = escape_markdown(", ".join(family[:4]) + (", …" if len(family) > 4 else ""))
            st.button(label, key=f"family-{family[0]}", on_click=take, args=("rhyme", family[0]), type="tertiary")
    page_layout.remark(t("Lines to open with. A tap begins the text with one."))
    for number, line in enumerate(_openings(run, settings), 1):
        label = escape_markdown(line)
        st.button(label, key=f"opening-{number}", on_click=take, args=("opening", line), type="tertiary")


def _openings(run: str, settings: WriteSettings) -> list[str]:
    """Return lines that may open a text; asked for once."""
    request = ProposalRequest(run, "", 1, settings, OPENINGS)
    if st.session_state.get("openings", (None,))[0] != request:
        reply = writing_sheet.wait_for(request)
        st.session_state["openings"] = (request, [line.text for line in writing_sheet.proposed_lines(reply)])
    return st.session_state["openings"][1]
