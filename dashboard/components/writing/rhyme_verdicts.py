"""Where a visitor says of two words that they rhyme or do not, and gets what they said as a gold file."""

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.writing.drafts import session_store
from dashboard.queries.rhyme_verdicts import MAX_PHRASE_CHARACTERS, VerdictStore, agreement, counts_as_rhyme, gold_file
from pipeline.core.translation import format_decimal, t, t_count
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare


def draw(a: str, b: str, sounds: Pronunciations, *, key: str) -> None:
    """Draw the fold, with two words to begin with; what it holds is read for who opens it."""
    fold = st.expander(t("Do these two rhyme?"), on_change="rerun", key=key)
    if not fold.open:
        return
    with fold, page_layout.show_errors():
        one, two = st.columns(2)
        label, beside = t("A word or phrase"), t("Another one")
        a = one.text_input(label, a, key=f"{key}-a-{a}", max_chars=MAX_PHRASE_CHARACTERS) or ""
        b = two.text_input(beside, b, key=f"{key}-b-{b}", max_chars=MAX_PHRASE_CHARACTERS) or ""
        if a.strip() and b.strip():
            rhyme = compare(a, b, sounds)
            likeness = format_decimal(rhyme.similarity, 2)
            alike, apart = (
                t("Seize says they rhyme ({n}).", n=likeness),
                t("Seize says they do not rhyme ({n}).", n=likeness),
            )
            page_layout.remark(alike if counts_as_rhyme(rhyme) else apart)
        store = VerdictStore(cache.current_visitor().name, session_store())
        with st.container(horizontal=True, gap="small"):
            for says, label, icon in ((True, t("They rhyme"), "hearing"), (False, t("They don't"), "hearing_disabled")):
                if st.button(label, icon=f":material/{icon}:", key=f"{key}-{says}"):
                    store.say(a, b, says)
            if verdicts := store.verdicts():
                file = gold_file(verdicts, sounds)
                label, name = t("Download your verdicts"), "seize-rhymes.tsv"
                st.download_button(
                    label, file, name, "text/tab-separated-values", on_click="ignore", key=f"{key}-gold",
                    icon=":material/download:",
                )  # fmt: skip
        if verdicts:
            agreed = format_decimal(agreement(verdicts, sounds))
            count = t_count("{n} verdict saved", "{n} verdicts saved", len(verdicts))
            page_layout.remark(t("{kept}; Seize agrees with {agreed}.", kept=count, agreed=agreed))
