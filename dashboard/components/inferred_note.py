"""A sentence that says how much of what a page counts was inferred, where anything was."""

from dashboard import cache
from dashboard.components import page_layout
from dashboard.locale.phrasing import count
from dashboard.queries.inference_counts import Inferred, count_inferred
from dashboard.queries.subcorpus import Selection
from pipeline.translation import number, share


def say_inferred(selection: Selection) -> None:
    """Say what share of sections, and of songs, no tag and no border of the source gave."""
    if text := inferred_text(cache.query(count_inferred, selection)):
        page_layout.remark(text)


def inferred_text(found: Inferred) -> str:
    """Return the sentence, "" when nothing was inferred.

    >>> inferred_text(Inferred(50, 200, 10, 40, 0, 4))
    'Inferred: the kind of 50 of 200 sections (25.0%), in 10 of 40 songs; 4 songs are pseudo-songs, stretches of a \
longer text that shows no borders.'
    """
    parts = []
    if found.sections:
        sections = f"{number(found.sections)} of {count(found.all_sections, 'section')}"
        songs = f"{number(found.songs)} of {count(found.all_songs, 'song')}"
        parts.append(f"the kind of {sections} ({share(found.sections / found.all_sections)}), in {songs}")
    if found.cut:
        parts.append(f"the borders of {count(found.cut, 'song')}")
    text = " and ".join(parts)
    if found.pseudo:
        are = "is a pseudo-song, a stretch" if found.pseudo == 1 else "are pseudo-songs, stretches"
        pseudo = f"{count(found.pseudo, 'song')} {are} of a longer text that shows no borders"
        return f"Inferred: {text}; {pseudo}." if text else f"{pseudo}."
    return f"Inferred: {text}." if text else ""
