"""Who looks at a page, and what they may do. Knows no Streamlit.

On this machine (the server listens to it alone) the visitor is the operator: everything is allowed. Elsewhere visitors
read, write lyrics and keep a notebook when they are signed in; preparing, training, importing and deleting are for
editors: who signed in under an address of `SEIZE_EDITORS`, or gave the token of `SEIZE_EDITOR_TOKEN`.
"""

import hmac
import os
from dataclasses import dataclass

from pipeline.core.errors import SettingError
from pipeline.core.owners import OPERATOR

EDITORS = "SEIZE_EDITORS"  # addresses with commas between; * for all who are signed in
TOKEN = "SEIZE_EDITOR_TOKEN"
SHORTEST = 12  # characters of a token that is taken
WITH_TOKEN = "token"  # what an editor by token owns is of all who have it


@dataclass(frozen=True)
class Visitor:
    """`name` owns what they make, "" for somebody unknown; `editor`: whether they may make and delete."""

    name: str = ""
    editor: bool = False

    @property
    def keeps(self) -> bool:
        """Whether what they write can be kept for them alone: they are known, and by themselves."""
        return self.name not in ("", WITH_TOKEN)

    @property
    def operator(self) -> bool:
        """Whether it is who runs the server, at its own machine."""
        return self.name == OPERATOR


def identify(*, local: bool, account: str | None = None, email: str = "", token: str = "") -> Visitor:
    """Return the visitor: at the machine itself, signed in to an account, or with what they gave for a token.

    `email` is an address that whoever signed them in has verified, "" for none.
    """
    if local:
        return Visitor(OPERATOR, editor=True)
    if account:
        return Visitor(f"account:{account}", editor=is_editor(email) or is_token(token))
    return Visitor(WITH_TOKEN, editor=True) if is_token(token) else Visitor()


def is_editor(email: str) -> bool:
    """Whether whoever signed in under an address is an editor."""
    named = {entry.strip().lower() for entry in os.environ.get(EDITORS, "").split(",") if entry.strip()}
    return "*" in named or (email.strip().lower() in named)


def is_token(given: str) -> bool:
    """Whether this is the editors' token. One that is too short opens nothing: it would be guessed."""
    token = os.environ.get(TOKEN, "")
    return len(token) >= SHORTEST and hmac.compare_digest(token.encode(), given.encode())


def token_is_set() -> bool:
    """Whether the operator set a token."""
    return len(os.environ.get(TOKEN, "")) >= SHORTEST


def check_editor(visitor: Visitor) -> None:
    """Raise SettingError unless the visitor may make and delete things here."""
    if not visitor.editor:
        raise SettingError("This is for editors of this server: sign in first.")
