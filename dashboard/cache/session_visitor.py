"""The visitor of this session: found out when it begins, and again when somebody signs in."""

import streamlit as st

from dashboard.queries.local_sources import is_local
from dashboard.queries.visitors import Visitor, identify, verified_email

_LOCAL, TOKEN = "visitor-is-local", "editor-token"


def current_visitor() -> Visitor:
    """Return who looks at this page."""
    if _is_local():
        return identify(local=True)
    user = st.user.to_dict()
    known = bool(user.get("is_logged_in") and user.get("sub"))
    return identify(
        local=False,
        account=f"{user.get('iss', '')}|{user['sub']}" if known else None,
        email=verified_email(user) if known else "",
        token=str(st.session_state.get(TOKEN, "")),
    )


def _is_local() -> bool:
    """Whether the session was begun at the machine itself; said once, as a browser that is gone has no headers."""
    if _LOCAL not in st.session_state:
        headers = st.context.headers.to_dict()
        st.session_state[_LOCAL] = is_local(st.get_option("server.address"), headers)
    return bool(st.session_state[_LOCAL])
