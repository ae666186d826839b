"""How the model draws its tokens, and whose style it follows: what of the writer's choices is up to the model."""

from dataclasses import replace

import streamlit as st

from dashboard import cache
from dashboard.components.frame import page_layout
from dashboard.components.frame.bound import integer_box, pick, slider, toggle
from pipeline.core.errors import SeizeError
from pipeline.core.translation import mark, t
from pipeline.generation.sampling import SamplingSettings
from pipeline.generation.style import Style
from pipeline.language_models.control_tokens import control_token_value, control_tokens_of

ANY = ""  # the key of no voice, no years
TOLD_KINDS = {
    "source": mark("In the style of"), "who": mark("Speaker"), "tense": mark("Tense"), "field": mark("About"),
    "tone": mark("Tone"),
}  # fmt: skip
SAMPLING_KEYS = ("temperature", "top_p")  # settings of `SamplingSettings` with a control, whose key is the name


def draw_sampling_controls(run: str) -> tuple[SamplingSettings, int]:
    """Draw the sampling controls, set to what suits the run at first. Return the settings and the random seed."""
    _update_run_defaults(run)
    suited = cache.default_sampling_settings(run)
    help = t("0: always the most likely. 1: as trained. Above 1: more inventive, more mistakes.")
    temperature = slider(t("Temperature"), *(0.0, 2.0, suited.temperature, 0.05), key="temperature", help=help)
    help = t("Choose only among the most likely that together reach this probability.")
    top_p = slider(t("Most likely only (top-p)"), *(0.05, 1.0, suited.top_p, 0.01), key="top_p", help=help)
    help = t("The same version with the same settings gives the same text.")
    take = integer_box(t("Version (random seed)"), *(0, 2**31, 1), key="take", help=help)
    return replace(suited, temperature=temperature, top_p=top_p), take


def _update_run_defaults(run: str) -> None:
    """Move the controls that still have the default values of the previous run to those of this run."""
    sampling, before = cache.default_sampling_settings(run), st.session_state.get("suited", {})
    suited = {name: getattr(sampling, name) for name in SAMPLING_KEYS}
    for name in SAMPLING_KEYS:
        if name in before and st.session_state.get(name) == before[name]:
            st.session_state[name] = suited[name]
    st.session_state["suited"] = suited


def draw_style_controls(run: str) -> Style:
    """Draw the controls of artists, years and other control tokens that the run was trained on, and return the
    style."""
    try:
        entries = control_tokens_of(cache.load_writer_vocabulary(run).vocabulary)
    except SeizeError:  # said where the run is to write
        return Style()
    taught: dict[str, list[str]] = {kind: [] for kind in ("voice", "years", *TOLD_KINDS)}
    for entry in entries:
        taught.setdefault(entry[1:].partition(":")[0], []).append(control_token_value(entry))
    picked = {kind: _pick_one_or_any(t(label), taught[kind], f"told_{kind}") for kind, label in TOLD_KINDS.items()}
    told = tuple(f"{kind}:{value}" for kind, value in picked.items() if value)
    if not any(taught[kind] for kind in ("voice", "years", *TOLD_KINDS)):
        page_layout.remark(t("This model does not know artists or years."))
    first = _pick_one_or_any(t("Artist"), taught["voice"], "voice")
    other, share, turns = "", 0.5, False
    if len(taught["voice"]) > 1:
        other = _pick_one_or_any(t("Second artist"), taught["voice"], "other_voice")
        turns = toggle(
            t("Take turns"), key="turns", help=t("A duet: four lines each, or alternating sections of the plan.")
        )
        help = t("Both artists continue the same text; their predictions are mixed in this proportion.")
        share = slider(t("Share of the second artist"), *(0.0, 1.0, 0.5, 0.05), key="share", help=help)
    years = _pick_one_or_any(t("Years"), taught["years"], "years")
    year, blended = int(years.split("-")[0]) if years else None, bool(first and other and first != other)
    voice, other = first or other, other if blended else ""
    return Style(voice=voice, other=other, share=share, year=year, turns=turns and blended, controls=told)


def draw_memory_slider() -> float:
    """Draw the slider of how often the song repeats its own phrases, and return the weight of its cache model."""
    help = t(
        "0: forgets its own phrases. 1: repeats them as often as real songs do. Above 1: more often. Only for models "
        "mixed with an n-gram."
    )
    return slider(t("Repetition of its own phrases"), *(0.0, 3.0, 0.0, 0.25), key="memory", help=help)


def _pick_one_or_any(label: str, names: list[str], key: str) -> str:
    """Draw a choice of one of `names`, or of any; return the name, "" for any or without names."""
    options = {ANY: t("Any")} | {name: name for name in names}
    return pick(label, options, key=key, look="list", everywhere=True) if names else ""
