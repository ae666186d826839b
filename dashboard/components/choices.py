"""The choices of a figure, in the address: what it counts, what it compares, which of its marks is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from dashboard import cache
from dashboard.components.bound import pick
from dashboard.locale.escaping import escape_markdown
from dashboard.queries.subcorpus import Selection
from pipeline.analysis.counting import By
from pipeline.analysis.variants import Variant
from pipeline.core.translation import mark, t, t_each

K = TypeVar("K", bound=str | int)

GROUPS: dict[By, str] = {
    "artist": mark("Artist"),
    "year": mark("Year"),
    "decade": mark("Decade"),
    "kind": mark("Section"),
    "song": mark("Song"),
}
_NAMES: dict[By, str] = {
    "artist": mark("artist"),
    "year": mark("year"),
    "decade": mark("decade"),
    "kind": mark("kind of section"),
    "song": mark("song"),
}
VARIANTS: dict[Variant, str] = {
    "written": mark("As written"),
    "heard": mark("As heard"),
    "once": mark("Each line once"),
    "solo": mark("Solo sections"),
}
_OF_YEARS = ("year", "decade")
BUTTONS = 5  # choices in a row; more are a list
_VARIANTS_HELP = mark(
    "As heard carries out marks of repeats, x2 or [Refrain x2]; each line once drops repeats within a song; "
    "solo sections leaves guests out."
)


def variant(key: str, start: Variant = "written") -> Variant:
    """Draw and return which variant of the lyrics is counted."""
    return pick(t("Lyrics"), t_each(VARIANTS), start, key=key, help=t(_VARIANTS_HELP))


def grouping(key: str, selection: Selection, label: str = "", groups: Sequence[By] = ("artist", "year", "kind")) -> By:
    """Draw and return what a figure has a row for: an artist, a year, a kind of section, or a value of a facet that
    songs share.

    Without a `label` it is "Compare by". Years are offered where a song has one, and no choice where there is none.
    """
    label = label or t("Compare by")
    corpus = cache.open_corpus(selection.corpus)
    facets = corpus.facets
    options = {by: t(GROUPS[by]) for by in groups if corpus.year_span or by not in _OF_YEARS}
    facets = tuple(facet for facet in facets if facet.groups_songs and facet.name not in GROUPS)
    options |= {facet.name: group_name(facet.name).capitalize() for facet in facets}
    if len(options) == 1:
        return next(iter(options))
    if len(options) > BUTTONS:
        return pick(label, options, key=key, look="list", width=260)
    return pick(label, {by: escape_markdown(name) for by, name in options.items()}, key=key)


def group_name(by: By) -> str:
    """Return what songs are grouped by, in a sentence.

    >>> group_name("artist"), group_name("born_in_france")
    ('artist', 'born in france')
    """
    return t(_NAMES[by]) if by in _NAMES else by.replace("_", " ")


def pick_mark(label: str, marks: Iterable[K], start: K, key: str, names: Callable[[K], str] = str) -> K:
    """Draw and return the mark of a figure that is picked, by a click or here; to begin with `start`, if it is one."""
    options = {each: names(each) for each in marks}
    return pick(label, options, start if start in options else None, key=key, look="list")


def labels_to_keys(options: Mapping[K, str]) -> dict[str, K]:
    """Return the key of each label: a click on an axis gives the label.

    >>> labels_to_keys({"gru": "GRU"})
    {'GRU': 'gru'}
    """
    return {label: key for key, label in options.items()}


def is_ordered(selection: Selection, by: By) -> bool:
    """Whether groups have an order of their own, which a figure keeps: years, numbers and dates."""
    facets = {facet.name: facet.kind for facet in cache.open_corpus(selection.corpus).facets}
    return by in ("year", "decade") or facets.get(by) in ("number", "date")
