"""What a training is asked for, on a page, and what it will take."""

from contextlib import suppress
from typing import Any

import streamlit as st

from dashboard import cache
from dashboard.components.corpus import filters
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import BIND, PLAIN, integer_box, pick
from dashboard.queries.subcorpus import Selection
from dashboard.queries.training_requests import TrainingRequest, check_run_name, unused_run_name
from pipeline.analysis.words.lexicon import key_figures
from pipeline.cells.registry import LABELS
from pipeline.cells.replay import NetworkSpec
from pipeline.core.errors import SeizeError, SettingError
from pipeline.core.translation import format_decimal, mark, t, translate_labels
from pipeline.language.vocabulary import UnitLevel
from pipeline.runs.config import Kind
from pipeline.runs.run import load_run
from pipeline.training import estimate
from pipeline.training.base import inherit_base_architecture
from pipeline.training.settings import TrainSettings
from pipeline.training.train import network_spec

LEVELS: dict[UnitLevel, str] = {"subword": mark("Subwords"), "char": mark("Characters"), "word": mark("Words")}
COUNTED: Kind = "ngram"
KIND_NAMES: dict[Kind, str] = {
    "mixture": mark("Network and n-gram"), "network": mark("Network"), COUNTED: mark("N-gram")
}  # fmt: skip
BASE_RUN_TEMPLATE = "base-{level}"  # the shipped run to start from, where there is one
DEFAULT_CELL = "lstm"
LAYER_WIDTHS = (64, 128, 256, 384, 512, 768, 1024)
MAX_MINUTES = 24 * 60.0  # minutes


def draw_training_controls() -> tuple[TrainingRequest, Selection]:
    """Draw the controls of a training and return its request with the selected songs. Raise SettingError for an invalid
    name."""
    left, right = st.columns(2, gap="large")
    with left:
        names = cache.corpus_names()
        corpus = st.selectbox(t("Corpus"), names, key="corpus", bind=BIND) or names[0]
        songs = cache.open_corpus(corpus)
        artists, years = filters.draw_artist_filter(songs), filters.draw_year_filter(songs)
    with right:
        units = t(
            "Characters invent spellings and need no word list; words make better sequences; subwords, the most "
            "frequent pieces of words, are in between."
        )
        level = pick(t("Text units"), translate_labels(LEVELS), key="level", help=units)
        mixed = t("The n-gram model counts which token follows which; together they predict better than either alone.")
        kind = pick(t("Model"), translate_labels(KIND_NAMES), key="kind", help=mixed)
        network: dict[str, Any] = {"cell": DEFAULT_CELL, "minutes": 1.0}
        network |= _draw_network_controls(level) if kind != COUNTED else {}
    default = unused_run_name(level, kind if kind == COUNTED else network["cell"])
    with left:
        name = st.text_input(t("Name"), key="name", placeholder=default, max_chars=64).strip() or default
    check_run_name(name)
    training = TrainingRequest(
        name=name, corpus=corpus, level=level, kind=kind, artists=artists, years=years, **network
    )
    return training, Selection(corpus, cache.corpus_version(corpus), artists, years)


def _draw_network_controls(level: UnitLevel) -> dict[str, Any]:
    """Draw the controls of the network and return its settings, by their names in `TrainingRequest`."""
    base = BASE_RUN_TEMPLATE.format(level=level)
    if base in cache.network_names():
        starts = {"french": t("French, from {run}", run=base), "nothing": t("Nothing")}
        why = t(
            "A network that has read French prose needs fewer songs and makes fewer agreement errors. Its size "
            "is fixed."
        )
        if pick(t("Start from"), starts, key="base", help=why) == "french":
            return {"minutes": _draw_minutes(), "base": base}
    cell = pick(t("Cell"), LABELS, DEFAULT_CELL, key="cell")
    left, middle, right = st.columns([5, 4, 4])
    with left:
        fits = t("Units of each layer. Automatic: chosen for the text units and the time.")
        sizes = {0: t("Automatic")} | {units: str(units) for units in LAYER_WIDTHS}
        units = pick(t("Width"), sizes, key="units", help=fits, look="list") or None
    with middle:
        layers = integer_box(t("Layers"), 1, 4, 1, key="layers")
    with right:
        return {"cell": cell, "units": units, "layers": layers, "minutes": _draw_minutes()}


def _draw_minutes() -> float:
    return float(st.number_input(t("Minutes"), 0.1, MAX_MINUTES, 15.0, 5.0, key="minutes", bind=BIND, format=PLAIN))


def draw_estimate(training: TrainingRequest, selection: Selection) -> None:
    """Draw songs, parameters, speed and epochs of a training as figures. Raise SettingError for too few songs."""
    songs = cache.query(key_figures, selection).songs
    if songs < 3:  # one to learn from, one to choose by, one to judge by
        raise SettingError(
            "Fewer than three songs of {corpus} are left: training needs three. Widen the filters.",
            corpus=training.corpus,
        )
    if training.kind == COUNTED:
        page_layout.key_figures({t("Songs"): format_decimal(songs)})
        page_layout.remark(t("It counts which token follows which: a few seconds, with no network to train."))
        return
    sizes = cache.query(estimate.estimate_training_set_sizes, selection, training.level)
    names = ("name", "level", "cell", "minutes", "units", "layers", "base")
    settings = TrainSettings(**{name: getattr(training, name) for name in names})
    settings = inherit_base_architecture(settings, load_run(training.base)) if training.base else settings
    settings = settings.with_defaults(sizes.characters)
    spec = network_spec(settings, min(sizes.vocabulary, settings.vocabulary_limit))
    figures = {
        t("Songs"): format_decimal(songs),
        t("Layers × units of each"): f"{settings.layers} × {format_decimal(settings.units or 0)}",
        t("Parameters"): format_decimal(estimate.parameter_count(spec)),
    }
    estimated = _estimate_training(training, spec, sizes)
    if estimated is None:
        page_layout.key_figures(figures)
        page_layout.remark(
            t("No model of this level has been trained here yet, so the speed will show once training starts.")
        )
        return
    page_layout.key_figures({**figures, t("Epochs, expected"): f"≈ {format_decimal(estimated.epochs, 1)}"})
    scaled = t(
        "The epochs follow from the speed of {run} on the machine where it was trained: another may be several times "
        "faster or slower.",
        run=estimated.after,
    )
    course = t(
        "90% of songs for training, 10% for validation and testing; an epoch is one pass over the training songs. "
        "Counting the n-gram first and testing at the end take one or two more minutes."
    )
    page_layout.remark(f"{scaled} {course}")


def _estimate_training(
    training: TrainingRequest, spec: NetworkSpec, sizes: estimate.TrainingSetSizes
) -> estimate.TrainingEstimate | None:
    """Return the estimated speed and epochs of a training, from the runs on this computer; None without a run of the
    same units (characters, subwords or words)."""
    runs = list[estimate.TrainingSpeed]()
    for name in cache.run_names():
        with suppress(SeizeError):  # a damaged run says so among the runs; here it is no measure
            runs += filter(None, [cache.cached_result_of_run(estimate.training_speed, name)])
    return estimate.estimate_training(
        spec, training.level, tokens=sizes.tokens, seconds=60 * training.minutes, runs=runs
    )
