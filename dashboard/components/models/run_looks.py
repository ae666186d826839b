"""Ways to look at trained runs: their curves over each other, the card of one, how it is surprised by a text, and two.

Two runs are compared on the same test songs, as a job: the difference, its interval, and every song.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import training_charts
from dashboard.components.frame import bound, job_card, page_layout
from dashboard.components.frame.bound import BIND
from dashboard.components.frame.data_table import named_table
from dashboard.components.frame.figure_card import card, heading
from dashboard.lessons.study import visible_symbol
from dashboard.locale.escaping import escape_html, unlink_markdown
from dashboard.locale.phrasing import format_number
from pipeline.core.errors import SeizeError
from pipeline.core.translation import format_decimal, format_percentage, mark, t, t_count
from pipeline.language.vocabulary import SPECIALS, UNK, UnitLevel
from pipeline.language_models.units import UNITS
from pipeline.processes import jobs
from pipeline.runs.run import Run, load_run
from pipeline.runs.summary import validation_curve
from pipeline.training.card import localised_card
from pipeline.training.evaluate import LONGEST_SURPRISAL_TEXT, TokenSurprisal, token_surprisals

UNK_TOKEN, UNKNOWN = SPECIALS[UNK], mark("(unknown token)")
FULL: dict[UnitLevel, float] = {
    "char": 8.0,
    "subword": 14.0,
    "word": 16.0,
}  # bits of the strongest ground: to compare runs


def surprisal_html(text: str, surprisals: Sequence[TokenSurprisal], level: UnitLevel) -> str:
    """Return a text as HTML with each token tinted by its surprisal; hovering shows its bits and what was expected."""
    html, at = [], 0
    for one in surprisals:
        html.append(escape(text[at : one.start], quote=False))
        html.append(_tinted_token_html(text[one.start : one.stop], one, level))
        at = one.stop
    html.append(escape(text[at:], quote=False))
    return f'<p class="surprise" lang="fr" tabindex="0">{"".join(html)}</p>'


def surprisal_scale_html(level: UnitLevel) -> str:
    """Return the legend of surprisal as HTML: background tints and the bits that they stand for."""
    names = [format_decimal(FULL[level] * step / 4) for step in range(4)] + [
        t("{bits} or more", bits=format_decimal(FULL[level]))
    ]
    steps = "".join(
        f'<span class="tint" style="--share:{25 * step}%">&nbsp;{name}&nbsp;</span>' for step, name in enumerate(names)
    )
    return f'<p class="quiet">{t("Bits: {grounds}", grounds=f"""<span class="surprise">{steps}</span>""")}</p>'


def most_surprising(text: str, surprisals: Sequence[TokenSurprisal]) -> pd.DataFrame:
    """Return a table of the twelve tokens with the most bits: context, bits, guesses."""
    rows = sorted(surprisals, key=lambda one: -one.bits)[:12]
    cells = [(token_in_context(text, one), one.bits, top_tokens_text(one)) for one in rows]
    return pd.DataFrame(cells, columns=["context", "bits", "guesses"])


def top_tokens_text(one: TokenSurprisal) -> str:
    """Return the likeliest tokens with their probabilities, as a text."""
    return ", ".join(
        f"{t(UNKNOWN) if token == UNK_TOKEN else visible_symbol(token)} {format_percentage(p)}"
        for token, p in one.guesses
    )


def token_in_context(text: str, one: TokenSurprisal) -> str:
    """Return a token in brackets after the 18 characters before it."""
    before = text[max(0, one.start - 18) : one.start].replace("\n", " / ")
    return f"{'…' if one.start > 18 else ''}{before}[{readable_token(text[one.start : one.stop])}]"


def readable_token(token: str) -> str:
    """Return a token with visible signs for an end of line and a space."""
    return "⏎" if token == "\n" else visible_symbol(token)


def _tinted_token_html(token: str, one: TokenSurprisal, level: UnitLevel) -> str:
    strength = 100 * min(one.bits / FULL[level], 1)
    values = {"token": readable_token(token), "bits": format_decimal(one.bits, 1), "guesses": top_tokens_text(one)}
    title = t("{token}: {bits} bits. Expected: {guesses}", **values)
    if not one.in_vocabulary:
        title = t("{token}: {bits} bits, unknown to the model. Expected: {guesses}", **values)
    html = '<span class="end">⏎</span>\n' if token == "\n" else escape(token, quote=False)
    return f'<span class="tint" style="--share:{strength:.0f}%" title="{escape(title)}">{html}</span>'


MOST_CURVES = 6  # curves that can be told apart
WORD_MODEL_NOTE = mark("A word model does not predict case, spaces or punctuation; their cost is not shown here.")
DEFAULT_TEXT = "J'reviens du quartier avec un stylo dans la poche,\nseize mesures à tenir et la nuit qui s'approche."


def ngram_difference_text(percent: float) -> str:
    """Return a text such as "3% better than" for a difference from an n-gram in percent. Below 0 is better."""
    share = format_percentage(abs(percent) / 100)
    return t("{share} better than", share=share) if percent < 0 else t("{share} worse than", share=share)


def pick_run(names: list[str]) -> str:
    """Draw the choice of a run and return its name."""
    bound.report_unknown("run", names)
    return st.selectbox(t("Model"), names, key="run", bind=BIND, width=420)


def draw_curves(table: pd.DataFrame) -> None:
    """Draw the validation curves of the chosen runs; runs of the same units and songs share a figure. All rows of the
    table have a curve."""
    names, run_in_address = table["name"].tolist(), st.query_params.get("run")
    if run_in_address in names and "shown" not in st.session_state and "shown" not in st.query_params:
        st.session_state["shown"] = list(dict.fromkeys([run_in_address, *names]))[
            :MOST_CURVES
        ]  # over those that came with Seize
    chosen = st.multiselect(t("Models"), names, names[:MOST_CURVES], key="shown", bind=BIND, max_selections=MOST_CURVES)
    if not chosen:
        page_layout.empty_state(t("Choose models above, or rows of the table."))
    shown = table[table["name"].isin(chosen)]
    curves = {name: cache.cached_result_of_run(validation_curve, name) for name in shown["name"]}
    lines = {name: curve.assign(bits=curve["valid_bits"]) for name, curve in curves.items()}
    by_songs = shown.groupby(["level", "test_songs", "valid_characters"], dropna=False, sort=False)
    if by_songs.ngroups > 1:
        page_layout.remark(t("Compare curves within a chart only: units or songs differ between charts."))
    drawn = 0
    for _, part in by_songs:
        _draw_comparable_curves(part, {name: lines[name] for name in part["name"]}, drawn)
        drawn += len(part)


def _draw_comparable_curves(part: pd.DataFrame, lines: Mapping[str, pd.DataFrame], drawn: int) -> None:
    level: UnitLevel = part["level"].iloc[0]
    best, unit = min(lines, key=lambda name: lines[name]["bits"].min()), t(UNITS[level].noun)
    sentence = mark("{run}: {bits} bits per {unit} in validation, as if choosing among {choices} equally likely ones")
    if len(lines) > 1:
        sentence = mark(
            "{run}, best of these {n} in validation: {bits} bits per {unit}, as if choosing among {choices} equally "
            "likely ones"
        )
    bits = lines[best]["bits"].min()
    sizes = {"bits": format_decimal(bits, 3), "choices": format_decimal(2**bits, 1 if bits < 5 else 0)}
    title = t(sentence, run=best, unit=unit, n=len(lines), **sizes)
    note = t("On the validation songs; the scores above are of the test songs.")
    if mixed := part["name"][part["kind"] == "mixture"].tolist():
        note = t(
            "On the validation songs, by the network alone; the scores above are of the test songs, and those of "
            "{names} are mixed with an n-gram.",
            names=", ".join(mixed),
        )
    floors = _baseline(part) if level == "char" else {}
    y_title = t("bits per {unit}", unit=unit)
    figure = training_charts.training_curves(lines, y=y_title, floors=floors, colours_used=drawn)
    card(title, figure, key=f"curves-{drawn}", note=note)


def _baseline(part: pd.DataFrame) -> dict[str, float]:
    """Return {label: bits of the n-gram on the validation songs} if all runs have the same one, else {}."""
    baselines = set()
    for name in part["name"]:
        try:
            baselines.add(round(float(load_run(name).scores["baseline"]["valid"]), 4))
        except (SeizeError, KeyError, TypeError, ValueError):
            return {}
    return {t("n-gram"): baselines.pop()} if len(baselines) == 1 else {}


def draw_card(names: list[str]) -> None:
    """Draw the model card of a run, its headings below those of the page, without links and pictures."""
    text = unlink_markdown(localised_card(load_run(pick_run(names))))
    st.markdown(re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE))


def draw_surprisal(names: list[str]) -> None:
    """Draw the surprisal of each token of a text under a run."""
    name = pick_run(names)
    text = (
        st.text_area(t("Text"), DEFAULT_TEXT, key="text", bind=BIND, max_chars=LONGEST_SURPRISAL_TEXT, height=150) or ""
    )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    model = cache.cached_result_of_run(Run.text_model, name, large=True)
    surprisals, level = token_surprisals(model, text), cache.load_writer_vocabulary(name).vocabulary.level
    bits, unit = sum(one.bits for one in surprisals), t(UNITS[level].noun)
    values = {"bits": format_decimal(bits / len(surprisals), 2), "all": format_decimal(bits), "unit": unit}
    note = t(
        "The darker, the more surprising (surprisal, −log₂ p). Hover to see what the model expected; the list "
        "below gives it too."
    )
    heading(t("{bits} bits per {unit} on average, {all} in total", **values), note)
    st.html(surprisal_scale_html(level) + surprisal_html(text, surprisals, level))
    if not UNITS[level].complete:
        page_layout.remark(t(WORD_MODEL_NOTE))
    heading(t("Most surprising tokens"))
    columns = {"context": t("Where"), "bits": t("Bits"), "guesses": t("Expected instead")}
    alt = t("The most surprising tokens, with what was expected")
    named_table(most_surprising(text, surprisals), columns, alt=alt)


COMPARE_JOB_KIND = "compare"
MOST_SONGS = 40  # songs in the figure: those that differ most on either side


def pick_and_compare_runs(names: list[str], pair: Sequence[str]) -> None:
    """Draw the choice of two runs, at first `pair`, and their comparison on the same test songs."""
    left, right = st.columns(2, gap="large")
    start, other = map(names.index, pair or (names[0], names[-1]))
    first = left.selectbox(t("First model"), names, start, key="first", bind=BIND)
    second = right.selectbox(t("Compare with"), names, other, key="second", bind=BIND)
    if first == second:
        page_layout.empty_state(t("Choose two different models."))
        return
    job_card.draw_with_job_polling(COMPARE_JOB_KIND, lambda: draw_comparison(first, second))


def draw_comparison(first: str, second: str) -> None:
    """Draw the latest comparison of the current versions of two runs, or a button that starts one."""
    about = {"first": first, "second": second, "versions": [cache.run_version(first), cache.run_version(second)]}
    job = next((job for job in reversed(jobs.list_jobs(COMPARE_JOB_KIND)) if dict(job.about) == about), None)
    label = t("Compare {first} and {second}", first=first, second=second)
    done = job is not None and job.status().state == "done"
    result = next((step for step in reversed(job.progress()) if "table" in step), None) if job and done else None
    if result is None:
        job_card.draw(job, label, COMPARE_JOB_KIND, ["runs", "compare", first, second, "--json"], about)
        return
    songs = pd.DataFrame(result["table"])
    page_layout.draw_answer(comparison_sentence(result))
    shown = songs if len(songs) <= MOST_SONGS else pd.concat([songs.head(MOST_SONGS // 2), songs.tail(MOST_SONGS // 2)])
    wins = int((songs["difference"] < 0).sum())
    title = t_count(
        "{first} needs fewer bits for {wins} of {n} song",
        "{first} needs fewer bits for {wins} of {n} songs",
        len(songs),
        first=first,
        wins=format_decimal(wins),
    )
    note = t("Test songs, which neither model has seen.")
    if len(songs) > MOST_SONGS:
        note = t("Test songs, which neither model has seen. Showing the {n} that differ most.", n=MOST_SONGS)
    card(
        title,
        training_charts.song_differences(shown.reset_index(drop=True), first, second),
        key="songs",
        note=note,
        table=songs,
        file=f"{first}-{second}",
    )


def comparison_sentence(result: dict) -> str:
    """Return the difference of two runs with its interval as a sentence of HTML."""
    first, second = escape_html(result["first"]), escape_html(result["second"])
    gap, low, high = result["difference"], result["low"], result["high"]
    values = {"first": first, "second": second}
    values["size"] = f"<b>{t('{bits} bits per character', bits=format_decimal(abs(gap), 3))}</b>"
    if low is None or high is None:
        return t_count(
            "{first} and {second} differ by {size} on {n} song: not enough data.",
            "{first} and {second} differ by {size} on {n} songs: not enough data.",
            result["songs"],
            **values,
        )
    if low > 0 or high < 0:
        values["better"], values["worse"] = (first, second) if gap < 0 else (second, first)
        values["least"], values["most"] = (format_decimal(each, 3) for each in sorted((abs(low), abs(high))))
        return t("<b>{better}</b> predicts the same songs better than {worse}, by {size} [{least} – {most}].", **values)
    values |= {name: format_number(bits, "+.3f") for name, bits in (("gap", gap), ("low", low), ("high", high))}
    return t(
        "No significant difference: {first} minus {second} is {gap} bits per character [{low} – {high}].", **values
    )
