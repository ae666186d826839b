"""A text on paper, each token on a ground as strong as its surprisal, the bits that it cost. Everything is escaped."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.lessons.study import visible
from pipeline.evaluation.surprisal import Surprise
from pipeline.language.vocabulary import SPECIALS, UNK, Level

UNK_TOKEN, UNKNOWN = SPECIALS[UNK], "(something unknown)"
FULL: dict[Level, float] = {"char": 8.0, "word": 16.0}  # bits at which the ground is strongest: runs compare by eye


def tinted_text(text: str, found: Sequence[Surprise], level: Level) -> str:
    """HTML of the text as written; hovering a token shows its bits and what was expected."""
    html, at = [], 0
    for one in found:
        html.append(escape(text[at : one.start], quote=False))
        html.append(_token(text[one.start : one.stop], one, level))
        at = one.stop
    html.append(escape(text[at:], quote=False))
    return f'<p class="surprise" lang="fr" tabindex="0">{"".join(html)}</p>'


def scale(level: Level) -> str:
    """What the grounds mean, as HTML."""
    full = FULL[level]
    names = [f"{full * step / 4:g}" for step in range(4)] + [f"{full:g} and more"]
    steps = "".join(
        f'<span class="tint" style="--share:{25 * step}%">&nbsp;{name}&nbsp;</span>' for step, name in enumerate(names)
    )
    return f'<p class="quiet">Bits: <span class="surprise">{steps}</span></p>'


def most_surprising(text: str, found: Sequence[Surprise], n: int = 12) -> pd.DataFrame:
    """The tokens that cost most: token, where it stands, bits, and the five guesses in words."""
    rows = sorted(found, key=lambda one: -one.bits)[:n]
    return pd.DataFrame(
        {
            "token": [shown(text[one.start : one.stop]) for one in rows],
            "context": [around(text, one) for one in rows],
            "bits": [one.bits for one in rows],
            "guesses": [guesses(one) for one in rows],
        }
    )


def guesses(one: Surprise) -> str:
    """The likeliest tokens with their probabilities."""
    return ", ".join(f"{UNKNOWN if token == UNK_TOKEN else visible(token)} {100 * p:.1f}%" for token, p in one.guesses)


def around(text: str, one: Surprise, reach: int = 18) -> str:
    """The token with what stands before it."""
    before = text[max(0, one.start - reach) : one.start].replace("\n", " / ")
    more = "…" if one.start > reach else ""
    return f"{more}{before}[{shown(text[one.start : one.stop])}]"


def shown(token: str) -> str:
    """A token that can be read: an end of line and a space by their signs."""
    return "⏎" if token == "\n" else visible(token)


def _token(token: str, one: Surprise, level: Level) -> str:
    share = 100 * min(one.bits / FULL[level], 1)
    title = (
        f"{shown(token)}: {one.bits:.1f} bits{'' if one.known else ', unknown to the model'}. Expected: {guesses(one)}"
    )
    written = '<span class="end">⏎</span>\n' if token == "\n" else escape(token, quote=False)
    return f'<span class="tint" style="--share:{share:.0f}%" title="{escape(title)}">{written}</span>'
