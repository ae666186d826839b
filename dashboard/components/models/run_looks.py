"""Ways to look at trained runs: their curves over each other, the card of one, how it is surprised by a text, and two.

Two runs are compared on the same test songs, as a job: the difference, its interval, and every song.
"""

import re
from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import training_charts
from dashboard.components.frame import bound, job_card, page_layout
from dashboard.components.frame.bound import BIND
from dashboard.components.frame.data_table import exports, named_table
from dashboard.components.frame.figure_card import card, heading
from dashboard.lessons.study import visible
from dashboard.locale.escaping import escape_html, unlink_markdown
from pipeline.core.errors import SeizeError
from pipeline.core.translation import mark, number, share, t, t_count
from pipeline.language.vocabulary import SPECIALS, UNK, Level
from pipeline.language_models.text_model import TextModel
from pipeline.language_models.units import UNITS
from pipeline.processes import jobs
from pipeline.runs.run import load_run
from pipeline.runs.summary import validation_curve
from pipeline.training.card import card_to_read
from pipeline.training.evaluate import LONGEST, TokenSurprisal, token_surprisals

UNK_TOKEN, UNKNOWN = SPECIALS[UNK], mark("(something unknown)")
FULL: dict[Level, float] = {
    "char": 8.0,
    "subword": 14.0,
    "word": 16.0,
}  # bits at which the ground is strongest: runs compare by eye


def surprisal_html(text: str, surprisals: Sequence[TokenSurprisal], level: Level) -> str:
    """Return the text as written as HTML; hovering a token shows its bits and what was expected."""
    html, at = [], 0
    for one in surprisals:
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


def most_surprising(text: str, surprisals: Sequence[TokenSurprisal], n: int = 12) -> pd.DataFrame:
    """Return the tokens that cost most: token, where it stands, bits, and the five guesses in words."""
    rows = sorted(surprisals, key=lambda one: -one.bits)[:n]
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
        if one.in_vocabulary
        else t("{token}: {bits} bits, unknown to the model. Expected: {guesses}", **values)
    )
    written = '<span class="end">⏎</span>\n' if token == "\n" else escape(token, quote=False)
    return f'<span class="tint" style="--share:{strength:.0f}%" title="{escape(title)}">{written}</span>'


MOST = 6  # curves that can be told apart
BITS: dict[Level, str] = {
    "char": mark("bits a character"),
    "subword": mark("bits a sub-word"),
    "word": mark("bits a word"),
}
CAME_TO: dict[Level, str] = {
    "char": mark("{run} came to {bits} bits a character"),
    "subword": mark("{run} came to {bits} bits a sub-word"),
    "word": mark("{run} came to {bits} bits a word"),
}
LOWEST: dict[Level, str] = {
    "char": mark("{run} went lowest: {bits} bits a character"),
    "subword": mark("{run} went lowest: {bits} bits a sub-word"),
    "word": mark("{run} went lowest: {bits} bits a word"),
}
ON_AVERAGE: dict[Level, str] = {
    "char": mark("{bits} bits a character on average, {all} in all"),
    "subword": mark("{bits} bits a sub-word on average, {all} in all"),
    "word": mark("{bits} bits a word on average, {all} in all"),
}
TEXT = "J'reviens du quartier avec un stylo dans la poche,\nseize mesures à tenir et la nuit qui s'approche."


def pick_run(names: list[str]) -> str:
    """Draw the choice of the run that is looked at, and return it."""
    bound.report_unknown("run", names, "run")
    return st.selectbox(t("Run"), names, key="run", bind=BIND, width=420)


def draw_curves(table: pd.DataFrame) -> None:
    """Draw the validation of the chosen runs, each kind of units apart: their bits are of different things."""
    names = table["name"].tolist()
    chosen = st.multiselect(t("Runs"), names, names[:MOST], key="shown", bind=BIND, max_selections=MOST)
    if not chosen:
        page_layout.empty_state(t("Choose runs above, or rows of the table."))
    for level in UNITS:
        part = table[table["name"].isin(chosen) & (table["level"] == level)]
        curves = {name: _curve(name) for name in part["name"]}
        if lines := {name: curve for name, curve in curves.items() if len(curve)}:
            _draw_overlay(lines, level, _baseline(part) if level == "char" else {})
        if silent := [name for name, curve in curves.items() if curve.empty]:
            page_layout.remark(t("Without a curve: {names}.", names=", ".join(silent)))


def _draw_overlay(lines: dict[str, pd.DataFrame], level: Level, floors: dict[str, float]) -> None:
    best = min(lines, key=lambda name: lines[name]["bits"].min())
    sentence = CAME_TO[level] if len(lines) == 1 else LOWEST[level]
    title = t(sentence, run=best, bits=number(lines[best]["bits"].min(), 3))
    note = t("On the validation songs. A network alone: what a mixture with the n-gram adds shows in the table.")
    figure = training_charts.curves(lines, y=t(BITS[level]), floors=floors)
    card(title, figure, key=f"curves-{UNITS[level].noun}", note=note)


def _curve(name: str) -> pd.DataFrame:
    curve = cache.call(_read_curve, name, cache.run_version(name))
    return curve.assign(bits=curve["valid_bits"])


def _read_curve(name: str, version: int) -> pd.DataFrame:
    return validation_curve(load_run(name))


def _baseline(part: pd.DataFrame) -> dict[str, float]:
    """Return the n-gram's bits on the validation songs, when all runs shown have the same one."""
    baselines = set()
    for name in part["name"]:
        try:
            baselines.add(round(float(load_run(name).scores["baseline"]["valid"]), 4))
        except (SeizeError, KeyError, TypeError, ValueError):
            return {}
    return {t("n-gram"): baselines.pop()} if len(baselines) == 1 else {}


def draw_card(names: list[str]) -> None:
    """Draw the model card, its headings below the page's. It may be an imported run's: no picture is loaded from it."""
    text = unlink_markdown(card_to_read(load_run(pick_run(names))))
    st.markdown(re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE))


def draw_surprisal(names: list[str]) -> None:
    """Draw any text under a run, token by token."""
    name = pick_run(names)
    text = st.text_area(t("Text"), TEXT, key="text", bind=BIND, max_chars=LONGEST, height=150) or ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    run = load_run(name)
    surprisals = token_surprisals(cache.resource(_open, name, cache.run_version(name)), text)
    units = UNITS[run.level]
    bits = sum(one.bits for one in surprisals)
    heading(
        t(ON_AVERAGE[run.level], bits=number(bits / len(surprisals), 2), all=number(bits)),
        t(
            "The stronger the ground, the greater the surprise (surprisal, −log₂ p). Hover for what it expected; the "
            "list below says it too."
        ),
    )
    st.html(scale(run.level) + surprisal_html(text, surprisals, run.level))
    if not units.complete:
        page_layout.remark(
            t("A word model does not predict case, spaces and punctuation: these cost it extra, outside this view.")
        )
    heading(t("What surprised it most"))
    columns = {"context": t("Where"), "bits": t("Bits"), "guesses": t("Expected instead")}
    alt = t("The tokens that cost most bits, with the guesses before them")
    named_table(most_surprising(text, surprisals), columns, alt=alt)


def _open(name: str, version: int) -> TextModel:
    return load_run(name).text_model()


COMPARE = "compare"
MOST_SONGS = 40  # songs in the figure: those that differ most on either side


def draw_two(names: list[str]) -> None:
    """Draw both choices, the button, then the result."""
    left, right = st.columns(2, gap="large")
    first = left.selectbox(t("This run"), names, 0, key="first", bind=BIND)
    second = right.selectbox(t("Against"), names, min(1, len(names) - 1), key="second", bind=BIND)
    if first == second:
        page_layout.empty_state(t("Choose two different runs."))
        return
    job_card.poll(COMPARE, lambda: draw_comparison(first, second))


def draw_comparison(first: str, second: str) -> None:
    """Draw the last comparison of these two as they are now, or the way to start one."""
    about = {"first": first, "second": second, "versions": [cache.run_version(first), cache.run_version(second)]}
    same = [job for job in jobs.list_jobs(COMPARE) if dict(job.about) == about]
    job = same[-1] if same else None
    label = t("Compare {first} and {second}", first=first, second=second)
    done = job is not None and job.status().state == "done"
    result = next((step for step in reversed(job.progress()) if "table" in step), None) if job and done else None
    if result is None:
        job_card.draw(job, label, COMPARE, ["runs", "compare", first, second, "--json"], about)
        return
    draw_result(result)


def draw_result(result: dict) -> None:
    first, second = result["first"], result["second"]
    songs = pd.DataFrame(result["table"])
    page_layout.answer(verdict(result))
    shown = songs if len(songs) <= MOST_SONGS else pd.concat([songs.head(MOST_SONGS // 2), songs.tail(MOST_SONGS // 2)])
    wins = int((songs["difference"] < 0).sum())
    title = t_count(
        "{first} needs fewer bits for {wins} of {n} song",
        "{first} needs fewer bits for {wins} of {n} songs",
        len(songs),
        first=first,
        wins=number(wins),
    )
    note = (
        t("Songs of the test part, which neither run has seen. The {n} that differ most.", n=MOST_SONGS)
        if len(songs) > MOST_SONGS
        else t("Songs of the test part, which neither run has seen.")
    )
    card(title, training_charts.song_differences(shown.reset_index(drop=True), first, second), key="songs", note=note)
    exports(songs, f"{first}-{second}")


def verdict(result: dict) -> str:
    """Return the difference in words, as HTML."""
    first, second = escape_html(result["first"]), escape_html(result["second"])
    gap, low, high = result["difference"], result["low"], result["high"]
    size = f"<b>{t('{bits} bits a character', bits=number(abs(gap), 3))}</b>"
    if low is None or high is None:
        return t_count(
            "{first} and {second} differ by {size} on {n} song: too few to tell.",
            "{first} and {second} differ by {size} on {n} songs: too few to tell.",
            result["songs"],
            first=first,
            second=second,
            size=size,
        )
    if low > 0 or high < 0:
        better, worse = (first, second) if gap < 0 else (second, first)
        least, most = sorted((abs(low), abs(high)))
        return t(
            "<b>{better}</b> predicts the same songs better than {worse}, by {size} [{least} – {most}].",
            better=better,
            worse=worse,
            size=size,
            least=number(least, 3),
            most=number(most, 3),
        )
    return t(
        "No difference can be told: {first} less {second} is {gap} bits a character [{low} – {high}].",
        first=first,
        second=second,
        gap=_signed_bits(gap),
        low=_signed_bits(low),
        high=_signed_bits(high),
    )


def _signed_bits(bits: float) -> str:
    return ("+" if bits >= 0 else "") + number(bits, 3)
