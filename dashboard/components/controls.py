"""What a writer decides: the first words, the model, the measure, the plan. Every choice sits in the URL."""

import secrets
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard.components import address
from dashboard.components.bound import BIND, pick
from dashboard.components.style_controls import ANY, memory, style
from pipeline.generation.constraints import FREE, Constraints, Richness
from pipeline.generation.form import parse_plan
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.sampling import SamplingSettings
from pipeline.translation import mark, t, t_each
from pipeline.writers.requests import WriteRequest

SEED = "On a monté"
LONGEST_SEED = 20_000
SCHEMES = {
    FREE: mark("As it comes"),
    "AABB": mark("AABB, pairs"),
    "ABAB": mark("ABAB, crossed"),
    "ABBA": mark("ABBA, embraced"),
    "AAAA": "AAAA",
}
RICHNESSES: dict[Richness, str] = {
    "assonance": mark("Assonance: the vowel"),
    "pauvre": mark("Pauvre: the last vowel"),
    "suffisante": mark("Suffisante: 2 sounds"),
    "riche": mark("Riche: 3 sounds"),
    "leonine": mark("Léonine: 2 syllables"),
    "multi2": mark("Multi: 2 vowels"),
    "multi3": mark("Multi: 3 vowels"),
    "multi4": mark("Multi: 4 vowels"),
}
PLANS = {
    "": mark("One verse, as many bars as below"),
    "couplet 8, refrain 4 ABAB": mark("Couplet and refrain"),
    "couplet 8, refrain 4 ABAB, couplet, refrain": mark("Short song: the refrain returns"),
    "couplet 16, refrain 4 ABAB, couplet, refrain, pont 4, refrain": mark("Whole song, sixteens"),
    "intro 2, couplet 12, pré-refrain 2, refrain 4 AAAA, couplet, pré-refrain, refrain": mark(
        "Song with a pré-refrain"
    ),
}
# What the keys of the controls take for a first visitor's one click: key -> label, values
EXAMPLES: dict[str, tuple[str, dict[str, str | int | float]]] = {
    "pairs": (mark("Sixteen in pairs"), {"seed": "On a monté", "rhyme": "AABB", "syllables": 12, "take": 4}),
    "crossed": (mark("Eight, crossed"), {"seed": "Le soir", "rhyme": "ABAB", "syllables": 8, "take": 6, "bars": 8}),
    "refrain": (
        mark("Song with refrain"),
        {
            "seed": "Dans la rue",
            "rhyme": "AABB",
            "syllables": 10,
            "plan": "couplet 8, refrain 4 ABAB, couplet, refrain",
            "take": 2,
        },
    ),
}
DEFAULTS: dict[str, str | int | float | bool] = {
    "daring": 0.8, "bars": 16, "tolerance": 1, "richness": "suffisante", "use": "", "without": "", "clean": False,
    "plan": "", "own_plan": "", "rhyme_with": "", "top_p": 1.0, "top_k": 0, "min_p": 0.02, "avoid": 1.0, "end": False,
    "voice": ANY, "other_voice": ANY, "years": ANY, "share": 0.5, "memory": 0.0,
}  # fmt: skip


def examples() -> None:
    """One click each: a seed with settings under which it comes out well."""
    with st.container(horizontal=True, gap="small", key="examples"):
        for key, (label, values) in EXAMPLES.items():
            st.button(t(label), on_click=_take, args=(values,), key=f"example-{key}", icon=":material/bolt:")


def request(runs: list[str]) -> WriteRequest:
    """Draw the controls and return what they ask for. Raises SettingError for a value out of its range."""
    with st.form("settings", border=False):
        # What it takes to have a verse stands above all that may be changed: a phone shows the verse between the two.
        with st.container(key="first"):
            seed = st.text_area(t("First words"), SEED, key="seed", bind=BIND, max_chars=LONGEST_SEED, height=80)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(t("Write"), type="primary", icon=":material/edit_note:")
                st.form_submit_button(t("Another take"), on_click=_another_take, icon=":material/casino:")
        with st.container(key="choices"):
            constraints = measure()
            plan = _plan()
            lines = st.slider(t("Bars"), *(4, 64, 16, 4), key="bars", bind=BIND, help=t("A song plan counts its own."))
            run, temperature = model(runs), daring()
            with st.expander(t("Words")):
                wished = words()
            with st.expander(t("Style")):
                manner, remembered = style(run), memory()
            with st.expander(t("More control")):
                sampling, end, take = _more(temperature)
            with st.container(key="choices-end"):
                st.form_submit_button(t("Write with these"), icon=":material/arrow_upward:")
    constraints = replace(constraints, **wished._asdict())  # once all is drawn: two wishes may contradict each other
    free = constraints == Constraints() and not plan
    parts = parse_plan(plan) if plan else ()
    settings = WriteSettings(
        lines=lines,
        stop_at_song_end=end and free,
        sampling=sampling,
        style=manner,
        memory=remembered,
        constraints=None if free else constraints,
        plan=parts,
    )
    return WriteRequest(run, seed or "", take, settings)


def model(runs: list[str]) -> str:
    """Which run writes."""
    address.report_unknown("model", runs, "model")
    return st.selectbox(t("Model"), runs, key="model", bind=BIND)


def daring() -> float:
    """The temperature."""
    return st.slider(
        t("Daring (temperature)"),
        *(0.0, 2.0, 0.8, 0.05),
        key="daring",
        bind=BIND,
        help=t("0 writes what is likeliest, 1 is the model as it learnt; above, it stumbles and invents."),
    )


def measure() -> Constraints:
    """Rhyme and length of every line."""
    with st.container(key="measure"):
        return _measure()


_ALIKE = mark("How much of the two ends has to sound alike.")


def _measure() -> Constraints:
    left, right = st.columns([5, 6])
    with left:
        scheme = pick(t("Rhyme scheme"), t_each(SCHEMES), "AABB", key="rhyme", look="list", everywhere=True)
    with right:
        richness = pick(
            t("At least"),
            t_each(RICHNESSES),
            "suffisante",
            key="richness",
            help=t(_ALIKE),
            look="list",
            everywhere=True,
        )
    left, right = st.columns([5, 6])
    syllables = left.number_input(
        t("Syllables a line"), *(0, 30, 12), key="syllables", bind=BIND, help=t("As spoken. 0: any number.")
    )
    tolerance = right.number_input(t("Give or take"), *(0, 10, 1), key="tolerance", bind=BIND)
    count = max(2, int(syllables)) if syllables else None
    return Constraints(scheme=scheme, richness=richness, syllables=count, tolerance=int(tolerance))


_COMMAS = mark("Words or phrases, with commas between them.")


class WordWishes(NamedTuple):
    """What a visitor wishes of the words; the names are those of `Constraints`."""

    use: tuple[str, ...]
    avoid: tuple[str, ...]
    rhyme_with: str
    clean: bool


def words() -> WordWishes:
    """Words or phrases to use, to avoid, to rhyme with."""
    use = st.text_input(
        t("Use these words"), key="use", bind=BIND, placeholder="nuit, mon frère", max_chars=400, help=t(_COMMAS)
    )
    avoid = st.text_input(
        t("Avoid these words"), key="without", bind=BIND, placeholder="argent", max_chars=400, help=t(_COMMAS)
    )
    rhyme_with = st.text_input(
        t("Rhyme every line with"), key="rhyme_with", bind=BIND, placeholder="maison", max_chars=60
    )
    clean = st.toggle(t("Keep it clean"), key="clean", bind=BIND, help=t("No coarse words."))
    return WordWishes(_split(use), _split(avoid), rhyme_with.strip(), clean)


def _split(text: str) -> tuple[str, ...]:
    parts = (" ".join(part.split()) for part in text.lower().replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _plan() -> str:
    """The plan as written; a plan of one's own goes before a ready one."""
    ready = pick(t("Song plan"), t_each(PLANS), key="plan", look="list", everywhere=True)
    with st.expander(t("A plan of your own")):
        own = st.text_input(
            t("Sections"),
            key="own_plan",
            bind=BIND,
            max_chars=400,
            placeholder="couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain",
            help=t("Kind, lines, scheme and syllables; a refrain named again returns with the same words."),
        )
    return own.strip() or ready


def _more(temperature: float) -> tuple[SamplingSettings, bool, int]:
    top_p = st.slider(
        t("Keep the likeliest (top-p)"),
        *(0.05, 1.0, 1.0, 0.05),
        key="top_p",
        bind=BIND,
        help=t("Choose only among the likeliest, until together they reach this share."),
    )
    top_k = st.number_input(
        t("Choose among at most (top-k)"), *(0, 10_000, 0), key="top_k", bind=BIND, help=t("0 sets no limit.")
    )
    min_p = st.slider(
        t("Drop the unlikely (min-p)"),
        *(0.0, 0.5, 0.02, 0.01),
        key="min_p",
        bind=BIND,
        help=t("Leave out what is less likely than this share of the likeliest."),
    )
    avoid = st.slider(t("Avoid repeating (repetition penalty)"), *(1.0, 2.0, 1.0, 0.05), key="avoid", bind=BIND)
    end = st.toggle(t("Let the song end by itself"), key="end", bind=BIND, help=t("When no measure is set."))
    take = st.number_input(
        t("Take (random seed)"),
        *(0, 2**31, 1),
        key="take",
        bind=BIND,
        help=t("The same take with the same settings writes the same text."),
    )
    sampling = SamplingSettings(
        temperature=temperature, top_p=top_p, top_k=int(top_k), min_p=min_p, repetition_penalty=avoid
    )
    return sampling, end, int(take)


def _another_take() -> None:
    st.session_state["take"] = secrets.randbelow(10_000)


def _take(values: dict[str, str | int | float]) -> None:
    for key, value in {**DEFAULTS, **values}.items():
        st.session_state[key] = value
