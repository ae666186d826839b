"""Stanzas and kinds where no tag gives them. All lyrics are invented."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from pipeline.corpus.account import Tally
from pipeline.corpus.markup import parse_sections
from pipeline.corpus.song import Line, SectionKind
from pipeline.corpus.structure import section_drafts
from pipeline.corpus.structure import stanzas as stanzas_of
from pipeline.corpus.structure.section_drafts import MOST_LINES, SectionDraft, infer_structure
from pipeline.corpus.structure.stanzas import (
    FEATURES,
    WEIGHTS,
    find_recurrence,
    guess_kinds,
    recurring_runs,
    stanza_containment,
    stanza_features,
)
from pipeline.corpus.tags import Tag

WORDS = [
    "bitume", "plume", "tambour", "fenêtre", "voisin", "goudron", "silence", "mandarine", "radiateur", "étage",
    "papier", "matin", "phare", "tunnel", "cahier", "béton", "lampe", "trottoir", "orage", "valise", "moteur",
    "clavier", "ruelle", "vertige", "cendre", "rivage", "couteau", "miroir", "escalier", "carton",
]  # fmt: skip
REFRAIN = [
    "On tient la rampe du quartier",
    "La nuit descend sur les paliers",
    "On tient, on tient",
    "Jusqu'au premier métro",
]
BEFORE = ["Et quand le jour se lève enfin", "On compte ce qui reste", "Une pièce au fond d'une veste"]


def couplet(seed: int, lines: int = 12) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.sample(WORDS, 8)) for _ in range(lines)]


def text(*stanzas: list[str], apart: str = "\n\n") -> str:
    return apart.join("\n".join(stanza) for stanza in stanzas)


def shape(lyrics: str) -> list[tuple[str, int]]:
    return [(section.kind, len(section.lines)) for section in parse_sections(lyrics)]


SONG = (couplet(1), REFRAIN, couplet(2), REFRAIN)
WHOLE = [("couplet", 12), ("refrain", 4), ("couplet", 12), ("refrain", 4)]


def test_many_lines_are_compared_by_a_sparse_product(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for stanza in SONG for line in stanza]
    dense = find_recurrence(lines)
    monkeypatch.setattr(stanzas_of, "_MAX_DENSE_CELLS", 0)
    sparse = find_recurrence(lines)
    assert np.array_equal(sparse.likeness, dense.likeness)
    assert np.array_equal(sparse.weights, dense.weights)


def test_runs_that_come_back_may_have_a_line_that_differs() -> None:
    varied = [*REFRAIN[:1], "tout autre vers ici sans rien", *REFRAIN[2:]]
    lines = [*couplet(1, 5), *REFRAIN, *couplet(2, 5), *varied]
    mask = recurring_runs(find_recurrence(lines))
    assert mask.tolist() == [False] * 5 + [True] * 4 + [False] * 5 + [True] * 4


def test_blank_lines_part_stanzas_and_what_comes_back_is_the_refrain() -> None:
    sections = parse_sections(text(*SONG))
    assert [(s.kind, len(s.lines)) for s in sections] == WHOLE
    assert all(section.inferred for section in sections)
    assert all(0.5 < section.certainty <= 1 for section in sections)


def test_a_refrain_may_vary() -> None:
    varied = [
        "On tient la rampe du quartier (eh)",
        "La nuit tombe sur les paliers",
        "On tient, on tient",
        "Premier métro",
    ]
    half = REFRAIN[:2]
    assert shape(text(couplet(1), REFRAIN, couplet(2), varied, couplet(3), half)) == [
        ("couplet", 12), ("refrain", 4), ("couplet", 12), ("refrain", 4), ("couplet", 12), ("refrain", 2),
    ]  # fmt: skip


def test_a_refrain_without_blank_lines_is_cut_out_of_its_stanza() -> None:
    assert shape(text([*couplet(1), *REFRAIN], [*couplet(2), *REFRAIN])) == WHOLE


def test_lines_too_few_for_a_stanza_belong_to_what_is_before_them() -> None:
    assert shape(text([*couplet(1), *REFRAIN], [*couplet(2), *REFRAIN, *couplet(9, 2)])) == [*WHOLE[:3], ("refrain", 6)]


def test_a_song_of_one_block_parts_where_its_refrain_comes_back() -> None:
    assert shape(text(*SONG, apart="\n")) == WHOLE


def test_a_hook_of_two_lines_is_found_in_a_block() -> None:
    hook = REFRAIN[:2]
    kinds = shape(text(couplet(1), hook, couplet(2), hook, couplet(3), hook, apart="\n"))
    assert kinds == [("couplet", 12), ("refrain", 2)] * 3


def test_a_double_spaced_file_is_no_song_of_stanzas_of_one_line() -> None:
    from pipeline.corpus.cleaning import clean_lyrics

    lines = [line for stanza in SONG for line in stanza]
    assert shape(clean_lyrics("\n\n".join(lines))) == WHOLE
    assert shape(clean_lyrics("\n\n\n\n".join("\n\n".join(stanza) for stanza in SONG))) == WHOLE


def test_intro_and_outro_are_short_first_and_last_ones_that_do_not_come_back() -> None:
    kinds = shape(
        text(["Ouais, ouais", "Nouvelle école"], *SONG, couplet(3), ["Allez, bonne nuit", "Éteins la lumière"])
    )
    assert kinds[0] == ("intro", 2)
    assert kinds[-1] == ("outro", 2)
    assert kinds[1:-1] == [*WHOLE, ("couplet", 12)]


def test_what_always_precedes_a_refrain_that_also_stands_alone_is_a_pre_refrain() -> None:
    song = text(couplet(1), BEFORE, REFRAIN, couplet(2), BEFORE, REFRAIN, couplet(3), REFRAIN)
    assert [kind for kind, _ in shape(song)] == [
        "couplet", "pré-refrain", "refrain", "couplet", "pré-refrain", "refrain", "couplet", "refrain",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stanzas", "factors"),
    [
        (SONG, [1, 1, 1, 1]),
        ([couplet(1), BEFORE, REFRAIN, couplet(2), BEFORE, REFRAIN, couplet(3), REFRAIN], [1, 0.8, 1, 1, 0.8, 1, 1, 1]),
        (
            [couplet(1), BEFORE, REFRAIN, couplet(2), BEFORE, REFRAIN],
            [1, 0.6, 1, 1, 0.6, 1],
        ),  # shorter than its refrain
    ],
)
def test_certainties_by_hand(stanzas: list[list[str]], factors: list[float]) -> None:
    """The softmax of a stanza's logits, of which those that are the same have the mean; a pré-refrain's is lowered."""
    recurrence = find_recurrence([line for stanza in stanzas for line in stanza])
    starts = np.cumsum([0, *map(len, stanzas[:-1])])
    logits = stanza_features(recurrence, starts, stanza_containment(recurrence, starts)) @ WEIGHTS
    mean = [logits[[other == stanza for other in stanzas]].mean(axis=0) for stanza in stanzas]
    guesses = guess_kinds(recurrence, starts)
    assert [guess.certainty for guess in guesses] == pytest.approx(
        softmax(mean, axis=1).max(axis=1) * factors, abs=1e-6
    )
    assert [guess.kind == "pré-refrain" for guess in guesses] == [factor < 1 for factor in factors]


def test_features_of_stanzas_by_hand() -> None:
    """Seven stanzas of 12, 3, 4, 12, 4, 12 and 2 lines, of which the third comes back as the fifth."""
    outro = ["Allez, bonne nuit", "Éteins la lumière"]
    one, two, three = ([" ".join(f"{name}{line}x{at}" for at in range(8)) for line in range(12)] for name in "abc")
    stanzas = [one, BEFORE, REFRAIN, two, REFRAIN, three, outro]
    recurrence = find_recurrence([line for stanza in stanzas for line in stanza])
    starts = np.array([0, 12, 15, 19, 31, 35, 47])
    table = stanza_features(recurrence, starts, stanza_containment(recurrence, starts))
    refrains, short = [0, 0, 1, 0, 1, 0, 0], np.log(np.array([12, 3, 4, 12, 4, 12, 2]) / 12)  # 12 lines are usual
    words = np.array([8, 18 / 3, 18 / 4, 8, 18 / 4, 8, 6 / 2])  # different ones a line; 348 in the 49 lines
    first, last = [1, *[0] * 6], [*[0] * 6, 1]
    expected = {
        "one": [1] * 7,
        **dict.fromkeys(("recurs", "recurs fully", "holds", "times"), refrains),
        **dict.fromkeys(("inner", "inner alone"), [0] * 7),
        "length": short,
        "lines": short + np.log(12),
        **dict.fromkeys(("short", "last"), last),
        **dict.fromkeys(("first", "first among equals"), first),
        **dict.fromkeys(("first length", "first recurs", "last recurs", "late length"), [0] * 7),
        "last length": short * last,
        "place": [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1],
        "between refrains": [0, 1, 0, 1, 0, 1, 0],
        "amid refrains": [0, 0, 0, 1, 0, 0, 0],
        "before": [0, 1, 0, 1, 0, 0, 0],
        "before length": [0, short[1], 0, 0, 0, 0, 0],
        "steps": [0, 1, 0, 0, 0, 0, 0],
        "late": [0, 0, 0, 0, 0, 1, 0],
        "song recurs": [1] * 7,
        "line words": np.log(words) - np.log(348 / 49),
    }
    assert table.T.tolist() == [pytest.approx(list(expected[name]), abs=1e-6) for name in FEATURES]


@pytest.mark.parametrize("lengths", [(6,), (2, 3), (2, 4, 1), (4, 6, 1), (4, 6, 9), (4, 7, 1), (4, 7)])
def test_a_first_stanza_is_among_equals_unless_the_second_is_half_as_long_again(lengths: tuple[int, ...]) -> None:
    recurrence = find_recurrence([f"a{line} b{line} c{line}" for line in range(sum(lengths))])
    starts = np.cumsum([0, *lengths[:-1]])
    table = stanza_features(recurrence, starts, stanza_containment(recurrence, starts))
    first = len(lengths) > 1 and 1.5 * lengths[0] >= lengths[1]
    assert table[:, FEATURES.index("first among equals")].tolist() == [first, *[0] * (len(lengths) - 1)]


STANZAS = st.tuples(st.integers(3, 7), st.sampled_from(["", "", "couplet", "pont", None]))


@given(st.lists(STANZAS, min_size=3, max_size=9))
def test_sections_follow_each_other_and_short_couplets_join_up_to_sixteen_lines(
    stanzas: list[tuple[int, SectionKind | None]],
) -> None:
    """Of stanzas that never come back, some under a tag ("" without one of their own): all lines are in one section."""
    starts = np.cumsum([0, *(length for length, _ in stanzas)]).tolist()
    lines = [f"a{line} b{line} c{line} d{line}" for line in range(starts.pop())]
    tagged = [(at, kind) for at, (_, kind) in zip(starts, stanzas, strict=True) if kind != "" or at == 0]
    tagged[0] = (0, tagged[0][1] or None)
    spans = infer_structure(lines, {*starts}, tagged)
    assert [span.first for span in spans] == [0, *(span.stop for span in spans[:-1])]
    assert spans[-1].stop == len(lines)
    assert {(span.first, span.kind) for span in spans if span.tagged} == {(at, kind) for at, kind in tagged if kind}
    opened = {at for at, _ in tagged}
    for one, other in pairwise(spans):
        begun = max(at for at in starts if at < one.stop)
        if one.kind == other.kind == "couplet" and not (one.tagged or other.tagged or other.first in opened):
            assert max(one.stop - begun, other.stop - other.first) > 5 or other.stop - one.first > 16
    assert all(span.stop - span.first <= 16 or span.tagged or span.first in opened for span in spans)
    assert infer_structure([], set()) == []


def test_a_song_that_never_comes_back_has_no_refrain() -> None:
    kinds = {kind for kind, _ in shape(text(*(couplet(seed, 16) for seed in range(4))))}
    assert kinds == {"couplet"}


def test_tags_stay_the_truth() -> None:
    tagged = (
        "[Couplet 1]\n" + "\n".join(REFRAIN) + "\n\n[Refrain]\n" + text(couplet(1)) + "\n\n[Outro]\n" + text(REFRAIN)
    )
    sections = parse_sections(tagged)
    assert [section.kind for section in sections] == ["couplet", "refrain", "outro"]
    assert not any(section.inferred for section in sections)
    assert {section.certainty for section in sections} == {1.0}


def test_a_song_half_tagged_keeps_its_tags_and_they_speak_for_the_rest() -> None:
    sections = parse_sections(
        text(couplet(1), REFRAIN, couplet(2)) + "\n\n[Refrain]\n" + text(REFRAIN) + "\n\n[Couplet 3]\nfin là"
    )
    assert [(s.kind, s.inferred) for s in sections] == [
        ("couplet", True), ("refrain", True), ("couplet", True), ("refrain", False), ("couplet", False),
    ]  # fmt: skip
    assert sections[1].certainty == 1


def test_a_refrain_that_swallowed_a_couplet_is_not_copied_with_it() -> None:
    tally = Tally()
    lyrics = "[Couplet 1]\n" + text(couplet(1)) + "\n\n[Refrain]\n" + text(REFRAIN, couplet(2, 12), couplet(3, 12))
    sections = parse_sections(lyrics + "\n\n[Refrain]\n\n[Couplet 3]\nfin là\n\n[Refrain]", tally)
    assert [(s.kind, len(s.lines)) for s in sections] == [
        ("couplet", 12), ("refrain", 4), ("couplet", 12), ("couplet", 12), ("refrain", 4), ("couplet", 1),
        ("refrain", 4),
    ]  # fmt: skip
    assert [s.inferred for s in sections] == [False, False, True, True, False, False, False]
    assert tally.rules["tag-swallowed"].lines == 24


@pytest.mark.parametrize("mark", ["(x2)", "x2", "X2", "[x2]", "2x", "(bis)", "bis", "×2"])
def test_a_repeat_mark_alone_repeats_the_stanza_before_it_and_is_no_lyric(mark: str) -> None:
    sections = parse_sections(text(couplet(1), [*REFRAIN, mark], couplet(2), [*REFRAIN, mark]))
    assert [(s.kind, len(s.lines), s.repeat) for s in sections] == [
        ("couplet", 12, 1), ("refrain", 4, 2), ("couplet", 12, 1), ("refrain", 4, 2),
    ]  # fmt: skip
    assert all(line.repeat == 1 for section in sections for line in section.lines)


def test_a_mark_after_the_last_stanza_of_a_tagged_section_repeats_that_stanza() -> None:
    (section,) = parse_sections("[Couplet 1]\n" + text(couplet(1), REFRAIN[:2]) + "\n(x3)")
    assert section.repeat == 1
    assert [line.repeat for line in section.lines] == [1] * 12 + [3, 3]


@given(
    st.sampled_from([*section_drafts._FULL, "couplet"]),
    st.lists(st.integers(1, 28), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_section_is_overfull_that_swallowed_others(kind: SectionKind, lengths: list[int], returns: bool) -> None:
    """One of several stanzas: long in all, or a refrain before a stanza of 8 lines, a quarter longer than its first.

    A refrain that comes back swallowed nothing; a couplet is overfull only with a stanza that does."""
    stanzas = [[f"{stanza} {line}" for line in range(length)] for stanza, length in enumerate(lengths)]
    stanzas += stanzas[:1] if returns else []
    lines, starts = [Line(line) for stanza in stanzas for line in stanza], np.cumsum([0, *map(len, stanzas)]).tolist()
    draft = SectionDraft(Tag(kind), lines, starts[1:-1])
    longest = max(map(len, stanzas[1:]), default=0)
    swallows = kind in ("refrain", "pré-refrain") and longest >= 8 and 4 * longest > 5 * lengths[0]
    long = len(lines) > section_drafts._FULL.get(kind, 48)
    several = len(stanzas) > 1
    expected = len(stanzas) > 2 and returns and long if kind == "couplet" else several and (
        not returns if swallows else long
    )  # fmt: skip
    assert draft.is_too_long() == expected
    assert draft.tagged_starts() == ([(0, kind), (lengths[0], None)] if expected else [(0, kind)])


@pytest.mark.parametrize(
    ("lines", "repeated"), [(24, True), (25, False)], ids=["a refrain of 24 lines", "one too long to be sure of"]
)
def test_an_empty_refrain_repeats_the_earlier_one_up_to_24_lines(lines: int, repeated: bool) -> None:
    tally = Tally()
    sections = parse_sections("[Refrain]\n" + text(couplet(1, lines)) + "\n[Refrain x2 : Untel]\n[Pont]", tally)
    assert [(s.kind, len(s.lines), s.repeat) for s in sections] == [("refrain", lines, 1), ("refrain", lines, 2)][
        : 1 + repeated
    ]
    if repeated:
        assert sections[1].performers == ("Untel",)
        assert tally.rules["tag-repeats"].dropped.words == -8 * lines
    else:
        assert tally.rules["tag-unsure"].songs == 1
    assert tally.rules["tag-empty"].songs == 1


@pytest.mark.parametrize(("lines", "kind"), [(8, "refrain"), (9, "couplet")])
def test_of_an_untagged_stanza_with_a_mark_eight_lines_are_a_refrain(lines: int, kind: str) -> None:
    sections = parse_sections(text(couplet(1, 14), [*couplet(2, lines), "(x2)"], couplet(3, 14)))
    assert [(s.kind, s.repeat, len(s.lines)) for s in sections][1] == (kind, 2, lines)
    assert all(0.5 < s.certainty <= 1 for s in sections)


@pytest.mark.parametrize(("lines", "inferred"), [(7, False), (8, True)])
def test_a_song_of_less_than_eight_lines_is_a_couplet_for_want_of_anything_to_tell(lines: int, inferred: bool) -> None:
    spans = infer_structure([f"a{at} b{at} c{at}" for at in range(lines - 2)] + ["la nuit"] * 2, {lines - 2})
    assert [span.certainty == 0.5 for span in spans] == ([False] * len(spans) if inferred else [True])
    assert not any(span.tagged for span in spans)


def test_a_text_of_many_thousand_lines_is_a_couplet_but_for_its_tags() -> None:
    lines = ["la mer"] * (MOST_LINES + 1)
    spans = infer_structure(lines, {4, 8}, [(0, None), (900, "refrain")])
    assert [(span.first, span.stop, span.kind, span.tagged) for span in spans] == [
        (0, 900, "couplet", False),
        (900, len(lines), "refrain", True),
    ]
    assert spans[0].certainty < spans[1].certainty == 1


@given(
    st.lists(st.sampled_from([*REFRAIN, *couplet(1, 5), "", "", "(x2)", "[Refrain]", "[Intro]", "[X]"]), max_size=60)
)
def test_sections_hold_every_line_once(written: list[str]) -> None:
    """A law: what is inferred parts the lines and loses none; empty refrains alone add some."""
    kept = [line for line in written if line and line[0] not in "[("]
    held = [line.text for section in parse_sections("\n".join(written)) for line in section.lines]
    if "[Refrain]" not in written:
        assert held == kept
    assert set(held) == set(kept)
    assert len(held) >= len(kept)


@given(
    st.lists(st.lists(st.sampled_from(["la", "mer", "rue", "soir"]), min_size=1, max_size=4), min_size=2, max_size=8)
)
def test_lines_and_stanzas_recur_as_sets_of_words_say(words: list[list[str]]) -> None:
    """Against the definitions: Dice's coefficient from 0.7 on, and the share of a stanza that another contains."""
    sets = [set(line) for line in words]
    recurrence = find_recurrence([" ".join(line) for line in words])
    dice = np.array([[2 * len(a & b) / (len(a) + len(b)) for b in sets] for a in sets], np.float32)
    expected = np.where((dice >= stanzas_of.MIN_LINE_DICE) & ~np.eye(len(sets), dtype=bool), dice, 0)
    np.testing.assert_allclose(recurrence.likeness, expected, rtol=1e-5)
    assert recurrence.weights.tolist() == [len(own) for own in sets]
    starts = [0, len(sets) // 2]
    stanzas = [range(starts[1]), range(starts[1], len(sets))]
    shares = [
        [sum(max(expected[a, b] for b in other) * len(sets[a]) for a in own) / sum(len(sets[a]) for a in own)
         for other in stanzas] for own in stanzas
    ]  # fmt: skip
    np.testing.assert_allclose(stanza_containment(recurrence, np.array(starts)), shares, rtol=1e-4, atol=1e-6)
