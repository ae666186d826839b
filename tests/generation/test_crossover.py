"""Couplets whose lines begin as two lines of a stanza and end as two of another that rhyme."""

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest

from pipeline.analysis.words.word_classes import function_words
from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.constraints import Constraints
from pipeline.generation.context import ContextBatch
from pipeline.generation.lyric import WriteSettings
from pipeline.generation.search import constraint_index, continuity, crossed_couplet, crossover_index
from pipeline.generation.search.crossover import Couplet
from pipeline.generation.search.joints import LineBeginning, LineEnd, suits_end
from pipeline.generation.writing import write_lyric
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import SONG
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.splits import song_texts
from pipeline.language_models.units import UNITS
from tests.corpora import make_corpus
from tests.generation.fakes import FakeRun, index_of, run_of

STANZAS = (
    ("Elle garde une photo dans le tiroir du bas,", "Sa mère la regarde avec des yeux de chat."),
    ("J'ai retrouvé les clés dans la poche du manteau,", "Le chien attend dehors avec un vieux chapeau."),
    ("Mon frère a mis le pain dans la caisse de bois,", "Il compte ses amis avec le bout des doigts."),
    ("On mange des tartines, il regarde la mer,", "On boit du café, il a peur de l'hiver."),
    ("La voisine a chanté, il a fermé la porte,", "Le facteur a souri, il voit la feuille morte."),
    ("Ma mère prépare la soupe sans faire de bruit,", "Mon père coupe le pain pendant toute la nuit."),
    ("Les voisins marchent vite avant de sortir,", "Je lave les fenêtres pour me rendormir."),
)


def corpus_of(name, stanzas):
    sections = [Section("couplet", tuple(map(Line, stanza))) for stanza in stanzas]
    return make_corpus(name, [Song(str(number), "A", (section,)) for number, section in enumerate(sections)])


CORPUS = corpus_of("stanzas", STANZAS)
LINES = [line for stanza in STANZAS for line in stanza]


def build(corpus):
    vocabulary = UNITS["subword"].vocabulary(song_texts(corpus), minimum=1)
    spec = NetworkSpec(cell="gru", units=16, layers=1, embedding=8, tied=False, vocabulary_size=len(vocabulary))
    weights = [np.random.default_rng(0).normal(0, 0.3, shape) for shape in spec.shapes()]
    run = FakeRun(vocabulary, NetworkModel(network_from_weights(spec, weights)), corpus_name=corpus.name)
    with patch.object(crossover_index, "ENOUGH_CIRCUMSTANCES", 0):  # it is lent nothing
        made = constraint_index.build_constraint_index(run, corpus)
    return replace(made, common=frozenset())  # each begins often here


@cache
def index():
    return build(CORPUS)


def draw(richness="pauvre", syllables=((6, 16), (6, 16)), theme=(), seeds=range(12)):
    """What several draws give: each is from a part of the ends."""
    draws = (index().crossovers.couplets(np.random.default_rng(n), richness, syllables, 50, theme) for n in seeds)
    return [couplet for couplets in draws for couplet in couplets]


def test_a_line_begins_as_one_line_and_ends_as_another_with_five_words_of_each_at_most() -> None:
    couplets = draw()
    assert couplets
    for couplet in couplets:
        for text, begun, ended in zip(couplet[:2], couplet.rows[:2], couplet.rows[2:], strict=True):
            words, before, after = tokenise(text), tokenise(LINES[begun]), tokenise(LINES[ended])
            cuts = [
                at
                for at in range(2, len(words))
                if words[:at] == before[:at] and words[at:] == after[at - len(words) :]
            ]
            assert cuts
            assert begun != ended
            assert index().spans.longest_length(words) <= 5


def test_both_beginnings_are_of_one_stanza_and_both_ends_of_another() -> None:
    for couplet in draw():
        (begun, ended) = ({row // 2 for row in rows} for rows in (couplet.rows[:2], couplet.rows[2:]))
        assert len(begun) == len(ended) == 1
        assert begun != ended


def test_couplets_rhyme_as_richly_as_is_asked_for() -> None:
    ends = {tuple(tokenise(line)[-1] for line in couplet[:2]) for couplet in draw()}
    rich = {tuple(tokenise(line)[-1] for line in couplet[:2]) for couplet in draw(richness="riche")}
    assert {("bois", "doigts"), ("porte", "morte")} <= ends
    assert ("porte", "morte") in rich
    assert ("bois", "doigts") not in rich


def test_what_is_drawn_has_the_length_and_nothing_is_drawn_for_another() -> None:
    assert draw(syllables=((11, 13), (6, 16)))
    assert draw(syllables=((2, 3), (6, 16))) == []


def test_the_same_seed_draws_the_same_and_a_theme_comes_more_often() -> None:
    assert draw() == draw()
    assert any("manteau" in couplet.first for couplet in draw(theme=["manteau"]))


def test_a_clause_after_a_comma_keeps_its_comma() -> None:
    lines = [line for couplet in draw() for line in couplet[:2] if " il " in line]
    assert lines
    assert all(", il " in line for line in lines)


def test_any_circumstance_stands_for_another() -> None:
    couplets = draw()
    firsts = [couplet.first for couplet in couplets]
    assert "Ma mère prépare la soupe avant de sortir," not in firsts  # its second line would end "pour me rendormir"
    assert any(couplet.first == "Les voisins marchent vite sans faire de bruit," for couplet in couplets)
    ends = {index().crossovers.joint(row, place) for each in couplets for row, place in zip(*each[2:], strict=True)}
    assert ("circumstance", ()) in ends


@pytest.mark.parametrize(
    ("beginning", "end", "goes"),
    [
        ("Les voisins parlent fort", "sans faire de bruit", False),
        ("Les voisins dorment", "sans faire de bruit", True),
        ("Je ferme les fenêtres", "pendant toute la nuit", False),
        ("Je lave les fenêtres", "pendant toute la nuit", True),
        ("Je chante une berceuse", "en mangeant des tartines", False),
        ("Tu restes à la porte", "en rentrant de l'école", False),
        ("Il épouse la voisine", "tous les dimanches soir", False),
    ],
)
def test_a_circumstance_does_not_deny_what_is_done(beginning: str, end: str, goes: bool) -> None:
    assert suits_end(LineBeginning.of(beginning), LineEnd.of(end, beginning)) is goes


def test_songs_with_few_circumstances_are_lent_those_that_they_have_the_words_of_and_rhyme_on() -> None:
    couplets = [
        "Elle range sa capuche. Dehors passe un vélo,", "Elle compte la monnaie : personne sous la nuit,",
        "J'ai le moral en berne, la vie toute entière", "On fait un bœuf pendant de travers, pas de bruit.",
        "Sans doute. Elle est malade, elle veut le faire", "Marche encore, avant, malgré les autres",
    ]  # fmt: skip
    songs = make_corpus("songs", [Song("a", "A", (Section("couplet", tuple(map(Line, couplets))),))])
    run = FakeRun(UNITS["subword"].vocabulary(song_texts(songs), minimum=1), index().model, corpus_name="songs")
    crossed = constraint_index.build_constraint_index(run, songs).crossovers
    drawn = crossed.couplets(np.random.default_rng(0), "pauvre", ((8, 14), (8, 14)), 50)
    lines = {line for couplet in drawn for line in couplet[:2]}
    assert {"Elle range sa capuche toute la nuit", "Elle compte la monnaie sans faire de bruit"} <= lines
    assert not any(word in line for line in lines for word in ("berne", "malade", "On reste", "vélo", "personne"))


def test_a_corpus_without_joints_has_no_such_couplets() -> None:
    plain = make_corpus("plain", [Song("a", "A", (Section("couplet", (Line("Marche encore"), Line("Rêve alors"))),))])
    vocabulary = UNITS["subword"].vocabulary(song_texts(plain), minimum=1)
    made = constraint_index.build_constraint_index(FakeRun(vocabulary, index().model, corpus_name="plain"), plain)
    assert made.crossovers.couplets(np.random.default_rng(0), "pauvre", ((1, 20), (1, 20)), 5) == []


def test_songs_that_are_lent_ends_and_have_no_clause_have_no_such_couplets() -> None:
    lines = ("Sans faire de bruit", "Toute la nuit", "Pendant la nuit", "Malgré le bruit", "De la rue")
    songs = make_corpus("names", [Song("a", "A", (Section("couplet", tuple(map(Line, lines))),))])
    vocabulary = UNITS["subword"].vocabulary(song_texts(songs), minimum=1)
    made = constraint_index.build_constraint_index(FakeRun(vocabulary, index().model, corpus_name="names"), songs)
    assert len(made.crossovers.texts) > len(lines)
    assert made.crossovers.couplets(np.random.default_rng(0), "pauvre", ((1, 20), (1, 20)), 5) == []


def settings(lines=2, scheme="AA", **others):
    constraints = Constraints(scheme=scheme, richness="pauvre", syllables=11, tolerance=4)
    return WriteSettings(lines=lines, constraints=constraints, **others)


def test_two_lines_that_rhyme_are_crossed_and_meet_what_is_asked() -> None:
    lyric = write_lyric(run_of(index()), "", settings(), 1)
    assert all(not line.violations and line.copied.words <= 5 and not line.after for line in lyric.lines)
    assert lyric == write_lyric(run_of(index()), "", settings(), 1)


SCENES = (
    ("Ma mère prépare la soupe sans faire de bruit,", "Mon père coupe le pain pendant toute la nuit."),
    ("Ma sœur range les verres avant de partir,", "Mon frère lave les bols pour se rendormir."),
    ("Les voisins dansent en rond en sortant de l'école,", "Le facteur chante fort sans dire une parole."),
    ("Un gamin lance des pierres avant la fin du jour,", "La voisine lave la cour sans faire de discours."),
)


def test_a_song_goes_on_with_the_scene_that_it_began(monkeypatch) -> None:
    monkeypatch.setattr(continuity, "MIN_BEGINNINGS", 1)
    stanzas = [(*SCENES[at], *SCENES[at + 1]) for at in (0, 2)]
    made = build(corpus_of("scenes", stanzas))
    for seed in range(4):
        lines = write_lyric(run_of(made), "", settings(lines=4, scheme="AABB"), seed).text.splitlines()
        begun = [
            [text[:8] for text in stanza].index(line[:8])
            for line in lines
            for stanza in stanzas
            if any(text[:8] == line[:8] for text in stanza)
        ]
        assert begun == [0, 1, 2, 3]


def test_a_couplet_after_a_verse_names_it_and_has_half_of_its_content_at_most() -> None:
    lyric = write_lyric(run_of(index()), "", settings(after_verse=True), 2)
    assert all(line.after in LINES for line in lyric.lines)
    content = [word for line in lyric.lines for word in tokenise(line.text) if word not in function_words()]
    source = {word for line in lyric.lines for word in tokenise(line.after)}
    assert 2 * len(source.intersection(content)) <= len(set(content))


@pytest.mark.parametrize(
    ("first", "second", "stanza"),
    [
        ("Le chien garde une porte rouge,", "Le chat dort.", 0),
        ("Le chien garde un manteau rouge,", "La porte dort dehors.", 1),
    ],
)
def test_a_couplet_is_after_the_verse_that_it_has_most_words_of(first, second, stanza) -> None:
    couplet = Couplet(first, second, (0, 1, 2, 3), (0, 0, 0, 0))
    assert crossed_couplet._source_lines(couplet, index()) == STANZAS[stanza]


def test_a_circumstance_is_worth_what_the_judge_gives_it(monkeypatch) -> None:
    joint = index().crossovers.joint
    couplet = next(each for each in draw(seeds=range(2)) if joint(each.rows[2], each.places[2])[0] == "circumstance")
    marks = []
    for mark in (-1, 0):
        monkeypatch.setattr(crossed_couplet, "judged_mark", lambda *_, mark=mark: mark)
        marks.append(crossed_couplet._joint_marks(couplet, index()))
    assert marks[0] < marks[1]


@pytest.mark.parametrize("level", ["word", "char"])
def test_other_units_write_as_they_did(level) -> None:
    assert index_of(level).crossovers is None


def test_rows_read_together_as_they_do_one_after_another() -> None:
    model = index().model
    scores, state = model.step([SONG], model.initial_state())
    rows = ContextBatch(model, scores, state).select([0, 0])
    together = rows.token_log_probabilities([[5, 6, 7], [8]])
    alone = rows.select([0]).advance([[5, 6, 7]])[1]
    assert [len(log_p) for log_p in together] == [3, 1]
    assert together[0].sum() == pytest.approx(alone[0], abs=1e-4)


def test_lines_that_rhyme_further_apart_are_crossed_too() -> None:
    stanza = replace(
        settings(), lines=4, constraints=Constraints(scheme="ABAB", richness="pauvre", syllables=11, tolerance=4)
    )
    lines = [line.text for seed in range(6) for line in write_lyric(run_of(index()), "", stanza, seed).lines]
    beginnings = {" ".join(tokenise(line)[:2]) for line in LINES}
    assert sum(" ".join(tokenise(line)[:2]) in beginnings for line in lines) > len(lines) / 3


def test_a_seed_that_is_a_whole_clause_begins_a_crossed_couplet() -> None:
    couplets = [
        couplet
        for n in range(6)
        for couplet in index().crossovers.couplets(
            np.random.default_rng(n), "pauvre", ((6, 16), (6, 16)), 50, seed="On a monté"
        )
    ]
    assert any(couplet.first == "On a monté sans faire de bruit," for couplet in couplets)
    assert all(couplet.first.startswith("On a monté ") for couplet in couplets)


def test_a_line_that_rhymes_further_on_names_its_source_too() -> None:
    constraints = Constraints(scheme="ABAB", richness="pauvre", syllables=11, tolerance=4)
    asked = WriteSettings(lines=4, constraints=constraints, after_verse=True)
    texts = [write_lyric(run_of(index()), "", asked, seed).lines for seed in range(8)]
    crossed = [lines for lines in texts if lines[0].after]
    assert crossed
    assert all(lines[2].after in LINES for lines in crossed)
