"""Whether others read what a visitor made; drawn for its owner alone."""

import streamlit as st

from dashboard import cache
from dashboard.components.callback_errors import keep_error, show_kept_error
from pipeline.core.owners import Owners
from pipeline.core.translation import t


def draw_sharing(owners: Owners, name: str) -> None:
    """Draw the switch by which the owner of a corpus or a run lets others read it; nothing for anybody else."""
    found, visitor = owners.ownership(name), cache.current_visitor()
    if visitor.operator or not found.changed_by(visitor.name):
        return
    key = f"shared-{name}"
    st.session_state[key] = found.shared
    st.toggle(
        t("Others may read it"),
        key=key,
        on_change=_share,
        args=(owners, name, key),
        help=t("Nobody but you replaces or deletes it, shared or not."),
    )
    show_kept_error(key)


def _share(owners: Owners, name: str, key: str) -> None:
    with keep_error(key):
        owners.share(name, cache.current_visitor().name, shared=bool(st.session_state[key]))
