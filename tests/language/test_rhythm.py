"""A line in time: its syllables with their letters, the stress of its groups, the steps of the bar."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.language import rhythm
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhythm import STEPS, Syllable, TimedLine, line_syllables, place_line_in_bars, place_syllables
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import blank_adlibs

TABLE = Pronunciations()


def bar(text: str, beat: int = 4) -> TimedLine:
    return place_line_in_bars(text, scan_line(text, TABLE), beat)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [  # | between syllables, capitals where they are stressed
        ("J'reviens du ghetto, la rue", "j're|VIENS |du |ghet|TO, |la |RUE"),
        ("Quatre murs, regarde-moi", "qua|tre |MURS, |re|gar|de|-MOI"),  # two e's that a cluster keeps
        ("La tête dans les nuages (ouais)", "la |TÊTE |dans |les |NUAGES        "),
        ("Y a pas de chance", "y a |pas |de |CHANCE"),
        ("C'est quatre", "c'est |QUATRE"),
        ("Quatre de plus", "QUA|tre |de |PLUS"),  # an e that sounds bears no stress
        ("Prends-le", "prends|-LE"),  # but that of a word of its own
    ],
)
def test_syllables_have_their_letters_and_groups_their_stress(text: str, syllables: str) -> None:
    cut = line_syllables(text, scan_line(text, TABLE))
    assert "|".join(each.text.upper() if each.stressed else each.text.lower() for each in cut) == syllables
    assert [each.rhymes for each in cut] == [False] * (len(cut) - 1) + [True]


@pytest.mark.parametrize(("text", "step"), [("Je rentre à la maison", 12), ("Ouais", 12), ("La nuit", 12)])
def test_the_rhyme_falls_on_the_fourth_beat(text: str, step: int) -> None:
    assert bar(text).rhyme_position() == step
    assert bar(text, beat=3).rhyme_position() == 8


def test_stresses_fall_on_beats_and_a_pause_is_a_rest() -> None:
    placed = bar("J'y vais, dit-elle, la nuit")
    steps = {each.text.strip(): step for each, step in zip(placed.syllables, placed.steps, strict=True)}
    assert [steps[word] for word in ("vais,", "-elle,", "nuit")] == [4, 8, 12]
    assert steps["dit"] - steps["vais,"] >= 2
    assert bar("viens, dors là").steps == (8, 10, 12)  # amid a group sooner between two beats than far from its next
    assert placed.fits_beat(4)


def test_what_does_not_fit_is_said() -> None:
    assert not bar("Je rentre à la maison").fits_beat(3)
    long = bar("Tu sais que j'ai pas l'temps pour tes histoires de mythomane, la vérité c'est dans mon âme")
    assert not long.fits_beat(4)  # 22 syllables: some share a step
    assert long.rhyme_position() == 12
    assert bar("la nuit " * 15).bars == 2
    assert bar("…") == TimedLine((), (), 1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["la", "nuit", "quatre", "j'", "regarde-moi,", "20", "%", "!", "(ouais)", "amour", "-je", "y"]),
        max_size=20,
    )
)
def test_no_letter_is_lost_and_time_goes_on(words: list[str]) -> None:
    text = " ".join(words)
    placed, line = bar(text), scan_line(text, TABLE)
    assert len(placed.syllables) == line.syllables.spoken
    assert all(a < b for a, b in pairwise(placed.steps))
    assert all(0 <= step < STEPS * placed.bars for step in placed.steps)
    letters = "".join(each.text for each in placed.syllables).replace("·", "")
    if placed.syllables:
        assert "".join(letters.split()) in "".join(blank_adlibs(text).split())


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=3), st.integers(1, 4))
@settings(max_examples=20)
def test_the_placing_is_the_cheapest_of_all(flags: list[tuple[bool, bool]], beat: int) -> None:
    """Against every ascending choice of steps, with gaps of at most twelve."""
    last = len(flags) - 1
    syllables = tuple(
        Syllable("a", stress or at == last, group, group, at == last) for at, (stress, group) in enumerate(flags)
    )
    target = rhythm.BEAT * (beat - 1)
    whole = last <= target and STEPS - target >= 1
    parts = 1 if whole else 2

    def cost(steps: tuple[float, ...]) -> float:
        own = sum(
            rhythm._placement_cost(syllable, step, target) for syllable, step in zip(syllables, steps, strict=True)
        )
        gaps = sum(rhythm._distance_cost(a, y - x) for a, (x, y) in zip(syllables, pairwise(steps), strict=False))
        return own + gaps + 0.02 * steps[0]

    every = combinations([number / parts for number in range(STEPS * parts)], len(syllables))
    least = min(cost(steps) for steps in every if all(b - a <= 12 for a, b in pairwise(steps)))
    assert cost(place_syllables(syllables, 1, beat)) == pytest.approx(least)


def syllables_of(stresses: str, pauses: str = "") -> tuple[Syllable, ...]:
    """A line by its stresses ("-/--/"): each ends its group, and the last rhymes; `pauses` follow the marked ones."""
    last = len(stresses) - 1
    return tuple(
        Syllable("a", mark == "/", mark == "/", pauses[at : at + 1] == "|", at == last)
        for at, mark in enumerate(stresses)
    )


@pytest.mark.parametrize(
    ("stresses", "pauses", "steps"),
    [  # counted by hand: the rhyme on 12; sixteenths within a group; groups may wait an eighth more, pauses a beat
        ("/", "", (12,)),
        ("-/", "", (11, 12)),
        ("---/", "", (9, 10, 11, 12)),
        ("--/-/", "", (6, 7, 8, 11, 12)),
        ("/--/", "|", (8, 10, 11, 12)),
        ("/-/", "|", (8, 11, 12)),
        ("/" + "-" * 11 + "/", "", (0, *range(1, 12), 12)),
    ],
)
def test_places_counted_by_hand(stresses: str, pauses: str, steps: tuple[int, ...]) -> None:
    assert place_syllables(syllables_of(stresses, pauses)) == steps


def test_where_a_syllable_costs_least() -> None:
    """A stress is wanted on a beat, then on an eighth, a sixteenth, least between two; the rhyme at its step."""
    rhyme, stressed, other = (Syllable("a", n < 2, n < 2, False, n == 0) for n in range(3))

    def cost(syllable: Syllable, step: float) -> float:
        return rhythm._placement_cost(syllable, step, 12)

    for beat in (0, 4, 8, 12):
        assert (
            cost(stressed, beat) == 0 < cost(stressed, beat + 2) < cost(stressed, beat + 1) == cost(stressed, beat + 3)
        )
        assert cost(stressed, beat + 3) < cost(stressed, beat + 0.5) == cost(stressed, beat + 2.5)
        assert cost(other, beat + 1) == cost(other, beat + 2) == cost(other, beat + 3) == 0 < cost(other, beat)
        assert cost(other, beat) < cost(other, beat + 0.5) < cost(stressed, beat + 0.5)
    assert cost(rhyme, 12) == 0
    assert cost(rhyme, 13) == cost(rhyme, 11) > cost(stressed, 11.5), "sooner all else than the rhyme elsewhere"
    assert [cost(rhyme, 12 + n) - cost(rhyme, 11 + n) for n in (2, 3)] == [1, 1]


def test_how_long_a_syllable_lasts() -> None:
    """A sixteenth or an eighth; at the end of a group up to three, before a pause two to four."""
    within, group, pause = (Syllable("a", False, ends, rests, False) for ends, rests in ((0, 0), (1, 0), (1, 1)))
    free = {name: [gap for gap in range(1, 7) if rhythm._distance_cost(each, gap) < 0.5] for name, each in
            (("within", within), ("group", group), ("pause", pause))}  # fmt: skip
    assert free == {"within": [1, 2], "group": [1, 2, 3], "pause": [2, 3, 4]}
    assert rhythm._distance_cost(group, 1) == rhythm._distance_cost(group, 3) == rhythm._distance_cost(pause, 2) == 0
    assert rhythm._distance_cost(within, 1) == 0 < rhythm._distance_cost(within, 2), "a group is sooner said together"
    for each in (within, group, pause):
        costs = [rhythm._distance_cost(each, gap) for gap in range(4, 9)]
        assert costs == sorted(costs)
        assert costs[-1] > costs[1], "and ever worse"
    assert rhythm._distance_cost(within, 0.5) == rhythm._distance_cost(group, 0.5) > rhythm._distance_cost(within, 2)


@pytest.mark.parametrize(("count", "bars"), [(1, 1), (24, 1), (25, 2), (56, 2), (57, 3), (88, 3), (89, 4)])
def test_lines_of_more_syllables_take_more_bars(count: int, bars: int) -> None:
    placed = bar("la " * count)
    assert placed.bars == bars
    assert placed.rhyme_position() == STEPS * (bars - 1) + 12


def test_half_steps_only_where_there_is_no_room() -> None:
    """Thirteen syllables fit steps 0 to 12, one more does not; after the rhyme on the first beat there are fifteen."""
    for before, whole in ((12, True), (13, False)):
        steps = place_syllables(syllables_of("-" * before + "/"))
        assert all(step == int(step) for step in steps) is whole
        assert steps[-1] == 12
    after = [(*syllables_of("/"), *(each._replace(rhymes=False) for each in syllables_of("-" * n))) for n in (15, 16)]
    assert place_syllables(after[0], beat=1) == tuple(range(16))
    assert place_syllables(after[1], beat=1)[0] == 0
    assert any(step != int(step) for step in place_syllables(after[1], beat=1))


@pytest.mark.parametrize(
    ("steps", "bars", "beat", "fits"),
    [((10, 12), 1, 4, True), ((11, 12), 1, 4, False), ((10, 12), 2, 4, False), ((10, 12), 1, 3, False),
     ((6, 8), 1, 3, True), ((10.5, 12), 1, 4, False), ((0, 0), 1, 1, True)],
)  # fmt: skip
def test_what_fits_a_beat(steps: tuple[float, ...], bars: int, beat: int, fits: bool) -> None:
    assert TimedLine(syllables_of("//"), steps, bars).fits_beat(beat) is fits
