"""The artist names of a prepared corpus as its source wrote them, and the merging of names of one artist."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import heading
from dashboard.components.frame.page_layout import show_stored_error, store_error
from pipeline.core.translation import mark, t, t_count, translate_labels
from pipeline.corpus.artist_names import ORIGIN_LABELS
from pipeline.corpus.song import display_name
from pipeline.corpus.store import CORPUS_OWNERS, artists_as_read, load_artist_merges, save_artist_merges

_COLUMNS = {
    "artist": mark("Original name"), "songs": mark("Songs"), "origin": mark("Source of the name"),
    "merged": mark("Shown as"), "suggested": mark("Suggested"),
}  # fmt: skip
_ERROR_PLACE = "merge-error"


def draw_artist_names(name: str, key: str) -> None:
    """Draw a table of the artist names: where each was read and what it is shown as. Visitors who may change the corpus
    get buttons that merge names. `key` names the table. Raise CorpusError when the corpus cannot be read."""
    version = cache.corpus_version(name)
    merges = cache.call(_load_name_merges, name, version)
    names = cache.call(_read_artist_names, name, version)
    heading(
        t("Artists"),
        t(
            "Names that differ only in capitals, accents, spaces, punctuation or a final number are suggested as one "
            "artist. The name with the most songs is kept, preferring names without a number and names that were not "
            "inferred."
        ),
    )
    origins = translate_labels(ORIGIN_LABELS)
    shown = names.assign(
        artist=names["artist"].map(display_name),
        origin=[origins.get(origin, "–") for origin in names["origin"]],
        merged=[display_name(merges.get(artist, artist)) for artist in names["artist"]],
    )
    named_table(shown, translate_labels(_COLUMNS), alt=t("Artist names in the source"))
    exports(shown, "artists", f"artists-{key}")
    visitor = cache.current_visitor()
    if visitor.editor and CORPUS_OWNERS.ownership(name).is_changeable_by(visitor.name):
        show_stored_error(_ERROR_PLACE)
        _draw_merging(name, f"{key}-{name}", merges, names)


def _draw_merging(name: str, place: str, merges: Mapping[str, str], names: pd.DataFrame) -> None:
    """Draw the buttons that merge the suggested names, merge chosen ones, and undo all merging."""
    artists = sorted(names["artist"])
    suggested = zip(names["artist"], names["suggested"], strict=True)
    new = {artist: target for artist, target in suggested if target and artist not in merges}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if new:
            label = t_count("Merge {n} suggested name", "Merge {n} suggested names", len(new))
            page_layout.button(
                label, "merge", _save_name_merges, name, {**merges, **new}, key=f"merge-suggested-{place}"
            )
        if merges:
            label = t_count("Undo the merging of {n} name", "Undo the merging of {n} names", len(merges))
            page_layout.button(label, "undo", _save_name_merges, name, {}, key=f"merge-undo-{place}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(t("Other names of this artist"), artists, key=f"merge-names-{place}")
        target = st.selectbox(t("Shown as"), artists, None, key=f"merge-into-{place}", accept_new_options=True)
        if chosen and target:
            own = {artist: str(target) for artist in chosen if artist != target}
            page_layout.button(
                t("Merge"), "merge", _save_name_merges, name, {**merges, **own}, key=f"merge-own-{place}"
            )


def _save_name_merges(name: str, merges: Mapping[str, str]) -> None:
    with store_error(_ERROR_PLACE):
        save_artist_merges(name, merges)


def _load_name_merges(name: str, version: int) -> dict[str, str]:
    return load_artist_merges(name)


def _read_artist_names(name: str, version: int) -> pd.DataFrame:
    return artists_as_read(name)
