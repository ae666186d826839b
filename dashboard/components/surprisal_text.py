"""A text on paper, each token on a ground as strong as its surprisal, the bits that it cost. Everything is escaped."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.lessons.study import visible
from pipeline.core.translation import mark, number, share, t
from pipeline.language.vocabulary import SPECIALS, UNK, Level
from pipeline.training.surprisal import TokenSurprisal

UNK_TOKEN, UNKNOWN = SPECIALS[UNK], mark("(something unknown)")
FULL: dict[Level, float] = {
    "char": 8.0,
    "subword": 14.0,
    "word": 16.0,
}  # bits at which the ground is strongest: runs compare by eye


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
    names = [number(full * step / 4) for step in range(4)] + [t("{bits} and more", bits=number(full))]
    steps = "".join(
        f'<span class="tint" style="--share:{25 * step}%">&nbsp;{name}&nbsp;</span>' for step, name in enumerate(names)
    )
    grounds = f'<span class="surprise">{steps}</span>'
    return f'<p class="quiet">{t("Bits: {grounds}", grounds=grounds)}</p>'


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
    return ", ".join(f"{t(UNKNOWN) if token == UNK_TOKEN else visible(token)} {share(p)}" for token, p in one.guesses)


def in_context(text: str, one: TokenSurprisal, reach: int = 18) -> str:
    """Return the token with what stands before it."""
    before = text[max(0, one.start - reach) : one.start].replace("\n", " / ")
    more = "…" if one.start > reach else ""
    return f"{more}{before}[{readable_token(text[one.start : one.stop])}]"


def readable_token(token: str) -> str:
    """Return a token as it can be read: an end of line and a space by their signs."""
    return "⏎" if token == "\n" else visible(token)


def _token(token: str, one: TokenSurprisal, level: Level) -> str:
    strength = 100 * min(one.bits / FULL[level], 1)
    values = {"token": readable_token(token), "bits": number(one.bits, 1), "guesses": guess_text(one)}
    title = (
        t("{token}: {bits} bits. Expected: {guesses}", **values)
        if one.known
        else t("{token}: {bits} bits, unknown to the model. Expected: {guesses}", **values)
    )
    written = '<span class="end">⏎</span>\n' if token == "\n" else escape(token, quote=False)
    return f'<span class="tint" style="--share:{strength:.0f}%" title="{escape(title)}">{written}</span>'
