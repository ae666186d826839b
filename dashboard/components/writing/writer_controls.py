"""Who writes: the network, a centon of songs, a local model, or whoever sits here; and which songs a centon quotes."""

from typing import Literal

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import pick, whole_number
from pipeline.core.translation import mark, t
from pipeline.corpus.song import SECTION_KINDS
from pipeline.generation import partner
from pipeline.writers.requests import QuotedPart

ChosenWriter = Literal["network", "centon", "partner", "person"]
WRITERS: dict[ChosenWriter, str] = {
    "network": mark("The network"),
    "centon": mark("A centon"),
    "partner": mark("A local model"),
    "person": mark("I do"),
}
ABOUT: dict[ChosenWriter, str] = {
    "network": mark("Each word is drawn from what the model predicts. Phrases that it copies are underlined."),
    "centon": mark(
        "A centon is made of quotations: whole lines of songs, each of another song, that rhyme and have the measure. "
        "A network chooses which goes on best. Each line names its song."
    ),
    "partner": mark(
        "A language model on the machine that runs Seize proposes lines. Those that meet everything are taken, the "
        "network writes the others, and each line says who wrote it."
    ),
    "person": mark("Nothing is written for you. Syllables and rhymes are counted as you type."),
}


def pick_writer() -> ChosenWriter:
    """Draw who writes, and what that means; a local model is a choice where the operator named one."""
    offered = {name: t(label) for name, label in WRITERS.items() if name != "partner" or partner.is_server_configured()}
    writer: ChosenWriter = pick(t("Who writes?"), offered, "network", key="by", everywhere=True)
    page_layout.remark(t(ABOUT[writer]))
    return writer


def draw_quoted_part(first_words: str) -> QuotedPart:
    """Draw which songs a centon quotes and return them; `first_words` are a wish for its first line."""
    names = cache.corpus_names()
    corpus = pick(t("Songs of"), {name: name for name in names}, names[0], key="quoted", look="list", everywhere=True)
    any_one = {"": t("Any")}
    artists = sorted(cache.open_corpus(corpus).songs["artist"].dropna().unique())
    with st.container(horizontal=True, gap="small"):
        artist = pick(
            t("Artist"), any_one | {name: name for name in artists}, key="quoted_artist", look="list", everywhere=True
        )
        kind = pick(
            t("Kind of section"), any_one | {kind: kind for kind in SECTION_KINDS}, key="quoted_kind", look="list",
            everywhere=True,
        )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        first = whole_number(t("From the year"), *(0, 2100, 0), key="quoted_from", help=t("0: any."))
        last = whole_number(t("To the year"), *(0, 2100, 0), key="quoted_to", help=t("0: any."))
    return QuotedPart(
        corpus,
        artists=(artist,) if artist else (),
        years=(first or 0, last or 9999) if first or last else None,
        kinds=(kind,) if kind else (),
        first_words=first_words.split("\n")[-1].strip(),
    )
