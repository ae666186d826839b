"""Drafts kept in the browser session: put one there, list them, write them to files, read a file back."""

import json

import streamlit as st

from dashboard.locale.escaping import escape_markdown
from pipeline.errors import SettingError
from pipeline.generation.lyric import Lyric, not_a_lyric
from pipeline.translation import number, t

DRAFTS = "drafts"
MOST = 50  # drafts of one visitor
LARGEST = 2_000_000  # bytes of a file that is opened


def list_drafts() -> list[Lyric]:
    """Return what this visitor kept, the latest first."""
    return st.session_state.setdefault(DRAFTS, [])


def save_draft(lyric: Lyric) -> None:
    """Keep a draft; beyond `MOST` the oldest is let go. The same text with the same settings is one draft."""
    kept = [draft for draft in list_drafts() if draft != lyric]
    st.session_state[DRAFTS] = [lyric, *kept][:MOST]


def save_button(lyric: Lyric, key: str = "keep") -> None:
    """Draw a button that keeps a draft in the notebook."""
    if st.button(t("Keep in the notebook"), icon=":material/bookmark_add:", key=key):
        save_draft(lyric)
        st.toast(t("Kept. The Notebook has it until this browser tab closes."))


def to_json_text(lyric: Lyric) -> str:
    """Return the file that `read_draft` reads back."""
    return json.dumps(lyric.to_json(), ensure_ascii=False, indent=1)


def read_draft(content: bytes) -> Lyric:
    """Return the draft in a file. Raises SettingError when it is too large or is none."""
    if len(content) > LARGEST:
        raise SettingError(
            "draft-too-large",
            "This file has {count:,} bytes, a draft at most {most:,}: open another one.",
            count=len(content),
            most=LARGEST,
        )
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise not_a_lyric() from error
    return Lyric.from_json(data)


def remove_draft(lyric: Lyric) -> None:
    """Let a draft go."""
    st.session_state[DRAFTS] = [draft for draft in list_drafts() if draft != lyric]


def describe(lyric: Lyric) -> str:
    """Return how a text was made, in one line."""
    settings = lyric.settings
    temperature = settings.sampling.temperature
    decimals = len(f"{temperature:g}".partition(".")[2])
    parts = [
        t("model {run}", run=lyric.run),
        t("take {seed}", seed=lyric.random_seed),
        t("temperature {value}", value=number(temperature, decimals)),
    ]
    if wanted := settings.constraints:
        parts += [t("scheme {scheme}", scheme=wanted.scheme), t("richness {richness}", richness=wanted.richness)]
        if wanted.syllables:
            parts.append(t("{n} ± {tolerance} syllables", n=wanted.syllables, tolerance=wanted.tolerance))
    return ", ".join(parts)


def to_markdown(lyric: Lyric) -> str:
    """Return the text with how it was made."""
    title = first_line(lyric) or t("Untitled")
    return f"# {escape_markdown(title)}\n\n{_broken(escape_markdown(lyric.text))}\n\n---\n\n{describe(lyric)}\n"


def first_line(lyric: Lyric) -> str:
    """Return what a draft is called."""
    return next((line.strip() for line in lyric.text.splitlines() if line.strip()), "")


def _broken(text: str) -> str:
    """Return lines that stay lines in Markdown."""
    return "\n".join(f"{line}  " if line.strip() else "" for line in text.splitlines())
