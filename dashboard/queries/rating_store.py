"""Ratings on disk: a file a visitor, beside their drafts, replaced as a whole. No Streamlit.

notebooks/<owner>/ratings/all.json
"""

import os

from dashboard.queries.draft_store import DraftStore, disk_errors
from dashboard.queries.ratings import Rating, from_json_text, to_json_text
from pipeline.core.folders import replacing_file

MOST = 5000  # ratings of one visitor; the oldest make room


class RatingStore:
    """The ratings of one owner."""

    def __init__(self, owner: str) -> None:
        self.file = DraftStore(owner).folder / "ratings" / "all.json"

    def ratings(self) -> list[Rating]:
        """Return what is kept, in order; nothing where the file is none or is damaged."""
        try:
            return from_json_text(self.file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError, KeyError, TypeError):
            return []

    def add(self, rating: Rating) -> None:
        """Keep a rating. Raise SeizeError when the disk refuses."""
        text = to_json_text([*self.ratings(), rating][-MOST:])
        with disk_errors():
            os.makedirs(self.file.parent, exist_ok=True)
            with replacing_file(self.file) as place:
                place.write_text(text, "utf-8")


class SessionRatings:
    """The same for a visitor of whom nothing is kept: in a list that lives as long as the session."""

    def __init__(self, kept: list[Rating]) -> None:
        self._kept = kept

    def ratings(self) -> list[Rating]:
        """Return what is kept, in order."""
        return list(self._kept)

    def add(self, rating: Rating) -> None:
        """Keep a rating."""
        self._kept[:] = [*self._kept, rating][-MOST:]
