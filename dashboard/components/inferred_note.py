"""What was inferred is called so: a mark beside what it is, and a sentence that says how much of it a page counts."""

from dashboard import cache
from dashboard.components import page_layout
from dashboard.queries.inference_counts import Inferred, count_inferred
from dashboard.queries.subcorpus import Selection
from pipeline.core.translation import mark, number, share, t, t_count

INFERRED = mark(
    "A ? marks what the source does not say: what kind of section this is was inferred from what is repeated."
)


def shown_kind(kind: str, inferred: bool) -> str:
    """Return a kind of section as it is shown beside its lines.

    >>> shown_kind("refrain", False), shown_kind("refrain", True)
    ('refrain', 'refrain\u202f?')
    """
    return f"{kind}\N{NARROW NO-BREAK SPACE}?" if inferred else kind


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
        parts.append(
            t(
                "the kind of {some} of {sections} ({share}), in {part} of {songs}",
                some=number(found.sections),
                sections=t_count("{n} section", "{n} sections", found.all_sections),
                share=share(found.sections / found.all_sections),
                part=number(found.songs),
                songs=t_count("{n} song", "{n} songs", found.all_songs),
            )
        )
    if found.cut:
        parts.append(t_count("the borders of {n} song", "the borders of {n} songs", found.cut))
    what = t("{kinds} and {borders}", kinds=parts[0], borders=parts[1]) if len(parts) > 1 else "".join(parts)
    if found.pseudo:
        pseudo = t_count(
            "{n} song is a pseudo-song, a stretch of a longer text that shows no borders",
            "{n} songs are pseudo-songs, stretches of a longer text that shows no borders",
            found.pseudo,
        )
        return t("Inferred: {what}; {pseudo}.", what=what, pseudo=pseudo) if what else f"{pseudo}."
    return t("Inferred: {what}.", what=what) if what else ""
