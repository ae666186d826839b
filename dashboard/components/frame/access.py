"""Who may do what on a page: the way to sign in, and whether others read what a visitor made.

At the machine itself there is nothing to draw: whoever sits there may do everything.
"""

import streamlit as st

from dashboard import cache
from dashboard.cache.corpus_cache import TOKEN
from dashboard.components.frame import page_layout
from dashboard.components.frame.page_layout import button, show_stored_error, store_error
from dashboard.queries.visitors import WRONG_TOKEN_LIMITER, editor_token_is_set
from pipeline.core.owners import Owners
from pipeline.core.translation import t

_TYPED, _WRONG = "token-typed", "token-was-wrong"


def require_editor(text: str) -> bool:
    """Return whether the visitor is an editor; for others, draw a text that says what is closed, and the ways to sign
    in."""
    if cache.current_visitor().editor:
        return True
    page_layout.empty_state(text)
    draw_sign_in()
    return False


def draw_sign_in() -> None:
    """Draw the ways to sign in on this server. For a signed-in visitor, draw their name and a button to sign out."""
    visitor, user = cache.current_visitor(), st.user.to_dict()
    if visitor.is_operator:
        return
    if user.get("is_logged_in"):
        who = str(user.get("email") or user.get("name") or user.get("sub", ""))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            page_layout.remark(t("You are signed in as {who}.", who=who))
            button(t("Sign out"), "logout", st.logout, key="sign-out")
    elif "is_logged_in" in user:
        button(t("Sign in"), "login", st.login, key="sign-in")
    if editor_token_is_set() and not visitor.editor:
        st.text_input(t("Editor token"), type="password", key=_TYPED, on_change=_check_typed_token, max_chars=200)
        if not show_stored_error(_TYPED) and st.session_state.pop(_WRONG, False):
            page_layout.show_error(t("This is not the token of this server."))
    elif "is_logged_in" not in user and not visitor.editor:
        page_layout.remark(t("This server has no sign-in. Ask whoever runs it."))


def _check_typed_token() -> None:
    """Make the visitor an editor if the token that they typed is that of the server."""
    typed_token = st.session_state.get(_TYPED, "")
    with store_error(_TYPED):
        if WRONG_TOKEN_LIMITER.check_token(typed_token, st.context.ip_address or ""):
            st.session_state[TOKEN] = typed_token
        else:
            st.session_state[_WRONG] = True


def draw_sharing(owners: Owners, name: str) -> None:
    """Draw the switch by which the owner of a corpus or a run lets others read it; draw nothing for other visitors."""
    ownership, visitor = owners.ownership(name), cache.current_visitor()
    if visitor.is_operator or not ownership.is_changeable_by(visitor.name):
        return
    key = f"shared-{name}"
    st.session_state[key] = ownership.shared
    help, values = t("Only you can replace or delete it, shared or not."), (owners, name, key)
    st.toggle(t("Others may read it"), key=key, on_change=_set_shared, args=values, help=help)
    show_stored_error(key)


def _set_shared(owners: Owners, name: str, key: str) -> None:
    """Let others read a corpus or a run, or stop letting them, as the switch with this key says."""
    with store_error(key):
        owners.set_shared(name, cache.current_visitor().name, shared=bool(st.session_state[key]))
