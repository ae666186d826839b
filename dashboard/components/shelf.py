"""Drafts kept in the browser session: put one there, list them, write them to files, read a file back."""

import json

import streamlit as st

from dashboard.components.page_layout import escape_markdown
from pipeline.errors import SettingError
from pipeline.generation.lyric import Lyric, not_a_lyric

SHELF = "drafts"
MOST = 50  # drafts of one visitor
LARGEST = 2_000_000  # bytes of a file that is opened


def drafts() -> list[Lyric]:
    """What this visitor kept, the latest first."""
    return st.session_state.setdefault(SHELF, [])


def keep(lyric: Lyric) -> None:
    """Put a draft on the shelf; the oldest falls off a full one. The same text with the same settings is one draft."""
    kept = [draft for draft in drafts() if draft != lyric]
    st.session_state[SHELF] = [lyric, *kept][:MOST]


def keep_button(lyric: Lyric, key: str = "keep") -> None:
    """A button that keeps a draft in the notebook."""
    if st.button("Keep in the notebook", icon=":material/bookmark_add:", key=key):
        keep(lyric)
        st.toast("Kept. The Notebook has it until this browser tab closes.")


def as_json(lyric: Lyric) -> str:
    """A file that `opened` reads back."""
    return json.dumps(lyric.to_json(), ensure_ascii=False, indent=1)


def opened(content: bytes) -> Lyric:
    """The draft in a file. Raises SettingError when it is too large or is none."""
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


def remove(lyric: Lyric) -> None:
    """Take a draft off the shelf."""
    st.session_state[SHELF] = [draft for draft in drafts() if draft != lyric]


def made(lyric: Lyric) -> str:
    """How a text was made, in one line."""
    settings = lyric.settings
    parts = [f"model {lyric.run}", f"take {lyric.random_seed}", f"temperature {settings.sampling.temperature:g}"]
    if wanted := settings.constraints:
        parts += [f"scheme {wanted.scheme}", f"richness {wanted.richness}"]
        parts += [f"{wanted.syllables} ± {wanted.tolerance} syllables"] if wanted.syllables else []
    return ", ".join(parts)


def markdown(lyric: Lyric) -> str:
    """The text with how it was made."""
    title = first_line(lyric) or "Untitled"
    return f"# {escape_markdown(title)}\n\n{_broken(escape_markdown(lyric.text))}\n\n---\n\n{made(lyric)}\n"


def first_line(lyric: Lyric) -> str:
    """What a draft is called."""
    return next((line.strip() for line in lyric.text.splitlines() if line.strip()), "")


def _broken(text: str) -> str:
    """Lines that stay lines in Markdown."""
    return "\n".join(f"{line}  " if line.strip() else "" for line in text.splitlines())
