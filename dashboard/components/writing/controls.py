"""What a writer decides: who writes, the first words, the measure, the plan, the voice. All of it is in the URL."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache
from dashboard.components.frame import bound, page_layout
from dashboard.components.frame.bound import BIND, integer_box, pick, text_box, toggle
from dashboard.components.frame.page_layout import button
from dashboard.components.writing import model_controls, themes, writer_controls
from dashboard.components.writing.model_controls import ANY, SAMPLING_KEYS, TOLD_KINDS
from dashboard.components.writing.writer_controls import ChosenWriter
from pipeline.core.translation import mark, t, translate_labels
from pipeline.generation.constraints import FREE_SCHEME, Constraints
from pipeline.generation.form import SectionPlan, Slot, parse_plan, plan_from_verse
from pipeline.generation.lyric import Lyric, LyricSettings
from pipeline.language.rhyme import RHYME_KINDS
from pipeline.language_models.control_tokens import control_token_value, period_token
from pipeline.writers.requests import QuotedPart, WriteRequest


def draw_writer_page_head(question: str, answer: str) -> list[str]:
    """Draw the title and the sentence below it of a page on which models write, and return the names of the models;
    without any, draw the link to training."""
    page_layout.draw_question(question)
    if runs := cache.writer_names():
        page_layout.draw_answer(answer)
    else:
        page_layout.no_model()
    return runs


SEED = "Je sors mon vieux cahier"
LONGEST_SEED = 20_000
MAX_FIT_CHARACTERS = 6000  # characters of a verse whose measure is taken
SCHEMES = {
    FREE_SCHEME: mark("Free"), "AABB": mark("AABB, pairs"), "ABAB": mark("ABAB, crossed"),
    "ABBA": mark("ABBA, enclosed"), "AAAA": "AAAA",
}  # fmt: skip
PLANS = {
    "": mark("One verse, length set below"),
    "couplet 8, refrain 4 ABAB": mark("Verse and chorus"),
    "couplet 8, refrain 4 ABAB, couplet, refrain": mark("Short song: the chorus returns"),
    "couplet 16, refrain 4 ABAB, couplet, refrain, pont 4, refrain": mark("Whole song, 16-line verses"),
    "intro 2, couplet 12, pré-refrain 2, refrain 4 AAAA, couplet, pré-refrain, refrain": mark("Song with a pre-chorus"),
}
# What the keys of the controls take for a first visitor's one click: label -> values under which it comes out well
EXAMPLES: dict[str, dict[str, str | int | float]] = {
    mark("Sixteen lines, AABB"): {"seed": "Je sors mon vieux cahier", "take": 4},
    mark("Eight lines, ABAB"): {"seed": "Le soir", "rhyme": "ABAB", "syllables": 8, "take": 6, "bars": 8},
    mark("Song with chorus"): {
        "seed": "Dans la rue", "syllables": 10, "take": 2, "plan": "couplet 8, refrain 4 ABAB, couplet, refrain"
    },
}  # fmt: skip
DEFAULTS: dict[str, str | int | float | bool] = {
    "seed": SEED, "rhyme": "AABB", "syllables": 12, "take": 1, "bars": 16,
    "tolerance": 0, "beat": 0, "richness": "suffisante", "use": "", "without": "", "ends": "", "clean": False,
    "plan": "", "own_plan": "", "fit": "", "rhyme_with": "",
    "theme": "", "theme_strength": themes.THEME_STRENGTH,
    "by": "network", "quoted": "", "quoted_artist": ANY, "quoted_kind": ANY,
    **{f"told_{kind}": ANY for kind in TOLD_KINDS},
    "turns": False, "voice": ANY, "other_voice": ANY, "years": ANY, "share": 0.5, "memory": 0.0,
}  # fmt: skip
WRITE_ASKED_KEY = "write-now"  # key: whether a button asked for a text


class Choices(NamedTuple):
    """The choices of a visitor: who writes which text, and the constraints on every line."""

    run: str
    seed: str
    take: int
    settings: LyricSettings
    writer: ChosenWriter = "network"
    quoted: QuotedPart | None = None

    @property
    def constraints(self) -> Constraints:
        """The constraints on each line; none where the model writes freely."""
        return self.settings.constraints or Constraints()

    @property
    def sections(self) -> Sequence[SectionPlan]:
        """The sections that the text is to have; empty without a plan."""
        return self.settings.plan

    def request(self) -> WriteRequest:
        """Return the request for the text of these choices."""
        seed = "" if self.quoted else self.seed
        writer = "network" if self.writer == "person" else self.writer
        return WriteRequest(self.run, seed, self.take, self.settings, writer, self.quoted)

    def line_settings(self, slot: Slot) -> LyricSettings:
        """Return the settings for one line, with the constraints of its slot."""
        return replace(self.settings, lines=1, stop_at_song_end=False, constraints=slot.constraints, plan=())


def is_text_requested() -> bool:
    """Return whether the address holds any of the choices, and so asks for a text."""
    return any(name in st.query_params for name in (*DEFAULTS, *SAMPLING_KEYS, "model"))


def draw_choices(runs: list[str], first: DeltaGenerator, choices: DeltaGenerator) -> Choices:
    """Draw the controls and return what was chosen. Raise SettingError for a value out of its range.

    The first words and their button stand in `first`, the rest in `choices`: three of them open, the others folded.
    """
    with first:
        writer = writer_controls.pick_writer()
    with first, st.form("settings", border=False):
        label = t("Words for the first line") if writer == "centon" else t("First words")
        seed = st.text_area(label, SEED, key="seed", bind=BIND, max_chars=LONGEST_SEED, height=80)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button(t("Write"), on_click=_request_text, type="primary", icon=":material/edit_note:")
            st.form_submit_button(t("Another version"), on_click=_request_another_version, icon=":material/casino:")
    with choices:
        quoted = writer_controls.pick_quoted_songs(seed or "") if writer == "centon" else None
        with st.container(key="measure"):
            left, right = st.columns([6, 5])
            scheme, syllables = _draw_scheme(left), _draw_syllables(right)
        lines = st.slider(
            t("Lines"), *(4, 64, 16, 4), key="bars", bind=BIND, help=t("A song plan sets its own length.")
        )
        with st.expander(t("Form")) as fold:
            richness, tolerance, beat = _pick_rhyme_richness(fold), _draw_tolerance(fold), _draw_beat(fold)
            plan, verse = _draw_plan(), _draw_verse_to_match()
        with st.expander(t("Theme and words")):
            theme, worth, wished = themes.draw_theme_box(), themes.draw_strength_slider(), _draw_word_constraints()
        with st.expander(t("Model")):
            bound.report_unknown("model", runs)
            run = st.selectbox(t("Model"), runs, key="model", bind=BIND)
            sampling, take = model_controls.draw_sampling_controls(run)
        with st.expander(t("Style")):
            style, memory = model_controls.draw_style_controls(run), model_controls.draw_memory_slider()
        page_layout.remark(t("Or start with an example:"))
        with st.container(horizontal=True, gap="small", key="examples"):
            for at, (label, values) in enumerate(EXAMPLES.items()):
                button(t(label), "bolt", _use_example, values, key=f"example-{at}")
    constraints = _constraints(scheme, richness, syllables, 0 if verse else tolerance)
    wished["rhyme_beat"] = beat or None
    constraints = replace(constraints, **wished)  # once all is drawn: two wishes may contradict each other
    free = (
        writer in ("network", "person")
        and constraints == Constraints(tolerance=constraints.tolerance)
        and not (plan or verse)
    )
    plan_of = parse_plan(plan) if plan else ()
    if verse:
        plan_of = plan_from_verse(verse, cache.visitor_pronunciations(cache.load_writer_vocabulary(run).corpus))
    settings = LyricSettings(
        lines=lines, sampling=sampling, style=style, memory=memory,
        plan=plan_of,
        constraints=None if free else constraints,
        theme=themes.theme_of(theme, run, worth),
    )  # fmt: skip
    return Choices(run, seed or "", take, settings, writer, quoted)


def pick_scheme_and_syllables(scheme: DeltaGenerator, syllables: DeltaGenerator) -> Constraints:
    """Draw the controls of the rhyme scheme and of the syllables in every line; return them as constraints."""
    return _constraints(_draw_scheme(scheme), Constraints().richness, _draw_syllables(syllables), 0)


def _constraints(scheme: str, richness: str, syllables: int, tolerance: int) -> Constraints:
    """Return constraints of these values; 0 syllables are no constraint."""
    count = max(2, syllables) if syllables else None
    return Constraints(scheme=scheme, richness=richness, syllables=count, tolerance=tolerance)


def _draw_scheme(place: DeltaGenerator) -> str:
    with place:
        return pick(t("Rhyme scheme"), translate_labels(SCHEMES), "AABB", key="rhyme", look="list", everywhere=True)


def _draw_syllables(place: DeltaGenerator) -> int:
    with place:
        return integer_box(t("Syllables per line"), *(0, 30, 12), key="syllables", help=t("As spoken. 0: any number."))


def _pick_rhyme_richness(place: DeltaGenerator) -> str:
    kinds = {name: t(kind.description) for name, kind in RHYME_KINDS.items()}
    with place:
        label, help = t("Minimum rhyme"), t("How much of the two line ends must sound alike.")
        return pick(label, kinds, "suffisante", key="richness", help=help, look="list", everywhere=True)


def _draw_tolerance(place: DeltaGenerator) -> int:
    with place:
        return integer_box(t("Syllable tolerance"), *(0, 10, 0), key="tolerance")


def _draw_beat(place: DeltaGenerator) -> int:
    with place:
        help = t("The beat of the bar on which each line's rhyme falls, 1 to 4. 0: any.")
        return integer_box(t("Rhyme on beat"), *(0, 4, 0), key="beat", help=help)


def _draw_word_constraints() -> dict[str, Any]:
    """Draw the controls of words to use, avoid, end lines or rhyme with; return them as arguments of `Constraints`."""
    commas = t("Words or phrases, comma-separated.")
    use = text_box(t("Include these words"), key="use", hint="nuit, mon frère", help=commas)
    avoid = text_box(t("Avoid these words"), key="without", hint="argent", help=commas)
    ends = text_box(
        t("Last words of the lines"), key="ends", hint="nuit, ville, bruit, fragile",
        help=t("Bouts-rimés: line 1 ends with the first word, line 2 with the second. These lines follow no scheme."),
    )  # fmt: skip
    rhyme_with = text_box(t("Rhyme every line with"), key="rhyme_with", hint="maison", longest=60)
    clean = toggle(t("No coarse words"), key="clean", help=t("Leaves out coarse words."))
    lists = {"use": use, "avoid": avoid, "end_words": ends}
    wished = {name: split_words(words) for name, words in lists.items()}
    return {**wished, "rhyme_with": rhyme_with.strip(), "clean": clean}


def split_words(text: str) -> tuple[str, ...]:
    """Return the words or phrases of a text, separated by commas or semicolons, in lower case.

    >>> split_words("Nuit,  mon   frère;nuit")
    ('nuit', 'mon frère', 'nuit')
    """
    parts = (" ".join(part.split()) for part in text.lower().replace(";", ",").split(","))
    return tuple(filter(None, parts))


def _draw_plan() -> str:
    """Draw the controls of a song plan and return it as text. A typed plan replaces one from the list."""
    ready = pick(t("Song plan"), translate_labels(PLANS), key="plan", look="list", everywhere=True)
    help = t("Type, lines, scheme and syllables; a chorus named again returns with the same words.")
    example = "couplet 16 AABB 12, refrain 4 ABAB, couplet, refrain"
    return text_box(t("Your own plan"), key="own_plan", hint=example, help=help).strip() or ready


def _draw_verse_to_match() -> str:
    """Draw the box for a verse whose form the text is to copy, and return the verse. A verse replaces the song plan."""
    help = t(
        "The new text copies its syllables line by line, its rhyme scheme, its multisyllabic rhymes and its sections."
    )
    hint = t("One line per row. An empty row starts a new section.")
    verse = st.text_area(
        t("Match a verse"), key="fit", bind=BIND, max_chars=MAX_FIT_CHARACTERS, height=110, placeholder=hint, help=help
    )
    return (verse or "").strip()


def _request_text() -> None:
    st.session_state[WRITE_ASKED_KEY] = True


def _request_another_version() -> None:
    st.session_state["take"] = secrets.randbelow(10_000)
    _request_text()


def restore_settings(lyric: Lyric) -> None:
    """Set all controls of the Studio to the settings that wrote a text. Call this before they are drawn. The typed
    words of a theme are restored, and the corpus that a centon quotes, but not the chosen part of that corpus."""
    settings = lyric.settings
    style, wanted = settings.style, settings.constraints or Constraints(scheme=FREE_SCHEME)
    quoted = next((line.quotation for line in lyric.lines if line.quotation), None)
    values = {**DEFAULTS, "by": "centon" if quoted else "network" if lyric.run else "person"}
    values |= {"quoted": quoted.corpus} if quoted else {}
    values |= {
        "seed": lyric.seed or SEED,
        "take": min(lyric.random_seed, 2**31),
        "bars": min(max(settings.lines, 4), 64),
    }
    values |= {"model": lyric.run} if lyric.run in cache.writer_names() else {}
    values |= {"temperature": min(settings.sampling.temperature, 2.0), "top_p": max(settings.sampling.top_p, 0.05)}
    values |= {"rhyme": wanted.scheme, "richness": wanted.richness, "syllables": wanted.syllables or 0}
    values |= {"tolerance": wanted.tolerance, "beat": wanted.rhyme_beat or 0, "rhyme_with": wanted.rhyme_with}
    values |= {"use": ", ".join(wanted.use), "without": ", ".join(wanted.avoid), "ends": ", ".join(wanted.end_words)}
    values |= {
        "clean": wanted.clean,
        "own_plan": ", ".join(map(str, settings.plan)),
        "memory": min(settings.memory, 3.0),
    }
    if theme := settings.theme:
        own = [word for word, weight in theme.words if weight == 1]
        values |= {"theme": " ".join(own), "theme_strength": min(theme.strength, 6.0)}
    values |= {"voice": style.voice, "other_voice": style.other, "share": style.share, "turns": style.turns}
    values |= {"years": control_token_value(period_token(style.year))} if style.year else {}
    values |= {f"told_{kind}": value for kind, _, value in (control.partition(":") for control in style.controls)}
    st.session_state.pop("suited", None)  # these values are the text's own, not those of the run before
    for key, value in values.items():
        st.session_state[key] = value


def _use_example(values: dict[str, str | int | float]) -> None:
    for key, value in {**DEFAULTS, **st.session_state.get("suited", {}), **values}.items():
        st.session_state[key] = value
    _request_text()
