"""Two runs on the same test songs, as a job: the difference, its interval, and every song."""

import pandas as pd
import streamlit as st

from dashboard import cache
from dashboard.charts import training_charts
from dashboard.components.frame import job_card, page_layout
from dashboard.components.frame.bound import BIND
from dashboard.components.frame.data_table import exports
from dashboard.components.frame.figure_card import card
from dashboard.locale.escaping import escape_html
from pipeline.core.translation import number, t, t_count
from pipeline.processes import jobs

KIND = "compare"
SHOWN = 40  # songs in the figure: those that differ most on either side


def draw(names: list[str]) -> None:
    """Draw both choices, the button, then the result."""
    left, right = st.columns(2, gap="large")
    first = left.selectbox(t("This run"), names, 0, key="first", bind=BIND)
    second = right.selectbox(t("Against"), names, min(1, len(names) - 1), key="second", bind=BIND)
    if first == second:
        page_layout.empty_state(t("Choose two different runs."))
        return
    job_card.poll(KIND, lambda: draw_comparison(first, second))


def draw_comparison(first: str, second: str) -> None:
    """Draw the last comparison of these two as they are now, or the way to start one."""
    about = {"first": first, "second": second, "versions": [cache.run_version(first), cache.run_version(second)]}
    same = [job for job in jobs.list_jobs(KIND) if dict(job.about) == about]
    job = same[-1] if same else None
    label = t("Compare {first} and {second}", first=first, second=second)
    done = job is not None and job.status().state == "done"
    result = next((step for step in reversed(job.progress()) if "table" in step), None) if job and done else None
    if result is None:
        job_card.draw(job, label, KIND, ["runs", "compare", first, second, "--json"], about)
        return
    draw_result(result)


def draw_result(result: dict) -> None:
    first, second = result["first"], result["second"]
    songs = pd.DataFrame(result["table"])
    page_layout.answer(verdict(result))
    shown = songs if len(songs) <= SHOWN else pd.concat([songs.head(SHOWN // 2), songs.tail(SHOWN // 2)])
    wins = int((songs["difference"] < 0).sum())
    title = t_count(
        "{first} needs fewer bits for {wins} of {n} song",
        "{first} needs fewer bits for {wins} of {n} songs",
        len(songs),
        first=first,
        wins=number(wins),
    )
    note = (
        t("Songs of the test part, which neither run has seen. The {n} that differ most.", n=SHOWN)
        if len(songs) > SHOWN
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
