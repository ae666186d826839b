"""A text on paper, each token on a ground as strong as its surprisal, the bits that it cost. Everything is escaped."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.lessons.study import visible
from pipeline.evaluation.surprisal import TokenSurprisal
from pipeline.language.vocabulary import SPECIALS, UNK, Level

UNK_TOKEN, UNKNOWN = SPECIALS[UNK], "(something unknown)"
FULL: dict[Level, float] = {"char": 8.0, "word": 16.0}  # bits at which the ground is strongest: runs compare by eye


def tinted_text(text: str, found: Sequence[TokenSurprisal], level: Level) -> str:
    """Return the text as written as HTML; hovering a token shows its bits and what was expected."""
    html, at = [], 0
    for one in found:
        html.append(escape(text[at : one.start], quote=False))
        html.append(_token(text[one.start : one.stop], one, level))
        at = one.stop
    html.append(escape(text[at:], quote=False))
    return f'<p class="surprise" lang="fr" tabindex="0">{"".join(html)}</p>'


def scale(level: Level) -> str:
    """Return what the grounds mean, as HTML."""
    full = FULL[level]
    names = [f"{full * step / 4:g}" for step in range(4)] + [f"{full:g} and more"]
    steps = "".join(
        f'<span class="tint" style="--share:{25 * step}%">&nbsp;{name}&nbsp;</span>' for step, name in enumerate(names)
    )
    return f'<p class="quiet">Bits: <span class="surprise">{steps}</span></p>'


def most_surprising(text: str, found: Sequence[TokenSurprisal], n: int = 12) -> pd.DataFrame:
    """Return the tokens that cost most: token, where it stands, bits, and the five guesses in words."""
    rows = sorted(found, key=lambda one: -one.bits)[:n]
    return pd.DataFrame(
        {
            "token": [readable_token(text[one.start : one.stop]) for one in rows],
            "context": [in_context(text, one) for one in rows],
            "bits": [one.bits for one in rows],
            "guesses": [guess_text(one) for one in rows],
        }
    )


def guess_text(one: TokenSurprisal) -> str:
    """Return the likeliest tokens with their probabilities."""
    return ", ".join(f"{UNKNOWN if token == UNK_TOKEN else visible(token)} {100 * p:.1f}%" for token, p in one.guesses)


def in_context(text: str, one: TokenSurprisal, reach: int = 18) -> str:
    """Return the token with what stands before it."""
    before = text[max(0, one.start - reach) : one.start].replace("\n", " / ")
    more = "…" if one.start > reach else ""
    return f"{more}{before}[{readable_token(text[one.start : one.stop])}]"


def readable_token(token: str) -> str:
    """Return a token as it can be read: an end of line and a space by their signs."""
    return "⏎" if token == "\n" else visible(token)


def _token(token: str, one: TokenSurprisal, level: Level) -> str:
    share = 100 * min(one.bits / FULL[level], 1)
    unknown = "" if one.known else ", unknown to the model"
    title = f"{readable_token(token)}: {one.bits:.1f} bits{unknown}. Expected: {guess_text(one)}"
    written = '<span class="end">⏎</span>\n' if token == "\n" else escape(token, quote=False)
    return f'<span class="tint" style="--share:{share:.0f}%" title="{escape(title)}">{written}</span>'
